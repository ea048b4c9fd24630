"""The archive's folder: files that appear whole, under their final name, or not at all.

Every path is walked without following links. A file is written under ``.staged``, made durable, and only then
renamed. Before the first rename of a transaction its paths are listed in ``.staged/intent``; whoever finds that list
after a crash removes those of its files that the ledger does not know.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from monitor.errors import ArchiveError, DamageError

STAGED = ".staged"
INTENT = "intent"
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9TZ]{16}-[0-9a-f]{12}(?:-[0-9]{1,9})?(?:\.from-[0-9a-f]{12})?\.(?:md|zst)")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def safe_path(path: str) -> tuple[str, str, str]:
    """The vendor, document and file name of a path below the archive's folder.

    Raises:
        DamageError: it is no such path.
    """
    parts = path.split("/")
    if len(parts) != 3 or not all(map(_SEGMENT.fullmatch, parts[:2])) or not _NAME.fullmatch(parts[2]):
        raise DamageError(path, "not a path of the archive")
    return parts[0], parts[1], parts[2]


def is_segment(name: str) -> bool:
    """Whether a name is one that a vendor or document can have."""
    return _SEGMENT.fullmatch(name) is not None


class Folder:
    """The open folder; ``descriptor`` stays valid when somebody moves it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.is_symlink():
            raise ArchiveError(str(root), "is a link", remedy="make it a folder, or mount the other place there")
        try:
            self.descriptor = os.open(root, _DIRECTORY)
        except OSError as error:
            raise self.problem(error) from error
        mode = os.fstat(self.descriptor).st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            os.close(self.descriptor)
            raise ArchiveError(str(root), "anybody may write here", remedy=f"chmod o-w {root}")

    def close(self) -> None:
        """Let go of the folder; what is asked of it afterwards is an error."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = -1

    def problem(self, error: OSError, path: str = "") -> ArchiveError:
        """What an error of the operating system means for the archive."""
        where = str(self.root / path) if path else str(self.root)
        return ArchiveError(
            where, error.strerror or str(error), remedy="see that the folder is there, writable and has room"
        )

    def read(self, path: str) -> bytes:
        """A file's bytes.

        Raises:
            DamageError: it is missing, unreadable, or no regular file.
        """
        where = str(self.root / path)
        try:
            with self._directory(path, make=False) as directory:
                descriptor = os.open(
                    path.rpartition("/")[2], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory
                )
                with os.fdopen(descriptor, "rb") as file:
                    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                        raise DamageError(where, "not a regular file")
                    return file.read()
        except FileNotFoundError as error:
            raise DamageError(where, "missing") from error
        except OSError as error:
            raise DamageError(where, f"unreadable: {error.strerror}") from error

    def stage(self, files: Mapping[str, bytes]) -> None:
        """Make bytes durable under ``.staged``, named by their digest."""
        if not files:
            return
        try:
            with self._staged() as staged:
                for name, data in files.items():
                    self._write(staged, name, data)
                os.fsync(staged)
        except OSError as error:
            raise self.problem(error, STAGED) from error

    def unstage(self, digests: Iterable[str]) -> None:
        """Drop staged bytes, if they are there."""
        try:
            with self._staged() as staged:
                for digest in filter(_DIGEST.fullmatch, digests):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(digest, dir_fd=staged)
        except OSError as error:
            raise self.problem(error, STAGED) from error

    def place(self, files: Mapping[str, bytes], dropped: Sequence[str] = ()) -> None:
        """Make files durable under their final names; ``dropped`` are paths that the same transaction will forget.

        Raises:
            ArchiveError: not possible; ``settle`` removes what was placed.
        """
        if not files and not dropped:
            return
        path = STAGED
        try:
            with self._staged() as staged:
                for path, data in files.items():
                    self._write(staged, path.rpartition("/")[2], data)
                self._write(staged, f"{INTENT}.new", json.dumps(self._owed(staged, files, dropped)).encode())
                os.rename(f"{INTENT}.new", INTENT, src_dir_fd=staged, dst_dir_fd=staged)
                os.fsync(staged)
                for path in files:
                    with self._directory(path, make=True) as directory:
                        name = path.rpartition("/")[2]
                        os.rename(name, name, src_dir_fd=staged, dst_dir_fd=directory)
                for path in {path.rpartition("/")[0]: path for path in files}.values():
                    with self._directory(path, make=False) as directory:
                        os.fsync(directory)
        except OSError as error:
            raise self.problem(error, path) from error

    def _owed(self, staged: int, files: Mapping[str, bytes], dropped: Sequence[str]) -> list[str]:
        """The paths of this transaction, after those of one before it that is not settled yet."""
        return list(dict.fromkeys([*self._intended(staged), *files, *dropped]))

    def settle(self, known: Callable[[str], bool]) -> None:
        """Remove the files of the last transaction that the ledger does not know, and forget the transaction."""
        try:
            with self._staged() as staged:
                for path in self._intended(staged):
                    if not known(path):
                        self._remove(path)
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(INTENT, dir_fd=staged)
        except OSError as error:
            raise self.problem(error, STAGED) from error

    def sweep(self, known: Callable[[str], bool]) -> None:
        """Remove all that an interrupted run left."""
        self.settle(known)
        try:
            with self._staged() as staged:
                for name in os.listdir(staged):  # noqa: PTH208 - a descriptor
                    with contextlib.suppress(IsADirectoryError):
                        os.unlink(name, dir_fd=staged)
        except OSError as error:
            raise self.problem(error, STAGED) from error

    def prepare(self) -> None:
        """Make the folder for what is under way."""
        try:
            with self._staged():
                pass
        except OSError as error:
            raise self.problem(error, STAGED) from error

    def vendors(self) -> list[str]:
        """Names of the folders that look like a vendor's."""
        return sorted(
            name
            for name in os.listdir(self.descriptor)  # noqa: PTH208 - a descriptor
            if is_segment(name) and stat.S_ISDIR(os.stat(name, dir_fd=self.descriptor, follow_symlinks=False).st_mode)
        )

    def intended(self) -> list[str]:
        """The files of a transaction that is under way or was cut off."""
        try:
            with self._open(STAGED, self.descriptor, make=False) as staged:
                return self._intended(staged)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self.problem(error, STAGED) from error

    def _intended(self, staged: int) -> list[str]:
        try:
            descriptor = os.open(INTENT, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=staged)
        except FileNotFoundError:
            return []
        with os.fdopen(descriptor, "rb") as file:
            try:
                return [str(path) for path in json.loads(file.read())]
            except (ValueError, TypeError) as error:  # it was whole before it got its name: the disk broke its word
                where = str(self.root / STAGED / INTENT)
                remedy = "see what policy-monitor verify names, and remove this file"
                raise DamageError(where, "not what was written", remedy=remedy) from error

    def _remove(self, path: str) -> None:
        safe_path(path)
        with contextlib.suppress(FileNotFoundError), self._directory(path, make=False) as directory:
            os.unlink(path.rpartition("/")[2], dir_fd=directory)
            os.fsync(directory)

    @contextlib.contextmanager
    def _staged(self) -> Iterator[int]:
        with self._open(STAGED, self.descriptor, make=True) as staged:
            yield staged

    @contextlib.contextmanager
    def _directory(self, path: str, *, make: bool) -> Iterator[int]:
        vendor, document, _name = safe_path(path)
        with (
            self._open(vendor, self.descriptor, make=make) as above,
            self._open(document, above, make=make) as directory,
        ):
            yield directory

    @contextlib.contextmanager
    def _open(self, name: str, above: int, *, make: bool) -> Iterator[int]:
        try:
            descriptor = os.open(name, _DIRECTORY, dir_fd=above)
        except FileNotFoundError:
            if not make:
                raise
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, 0o750, dir_fd=above)
            os.fsync(above)
            descriptor = os.open(name, _DIRECTORY, dir_fd=above)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @staticmethod
    def _write(directory: int, name: str, data: bytes) -> None:
        """A durable file; one of that name, left by an interrupted run, is replaced."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=directory)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(name, flags, 0o640, dir_fd=directory), "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            os.fsync(file.fileno())
