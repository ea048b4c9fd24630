"""Dates that a text states of itself: when it was updated and from when it is in force.

Only the neighbourhood of something that looks like a date is read, near the beginning and the end of the text.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from monitor.model import StatedDates
from monitor.text import language

_WINDOW = 6_000  # characters at either end of a text in which it speaks of its own date
_BEFORE = 110
_DATES_READ = 60  # per end: a change log may list hundreds
_DATE = re.compile(
    r"(?<![^\W_])(?<![/.-])(?:"
    r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
    r"|(?P<cjk>\d{4} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?日)?)"
    r"|(?P<numeric>\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))"
    r"|(?P<named>(?:\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?,? (?:of |de |d'|di |do )?)?[^\W\d_]{3,12}\.?,?"
    r"(?: \d{1,2}(?:st|nd|rd|th)?)?(?:,? |,)(?:de |del |do )?(?:19|20)\d\d)"
    r")(?![^\W_])"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d[./-]\d\d(?!\d)")
_LONGEST, _AFTER = 30, 12  # characters of a date before its year, and after it
_MARK = "[\\s:：|*_=–—,(\\[-]{0,6}"
_FILL = r"(?:(?:on|as of|from|the|date|is|was|since|le|du|am|vom|el|del?|al|il|op|den|em|in|dal) ){0,3}"


def stated_dates(text: str) -> StatedDates:
    """The dates near the beginning, else near the end, each with the literal words that state it."""
    parts = [text[:_WINDOW]]
    if len(text) > _WINDOW:
        parts.append(text[max(_WINDOW, len(text) - _WINDOW) :])
    updated: tuple[date, str] | None = None
    effective: tuple[date, str] | None = None
    for part in parts:
        for found in _dates(part):
            if updated and effective:
                break
            before = part[max(0, found.start() - _BEFORE) : found.start()]
            for name in ("effective", "updated"):
                if effective if name == "effective" else updated:
                    continue
                said = _pattern(name).search(before)
                day = parse_date(found.group()) if said else None
                if said and day:
                    stated = (day, before[said.start() :] + found.group())
                    effective, updated = (stated, updated) if name == "effective" else (effective, stated)
                    break
    return StatedDates(
        updated=updated[0] if updated else None,
        updated_quote=updated[1] if updated else "",
        effective=effective[0] if effective else None,
        effective_quote=effective[1] if effective else "",
    )


def _dates(part: str) -> list[re.Match[str]]:
    """What looks like a date, found from its year or its numbers: cheaper than asking at every word."""
    found: list[re.Match[str]] = []
    for number in _YEAR.finditer(part):
        start = max(found[-1].end() if found else 0, number.start() - _LONGEST)
        match = _DATE.search(part, start, number.end() + _AFTER)
        while match and not _may_be_date(match):  # "revised 2026-03-03" is no date from its first word on
            match = _DATE.search(part, match.start() + 1, number.end() + _AFTER)
        if match and match.start() <= number.start() and match.end() >= number.end():
            found.append(match)
            if len(found) == _DATES_READ:
                break
    return found


def _may_be_date(match: re.Match[str]) -> bool:
    """Whether what looks like a named date has a month that is known, or a day."""
    words = match.group("named")
    return not words or any(word in _months() for word in _letters(words)) or words[0].isdigit()


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """What must stand right before a date for it to be the text's own."""
    phrases = language.data()["stated"][name].replace("\n", "")
    return re.compile(rf"(?<!\w)(?:{phrases}){_MARK}{_FILL}{_MARK}$", re.IGNORECASE)


def parse_date(words: str) -> date | None:
    """The day that the words name; the first of the month when they name only a month; None when they name none."""
    found = _DATE.fullmatch(words)
    if not found:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if found.group("iso") or found.group("cjk"):
        return _day(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 1)
    if found.group("numeric"):
        return _numeric(*numbers, slashes="/" in words)
    month = next((_months().get(word) for word in _letters(words) if word in _months()), None)
    if month:
        return _day(numbers[-1], month, numbers[0] if len(numbers) > 1 else 1)
    return _other_language(words) if len(numbers) > 1 else None


def _letters(words: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", words.lower()) if len(word) > 2]


@cache
def _months() -> dict[str, int]:
    """Month names and their beginnings, in all languages of the data file, without beginnings that fit two months."""
    names: dict[str, set[int]] = {}
    for line in language.data()["months"].values():
        for number, name in enumerate(line.split(), 1):
            for length in range(3, len(name) + 1):
                names.setdefault(name[:length], set()).add(number)
    return {name: numbers.pop() for name, numbers in names.items() if len(numbers) == 1} | {
        "sept": 9,
        "mar": 3,
        "jui": 7,
    }


def _numeric(first: int, second: int, year: int, *, slashes: bool) -> date | None:
    """A date in numbers: day first, but month first where it can only be so, or with slashes as Americans write it."""
    year += 2000 if year < 100 else 0
    if second > 12 or (slashes and first <= 12):
        return _day(year, first, second)
    return _day(year, second, first)


def _other_language(words: str) -> date | None:
    import warnings

    import dateparser

    asked = language.data()["dates"]["asked"].split()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own making, about formats without a year
        found = dateparser.parse(words, languages=asked, settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return found.date() if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
