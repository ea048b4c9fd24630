"""What goes over the socket between the parent and a child: a tag, a length, and a record as JSON; never a pickle.

The pages of a task stand beside its JSON as the bytes that they are.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, replace

from monitor.codec import from_json, to_json
from monitor.model import Extraction, ExtractOptions, Page, PromiseState, SeverityOverride

HEAD = struct.Struct(">cI")
_LENGTHS, _LENGTH = struct.Struct(">II"), struct.Struct(">I")
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


def pack(task: ExtractTask) -> bytes:
    """The task as bytes. Bodies stand behind the JSON as they are: as text in it they took a tenth of all the time."""
    head = to_json(replace(task, pages=tuple(replace(page, body=b"") for page in task.pages)))
    return b"".join([_LENGTHS.pack(len(head), len(task.pages)), *map(_sized, (page.body for page in task.pages)), head])


def unpack(data: bytes) -> ExtractTask:
    """The task that ``pack`` made the bytes from."""
    size, count = _LENGTHS.unpack_from(data)
    at = _LENGTHS.size
    bodies = []
    for _ in range(count):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        bodies.append(data[at : at + length])
        at += length
    task = from_json(ExtractTask, data[at : at + size])
    pages = (replace(page, body=body) for page, body in zip(task.pages, bodies, strict=True))
    return replace(task, pages=tuple(pages))


def _sized(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body


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
