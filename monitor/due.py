"""When a document is next due, and whether it is due now. Everything is UTC, so no hour is ever missing or doubled.

An interval is anchored: the next time is the last one that was set plus whole intervals, not the moment of the check
plus an interval. So a late start, a long suspend or an extra check by hand neither double a day nor move the hour.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from monitor.model import Document, WatchState

RETRY_FLOOR = timedelta(minutes=1)
RETRY_CEILING = timedelta(days=1)  # a server may ask for more; by then we may ask again
SECOND_LOOK_RETRY = timedelta(hours=1)  # when a second look failed
_WRONG_CLOCK = timedelta(days=1)


def next_check(
    document: Document,
    *,
    now: datetime,
    last: datetime | None,
    seed: str,
    due: datetime | None = None,
    second_look: datetime | None = None,
    retry_after: datetime | None = None,
) -> datetime:
    """When the document is due after a check that happened just now; always later than ``now``.

    Args:
        document: whose schedule counts.
        now: the time of the check.
        last: when it was checked before (``WatchState.last_check_at``), or None.
        seed: spreads documents that begin at the same moment; the document's name will do.
        due: the time that had been set for it (``WatchState.next_check_at``), or None; the anchor of an interval.
        second_look: when a pending text may be confirmed: not later than the schedule, but never twice within an hour.
        retry_after: what the server asked for: not before it, within a minute and a day from now.
    """
    if document.schedule.cron is not None:
        planned = _next_cron(document.schedule.cron, now, last)
    else:
        planned = _next_interval(_interval(document), now, last, seed, due)
    if second_look is not None:
        look = second_look if second_look > now else now + SECOND_LOOK_RETRY
        planned = min(planned, max(look, now + RETRY_FLOOR))
    if retry_after is not None:
        planned = max(planned, min(max(retry_after, now + RETRY_FLOOR), now + RETRY_CEILING))
    return planned


def is_due(document: Document, state: WatchState, *, now: datetime, exact: bool = False) -> bool:
    """Whether the document should be checked now.

    From cron a check that comes an instant too early would wait for a whole day, so up to an eighth of the interval, at
    most 45 minutes, is granted; the daemon, which looks every few seconds, asks for ``exact``.
    """
    if document.paused is not None:
        return False
    last, due = state.last_check_at, state.next_check_at
    if last is None or due is None or last > now + _WRONG_CLOCK:
        return True  # never checked, or only by a clock that was far ahead
    settled = state.pending_since is None and not state.failures
    due = min(due, _latest(document, last, settled=settled))
    if not exact and settled and document.schedule.cron is None:
        due -= _grace(_interval(document))
    return due <= now


def upcoming(document: Document, *, now: datetime, count: int = 3) -> tuple[datetime, ...]:
    """The next times at which a cron line comes due; empty for an interval."""
    line = document.schedule.cron
    if line is None:
        return ()
    times: list[datetime] = []
    for _ in range(count):
        times.append(_next_cron(line, times[-1] if times else now, None))
    return tuple(times)


def _interval(document: Document) -> timedelta:
    return document.schedule.interval or timedelta(days=1)


def _grace(interval: timedelta) -> timedelta:
    return min(interval / 8, timedelta(minutes=45))


def _next_cron(line: str, now: datetime, last: datetime | None) -> datetime:
    from monitor.watchlist.cron import next_time

    # A clock that was set back a little must not bring the same time twice.
    after = max(now, last) if last is not None and last - now <= _WRONG_CLOCK else now
    return next_time(line, after)


def _next_interval(
    interval: timedelta, now: datetime, last: datetime | None, seed: str, due: datetime | None
) -> datetime:
    if due is None:
        due = now + interval - _spread(interval, seed) if last is None else min(last, now) + interval
        if due > now:
            return due
    # A check up to the grace before its time counts as the check of that time.
    ahead = (due - now - _grace(interval)) % interval
    return now + _grace(interval) + (ahead or interval)


def _latest(document: Document, last: datetime, *, settled: bool) -> datetime:
    """The latest time the schedule can have asked for: an earlier schedule, or clock, may have set a later one."""
    if document.schedule.cron is not None:
        latest = _next_cron(document.schedule.cron, last, None)
    else:
        latest = last + _interval(document) + _grace(_interval(document))
    return latest if settled else max(latest, last + RETRY_CEILING)


def _spread(interval: timedelta, seed: str) -> timedelta:
    """A fixed part of a sixteenth of the interval, at most half an hour: documents declared together drift apart."""
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    whole = min(interval / 16, timedelta(minutes=30)) * share
    return timedelta(seconds=int(whole.total_seconds()))
