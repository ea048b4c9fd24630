"""Addresses at which a vendor's document may be: links of a page, usual paths, entries of a sitemap; best first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit

from monitor.discover.words import KindWords, fold, says, words
from monitor.text.links import clean_url
from monitor.watchlist.address import same_url, url
from monitor.watchlist.table import Wrong

_LARGEST = 5_000_000  # characters of a page or sitemap that are looked at
_MOST = 2_000  # links of a page
# A tokenizer instead of a parser: linear on hostile pages, and only anchors matter. Bounded, so never quadratic.
_ANCHOR = re.compile(
    r"<a\s([^<>]{1,4000})>([^<]{0,300}(?:<(?!/?a[\s>])[^<>]{0,2000}>[^<]{0,300}){0,12})", re.IGNORECASE
)
_HREF = re.compile(r"""\bhref\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LABEL = re.compile(r"""\b(?:aria-label|title)\s?=\s?(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LOCATION = re.compile(r"<loc>([^<]{1,2000})</loc>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address to try. ``hub``: it will rather list documents than be one."""

    url: str
    score: int
    why: str
    hub: bool = False


def from_links(page: str, base: str, kind: str) -> tuple[Candidate, ...]:
    """The links of a page that may lead to a document of that kind, best first, each address once."""
    known = words().kinds.get(kind) or KindWords((kind.replace("-", " "),), (), (f"/{kind}",))
    return _best(_rate(address, label, known, base) for address, label in _links(page, base))


def well_known(base: str, kind: str) -> tuple[Candidate, ...]:
    """Where documents of that kind usually lie on the host of ``base``."""
    known = words().kinds.get(kind) or KindWords((), (), (f"/{kind}", f"/legal/{kind}"))
    return tuple(Candidate(urljoin(base, path), 1, "a usual place") for path in known.path)


def from_sitemap(sitemap: str, base: str, kind: str) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """What a sitemap says: candidates, and further sitemaps that are worth reading."""
    places = [html.unescape(found.strip()) for found in _LOCATION.findall(sitemap[:_LARGEST])[:50_000]]
    if "<sitemapindex" in sitemap[:2_000].lower():
        parts = [place for place in places if _possible(place) and says(fold(_path(place)), words().sitemap_part)]
        return (), tuple(parts[:3])
    known = words().kinds.get(kind) or KindWords((kind.replace("-", " "),), (), ())
    return _best(_rate(place, "", known, base) for place in places if _possible(place)), ()


def _links(page: str, base: str) -> Iterable[tuple[str, str]]:
    """Addresses and labels of a page's anchors."""
    for count, match in enumerate(_ANCHOR.finditer(page[:_LARGEST])):
        if count >= _MOST:
            return
        href = _HREF.search(match.group(1))
        if href is None:
            continue
        try:
            address = urljoin(base, html.unescape(next(filter(None, href.groups()), "")).strip())
        except ValueError:
            continue
        label = html.unescape(_TAG.sub(" ", match.group(2)))
        if not label.strip() and (named := _LABEL.search(match.group(1))):
            label = html.unescape(named.group(1) or named.group(2) or "")
        if _possible(address):
            yield _without_anchor(clean_url(address)), " ".join(label.split())[:200]


def _without_anchor(address: str) -> str:
    """The address without a place within its page; ``#/…`` is a page of its own to scripts."""
    base, _, fragment = address.partition("#")
    return address if "/" in fragment else base


def _possible(address: str) -> bool:
    try:
        return bool(url(address))
    except Wrong:
        return False


def _rate(address: str, label: str, known: KindWords, base: str) -> Candidate | None:
    said, path = fold(label), fold(_path(address))
    score = _weigh(said, known, name=14, hint=5) + _weigh(path, known, name=9, hint=4)
    if not score and (says(said, words().hub) or says(path, words().hub)):
        return Candidate(address, 1, f"lists documents: {label or _path(address)}", hub=True)
    away = _about_others(known)
    if says(said, away) or says(path, away):
        score //= 4
    score -= len(said.split()) > 8  # a sentence rather than a name
    score += _host(address) == _host(base)
    if score <= 1:
        return None
    return Candidate(address, score, f"linked as {label!r}" if label else "its address says so")


@cache
def _about_others(known: KindWords) -> tuple[str, ...]:
    """Words that lead elsewhere, but for those by which this kind itself is called."""
    return tuple(word for word in words().away if not any(says(own, (word,)) for own in (*known.name, *known.hint)))


def _weigh(text: str, known: KindWords, *, name: int, hint: int) -> int:
    return name if says(text, known.name) else hint if says(text, known.hint) else 0


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path} {parts.query}"


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _best(rated: Iterable[Candidate | None]) -> tuple[Candidate, ...]:
    """Each address once, with its best score; among equals the shortest path, then the order of the page."""
    best: dict[str, Candidate] = {}
    for candidate in rated:
        if candidate is None:
            continue
        key = same_url(candidate.url)
        if key not in best or candidate.score > best[key].score:
            best[key] = candidate
    return tuple(
        sorted(best.values(), key=lambda candidate: (-candidate.score, len(fold(_path(candidate.url)).split())))
    )
