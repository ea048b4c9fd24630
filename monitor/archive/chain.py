"""The chain of checks: each row's digest covers the row, the rows that the check wrote, and the row before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from monitor.archive.seal import NOTHING, Cell, columns, digest, row_seal, storable
from monitor.errors import DamageError

_TRUSTED = 50  # rows at the end of the chain that every run looks at
Kept = Mapping[str, Sequence[int]]
"""Ids of rows by table, in the order in which they were written."""


def append(db: sqlite3.Connection, **cells: Cell) -> int:
    """Add a check row after the newest one; its id."""
    newest = db.execute("SELECT id, digest FROM checks ORDER BY id DESC LIMIT 1").fetchone()
    check = int(newest["id"]) + 1 if newest else 1
    cells |= {"id": check, "previous": newest["digest"] if newest else NOTHING}
    names = columns(db, "checks")
    values = [storable(cells[name]) for name in names if name != "digest"]
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    statement = f"INSERT INTO checks ({quoted}) VALUES ({marks})"  # noqa: S608 - our own names
    db.execute(statement, (*values, digest(("checks", *values))))
    return check


def row_digest(db: sqlite3.Connection, row: sqlite3.Row) -> bytes:
    """The digest that a check row should carry."""
    return digest(("checks", *(row[name] for name in columns(db, "checks") if name != "digest")))


def kept_cell(db: sqlite3.Connection, kept: Kept) -> str | None:
    """What a check row says of the rows it wrote elsewhere."""
    ids = {table: list(rows) for table, rows in kept.items() if rows}
    if not ids:
        return None
    return json.dumps({"rows": ids, "seals": kept_digest(db, ids).hex()}, separators=(",", ":"))


def kept_digest(db: sqlite3.Connection, kept: Kept) -> bytes:
    """The digest of the seals of all those rows.

    Raises:
        TypeError: one of them is gone.
    """
    return digest(row_seal(db, table, row_id) for table, rows in kept.items() for row_id in rows)


def next_check(db: sqlite3.Connection) -> int:
    """The number that the next check row gets. Only inside a writing transaction."""
    return 1 + int(db.execute("SELECT coalesce(max(id), 0) FROM checks").fetchone()[0])


def trust(db: sqlite3.Connection, where: str) -> None:
    """See that the end of the chain holds: a ledger that fails this must not be written to.

    Raises:
        DamageError: it does not.
    """
    newest = db.execute("SELECT * FROM checks ORDER BY id DESC LIMIT ?", (_TRUSTED,)).fetchall()
    for row, before in zip(newest, [*newest[1:], None][: len(newest)], strict=True):
        broken = row_digest(db, row) != row["digest"]
        if before is not None:
            broken = broken or row["previous"] != before["digest"] or row["id"] != before["id"] + 1
        if broken:
            remedy = "policy-monitor verify names everything; restore the ledger from a backup"
            raise DamageError(where, f"check {row['id']} is not what was written", remedy=remedy)
