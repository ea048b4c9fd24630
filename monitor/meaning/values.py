"""Values that clauses state: periods, ages, addresses; and how two of them compare."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.meaning.reading import Reading

_DAYS = {"hour": 1 / 24, "minute": 1 / 1440, "day": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.0, "year": 365.0}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty"
        ).split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "a": 1, "an": 1}
_BETWEEN = frozenset(["calendar", "business", "working", "full", "consecutive", "additional"])
EMAIL = re.compile(r"[\w.+%-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,5}")
PHONE = re.compile(r"\+?\d[\d ().-]{7,18}\d")
_POSTCODE = re.compile(
    r"\b(?:(?!(?:19[89]|20[0-3])\d\b)\d{4,6}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d)\b"
    r"|\b(?:Street|Avenue|Road|Blvd"
    r"|Boulevard|Drive|Suite|Floor|Lane|Square|Ave|St|Rd|P\.?O\.? Box|Straße|Strasse|Rue|Court"
    r"|Place|Parkway|Way|Highway)\b"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    rf"\b(?:{_MONTH},? (?:\d{{1,2}}(?:st|nd|rd|th)?, ?)?(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?:19|20)\d\d|(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?"
    r"|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)\b"
)
_LEGAL_FORM = re.compile(
    r"\b(?:Inc|LLC|L\.L\.C|Ltd|Limited|GmbH|AG|S\.?A\.?S?|B\.?V|N\.?V|Pty|PLC|plc|Corp|Corporation|Co|AB|ApS|A/S|Oy|SARL|S\.?r\.?l|SE|KG|KK|LLP|L\.P|Pte|S\.?L)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time; ``first`` and ``last`` are the words that state it."""

    days: float
    first: int
    last: int


def periods(reading: Reading) -> list[Period]:
    """The lengths of time in a clause: "30 days", "twelve (12) months", "one year"."""
    found = []
    words = reading.words
    for n, word in enumerate(words):
        unit = word.removesuffix("s")
        if unit not in _DAYS:
            continue
        if words[n + 1 : n + 3] == ("of", "age") or words[n + 1 : n + 2] == ("old",):
            continue
        at = n - 1
        while at >= 0 and words[at] in _BETWEEN:
            at -= 1
        number = _number(words[at]) if at >= 0 else None
        if number is None:
            continue
        first = at
        if at >= 1 and _number(words[at - 1]) == number:
            first = at - 1
        found.append(Period(number * _DAYS[unit], first, n + 1))
    return found


def _number(word: str) -> float | None:
    if word in _NUMBERS:
        return float(_NUMBERS[word])
    return float(word) if word.isascii() and word.isdigit() and len(word) <= 5 else None


def ages(reading: Reading) -> list[tuple[int, int]]:
    """Ages of people in a clause, each with its word."""
    found = []
    words = reading.words
    for n, word in enumerate(words):
        number = _number(word) if word not in {"a", "an", "one"} else None
        if number is None or not 6 <= number <= 25:
            continue
        near = words[max(0, n - 4) : n]
        after = words[n + 1 : n + 4]
        if (
            (
                any(
                    w in {"between", "age", "aged", "ages", "under", "below", "over", "younger", "older", "least"}
                    for w in near
                )
                and not (after and after[0].removesuffix("s") in {"day", "month", "hour", "week"})
            )
            or (len(after) > 1 and after[0] in {"and", "or"} and after[1] in {"older", "over", "above", "up"})
            or (len(after) > 1 and after[0] == "years" and after[1] in {"of", "old"})
        ):
            found.append((int(number), n))
    return found


def emails(text: str) -> list[str]:
    """The e-mail addresses in a text, folded."""
    return [match.group().lower().rstrip(".") for match in EMAIL.finditer(text)]


def is_address(text: str) -> bool:
    """Whether a text looks like (part of) a postal address; the year of a date is no postcode."""
    undated = _DATE.sub(" ", text)
    return bool(_POSTCODE.search(undated)) and any(ch.isdigit() for ch in undated)


def legal_names(text: str) -> bool:
    """Whether a text names a company by its legal form."""
    return bool(_LEGAL_FORM.search(text))
