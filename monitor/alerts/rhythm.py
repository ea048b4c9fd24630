"""When a subscription's mail is due: at once, or at an hour in a time zone, whatever summer time does to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.model import Subscription

DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)


def next_due(subscription: Subscription, at: datetime) -> datetime:
    """When an event of that moment is due: at once, or at the first digest strictly after it."""
    if subscription.every == "now":
        return at
    zone = zone_of(subscription.zone)
    today = at.astimezone(zone).date()
    return next(
        moment
        for days in range(-1, 10)  # a week, and one day to each side for zones that skipped or repeated a day
        if (moment := _slot(subscription, today + timedelta(days=days), zone)) is not None and moment > at
    )


def last_due(subscription: Subscription, at: datetime) -> datetime:
    """The latest digest time at or before that moment (for ``every="now"``: the moment itself)."""
    if subscription.every == "now":
        return at
    zone = zone_of(subscription.zone)
    today = at.astimezone(zone).date()
    return next(
        moment
        for days in range(1, -10, -1)
        if (moment := _slot(subscription, today + timedelta(days=days), zone)) is not None and moment <= at
    )


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when this machine does not know it, so that no alert is ever stuck."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the database ("Europe")
        return ZoneInfo("UTC")


def _slot(subscription: Subscription, day: date, zone: ZoneInfo) -> datetime | None:
    """The digest's moment on a local day, None when that day has none.

    An hour that summer time skips becomes the hour after the gap, an hour that comes twice is its first: fold 0 does
    both, so there is exactly one digest a day.
    """
    if subscription.every == "weekly" and day.weekday() != subscription.weekday:
        return None
    return datetime.combine(day, time(subscription.hour), zone).astimezone(UTC)
