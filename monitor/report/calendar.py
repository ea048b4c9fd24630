"""Twelve months of days over all vendors, as the squares of a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.report.wording import day, plural

_STEP = 13
_LEFT, _TOP = 26, 14
_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Calendar:
    """The drawing. A cell is x, y, a level (0 none, 1 few, 2 several, 3 many, +3 when a grave change is among them)."""

    title: str
    width: int
    height: int
    months: tuple[tuple[int, str], ...]
    weekdays: tuple[tuple[int, str], ...]
    cells: tuple[tuple[int, int, int, str], ...]
    totals: tuple[tuple[str, int, int], ...]  # month, changes, grave ones; newest first


def calendar(days: Mapping[date, tuple[int, int]], today: date) -> Calendar:
    """The squares of the 53 weeks that end today. ``days`` gives the changes of a day: all, and the grave ones."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=_WEEKS - 1)
    cells: list[tuple[int, int, int, str]] = []
    months: list[tuple[int, str]] = []
    totals: dict[str, tuple[int, int]] = {}
    for number in range((today - first).days + 1):
        on = first + timedelta(days=number)
        week, weekday = divmod(number, 7)
        count, grave = days.get(on, (0, 0))
        level = 0 if not count else (1 if count == 1 else 2 if count <= 4 else 3) + (3 if grave else 0)
        title = f"{day(on)}: {plural(count, 'change')}" + (f", {grave} grave" if grave else "") if count else ""
        cells.append((_LEFT + week * _STEP, _TOP + weekday * _STEP, level, title))
        if on.day == 1:
            months.append((_LEFT + week * _STEP, day(on).split()[1][:3]))
        name = f"{on.year}-{on.month:02d}"
        before = totals.get(name, (0, 0))
        totals[name] = (before[0] + count, before[1] + grave)
    in_all = sum(count for count, _ in totals.values())
    return Calendar(
        title=f"{plural(in_all, 'substantive change')} between {day(first)} and {day(today)}",
        width=_LEFT + _WEEKS * _STEP,
        height=_TOP + 7 * _STEP,
        months=tuple(months),
        weekdays=tuple((_TOP + n * _STEP + 9, name) for n, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))),
        cells=tuple(cells),
        totals=tuple((name, count, grave) for name, (count, grave) in sorted(totals.items(), reverse=True) if count),
    )
