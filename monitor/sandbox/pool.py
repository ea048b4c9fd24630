"""The parent's side: children that are started when first needed, watched, and replaced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import TypeVar

from monitor.codec import CodecError, from_json, to_json
from monitor.errors import ExtractionError, SandboxError
from monitor.model import Assessment, Extraction, ExtractOptions, Page, SeverityOverride
from monitor.sandbox import frames, limits

T = TypeVar("T")
TASKS_PER_CHILD = 200  # what a library leaks stays small
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")  # no proxies, no passwords


class _Child:
    """One child process and the socket to it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.sock, theirs = socket.socketpair()
        with theirs:
            environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
            environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        self.tasks = 0
        self.late = False

    def ask(self, tag: bytes, payload: bytes, wall: float) -> tuple[bytes, bytes] | None:
        """The answer's frame, None when the child is gone; it is killed at the deadline."""
        self.tasks += 1
        timer = threading.Timer(wall, self._too_late)
        timer.daemon = True
        timer.start()
        try:
            frames.send(self.sock, tag, payload)
            return frames.receive(self.sock)
        except OSError:
            return None
        finally:
            timer.cancel()

    def _too_late(self) -> None:
        self.late = True
        self.process.kill()

    def end(self) -> int:
        """Kill the child if it still runs, and wait for it; its exit status."""
        self.sock.close()
        self.process.kill()
        return self.process.wait()


class SandboxPool:
    """Implements the port ``Sandbox``. Safe to call from several threads: each call has a child of its own."""

    def __init__(self, *, size: int = 2, wall: float = limits.WALL_SECONDS, command: Sequence[str] = ()) -> None:
        self._command = tuple(command) or (sys.executable, "-B", "-s", "-m", "monitor.sandbox.child")
        self._wall = wall
        self._slots = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []

    def extract(self, pages: Sequence[Page], options: ExtractOptions, previous: str | None = None) -> Extraction:
        """One text from all pages of a document.

        Raises:
            ExtractionError: the bytes give no text that can be trusted.
            SandboxError: a limit was reached.
        """
        task = frames.ExtractTask(tuple(pages), options, previous)
        return self._run(frames.EXTRACT, frames.pack(task), Extraction)

    def assess(self, before: Extraction, after: Extraction, overrides: Sequence[SeverityOverride] = ()) -> Assessment:
        """What differs and what that means.

        Raises:
            SandboxError: a limit was reached.
        """
        return self._run(frames.ASSESS, to_json(frames.AssessTask(before, after, tuple(overrides))), Assessment)

    def promise(self, sentence: str, text: str) -> tuple[str, str]:
        """Whether a text still makes a pinned promise, and the clause that fits best.

        Raises:
            SandboxError: a limit was reached.
        """
        kept = self._run(frames.PROMISE, to_json(frames.PromiseTask(sentence, text)), frames.Kept)
        return kept.state, kept.clause

    def close(self) -> None:
        """End the idle children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _run(self, tag: bytes, payload: bytes, kind: type[T]) -> T:
        with self._slots:
            child = self._take()
            keep = False
            try:
                answer = child.ask(tag, payload, self._wall)
                if answer is None:
                    raise self._obituary(child)
                result = self._read(*answer, kind)
                keep = child.tasks < TASKS_PER_CHILD
            except ExtractionError:
                keep = child.tasks < TASKS_PER_CHILD
                raise
            finally:
                self._give_back(child, keep=keep)
        return result

    def _take(self) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self._command)

    def _give_back(self, child: _Child, *, keep: bool) -> None:
        if keep and child.process.poll() is None:
            with self._lock:
                self._idle.append(child)
        else:
            child.end()

    @staticmethod
    def _read(tag: bytes, payload: bytes, kind: type[T]) -> T:
        """The record in an answer. A child may have been subverted, so what it says is checked, not trusted."""
        try:
            if tag == frames.DONE:
                return from_json(kind, payload)
            failure = from_json(frames.Failure, payload)
        except CodecError as error:
            raise SandboxError("died", f"the child answered nonsense: {error}") from error
        if failure.kind == "extraction":
            raise ExtractionError(failure.detail, failure.reason)
        raise SandboxError("memory" if failure.kind == "memory" else "died", failure.reason)

    @staticmethod
    def _obituary(child: _Child) -> SandboxError:
        status = child.end()
        if child.late:
            return SandboxError("timeout", "the task took too long")
        if status == -signal.SIGXCPU:
            return SandboxError("cpu", f"the task needed more than {limits.CPU_SECONDS} s of CPU time")
        if status == -signal.SIGABRT:
            return SandboxError("memory", "the child gave up, most likely for want of memory")
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"
        return SandboxError("died", f"the child ended {how}")
