"""Clauses that only one text has: every practice they state was added or removed."""

from __future__ import annotations

from dataclasses import replace

from monitor.meaning.context import Context, context
from monitor.meaning.drafts import Draft, shown
from monitor.meaning.names import row_name, listed_names
from monitor.meaning.practices import Practice, practices
from monitor.meaning.reading import Side, side
from monitor.model import Action, Clause

ENOUGH = 1.45  # weight below which a practice is not what the clause is about
_MOST = {"data": 3, "share": 3, "purpose": 2, "rights": 2}  # findings of one family from one clause
_NEAR = 1.3  # how far below the weightiest practice another may be


def of_clause(clause: Clause, action: Action, order: int) -> list[Draft]:
    """What an unmatched clause says that the other text does not."""
    there = context(clause)
    here = side((clause,))
    name = row_name(clause, there)
    if name:
        first, last, words = name
        return [_named(here, first, last, words, action, order)]
    names = listed_names(here, there)
    if names:
        return [_named(here, first, last, words, action, order) for first, last, words in names]
    chosen = choose(practices(here.reading, there), there)
    return [_draft(here, one, action, order) for one in chosen]


def choose(found: tuple[Practice, ...], there: Context) -> list[Practice]:
    """The practices that a clause is mainly about."""
    chosen: list[Practice] = []
    counts: dict[str, int] = {}
    for one in found:
        if one.weight < ENOUGH or (chosen and one.weight < chosen[0].weight - _NEAR):
            break
        family = one.label.partition(".")[0]
        counts[family] = counts.get(family, 0) + 1
        if counts[family] <= _MOST.get(family, 1) and len(chosen) < 4:
            chosen.append(one)
    return chosen


def _draft(here: Side, one: Practice, action: Action, order: int) -> Draft:
    evidence = shown(here, one)
    draft = Draft(
        one.label,
        action,
        one.polarity,
        one.value,
        one.weight,
        f"clause.{one.action or 'stated'}",
        here.clause.headings,
        terms=one.terms,
        order=order,
    )
    return replace(draft, after=evidence) if action == "added" else replace(draft, before=evidence)


def _named(here: Side, first: int, last: int, words: str, action: Action, order: int) -> Draft:
    from monitor.meaning.drafts import quoted

    evidence = quoted(here, first, last)
    draft = Draft(
        "share.named",
        action,
        "practice",
        words,
        3.0,
        "clause.named",
        here.clause.headings,
        terms=(words.lower(),),
        order=order,
    )
    return replace(draft, after=evidence) if action == "added" else replace(draft, before=evidence)
