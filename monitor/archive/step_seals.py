"""Seals of the rows that say when each step of the schema was taken: the library's table has no column for one."""

from __future__ import annotations

import sqlite3

from monitor.archive.seal import digest

_TIME = len("2026-11-24 17:06:24.953084+00:00")  # as the library writes it


def mark(db: sqlite3.Connection) -> None:
    """Put its seal behind every time that has none. Only inside a writing transaction."""
    for number, name, written in db.execute("SELECT id, name, applied_at FROM _sqlite_migrations").fetchall():
        if len(written) == _TIME:
            db.execute("UPDATE _sqlite_migrations SET applied_at = ? WHERE id = ?", (_sealed(name, written), number))


def altered(db: sqlite3.Connection) -> list[str]:
    """The steps whose time is not what was written. One without a seal is of an earlier program."""
    return [
        name
        for name, written in db.execute("SELECT name, applied_at FROM _sqlite_migrations")
        if len(written) != _TIME and written != _sealed(name, written[:_TIME])
    ]


def _sealed(name: str, at: str) -> str:
    return f"{at} {digest(('_sqlite_migrations', name, at)).hex()}"
