"""Whether the search index is what the texts give: it holds no text of its own, so it is made again and compared."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from monitor.archive import passages, texts
from monitor.archive.schema import WORDS
from monitor.archive.store import Store
from monitor.archive.verify_rows import NAME, Seen
from monitor.errors import ArchiveError
from monitor.ports import Damage

_VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab({schema}, passage_words, instance)"
_REMEDY = "search may miss or invent hits; texts and changes are not touched"


def searchable(db: sqlite3.Connection, store: Store, seen: Seen) -> Iterator[Damage]:
    """Passages whose versions are not those that have them, and words that stand elsewhere."""
    words, complete = 0, True
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        scratch.execute(WORDS)
        scratch.execute(_VOCABULARY.format(schema="main"))
        for document, key in seen.documents.items():
            try:
                lines, spans = _expected(db, store, document)
            except ArchiveError:  # named with the texts
                complete = False
                continue
            if spans != {digest: sorted(runs, key=_first) for digest, runs in passages.spans(db, document).items()}:
                yield Damage(f"{NAME}: search index", f"is not what the texts give; {_REMEDY}", key)
            for row in db.execute("SELECT id, digest FROM passages WHERE document = ?", (document,)):
                if row["digest"] in lines:
                    scratch.execute(
                        "INSERT INTO passage_words (rowid, text) VALUES (?, ?)",
                        (row["id"], passages.plain(lines[row["digest"]])),
                    )
                else:
                    yield Damage(f"{NAME}: search index", f"has a line that no text has; {_REMEDY}", key)
            words += _sum(scratch)
            scratch.execute("INSERT INTO passage_words (passage_words) VALUES ('delete-all')")
    if complete:
        db.execute("DROP TABLE IF EXISTS temp.vocabulary")
        db.execute(_VOCABULARY.format(schema="main"))
        found = _sum(db)
        db.execute("DROP TABLE temp.vocabulary")
        if found != words:
            yield Damage(f"{NAME}: search index", f"has other words than the texts; {_REMEDY}")


def _expected(
    db: sqlite3.Connection, store: Store, document: int
) -> tuple[dict[bytes, str], dict[bytes, list[tuple[int, int | None]]]]:
    """Every line that any text of a document ever had, and through which versions the present texts carry each."""
    lines: dict[bytes, str] = {}
    running: dict[bytes, int] = {}
    spans: dict[bytes, list[tuple[int, int | None]]] = {}
    for version in db.execute("SELECT seq, snapshot FROM versions WHERE document = ? ORDER BY seq", (document,)):
        now: dict[bytes, str] = {}
        for row in db.execute("SELECT id FROM texts WHERE snapshot = ? ORDER BY id", (version["snapshot"],)):
            now = {digest: line for digest, _start, line in passages.lines(texts.read(db, store.folder, row["id"]))}
            lines |= now
        for digest in running.keys() - now.keys():
            spans.setdefault(digest, []).append((running.pop(digest), version["seq"] - 1))
        for digest in now.keys() - running.keys():
            running[digest] = version["seq"]
    for digest, first in running.items():
        spans.setdefault(digest, []).append((first, None))
    return lines, {digest: sorted(runs, key=_first) for digest, runs in spans.items()}


def _first(run: tuple[int, int | None]) -> int:
    return run[0]


def _sum(db: sqlite3.Connection) -> int:
    """A number that tells two sets of (word, passage, column, place) apart, whatever their order."""
    return sum(hash(tuple(row)) for row in db.execute('SELECT term, doc, col, "offset" FROM temp.vocabulary'))
