"""What lets a stranger check a version without this program: ledger rows as the very lines that digests are made of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from monitor.archive.seal import columns
from monitor.archive.store import Store
from monitor.model import Version

_PAGE = 1000


class LedgerProof:
    """The archive's part that hands out proofs."""

    _store: Store

    def makers(self, version: Version) -> tuple[int, ...]:
        """Numbers of the checks that wrote a version and the snapshot behind it, oldest first."""
        with self._store.ledger.reading() as db:
            rows = db.execute(
                'SELECT "check" AS id FROM versions WHERE id = ?1 '
                "UNION SELECT min(id) FROM checks WHERE snapshot = ?2 AND kept IS NOT NULL ORDER BY id",
                (version.id, version.snapshot),
            ).fetchall()
        return tuple(row["id"] for row in rows if row["id"] is not None)

    def links(self, first: int, last: int | None = None) -> Iterator[str]:
        """Check rows in order, each as the line whose SHA-256 is its digest and which names the digest before it."""
        at = first
        while last is None or at <= last:
            with self._store.ledger.reading() as db:
                names = [name for name in columns(db, "checks") if name != "digest"]
                rows = db.execute(
                    "SELECT * FROM checks WHERE id >= ?1 AND (?2 IS NULL OR id <= ?2) ORDER BY id LIMIT ?3",
                    (at, last, _PAGE),
                ).fetchall()
            yield from (_line("checks", (row[name] for name in names)) for row in rows)
            if len(rows) < _PAGE:
                return
            at = rows[-1]["id"] + 1

    def written(self, check: int) -> tuple[str, ...]:
        """Rows that a check wrote elsewhere, each as the line whose SHA-256 is its seal, in the check's own order."""
        with self._store.ledger.reading() as db:
            row = db.execute("SELECT kept FROM checks WHERE id = ?", (check,)).fetchone()
            if row is None or row["kept"] is None:
                return ()
            kept: dict[str, list[int]] = json.loads(row["kept"])["rows"]
            return tuple(_row_line(db, table, row_id) for table, ids in kept.items() for row_id in ids)


def _row_line(db: sqlite3.Connection, table: str, row_id: int) -> str:
    names = columns(db, table)
    row = db.execute(f'SELECT * FROM "{table}" WHERE id = ?', (row_id,)).fetchone()  # noqa: S608 - our own names
    return _line(table, (row[name] for name in names)) if row else _line(table, (row_id,))


def _line(table: str, cells: Iterable[object]) -> str:
    """What ``monitor.archive.seal.digest`` hashes."""
    plain = [cell.hex() if isinstance(cell, bytes) else cell for cell in cells]
    return json.dumps([table, *plain], ensure_ascii=True, separators=(",", ":"))
