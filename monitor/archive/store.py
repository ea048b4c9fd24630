"""What the parts of the archive share: ledger, folder, lock and clock; and what all of them ask of the ledger."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from monitor.archive import compressing
from monitor.archive.folder import Folder
from monitor.archive.ledger import Ledger
from monitor.archive.lock import ProcessLock
from monitor.archive.seal import seal
from monitor.errors import DamageError
from monitor.model import DocumentKey
from monitor.ports import Clock


@dataclass(frozen=True, slots=True)
class Store:
    """One open archive."""

    folder: Folder
    ledger: Ledger
    checking: ProcessLock
    delivering: ProcessLock
    clock: Clock

    def knows(self, path: str) -> bool:
        """Whether the ledger names a file."""
        with self.ledger.reading() as db:
            found = db.execute(
                "SELECT EXISTS (SELECT 1 FROM blobs WHERE path = ?) OR EXISTS (SELECT 1 FROM versions WHERE path = ?)",
                (path, path),
            ).fetchone()
        return bool(found[0])


def document_id(db: sqlite3.Connection, key: DocumentKey) -> int:
    """The number of a document in the ledger, 0 when it has no row."""
    row = db.execute(
        "SELECT id FROM documents WHERE vendor = ? AND document = ?", (key.vendor, key.document)
    ).fetchone()
    return int(row[0]) if row else 0


def sealed(where: str, table: str, row: sqlite3.Row) -> sqlite3.Row:
    """The row of a table, all columns of it, when its seal holds.

    Raises:
        DamageError: it does not.
    """
    *cells, mark = tuple(row)
    if seal(table, cells) != mark:
        raise DamageError(where, f"{table} row {cells[0]} is not what was written")
    return row


def inflated(where: str, frame: bytes, base: bytes | None = None) -> bytes:
    """What a compressed cell holds.

    Raises:
        DamageError: it is no whole frame.
    """
    try:
        return compressing.inflate(frame, base)
    except compressing.BrokenFrameError as error:
        raise DamageError(where, f"cannot be decompressed: {error}") from error
