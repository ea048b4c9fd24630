"""The folder of the generated report: each file is whole or not there, and no planted link leads out of it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import SiteError

_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}")
_PART = re.compile(r"\.(.{1,200})\.([0-9]{1,10})\.part")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a planted FIFO must not hang us


class FolderSite:
    """Files below one folder. The folder itself may be a link its owner made; nothing below it is followed.

    Files are not synced to the disk one by one: all of them can be made again from the archive by ``report``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, path: str, content: bytes) -> bool:
        """Put a file at a relative path, whole or not at all; whether its content differed.

        Raises:
            SiteError: it could not be written.
        """
        *folders, name = _segments(path)
        part = f".{name}.{os.getpid()}.part"
        try:
            with self._folder(folders, make=True) as folder:
                if _read(folder, name) == content:
                    return False
                _remove(folder, part)
                try:
                    descriptor = os.open(
                        part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=folder
                    )
                    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
                        file.write(content)
                    os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
                except OSError:
                    _remove(folder, part)
                    raise
        except OSError as error:
            raise SiteError(str(self.path / path), error.strerror or str(error)) from error
        return True

    def read(self, path: str) -> bytes | None:
        """The file's content, None when there is no such regular file."""
        *folders, name = _segments(path)
        try:
            with self._folder(folders, make=False) as folder:
                return _read(folder, name)
        except OSError:
            return None

    def remove(self, path: str) -> None:
        """Take a file away; nothing happens when it is not there.

        Raises:
            SiteError: it is there and stays.
        """
        *folders, name = _segments(path)
        try:
            with self._folder(folders, make=False) as folder:
                _remove(folder, name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SiteError(str(self.path / path), error.strerror or str(error)) from error

    def paths(self) -> tuple[str, ...]:
        """Every file below the folder, sorted; what killed writers left half-done is swept away.

        Raises:
            SiteError: the folder could not be read.
        """
        try:
            return tuple(sorted(self._walk()))
        except OSError as error:
            raise SiteError(str(self.path), error.strerror or str(error)) from error

    def _walk(self) -> Iterator[str]:
        top = self.path.resolve()
        if not top.is_dir():
            return
        for root, _folders, names, descriptor in os.fwalk(top, follow_symlinks=False):
            here = Path(root).relative_to(top).as_posix()
            for name in names:
                part = _PART.fullmatch(name)
                if part is None:
                    yield name if here == "." else f"{here}/{name}"
                elif not _alive(int(part.group(2))):
                    with contextlib.suppress(OSError):
                        os.unlink(name, dir_fd=descriptor)

    @contextlib.contextmanager
    def _folder(self, names: list[str], *, make: bool) -> Iterator[int]:
        """A descriptor of a folder below ours, opened step by step so that no link is followed."""
        if make:
            self.path.mkdir(parents=True, exist_ok=True)
        current = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in names:
                try:
                    below = os.open(name, _FOLDER, dir_fd=current)
                except FileNotFoundError:
                    if not make:
                        raise
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(name, 0o755, dir_fd=current)
                    below = os.open(name, _FOLDER, dir_fd=current)
                os.close(current)
                current = below
            yield current
        finally:
            os.close(current)


def _segments(path: str) -> list[str]:
    parts = path.split("/")
    if not all(_SEGMENT.fullmatch(part) for part in parts):
        message = f"not a path of the site: {path!r}"
        raise ValueError(message)
    return parts


def _read(folder: int, name: str) -> bytes | None:
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError:  # not there, or a link or socket in its place: the write replaces it
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        return file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def _remove(folder: int, name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
