"""Two texts to everything that is said about them: the entry of this package."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.compare import compare
from monitor.meaning import dates, language, transparency
from monitor.meaning.findings import interpret
from monitor.meaning.materiality import judge
from monitor.meaning.severity import gravest, overall
from monitor.meaning.summary import change_summary
from monitor.meaning.world import World
from monitor.model import Assessment, Extraction, SeverityOverride

REVISION = "3"
"""Revision of the rules: changes whenever the same two texts may give other findings."""


def assess(before: Extraction, after: Extraction, overrides: Sequence[SeverityOverride] = ()) -> Assessment:
    """What differs between two texts of a document and what that means; pure and deterministic."""
    comparison = compare(before.text, after.text)
    world = World(comparison, foreign=language.foreign(before, after))
    judgement, found = interpret(judge(comparison, before, after), world, overrides)
    open_before = transparency.measure(before, comparison.before)
    open_after = transparency.measure(after, comparison.after)
    return Assessment(
        materiality=judgement.materiality,
        severity=gravest([finding.severity for finding in found]),
        direction=overall([finding.direction for finding in found]),
        summary=change_summary(found, materiality=judgement.materiality),
        findings=found,
        clauses=judgement.changes,
        rules=REVISION,
        silent=dates.silent(before, after, judgement.materiality),
        renames=comparison.renames,
        transparency_before=open_before,
        transparency_after=open_after,
        transparency_summary=transparency.compare(open_before, open_after),
        notes=(*judgement.notes, *dates.notes(before, after, judgement.materiality), *language.note(before, after)),
    )
