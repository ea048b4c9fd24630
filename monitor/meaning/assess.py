"""Two texts to everything that is said about them: the entry of this package."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.compare import compare
from monitor.meaning.materiality import judge
from monitor.meaning.quoting import quote
from monitor.meaning.severity import gravest, look_up, overall
from monitor.meaning.summary import change_summary, sentence
from monitor.model import Action, Assessment, ClauseChange, Extraction, Finding, SeverityOverride

REVISION = "1"
"""Revision of the rules: changes whenever the same two texts may give other findings."""
LIMIT = 25
_ACTIONS: dict[str, Action] = {"added": "added", "removed": "removed", "reworded": "changed", "moved": "changed"}


def assess(before: Extraction, after: Extraction, overrides: Sequence[SeverityOverride] = ()) -> Assessment:
    """What differs between two texts of a document and what that means; pure and deterministic."""
    comparison = compare(before.text, after.text)
    judgement = judge(comparison, before, after)
    findings: list[Finding] = []
    if judgement.materiality == "substantive":
        changes = [change for change in judgement.changes if change.materiality == "substantive"]
        findings = [_unclassified(change, overrides) for change in changes[:LIMIT]]
    return Assessment(
        materiality=judgement.materiality,
        severity=gravest([finding.severity for finding in findings]),
        direction=overall([finding.direction for finding in findings]),
        summary=change_summary(findings, materiality=judgement.materiality),
        findings=tuple(findings),
        clauses=judgement.changes,
        rules=REVISION,
        silent=judgement.materiality == "substantive" and before.dates == after.dates and bool(before.dates.updated),
        renames=comparison.renames,
        notes=judgement.notes,
    )


def _unclassified(change: ClauseChange, overrides: Sequence[SeverityOverride]) -> Finding:
    action = _ACTIONS[change.kind]
    direction, severity = look_up("unclassified", action, "practice", overrides=overrides)
    return Finding(
        label="unclassified",
        action=action,
        polarity="practice",
        direction=direction,
        severity=severity,
        value="",
        section=change.section,
        novelty="new",
        rule="unclassified",
        summary=sentence("unclassified", action, "practice", ""),
        before=quote(change.before) if change.before else None,
        after=quote(change.after) if change.after else None,
    )
