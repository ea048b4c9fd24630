"""A maildir, or a folder of .eml files: each message exactly once, whatever is killed in between."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from monitor.errors import SendError
from monitor.model import Message

LEFT = 3600.0  # seconds after which a temporary file has no writer any more


class FolderSender:
    """Writes each message to a file whose name comes from its Message-ID.

    The bytes are durable under a temporary name before they get their own, by a link that fails when it is taken: a
    message that was handed over but not yet noted as such is found on the next attempt and not written again, also
    when a mail reader has moved it from ``new`` to ``cur`` or flagged it.
    """

    def __init__(self, folder: Path, *, eml: bool = False) -> None:
        self.folder = folder
        self._eml = eml
        self._final = folder if eml else folder / "new"
        self._temporary = folder / "tmp"
        self._ready = False

    def send(self, message: Message) -> None:
        """Return when the message is durable. Raises SendError."""
        name = hashlib.sha256(message.message_id.encode()).hexdigest()[:40] + (
            ".eml" if self._eml else ".policy-monitor"
        )
        try:
            if not self._ready:
                self._prepare()
            if not self._known(name):
                self._write(name, message.raw)
        except OSError as error:
            raise SendError(f"{self.folder}: {error.strerror or error}", server=True) from error

    def close(self) -> None:
        """Nothing is held open."""

    def _prepare(self) -> None:
        folders = [self.folder, self._temporary, self._final] + ([] if self._eml else [self.folder / "cur"])
        missing = [folder for folder in (*self.folder.parents, self.folder) if not folder.exists()]
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in missing:
            _sync(folder.parent)  # a mail in a folder whose own name is lost is lost
        _sync(self.folder)
        self._ready = True

    def _sweep(self, now: float) -> None:
        """Remove what runs that were killed left; what is young may be another process's, still at it."""
        for left in self._temporary.glob("*.policy-monitor.tmp"):
            with contextlib.suppress(FileNotFoundError):
                if left.lstat().st_mtime < now - LEFT:
                    left.unlink()

    def _known(self, name: str) -> bool:
        if (self._final / name).exists():
            return True
        return not self._eml and any((self.folder / "cur").glob(f"{name}*"))

    def _write(self, name: str, raw: bytes) -> None:
        temporary = self._temporary / f"{name}.policy-monitor.tmp"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
            self._sweep(os.fstat(file.fileno()).st_mtime)
        with contextlib.suppress(FileExistsError):  # it came back meanwhile: it is there
            os.link(temporary, self._final / name)
        temporary.unlink()
        _sync(self._final)


def _sync(folder: Path) -> None:
    """Make a folder's names durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
