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
    Assessment,
    Change,
    Document,
    DocumentKey,
    Extraction,
    ExtractOptions,
    Page,
    Version,
    Watchlist,
)
from monitor.ports import Archive, Relabelled, Sandbox
from monitor.sight import options


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
    changes: dict[int, Change] = {change.after: change for change in archive.changes(key)}
    rows: list[Relabelled] = []
    kept: list[str] = []
    differ = 0
    before: Extraction | None = None
    for version in archive.versions(key):
        old = archive.extraction(version)
        text = old
        if since is None or version.seen_at >= since:
            try:
                text = _extract(version, document, archive=archive, sandbox=sandbox, before=before)
            except (ExtractionError, SandboxError, DamageError) as error:
                kept.append(f"{version.seen_at:%Y-%m-%d}: {error}")
            assessment, change = _assess(version, changes, before, text, watchlist, sandbox)
            differ += text.digest != old.digest
            redone = replace(
                version,
                text_digest=text.digest,
                extractor=text.extractor,
                dates=text.dates,
                language=text.language,
                title=text.title,
                words=text.words,
            )
            rows.append(Relabelled(redone, text, change, assessment))
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
    kept = [
        Page(
            archive.body(part.digest),
            content_type=next((value for name, value in part.headers if name == "content-type"), ""),
            url=part.url,
            final_url=part.final_url,
        )
        for part in snapshot.captures
    ]
    how = options(document) if document else ExtractOptions()
    text = sandbox.extract(kept, how, previous=before.text if before else None)
    if not text.verdict.ok:
        raise ExtractionError("not-policy", f"no longer taken for the policy ({text.verdict.kind}): kept as it was")
    return text


def _assess(
    version: Version,
    changes: dict[int, Change],
    before: Extraction | None,
    after: Extraction,
    watchlist: Watchlist,
    sandbox: Sandbox,
) -> tuple[Assessment | None, int | None]:
    change = changes.get(version.id)
    if change is None or before is None:
        return None, None
    return sandbox.assess(before, after, watchlist.severity), change.id
