"""How fast mail goes out, and how long a message waits before it is tried again."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.ports import Clock

MINUTE = 60.0
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=6)


class Pace:
    """Not more than so many messages in any minute, counting those of the run before."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = max(1, per_minute)
        self._clock = clock
        self._times: deque[float] = deque(maxlen=self._per_minute)

    def remember(self, times: list[datetime]) -> None:
        """Messages of earlier runs."""
        now, tick = self._clock.now(), self._clock.monotonic()
        for at in sorted(times):
            self._times.append(tick - max(0.0, (now - at).total_seconds()))

    def wait(self, enough: Callable[[], bool]) -> None:
        """Return when one more may go, or when somebody says that it is enough."""
        while len(self._times) == self._per_minute and not enough():
            left = self._times[0] + MINUTE - self._clock.monotonic()
            if left <= 0:
                return
            self._clock.sleep(min(left, 1.0))

    def sent(self) -> None:
        """One went."""
        self._times.append(self._clock.monotonic())


def backoff(attempts: int, identity: str) -> timedelta:
    """How long to wait after so many earlier attempts: one minute, doubled each time up to six hours.

    And up to a quarter more, different from message to message, so that they do not all come back at once.
    """
    wait = min(LAST_RETRY, FIRST_RETRY * (1 << min(attempts, 20)))
    spread = int.from_bytes(hashlib.sha256(f"{identity}{attempts}".encode()).digest()[:4], "big") / 2**32
    return wait * (1 + spread / 4)
