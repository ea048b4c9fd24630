"""The ledger: one SQLite file, opened with care, and transactions on it from any thread."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from monitor.archive.schema import APPLICATION_ID, migrate, schema_version
from monitor.errors import ArchiveError, DamageError

NAME = "monitor.db"
BUSY_SECONDS = 30.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_CAUSES = {
    sqlite3.SQLITE_BUSY: ("another process is writing to it", "try again, and see what keeps it open"),
    sqlite3.SQLITE_LOCKED: ("another process is writing to it", "try again, and see what keeps it open"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "give this user the right to write the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: (
        "it cannot be opened",
        "give this user the right to read and write the file and its folder",
    ),
    sqlite3.SQLITE_PERM: ("access is denied", "give this user the right to read and write the file and its folder"),
    sqlite3.SQLITE_FULL: ("the disk is full", "make room; nothing that was recorded is lost"),
    sqlite3.SQLITE_IOERR: ("the disk does not read or write", "see the system's log for the disk"),
}
_RESTORE = "restore it from a backup; policy-monitor verify tells what is wrong"


class Ledger:
    """Connections to one file: each transaction borrows one, so threads and nested readers never share."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy = busy_seconds
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        # Whether the last commit failed. Its rows may have reached the disk all the same, and whoever opens the ledger
        # next will find them: until another commit has taken their place, no file that they name may go.
        self.unsure = False

    def check(self) -> None:
        """See that it is a ledger of ours, and bring an older one up to date.

        Raises:
            ArchiveError: it is not, or of a newer program, or cannot be opened.
        """
        plain_file(self.path)
        with self.borrowed() as db:
            application = db.execute("PRAGMA application_id").fetchone()[0]
            if application != APPLICATION_ID:
                raise ArchiveError(
                    str(self.path), "not a ledger of this program", remedy="move it away, or name another folder"
                )
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > schema_version():
                raise ArchiveError(
                    str(self.path),
                    f"written by a newer policy-monitor (schema {version}, this one knows {schema_version()})",
                    remedy="upgrade policy-monitor",
                )
            if version < schema_version():
                migrate(db)
            if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                db.execute("PRAGMA journal_mode = wal")

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the ledger throughout. Rows that make no sense become DamageErrors."""
        with self.borrowed() as db:
            db.execute("BEGIN")
            try:
                yield db
            except ValueError as error:  # a cell that is no time, no JSON, no UTF-8, not of its record's type
                raise DamageError(str(self.path), f"holds what cannot be read: {error}", remedy=_RESTORE) from error
            finally:
                _roll_back(db)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, or not at all."""
        with self.borrowed() as db:
            db.execute("BEGIN IMMEDIATE")
            written = db.total_changes
            try:
                yield db
            except BaseException:
                _roll_back(db)
                raise
            try:
                self._commit(db)
            except BaseException:
                self.unsure = True
                _roll_back(db)
                raise
            if db.total_changes > written:
                self.unsure = False  # what failed before stood after the last commit, where this one stands now

    def _commit(self, db: sqlite3.Connection) -> None:
        db.execute("COMMIT")

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[sqlite3.Connection]:
        """A connection outside of transactions. SQLite's errors become ArchiveErrors."""
        try:
            db = self._take()
            try:
                yield db
            finally:
                self._put_back(db)
        except sqlite3.DatabaseError as error:
            raise problem(self.path, error) from error
        except UnicodeDecodeError as error:  # SQLite's message repeats a name that is damaged
            raise DamageError(str(self.path), "not what it was: a name in it is no text", remedy=_RESTORE) from error

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise ArchiveError(str(self.path), "is closed")
            if self._idle:
                return self._idle.pop()
        return connect(self.path, busy_seconds=self._busy)

    def _put_back(self, db: sqlite3.Connection) -> None:
        with self._guard:
            reusable = not self._closed and not db.in_transaction
            if reusable:
                self._idle.append(db)
        if not reusable:
            db.close()

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for db in idle:
            with contextlib.suppress(sqlite3.Error):
                db.close()


def connect(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection with our settings to a file that exists."""
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    db.row_factory = sqlite3.Row
    try:
        for setting in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",  # an erased address is overwritten
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "journal_size_limit = 16777216",
        ):
            db.execute(f"PRAGMA {setting}")
    except BaseException:
        db.close()
        raise
    return db


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        with contextlib.suppress(sqlite3.Error):  # the error that led here is the one to tell
            db.execute("ROLLBACK")


def problem(path: Path, error: sqlite3.DatabaseError) -> ArchiveError:
    """What an error of SQLite means, and what to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return DamageError(str(path), f"not what it was: {error}", remedy=_RESTORE)
    cause, remedy = _CAUSES.get(code, (str(error), _RESTORE))
    return ArchiveError(str(path), cause, remedy=remedy)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def plain_file(path: Path) -> None:
    """See that the ledger is a regular file that only its owner and group can write.

    Raises:
        ArchiveError: it is not.
    """
    for part in (path, path.with_name(f"{NAME}-wal"), path.with_name(f"{NAME}-shm")):
        try:
            status = part.lstat()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ArchiveError(str(part), error.strerror or "cannot be seen") from error
        if not stat.S_ISREG(status.st_mode):
            raise ArchiveError(
                str(part), "not a regular file", remedy="move it away and restore the ledger from a backup"
            )
        if status.st_mode & stat.S_IWOTH:
            raise ArchiveError(str(part), "anybody may write it", remedy=f"chmod o-w {part}")
        if part is path and not status.st_size:
            raise DamageError(str(part), "empty", remedy=_RESTORE)


def create(path: Path, staged: Path) -> None:
    """Make a new ledger: complete before it has its name, and never in place of another file.

    Raises:
        ArchiveError: not possible.
    """
    draft = staged / f"new-{os.getpid()}-{threading.get_ident()}.db"
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640))
        db = connect(draft)
        try:
            db.execute("PRAGMA journal_mode = wal")
            migrate(db)
        finally:
            db.close()
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError, FileNotFoundError):  # another process was faster, and may have swept
            os.link(draft, path)
        draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except sqlite3.DatabaseError as error:
        raise problem(path, error) from error
    except OSError as error:
        raise ArchiveError(
            str(path), error.strerror or "cannot be made", remedy="see that the folder is writable"
        ) from error
