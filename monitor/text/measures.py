"""What a verdict is judged by: words, markers of a policy, how much of the version before is left, links, redirects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.model import Page
from monitor.text import language
from monitor.text.dates import stated_dates
from monitor.text.html import HtmlText
from monitor.text.signatures import knowledge

_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,3000}\)")
_WORD = re.compile(r"\w+")
_ENDS = (". ", ".\n", "。")
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:index\.\w{2,5}|home|default\.aspx?)?/?", re.IGNORECASE)
_SHINGLE = 4
# Which lists of markers a kind of document is judged by; "privacy-policy" is what people leave standing for terms, too.
_GROUPS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("privacy-policy", "cookies", "childrens-privacy", "health-privacy", "state-privacy"), ("privacy", "terms")
    ),
    **dict.fromkeys(("terms", "acceptable-use", "community-guidelines"), ("terms",)),
}
_ENOUGH = 12  # markers; nothing asks for more
_FEW = 3
_MANY = 8  # markers; the text is plainly such a policy
SPAM_PHRASES = 3
_SPAM_TIMES = 5


@dataclass(frozen=True, slots=True)
class Measures:
    """What a verdict is judged by, besides signatures."""

    words: int
    markers: int | None  # how many different phrases of such a policy it holds; None: its language has no list
    kept: float | None = None  # share of the version before that is still there; None without one
    known: float = 0.0  # share of this text that stood in the version before
    before_words: int = 0
    link_share: float = 0.0  # share of the words that are links
    sentences: int = 0
    newer: bool = False  # it states a later date than the version before
    bare: bool = False  # no web page but a file of text, which somebody chose
    shell: bool = False  # hardly any words, but scripts
    moved_home: bool = False  # a redirect from a deeper address to the site's front page
    spam: tuple[str, ...] = ()  # phrases of advertising that the version before had not
    language: str = ""
    before_language: str = ""


def measure(text: str, pages: Sequence[Page], html: Sequence[HtmlText], *, previous: str | None, kind: str) -> Measures:
    """The measures of a normalised text."""
    tongue = language.detect(text)
    kept, known = overlap(previous, text) if previous else (None, 0.0)
    lower = text.lower()
    tokens = lower.split()
    words = count(text, len(tokens))
    return Measures(
        words=words,
        markers=markers(lower, kind, tongue),
        kept=kept,
        known=known,
        before_words=count(previous) if previous else 0,
        link_share=sum(count(match.group(1)) for match in _LINK.finditer(text)) / max(1, words),
        sentences=sum(map(text.count, _ENDS)),
        bare=bool(pages) and not html,
        shell=bool(html) and all(page.shell for page in html),
        moved_home=any(_moved_home(page) for page in pages),
        spam=_spam(lower, tokens, previous or ""),
        newer=bool(previous) and _newer(previous or "", text),
        language=tongue,
        before_language=language.detect(previous) if previous else "",
    )


def _spam(lower: str, tokens: Sequence[str], previous: str) -> tuple[str, ...]:
    """Advertising that the version before had not; a word that comes again and again counts as often as it takes."""
    known = knowledge()
    if known.spam_words.isdisjoint(tokens):
        return ()
    often = [word for word in known.spam_often if lower.count(word) >= _SPAM_TIMES]
    found = [phrase for phrase in known.spam if phrase in lower] + often * SPAM_PHRASES
    before = previous.lower() if found else ""
    return tuple(phrase for phrase in found if phrase not in before)


def markers(lower: str, kind: str, tongue: str) -> int | None:
    """How many phrases of such a policy stand in the lower-case text, up to 12.

    None when there is no list for the language, or for the kind: a table of subprocessors says little.
    """
    groups = _GROUPS.get(kind)
    if groups is None:
        return None
    known = knowledge().markers
    key = lower.replace("’", "'")
    best: int | None = None
    for group in groups:
        phrases = known[group].get(tongue)
        if phrases and (best is None or best < _MANY):
            best = max(best or 0, _holding(key, phrases))
    if best is not None and best < _FEW:  # tables of cookies in one language inside a text in another
        best = max(_holding(key, phrases) for phrases in known["privacy"].values())
    return best


def _holding(key: str, phrases: Sequence[str]) -> int:
    found = 0
    for phrase in phrases:
        found += phrase in key
        if found == _ENOUGH:
            break
    return found


def overlap(before: str, after: str) -> tuple[float, float]:
    """Share of the first text's word sequences that stand in the second, and the other way round."""
    if before == after:
        return 1.0, 1.0
    old, new = _shingles(before), _shingles(after)
    if not old or not new:
        return (1.0, 1.0) if old == new else (0.0, 0.0)
    common = len(old & new)
    return common / len(old), common / len(new)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    if len(words) < _SHINGLE:
        return {tuple(words)} if words else set()
    return set(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


def _moved_home(page: Page) -> bool:
    """Whether a redirect led from a deeper address to a front page."""
    if not page.final_url or not page.url or page.final_url == page.url:
        return False
    try:
        asked, given = urlsplit(page.url), urlsplit(page.final_url)
    except ValueError:
        return False
    return not _HOME.fullmatch(asked.path) and bool(_HOME.fullmatch(given.path)) and not given.query


def _newer(before: str, after: str) -> bool:
    """Whether the text states a later date of itself."""
    old, new = stated_dates(before), stated_dates(after)
    return any(was and now and now > was for was, now in ((old.updated, new.updated), (old.effective, new.effective)))


def count(text: str, tokens: int | None = None) -> int:
    """How many words a text has; a character of a script without spaces counts as half a word.

    ``tokens`` is how many parts white space makes of it, when that is known.
    """
    words = len(text.split()) if tokens is None else tokens
    return words if text.isascii() else max(words, (len(text.encode("utf-8", "replace")) - len(text)) // 4)
