"""Two texts to everything that is said about them: the entry of this package."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.compare import compare
from monitor.meaning.findings import findings
from monitor.meaning.materiality import judge
from monitor.meaning.severity import gravest, overall
from monitor.meaning.summary import change_summary
from monitor.meaning.world import World
from monitor.model import Assessment, Extraction, Finding, SeverityOverride

REVISION = "1"
"""Revision of the rules: changes whenever the same two texts may give other findings."""


def assess(before: Extraction, after: Extraction, overrides: Sequence[SeverityOverride] = ()) -> Assessment:
    """What differs between two texts of a document and what that means; pure and deterministic."""
    comparison = compare(before.text, after.text)
    judgement = judge(comparison, before, after)
    found: tuple[Finding, ...] = ()
    if judgement.materiality == "substantive":
        found = findings(judgement.changes, World(comparison), overrides)
    return Assessment(
        materiality=judgement.materiality,
        severity=gravest([finding.severity for finding in found]),
        direction=overall([finding.direction for finding in found]),
        summary=change_summary(found, materiality=judgement.materiality),
        findings=found,
        clauses=judgement.changes,
        rules=REVISION,
        silent=judgement.materiality == "substantive" and before.dates == after.dates and bool(before.dates.updated),
        renames=comparison.renames,
        notes=judgement.notes,
    )
