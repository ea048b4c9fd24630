"""Rows under seal: each carries the SHA-256 of its other columns, so that a changed cell does not go unseen."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

Cell = str | int | bytes | None

NOTHING = bytes(32)
"""What the first row of the chain names as the row before it."""

_COLUMNS: dict[str, tuple[str, ...]] = {}


def digest(parts: Iterable[object]) -> bytes:
    """SHA-256 over the canonical JSON of the parts; bytes stand there in hex."""
    plain = [part.hex() if isinstance(part, bytes) else part for part in parts]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=True, separators=(",", ":")).encode()).digest()


def seal(table: str, cells: Sequence[object]) -> bytes:
    """The seal of a row: ``cells`` are all columns but the seal, in the table's order."""
    return digest((table, *cells))


def columns(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The table's columns in order, without the seal."""
    if table not in _COLUMNS:
        names = [row[0] for row in db.execute(f'SELECT * FROM "{table}" LIMIT 0').description]  # noqa: S608 - our names
        _COLUMNS[table] = tuple(name for name in names if name != "seal")
    return _COLUMNS[table]


def next_id(db: sqlite3.Connection, table: str) -> int:
    """The id that the next row of the table gets. Only inside a writing transaction."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return (int(row[0]) if row else 0) + 1


def insert(db: sqlite3.Connection, table: str, **cells: Cell) -> int:
    """Add a sealed row; its id, 0 for tables that are keyed by something else."""
    names = columns(db, table)
    if "id" in names and "id" not in cells:
        cells["id"] = next_id(db, table)
    values = [storable(cells.pop(name)) for name in names]
    assert not cells, f"{table} has no {', '.join(cells)}"
    marks = ", ".join("?" * (len(names) + 1))
    quoted = ", ".join(f'"{name}"' for name in (*names, "seal"))
    statement = f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})'  # noqa: S608 - our own names
    db.execute(statement, (*values, seal(table, values)))
    row_id = values[names.index("id")] if "id" in names else 0
    assert isinstance(row_id, int)
    return row_id


def update(db: sqlite3.Connection, table: str, key: int | str, **changes: Cell) -> bool:
    """Change a sealed row; whether it was there. ``key`` is the first column's value."""
    names = columns(db, table)
    find = f'SELECT * FROM "{table}" WHERE "{names[0]}" = ?'  # noqa: S608 - our own names
    row = db.execute(find, (key,)).fetchone()
    if row is None:
        return False
    cells: Mapping[str, Cell] = {name: row[name] for name in names}
    cells = {**cells, **{name: storable(value) for name, value in changes.items()}}
    assert len(cells) == len(names), f"{table} has no such column: {', '.join(changes)}"
    setting = ", ".join(f'"{name}" = ?' for name in (*changes, "seal"))
    sealed = seal(table, [cells[name] for name in names])
    change = f'UPDATE "{table}" SET {setting} WHERE "{names[0]}" = ?'  # noqa: S608 - our own names
    db.execute(change, (*(cells[name] for name in changes), sealed, key))
    return True


def row_seal(db: sqlite3.Connection, table: str, row_id: int) -> bytes:
    """The seal that a row carries."""
    statement = f'SELECT seal FROM "{table}" WHERE id = ?'  # noqa: S608 - our own names
    found: bytes = db.execute(statement, (row_id,)).fetchone()[0]
    return found


def storable(cell: Cell) -> Cell:
    """The cell; SQLite's text is UTF-8, which lone surrogates (undecodable file names) are not."""
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell
