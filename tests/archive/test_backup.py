"""A copy of the archive that holds together, taken while others write."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from archive.made import KEY, Recorder, open_recorder, small_history
from fakes import FixedClock

from monitor.archive.archive import open_folder
from monitor.errors import ArchiveError


def test_a_backup_is_an_archive_of_its_own_with_the_same_chain(recorder: Recorder, tmp_path: Path) -> None:
    small_history(recorder)
    head = recorder.archive.head()
    assert recorder.archive.backup(tmp_path / "copy") == 6
    recorder.change("After the backup.")
    copy = open_folder(tmp_path / "copy", clock=FixedClock())
    assert list(copy.verify(head=head)) == []
    assert copy.head() == head
    assert [copy.text(version) for version in copy.versions(KEY)] == [
        recorder.archive.text(version) for version in recorder.archive.versions(KEY)[:-1]
    ]
    Recorder(copy, FixedClock()).change("Recorded in the restored archive.")
    assert list(copy.verify()) == []
    copy.close()
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o027 for path in (tmp_path / "copy").rglob("*")}
    assert modes == {0}


def test_a_backup_never_writes_over_anything(recorder: Recorder, tmp_path: Path) -> None:
    recorder.baseline()
    (tmp_path / "copy").mkdir()
    with pytest.raises(ArchiveError, match="File exists"):
        recorder.archive.backup(tmp_path / "copy")
    with pytest.raises(ArchiveError, match="No such file"):
        recorder.archive.backup(tmp_path / "no/such/copy")
    with pytest.raises(ArchiveError, match="Not a directory"):
        recorder.archive.backup(recorder.archive._store.ledger.path / "copy")


def test_a_backup_taken_while_another_thread_records_holds_together(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    small_history(recorder)
    stop = threading.Event()

    def record() -> None:
        for number in range(60):
            recorder.pending(f"Text {number}.")
            recorder.excursion()
            recorder.change(f"Rule {number} applies.")
            if stop.is_set():
                return

    writer = threading.Thread(target=record)
    writer.start()
    try:
        for number in range(3):
            recorder.archive.backup(tmp_path / f"copy{number}")
    finally:
        stop.set()
        writer.join()
    recorder.archive.close()
    for number in range(3):
        copy = open_folder(tmp_path / f"copy{number}", clock=FixedClock())
        assert list(copy.verify()) == []
        copy.close()


def test_a_backup_of_a_damaged_archive_says_what_is_damaged(recorder: Recorder, tmp_path: Path) -> None:
    recorder.baseline()
    path = recorder.archive._store.folder.root / recorder.archive.versions(KEY)[0].path
    path.unlink()
    with pytest.raises(ArchiveError, match="missing"):
        recorder.archive.backup(tmp_path / "copy")
