"""Whatever is killed, full or unplugged: nothing is lost, nothing is half there, and the next run goes on."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from archive.forked import finish, run, start
from archive.made import Recorder, open_recorder
from archive.victim import STEPS, live, sound, whole
from fakes import FixedClock

import monitor.archive.folder as folder_module
from monitor.archive.archive import open_folder
from monitor.archive.ledger import Ledger
from monitor.errors import ArchiveError

EVERY_POINT = bool(os.environ.get("MONITOR_EVERY_POINT"))  # minutes instead of seconds
CALLS = ("open", "write", "fsync", "rename", "unlink", "mkdir", "link")
UNCHANGED, PENDING, EXCURSION, CONFIRMED, CHANGED = 1, 2, 3, 5, 6  # steps


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    folder = tmp_path_factory.mktemp("undisturbed") / "snapshots"
    live(folder)
    sound(folder)
    return whole(folder)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The archive before each of its steps."""
    root = tmp_path_factory.mktemp("stages")
    folders = [root / str(number) for number in range(len(STEPS))]
    for number, folder in enumerate(folders):
        if number:
            shutil.copytree(folders[number - 1], folder)
        live(folder, number)
    return folders


class Countdown:
    """Ends the process, or fails, at the n-th call of the archive to the file system."""

    def __init__(self, nth: int, *, error: int = 0, forever: bool = False) -> None:
        self.left = nth
        self.error = error
        self.forever = forever

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0 or (self.forever and self.left < 0):
            if self.error:
                raise OSError(self.error, os.strerror(self.error))
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Before each call of ours; and again after it has taken effect, which is another point."""
        known = {name: getattr(os, name) for name in CALLS}
        try:
            for name, call in known.items():
                setattr(os, name, self._counted(call))
            yield
        finally:
            for name, call in known.items():
                setattr(os, name, call)

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self()
            return call(*args, **kwargs)

        return counted


def interrupted(folder: Path, countdown: Countdown, upto: int) -> int:
    def work() -> None:
        with countdown.installed():
            try:
                live(folder, upto)
            except ArchiveError:
                os._exit(4)
        os._exit(0 if countdown.left > 0 else 5)

    return run(work)


def occurrences() -> range:
    """Which calls to hit: every one, or every third from a random one on."""
    return range(1, 200) if EVERY_POINT else range(random.randint(1, 3), 200, 3)


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_killed_at_any_call_to_the_file_system_a_step_is_made_wholly_or_not_at_all(
    stages: list[Path], tmp_path: Path, undisturbed: list[object], step: int
) -> None:
    for nth in occurrences():
        folder = Path(shutil.copytree(stages[step], tmp_path / str(nth)))
        ended = interrupted(folder, Countdown(nth), step + 1)
        assert ended in {0, -signal.SIGKILL}
        sound(folder)
        if nth % 10 < 2:
            live(folder)
            assert whole(folder) == undisturbed
        if ended == 0:
            break
    assert nth > 3


@pytest.mark.parametrize("step", [0, UNCHANGED, EXCURSION, CONFIRMED, CHANGED])
@pytest.mark.parametrize("forever", [False, True], ids=["once", "for ever"])
def test_a_disk_that_fails_or_is_full_at_any_call_ends_in_a_clear_error_and_the_next_run_goes_on(
    stages: list[Path], tmp_path: Path, undisturbed: list[object], step: int, forever: bool
) -> None:
    code = random.choice([errno.EIO, errno.ENOSPC, errno.EDQUOT])
    for nth in occurrences():
        folder = Path(shutil.copytree(stages[step], tmp_path / str(nth)))
        ended = interrupted(folder, Countdown(nth, error=code, forever=forever), step + 1)
        assert ended in {0, 4, 5}  # 5: what failed was clearing up after the commit, which the next run does
        sound(folder)
        if nth % 10 < 2:
            live(folder)
            assert whole(folder) == undisturbed
        if ended == 0:
            break
    assert nth > 3


def test_without_the_list_of_what_is_under_way_a_kill_would_leave_files_behind(
    stages: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the same sweep finds what the list is for."""
    monkeypatch.setattr(folder_module.Folder, "settle", lambda self, known: None)
    left = []
    for nth in occurrences():
        folder = Path(shutil.copytree(stages[CHANGED], tmp_path / str(nth)))
        if interrupted(folder, Countdown(nth), CHANGED + 1) == 0:
            break
        try:
            sound(folder)
        except AssertionError as error:
            left.append(str(error))
    assert any("is not in the ledger" in what for what in left)


