"""What a value in a configuration may be: each function gives it its shape or raises Wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import TypeVar

from monitor.watchlist.table import Wrong, did_you_mean, kind, shown

W = TypeVar("W", bound=str)

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
# Names that Windows keeps for devices: an archive must survive being copied there.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{digit}" for name in ("com", "lpt") for digit in range(10))}
)
_PART = re.compile(r"([0-9]{1,5}) ?(weeks?|w|days?|d|hours?|h|minutes?|min|m|seconds?|s)(?: |$)?")
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LANGUAGES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
    "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
    "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
    "rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)


def text(value: object, *, longest: int = 200) -> str:
    """One line of text, trimmed, not empty."""
    if not isinstance(value, str):
        raise Wrong(f"expected text, found {kind(value)}", 'text stands in quotes: "…"')
    if not value.isprintable():
        raise Wrong("holds a line break or another character that cannot be printed")
    if not value.strip():
        raise Wrong("is empty")
    if len(value) > longest:
        raise Wrong(f"is longer than {longest} characters")
    return value.strip()


def identifier(value: object) -> str:
    """An id: it becomes a folder's name and part of addresses."""
    name = text(value)
    if not _IDENTIFIER.fullmatch(name):
        lower = re.sub(r"[^a-z0-9]+", "-", name.lower())[:63].strip("-")
        hint = f'for example "{lower}"' if lower else ""
        raise Wrong(f"{shown(name)} is no id: a to z, 0 to 9 and hyphens, at most 63, no hyphen first", hint)
    if name in _DEVICES:
        raise Wrong(f"{shown(name)} is a device's name on Windows", f'for example "{name}-1"')
    return name


def document_kind(value: object, known: Collection[str]) -> str:
    """A kind of document; new kinds are possible, near misses of a known one are not."""
    name = identifier(value)
    if name not in known and (hint := did_you_mean(name, [*known])):
        raise Wrong(f"{shown(name)} is no kind of document that is known", hint)
    return name


def one_of(words: tuple[W, ...]) -> Callable[[object], W]:
    """A converter that accepts these words."""

    def convert(value: object) -> W:
        written = text(value)
        for word in words:
            if word == written:
                return word
        hint = did_you_mean(written, list(words)) or f"one of {', '.join(words)}"
        raise Wrong(f"{shown(written)} is not possible here", hint)

    return convert


def duration(
    *, shortest: timedelta = timedelta(0), longest: timedelta = timedelta(days=366)
) -> Callable[[object], timedelta]:
    """A converter for lengths of time such as "12h" or "1d 6h"."""

    def convert(value: object) -> timedelta:
        length = _duration(text(value, longest=50)) if isinstance(value, str) else None
        if length is None:
            what = shown(value) if isinstance(value, str) else kind(value)
            raise Wrong(f"{what} is no length of time", 'for example "12h", "1d" or "2w"')
        if length < shortest:
            raise Wrong(f"{shown(str(value))} is too short", f"at least {spell(shortest)}")
        if length > longest:
            raise Wrong(f"{shown(str(value))} is too long", f"at most {spell(longest)}")
        return length

    return convert


def spell(length: timedelta) -> str:
    """A length of time as it is written in a configuration."""
    seconds = int(length.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def _duration(written: str) -> timedelta | None:
    position = seconds = 0
    written = written.strip().lower()
    while position < len(written):
        part = _PART.match(written, position)
        if not part:
            return None
        seconds += int(part.group(1)) * _SECONDS[part.group(2)[0]]
        position = part.end()
    return timedelta(seconds=seconds) if written else None


def number(smallest: int, largest: int) -> Callable[[object], int]:
    """A converter for whole numbers within bounds."""

    def convert(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(f"expected a whole number, found {'a fraction' if isinstance(value, float) else kind(value)}")
        if not smallest <= value <= largest:
            raise Wrong(f"{value if abs(value) < 10**9 else 'the number'} is not within {smallest} and {largest}")
        return value

    return convert


def language(value: object) -> str:
    """An ISO 639-1 code."""
    code = text(value)
    known = _LANGUAGES.split()
    if code not in known:
        plain = code.lower()[:2]
        hint = f'"{plain}"?' if plain in known else ""
        raise Wrong(f"{shown(code)} is no language code of two letters", hint or 'for example "en"')
    return code


def robots(value: object) -> str:
    """The reason in ``ignore: REASON``."""
    written = text(value, longest=300)
    word, colon, reason = written.partition(":")
    if word.strip() != "ignore" or not colon or not reason.strip():
        raise Wrong("needs a reason that the report will show", 'robots = "ignore: the reason"')
    return reason.strip()
