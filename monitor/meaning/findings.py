"""Clause changes to findings: drafts of all changes, joined where they say the same, ranked and limited."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.meaning import edited, leads, whole
from monitor.meaning.bulk import settle
from monitor.meaning.drafts import Draft
from monitor.meaning.language import foreign_clause
from monitor.meaning.quoting import quote
from monitor.meaning.reading import read
from monitor.meaning.severity import ORDER, look_up
from monitor.meaning.summary import sentence
from monitor.meaning.world import World
from monitor.model import Action, ClauseChange, Finding, SeverityOverride

LIMIT = 25
_DOUBTFUL = {"wording", "states nothing"}  # why a change was judged editorial, when that may be wrong
_SURE = 2.0  # weight of what such a change may still say
_SHORTEST = 5  # words of a clause that can oblige anybody
_NEAR = 6  # changes on either side that may tell what a change is about
_ACTIONS: dict[str, Action] = {"added": "added", "removed": "removed", "reworded": "changed", "moved": "changed"}


def findings(
    changes: Sequence[ClauseChange], world: World, overrides: Sequence[SeverityOverride]
) -> tuple[Finding, ...]:
    """The findings of the changes judged substantive, gravest first kept when there are too many, in the text's order."""
    drafts: list[Draft] = []
    unsaid: list[tuple[int, ClauseChange]] = []
    told: set[int] = set()
    for order, change in enumerate(changes):
        if change.materiality != "substantive" and change.reason not in _DOUBTFUL:
            continue
        if world.foreign or foreign_clause(change):
            drafts += _unread(change, order, drafts)
            continue
        found: list[Draft] = []
        if change.kind == "reworded":
            found = leads.of_lead_in(change, world.comparison.after, order) or edited.of_change(change, order, world)
        elif change.kind == "moved":
            found = leads.of_move(change, order)
        elif change.kind == "added" and change.after:
            found = whole.of_clause(change.after, "added", order, world.old, bulk=world.grown == "added")
        elif change.kind == "removed" and change.before:
            found = whole.of_clause(change.before, "removed", order, world.new, bulk=world.grown == "removed")
        if change.materiality != "substantive":
            drafts += [draft for draft in found if draft.weight >= _SURE and draft.rule != "edit.main"]
            continue
        drafts += found
        if found:
            told.add(order)
        else:
            unsaid.append((order, change))
    drafts += [
        draft
        for order, change in unsaid
        if _stands_alone(order, change, changes, told)
        for draft in _unclassified(change, order)
    ]
    made = [_finding(draft, overrides) for draft in settle(_joined(drafts))]
    if len(made) > LIMIT:
        kept = sorted(
            range(len(made)), key=lambda n: (made[n].label == "unclassified", -ORDER.index(made[n].severity), n)
        )[:LIMIT]
        made = [made[n] for n in sorted(kept)]
    return tuple(made)


def _unread(change: ClauseChange, order: int, drafts: Sequence[Draft]) -> list[Draft]:
    """One finding for each section that changed in another language."""
    told = {(draft.section, draft.action) for draft in drafts if draft.label == "unclassified"}
    found = _unclassified(change, order)
    return [
        draft for draft in found if (draft.section, draft.action) not in told and change.materiality == "substantive"
    ]


def _stands_alone(order: int, change: ClauseChange, changes: Sequence[ClauseChange], told: set[int]) -> bool:
    """Whether a change that gave nothing is to be shown: it obliges or permits something, and no neighbour tells of it."""
    for near in range(max(0, order - _NEAR), min(len(changes), order + _NEAR + 1)):
        if near in told and changes[near].kind == change.kind and changes[near].section == change.section:
            return False
    return obliges(change)


def _joined(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft for each fact: the weightiest of those that say the same with the same words or in the same section."""
    kept: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        if draft.label in {"share.named", "controller"}:
            key: tuple[object, ...] = (*draft.key, draft.value.lower())
        elif draft.label == "unclassified":
            key = (*draft.key, draft.order)
        elif draft.rule == "edit.main":
            key = (draft.rule, draft.value.lower())
        else:
            key = (*draft.key, frozenset(draft.terms) or draft.section)
        known = kept.get(key)
        if known is None or draft.weight > known.weight:
            kept[key] = draft
    return sorted(kept.values(), key=lambda draft: draft.order)


_ABOUT = ("act", "data", "who", "right", "topic", "purpose")
_BINDING = ("modal", "neg", "act")


def obliges(change: ClauseChange) -> bool:
    """Whether a changed clause obliges or permits something that concerns people's data."""
    texts = [clause.text for clause in (change.before, change.after) if clause]
    for reading in map(read, texts):
        if (
            len(reading.words) >= _SHORTEST
            and reading.has(*_ABOUT)
            and reading.has(*_BINDING)
            and reading.has("we", "you")
        ):
            return True
    return False


def _unclassified(change: ClauseChange, order: int) -> list[Draft]:
    action = _ACTIONS[change.kind]
    return [
        Draft(
            "unclassified",
            action,
            "practice",
            "",
            0.0,
            "unclassified",
            change.section,
            quote(change.before) if change.before else None,
            quote(change.after) if change.after else None,
            order=order,
        )
    ]


def _finding(draft: Draft, overrides: Sequence[SeverityOverride]) -> Finding:
    direction, severity = look_up(
        draft.label, draft.action, draft.polarity, known=draft.known, novelty=draft.novelty, overrides=overrides
    )
    return Finding(
        label=draft.label,
        action=draft.action,
        polarity=draft.polarity,
        direction=direction,
        severity=severity,
        value=draft.value,
        section=draft.section,
        novelty=draft.novelty,
        rule=draft.rule,
        summary=sentence(draft.label, draft.action, draft.polarity, draft.value),
        before=draft.before,
        after=draft.after,
    )
