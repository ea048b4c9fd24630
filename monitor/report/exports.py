"""Changes for other programs: JSON, CSV and Markdown; pure functions from records to text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from monitor.model import Assessment, Change, ClauseChange, Finding, Quote, Transparency
from monitor.report.text import assessment_text
from monitor.report.views import ChangeLine
from monitor.report.wording import day, document_kind, iso

COLUMNS = (
    "vendor", "document", "change", "at", "kind", "materiality", "severity", "direction", "silent", "summary",
    "label", "action", "polarity", "finding_direction", "finding_severity", "value", "novelty", "section",
    "finding_summary", "before", "after", "rule", "review", "page",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def quote_row(quote: Quote | None) -> dict[str, Any] | None:
    """A quotation: its literal words and its place in the text, in code points."""
    return {"quote": quote.quote, "start": quote.start, "end": quote.end} if quote else None


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as in schema ``policy-change/1``."""
    return {
        "label": finding.label,
        "action": finding.action,
        "polarity": finding.polarity,
        "direction": finding.direction,
        "severity": finding.severity,
        "value": finding.value,
        "section": list(finding.section),
        "novelty": finding.novelty,
        "rule": finding.rule,
        "summary": finding.summary,
        "before": quote_row(finding.before),
        "after": quote_row(finding.after),
    }


def clause_row(change: ClauseChange) -> dict[str, Any]:
    """A clause change as in schema ``policy-change/1``; ``also_*`` hold the further clauses of a split or merge."""
    row: dict[str, Any] = {
        "kind": change.kind,
        "section": list(change.section),
        "before": change.before.text if change.before else None,
        "after": change.after.text if change.after else None,
        "words": [list(part) for part in change.words],
        "materiality": change.materiality,
        "reason": change.reason,
    }
    if change.also_before:
        row["also_before"] = [clause.text for clause in change.also_before]
    if change.also_after:
        row["also_after"] = [clause.text for clause in change.also_after]
    return row


def transparency_row(measures: Transparency) -> dict[str, Any]:
    """The measures of one text's openness."""
    return {
        "words": measures.words,
        "reading_minutes": measures.reading_minutes,
        "readability": measures.readability,
        "vague_per_1000": measures.vague_per_1000,
        "vague": [quote_row(quote) for quote in measures.vague],
        "named_recipients": list(measures.named_recipients),
        "durations": list(measures.durations),
        "disclosures": [
            {"id": one.id, "name": one.name, "present": one.present, "quote": quote_row(one.quote)}
            for one in measures.disclosures
        ],
    }


def change_object(line: ChangeLine, assessment: Assessment, *, clauses: bool = True) -> dict[str, Any]:
    """A recorded change as one object: the row of the ledger, what it means, and how a person reviewed it."""
    change = line.change
    made: dict[str, Any] = {
        "schema": "policy-change/1",
        "id": f"{change.key}/{change.slug}",
        "number": change.id,
        "vendor": change.key.vendor,
        "vendor_name": line.vendor_name,
        "document": change.key.document,
        "at": iso(change.at),
        "kind": change.kind,
        "materiality": change.materiality,
        "severity": change.severity,
        "direction": change.direction,
        "silent": change.silent,
        "summary": change.summary,
        "extractor": change.extractor,
        "rules": change.rules,
        "page": line.path,
        "findings": [finding_row(finding) for finding in assessment.findings],
        "renames": [list(rename) for rename in assessment.renames],
        "transparency": {
            "before": transparency_row(assessment.transparency_before),
            "after": transparency_row(assessment.transparency_after),
            "summary": assessment.transparency_summary,
        },
        "notes": list(assessment.notes),
        "review": _review_row(line),
    }
    if clauses:
        made["clauses"] = [clause_row(one) for one in assessment.clauses]
    return made


def _review_row(line: ChangeLine) -> dict[str, Any] | None:
    review = line.review
    return {"state": review.state, "who": review.who, "why": review.why, "at": iso(review.at)} if review else None


def as_json(changes: Iterable[tuple[ChangeLine, Assessment]]) -> Iterable[str]:
    """One JSON object a line, without line ends."""
    for line, assessment in changes:
        yield json.dumps(change_object(line, assessment), ensure_ascii=False)


def as_csv(changes: Iterable[tuple[ChangeLine, Assessment]]) -> Iterable[str]:
    """A table with one row a finding (one row for a change without findings), its first line the names of the columns.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    yield _csv_row(COLUMNS)
    for line, assessment in changes:
        for finding in assessment.findings or (None,):
            yield _csv_row(_cells(line, finding))


def _cells(line: ChangeLine, finding: Finding | None) -> tuple[str, ...]:
    change: Change = line.change
    head = (
        change.key.vendor, change.key.document, change.slug, iso(change.at), change.kind, change.materiality,
        change.severity, change.direction, "yes" if change.silent else "no", change.summary,
    )  # fmt: skip
    tail = (f"{line.review.state} by {line.review.who}" if line.review else "", line.path)
    if finding is None:
        return (*head, *[""] * 11, *[""], *tail)
    said = (
        finding.label, finding.action, finding.polarity, finding.direction, finding.severity, finding.value,
        finding.novelty, " › ".join(finding.section), finding.summary,
        finding.before.quote if finding.before else "", finding.after.quote if finding.after else "", finding.rule,
    )  # fmt: skip
    return (*head, *said, *tail)


def _csv_row(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(
        "'" + cell if cell.startswith(_FORMULA) else cell.replace("\x00", "") for cell in cells
    )
    return buffer.getvalue()


def as_markdown(changes: Iterable[tuple[ChangeLine, Assessment]], *, clauses: bool = True) -> Iterable[str]:
    """One section a change, gravest words first, for a newsletter or a repository."""
    for line, assessment in changes:
        title = f"{line.vendor_name}: {document_kind(line.document_kind)}, {day(line.change.at)}"
        yield assessment_text(title, assessment, markdown=True, clauses=clauses)
