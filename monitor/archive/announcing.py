"""Events, and the alerts that each one makes in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.archive import compressing
from monitor.archive.rows import stamp, subscription_of
from monitor.archive.seal import insert
from monitor.archive.store import document_id
from monitor.codec import to_json
from monitor.model import Event, Subscription
from monitor.ports import Match

RUNNING = "SELECT * FROM subscriptions WHERE confirmed_at IS NOT NULL AND ended_at IS NULL ORDER BY id"


def announce(
    db: sqlite3.Connection, events: Sequence[Event], match: Match, *, now: datetime, check: int | None = None
) -> tuple[tuple[Event, ...], int]:
    """Enter events and one alert for each subscription that they are owed to; the events with their ids."""
    if not events:
        return (), 0
    subscriptions = running(db)
    written, alerts = [], 0
    for event in events:
        document = (document_id(db, event.key) or None) if event.key else None
        row_id = insert(
            db, "events", document=document, check=check, change=event.change, kind=event.kind, at=stamp(event.at),
            content=compressing.compress(to_json(replace(event, id=None))),
        )  # fmt: skip
        event_written = replace(event, id=row_id)
        written.append(event_written)
        owed = dict(match(event_written, subscriptions))
        for subscription, due_at in owed.items():
            insert(
                db, "alerts", event=row_id, subscription=subscription, created_at=stamp(now), due_at=stamp(due_at),
                state="owed", attempts=0, message_id="",
            )  # fmt: skip
        alerts += len(owed)
    return tuple(written), alerts


def running(db: sqlite3.Connection) -> tuple[Subscription, ...]:
    """Subscriptions that are confirmed and have not ended."""
    return tuple(map(subscription_of, db.execute(RUNNING)))
