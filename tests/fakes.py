"""Short stand-ins shared by the tests: they inject time and faults, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class FixedClock:
    """A clock that moves only when told to; ``sleep`` moves it and is remembered."""

    at: datetime = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)
    ticks: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.forward(seconds=seconds)

    def forward(self, **delta: float) -> None:
        step = timedelta(**delta)
        self.at += step
        self.ticks += step.total_seconds()
