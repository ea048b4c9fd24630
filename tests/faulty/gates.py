"""Gates for tests: short limits, and made-up names that lead to loopback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from faulty.http import Site

from monitor.clock import SystemClock
from monitor.fetch import Gate
from monitor.model import Settings

MakeGate = Callable[..., Gate]


class HastyClock(SystemClock):
    """The machine's clock, but waiting takes no time; what was waited for is remembered."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def to_loopback(host: str) -> list[str]:
    """Every name is 127.0.0.1."""
    return ["127.0.0.1"]


def loopback_gate(
    root: Path,
    *sites: Site,
    clock: Any = None,
    resolve: Any = None,
    deadline: float = 5,
    delay: float = 0,
    **settings: Any,
) -> Gate:
    """A gate that may go to loopback and the sites' ports; further keywords are settings. Close it."""
    given: dict[str, Any] = {
        "contact": "https://us.example/monitor",
        "allow_networks": ("127.0.0.0/8",),
        "allow_ports": (80, 443, *(site.port for site in sites)),
        "deadline": timedelta(seconds=deadline),
        "delay": timedelta(seconds=delay),
    }
    made = Settings(root=root, **{**given, **settings})
    return Gate(made, clock=clock or HastyClock(), resolve=resolve or to_loopback)
