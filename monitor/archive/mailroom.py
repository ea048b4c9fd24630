"""Subscriptions, and alerts on their way: short transactions, from any process, also during a check."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.archive import erasing, rows
from monitor.archive.seal import insert, update
from monitor.archive.store import Store, inflated
from monitor.errors import LockedError
from monitor.model import Alert, Delivery, Event, Subscription
from monitor.ports import Owed

_RUNNING = "a.state = 'owed' AND a.due_at <= :now AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL"
_DUE = f"FROM alerts a INDEXED BY alerts_owed CROSS JOIN subscriptions s ON s.id = a.subscription WHERE {_RUNNING}"
_DUE_TO_ONE = (
    "FROM subscriptions s INDEXED BY subscriptions_by_address CROSS JOIN alerts a ON a.subscription = s.id "
    f"WHERE s.address = :address AND {_RUNNING}"
)
_CACHED_EVENTS = 64  # inflated at a time while the outbox is read


class LedgerMailroom:
    """The archive's mail part."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def subscriptions(self, *, address: str | None = None, ended: bool = False) -> tuple[Subscription, ...]:
        """Subscriptions that have not ended, confirmed or not; with ``ended`` also those that have."""
        with self._store.ledger.reading() as db:
            found = db.execute(
                """
                SELECT * FROM subscriptions WHERE (:address IS NULL OR address = :address)
                  AND address <> '' AND (:ended OR ended_at IS NULL) ORDER BY id
                """,
                {"address": address, "ended": ended},
            )
            return tuple(map(rows.subscription_of, found))

    def subscription(self, subscription_id: int) -> Subscription | None:
        """The subscription of that id, None when there is none or its address was erased."""
        with self._store.ledger.reading() as db:
            return _subscription(db, subscription_id)

    def subscribe(self, subscription: Subscription) -> Subscription:
        """Enter a wish; it comes back with its id. Raises ArchiveError."""
        created_at = subscription.created_at or self._store.clock.now()
        with self._store.ledger.writing() as db:
            row_id = insert(
                db, "subscriptions", address=subscription.address, wish=rows.wish_cell(subscription),
                created_at=rows.stamp(created_at), confirmed_at=rows.stamp_or_null(subscription.confirmed_at),
                ended_at=rows.stamp_or_null(subscription.ended_at),
            )  # fmt: skip
        return replace(subscription, id=row_id, created_at=created_at)

    def confirm(self, subscription_id: int, *, at: datetime) -> bool:
        """Whether this call confirmed it (False: it was confirmed before, or is gone). Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            found = _subscription(db, subscription_id)
            if found is None or found.confirmed_at is not None or found.ended_at is not None:
                return False
            return update(db, "subscriptions", subscription_id, confirmed_at=rows.stamp(at))

    def amend(self, subscription: Subscription) -> None:
        """Replace what a subscription asks for; when it was made, confirmed and ended stays. Raises ArchiveError."""
        if subscription.id is None:
            raise ValueError("only a subscription that was entered can be amended")
        with self._store.ledger.writing() as db:
            if _subscription(db, subscription.id) is not None:
                update(
                    db,
                    "subscriptions",
                    subscription.id,
                    address=subscription.address,
                    wish=rows.wish_cell(subscription),
                )

    def unsubscribe(self, subscription_id: int, *, at: datetime) -> bool:
        """Whether this call ended it; what it is still owed is dropped. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            found = _subscription(db, subscription_id)
            if found is None or found.ended_at is not None:
                return False
            erasing.drop_owed(db, subscription_id)
            return update(db, "subscriptions", subscription_id, ended_at=rows.stamp(at))

    def erase(self, address: str) -> int:
        """Remove an address everywhere, also from free pages and the log; number of rows that held it.

        Raises:
            ArchiveError: not possible.
        """
        with self._store.ledger.writing() as db:
            count = erasing.erase(db, address, at=self._store.clock.now())
        with self._store.ledger.borrowed() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def suppress(self, address: str, *, reason: str, at: datetime, until: datetime | None = None) -> None:
        """Send nothing to an address, for good or until a time. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            db.execute("DELETE FROM suppressions WHERE address = ?", (address,))
            insert(
                db, "suppressions", address=address, reason=reason, at=rows.stamp(at), until=rows.stamp_or_null(until)
            )

    def suppressed(self, address: str) -> str:
        """Why mail to the address is off now, "" when it is not."""
        now = rows.stamp(self._store.clock.now())
        with self._store.ledger.reading() as db:
            row = db.execute(
                "SELECT reason FROM suppressions WHERE address = ? AND (until IS NULL OR until > ?)", (address, now)
            ).fetchone()
        return (row["reason"] or "suppressed") if row else ""

    def owed(self, now: datetime, *, address: str | None = None) -> tuple[Owed, ...]:
        """Alerts that are due and not handed over (to one address), oldest first."""
        where = str(self._store.ledger.path)
        events: dict[int, Event] = {}
        found = []
        with self._store.ledger.reading() as db:
            due = db.execute(
                f"SELECT a.* {_DUE if address is None else _DUE_TO_ONE} ORDER BY a.id",
                {"now": rows.stamp(now), "address": address},
            ).fetchall()
            subscriptions: dict[int, Subscription] = {}
            for row in due:
                alert = rows.alert_of(row)
                if alert.event not in events:
                    if len(events) >= _CACHED_EVENTS:
                        events.pop(next(iter(events)))
                    told = db.execute(rows.EVENTS + "WHERE e.id = ?", (alert.event,)).fetchone()
                    events[alert.event] = rows.event_of(told, inflated(where, told["content"]))
                if alert.subscription not in subscriptions:
                    wish = db.execute("SELECT * FROM subscriptions WHERE id = ?", (alert.subscription,)).fetchone()
                    subscriptions[alert.subscription] = rows.subscription_of(wish)
                found.append(Owed(alert, events[alert.event], subscriptions[alert.subscription]))
        return tuple(found)

    def addressees(self, now: datetime) -> tuple[str, ...]:
        """Addresses that have alerts due, longest waiting first."""
        with self._store.ledger.reading() as db:
            found = db.execute(
                f"SELECT s.address {_DUE} GROUP BY s.address ORDER BY min(a.due_at), min(a.id)",
                {"now": rows.stamp(now)},
            )
            return tuple(row["address"] for row in found)

    def alerts(self, event: int) -> tuple[Alert, ...]:
        """Every alert made for an event, whatever became of it."""
        with self._store.ledger.reading() as db:
            found = db.execute("SELECT * FROM alerts WHERE event = ? ORDER BY id", (event,))
            return tuple(map(rows.alert_of, found))

    @contextlib.contextmanager
    def delivering(self) -> Iterator[bool]:
        """The turn to deliver, held by one process at a time; False: another one has it."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._store.delivering.held())
                turn = True
            except LockedError:
                turn = False
            yield turn

    def assign(self, message_id: str, alerts: Sequence[int]) -> None:
        """Fix the Message-ID of alerts before the first attempt to send them. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            for alert in alerts:
                row = db.execute("SELECT message_id FROM alerts WHERE id = ?", (alert,)).fetchone()
                if row is not None and not row["message_id"]:
                    update(db, "alerts", alert, message_id=message_id)

    def delivered(self, delivery: Delivery) -> None:
        """Write what became of an attempt, and what that means for its alerts. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            insert(
                db, "deliveries", message_id=delivery.message_id, recipient=delivery.recipient,
                at=rows.stamp(delivery.at), outcome=delivery.outcome, reason=delivery.reason,
                alerts=json.dumps(delivery.alerts), retry_at=rows.stamp_or_null(delivery.retry_at),
            )  # fmt: skip
            for alert in delivery.alerts:
                row = db.execute("SELECT * FROM alerts WHERE id = ?", (alert,)).fetchone()
                if row is None or row["state"] != "owed":
                    continue
                match delivery.outcome:
                    case "sent":
                        update(db, "alerts", alert, state="sent", attempts=row["attempts"] + 1)
                    case "deferred":
                        due_at = rows.stamp_or_null(delivery.retry_at) or row["due_at"]
                        update(db, "alerts", alert, due_at=due_at, attempts=row["attempts"] + 1)
                    case "refused":
                        update(db, "alerts", alert, state="dropped", attempts=row["attempts"] + 1)
                    case "suppressed" | "cancelled":
                        update(db, "alerts", alert, state="dropped")

    def deliveries(self, *, since: datetime | None = None) -> tuple[Delivery, ...]:
        """Attempts to hand messages over, in order."""
        with self._store.ledger.reading() as db:
            found = db.execute(
                "SELECT * FROM deliveries WHERE ?1 IS NULL OR at >= ?1 ORDER BY id", (rows.stamp_or_null(since),)
            )
            return tuple(map(rows.delivery_of, found))


def _subscription(db: sqlite3.Connection, subscription_id: int) -> Subscription | None:
    row = db.execute("SELECT * FROM subscriptions WHERE id = ? AND address <> ''", (subscription_id,)).fetchone()
    return rows.subscription_of(row) if row else None
