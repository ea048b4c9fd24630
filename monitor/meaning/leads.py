"""Lists whose meaning hangs on what introduces them: a lead-in that was turned, and items that changed lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.meaning.context import context
from monitor.meaning.drafts import Draft
from monitor.meaning.knowledge import table
from monitor.meaning.quoting import quote
from monitor.meaning.reading import read
from monitor.meaning.scene import Practice
from monitor.meaning.world import practices_of
from monitor.model import Clause, ClauseChange, Direction

_GRADES = ("grave", "weighty", "plain")
_GIVEN = frozenset({"share", "sell"})


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
    """A clause that stands unchanged under another lead-in, when that turns what it says, or says it of something else.

    What says by itself what is done ("we collect …") says the same wherever it stands.
    """
    if change.before is None or change.after is None:
        return []
    old = {one.label: one for one in practices_of(change.before)}
    here = practices_of(change.after)
    for one in here:
        twin = old.get(one.label)
        if twin is not None and twin.polarity != one.polarity:
            return [_turned(one, change, change.after.text.strip(" .;"), order)]
    was, now = context(change.before), context(change.after)
    given = (was.kind in _GIVEN, now.kind in _GIVEN)
    if given[0] == given[1] or now.denied or not here or here[0].label not in old or read(change.after.text).has("act"):
        return []
    value = change.after.text.strip(" .;")
    return [replace(_turned(here[0], change, value, order), known="worse" if given[1] else "better")]


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
