"""The keys that sign links: from the environment, else from a file that is made once and that only we can read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from monitor.errors import ConfigError, Problem

VARIABLE = "POLICY_MONITOR_KEY"
NAME = ".policy-monitor-key"
LEAST = 32  # characters; the file's have 64


def token_keys(root: Path) -> tuple[bytes, ...]:
    """The keys, the signing one first. Several, separated by white space, let an old one be retired slowly.

    Raises:
        ConfigError: a key is too short, or the file cannot be made or read, or others can read it.
    """
    from_environment = os.environ.get(VARIABLE, "")
    if from_environment:
        return _keys(from_environment, VARIABLE)
    path = root / NAME
    try:
        return _keys(_read(path) or _make(path), str(path))
    except OSError as error:
        raise _wrong(str(path), error.strerror or "cannot be read") from error


def _read(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise _wrong(str(path), "others can read it", hint=f"chmod 600 {path.name}, or delete it for a new one")
        return file.read(4096)


def _make(path: Path) -> str:
    """Written under another name first: two processes that start together end up with one key."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    key = secrets.token_hex(32)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return _read(path)
    finally:
        temporary.unlink(missing_ok=True)
    return key


def _keys(text: str, where: str) -> tuple[bytes, ...]:
    keys = tuple(key.encode("utf-8", "surrogateescape") for key in text.split())
    if not keys or any(len(key) < LEAST for key in keys):
        raise _wrong(where, f"a key needs {LEAST} characters or more", hint="openssl rand -hex 32 makes one")
    return keys


def _wrong(where: str, what: str, *, hint: str = "") -> ConfigError:
    return ConfigError(where, (Problem("key", 0, what, hint),))
