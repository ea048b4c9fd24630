"""What a wish would have brought: the mails of the last year, had it been there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerts import match
from monitor.alerts.digest import batches
from monitor.alerts.views import Batch
from monitor.alerts.wording import digest_subject, subject
from monitor.errors import DamageError
from monitor.model import Alert, Event, Subscription, Watchlist
from monitor.ports import Archive, Owed
from monitor.tell import change_event

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail that would have been sent."""

    at: datetime
    subject: str
    batch: Batch


def preview(
    events: Sequence[Event], wishes: Sequence[Subscription], *, now: datetime, since: timedelta = YEAR
) -> tuple[Sample, ...]:
    """The mails that these wishes of one address would have brought by these past events, oldest first."""
    supposed = [replace(one, id=number, confirmed_at=now - since) for number, one in enumerate(wishes, start=1)]
    due: dict[datetime, list[Owed]] = {}
    number = 0
    for event in events:
        for subscription, at in match(event, supposed):
            number += 1
            if at <= now:
                alert = Alert(number, event.id or 0, subscription, event.at, at)
                due.setdefault(at, []).append(Owed(alert, event, supposed[subscription - 1]))
    return tuple(Sample(at, _subject(batch), batch) for at in sorted(due) for batch in batches(due[at]))


def past_events(archive: Archive, watchlist: Watchlist, *, now: datetime, since: timedelta = YEAR) -> tuple[Event, ...]:
    """Events since then, oldest first; changes of imported history count as if they had been told."""
    told = list(archive.events(since=now - since))
    known = {event.change for event in told}
    number = max((event.id or 0 for event in told), default=0)
    for change in archive.changes(since=now - since):
        document, vendor = watchlist.document(change.key), watchlist.vendor(change.key.vendor)
        if change.id in known or change.kind == "technical" or change.materiality != "substantive":
            continue
        if document is None or vendor is None:
            continue
        try:
            assessment = archive.assessment(change.id)
        except DamageError:
            continue  # verify names it; a preview shows what can be shown
        number += 1
        event = change_event(vendor, document, assessment, change.kind, change.at)
        told.append(replace(event, id=number, change=change.id))
    return tuple(sorted(told, key=lambda event: event.at))


def _subject(batch: Batch) -> str:
    if len(batch.items) == 1:
        return subject(batch.items[0])
    return digest_subject(batch.items, batch.rhythm)
