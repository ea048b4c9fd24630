"""Lists whose meaning hangs on what introduces them: a lead-in that was turned, and items that changed lists."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.meaning.context import context
from monitor.meaning.drafts import Draft
from monitor.meaning.knowledge import table
from monitor.meaning.quoting import quote
from monitor.meaning.scene import Practice
from monitor.meaning.world import practices_of
from monitor.model import Clause, ClauseChange, Direction

_GRADES = ("grave", "weighty", "plain")


def of_lead_in(change: ClauseChange, clauses: Sequence[Clause], order: int) -> list[Draft]:
    """One draft for a lead-in that now denies what it said, or says what it denied; for the gravest of its items."""
    before, after = change.before, change.after
    if before is None or after is None or not after.text.rstrip(" *_").endswith(":"):
        return []
    items = [clause for clause in clauses if clause.start > after.start and clause.lead_in.endswith(after.text)]
    if not items:
        return []
    turned = [
        (item, one)
        for item in items
        for one in practices_of(item)[:1]
        if _denies(before.text, item) != _denies(after.text, item)
    ]
    if not turned:
        return []
    item, one = min(turned, key=lambda pair: _GRADES.index(table().labels[pair[1].label][1]))
    value = f"{item.text.strip(' .;')} and {len(items) - 1} more" if len(items) > 1 else item.text.strip(" .;")
    return [_turned(one, change, value, order)]


def _denies(lead: str, item: Clause) -> bool:
    return context(Clause(item.text, item.start, item.end, item.kind, item.headings, lead)).denied


def of_move(change: ClauseChange, order: int) -> list[Draft]:
    """A clause that stands unchanged under another lead-in, when that turns what it says."""
    if change.before is None or change.after is None:
        return []
    old = {one.label: one for one in practices_of(change.before)}
    for one in practices_of(change.after):
        twin = old.get(one.label)
        if twin is not None and twin.polarity != one.polarity:
            return [_turned(one, change, change.after.text.strip(" .;"), order)]
    return []


def _turned(one: Practice, change: ClauseChange, value: str, order: int) -> Draft:
    known: Direction = "better" if one.polarity == "commitment" else "worse"
    assert change.before is not None
    assert change.after is not None
    return Draft(
        one.label,
        "changed",
        one.polarity,
        value,
        3.5,
        "lead-in",
        change.section,
        quote(change.before),
        quote(change.after),
        known,
        one.terms,
        order,
    )
