"""Safety nets taken away, for the negative controls: each test of a net must fail without it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence


def nothing() -> None:
    """All nets as they are."""


def rows_before_files() -> None:
    """Commit the rows first and put the files they name in place afterwards."""
    from monitor.archive import recording
    from monitor.archive.folder import Folder

    place = Folder.place
    late: list[tuple[Folder, Mapping[str, bytes], Sequence[str]]] = []

    def remember(self: Folder, files: Mapping[str, bytes], dropped: Sequence[str] = ()) -> None:
        late.append((self, files, dropped))

    def tidy(self: recording.LedgerRecording, plan: object) -> None:
        while late:
            place(*late.pop())

    Folder.place = remember  # type: ignore[method-assign]  # a negative control
    recording.LedgerRecording._tidy = tidy  # type: ignore[method-assign]  # a negative control


def files_in_place() -> None:
    """Write files under their final names instead of renaming whole ones."""
    from monitor.archive.folder import Folder

    def place(self: Folder, files: Mapping[str, bytes], dropped: Sequence[str] = ()) -> None:
        for path, data in files.items():
            with self._directory(path, make=True) as directory:
                self._write(directory, path.rpartition("/")[2], data)

    Folder.place = place  # type: ignore[method-assign]  # a negative control


def two_transactions() -> None:
    """Alerts in a transaction of their own, after that of the change."""
    from monitor.archive import recording
    from monitor.model import Archived, Event
    from monitor.ports import Match, Recorded

    record = recording.LedgerRecording.record

    def split(self: recording.LedgerRecording, archived: Archived, match: Match) -> Recorded:
        from dataclasses import replace

        events: tuple[Event, ...] = archived.events
        done = record(self, replace(archived, events=()), match)
        change = done.change.id if done.change else None
        self.announce([replace(event, change=change) for event in events], match)
        return done

    recording.LedgerRecording.record = split  # type: ignore[method-assign]  # a negative control


def tidy_when_unsure() -> None:
    """After a commit that failed, take the files away that its rows may still name."""
    from monitor.archive.ledger import Ledger

    Ledger.unsure = property(lambda _self: False, lambda _self, _value: None)  # type: ignore[assignment]  # a negative control


def no_lock() -> None:
    """Check without holding the lock."""
    import fcntl

    fcntl.flock = lambda descriptor, operation: None


def mail_before_its_name() -> None:
    """Write mail under random names, as a plain maildir does."""
    from monitor.send.maildir import FolderSender

    def write(self: FolderSender, name: str, raw: bytes) -> None:
        (self._final / f"{os.urandom(8).hex()}.policy-monitor").write_bytes(raw)

    FolderSender._write = write  # type: ignore[method-assign]  # a negative control


KINDS: dict[str, Callable[[], None]] = {
    "": nothing,
    "rows before files": rows_before_files,
    "files in place": files_in_place,
    "two transactions": two_transactions,
    "tidy when unsure": tidy_when_unsure,
    "no lock": no_lock,
    "mail under random names": mail_before_its_name,
}
