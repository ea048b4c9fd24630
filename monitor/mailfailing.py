"""Tell the operator, once, that no mail goes out, and once that it does again; by the targets that are no mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.alerts import match
from monitor.model import TARGET, Delivery, Event
from monitor.ports import Archive

PATIENCE = timedelta(hours=24)
REMEMBERED = timedelta(days=60)
GIVEN_UP_AGAIN = timedelta(days=30)
_WORKS = "Mail goes out again"


def tell_mail_failing(archive: Archive, *, reason: str, now: datetime) -> bool:
    """Whether this call told it: the first failure since anything went out is a day old, and nobody was told yet."""
    tried = [one for one in archive.deliveries(since=now - REMEMBERED) if _mail(one)]
    last_sent = max((place for place, one in enumerate(tried) if one.outcome == "sent"), default=-1)
    failing = [one.at for one in tried[last_sent + 1 :] if one.outcome == "deferred"]
    if not failing or now - failing[0] < PATIENCE or _told_at(archive, since=failing[0]):
        return False
    count = len({one.message_id for one in tried[last_sent + 1 :]})
    event = Event(
        "mail-failing",
        now,
        summary=f"No mail has gone out since {failing[0]:%Y-%m-%d %H:%M} UTC",
        detail=f"The mail server takes nothing: {reason}. {count} tried; everything owed is kept and will be sent.",
    )
    archive.announce([event], match)
    return True


def tell_mail_works(archive: Archive, *, now: datetime) -> bool:
    """Whether this call told it: mail goes out, and the operator was last told that it does not."""
    told = _told_at(archive, since=now - REMEMBERED)
    if told is None or any(one.summary == _WORKS and one.at >= told for one in archive.events(since=told)):
        return False
    archive.announce([Event("recovery", now, summary=_WORKS)], match)
    return True


def tell_given_up(archive: Archive, subscription: int | None, *, reason: str, now: datetime) -> None:
    """Tell that one recipient's mail was given up; by number, as an event outlives an address."""
    summary = f"Mail to subscription {subscription} was given up after five days"
    if any(one.summary == summary for one in archive.events(since=now - GIVEN_UP_AGAIN)):
        return
    archive.announce([Event("mail-failing", now, summary=summary, detail=reason)], match)


def _told_at(archive: Archive, *, since: datetime) -> datetime | None:
    told = [
        one.at
        for one in archive.events(since=since)
        if one.kind == "mail-failing" and one.summary.startswith("No mail has gone out")
    ]
    return max(told, default=None)


def _mail(delivery: Delivery) -> bool:
    return not delivery.recipient.startswith(TARGET) and not delivery.reason.startswith("bounce:")
