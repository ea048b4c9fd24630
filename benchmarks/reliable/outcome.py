"""What a long form found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of figures, and everything that was wrong."""

    figures: str
    wrong: tuple[str, ...] = ()

    def tell(self, name: str, seconds: float) -> None:
        """Print it; of what is wrong the first forty."""
        print(f"{name:12} {self.figures}; {len(self.wrong)} wrong; {seconds:.0f} s", flush=True)
        for line in self.wrong[:40]:
            print(f"    {line[:600]}", flush=True)
