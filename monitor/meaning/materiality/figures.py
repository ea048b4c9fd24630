"""Numbers, dates and addresses among the words of a clause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from monitor.meaning.materiality.lexicon import lexicon, stem

_NUMERIC_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年\d{1,2}月(?:\d{1,2}日)?")
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_EMAIL = re.compile(r"[\w.+%-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,5}")
_PLACE = re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?")  # "as 4.2 says"
_MEASURES = frozenset(("%", "percent", "million", "billion", "euros", "dollars", "eur", "usd", "gbp", "pounds"))
_SCALES = frozenset(("+", "million", "billion", "thousand", "k", "m", "bn"))
UNITS = {form: unit for unit in ("minute", "hour", "day", "week", "month", "year") for form in (unit, f"{unit}s")}
_AMBIGUOUS = frozenset(("may", "march", "mar"))  # months only when a year is near
_COUNTED_FROM = 20  # "our 842 partners" ticks up by itself, "under 18 users" is an age


def dates(words: Sequence[str]) -> frozenset[int]:
    """Places of the words that belong to a date."""
    lex = lexicon()
    found: set[int] = set()
    for n, word in enumerate(words):
        if _NUMERIC_DATE.fullmatch(word):
            found.add(n)
        elif word in lex.months:
            near = [m for m in (n - 2, n - 1, n + 1, n + 2) if 0 <= m < len(words)]
            parts = [m for m in near if _YEAR.fullmatch(words[m]) or (abs(m - n) == 1 and _DAY.fullmatch(words[m]))]
            if parts and (word not in _AMBIGUOUS or any(_YEAR.fullmatch(words[m]) for m in parts)):
                found.update({n, *parts})
        elif _YEAR.fullmatch(word):
            found.add(n)
    return frozenset(found)


def in_figures(words: Sequence[str]) -> tuple[str, ...]:
    """The words with numbers in figures; one that is given both ways is given once."""
    numerals = lexicon().numerals
    found: list[str] = []
    for n, word in enumerate(words):
        value = numerals.get(word)
        if value is None or value in {"0", "1"}:
            if not (
                n and word.isdigit() and numerals.get(words[n - 1]) == word and value is None and found[-1] == word
            ):
                found.append(word)
        else:
            found.append(value)
    return tuple(found)


def numbers(words: Sequence[str]) -> Counter[str]:
    """Numbers that say something, digits and words alike.

    References to sections, file sizes and counts that tick up by themselves ("our 842 partners") are left out.
    """
    lex = lexicon()
    found: Counter[str] = Counter()
    reference = False
    for n, word in enumerate(words):
        value = lex.numerals.get(word, word)
        following = words[n + 1] if n + 1 < len(words) else ""
        if not value[0].isdigit() or "@" in value:
            reference = word in lex.references or (reference and word in {"and", "or", "to", "through"})
            continue
        if reference or following in lex.file or (_PLACE.fullmatch(value) and following not in _MEASURES):
            continue
        count = value.replace(",", "")
        ahead = [other for other in words[n + 1 : n + 5] if other not in _SCALES]
        if _ticks(count, ahead):
            continue
        if count in {"0", "1"} and (not ahead or ahead[0] not in UNITS):
            continue  # "one of them"
        found[_measure(count, words[n + 1 : n + 3])] += 1
    return found


def _ticks(count: str, ahead: Sequence[str]) -> bool:
    """Whether the number counts what grows by itself: "more than 150 different countries"."""
    if not count.isdigit() or int(count) < _COUNTED_FROM or (ahead and ahead[0] in UNITS):
        return False
    counts = lexicon().counts
    return any(stem(word) in counts for word in ahead[:3])


def _measure(value: str, following: Sequence[str]) -> str:
    """The number with its unit of time, in the largest unit that fits: twenty-four months are two years."""
    unit = next((UNITS[word] for word in following if word in UNITS), "")
    if not unit or not value.isdigit():
        return value
    count = int(value)
    for small, size, large in (("hour", 24, "day"), ("day", 7, "week"), ("month", 12, "year")):
        if unit == small and count and count % size == 0:
            count, unit = count // size, large
    return f"{count} {unit}"


def emails(words: Sequence[str]) -> frozenset[str]:
    """E-mail addresses; a hidden one equals any and is left out."""
    return frozenset(word for word in words if _EMAIL.fullmatch(word))
