"""Reading what was kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime

from monitor.archive import bodies, passages, rows, texts
from monitor.archive.assessments import read_assessment
from monitor.archive.store import Store, document_id, inflated, sealed
from monitor.errors import DamageError
from monitor.model import (
    Assessment,
    Change,
    Check,
    DocumentKey,
    Event,
    Extraction,
    Note,
    PinnedPromise,
    Review,
    Snapshot,
    Version,
    WatchState,
)
from monitor.ports import Hit

REMEMBERED = 64  # earlier texts of a document that its state carries; ``seen_before`` knows all
_PAGE = 500  # rows read at a time, so that no reader holds the ledger while its caller works
_EVERY_DOCUMENT = "SELECT id, vendor, document FROM documents"
_ONE_DOCUMENT = "SELECT id, vendor, document FROM documents WHERE id = :document"
_STATES = "SELECT * FROM documents WHERE id IN (SELECT id FROM chosen) ORDER BY vendor, document"
_CURRENT = (
    rows.VERSIONS.replace("SELECT", "SELECT v.document AS of_document,", 1).replace(  # noqa: S608 - constants
        "FROM versions v JOIN documents d ON d.id = v.document",
        "FROM chosen d CROSS JOIN versions v ON v.document = d.id",  # in this order, whatever the planner guesses
    )
    + "WHERE v.seq = (SELECT max(seq) FROM versions WHERE document = d.id)"
)
_EARLIER = """
SELECT v.document, t.digest
FROM (SELECT id, (SELECT max(seq) FROM versions WHERE document = d.id) AS newest FROM chosen d LIMIT -1) d
     CROSS JOIN versions v ON v.document = d.id AND v.seq BETWEEN d.newest - :remembered AND d.newest - 1
     CROSS JOIN texts t ON t.id = (SELECT max(id) FROM texts WHERE snapshot = v.snapshot)
