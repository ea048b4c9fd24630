"""A copy of the archive that holds together, taken while others write."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from monitor.archive.folder import Folder
from monitor.archive.ledger import NAME, connect, problem
from monitor.archive.store import Store
from monitor.errors import ArchiveError

_ATTEMPTS = 5  # a pending text may be dropped between the copy of the ledger and that of its file


def backup(store: Store, target: Path) -> int:
    """Copy ledger and files into a folder that must not exist; number of files, the ledger apart.

    Raises:
        ArchiveError: not possible; what was copied stays for a look.
    """
    try:
        os.mkdir(target, 0o750)  # noqa: PTH102 - no parents, and a mode
    except OSError as error:
        raise ArchiveError(str(target), error.strerror or "cannot be made", remedy="name a new folder") from error
    copy = Folder(target)
    try:
        for attempt in range(1, _ATTEMPTS + 1):
            paths = _copy_ledger(store, target / NAME)
            try:
                for path in paths:
                    copy.place({path: store.folder.read(path)})
                    copy.settle(lambda _path: True)
            except ArchiveError:
                if attempt == _ATTEMPTS or all(map(store.knows, paths)):
                    raise
            else:
                break
        copy.sweep(lambda _path: True)
    finally:
        copy.close()
    return len(paths)


def _copy_ledger(store: Store, target: Path) -> list[str]:
    """A compact copy of the ledger as of now; the paths it names."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640))
    with store.ledger.borrowed() as db:
        db.execute("VACUUM INTO ?", (str(target),))
    try:
        with contextlib.closing(connect(target)) as db:
            db.execute("PRAGMA journal_mode = wal")
            return [row["path"] for row in db.execute("SELECT path FROM blobs UNION SELECT path FROM versions")]
    except sqlite3.DatabaseError as error:
        raise problem(target, error) from error
