"""What one fetch may cost: seconds over all its requests, and bytes of each answer.

Clients know timeouts a receive, not in total: with ``timeout=2`` a server that sends one byte a second keeps three
well-known ones busy for ever. So every receive asks here how long it may take, and tells what it got. Waiting for
politeness is not counted: only between ``start`` and ``stop`` does time run.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from monitor.errors import BadResponse, Unreachable
from monitor.ports import Clock

MAX_HEAD = 256 * 1024  # status line and headers; browsers allow about as much
MAX_BODY = 10_000_000  # on the wire
_PATIENCE = 2.0


@dataclass
class Budget:
    """Mutable: one fetch's purse. ``url`` is the address it is being spent on, for messages."""

    clock: Clock
    seconds: float
    stopped: threading.Event = field(default_factory=threading.Event)  # set when the whole gate closes
    url: str = ""
    received: int = 0  # bytes of the current answer
    head: int = 0  # bytes of its status line and headers, once they are read
    ended: bool = False  # the other side ended the connection
    _allowed: int = MAX_HEAD
    _spent: float = 0.0
    _since: float | None = None

    def start(self, url: str) -> None:
        """A request begins: time runs, bytes count from zero, only a head is allowed."""
        self.url = url
        self.received = self.head = 0
        self.ended = False
        self._allowed = MAX_HEAD
        self._since = self.clock.monotonic()

    def stop(self) -> None:
        """A request is over: time stands still."""
        if self._since is not None:
            self._spent += self.clock.monotonic() - self._since
            self._since = None

    def head_read(self, ahead: int) -> None:
        """The head is complete, ``ahead`` bytes of the body came with it: now a body is allowed."""
        self.head = self.received - ahead
        self._allowed = self.head + MAX_BODY

    @property
    def left(self) -> float:
        """Seconds left, zero or less when time is up."""
        running = 0.0 if self._since is None else self.clock.monotonic() - self._since
        return self.seconds - self._spent - running

    def remaining(self) -> float:
        """Seconds left, more than zero.

        Raises:
            Unreachable: none is (``timeout``), or the gate was closed (``stopped``).
        """
        if self.stopped.is_set():
            raise Unreachable(self.url, "stopped", "the program is ending")
        if (left := self.left) <= 0:
            raise self.expired()
        return left

    def patience(self) -> float:
        """How long one wait may last before asking again: closing the gate ends all fetches within this time.

        Raises:
            Unreachable: as of ``remaining``.
        """
        return min(self.remaining(), _PATIENCE)

    def expired(self) -> Unreachable:
        """The error that says that time is up."""
        return Unreachable(self.url, "timeout", f"no complete answer within {self.seconds:g} seconds")

    def count(self, size: int) -> None:
        """Note received bytes; none of them means that the other side is done.

        Raises:
            BadResponse: too many (``too-large``).
        """
        self.received += size
        self.ended = self.ended or not size
        if self.received > self._allowed:
            what, limit = ("body", MAX_BODY) if self.head else ("head", MAX_HEAD)
            raise BadResponse(self.url, "too-large", f"the {what} of the answer is larger than {limit:,} bytes")
