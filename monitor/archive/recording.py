"""Writing: every method is one transaction."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.archive import bodies, chain, compressing, keeping, rebuilding, rows
from monitor.archive.announcing import announce
from monitor.archive.history import change_by_id, snapshot_by_id, version_by_id
from monitor.archive.seal import insert, update
from monitor.archive.store import Store, document_id
from monitor.errors import ArchiveError
from monitor.model import Archived, Capture, DocumentKey, Event, Note, PinnedPromise, Review, WatchState
from monitor.ports import Match, Recorded, Relabelled

_OF_THE_CHANGE = frozenset({"change", "withdrawal", "promise"})  # kinds of events that name the change they come from


class LedgerRecording:
    """The archive's writing part."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextlib.contextmanager
    def checking(self) -> Iterator[None]:
        """Hold the lock on checking, after removing what an interrupted run left.

        Raises:
            LockedError: another process is checking.
            ArchiveError: the ledger cannot be trusted.
        """
        with self._store.checking.held():
            with self._store.ledger.reading() as db:
                chain.trust(db, str(self._store.ledger.path))
            if not self._store.ledger.unsure:
                self._store.folder.sweep(self._store.knows)
            yield

    def stage(self, captures: Sequence[Capture]) -> None:
        """Make raw bytes durable before anything reads them.

        Raises:
            ArchiveError: not possible.
        """
        with self._store.ledger.reading() as db:
            new = {capture.digest: capture.body for capture in captures if not bodies.kept(db, capture.digest)}
        self._store.folder.stage({digest: compressing.compress(body, level=1) for digest, body in new.items()})

    def record(self, archived: Archived, match: Match) -> Recorded:
        """Write all that one check brought: the files first, then every row at once.

        Raises:
            ArchiveError: not possible; nothing was written.
            LockedError: another process is checking.
        """
        store = self._store
        with store.checking.held():
            keeping.see_sense(archived)
            with store.ledger.reading() as db:
                plan = keeping.plan(db, store.folder, archived)
            try:
                store.folder.place(plan.files, plan.dropped)
                with store.ledger.writing() as db:
                    recorded = self._write(db, plan, archived, match)
            finally:
                self._tidy(plan)
        return recorded

    def _tidy(self, plan: keeping.Plan) -> None:
        """Remove files that no row names. What cannot be removed now goes at the start of the next run.

        So does, after a commit that failed, what its rows may still name.
        """
        with contextlib.suppress(ArchiveError):
            if (plan.files or plan.dropped) and not self._store.ledger.unsure:
                self._store.folder.settle(self._store.knows)
            self._store.folder.unstage([capture.digest for capture in plan.captures])

    def _write(self, db: sqlite3.Connection, plan: keeping.Plan, archived: Archived, match: Match) -> Recorded:
        now = self._store.clock.now()
        document = open_document(db, archived.key)
        check = chain.next_check(db)
        kept: keeping.Kept = {}
        snapshot = keeping.write_snapshot(db, plan, archived, document, kept)
        text = keeping.write_text(db, plan, archived, snapshot, kept, now=now)
        version = keeping.write_version(db, plan, archived, text=text, document=document, check=check, kept=kept)
        change = keeping.write_change(db, archived, version=version, check=check, kept=kept, now=now)
        events = [
            replace(event, change=change) if event.change is None and event.kind in _OF_THE_CHANGE else event
            for event in archived.events
        ]
        written, alerts = announce(db, events, match, now=now, check=check)
        kept["events"] = [event.id for event in written if event.id is not None]
        keeping.forget(db, plan, at=now)
        _write_promises(db, archived.promises)
        state = archived.state
        if archived.keep == "pending" and snapshot is not None:
            state = replace(state, pending_snapshot=snapshot)
        write_state(db, document, state)
        chain.append(
            db, document=document, name=str(archived.key), at=rows.stamp(archived.at), outcome=archived.outcome,
            error=archived.error, reason=archived.reason, text_digest=plan.text_digest,
            captures=rows.compact(plan.captures), snapshot=archived.from_snapshot if snapshot is None else snapshot,
            kept=chain.kept_cell(db, kept),
        )  # fmt: skip
        return Recorded(
            check=rows.check_of(db.execute(rows.CHECKS + "WHERE k.id = ?", (check,)).fetchone()),
            snapshot=snapshot_by_id(db, snapshot) if snapshot else None,
            version=version_by_id(db, version) if version else None,
            change=change_by_id(db, change) if change else None,
            events=written,
            alerts=alerts,
        )

    def announce(self, events: Sequence[Event], match: Match) -> int:
        """Write events that belong to no check; number of alerts made. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            _written, alerts = announce(db, events, match, now=self._store.clock.now())
        return alerts

    def relabel(self, relabelled: Sequence[Relabelled]) -> None:
        """Replace extractions and assessments under new revisions; announces nothing. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            rebuilding.relabel(db, self._store.folder, relabelled, now=self._store.clock.now())

    def rename(self, old: DocumentKey, new: DocumentKey) -> None:
        """Give a document's history another name; its files stay where they are.

        Raises:
            ArchiveError: the new name has a history of its own.
        """
        with self._store.ledger.writing() as db:
            document = document_id(db, old)
            if not document:
                return
            other = document_id(db, new)
            if other:  # scheduled already, not yet checked: it takes the old name, so that no row is removed
                if db.execute("SELECT 1 FROM checks WHERE document = ?", (other,)).fetchone():
                    raise ArchiveError(str(self._store.ledger.path), f"{old} cannot become {new}: both have a history")
                update(db, "documents", other, document="")
            update(db, "documents", document, vendor=new.vendor, document=new.document)
            if other:
                update(db, "documents", other, vendor=old.vendor, document=old.document)
            at = rows.stamp(self._store.clock.now())
            insert(db, "renames", document=document, old=str(old), new=str(new), at=at)

    def review(self, change: int, *, state: str, who: str, why: str, at: datetime) -> Review:
        """Write what a person decided about a change. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            review = insert(db, "reviews", change=change, state=state, who=who, why=why, at=rows.stamp(at))
            return rows.review_of(db.execute("SELECT * FROM reviews WHERE id = ?", (review,)).fetchone())

    def note(self, vendor: str, day: str, text: str, *, at: datetime) -> Note:
        """Write a remark on a vendor's timeline. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            note = insert(db, "notes", vendor=vendor, day=day, text=text, at=rows.stamp(at))
            return rows.note_of(db.execute("SELECT * FROM notes WHERE id = ?", (note,)).fetchone())

    def keep_promises(self, promises: Sequence[PinnedPromise]) -> None:
        """Write how pinned sentences stand. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            _write_promises(db, promises)

    def schedule(self, times: Mapping[DocumentKey, datetime]) -> None:
        """Set when documents are next due. Raises ArchiveError."""
        with self._store.ledger.writing() as db:
            for key, at in times.items():
                update(db, "documents", open_document(db, key), next_check_at=rows.stamp(at))


def open_document(db: sqlite3.Connection, key: DocumentKey) -> int:
    """The number of a document; it gets one when it has none."""
    found = document_id(db, key)
    if found:
        return found
    cell = rows.state_cell(WatchState(key))
    return insert(db, "documents", vendor=key.vendor, document=key.document, state=cell, next_check_at=None)


def write_state(db: sqlite3.Connection, document: int, state: WatchState) -> None:
    """Replace what is known of a document before its next check."""
    next_check_at = rows.stamp_or_null(state.next_check_at)
    update(db, "documents", document, state=rows.state_cell(state), next_check_at=next_check_at)


def _write_promises(db: sqlite3.Connection, promises: Sequence[PinnedPromise]) -> None:
    for promise in promises:
        document = open_document(db, promise.key)
        row = db.execute(
            "SELECT id FROM promises WHERE document = ? AND sentence = ?", (document, promise.sentence)
        ).fetchone()
        since = rows.stamp(promise.since)
        if row:
            update(db, "promises", row["id"], state=promise.state, since=since, found=promise.found)
        else:
            insert(
                db, "promises", document=document, sentence=promise.sentence, state=promise.state, since=since,
                found=promise.found,
            )  # fmt: skip
