"""The judgement over a comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.compare import Comparison
from monitor.meaning.materiality import guards, quiet, stakes
from monitor.meaning.materiality.case import Case
from monitor.meaning.materiality.scene import Scene
from monitor.model import ClauseChange, ClauseChangeKind, Extraction, Materiality

ORDER: tuple[Materiality, ...] = ("noise", "editorial", "substantive")


_STAKES: dict[ClauseChangeKind, Callable[[Case], str]] = {
    "reworded": stakes.of_edit,
    "moved": stakes.of_move,
    "added": stakes.of_clause,
    "removed": stakes.of_clause,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much a change is, with every clause change judged and what is to be said about the whole."""

    materiality: Materiality
    changes: tuple[ClauseChange, ...]
    notes: tuple[str, ...] = ()


def judge(comparison: Comparison, before: Extraction, after: Extraction) -> Judgement:
    """How much the difference matters: the most that one of its clause changes does, unless a guard refuses it.

    Each change gets its materiality and the name of the rule that gave it.
    """
    scene = Scene(comparison, interpreted={before.language, after.language} <= {"", "en"})
    refused = guards.refuse(scene, before, after) or guards.extracted_again(scene, before, after)
    if refused:
        rule = refused.partition(":")[0]
        changes = tuple(replace(change, materiality="noise", reason=rule) for change in comparison.changes)
        return Judgement("noise", changes, (refused,))
    changes = tuple(_judged(Case(change, scene)) for change in comparison.changes)
    most = max((ORDER.index(change.materiality) for change in changes), default=0)
    if comparison.renames:
        most = max(most, ORDER.index("editorial"))
    notes = tuple(f"renamed throughout: {old} → {new}" for old, new in comparison.renames)
    return Judgement(ORDER[most], changes, notes)


def _judged(case: Case) -> ClauseChange:
    known = quiet.recognise(case)
    if known:
        reason, materiality = known
        return replace(case.change, materiality=materiality, reason=reason)
    reason = _STAKES[case.change.kind](case)
    if reason:
        return replace(case.change, materiality="substantive", reason=reason)
    return replace(
        case.change, materiality="editorial", reason="wording" if case.change.kind == "reworded" else "states nothing"
    )
