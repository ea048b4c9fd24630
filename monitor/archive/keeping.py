"""What a check leaves behind: snapshot, bodies, text, version and change; first as a plan of files, then as rows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.archive import bodies, passages, texts
from monitor.archive.assessments import write_assessment
from monitor.archive.folder import Folder, is_segment
from monitor.archive.rows import VERSIONS, stamp, version_of
from monitor.archive.seal import insert
from monitor.archive.store import document_id
from monitor.codec import CodecError, from_json
from monitor.errors import ArchiveError, DamageError
from monitor.model import Archived, Capture, Extraction, SnapshotCapture, Version, WatchState

ACCEPTING = frozenset({"baseline", "version", "withdrawal"})
Kept = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to put in place before the transaction, and what the transaction will write or forget."""

    files: dict[str, bytes]
    blobs: tuple[bodies.Blob, ...]
    captures: tuple[SnapshotCapture, ...]
    text_digest: bytes | None
    base: tuple[Version, bytes] | None  # what a text in the ledger is a delta to
    readable: str  # path of the new version's file, "" when there is none
    dropped: tuple[str, ...]  # paths
    dropped_blobs: tuple[bytes, ...]
    dropped_snapshot: int | None


def see_sense(archived: Archived) -> None:
    """See that a record does not contradict itself.

    Raises:
        ArchiveError: its document cannot have a folder.
        ValueError: it does.
    """
    if not is_segment(archived.key.vendor) or not is_segment(archived.key.document):
        raise ArchiveError(ascii(str(archived.key)), "not a name that a document can have")
    accepts = archived.outcome in ACCEPTING
    kept = archived.from_snapshot is not None or (archived.captures and archived.keep not in {"", "weekly"})
    if accepts and (archived.extraction is None or not kept):
        raise ValueError(f"{archived.key}: a {archived.outcome} needs a text and captures that are kept")
    if archived.kind is not None and archived.assessment is not None and not accepts:
        raise ValueError(f"{archived.key}: a change needs a version")


def plan(db: sqlite3.Connection, folder: Folder, archived: Archived) -> Plan:
    """What recording will do; nothing is written yet.

    Raises:
        DamageError: what is known of the document cannot be read.
    """
    accepts = archived.outcome in ACCEPTING
    document = document_id(db, archived.key)
    name = archived.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    blobs: tuple[bodies.Blob, ...] = ()
    if archived.keep:
        blobs = bodies.plan(db, folder, archived.key, document=document, captures=archived.captures, stamp=name)
    files = {blob.path: blob.file for blob in blobs}
    readable = ""
    if accepts and archived.extraction is not None:
        readable = _readable_path(db, archived, archived.extraction)
        files[readable] = archived.extraction.text.encode()
    current = newest_version(db, document)
    snapshot, dropped = _forgotten(db, document, archived, blobs)
    return Plan(
        files=files,
        blobs=blobs,
        captures=archived.seen or tuple(map(described, archived.captures)),
        text_digest=_text_digest(archived, current),
        base=_base(db, folder, current) if archived.keep == "pending" else None,
        readable=readable,
        dropped=tuple(path for _digest, path in dropped),
        dropped_blobs=tuple(digest for digest, _path in dropped),
        dropped_snapshot=snapshot,
    )


def described(capture: Capture) -> SnapshotCapture:
    """A capture without its body."""
    return SnapshotCapture(
        capture.url, capture.final_url, capture.fetched_at, capture.status, capture.headers, capture.digest,
        len(capture.body), capture.rendered,
    )  # fmt: skip


def newest_version(db: sqlite3.Connection, document: int) -> Version | None:
    """The version with the highest number."""
    row = db.execute(VERSIONS + "WHERE v.document = ? ORDER BY v.seq DESC LIMIT 1", (document,)).fetchone()
    return version_of(row) if row else None


def write_snapshot(db: sqlite3.Connection, plan: Plan, archived: Archived, document: int, kept: Kept) -> int | None:
    """Enter the captures that are kept; the snapshot's id."""
    if not archived.keep or not archived.captures:
        return None
    bodies.write(db, plan.blobs)
    snapshot = insert(
        db, "snapshots", document=document, taken_at=stamp(archived.at), source=archived.source, reason=archived.keep
    )
    kept["snapshots"] = [snapshot]
    kept["captures"] = [
        insert(
            db, "captures", snapshot=snapshot, position=position, url=capture.url, final_url=capture.final_url,
            fetched_at=stamp(capture.fetched_at), status=capture.status,
            headers=json.dumps(capture.headers, separators=(",", ":")), digest=bytes.fromhex(capture.digest),
            size=capture.size, rendered=int(capture.rendered),
        )
        for position, capture in enumerate(map(described, archived.captures))
    ]  # fmt: skip
    return snapshot


def write_text(
    db: sqlite3.Connection, plan: Plan, archived: Archived, snapshot: int | None, kept: Kept, *, now: datetime
) -> int | None:
    """Enter the text of a snapshot that is kept for its text; the row's id."""
    extraction = archived.extraction
    if extraction is None:
        return None
    if plan.readable and archived.from_snapshot is not None:
        known = texts.current(db, archived.from_snapshot)
        if known and (known["digest"].hex(), known["extractor"]) == (extraction.digest, extraction.extractor):
            db.execute("DELETE FROM contents WHERE text = ?", (known["id"],))  # the readable file holds it from now on
            return int(known["id"])
        snapshot = archived.from_snapshot
    elif snapshot is None or archived.keep == "weekly":
        return None
    text = texts.write(db, snapshot, extraction, at=now)
    kept["texts"] = [text]
    if not plan.readable:
        texts.write_content(db, text, extraction.text, plan.base)
    return text


