"""Texts: a version's first text is its readable file; every other lies in the ledger, as a delta where that helps."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from datetime import datetime

from monitor.archive import compressing
from monitor.archive.folder import Folder
from monitor.archive.rows import stamp
from monitor.archive.seal import insert
from monitor.archive.store import inflated, sealed
from monitor.codec import CodecError, from_json, to_text
from monitor.errors import DamageError
from monitor.model import Extraction, Version


def write(db: sqlite3.Connection, snapshot: int, extraction: Extraction, *, at: datetime) -> int:
    """Enter an extraction, not yet its text; the row's id."""
    return insert(
        db, "texts", snapshot=snapshot, extractor=extraction.extractor, digest=bytes.fromhex(extraction.digest),
        about=to_text(replace(extraction, text="")), made_at=stamp(at),
    )  # fmt: skip


def write_content(db: sqlite3.Connection, text: int, content: str, base: tuple[Version, bytes] | None) -> None:
    """Put the text itself into the ledger. ``base`` is a version whose readable file is nearly the same."""
    if base is not None and len(base[1]) < compressing.SMALLEST_BASE:
        base = None
    frame = compressing.compress(content.encode(), base[1] if base else None)
    insert(db, "contents", text=text, base=base[0].id if base else None, content=frame)


def read(db: sqlite3.Connection, folder: Folder, text: int) -> str:
    """The text of a row of ``texts``.

    Raises:
        DamageError: it is not what it was.
    """
    row = db.execute("SELECT * FROM texts WHERE id = ?", (text,)).fetchone()
    where = f"{folder.root}: text {text}"
    if row is None:
        raise DamageError(where, "not in the ledger")
    content = db.execute("SELECT * FROM contents WHERE text = ?", (text,)).fetchone()
    if content is not None:
        sealed(where, "contents", content)
        base = _file(db, folder, "id = ?", content["base"])[1] if content["base"] is not None else None
        data = inflated(where, content["content"], base)
    else:
        path, data = _file(db, folder, "snapshot = ?", row["snapshot"])
        where = str(folder.root / path)
    if hashlib.sha256(data).digest() != row["digest"]:
        raise DamageError(where, "its SHA-256 is not the one in the ledger")
    return data.decode()


def current(db: sqlite3.Connection, snapshot: int) -> sqlite3.Row | None:
    """The row of ``texts`` that holds for a snapshot."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM texts WHERE snapshot = ? ORDER BY id DESC LIMIT 1", (snapshot,)
    ).fetchone()
    return row


def holds(db: sqlite3.Connection, snapshot: int, extraction: Extraction) -> bool:
    """Whether that is already what holds for a snapshot."""
    row = current(db, snapshot)
    about = to_text(replace(extraction, text=""))
    return row is not None and (row["digest"].hex(), row["about"]) == (extraction.digest, about)


def extraction(db: sqlite3.Connection, folder: Folder, row: sqlite3.Row) -> Extraction:
    """A row of ``texts`` with its text.

    Raises:
        DamageError: one or the other is not what it was.
    """
    where = f"{folder.root}: text {row['id']}"
    sealed(where, "texts", row)
    try:
        about = from_json(Extraction, row["about"])
    except CodecError as error:
        raise DamageError(where, str(error)) from error
    return replace(about, text=read(db, folder, row["id"]))


def readable(db: sqlite3.Connection, folder: Folder, version: int) -> bytes:
    """The bytes of a version's readable file, as they were written.

    Raises:
        DamageError: they are not.
    """
    return _file(db, folder, "id = ?", version)[1]


def _file(db: sqlite3.Connection, folder: Folder, condition: str, value: int) -> tuple[str, bytes]:
    row = db.execute(
        "SELECT v.path, t.digest FROM versions v JOIN texts t ON t.id = v.first_text WHERE v." + condition,  # noqa: S608
        (value,),
    ).fetchone()
    if row is None:
        raise DamageError(str(folder.root), f"no version with {condition.replace('?', str(value))}")
    data = folder.read(row["path"])
    if hashlib.sha256(data).digest() != row["digest"]:
        raise DamageError(str(folder.root / row["path"]), "its SHA-256 is not the one in the ledger")
    return row["path"], data
