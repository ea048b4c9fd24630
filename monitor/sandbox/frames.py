"""What goes over the socket between the parent and a child: a tag, a length, and a record as JSON; never a pickle."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from monitor.model import Extraction, ExtractOptions, Page, PromiseState, SeverityOverride

HEAD = struct.Struct(">cI")
MAX_FRAME = 512 * 1024 * 1024  # a bound against nonsense; the pages of a document are at most some 20 MB each


@dataclass(frozen=True, slots=True)
class ExtractTask:
    """The arguments of ``Sandbox.extract``."""

    pages: tuple[Page, ...]
    options: ExtractOptions
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class AssessTask:
    """The arguments of ``Sandbox.assess``."""

    before: Extraction
    after: Extraction
    overrides: tuple[SeverityOverride, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseTask:
    """The arguments of ``Sandbox.promise``."""

    sentence: str
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a promise: a word of ``PromiseState``, and the clause that fits best."""

    state: PromiseState
    clause: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong in a child: an ``extraction`` error, ``memory``, or a ``bug`` with where it happened."""

    kind: str
    detail: str
    reason: str


EXTRACT, ASSESS, PROMISE, DONE, FAILED = b"x", b"a", b"p", b"d", b"f"


def send(sock: socket.socket, tag: bytes, payload: bytes) -> None:
    """Write one frame."""
    sock.sendall(HEAD.pack(tag, len(payload)))
    sock.sendall(payload)


def receive(sock: socket.socket) -> tuple[bytes, bytes] | None:
    """The tag and payload of the next frame; None when the other end is gone or sends nonsense."""
    head = _exactly(sock, HEAD.size)
    if head is None:
        return None
    tag, length = HEAD.unpack(head)
    payload = _exactly(sock, length) if length <= MAX_FRAME else None
    return None if payload is None else (tag, bytes(payload))


def _exactly(sock: socket.socket, size: int) -> bytearray | None:
    data = bytearray()
    while len(data) < size:
        part = sock.recv(min(size - len(data), 1 << 20))
        if not part:
            return None
        data += part
    return data
