"""Direction and severity of a finding: looked up in the table, overridden by the operator's own rows."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from monitor.meaning.knowledge import table
from monitor.model import Action, Direction, Novelty, Polarity, Severity, SeverityOverride

ORDER: tuple[Severity, ...] = ("none", "low", "medium", "high")


def look_up(
    label: str,
    action: Action,
    polarity: Polarity,
    *,
    known: Direction | None = None,
    novelty: Novelty = "new",
    overrides: Sequence[SeverityOverride] = (),
) -> tuple[Direction, Severity]:
    """Direction and severity.

    ``known`` is the direction of a rule that compared two values. What is restated elsewhere weighs one step less. The
    last override that matches wins; it may leave one of the two as the table says.
    """
    rows = table()
    way, grade = rows.labels[label]
    direction = known or rows.directions[way][polarity][action]
    withdrawn = polarity == "commitment" and direction == "worse"
    severity = rows.severities[grade]["withdrawn" if withdrawn else direction]
    if novelty != "new":
        severity = ORDER[max(0, ORDER.index(severity) - 1)]
    for row in overrides:
        if _matches(row, label, action, polarity):
            direction = row.direction or direction
            severity = row.severity or severity
    return direction, severity


def _matches(row: SeverityOverride, label: str, action: Action, polarity: Polarity) -> bool:
    return (
        fnmatchcase(label, row.label)
        and (row.action is None or row.action == action)
        and (row.polarity is None or row.polarity == polarity)
    )


def gravest(severities: Sequence[Severity]) -> Severity:
    """The highest of several severities, "none" of none."""
    return max(severities, key=ORDER.index, default="none")


def overall(directions: Sequence[Direction]) -> Direction:
    """The direction of a change with these findings: mixed when some are worse and some better."""
    seen = set(directions)
    if {"worse", "better"} <= seen:
        return "mixed"
    for direction in ("worse", "better", "unclear"):
        if direction in seen:
            return direction
    return "neutral"