def test_killed_at_random_again_and_again_the_archive_comes_to_the_same_end(
    tmp_path: Path, undisturbed: list[object]
) -> None:
    began = time.monotonic()
    assert finish(start(lambda: live(tmp_path / "whole"))) == 0
    length = time.monotonic() - began
    kills = 0
    for attempt in range(400 if EVERY_POINT else 40):
        if attempt >= 4 and kills > 2 and not EVERY_POINT:
            break  # as many as chance wants, until enough of them fell into a run
        folder = tmp_path / str(attempt)
        for _ in range(40):
            child = start(lambda folder=folder: live(folder))  # type: ignore[misc]  # bound now
            time.sleep(random.uniform(0.0, 0.9 * length))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            ended = finish(child)
            kills += ended != 0
            if (folder / "monitor.db").exists():
                sound(folder)
            if ended == 0:
                break
        live(folder)
        assert whole(folder) == undisturbed
    assert kills > 2


STRACE = shutil.which("strace")
SYSCALLS = (
    "pwrite64",
    "fdatasync",
    "fsync",
    "rename",
    "renameat",
    "unlinkat",
    "unlink",
    "mkdirat",
    "ftruncate",
    "link",
)


def traced(folder: Path, upto: int, call: str, fault: str) -> subprocess.CompletedProcess[str]:
    """A run in a process of its own, with a fault injected by the kernel's tracer: SQLite's own calls are hit too."""
    assert STRACE
    command = [STRACE, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{fault}"]
    tests = Path(__file__).parents[1]
    return subprocess.run(
        [*command, sys.executable, "-m", "archive.victim", str(folder), str(upto)],
        env=os.environ | {"PYTHONPATH": f"{tests}:{tests.parent}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def points(step: int) -> list[tuple[str, int]]:
    """Which call to hit and which of its occurrences: all of them, or some."""
    counts = {
        "pwrite64": 40,
        "fsync": 9,
        "fdatasync": 4,
        "renameat": 4,
        "rename": 1,
        "unlinkat": 6,
        "unlink": 3,
        "mkdirat": 3,
    }
    every = [(call, nth) for call, count in counts.items() for nth in range(1, count + 1)]
    return every if EVERY_POINT else random.sample(every, 3)


@pytest.mark.strace
@pytest.mark.parametrize("step", [0, UNCHANGED, CHANGED], ids=["baseline", "unchanged", "changed"])
def test_killed_at_a_system_call_of_sqlite_or_ours_nothing_is_lost(
    stages: list[Path], tmp_path: Path, step: int
) -> None:
    for call, nth in points(step):
        folder = Path(shutil.copytree(stages[step], tmp_path / f"{call}{nth}"))
        done = traced(folder, step + 1, call, f"signal=KILL:when={nth}")
        assert done.returncode in {0, -signal.SIGKILL, 128 + signal.SIGKILL}, done.stderr
        sound(folder)
        live(folder, step + 1)
        sound(folder)


@pytest.mark.strace
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO", "EINTR"])
def test_a_failing_system_call_of_sqlite_or_ours_is_a_clear_error(
    stages: list[Path], tmp_path: Path, fault: str
) -> None:
    for call, nth in points(CHANGED):
        folder = Path(shutil.copytree(stages[CHANGED], tmp_path / f"{call}{nth}"))
        done = traced(folder, CHANGED + 1, call, f"error={fault}:when={nth}")
        assert done.returncode in {0, 4}, done.stderr
        assert done.returncode == 0 or "ArchiveError" in done.stdout or "DamageError" in done.stdout
        sound(folder)
        live(folder, CHANGED + 1)
        sound(folder)


def test_after_a_commit_that_failed_the_same_process_goes_on_and_leaves_nothing(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    ledger = recorder.archive._store.ledger
    with pytest.raises(ArchiveError), failing_commit(ledger):
        recorder.change("We sell your data.")
    before = files(tmp_path)
    with recorder.archive.checking():
        assert files(tmp_path) == before  # a row may still name them
        recorder.change("We sell your data to brokers.")
    assert not ledger.unsure
    assert list(recorder.archive.verify()) == []
    with recorder.archive.checking():
        pass
    assert list(recorder.archive.verify()) == []
    assert len(files(tmp_path)) == len(before)  # what the failed one had placed is gone, what this one placed is there
    recorder.archive.close()


def test_a_disk_that_takes_a_part_of_what_is_written_gets_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Short(io.FileIO):
        def write(self, data: Any) -> int:
            asked.append(len(data))
            return super().write(data[:100])

    monkeypatch.setattr(os, "fdopen", lambda descriptor, mode, **_: Short(descriptor, mode))
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    recorder.change("We sell your data. " + " ".join(random.choice("abcdefgh") * 9 for _ in range(900)))
    monkeypatch.undo()
    assert max(asked) > 1_000  # and so it was told at least ten times that there is more to write
    assert list(recorder.archive.verify()) == []
    recorder.archive.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.suffix in {".md", ".zst"})


@contextlib.contextmanager
def failing_commit(ledger: Ledger) -> Iterator[None]:
    """As if the disk failed while a commit is made durable."""
    known = Ledger._commit

    def fail(_self: Ledger, _db: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    Ledger._commit = fail  # type: ignore[method-assign,assignment]  # for a while
    try:
        yield
    finally:
        Ledger._commit = known  # type: ignore[method-assign]  # as it was
    assert ledger.unsure


def opened(descriptor: int) -> str:
    """The path that a descriptor was opened by."""
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


class Diary:
    """In which order files are made durable, get their names, and rows are committed."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    @contextlib.contextmanager
    def kept(self, recorder: Recorder) -> Iterator[None]:
        known_fsync, known_rename = os.fsync, os.rename

        def fsync(descriptor: int) -> None:
            known_fsync(descriptor)
            self.lines.append(("durable", opened(descriptor)))

        def rename(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
            names = [f"{opened(fd)}/{name}" for fd, name in ((src_dir_fd, source), (dst_dir_fd, target))]
            known_rename(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
            self.lines.append(("renamed", "|".join(names)))

        with recorder.archive._store.ledger.borrowed() as db:
            db.set_trace_callback(lambda sql: self.lines.append(("sql", sql)))
        os.fsync, os.rename = fsync, rename  # type: ignore[assignment]  # for a while
        try:
            yield
        finally:
            os.fsync, os.rename = known_fsync, known_rename

    def broken_rules(self) -> list[str]:
        durable: set[str] = set()
        owing: set[str] = set()  # folders with a new name that is not durable yet
        broken = []
        for what, where in self.lines:
            if what == "durable":
                durable.add(where)
                owing.discard(where)
            elif what == "renamed":
                source, target = where.split("|")
                if source not in durable:
                    broken.append(f"{target} got its name before its bytes were durable")
                owing.add(target.rpartition("/")[0])
            elif where == "COMMIT" and any("INSERT INTO" in sql for kind, sql in self.lines if kind == "sql"):
                broken += [f"committed before the names in {folder} were durable" for folder in owing]
        return broken


def test_bytes_are_durable_before_their_name_and_names_before_the_commit(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    diary = Diary()
    with diary.kept(recorder):
        recorder.change("We sell your data.")
    recorder.archive.close()
    assert [what for what, _where in diary.lines].count("renamed") == 3  # the list, the text, the page
    assert ("sql", "COMMIT") in diary.lines
    assert diary.broken_rules() == []


def test_without_making_things_durable_the_rules_would_be_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control, as if a library swallowed every fsync."""
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    diary = Diary()
    with diary.kept(recorder):
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)
        recorder.change("We sell your data.")
        monkeypatch.undo()
    recorder.archive.close()
    assert any("before its bytes were durable" in rule for rule in diary.broken_rules())
    assert any("committed before" in rule for rule in diary.broken_rules())


def test_what_an_interrupted_run_left_is_swept_by_the_next_and_nothing_else(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    staged = tmp_path / "snapshots/.staged"
    recorder.archive.stage((recorder.capture("cut off"),))
    (staged / "20260101T000000Z-000000000000.md").write_text("half")
    (staged / "odd").mkdir()
    before = [path for path in (tmp_path / "snapshots").rglob("*") if path.is_file() and ".staged" not in path.parts]
    with recorder.archive.checking():
        assert [path.name for path in staged.iterdir()] == ["odd"]
    after = [path for path in (tmp_path / "snapshots").rglob("*") if path.is_file() and ".staged" not in path.parts]
    assert sorted(after) == sorted(before)
    recorder.archive.close()


def test_a_list_that_names_files_elsewhere_removes_nothing(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    (tmp_path / "precious.md").write_text("precious")
    (tmp_path / "snapshots/.staged/intent").write_text('["../precious.md"]')
    with pytest.raises(ArchiveError, match="not a path of the archive"), recorder.archive.checking():
        pass
    assert (tmp_path / "precious.md").read_text() == "precious"
    recorder.archive.close()


def test_a_folder_that_vanishes_is_an_error_and_not_made_anew(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    recorder.baseline()
    (tmp_path / "snapshots").rename(tmp_path / "moved")
    with pytest.raises(ArchiveError), recorder.archive.checking():
        pass
    assert not (tmp_path / "snapshots").exists()
    recorder.archive.close()
    again = open_folder(tmp_path / "moved", clock=FixedClock())
    assert list(again.verify()) == []
    again.close()
