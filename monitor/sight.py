"""Which text the captures of a document show: the current version's, the pending one, an earlier one, or another.

Texts are told apart up to noise, and under one extractor revision: when ours or the declaration has changed, the
current version is extracted again from its raw bytes first, which announces nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from monitor.decide import Sighting
from monitor.errors import ExtractionError
from monitor.model import (
    Assessment,
    Capture,
    Document,
    DocumentKey,
    Extraction,
    ExtractOptions,
    Page,
    SeverityOverride,
    Snapshot,
    SnapshotCapture,
    StatedDates,
    WatchState,
)
from monitor.ports import Archive, History, Relabelled, Sandbox

CLOSING = 2_000  # bytes at the end of a page in which it closes; trackers may follow
TAIL = 200  # characters


@dataclass(frozen=True, slots=True)
class Seen:
    """Which text was seen, with what was worked out on the way; extraction None: one of the known texts, unread."""

    sighting: Sighting
    extraction: Extraction | None = None
    against_current: Assessment | None = None


class Eyes:
    """Tells texts of a document apart."""

    def __init__(self, archive: Archive, sandbox: Sandbox, overrides: Sequence[SeverityOverride]) -> None:
        self._archive = archive
        self._sandbox = sandbox
        self._overrides = tuple(overrides)

    def see(self, document: Document, state: WatchState, captures: tuple[Capture, ...]) -> Seen:
        """Which text the captures show. Unchanged bytes are not read again.

        Raises:
            ExtractionError, SandboxError: the captures give no text.
            DamageError: what the archive kept of this document is not what it was.
        """
        last: Literal["pending", "current"] = "pending" if state.pending_digest else "current"
        known = Sighting(last, state.pending_digest or (state.current.text_digest if state.current else ""))
        if state.current is not None:
            if not captures:
                return Seen(self._earlier(document, known))
            same_bytes = tuple(c.digest for c in captures) == tuple(c.digest for c in state.last_captures)
            if same_bytes and state.declaration == declaration(document):
                return Seen(self._earlier(document, known))
        self._archive.stage(captures)
        current = self._archive.extraction(state.current) if state.current else None
        extraction = self._extract(document, captures, current)
        if current is not None and (current.extractor != extraction.extractor or _redeclared(document, state)):
            current = self.current(document, state)  # first of all, we have changed
            extraction = self._extract(document, captures, current)
        if extraction.verdict.ok and not _complete(captures, extraction, current):
            raise ExtractionError("incomplete", "the connection ended before the end of the page could be seen")
        if current is None or not extraction.verdict.ok:
            return Seen(Sighting("other", extraction.digest), extraction)
        if extraction.digest == current.digest:
            return Seen(Sighting("current", extraction.digest), extraction)
        against = self._sandbox.assess(current, extraction, self._overrides)
        if against.materiality == "noise":
            return Seen(Sighting("current", current.digest), extraction, against)
        sighting = Sighting(
            "pending" if self._is_pending(document, state, extraction) else "other",
            extraction.digest,
            earlier=is_earlier(self._archive, self._sandbox, document.key, extraction),
            date_forward=moved_forward(current.dates, extraction.dates),
        )
        return Seen(sighting, extraction, against)

    def _extract(self, document: Document, captures: tuple[Capture, ...], current: Extraction | None) -> Extraction:
        return self._sandbox.extract(pages(captures), options(document), previous=current.text if current else None)

    def _earlier(self, document: Document, sighting: Sighting) -> Sighting:
        if sighting.text != "pending":
            return sighting
        return replace(sighting, earlier=self._archive.seen_before(document.key, sighting.digest))

    def current(self, document: Document, state: WatchState) -> Extraction | None:
        """The current version's extraction, redone first when our extractor or the declaration has changed since."""
        if state.current is None:
            return None
        extraction = self._archive.extraction(state.current)
        if extraction.extractor == _revision() and not _redeclared(document, state):
            return extraction
        snapshot = self._archive.snapshot(state.current.snapshot)
        if snapshot is None:
            return extraction
        try:
            redone = self._sandbox.extract(kept_pages(self._archive, snapshot), options(document))
        except ExtractionError:
            return extraction
        if not redone.verdict.ok:
            return extraction
        version = replace(
            state.current, text_digest=redone.digest, extractor=redone.extractor, dates=redone.dates, words=redone.words
        )
        self._archive.relabel([Relabelled(version, redone, None, None)])
        return redone

    def _is_pending(self, document: Document, state: WatchState, extraction: Extraction) -> bool:
        if not state.pending_digest:
            return False
        if extraction.digest == state.pending_digest:
            return True
        pending = self._archive.pending(document.key)
        return pending is not None and self._sandbox.assess(pending, extraction).materiality == "noise"


def is_earlier(archive: History, sandbox: Sandbox, key: DocumentKey, extraction: Extraction) -> bool:
    """Whether an earlier version said this; up to noise for the one before the current one: flips return to it."""
    if archive.seen_before(key, extraction.digest):
        return True
    versions = archive.versions(key)
    return len(versions) > 1 and sandbox.assess(archive.extraction(versions[-2]), extraction).materiality == "noise"


def moved_forward(before: StatedDates, after: StatedDates) -> bool:
    """Whether the text now states a later date of itself."""
    if before.updated and after.updated and after.updated != before.updated:
        return after.updated > before.updated
    return bool(before.effective and after.effective and after.effective > before.effective)


def declaration(document: Document) -> str:
    """A digest of what of a declaration decides which text is extracted."""
    headings = (document.headings.start, document.headings.until) if document.headings else None
    data = json.dumps([document.urls, document.select, document.remove, headings, document.render])
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def options(document: Document) -> ExtractOptions:
    """What a declaration says about extraction."""
    return ExtractOptions(document.select, document.remove, document.headings, document.language, document.kind)


def pages(captures: Sequence[Capture]) -> tuple[Page, ...]:
    """Captures as input for extraction."""
    return tuple(
        Page(c.body, content_type=c.header("content-type"), url=c.url, final_url=c.final_url) for c in captures
    )


def kept_pages(archive: History, snapshot: Snapshot) -> tuple[Page, ...]:
    """A snapshot's raw bytes as input for extraction.

    Raises:
        DamageError: they are not what they were.
    """
    return tuple(
        Page(
            archive.body(part.digest),
            content_type=next((value for name, value in part.headers if name == "content-type"), ""),
            url=part.url,
            final_url=part.final_url,
        )
        for part in snapshot.captures
    )


def seen_capture(capture: Capture) -> SnapshotCapture:
    """A capture without its body."""
    return SnapshotCapture(
        capture.url,
        capture.final_url,
        capture.fetched_at,
        capture.status,
        capture.headers,
        capture.digest,
        len(capture.body),
        capture.rendered,
    )


def _complete(captures: Sequence[Capture], extraction: Extraction, current: Extraction | None) -> bool:
    """Whether nothing was cut off: where nothing marked the end, the page closes itself or ends as the last version."""
    open_ended = [c for c in captures if not c.framed and b"</html" not in c.body[-CLOSING:].lower()]
    if not open_ended:
        return True
    tail = current.text.rstrip()[-TAIL:] if current else ""
    return bool(tail) and extraction.text.rstrip().endswith(tail)


def _redeclared(document: Document, state: WatchState) -> bool:
    return bool(state.declaration) and state.declaration != declaration(document)


def _revision() -> str:
    """Our extractor's revision. Most passes need nothing of that room in this process: 0.1 s saved."""
    from monitor.text import REVISION

    return REVISION
