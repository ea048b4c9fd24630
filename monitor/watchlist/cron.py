"""Cron lines of five fields, read in UTC: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from monitor.watchlist.table import Wrong, shown
from monitor.watchlist.values import text

_LINE = re.compile(r"[0-9A-Za-z*/,#-]+(?: [0-9A-Za-z*/,#-]+){4}")
_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * sun",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)  # the check for "ever" must not depend on today


def cron(value: object) -> str:
    """A cron line that comes due at some time, and not more than once an hour."""
    line = " ".join(text(value, longest=100).split())
    _check(line)
    return line


def next_time(line: str, after: datetime) -> datetime:
    """The first time after ``after`` at which a line that ``cron`` accepted comes due."""
    from cronsim import CronSim

    times = CronSim(line, after.astimezone(UTC))  # it drops microseconds: the same second does not come back
    moment: datetime | None = next(times, None)
    # it gives up after fifty years; the rarest line that comes due at all, a fifth Monday in February, waits forty
    return moment or after + timedelta(days=366)


@cache
def _check(line: str) -> None:
    from cronsim import CronSim, CronSimError

    if line.lower() in _NICKNAMES:
        raise Wrong(f"{shown(line)}: short names are not read", f'write "{_NICKNAMES[line.lower()]}"')
    hint = 'five fields in UTC, for example "30 6 * * mon" for Mondays at 06:30'
    if not _LINE.fullmatch(line):
        raise Wrong(f"{shown(line)} is no cron line", hint)
    try:
        times = CronSim(line, _SOME_DAY)
    except (CronSimError, AssertionError, ValueError, TypeError) as error:
        # the library leaves some nonsense, such as "*/L" or a mix of "L" and numbers, to Python's own errors
        reason = str(error).removeprefix("Bad ") if isinstance(error, CronSimError) else "nonsense"
        raise Wrong(f"{shown(line)} is no cron line ({reason})", hint) from error
    if len(times.minutes) > 1:
        raise Wrong(f"{shown(line)} comes due more than once an hour", "give one minute")
    try:
        next(times)
    except (StopIteration, ValueError, TypeError, AssertionError) as error:
        raise Wrong(f"{shown(line)} never comes due", "no month has that day") from error
