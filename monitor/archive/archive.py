"""The archive as the use cases see it: one object for reading, recording and the mail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from monitor.archive import backup
from monitor.archive.folder import STAGED, Folder
from monitor.archive.history import LedgerHistory
from monitor.archive.ledger import BUSY_SECONDS, NAME, Ledger, create, sync_folder
from monitor.archive.lock import ProcessLock
from monitor.archive.mailroom import LedgerMailroom
from monitor.archive.proof import LedgerProof
from monitor.archive.recording import LedgerRecording
from monitor.archive.store import Store
from monitor.archive.verify import verify
from monitor.errors import ArchiveError, DamageError
from monitor.ports import Clock, Damage


class FolderArchive(LedgerHistory, LedgerRecording, LedgerMailroom, LedgerProof):
    """The parts of the ``Archive`` protocol over one open folder. May be used from several threads."""

    def verify(self, *, head: str | None = None) -> Iterator[Damage]:
        """Everything that is not what it was; with ``head``, also whether that digest is in the chain."""
        return verify(self._store, head=head)

    def backup(self, target: Path) -> int:
        """Copy the archive as of now into a new folder, also while others write; number of files.

        Raises:
            ArchiveError: not possible.
        """
        return backup.backup(self._store, target)

    def close(self) -> None:
        """Let go of the ledger and the folder."""
        self._store.ledger.close()
        self._store.folder.close()


def open_folder(folder: Path, *, clock: Clock, busy_seconds: float = BUSY_SECONDS) -> FolderArchive:
    """The archive in a folder; made when there is none. ``busy_seconds``: how long to wait for another writer.

    Raises:
        ArchiveError: the folder or the ledger cannot be used, is foreign, or of a newer program.
    """
    path = folder / NAME
    try:
        os.mkdir(folder, 0o750)  # noqa: PTH102 - no parents, and a mode
        sync_folder(folder.parent)
    except FileExistsError:
        pass
    except OSError as error:
        raise ArchiveError(
            str(folder), error.strerror or "cannot be made", remedy="see that its parent is there"
        ) from error
    opened = Folder(folder)
    ledger = Ledger(path, busy_seconds=busy_seconds)
    try:
        if not os.path.lexists(path):
            _make(opened, path)
        ledger.check()
    except BaseException:
        ledger.close()
        opened.close()
        raise
    locks = ProcessLock(folder / ".lock", clock), ProcessLock(folder / ".delivering", clock)
    return FolderArchive(Store(opened, ledger, *locks, clock))


def _make(folder: Folder, path: Path) -> None:
    kept = folder.vendors()
    if kept:
        raise DamageError(
            str(path),
            f"the ledger is missing, but there are snapshots ({kept[0]}, …)",
            remedy="restore it from a backup",
        )
    folder.prepare()
    create(path, folder.root / STAGED)
