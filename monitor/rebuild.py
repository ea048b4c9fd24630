"""History redone under our newer extractor and rules: a technical upgrade, told to nobody.

Texts are extracted again from the raw bytes where those were kept, changes are assessed again with both sides under
one revision; ids, permalinks and reviews stay. What was announced stays as it was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.errors import DamageError, ExtractionError, SandboxError
from monitor.model import (
    Document,
    DocumentKey,
    Extraction,
    ExtractOptions,
    Version,
    Watchlist,
)
from monitor.ports import Archive, Relabelled, Sandbox
from monitor.sight import kept_pages, options


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did to one document; ``kept`` lists versions left as they were, and why."""

    key: DocumentKey
    versions: int
    texts_differ: int
    changes: int
    kept: tuple[str, ...] = ()


def rebuild(
    watchlist: Watchlist,
    *,
    archive: Archive,
    sandbox: Sandbox,
    since: datetime | None = None,
    only: frozenset[DocumentKey] | None = None,
    progress: Callable[[Rebuilt], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[Rebuilt, ...]:
    """Redo texts and changes of every document, a document a transaction; ``since`` leaves older versions alone.

    Raises:
        LockedError: another instance is checking.
        ArchiveError: the archive cannot be used any more; documents done before stay done.
    """
    done = []
    with archive.checking():
        for key in archive.documents():
            if stopping():
                break
            if only is not None and key not in only:
                continue
            result = _rebuild(key, watchlist, archive=archive, sandbox=sandbox, since=since)
            done.append(result)
            if progress is not None:
                progress(result)
    return tuple(done)


def _rebuild(
    key: DocumentKey, watchlist: Watchlist, *, archive: Archive, sandbox: Sandbox, since: datetime | None
) -> Rebuilt:
    document = watchlist.document(key)
    changes = {change.after: change.id for change in archive.changes(key)}
    rows: list[Relabelled] = []
    kept: list[str] = []
    differ = 0
    before: Extraction | None = None
    for version in archive.versions(key):
        old = archive.extraction(version)
        wanted = since is None or version.seen_at >= since
        text = old
        try:
            text = _extract(version, document, archive=archive, sandbox=sandbox, before=before)
        except (ExtractionError, SandboxError, DamageError) as error:
            if wanted:
                kept.append(f"{version.seen_at:%Y-%m-%d}: {error}")
        if wanted:
            assessment, change = None, changes.get(version.id)
            if change is not None and before is not None and before.extractor == text.extractor:
                assessment = sandbox.assess(before, text, watchlist.severity)
            differ += text.digest != old.digest
            rows.append(Relabelled(_as_extracted(version, text), text, change, assessment))
        before = text
    archive.relabel(rows)
    return Rebuilt(key, len(rows), differ, sum(row.assessment is not None for row in rows), tuple(kept))


def _extract(
    version: Version, document: Document | None, *, archive: Archive, sandbox: Sandbox, before: Extraction | None
) -> Extraction:
    """The version's text from its raw bytes. Raises ExtractionError when they give no policy any more."""
    snapshot = archive.snapshot(version.snapshot)
    if snapshot is None:
        raise ExtractionError("no-raw", "its raw bytes were not kept")
    how = options(document) if document else ExtractOptions()
    text = sandbox.extract(kept_pages(archive, snapshot), how, previous=before.text if before else None)
    if not text.verdict.ok:
        raise ExtractionError("not-policy", f"no longer taken for the policy ({text.verdict.kind}): kept as it was")
    return text


def _as_extracted(version: Version, text: Extraction) -> Version:
    return replace(
        version,
        text_digest=text.digest,
        extractor=text.extractor,
        dates=text.dates,
        language=text.language,
        title=text.title,
        words=text.words,
    )
