"""Assessments of changes: the newest holds, the earlier ones stay as what was said at their time."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from monitor.archive import compressing
from monitor.archive.rows import stamp
from monitor.archive.seal import insert
from monitor.archive.store import inflated, sealed
from monitor.codec import CodecError, from_json, to_json
from monitor.errors import DamageError
from monitor.model import Assessment


def write_assessment(
    db: sqlite3.Connection, change: int, assessment: Assessment, extractor: str, *, at: datetime
) -> tuple[int, list[int]]:
    """Enter an assessment; its id and those of its findings."""
    row_id = insert(
        db, "assessments", change=change, extractor=extractor, rules=assessment.rules,
        materiality=assessment.materiality, severity=assessment.severity, direction=assessment.direction,
        summary=assessment.summary, silent=int(assessment.silent),
        content=compressing.compress(to_json(assessment)), made_at=stamp(at),
    )  # fmt: skip
    findings = [
        insert(
            db, "findings", assessment=row_id, label=finding.label, action=finding.action, polarity=finding.polarity,
            direction=finding.direction, severity=finding.severity, value=finding.value, novelty=finding.novelty,
            rule=finding.rule, summary=finding.summary,
            before_quote=finding.before.quote if finding.before else None,
            after_quote=finding.after.quote if finding.after else None,
        )
        for finding in assessment.findings
    ]  # fmt: skip
    return row_id, findings


def read_assessment(row: sqlite3.Row, where: str) -> Assessment:
    """What a row of ``assessments`` holds.

    Raises:
        DamageError: it is not what it was.
    """
    sealed(where, "assessments", row)
    try:
        return from_json(Assessment, inflated(where, row["content"]))
    except CodecError as error:
        raise DamageError(where, f"assessment {row['id']} cannot be read: {error}") from error
