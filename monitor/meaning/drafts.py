"""Findings in the making: what one clause change says, before it is compared with everything else."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.meaning.quoting import quote
from monitor.meaning.reading import Side
from monitor.meaning.scene import Practice
from monitor.model import Action, Direction, Novelty, Polarity, Quote


@dataclass(frozen=True, slots=True)
class Draft:
    """What may become a finding. ``weight`` is how much the change is about it.

    ``known`` the direction when a rule knows it.
    """

    label: str
    action: Action
    polarity: Polarity
    value: str
    weight: float
    rule: str
    section: tuple[str, ...]
    before: Quote | None = None
    after: Quote | None = None
    known: Direction | None = None
    terms: tuple[str, ...] = ()
    order: int = 0  # place of the clause change
    novelty: Novelty = "new"

    @property
    def key(self) -> tuple[str, str, str]:
        """Label, action and polarity."""
        return self.label, self.action, self.polarity


def quoted(side: Side, first: int, last: int) -> Quote:
    """The quotation of a side round some of its words."""
    start, end = side.reading.span(first, last)
    clause, begin = side.at(start)
    return quote(clause, (max(0, start - begin), max(1, end - begin)))


def shown(side: Side, practice: Practice) -> Quote:
    """The quotation that shows a practice."""
    return quoted(side, practice.first, practice.last)
