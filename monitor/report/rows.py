"""What a comparison consists of: rows for what changed, folds for what did not, under their headings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from monitor.model import Quote

Parts = tuple[tuple[str, str], ...]
RowKind = Literal["added", "removed", "reworded", "moved-here", "moved-away"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row: the literal text in parts (``""`` plain, ``-`` struck, ``+`` added) and the place's name."""

    anchor: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Row:
    """One changed clause. ``link`` is the anchor of the other end of a move.

    ``inline`` is the whole word difference in one, where enough words stayed for it to be readable.
    """

    kind: RowKind
    before: Cell | None
    after: Cell | None
    materiality: str
    reason: str
    link: str = ""
    inline: Parts = ()


class Line(NamedTuple):
    """One unchanged clause; ``anchor`` only where a finding quotes it. A tuple: a page has thousands of them."""

    text: str
    kind: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged clauses in a row. Open ones are the context of a change; ``left_out`` counts those not on the page."""

    lines: tuple[Line, ...]
    open: bool
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many clauses it stands for."""
        return len(self.lines) + self.left_out


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading path; the path is () before the first heading."""

    path: tuple[str, ...]
    items: tuple[Row | Fold, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole layout.

    ``places`` names, for a quotation's side and start, the anchor where it stands; ``marked`` gives the quotation in
    parts, where it is part of a reworded clause.
    """

    sections: tuple[Section, ...]
    rows: int
    unchanged: int
    left_out: int  # changed clauses that are not on the page because it would be too large
    places: dict[tuple[str, int], str] = field(default_factory=dict)
    marked: dict[tuple[str, int, int], Parts] = field(default_factory=dict)

    def place(self, side: Literal["before", "after"], quote: Quote | None) -> str:
        """The anchor of the clause that a finding quotes, "" when it is not on the page."""
        return self.places.get((side, quote.start), "") if quote else ""

    def parts(self, side: Literal["before", "after"], quote: Quote | None) -> Parts:
        """The quotation in parts: what the comparison strikes out or puts in is marked in it too."""
        if quote is None:
            return ()
        return self.marked.get((side, quote.start, quote.end), (("", quote.quote),))
