"""Take a wrong change back, in front of those who were told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.errors import LockedError, UsageError
from monitor.model import Delivery, Event, Subscription
from monitor.ports import Archive
from monitor.report.wording import day


def correct(archive: Archive, change_id: int, *, why: str, who: str, now: datetime) -> int:
    """Announce a correction to everybody who got the change, and drop it for those who did not yet; how many are told.

    The change is marked as dismissed; it stays in the archive, as does what was said about it.

    Raises:
        UsageError: there is no such change, nobody was ever told of it, or it was corrected before.
        LockedError: mail is being delivered right now.
    """
    change = archive.change(change_id)
    if change is None:
        raise UsageError(f"no change {change_id}", remedy="policy-monitor history lists them")
    events = [one for one in archive.events(key=change.key) if one.change == change_id]
    wrong = [one for one in events if one.kind in {"change", "withdrawal"}]
    if not wrong:
        raise UsageError(f"change {change_id} was never announced", remedy="policy-monitor review can dismiss it")
    if any(one.kind == "correction" for one in events):
        raise UsageError(f"change {change_id} was corrected before")
    with archive.delivering() as mine:
        if not mine:
            raise LockedError("mail is being delivered; try again when that is done")
        told = _told(archive, wrong, now=now)
        event = replace(
            wrong[0],
            kind="correction",
            at=now,
            summary=f"On {day(wrong[0].at)} we told you: “{wrong[0].summary}” That was wrong.",
            detail=why,
            findings=(),
            severity="none",
            direction="neutral",
            id=None,
        )

        def to_the_told(_: Event, subscriptions: Sequence[Subscription]) -> Sequence[tuple[int, datetime]]:
            return tuple((one.id, now) for one in subscriptions if one.id is not None and one.id in told)

        archive.announce([event], to_the_told)
    archive.review(change_id, state="dismissed", who=who, why=why, at=now)
    return len(told)


def _told(archive: Archive, events: Sequence[Event], *, now: datetime) -> set[int]:
    """The subscriptions that have, or may have, got one of the events; what is still only owed is dropped."""
    told: set[int] = set()
    for event in events:
        for alert in archive.alerts(event.id or 0):
            if alert.state == "sent" or alert.attempts or alert.message_id:
                told.add(alert.subscription)
            if alert.state == "owed":
                archive.delivered(Delivery(alert.message_id, "", now, "cancelled", "corrected", (alert.id,)))
    return told
