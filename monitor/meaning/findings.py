"""Clause changes to findings: drafts of all changes, joined where they say the same, ranked and limited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from monitor.meaning import edited, leads, seats, values, whole
from monitor.meaning.aspects import telling
from monitor.meaning.bulk import fewer, joined, settle
from monitor.meaning.drafts import Draft
from monitor.meaning.grammar import points
from monitor.meaning.language import foreign_clause
from monitor.meaning.materiality import Judgement
from monitor.meaning.quoting import quote
from monitor.meaning.reading import read, sides
from monitor.meaning.scene import SENSITIVE
from monitor.meaning.severity import ORDER, look_up
from monitor.meaning.summary import sentence
from monitor.meaning.world import World
from monitor.model import Action, ClauseChange, Finding, SeverityOverride

LIMIT = 25
# Why a change was judged to be none of substance, when a practice that the rules read in it may prove otherwise.
_DOUBTFUL = frozenset({"wording", "states nothing", "little words"})
_SURE = 1.8  # weight of what such a change may still say beside others
_PROOF = 1.9  # weight from which it makes the change one of substance by itself
_PROVING = frozenset(
    "edit.modality edit.condition edit.negation edit.default edit.cost edit.channel edit.people edit.email edit.flip "
    "edit.matter edit.beside edit.meaning edit.period edit.age edit.cell edit.named clause.named lead-in".split()
)
_SHORTEST = 5  # words of a clause that can oblige anybody
_NEAR = 6  # changes on either side that may tell what a change is about
_ACTIONS: dict[str, Action] = {"added": "added", "removed": "removed", "reworded": "changed", "moved": "changed"}
_FACTS = frozenset({"contact", "duration"})  # reasons for which a clause counts whoever is bound by it
_ABOUT = ("act", "data", "who", "right", "topic", "purpose")
_BINDING = ("modal", "neg", "act")


@dataclass(slots=True)
class Told:
    """What the clause changes of a pair say: drafts, and the places of changes that say something or nothing."""

    drafts: list[Draft] = field(default_factory=list)
    said: set[int] = field(default_factory=set)
    unsaid: list[int] = field(default_factory=list)
    raised: set[int] = field(default_factory=set)  # judged to be none of substance, but proved to be one


def interpret(
    judgement: Judgement, world: World, overrides: Sequence[SeverityOverride]
) -> tuple[Judgement, tuple[Finding, ...]]:
    """The findings of a judged comparison, in the text's order, and the judgement as the findings correct it.

    A change that was judged to be only wording is one of substance when the rules read another practice in it.
    """
    told = _read_all(judgement.changes, world)
    if judgement.materiality != "substantive" and not told.raised:
        return judgement, ()
    if told.raised:
        changes = tuple(
            replace(change, materiality="substantive", reason="practice") if order in told.raised else change
            for order, change in enumerate(judgement.changes)
        )
        judgement = replace(judgement, materiality="substantive", changes=changes)
    for order in told.unsaid:
        if _stands_alone(order, judgement.changes, told.said) and not _reaches(judgement.changes[order], told.drafts):
            told.drafts.append(_unclassified(judgement.changes[order], order))
    kept = settle(joined(told.drafts))
    made = [_finding(draft, overrides) for draft in (fewer(kept) if len(kept) > LIMIT else kept)]
    if len(made) > LIMIT:
        ranked = sorted(
            range(len(made)), key=lambda n: (made[n].label == "unclassified", -ORDER.index(made[n].severity), n)
        )
        made = [made[n] for n in sorted(ranked[:LIMIT])]
    if not made and not world.foreign:
        return replace(judgement, materiality="editorial", changes=tuple(map(_calmed, judgement.changes))), ()
    return judgement, tuple(made)


def _calmed(change: ClauseChange) -> ClauseChange:
    """A change in which nothing was found that anybody must or may do."""
    return replace(change, materiality="editorial") if change.materiality == "substantive" else change


def _read_all(changes: Sequence[ClauseChange], world: World) -> Told:
    told = Told()
    lines: set[int] = set()
    for orders, draft in seats.exchanged(changes):
        lines |= orders
        told.drafts.append(draft)
        told.said |= orders
        told.raised |= {order for order in orders if changes[order].materiality != "substantive"}
    for order, change in enumerate(changes):
        if order in lines:
            continue
        certain = change.materiality == "substantive"
        if not certain and change.reason not in _DOUBTFUL:
            continue
        if world.foreign or foreign_clause(change):
            if certain and not any(draft.section == change.section for draft in told.drafts):
                told.drafts.append(_unclassified(change, order))
            continue
        found = _read(change, order, world)
        if certain:
            told.drafts += found
            if found:
                told.said.add(order)
            else:
                told.unsaid.append(order)
            continue
        found = [
            draft for draft in found if draft.weight >= _SURE and draft.novelty == "new" and draft.rule != "edit.words"
        ]
        told.drafts += found
        proof = any(
            draft.rule in _PROVING
            or (draft.weight >= _PROOF and draft.rule.startswith("clause."))
            or (draft.rule == "edit.facet" and draft.label in SENSITIVE)
            for draft in found
        )
        if proof or (found and _listed(change)):
            told.raised.add(order)
    return told


def _listed(change: ClauseChange) -> bool:
    """Whether an item came to, or went from, a list that a sentence introduces."""
    clause = change.after or change.before
    assert clause is not None
    return change.kind in {"added", "removed"} and clause.kind == "item" and clause.lead_in.rstrip(" *_").endswith(":")


def _read(change: ClauseChange, order: int, world: World) -> list[Draft]:
    """What one change says."""
    if change.kind == "reworded":
        return leads.of_lead_in(change, world.comparison.after, order) or edited.of_change(change, order, world)
    if change.kind == "moved":
        return leads.of_move(change, order)
    if change.kind == "added" and change.after:
        return whole.of_clause(change.after, "added", order, world.old, bulk=world.grown == "added")
    if change.kind == "removed" and change.before:
        return whole.of_clause(change.before, "removed", order, world.new, bulk=world.grown == "removed")
    return []


def _stands_alone(order: int, changes: Sequence[ClauseChange], said: set[int]) -> bool:
    """Whether a change that gave nothing is to be shown.

    It obliges or permits something, and no neighbour tells of it.
    """
    change = changes[order]
    if change.kind == "moved":
        return False  # under another sentence: what that turns was read from both
    if all(clause is None or clause.text.rstrip(" *_").endswith(":") for clause in (change.before, change.after)):
        return False  # a lead-in in other words: its items are read on their own
    for near in range(max(0, order - _NEAR), min(len(changes), order + _NEAR + 1)):
        if near in said and changes[near].kind == change.kind and changes[near].section == change.section:
            return False
    if change.kind == "reworded" and not _tells(change):
        return False
    return obliges(change)


def _reaches(change: ClauseChange, drafts: Sequence[Draft]) -> bool:
    """Whether a change is a line of how to reach those of whom its section tells."""
    lines = [one for one in (change.before, change.after) if one is not None]
    told = any(draft.label == "controller" and draft.section == change.section for draft in drafts)
    return told and all(map(seats.is_line, lines))


def _tells(change: ClauseChange) -> bool:
    """Whether an edit touched words that say something, and not only how it is said."""
    assert change.before is not None
    assert change.after is not None
    old, new = sides((change.before, *change.also_before), (change.after, *change.also_after))
    if all(side.reading.words[n].isdigit() for side in (old, new) for n in side.fresh):
        return False  # a period, an age or an address would have been read; any other number is a count of something
    return telling(old, new) or telling(new, old)


def obliges(change: ClauseChange) -> bool:
    """Whether a changed clause obliges or permits something that concerns people's data."""
    for reading in (read(clause.text) for clause in (change.before, change.after) if clause):
        if change.reason in _FACTS and (values.emails(reading.text) or values.periods(reading)):
            return True
        if (
            len(reading.words) >= _SHORTEST
            and reading.has(*_ABOUT)
            and reading.has(*_BINDING)
            and reading.has("we", "you")
            and not points(reading)
        ):
            return True
    return False


def _unclassified(change: ClauseChange, order: int) -> Draft:
    return Draft(
        "unclassified",
        _ACTIONS[change.kind],
        "practice",
        "",
        0.0,
        "unclassified",
        change.section,
        quote(change.before) if change.before else None,
        quote(change.after) if change.after else None,
        order=order,
    )


def _finding(draft: Draft, overrides: Sequence[SeverityOverride]) -> Finding:
    direction, severity = look_up(
        draft.label, draft.action, draft.polarity, known=draft.known, novelty=draft.novelty, overrides=overrides
    )
    found = Finding(
        label=draft.label,
        action=draft.action,
        polarity=draft.polarity,
        direction=direction,
        severity=severity,
        value=draft.value,
        section=draft.section,
        novelty=draft.novelty,
        rule=draft.rule,
        summary="",
        before=draft.before,
        after=draft.after,
    )
    return replace(found, summary=sentence(found))
