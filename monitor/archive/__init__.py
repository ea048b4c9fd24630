"""The archive: raw bytes and readable texts as files, and the ledger that says what each of them is."""

from __future__ import annotations

from pathlib import Path

from monitor.ports import Archive, Clock


def open_archive(folder: Path, *, clock: Clock) -> Archive:
    """The archive in a folder, made when there is none.

    Raises:
        ArchiveError: the folder or the ledger cannot be used, is foreign, or of a newer program.
    """
    from monitor.archive.archive import open_folder

    return open_folder(folder, clock=clock)
