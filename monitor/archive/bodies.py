"""Raw bodies: each kept once under its SHA-256, whole or as a delta to a keyframe of the same URL."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.archive import compressing
from monitor.archive.folder import Folder
from monitor.archive.seal import insert
from monitor.errors import DamageError
from monitor.model import Capture, DocumentKey

DELTAS_PER_KEYFRAME = 24  # with the keyframe itself, every 25th is whole: 51 times smaller than raw, one file to read
_LOOK_BACK = 100  # snapshots among which the last body of a URL is sought


@dataclass(frozen=True, slots=True)
class Blob:
    """A body about to be kept."""

    digest: bytes
    base: bytes | None
    path: str
    size: int
    file: bytes


def plan(
    db: sqlite3.Connection, folder: Folder, key: DocumentKey, *, document: int, captures: Sequence[Capture], stamp: str
) -> tuple[Blob, ...]:
    """How the bodies that are not kept yet will be. ``stamp`` begins the names of their files."""
    blobs: dict[bytes, Blob] = {}
    for capture in captures:
        digest = bytes.fromhex(capture.digest)
        if digest in blobs or kept(db, capture.digest):
            continue
        base, file = _smallest(db, folder, _keyframe(db, document, capture.url), capture.body)
        suffix = f".from-{base.hex()[:12]}" if base is not None else ""
        path = f"{key.vendor}/{key.document}/{stamp}-{digest.hex()[:12]}{suffix}.zst"
        blobs[digest] = Blob(digest, base, path, len(capture.body), file)
    return tuple(blobs.values())


def kept(db: sqlite3.Connection, digest: str) -> bool:
    """Whether a body is kept already."""
    return db.execute("SELECT 1 FROM blobs WHERE digest = ?", (bytes.fromhex(digest),)).fetchone() is not None


def write(db: sqlite3.Connection, blobs: Sequence[Blob]) -> None:
    """Enter bodies whose files are in place."""
    for blob in blobs:
        insert(
            db, "blobs", digest=blob.digest, base=blob.base, path=blob.path, size=blob.size,
            file_digest=hashlib.sha256(blob.file).digest(),
        )  # fmt: skip


def read(db: sqlite3.Connection, folder: Folder, digest: bytes) -> bytes:
    """A kept body.

    Raises:
        DamageError: it is not kept, or not what it was.
    """
    row = db.execute("SELECT base, path, size FROM blobs WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        raise DamageError(str(folder.root), f"no body {digest.hex()} is kept")
    base = read(db, folder, row["base"]) if row["base"] is not None else None
    where = str(folder.root / row["path"])
    try:
        body = compressing.decompress(folder.read(row["path"]), row["size"], base)
    except compressing.BrokenFrameError as error:
        raise DamageError(where, f"cannot be decompressed: {error}") from error
    if hashlib.sha256(body).digest() != digest:
        raise DamageError(where, "its SHA-256 is not the one in the ledger")
    return body


def unneeded(db: sqlite3.Connection, snapshot: int) -> tuple[tuple[bytes, str], ...]:
    """Digest and path of the bodies that only this snapshot needs."""
    return tuple(
        (row["digest"], row["path"])
        for row in db.execute(
            """
            SELECT DISTINCT b.digest, b.path FROM captures c JOIN blobs b ON b.digest = c.digest
            WHERE c.snapshot = :snapshot
              AND NOT EXISTS (SELECT 1 FROM blobs n WHERE n.base = b.digest)
              AND NOT EXISTS (
                SELECT 1 FROM captures o LEFT JOIN drops d ON d.snapshot = o.snapshot
                WHERE o.digest = b.digest AND o.snapshot <> :snapshot AND d.id IS NULL)
            """,
            {"snapshot": snapshot},
        )
    )


def _keyframe(db: sqlite3.Connection, document: int, url: str) -> bytes | None:
    """The keyframe that a new body of the URL can be a delta to, None when it is time for a new one."""
    row = db.execute(
        """
        SELECT coalesce(b.base, b.digest) AS keyframe
        FROM (SELECT id FROM snapshots WHERE document = ? ORDER BY id DESC LIMIT ?) s
             CROSS JOIN captures c ON c.snapshot = s.id CROSS JOIN blobs b ON b.digest = c.digest
        WHERE c.url = ? ORDER BY s.id DESC LIMIT 1
        """,
        (document, _LOOK_BACK, url),
    ).fetchone()
    if row is None:
        return None
    keyframe: bytes = row["keyframe"]
    deltas = db.execute("SELECT count(*) FROM blobs WHERE base = ?", (keyframe,)).fetchone()[0]
    return keyframe if deltas < DELTAS_PER_KEYFRAME else None


def _smallest(
    db: sqlite3.Connection, folder: Folder, keyframe: bytes | None, body: bytes
) -> tuple[bytes | None, bytes]:
    """The base of a body's file and the file: a delta where that saves at least half.

    Where it does not, the page was made anew: as a keyframe it makes the deltas after it small again (measured: 7.6 KB
    a capture instead of 13.5 KB over one such window).
    """
    delta = _delta(db, folder, keyframe, body) if keyframe is not None else None
    if delta is not None and len(delta) * 50 < len(body):  # no page shrinks so far by itself: no need to try
        return keyframe, delta
    whole = compressing.compress(body)
    return (keyframe, delta) if delta is not None and len(delta) * 2 < len(whole) else (None, whole)


def _delta(db: sqlite3.Connection, folder: Folder, keyframe: bytes, body: bytes) -> bytes | None:
    """The delta to the keyframe; None when that is damaged, which ``verify`` tells and must not stop what is new."""
    try:
        base = read(db, folder, keyframe)
    except DamageError:
        return None
    return compressing.compress(body, base) if len(base) >= compressing.SMALLEST_BASE else None
