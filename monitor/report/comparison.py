"""Two texts laid out as rows: what changed stands open, what did not is folded, nothing is left out unsaid.

The clause changes say what differs; the two lists of clauses say where. The new text gives the order; clauses that are
gone from it stand after the unchanged clause that preceded them in the old text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from monitor.model import Clause, ClauseChange, Quote
from monitor.report.folding import fold
from monitor.report.placing import Placing
from monitor.report.rows import Comparison


def compare_pages(
    before: Sequence[Clause],
    after: Sequence[Clause],
    changes: Sequence[ClauseChange],
    quotes: Iterable[tuple[Literal["before", "after"], Quote]] = (),
) -> Comparison:
    """The layout of two texts' clauses and what differs between them.

    Args:
        before: All clauses of the old text, in order.
        after: All clauses of the new text, in order.
        changes: The clause changes between them; each appears exactly once (a move at both ends).
        quotes: Quotations of findings, whose places are wanted.
    """
    placing = Placing(before, after, changes, tuple(quotes))
    folded = fold(placing.stream())
    return Comparison(
        folded.sections, folded.rows, folded.unchanged, folded.left_out, placing.places(), placing.marked()
    )
