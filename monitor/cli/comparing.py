"""What ``diff`` does with files, pairs of files, and archived versions; and the JSON object it prints."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from monitor.cli.files import extract_file, read_pairs
from monitor.cli.terminal import printable
from monitor.errors import ExtractionError, SandboxError, UsageError
from monitor.model import DocumentKey

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.model import Assessment, Extraction, Version

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def compare_files(old: str, new: str, *, form: str) -> bool:
    """Print what differs between two files; whether it is substantive."""
    from monitor.sandbox import SandboxPool

    sandbox = SandboxPool()
    try:
        before, after = extract_file(sandbox, old), extract_file(sandbox, new)
        assessment = sandbox.assess(before, after)
    finally:
        sandbox.close()
    _print(f"{old} → {new}", before, after, assessment, form)
    return assessment.materiality == "substantive"


def compare_pairs(path: str) -> int:
    """Print one JSON object a pair, in order; a pair that cannot be read ends the run."""
    from monitor.sandbox import SandboxPool

    sandbox = SandboxPool()
    try:
        for pair, old, new in read_pairs(path):
            try:
                before, after = extract_file(sandbox, old), extract_file(sandbox, new)
                assessment = sandbox.assess(before, after)
            except (ExtractionError, SandboxError) as error:
                raise UsageError(f"{path}: {pair}: {error}") from error
            click.echo(json.dumps(as_object(pair, before, after, assessment), ensure_ascii=False))
    finally:
        sandbox.close()
    return 0


def compare_archived(root: str | None, old: str, new: str, *, document: str | None, form: str) -> bool:
    """Print what differs between two archived texts; whether it is substantive.

    Raises:
        UsageError: there is no such document, or no version at that day.
    """
    from monitor.cli.context import Context
    from monitor.meaning.summary import told_apart

    with Context(root) as context:
        if document:
            key = _key(document)
            versions = (_at(context, key, old), _at(context, key, new))
        else:
            versions = (_named(context, old), _named(context, new))
        before, after = (context.archive.extraction(version) for version in versions)
        assessment = context.sandbox.assess(before, after, context.watchlist.severity)
        names = [f"{version.key} {version.seen_at:%Y-%m-%d}" for version in versions]
        if form == "html":
            names = [_title(context, version) for version in versions]
        apart = versions[0].key != versions[1].key
        _print(" → ".join(names), before, after, told_apart(assessment) if apart else assessment, form, apart=apart)
        return assessment.materiality == "substantive"


def _title(context: Context, version: Version) -> str:
    """What a page calls a version."""
    from monitor.report.wording import day, document_kind

    vendor, document = context.watchlist.vendor(version.key.vendor), context.watchlist.document(version.key)
    kind = document_kind(document.kind if document else version.key.document)
    return f"{vendor.name if vendor else version.key.vendor}: {kind}, {day(version.seen_at)}"


def _key(name: str) -> DocumentKey:
    try:
        return DocumentKey.parse(name)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _named(context: Context, name: str) -> Version:
    document, _, day = name.partition("@")
    return _at(context, _key(document), day or "9999-12-31")


def _at(context: Context, key: DocumentKey, day: str) -> Version:
    """The version that was current at the end of a day."""
    versions = context.archive.versions(key)
    if not versions:
        raise UsageError(f"{key}: no version of it is kept", remedy="policy-monitor history lists what is")
    if not _DAY.fullmatch(day):
        raise UsageError(f"{day}: no day", remedy="write it as 2020-03-18")
    try:
        end = datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(f"{day}: no day", remedy="write it as 2020-03-18") from error
    if end.year < 9999:
        end += timedelta(days=1)
    past = [version for version in versions if version.seen_at < end]
    if not past:
        raise UsageError(
            f"{key}: nothing is kept from {day} or before; the first version is of {versions[0].seen_at:%Y-%m-%d}"
        )
    return past[-1]


def _print(
    title: str, before: Extraction, after: Extraction, assessment: Assessment, form: str, *, apart: bool = False
) -> None:
    if form == "json":
        click.echo(json.dumps(as_object(title, before, after, assessment), ensure_ascii=False))
        return
    if form == "html":
        from monitor.report.comparison_page import comparison_page
        from monitor.report.names import label_names

        page = comparison_page(title, before, after, assessment, names=label_names(), apart=apart)
        click.echo(page.decode(), nl=False)
        return
    from monitor.report.text import assessment_text

    click.echo(printable(assessment_text(title, assessment, markdown=form == "markdown", apart=apart)), nl=False)


def as_object(pair: str, before: Extraction, after: Extraction, assessment: Assessment) -> dict[str, object]:
    """The object of schema ``policy-change/1`` (see docs/formats.md)."""
    from monitor.report.exports import clause_row, finding_row, transparency_row

    return {
        "schema": "policy-change/1",
        "id": pair,
        "materiality": assessment.materiality,
        "severity": assessment.severity,
        "direction": assessment.direction,
        "summary": assessment.summary,
        "silent": assessment.silent,
        "rules": assessment.rules,
        "texts": {"before": _described(before), "after": _described(after)},
        "findings": [finding_row(finding) for finding in assessment.findings],
        "clauses": [clause_row(change) for change in assessment.clauses],
        "renames": [list(rename) for rename in assessment.renames],
        "transparency": {
            "before": transparency_row(assessment.transparency_before),
            "after": transparency_row(assessment.transparency_after),
            "summary": assessment.transparency_summary,
        },
        "notes": list(assessment.notes),
    }


def _described(extraction: Extraction) -> dict[str, object]:
    dates = extraction.dates
    return {
        "sha256": extraction.digest,
        "extractor": extraction.extractor,
        "verdict": extraction.verdict.kind,
        "language": extraction.language,
        "words": extraction.words,
        "stated_date": str(dates.updated) if dates.updated else None,
        "effective_date": str(dates.effective) if dates.effective else None,
    }
