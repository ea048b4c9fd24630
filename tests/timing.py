"""Time that work takes. Other work on the machine only adds to it, so the least of a few attempts is what counts."""

from __future__ import annotations

import time
from collections.abc import Callable

ATTEMPTS = 3


def least(work: Callable[[], object], enough: float = 0.0) -> float:
    """Seconds of CPU the work takes, the least of three attempts; the first that is below ``enough`` ends them."""
    seconds = float("inf")
    for _ in range(ATTEMPTS):
        began = time.process_time()
        work()
        seconds = min(seconds, time.process_time() - began)
        if seconds < enough:
            break
    return seconds
