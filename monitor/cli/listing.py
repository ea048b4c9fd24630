"""What the reading verbs print: aligned, plain, one line a thing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from monitor.report.episodes import document_status
from monitor.report.text import assessment_text
from monitor.report.views import ChangeLine, DocumentStatus
from monitor.report.wording import SEVERITY_RANK, day, document_kind, iso

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.model import Assessment, Change, DocumentKey, Version
    from monitor.ports import Hit


def status(context: Context, key: DocumentKey) -> DocumentStatus:
    """The state of a document, with what the watchlist says of it."""
    document = context.watchlist.document(key)
    vendor = context.watchlist.vendor(key.vendor)
    return document_status(
        key,
        context.archive.state(key),
        context.clock.now(),
        vendor_name=vendor.name if vendor else key.vendor,
        document_kind=document.kind if document else key.document,
        declared=document is not None,
        interval=document.schedule.interval if document else None,
        paused=document.paused if document else None,
    )


def overview(context: Context, keys: tuple[DocumentKey, ...]) -> str:
    """One line a document: its state, since when, and how much is kept."""
    rows = [("DOCUMENT", "STATE", "SINCE", "LAST SEEN", "VERSIONS", "CHANGES")]
    counts: dict[DocumentKey, int] = {}
    for change in context.archive.changes():
        counts[change.key] = counts.get(change.key, 0) + 1
    for key in keys:
        one = status(context, key)
        rows.append(
            (
                str(key),
                one.status,
                f"{one.since:%Y-%m-%d}" if one.since else "",
                f"{one.seen_at:%Y-%m-%d %H:%M}" if one.seen_at else "never",
                str(one.versions),
                str(counts.get(key, 0)),
            )
        )
    return table(rows)


def document_text(context: Context, key: DocumentKey) -> str:
    """A document's versions and changes, oldest first."""
    one = status(context, key)
    versions = context.archive.versions(key)
    changes = {change.after: change for change in context.archive.changes(key)}
    head = f"{one.vendor_name}: {document_kind(one.document_kind)} ({key})"
    state = f"  {one.status}{f' since {day(one.since)}' if one.since else ''}{f': {one.reason}' if one.reason else ''}"
    rows = [("  VERSION", "FIRST SEEN", "STATED", "WORDS", "CHANGE", "WHAT")]
    for version in versions:
        change = changes.get(version.id)
        rows.append(
            (
                f"  {version.seq}",
                f"{version.seen_at:%Y-%m-%d %H:%M}",
                str(version.dates.updated or "none"),
                str(version.words),
                str(change.id) if change else "",
                _what(change) if change else ("first version" if version.seq == 1 else ""),
            )
        )
    return "\n".join([head, state, table(rows, clip=True), ""])


def _what(change: Change) -> str:
    silent = " (date not moved)" if change.silent else ""
    kind = "" if change.kind == "change" else f"{change.kind}: "
    if change.materiality != "substantive":
        return f"{kind}{change.materiality}"
    return f"{kind}{change.direction}, {change.severity}{silent}: {change.summary}"


def document_object(context: Context, key: DocumentKey) -> dict[str, Any]:
    """The same for programs."""
    one = status(context, key)
    return {
        "schema": "policy-history/1",
        "document": str(key),
        "vendor": one.vendor_name,
        "kind": one.document_kind,
        "state": one.status,
        "since": iso(one.since),
        "reason": one.reason,
        "last_seen_at": iso(one.seen_at),
        "declared": one.declared,
        "versions": [_version_object(version) for version in context.archive.versions(key)],
        "changes": [_change_object(change) for change in context.archive.changes(key)],
    }


def _version_object(version: Version) -> dict[str, Any]:
    return {
        "version": version.seq,
        "seen_at": iso(version.seen_at),
        "accepted_at": iso(version.accepted_at),
        "stated_date": iso(version.dates.updated) or None,
        "effective_date": iso(version.dates.effective) or None,
        "words": version.words,
        "sha256": version.text_digest,
        "extractor": version.extractor,
        "source": version.source,
        "path": version.path,
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "number": change.id,
        "slug": change.slug,
        "at": iso(change.at),
        "kind": change.kind,
        "materiality": change.materiality,
        "severity": change.severity,
        "direction": change.direction,
        "silent": change.silent,
        "summary": change.summary,
    }


def change_line(context: Context, change: Change, assessment: Assessment) -> ChangeLine:
    """A change with its vendor's name, labels and latest review."""
    one = status(context, change.key)
    document = context.watchlist.document(change.key)
    reviews = context.archive.reviews(change.id)
    findings = sorted(assessment.findings, key=lambda finding: -SEVERITY_RANK[finding.severity])
    return ChangeLine(
        change,
        one.vendor_name,
        one.document_kind,
        tags=document.tags if document else (),
        labels=tuple(dict.fromkeys(finding.label for finding in findings)),
        review=reviews[-1] if reviews else None,
    )


def change_text(context: Context, line: ChangeLine, assessment: Assessment, *, markdown: bool = False) -> str:
    """A change for people, with where it comes from."""
    change = line.change
    title = f"{line.vendor_name}: {document_kind(line.document_kind)}, {day(change.at)}"
    width = max(60, min(100, shutil.get_terminal_size((100, 24)).columns))
    text = assessment_text(title, assessment, markdown=markdown, width=width)
    before, after = context.archive.version(change.before), context.archive.version(change.after)
    tail = [f"change {change.id}, {change.key}/{change.slug}, extractor {change.extractor}, rules {change.rules}"]
    tail += [
        f"{word} version {version.seq}, first seen {iso(version.seen_at)}, sha256 {version.text_digest}"
        for word, version in (("before", before), ("now   ", after))
        if version
    ]
    for review in context.archive.reviews(change.id):
        tail.append(f"{review.state} by {review.who} on {day(review.at)}{f': {review.why}' if review.why else ''}")
    tail.append(f"page   {context.settings.site / line.path}")
    if markdown:
        return text + "\n" + "\n".join(f"    {part}" for part in tail) + "\n"
    return text + "\n" + "\n".join(tail) + "\n"


def hit_text(hit: Hit, words: tuple[str, ...]) -> str:
    """A line that was found, cut to what stands round the first word asked for, with where and when."""
    version = hit.version
    when = "now" if hit.current else f"until version {version.seq}, first seen {version.seen_at:%Y-%m-%d}"
    return f"{version.key} ({when})\n  {_around(' '.join(hit.text.split()), words)}"


def _around(text: str, words: tuple[str, ...], room: int = 300) -> str:
    if len(text) <= room:
        return text
    places = [at for word in words if (at := text.casefold().find(word.casefold().strip('"'))) >= 0]
    start = max(0, min(places, default=0) - room // 3)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.rfind(" ", start, start + room) if start + room < len(text) else len(text)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def hit_object(hit: Hit) -> dict[str, Any]:
    """The same for programs."""
    return {
        "document": str(hit.version.key),
        "version": hit.version.seq,
        "seen_at": iso(hit.version.seen_at),
        "current": hit.current,
        "start": hit.start,
        "text": hit.text,
    }


def table(rows: Sequence[tuple[str, ...]], *, clip: bool = False) -> str:
    """Rows as aligned columns; ``clip`` cuts the last column at the terminal's edge when there is one."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    edge = shutil.get_terminal_size((0, 0)).columns
    if clip and edge > 60:
        lines = [line if len(line) <= edge else line[: edge - 1] + "…" for line in lines]
    return "\n".join(lines)
