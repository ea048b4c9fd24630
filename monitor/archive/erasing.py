"""Removing a person from the ledger: no cell holds the address afterwards, and every id stays."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import datetime

from monitor.archive import compressing
from monitor.archive.rows import stamp, wish_cell
from monitor.archive.seal import update
from monitor.model import Subscription

_ERASED = "[erased]"
_PROSE = {
    "deliveries": ("message_id", "recipient", "reason"),
    "reviews": ("who", "why"),
    "notes": ("text",),
    "alerts": ("message_id",),
}
"""Columns of the tables whose rows no check seals, in which an address may stand among other words."""


def erase(db: sqlite3.Connection, address: str, *, at: datetime) -> int:
    """Remove an address, however it is capitalised; number of rows that held it."""
    if not address:
        return 0
    count = 0
    for row in db.execute("SELECT * FROM subscriptions WHERE address = ? COLLATE NOCASE", (address,)).fetchall():
        drop_owed(db, row["id"])
        nobody = wish_cell(Subscription(""))  # what somebody wished to hear of may tell who it was
        update(db, "subscriptions", row["id"], address="", wish=nobody, ended_at=row["ended_at"] or stamp(at))
        count += 1
    count += db.execute("DELETE FROM suppressions WHERE address = ? COLLATE NOCASE", (address,)).rowcount
    count += _erase_prose(db, address)
    return count + _erase_events(db, address)


def drop_owed(db: sqlite3.Connection, subscription: int) -> None:
    """Drop the alerts that a subscription is still owed."""
    owed = db.execute("SELECT id FROM alerts WHERE subscription = ? AND state = 'owed'", (subscription,)).fetchall()
    for row in owed:
        update(db, "alerts", row["id"], state="dropped")


def _erase_prose(db: sqlite3.Connection, address: str) -> int:
    pattern = re.compile(re.escape(address), re.IGNORECASE)
    count = 0
    for table, names in _PROSE.items():
        condition = " OR ".join(f"instr(lower({name}), lower(:address))" for name in names)
        for row in db.execute(f"SELECT * FROM {table} WHERE {condition}", {"address": address}).fetchall():  # noqa: S608
            changes = {name: pattern.sub(_ERASED, row[name]) for name in names if pattern.search(row[name])}
            changes = {name: "" if value == _ERASED else value for name, value in changes.items()}
            count += update(db, table, row["id"], **changes)
    return count


def _erase_events(db: sqlite3.Connection, address: str) -> int:
    """Events that no check wrote may name a recipient; those of checks speak of vendors and are sealed by the chain."""
    written = json.dumps(address)[1:-1]  # as it stands within the JSON
    pattern = re.compile(re.escape(written), re.IGNORECASE)
    count = 0
    for row in db.execute('SELECT id, content FROM events WHERE "check" IS NULL').fetchall():
        content = compressing.inflate(row["content"]).decode("utf-8", "surrogatepass")
        if pattern.search(content):
            clean = pattern.sub(_ERASED, content).encode("utf-8", "surrogatepass")
            count += update(db, "events", row["id"], content=compressing.compress(clean))
    return count
