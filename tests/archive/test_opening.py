"""Which folders and files are an archive, and that nothing is ever made in place of something else."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archive.forked import as_nobody, finish, start
from archive.made import ANNA, KEY, Recorder, open_recorder, small_history, text_of
from fakes import FixedClock

from monitor.archive import open_archive
from monitor.archive.archive import FolderArchive, open_folder
from monitor.archive.schema import STEPS
from monitor.errors import ArchiveError, DamageError, LockedError
from monitor.model import Subscription

Harm = Callable[[Path], object]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    recorder = open_recorder(folder)
    small_history(recorder)
    recorder.archive.close()
    return folder / "snapshots"


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "snapshots"))


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def ledger(folder: Path) -> Path:
    return folder / "monitor.db"


def sql(statement: str) -> Harm:
    def harm(folder: Path) -> None:
        with contextlib.closing(sqlite3.connect(ledger(folder), isolation_level=None)) as db:
            db.execute(statement)

    return harm


def replaced(content: bytes) -> Harm:
    return lambda folder: ledger(folder).write_bytes(content)


def another_database(folder: Path) -> None:
    ledger(folder).unlink()
    sql("CREATE TABLE bookmarks (url)")(folder)


def a_folder(folder: Path) -> None:
    ledger(folder).unlink()
    ledger(folder).mkdir()


def a_link(folder: Path) -> None:
    ledger(folder).rename(folder.parent / "elsewhere.db")
    ledger(folder).symlink_to(folder.parent / "elsewhere.db")


def a_pipe(folder: Path) -> None:
    ledger(folder).unlink()
    os.mkfifo(ledger(folder))


def cut(folder: Path) -> None:
    ledger(folder).write_bytes(ledger(folder).read_bytes()[:5000])


HARMS: dict[str, tuple[Harm, str]] = {
    "another program's database": (another_database, "not a ledger of this program"),
    "another application id": (sql("PRAGMA application_id = 7"), "not a ledger of this program"),
    "a newer schema": (sql("PRAGMA user_version = 99"), "newer policy-monitor"),
    "no database": (replaced(b"watchlist\n" * 100), "not what it was"),
    "an empty file": (replaced(b""), "empty"),
    "half a file": (cut, "not what it was"),
    "a folder": (a_folder, "not a regular file"),
    "a link": (a_link, "not a regular file"),
    "a pipe": (a_pipe, "not a regular file"),
    "lost": (lambda folder: ledger(folder).unlink(), "ledger is missing"),
    "writable by anybody": (lambda folder: ledger(folder).chmod(0o666), "anybody may write"),
    "in a folder writable by anybody": (lambda folder: folder.chmod(0o777), "anybody may write"),
}


@pytest.mark.parametrize("name", HARMS)
def test_a_ledger_that_cannot_be_trusted_is_refused_with_cause_and_remedy_and_left_as_it_is(
    folder: Path, name: str
) -> None:
    harm, cause = HARMS[name]
    harm(folder)
    before = content(folder)
    with pytest.raises(ArchiveError, match=cause) as caught:
        open_folder(folder, clock=FixedClock())
    assert caught.value.remedy
    assert content(folder) == before


def content(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    }


def test_a_folder_that_is_a_file_or_a_link_or_has_no_parent_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name, cause in (("file", "Not a directory"), ("link", "is a link"), ("no/such", "No such file")):
        with pytest.raises(ArchiveError, match=cause):
            open_folder(tmp_path / name, clock=FixedClock())
    assert list((tmp_path / "real").iterdir()) == []


def test_a_new_archive_is_made_in_a_new_or_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/README.md").write_text("# snapshots")
    for name in ("new", "empty"):
        archive = open_archive(tmp_path / name, clock=FixedClock())
        assert archive.head() == ""
        assert list(archive.verify()) == []
        archive.close()
        assert sorted(path.name for path in (tmp_path / name).iterdir() if path.name != "README.md") == [
            ".staged",
            "monitor.db",
        ]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nothing_is_ever_readable_by_others_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    os.umask(umask)
    recorder = open_recorder(tmp_path)
    small_history(recorder)
    with recorder.archive.checking(), recorder.archive.delivering():
        recorder.archive.stage((recorder.capture("staged"),))
        modes = {stat.S_IMODE(path.stat().st_mode) & 0o027 for path in (tmp_path / "snapshots").rglob("*")}
        modes |= {stat.S_IMODE((tmp_path / "snapshots").stat().st_mode) & 0o027}
    assert modes == {0o000}
    recorder.archive.close()


def test_the_ledger_is_kept_as_promised(folder: Path) -> None:
    archive = open_folder(folder, clock=FixedClock())
    with archive._store.ledger.borrowed() as db:
        settings = {
            name: db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    archive.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_nullable_columns_say_what_null_means(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger(folder))) as db:
        lines = "\n".join(
            row[0] for row in db.execute("SELECT sql FROM sqlite_schema WHERE sql LIKE '%STRICT%'")
        ).splitlines()
    columns = [
        line
        for line in lines
        if (line.startswith("  ") and line.strip().split()[0].islower()) or line.startswith('  "')
    ]
    assert len(columns) > 100
    silent = [line for line in columns if "NOT NULL" not in line and "PRIMARY KEY" not in line and "NULL:" not in line]
    assert silent == []


def test_readers_work_while_another_process_writes_and_writers_wait_for_their_turn(folder: Path) -> None:
    archive = open_folder(folder, clock=FixedClock(), busy_seconds=0.05)
    head = archive.head()
    with contextlib.closing(sqlite3.connect(ledger(folder), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM notes")
        assert archive.head() == head
        assert len(archive.versions(KEY)) == 3
        with pytest.raises(ArchiveError, match="another process is writing"):
            archive.note("larkspur", "2026-03-29", "x", at=FixedClock().now())
        other.execute("ROLLBACK")
    archive.note("larkspur", "2026-03-29", "x", at=FixedClock().now())
    archive.close()


READERS: dict[str, Callable[[FolderArchive], object]] = {
    "state": lambda archive: archive.state(KEY),
    "states": lambda archive: archive.states(),
    "pending": lambda archive: archive.pending(KEY),
    "seen_before": lambda archive: archive.seen_before(KEY, "00" * 32),
    "versions": lambda archive: archive.versions(KEY),
    "version": lambda archive: archive.version(1),
    "changes": lambda archive: archive.changes(),
    "change": lambda archive: archive.change(1),
    "assessment": lambda archive: archive.assessment(1),
    "checks": lambda archive: list(archive.checks()),
    "chain": lambda archive: list(archive.chain()),
    "head": lambda archive: archive.head(),
    "snapshot": lambda archive: archive.snapshot(1),
    "snapshots": lambda archive: archive.snapshots(KEY),
    "documents": lambda archive: archive.documents(),
    "events": lambda archive: archive.events(),
    "reviews": lambda archive: archive.reviews(),
    "notes": lambda archive: archive.notes(),
    "promises": lambda archive: archive.promises(),
    "search": lambda archive: archive.search("data"),
    "body": lambda archive: archive.body("00" * 32),
    "subscriptions": lambda archive: archive.subscriptions(),
    "subscription": lambda archive: archive.subscription(1),
    "suppressed": lambda archive: archive.suppressed(ANNA),
    "owed": lambda archive: archive.owed(FixedClock().now()),
    "addressees": lambda archive: archive.addressees(FixedClock().now()),
    "alerts": lambda archive: archive.alerts(1),
    "deliveries": lambda archive: archive.deliveries(),
    "subscribe": lambda archive: archive.subscribe(Subscription(ANNA)),
    "checking": lambda archive: archive.checking().__enter__(),
}


@pytest.mark.parametrize("name", READERS)
def test_a_ledger_that_breaks_while_it_is_open_is_an_archive_error_of_every_method(folder: Path, name: str) -> None:
    archive = open_folder(folder, clock=FixedClock())
    archive._store.ledger.close()
    ledger(folder).write_bytes(b"\xff" * 8192)
    fresh = FolderArchive(archive._store)
    fresh._store.ledger._closed = False
    with pytest.raises(ArchiveError):
        READERS[name](fresh)
    archive.close()


def test_a_ledger_or_folder_that_may_not_be_written_is_refused_before_any_fetch(folder: Path) -> None:
    def expect(cause: str) -> Callable[[], None]:
        def attempt() -> None:
            with pytest.raises(ArchiveError, match=cause):
                open_folder(folder, clock=FixedClock(), busy_seconds=0.05)

        return attempt

    for path in (folder, *folder.parents[:3]):
        path.chmod(0o755)
    ledger(folder).chmod(0o444)
    assert as_nobody(expect("read-only|cannot be opened|denied")) == 0
    ledger(folder).chmod(0o000)
    assert as_nobody(expect("cannot be opened|denied")) == 0
    ledger(folder).chmod(0o640)
    folder.chmod(0o000)
    assert as_nobody(expect("Permission denied")) == 0
    folder.chmod(0o750)


def test_a_log_left_by_a_crash_is_taken_up_and_a_stale_index_of_it_is_no_harm(folder: Path, tmp_path: Path) -> None:
    archive = open_folder(folder, clock=FixedClock())
    archive.note("larkspur", "2026-03-29", "written into the log", at=FixedClock().now())
    left = Path(shutil.copytree(folder, tmp_path / "left"))
    archive.close()
    assert (left / "monitor.db-wal").stat().st_size > 0
    (left / "monitor.db-shm").write_bytes(b"\x5a" * 32768)
    again = open_folder(left, clock=FixedClock())
    assert [note.text for note in again.notes()] == ["written into the log"]
    assert list(again.verify()) == []
    again.close()


def test_without_its_log_the_ledger_is_what_it_was_before(folder: Path, tmp_path: Path) -> None:
    recorder = Recorder(open_folder(folder, clock=FixedClock()), FixedClock())
    recorder.archive.note("larkspur", "2026-03-29", "written into the log", at=FixedClock().now())
    left = Path(shutil.copytree(folder, tmp_path / "left"))
    recorder.archive.close()
    (left / "monitor.db-wal").unlink()
    again = open_folder(left, clock=FixedClock())
    assert again.notes() == ()
    assert list(again.verify()) == []
    again.close()


def test_two_processes_that_make_the_archive_at_once_share_it(tmp_path: Path) -> None:
    def work() -> None:
        archive = open_folder(tmp_path / "snapshots", clock=FixedClock())
        archive.subscribe(Subscription(ANNA))
        archive.close()

    assert [finish(child) for child in [start(work) for _ in range(4)]] == [0, 0, 0, 0]
    archive = open_folder(tmp_path / "snapshots", clock=FixedClock())
    assert len(archive.subscriptions()) == 4
    assert list(archive.verify()) == []
    archive.close()


def test_a_ledger_of_the_first_schema_is_opened_and_whole(tmp_path: Path) -> None:
    """The file was written by the first release and is never made again."""
    from monitor.archive import compressing

    packed = Path(__file__).parent / "schema-1.tar.zst"
    unpacked = tmp_path / "schema-1.tar"
    unpacked.write_bytes(compressing.inflate(packed.read_bytes()))
    with tarfile.open(unpacked) as tar:
        tar.extractall(tmp_path, filter="data")
    recorder = Recorder(open_folder(tmp_path / "snapshots", clock=FixedClock()), FixedClock())
    archive = recorder.archive
    assert list(archive.verify()) == []
    assert [change.slug for change in archive.changes(KEY)] == ["2026-04-02-v2", "2026-04-05-v3"]
    assert archive.text(archive.versions(KEY)[0]) == text_of()
    recorder.change("Written by this release.")
    assert list(archive.verify()) == []
    archive.close()


def another_step(monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    monkeypatch.setattr("monitor.archive.schema.STEPS", (*STEPS, statement))


def version_of(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(ledger(folder))) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_an_older_ledger_is_brought_up_to_date_by_the_steps_it_lacks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_step(monkeypatch, "CREATE TABLE added (x TEXT) STRICT;")
    archive = open_folder(folder, clock=FixedClock())
    assert version_of(folder) == len(STEPS) + 1
    assert len(archive.versions(KEY)) == 3
    archive.close()
    open_folder(folder, clock=FixedClock()).close()
    monkeypatch.undo()
    with pytest.raises(ArchiveError, match="newer policy-monitor"):
        open_folder(folder, clock=FixedClock())


def test_a_step_that_fails_leaves_the_ledger_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_step(monkeypatch, "CREATE TABLE added (x TEXT) STRICT; CREATE TABLE notes (x);")
    with pytest.raises(ArchiveError):
        open_folder(folder, clock=FixedClock())
    monkeypatch.undo()
    assert version_of(folder) == len(STEPS)
    archive = open_folder(folder, clock=FixedClock())
    assert list(archive.verify()) == []
    archive.close()


def test_only_one_archive_checks_at_a_time_and_the_other_learns_who_and_since_when(folder: Path) -> None:
    first, second = (open_folder(folder, clock=FixedClock()) for _ in range(2))
    with first.checking():
        with pytest.raises(LockedError, match=rf"process {os.getpid()} since 2026-03-29T12:00:00Z"), second.checking():
            pass
        with first.checking():  # the holder may enter again
            pass
        with pytest.raises(LockedError):
            Recorder(second, FixedClock()).unchanged()
        second.note("larkspur", "2026-03-29", "others may write notes", at=FixedClock().now())
    with second.checking():
        pass
    first.close()
    second.close()


def test_the_lock_goes_with_the_process_that_holds_it(folder: Path) -> None:
    reader, writer = os.pipe()

    def hold() -> None:
        with open_folder(folder, clock=FixedClock()).checking():
            os.write(writer, b"held")
            os.kill(os.getpid(), signal.SIGSTOP)  # it holds the lock also while it is stopped

    child = start(hold)
    os.close(writer)
    assert os.read(reader, 4) == b"held"
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(LockedError, match=f"process {child}"), archive.checking():
        pass
    assert archive.head() != ""
    os.kill(child, signal.SIGKILL)
    assert finish(child) == -9
    with archive.checking():
        pass
    archive.close()
    os.close(reader)


def test_a_link_planted_at_the_place_of_a_lock_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (folder / ".lock").unlink()
    (folder / ".lock").symlink_to(tmp_path / "precious")
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(ArchiveError), archive.checking():
        pass
    assert (tmp_path / "precious").read_text() == "precious"
    archive.close()


def test_two_threads_share_an_archive(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    archive = open_folder(folder, clock=FixedClock())

    def work(number: int) -> int:
        archive.note("larkspur", "2026-03-29", str(number), at=FixedClock().now())
        archive.search("data")
        return len(archive.versions(KEY))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(40))) == {3}
    assert len(archive.notes()) == 40
    assert len(archive._store.ledger._idle) <= 4
    assert list(archive.verify()) == []
    archive.close()


def test_another_thread_cannot_enter_a_lock_that_is_held(folder: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    archive = open_folder(folder, clock=FixedClock())

    def work() -> None:
        with pytest.raises(LockedError, match="another thread"), archive.checking():
            pass

    with archive.checking(), ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
    archive.close()


def test_file_descriptors_do_not_leak(folder: Path) -> None:
    before = descriptors()
    for _ in range(5):
        recorder = Recorder(open_folder(folder, clock=FixedClock()), FixedClock())
        with recorder.archive.checking():
            recorder.change("again and again")
        list(recorder.archive.verify())
        recorder.archive.close()
    assert descriptors() == before


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_closed_archive_says_so_and_can_be_closed_again(folder: Path) -> None:
    archive = open_folder(folder, clock=FixedClock())
    version = archive.versions(KEY)[0]
    archive.close()
    archive.close()
    with pytest.raises(ArchiveError, match="is closed"):
        archive.text(version)
    with pytest.raises(ArchiveError):
        archive._store.folder.read(version.path)
    assert [damage.what for damage in archive.verify()] == ["is closed"]


def test_what_is_found_damaged_at_opening_says_how_to_go_on(folder: Path) -> None:
    replaced(b"\xff" * 4096)(folder)
    with pytest.raises(DamageError, match="restore it from a backup"):
        open_folder(folder, clock=FixedClock())