ORDER BY v.document, v.seq
"""


class LedgerHistory:
    """The archive's reading part."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def state(self, key: DocumentKey) -> WatchState:
        """What is known of a document; of an unknown one, that nothing is."""
        with self._store.ledger.reading() as db:
            return next(iter(self._states(db, document_id(db, key)).values()), WatchState(key))

    def states(self) -> Mapping[DocumentKey, WatchState]:
        """The same for every document that has a row."""
        with self._store.ledger.reading() as db:
            return self._states(db, None)

    def _states(self, db: sqlite3.Connection, document: int | None) -> dict[DocumentKey, WatchState]:
        """Three queries, however many documents there are."""
        where = str(self._store.ledger.path)
        values = {"document": document, "remembered": REMEMBERED}
        chosen = f"WITH chosen AS ({_EVERY_DOCUMENT if document is None else _ONE_DOCUMENT}) "
        current = {row["of_document"]: rows.version_of(row) for row in db.execute(chosen + _CURRENT, values)}
        earlier: dict[int, list[str]] = {}
        for row in db.execute(chosen + _EARLIER, values):
            earlier.setdefault(row["document"], []).append(row["digest"].hex())
        states = {}
        for row in db.execute(chosen + _STATES, values):
            sealed(where, "documents", row)
            number = row["id"]
            states[rows.key_of(row)] = rows.state_of(row, current.get(number), earlier.get(number, ()))
        return states

    def seen_before(self, key: DocumentKey, digest: str) -> bool:
        """Whether a version other than the current one had that text, under any extractor revision."""
        with self._store.ledger.reading() as db:
            row = db.execute(
                """
                SELECT 1 FROM texts t CROSS JOIN versions v ON v.snapshot = t.snapshot
                WHERE t.digest = :digest AND v.document = :document
                  AND v.seq < (SELECT max(seq) FROM versions WHERE document = :document)
                """,
                {"digest": bytes.fromhex(digest), "document": document_id(db, key)},
            ).fetchone()
        return row is not None

    def body(self, digest: str) -> bytes:
        """The raw bytes of a kept capture.

        Raises:
            DamageError: they are not what they were.
        """
        with self._store.ledger.reading() as db:
            return bodies.read(db, self._store.folder, bytes.fromhex(digest))

    def text(self, version: Version) -> str:
        """The version's text as it holds now.

        Raises:
            DamageError: it is not what it was.
        """
        with self._store.ledger.reading() as db:
            return texts.read(db, self._store.folder, self._text_row(db, version.snapshot)["id"])

    def extraction(self, version: Version) -> Extraction:
        """The same with what was found out about it.

        Raises:
            DamageError: it is not what it was.
        """
        with self._store.ledger.reading() as db:
            return texts.extraction(db, self._store.folder, self._text_row(db, version.snapshot))

    def _text_row(self, db: sqlite3.Connection, snapshot: int) -> sqlite3.Row:
        row = texts.current(db, snapshot)
        if row is None:
            raise DamageError(str(self._store.ledger.path), f"snapshot {snapshot} has no text")
        return row

    def pending(self, key: DocumentKey) -> Extraction | None:
        """The text that waits for its second sighting, None when there is none.

        Raises:
            DamageError: it is not what it was.
        """
        snapshot = self.state(key).pending_snapshot
        if snapshot is None:
            return None
        with self._store.ledger.reading() as db:
            row = texts.current(db, snapshot)
            return texts.extraction(db, self._store.folder, row) if row is not None else None

    def versions(self, key: DocumentKey) -> tuple[Version, ...]:
        """All versions of a document, oldest first."""
        with self._store.ledger.reading() as db:
            found = db.execute(rows.VERSIONS + "WHERE v.document = ? ORDER BY v.seq", (document_id(db, key),))
            return tuple(map(rows.version_of, found))

    def version(self, version_id: int) -> Version | None:
        """The version of that id."""
        with self._store.ledger.reading() as db:
            return version_by_id(db, version_id)

    def changes(
        self, key: DocumentKey | None = None, *, vendor: str | None = None, since: datetime | None = None
    ) -> tuple[Change, ...]:
        """Changes in the order in which they were recorded."""
        with self._store.ledger.reading() as db:
            where, values = _where(
                {"c.document = ?": _chosen(db, key), "d.vendor = ?": vendor, "c.at >= ?": rows.stamp_or_null(since)}
            )
            found = db.execute(f"{rows.CHANGES} {where} ORDER BY c.id", values)
            return tuple(map(rows.change_of, found))

    def change(self, change_id: int) -> Change | None:
        """The change of that id."""
        with self._store.ledger.reading() as db:
            return change_by_id(db, change_id)

    def assessment(self, change_id: int) -> Assessment:
        """Findings and clause changes of a change, as they hold now.

        Raises:
            DamageError: they are not what was written.
        """
        where = str(self._store.ledger.path)
        with self._store.ledger.reading() as db:
            row = db.execute(
                "SELECT * FROM assessments WHERE change = ? ORDER BY id DESC LIMIT 1", (change_id,)
            ).fetchone()
        if row is None:
            raise DamageError(where, f"change {change_id} has no assessment")
        return read_assessment(row, where)

    def labels(self) -> Mapping[int, tuple[str, ...]]:
        """The labels of each change's findings as they hold now, gravest first, each once."""
        found: dict[int, dict[str, None]] = {}
        with self._store.ledger.reading() as db:
            query = (
                "SELECT a.change, f.label FROM findings f JOIN assessments a ON a.id = f.assessment "
                "WHERE a.id = (SELECT max(id) FROM assessments WHERE change = a.change) "
                "ORDER BY instr('none  low   mediumhigh', f.severity) DESC, f.id"
            )
            for row in db.execute(query):
                found.setdefault(row["change"], {})[row["label"]] = None
        return {change: tuple(labels) for change, labels in found.items()}

    def checks(self, key: DocumentKey | None = None, *, since: datetime | None = None) -> Iterator[Check]:
        """Checks in the order in which they were made."""
        last = 0
        while True:
            with self._store.ledger.reading() as db:
                where, values = _where(
                    {"k.id > ?": last, "k.document = ?": _chosen(db, key), "k.at >= ?": rows.stamp_or_null(since)}
                )
                found = db.execute(f"{rows.CHECKS} {where} ORDER BY k.id LIMIT {_PAGE}", values).fetchall()
            yield from map(rows.check_of, found)
            if len(found) < _PAGE:
                return
            last = found[-1]["id"]

    def chain(self, *, upto: str | None = None) -> Iterator[Check]:
        """Check rows in chain order, up to and with the one of that digest."""
        for check in self.checks():
            yield check
            if upto is not None and check.digest == upto:
                return

    def head(self) -> str:
        """Digest of the newest check row, "" while there is none."""
        with self._store.ledger.reading() as db:
            row = db.execute("SELECT digest FROM checks ORDER BY id DESC LIMIT 1").fetchone()
        return row["digest"].hex() if row else ""

    def snapshot(self, snapshot_id: int) -> Snapshot | None:
        """The snapshot of that id, None when it was dropped."""
        with self._store.ledger.reading() as db:
            return snapshot_by_id(db, snapshot_id)

    def snapshots(self, key: DocumentKey) -> tuple[Snapshot, ...]:
        """The document's snapshots that are kept, oldest first."""
        with self._store.ledger.reading() as db:
            ids = db.execute("SELECT id FROM snapshots WHERE document = ? ORDER BY id", (document_id(db, key),))
            found = (snapshot_by_id(db, row["id"]) for row in ids.fetchall())
            return tuple(snapshot for snapshot in found if snapshot is not None)

    def documents(self) -> tuple[DocumentKey, ...]:
        """Every document that has any history, declared or not."""
        with self._store.ledger.reading() as db:
            found = db.execute(
                "SELECT vendor, document FROM documents d "
                "WHERE EXISTS (SELECT 1 FROM checks WHERE document = d.id) ORDER BY vendor, document"
            )
            return tuple(map(rows.key_of, found))

    def events(self, *, since: datetime | None = None, key: DocumentKey | None = None) -> tuple[Event, ...]:
        """What was told, in order."""
        where = str(self._store.ledger.path)
        with self._store.ledger.reading() as db:
            wanted, values = _where({"e.document = ?": _chosen(db, key), "e.at >= ?": rows.stamp_or_null(since)})
            found = db.execute(f"{rows.EVENTS} {wanted} ORDER BY e.id", values)
            return tuple(rows.event_of(row, inflated(where, row["content"])) for row in found)

    def reviews(self, change_id: int | None = None) -> tuple[Review, ...]:
        """What people decided, in order."""
        with self._store.ledger.reading() as db:
            where, values = _where({"change = ?": change_id})
            found = db.execute(f"SELECT * FROM reviews {where} ORDER BY id", values)  # noqa: S608 - constants
            return tuple(map(rows.review_of, found))

    def notes(self, vendor: str | None = None) -> tuple[Note, ...]:
        """Remarks, by the day they are about."""
        with self._store.ledger.reading() as db:
            where, values = _where({"vendor = ?": vendor})
            found = db.execute(f"SELECT * FROM notes {where} ORDER BY day, id", values)  # noqa: S608 - constants
            return tuple(map(rows.note_of, found))

    def promises(self, key: DocumentKey | None = None) -> tuple[PinnedPromise, ...]:
        """Pinned sentences as they stood when last looked at."""
        with self._store.ledger.reading() as db:
            where, values = _where({"p.document = ?": _chosen(db, key)})
            found = db.execute(f"{rows.PROMISES} {where} ORDER BY p.id", values)
            return tuple(map(rows.promise_of, found))

    def search(self, query: str, *, key: DocumentKey | None = None, limit: int = 50) -> tuple[Hit, ...]:
        """Lines that hold all words of the query, those of current versions first. "Quoted words" stand together."""
        folder = self._store.folder
        hits = []
        read: dict[int, str] = {}
        with self._store.ledger.reading() as db:
            for found in passages.search(db, query, document=_chosen(db, key), limit=limit):
                row = db.execute(
                    rows.VERSIONS + "WHERE v.document = ? AND v.seq = ?", (found.document, found.seq)
                ).fetchone()
                version = rows.version_of(row)
                if version.id not in read:
                    try:
                        read[version.id] = texts.read(db, folder, self._text_row(db, version.snapshot)["id"])
                    except DamageError:  # verify tells; the other documents can still be searched
                        read[version.id] = ""
                for digest, start, line in passages.lines(read[version.id]):
                    if digest == found.digest:
                        hits.append(Hit(version, line, start, found.current))
                        break
        return tuple(hits)


