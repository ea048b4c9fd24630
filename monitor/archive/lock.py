"""Locks between processes that the kernel frees when their holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import ArchiveError, LockedError
from monitor.ports import Clock


class ProcessLock:
    """One lock file. ``held`` may be entered again by its holder."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._depth = 0
        self._owner = 0
        self._guard = threading.Lock()
        self._descriptor = -1

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            LockedError: another process, thread or archive holds it.
        """
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._guard:
            if self._depth:
                if self._owner != threading.get_ident():
                    raise LockedError("another thread of this process")
                self._depth += 1
                return
            self._descriptor = self._acquire()
            self._depth, self._owner = 1, threading.get_ident()

    def _leave(self) -> None:
        with self._guard:
            self._depth -= 1
            if not self._depth:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._descriptor, 0)
                os.close(self._descriptor)

    def _acquire(self) -> int:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise self._problem(error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            since = self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} since {since}\n".encode(), 0)
        except BlockingIOError as error:
            with os.fdopen(descriptor, "rb") as file:
                holder = file.read(200).decode("ascii", "replace").strip()
            raise LockedError(holder or "a process that has just started") from error
        except OSError as error:
            os.close(descriptor)
            raise self._problem(error) from error
        return descriptor

    def _problem(self, error: OSError) -> ArchiveError:
        remedy = "see that its folder is writable and has room"
        return ArchiveError(str(self.path), error.strerror or "cannot be locked", remedy=remedy)
