"""The life of one archive in small steps, to be killed at any point and taken up again: ``python victim.py FOLDER STEPS``.

What the next step is follows from what is in the archive, as in the real program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from archive.made import ANNA, KEY, START, Recorder, everybody
from fakes import FixedClock

from monitor.archive.archive import FolderArchive, open_folder
from monitor.errors import ArchiveError
from monitor.model import Delivery

STEPS: tuple[Callable[[Recorder], object], ...] = (
    lambda recorder: recorder.baseline(),
    lambda recorder: recorder.unchanged(menu="another"),
    lambda recorder: recorder.pending("We sell your data to brokers."),
    lambda recorder: recorder.excursion(),
    lambda recorder: recorder.pending("We share your data with partners."),
    lambda recorder: recorder.confirm("We share your data with partners."),
    lambda recorder: recorder.change("We share your data with partners and brokers."),
    lambda recorder: recorder.change(kind="withdrawal"),
    lambda recorder: recorder.unchanged(),
)
OUTCOMES = ["baseline", "unchanged", "pending", "excursion", "pending", "version", "version", "withdrawal", "unchanged"]


def live(folder: Path, upto: int = len(STEPS)) -> None:
    """Make the steps that are still to be made, each in a run of its own."""
    archive = open_folder(folder, clock=FixedClock())
    if not archive.subscriptions():
        Recorder(archive, FixedClock()).subscribe()
    while (done := len(list(archive.checks()))) < upto:
        with archive.checking():
            recorder = Recorder(archive, FixedClock(START + timedelta(days=done)), match=everybody)
            STEPS[done](recorder)
        deliver(archive)
    deliver(archive)
    archive.close()


def deliver(archive: FolderArchive) -> None:
    later = START + timedelta(days=100)
    for owed in archive.owed(later):
        archive.assign(f"<{owed.alert.id}@x>", [owed.alert.id])
        archive.delivered(Delivery(f"<{owed.alert.id}@x>", ANNA, later, "sent", alerts=(owed.alert.id,)))


def sound(folder: Path) -> None:
    """What must hold after any interruption, once the next run has begun."""
    if not (folder / "monitor.db").exists():
        return  # killed before the archive had its name
    archive = open_folder(folder, clock=FixedClock())
    try:
        with archive.checking():
            damages = list(archive.verify())
            assert damages == [], damages
            assert [path.name for path in (folder / ".staged").iterdir()] == []
        outcomes = [check.outcome for check in archive.checks()]
        assert outcomes == OUTCOMES[: len(outcomes)]
        assert [version.seq for version in archive.versions(KEY)] == list(range(1, len(archive.versions(KEY)) + 1))
        events = archive.events()
        assert len(events) == len(archive.changes())
        for event in events:
            assert event.id is not None
            assert len(archive.alerts(event.id)) == 1
    finally:
        archive.close()


def whole(folder: Path) -> list[object]:
    """What an archive says at the end, without what depends on how it came about."""
    archive = open_folder(folder, clock=FixedClock())
    try:
        return [
            [check.outcome for check in archive.checks()],
            [(version.seq, version.text_digest, version.path) for version in archive.versions(KEY)],
            [archive.assessment(change.id) for change in archive.changes()],
            [(event.kind, event.change) for event in archive.events()],
            [[alert.state for alert in archive.alerts(event.id or 0)] for event in archive.events()],
            [snapshot.captures[0].digest for snapshot in archive.snapshots(KEY)],
            archive.pending(KEY),
        ]
    finally:
        archive.close()


if __name__ == "__main__":
    try:
        live(Path(sys.argv[1]), int(sys.argv[2]))
    except ArchiveError as problem:
        print(f"{type(problem).__name__}: {problem}")
        sys.exit(4)
