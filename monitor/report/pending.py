"""A text that waits to be confirmed, beside the current one: which clauses are new and which are gone, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.compare.align import exact
from monitor.model import Clause, ClauseChange


def plain_changes(before: Sequence[Clause], after: Sequence[Clause]) -> tuple[ClauseChange, ...]:
    """Clauses that only one of the texts has; what they mean is said when the text is confirmed."""
    pairs = exact([clause.text for clause in before], [clause.text for clause in after])
    old, new = {i for i, _ in pairs}, {j for _, j in pairs}
    gone = [ClauseChange("removed", clause, None) for i, clause in enumerate(before) if i not in old]
    added = [ClauseChange("added", None, clause) for j, clause in enumerate(after) if j not in new]
    return (*gone, *added)