def version_by_id(db: sqlite3.Connection, version_id: int) -> Version | None:
    """The version of that id."""
    row = db.execute(rows.VERSIONS + "WHERE v.id = ?", (version_id,)).fetchone()
    return rows.version_of(row) if row else None


def change_by_id(db: sqlite3.Connection, change_id: int) -> Change | None:
    """The change of that id."""
    row = db.execute(rows.CHANGES + "WHERE c.id = ?", (change_id,)).fetchone()
    return rows.change_of(row) if row else None


def snapshot_by_id(db: sqlite3.Connection, snapshot_id: int) -> Snapshot | None:
    """The snapshot of that id, None when it was dropped."""
    condition = "WHERE s.id = ? AND NOT EXISTS (SELECT 1 FROM drops WHERE snapshot = s.id)"
    row = db.execute(rows.SNAPSHOTS + condition, (snapshot_id,)).fetchone()
    captures = db.execute("SELECT * FROM captures WHERE snapshot = ? ORDER BY position", (snapshot_id,))
    return rows.snapshot_of(row, captures) if row else None


def _chosen(db: sqlite3.Connection, key: DocumentKey | None) -> int | None:
    """The number of a document to choose by: None any, 0 none."""
    return None if key is None else document_id(db, key)


def _where(conditions: Mapping[str, str | int | None]) -> tuple[str, list[str | int]]:
    """A WHERE of the conditions whose value is given, so that each finds its index; and their values."""
    given = {condition: value for condition, value in conditions.items() if value is not None}
    return (f"WHERE {' AND '.join(given)}" if given else ""), list(given.values())
