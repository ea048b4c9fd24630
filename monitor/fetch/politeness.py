"""One request at a time to a host, with a pause between two, and none at all while it wants to be left alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from monitor.errors import Unreachable
from monitor.ports import Clock

MAX_CRAWL_DELAY = 300.0  # seconds; whoever asks for more gets this
_SLICE = 5.0  # seconds; the program can be ended this soon while it waits


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended_at: float | None = None  # monotonic; end of the last request
    visited_at: float | None = None  # monotonic; end of the last request for a document
    until: datetime | None = None  # a Retry-After


class Politeness:
    """Who may ask which host when. Hosts are told apart by name; shared by all threads of a gate."""

    def __init__(self, clock: Clock, *, delay: float, stopped: threading.Event) -> None:
        self._clock = clock
        self._stopped = stopped
        self._delay = delay
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, url: str, host: str, *, crawl_delay: float | None = None) -> Iterator[None]:
        """Wait for the host's turn and hold it.

        ``crawl_delay``, given for documents, is what robots.txt asks for between two of them; the settings' delay lies
        between any two requests, so also before a redirect's target or after robots.txt.

        Raises:
            Unreachable: the host asked to be left alone (``retry-after``); nothing was sent.
        """
        with self._guard:
            state = self._hosts.setdefault(host, _Host())
        with state.lock:
            self.require_welcome(url, host)
            wait = self._remaining(state.ended_at, self._delay)
            if crawl_delay is not None:
                wait = max(wait, self._remaining(state.visited_at, min(crawl_delay, MAX_CRAWL_DELAY)))
            while wait > 0:
                self._clock.sleep(min(wait, _SLICE))
                wait -= _SLICE
                if self._stopped.is_set():
                    raise Unreachable(url, "stopped", "the program is ending")
            try:
                yield
            finally:
                state.ended_at = self._clock.monotonic()
                if crawl_delay is not None:
                    state.visited_at = state.ended_at

    def require_welcome(self, url: str, host: str) -> None:
        """Raise Unreachable (``retry-after``) while the host wants to be left alone."""
        with self._guard:
            until = self._hosts[host].until if host in self._hosts else None
        if until is not None and self._clock.now() < until:
            reason = f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC"
            raise Unreachable(url, "retry-after", reason, retry_after=until)

    def leave_alone(self, host: str, until: datetime) -> None:
        """Send nothing to the host before that time."""
        with self._guard:
            self._hosts.setdefault(host, _Host()).until = until

    def _remaining(self, since: float | None, pause: float) -> float:
        return 0.0 if since is None else since + pause - self._clock.monotonic()
