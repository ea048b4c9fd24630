"""Texts and assessments under new revisions, for ``rebuild``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.archive import passages, texts
from monitor.archive.assessments import write_assessment
from monitor.archive.folder import Folder
from monitor.archive.store import document_id
from monitor.errors import DamageError
from monitor.ports import Relabelled


def relabel(db: sqlite3.Connection, folder: Folder, relabelled: Sequence[Relabelled], *, now: datetime) -> None:
    """Add the new texts and assessments, which hold from now on; ids, slugs, reviews and what was told stay."""
    touched = set()
    for row in relabelled:
        extraction, version = row.extraction, row.version
        if not texts.holds(db, version.snapshot, extraction):
            _write_text(db, folder, row, now=now)
            touched.add(version.key)
        if row.change is not None and row.assessment is not None:
            write_assessment(db, row.change, row.assessment, extraction.extractor, at=now)
    for key in sorted(touched):
        document = document_id(db, key)
        passages.reindex(db, document, _texts(db, folder, document))


def _write_text(db: sqlite3.Connection, folder: Folder, row: Relabelled, *, now: datetime) -> None:
    first = db.execute(
        "SELECT t.digest FROM versions v JOIN texts t ON t.id = v.first_text WHERE v.id = ?", (row.version.id,)
    ).fetchone()
    text = texts.write(db, row.version.snapshot, row.extraction, at=now)
    if first["digest"].hex() == row.extraction.digest:
        return
    try:
        base = (row.version, texts.readable(db, folder, row.version.id))
    except DamageError:  # verify tells; the new text is kept by itself
        base = None
    texts.write_content(db, text, row.extraction.text, base)


def _texts(db: sqlite3.Connection, folder: Folder, document: int) -> Iterator[tuple[int, str]]:
    """All texts of a document that can be read, oldest first, as they hold now."""
    for row in db.execute("SELECT seq, snapshot FROM versions WHERE document = ? ORDER BY seq", (document,)):
        current = texts.current(db, row["snapshot"])
        if current is not None:
            try:
                yield row["seq"], texts.read(db, folder, current["id"])
            except DamageError:  # verify tells; it cannot be searched
                continue