def write_version(
    db: sqlite3.Connection, plan: Plan, archived: Archived, *, text: int | None, document: int, check: int, kept: Kept
) -> int | None:
    """Enter the version that the check accepts; its id."""
    if not plan.readable or archived.extraction is None:
        return None
    assert text is not None
    row = db.execute("SELECT snapshot FROM texts WHERE id = ?", (text,)).fetchone()
    seq = 1 + (db.execute("SELECT max(seq) FROM versions WHERE document = ?", (document,)).fetchone()[0] or 0)
    version = insert(
        db, "versions", document=document, seq=seq, snapshot=row["snapshot"], first_text=text,
        seen_at=stamp(archived.seen_at or archived.at), accepted_at=stamp(archived.at), source=archived.source,
        path=plan.readable, check=check,
    )  # fmt: skip
    kept["versions"] = [version]
    passages.index(db, document, seq, archived.extraction.text)
    return version


def write_change(
    db: sqlite3.Connection, archived: Archived, *, version: int | None, check: int, kept: Kept, now: datetime
) -> int | None:
    """Enter the change that led to the version; its id."""
    if archived.kind is None or archived.assessment is None or archived.extraction is None or version is None:
        return None
    after = db.execute("SELECT document, seq FROM versions WHERE id = ?", (version,)).fetchone()
    before = db.execute(
        "SELECT id FROM versions WHERE document = ? AND seq = ?", (after["document"], after["seq"] - 1)
    ).fetchone()
    if before is None:
        raise ValueError(f"{archived.key}: a change needs an earlier version")
    at = archived.seen_at or archived.at
    change = insert(
        db, "changes", document=after["document"], before=before["id"], after=version, at=stamp(at),
        kind=archived.kind, slug=f"{at.astimezone(UTC):%Y-%m-%d}-v{after['seq']}", check=check,
    )  # fmt: skip
    kept["changes"] = [change]
    assessment, findings = write_assessment(db, change, archived.assessment, archived.extraction.extractor, at=now)
    kept["assessments"], kept["findings"] = [assessment], findings
    return change


def forget(db: sqlite3.Connection, plan: Plan, *, at: datetime) -> None:
    """Drop the raw and the text of a pending text that went away; that it was seen stays."""
    if plan.dropped_snapshot is None:
        return
    insert(db, "drops", snapshot=plan.dropped_snapshot, at=stamp(at))
    db.execute("DELETE FROM contents WHERE text IN (SELECT id FROM texts WHERE snapshot = ?)", (plan.dropped_snapshot,))
    db.executemany("DELETE FROM blobs WHERE digest = ?", [(digest,) for digest in plan.dropped_blobs])


def _readable_path(db: sqlite3.Connection, archived: Archived, extraction: Extraction) -> str:
    seen = (archived.seen_at or archived.at).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    stem = f"{archived.key.vendor}/{archived.key.document}/{seen}-{extraction.digest[:12]}"
    for suffix in ("", *(f"-{number}" for number in range(2, 1000))):  # the same text twice within a second
        path = f"{stem}{suffix}.md"
        if not db.execute("SELECT 1 FROM versions WHERE path = ?", (path,)).fetchone():
            return path
    raise ArchiveError(stem, "a thousand versions of one text within one second")


def _text_digest(archived: Archived, current: Version | None) -> bytes | None:
    if archived.extraction is not None:
        return bytes.fromhex(archived.extraction.digest)
    if archived.outcome in {"unchanged", "excursion"} and current is not None:
        return bytes.fromhex(current.text_digest)
    return None


def _base(db: sqlite3.Connection, folder: Folder, current: Version | None) -> tuple[Version, bytes] | None:
    if current is None:
        return None
    try:
        return current, texts.readable(db, folder, current.id)
    except DamageError:  # verify tells; the new text is then kept by itself
        return None


def _forgotten(
    db: sqlite3.Connection, document: int, archived: Archived, blobs: tuple[bodies.Blob, ...]
) -> tuple[int | None, tuple[tuple[bytes, str], ...]]:
    """The pending snapshot that the new state no longer names, and those of its bodies that nothing else needs."""
    row = db.execute("SELECT state FROM documents WHERE id = ?", (document,)).fetchone()
    try:
        snapshot = from_json(WatchState, row["state"]).pending_snapshot if row else None
    except CodecError as error:
        raise DamageError(str(archived.key), f"its state in the ledger cannot be read: {error}") from error
    if snapshot is None or snapshot in {archived.state.pending_snapshot, archived.from_snapshot}:
        return None, ()
    if db.execute("SELECT 1 FROM drops WHERE snapshot = ?", (snapshot,)).fetchone():
        return None, ()
    needed = {bytes.fromhex(capture.digest) for capture in archived.captures} if archived.keep else set()
    needed |= {blob.base for blob in blobs if blob.base is not None}
    return snapshot, tuple(part for part in bodies.unneeded(db, snapshot) if part[0] not in needed)
