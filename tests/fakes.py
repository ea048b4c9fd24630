"""Short stand-ins shared by the tests: they inject time and faults, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.model import Assessment, Extraction, ExtractOptions, Page, SeverityOverride


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


class SandboxHere:
    """Runs the sandbox's tasks in this process, so that a test can change what the extractor is."""

    def extract(self, pages: Sequence[Page], options: ExtractOptions, previous: str | None = None) -> Extraction:
        from monitor.text import extract

        return extract(pages, options, previous=previous)

    def assess(self, before: Extraction, after: Extraction, overrides: Sequence[SeverityOverride] = ()) -> Assessment:
        from monitor.meaning import assess

        return assess(before, after, overrides)

    def promise(self, sentence: str, text: str) -> tuple[str, str]:
        from monitor.meaning.promises import judge

        return judge(sentence, text)

    def close(self) -> None:
        """Nothing to end."""
