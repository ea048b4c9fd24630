"""Dates that a text states of itself: when it was updated and from when it is in force."""

from __future__ import annotations

import re
from datetime import date

from monitor.model import StatedDates

_MONTH_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = (
    {name: index for index, name in enumerate(_MONTH_NAMES, 1)}
    | {name[:3]: index for index, name in enumerate(_MONTH_NAMES, 1)}
    | {"sept": 9}
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DATE = (
    rf"(?:{_MONTH}\.?[ ]{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?[ ]{{1,3}}\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ ]{{1,3}}(?:of[ ])?{_MONTH}\.?,?[ ]{{1,3}}\d{{4}}"
    rf"|{_MONTH}\.?,?[ ]{{1,3}}\d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\d{1,2}(?:\.|er|º)?[ ]{1,3}(?:de[ ])?[^\W\d_]{3,12}\.?[ ]{1,3}(?:de[ ])?\d{4})"
)
_UPDATED = re.compile(
    r"\b(?:last[ ](?:updated?|revised|modified|amended|changed|reviewed)|(?:updated|revised|modified|amended|version)(?:[ ](?:on|as of|dated))?|"
    r"date of last (?:revision|update)|revision date|last (?:revision|modification)(?: date)?|most recent(?:ly)? update[d]?|"
    r"(?:letzte|zuletzt)[ ](?:aktualisiert|aktualisierung|geändert|änderung|überarbeitet)|stand|"
    r"(?:dernière|date de)[ ](?:mise à jour|modification)|mis[e]? à jour|última[ ](?:actualización|modificación)|"
    r"ultimo aggiornamento|laatst[ ](?:bijgewerkt|gewijzigd))"
    rf"[ ]?(?:on|as of|date|am|le|el|il|op|vom|du)?[ ]{{0,3}}[:：\-–—|*_ ]{{0,8}}(?:on |the |le |am )?[*_]{{0,3}}({_DATE})",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(
    r"\b(?:effective(?:[ ](?:date|as of|from|on|since|starting))?|in (?:effect|force)(?:[ ](?:as of|from|since|on))?|(?:takes?|comes? into|goes into|becomes?)[ ](?:effect(?:ive)?|force)(?:[ ](?:as of|from|on))?|"
    r"valid[ ](?:from|as of)|applicable (?:from|as of)|gültig (?:ab|seit)|en vigueur(?: (?:depuis|à compter du|le|au))?)"
    rf"[ ]{{0,3}}[:：\-–—|*_ ]{{0,8}}(?:on |the |le |du )?[*_]{{0,3}}({_DATE})",
    re.IGNORECASE,
)
_WINDOW = 4000  # characters at either end of a text in which it speaks of its own date


def stated_dates(text: str) -> StatedDates:
    """The dates near the beginning, else near the end, each with the literal words that state it."""
    head = text[:_WINDOW]
    tail = text[-_WINDOW:] if len(text) > _WINDOW else ""
    updated, updated_quote = _first(_UPDATED, head, tail)
    effective, effective_quote = _first(_EFFECTIVE, head, tail)
    return StatedDates(updated, updated_quote, effective, effective_quote)


def _first(pattern: re.Pattern[str], *parts: str) -> tuple[date | None, str]:
    for part in parts:
        for match in pattern.finditer(part):
            day = parse_date(match.group(1))
            if day:
                return day, match.group()
    return None, ""


def parse_date(words: str) -> date | None:
    """The day that the words name; the first of the month when they name only a month; None when they name none."""
    iso = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", words)
    if iso:
        return _day(*map(int, iso.groups()))
    parts = re.findall(r"[^\W\d_]+|\d+", words)
    month = next((_MONTHS[part.lower()] for part in parts if part.lower() in _MONTHS), None)
    numbers = [int(part) for part in parts if part.isdigit()]
    if month and numbers and numbers[-1] >= 1000:
        return _day(numbers[-1], month, numbers[0] if len(numbers) > 1 else 1)
    import dateparser

    found = dateparser.parse(words, settings={"REQUIRE_PARTS": ["month", "year"], "PREFER_DAY_OF_MONTH": "first"})
    return found.date() if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
