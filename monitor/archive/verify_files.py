"""Whether the files are those that the ledger names, with the content it says."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.archive import bodies, texts
from monitor.archive.folder import is_segment
from monitor.archive.store import Store
from monitor.archive.verify_rows import NAME, Seen
from monitor.errors import ArchiveError, DamageError
from monitor.model import DocumentKey
from monitor.ports import Damage


@dataclass(slots=True)
class Present:
    """Files found on disk, and those of them that were asked for."""

    files: set[str] = field(default_factory=set)
    expected: set[str] = field(default_factory=set)


def listing(store: Store, present: Present) -> Iterator[Damage]:
    """Remember every file below the documents' folders; links and things that are no files are damage."""
    root = store.folder.root
    for vendor in _entries(root):
        if vendor.is_symlink():
            yield Damage(vendor.path, "is a link")
        elif vendor.is_dir(follow_symlinks=False) and is_segment(vendor.name):
            for document in _entries(vendor.path):
                key = DocumentKey(vendor.name, document.name)
                if document.is_symlink() or not document.is_dir(follow_symlinks=False):
                    yield Damage(document.path, "is a link" if document.is_symlink() else "is not of the archive")
                    continue
                for file in _entries(document.path):
                    if file.is_symlink() or file.is_file(follow_symlinks=False):  # a link is found when it is read
                        present.files.add(f"{vendor.name}/{document.name}/{file.name}")
                    else:
                        yield Damage(file.path, "is not a file", key)


def stored_bodies(db: sqlite3.Connection, store: Store, seen: Seen, present: Present) -> Iterator[Damage]:
    """Bodies that are missing or not what they were. A delta is not blamed for its keyframe."""
    broken: set[bytes] = set()
    for row in db.execute("SELECT * FROM blobs ORDER BY base IS NOT NULL, base, digest"):
        present.expected.add(row["path"])
        try:
            file = store.folder.read(row["path"])
            if hashlib.sha256(file).digest() != row["file_digest"]:
                raise DamageError(str(store.folder.root / row["path"]), "is not what was written")
            if row["base"] not in broken:
                bodies.read(db, store.folder, row["digest"])
        except ArchiveError as error:
            broken.add(row["digest"])
            if store.knows(row["path"]):  # else a pending text that was dropped meanwhile
                for key in _documents_of(db, seen, row["digest"]):
                    yield Damage(error.path, error.reason, key)
    for row in db.execute(
        """
        SELECT DISTINCT s.document, c.digest FROM captures c JOIN snapshots s ON s.id = c.snapshot
        WHERE c.digest NOT IN (SELECT digest FROM blobs) AND s.id NOT IN (SELECT snapshot FROM drops)
        """
    ):
        yield Damage(f"{NAME}: body {row['digest'].hex()[:12]}", "is not kept", seen.documents.get(row["document"]))
    for row in db.execute(
        "SELECT digest FROM blobs b WHERE digest NOT IN (SELECT digest FROM captures) "
        "AND NOT EXISTS (SELECT 1 FROM blobs n WHERE n.base = b.digest)"
    ):
        yield Damage(f"{NAME}: body {row['digest'].hex()[:12]}", "belongs to no snapshot")


def stored_texts(db: sqlite3.Connection, store: Store, seen: Seen, present: Present) -> Iterator[Damage]:
    """Texts that are missing or not what they were."""
    for row in db.execute("SELECT path FROM versions"):
        present.expected.add(row["path"])
    for row in db.execute(
        """
        SELECT t.id, s.document FROM texts t JOIN snapshots s ON s.id = t.snapshot
        WHERE s.id NOT IN (SELECT snapshot FROM drops) ORDER BY s.document, t.id
        """
    ):
        try:
            texts.read(db, store.folder, row["id"])
        except ArchiveError as error:
            yield Damage(error.path, error.reason, seen.documents.get(row["document"]))


def orphans(store: Store, present: Present) -> Iterator[Damage]:
    """Files that the ledger does not name; those of a transaction under way, or cut off, are none."""
    unknown = present.files - present.expected
    under_way = set(store.folder.intended()) if unknown else set()
    for path in sorted(unknown - under_way):
        vendor, document, _name = path.split("/")
        if not store.knows(path) and os.path.lexists(store.folder.root / path):
            yield Damage(str(store.folder.root / path), "is not in the ledger", DocumentKey(vendor, document))


def _documents_of(db: sqlite3.Connection, seen: Seen, digest: bytes) -> list[DocumentKey | None]:
    found = db.execute(
        "SELECT DISTINCT s.document FROM captures c JOIN snapshots s ON s.id = c.snapshot WHERE c.digest = ?", (digest,)
    )
    return [seen.documents.get(row["document"]) for row in found] or [None]


def _entries(folder: str | os.PathLike[str]) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
