"""View records from the archive: what stored rows and the watchlist together say about a vendor, document or change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from monitor.errors import DamageError
from monitor.model import (
    Assessment,
    Change,
    Check,
    Clause,
    Document,
    DocumentKey,
    Event,
    Review,
    Settings,
    Snapshot,
    Version,
    Watchlist,
    WatchState,
)
from monitor.ports import History
from monitor.report.comparison import compare_pages
from monitor.report.comparison_page import finding_quotes
from monitor.report.episodes import document_status, episodes, latest
from monitor.report.rows import Comparison
from monitor.report.views import ChangeLine, ChangeView, DocumentStatus, DocumentView, Frame, Measured, VendorView
from monitor.report.wording import SEVERITY_RANK
from monitor.settings import exceptions
from monitor.text.segment import segment


class Gatherer:
    """Reads what pages need, each thing once; what is damaged is left out and named in ``damaged``."""

    def __init__(self, archive: History, watchlist: Watchlist, settings: Settings, now: datetime) -> None:
        self.archive, self.watchlist, self.settings, self.now = archive, watchlist, settings, now
        self.declared: dict[DocumentKey, Document] = {document.key: document for document in watchlist.documents}
        self.names = {vendor.id: vendor.name for vendor in watchlist.vendors}
        self.damaged: dict[str, None] = {}
        self._reviews: dict[int, list[Review]] = {}
        for review in archive.reviews():
            self._reviews.setdefault(review.change, []).append(review)

    @cached_property
    def states(self) -> Mapping[DocumentKey, WatchState]:
        """What is known of every document."""
        return self.archive.states()

    @cached_property
    def keys(self) -> tuple[DocumentKey, ...]:
        """Every document that is declared or has history, in order."""
        return tuple(sorted({*self.declared, *self.archive.documents()}))

    def frame(self) -> Frame:
        """What every page prints around its content."""
        settings = self.settings
        ignored = ((d.key, d.robots_ignore) for d in self.watchlist.documents if d.robots_ignore)
        return Frame(
            title=settings.site_title,
            written_at=self.now,
            head=self.archive.head(),
            exceptions=exceptions(settings),
            robots_ignored=tuple((key, reason) for key, reason in ignored if reason),
            public_url=settings.public_url,
        )

    def name(self, vendor: str) -> str:
        """The vendor's name, its id when it is not declared."""
        return self.names.get(vendor, vendor)

    def kind(self, key: DocumentKey) -> str:
        """The document's kind, its id when it is not declared."""
        document = self.declared.get(key)
        return document.kind if document else key.document

    def status(self, key: DocumentKey) -> DocumentStatus:
        """The state of a document."""
        document = self.declared.get(key)
        return document_status(
            key,
            self.states.get(key) or WatchState(key),
            self.now,
            vendor_name=self.name(key.vendor),
            document_kind=self.kind(key),
            declared=document is not None,
            urls=document.urls if document else (),
            tags=document.tags if document else (),
            robots_ignore=document.robots_ignore if document else None,
            interval=document.schedule.interval if document else timedelta(days=1),
            paused=document.paused if document else None,
        )

    def line(self, change: Change, labels: Sequence[str]) -> ChangeLine:
        """A change as a line of a list."""
        document = self.declared.get(change.key)
        reviews = self._reviews.get(change.id, [])
        return ChangeLine(
            change=change,
            vendor_name=self.name(change.key.vendor),
            document_kind=self.kind(change.key),
            tags=document.tags if document else (),
            labels=tuple(dict.fromkeys(labels)),
            review=reviews[-1] if reviews else None,
        )

    def assessment(self, change: Change) -> Assessment | None:
        """What is said about a change; None when that is damaged."""
        try:
            return self.archive.assessment(change.id)
        except DamageError as error:
            self.damaged[str(error)] = None
            return None

    def reviews(self, change: Change) -> tuple[Review, ...]:
        """What people decided about a change, oldest first."""
        return tuple(self._reviews.get(change.id, ()))


def labels_of(assessment: Assessment | None) -> tuple[str, ...]:
    """The labels of its findings, gravest first, each once."""
    findings = sorted(assessment.findings, key=lambda f: -SEVERITY_RANK[f.severity]) if assessment else []
    return tuple(dict.fromkeys(finding.label for finding in findings))


class DocumentReader:
    """Everything about one document, read once: its versions, texts, changes and checks."""

    def __init__(self, gatherer: Gatherer, key: DocumentKey) -> None:
        self.gatherer, self.key = gatherer, key
        self.versions = gatherer.archive.versions(key)
        self.by_id = {version.id: version for version in self.versions}
        self.changes = gatherer.archive.changes(key)
        self.checks: tuple[Check, ...] = tuple(gatherer.archive.checks(key))
        self._clauses: dict[int, tuple[Clause, ...] | None] = {}
        self._snapshots: dict[int, Snapshot | None] = {}

    @cached_property
    def assessments(self) -> Mapping[int, Assessment | None]:
        """Assessments by change id; None where damaged."""
        return {change.id: self.gatherer.assessment(change) for change in self.changes}

    @cached_property
    def lines(self) -> tuple[ChangeLine, ...]:
        """Its changes as lines, oldest first."""
        return tuple(
            replace(
                self.gatherer.line(change, labels_of(self.assessments[change.id])),
                stated=self.by_id[change.after].dates.updated if change.after in self.by_id else None,
            )
            for change in self.changes
        )

    def clauses(self, version: Version) -> tuple[Clause, ...] | None:
        """The clauses of a version's text; None when that is damaged."""
        if version.id not in self._clauses:
            try:
                self._clauses[version.id] = segment(self.gatherer.archive.text(version))
            except DamageError as error:
                self.gatherer.damaged[str(error)] = None
                self._clauses[version.id] = None
        return self._clauses[version.id]

    def pending(self) -> tuple[Clause, ...] | None:
        """The clauses of a text that waits to be confirmed; None when there is none, or it is damaged."""
        try:
            waiting = self.gatherer.archive.pending(self.key)
        except DamageError as error:
            self.gatherer.damaged[str(error)] = None
            return None
        return segment(waiting.text) if waiting else None

    def view(self) -> DocumentView:
        """The page of the document."""
        document = self.gatherer.declared.get(self.key)
        return DocumentView(
            status=self.gatherer.status(self.key),
            versions=self.versions,
            lines=self.lines,
            episodes=episodes(self.key, self.checks, interval=document.schedule.interval if document else None),
            measured=self.measured(),
            checks=latest(self.checks),
            promises=self.gatherer.archive.promises(self.key),
        )

    def measured(self) -> tuple[Measured, ...]:
        """How open each version is, as far as the changes between them say."""
        made: dict[int, Measured] = {}
        for change in self.changes:
            assessment = self.assessments[change.id]
            before, after = self.by_id.get(change.before), self.by_id.get(change.after)
            if assessment is None or before is None or after is None or not assessment.transparency_after.words:
                continue
            made.setdefault(before.id, Measured(before, assessment.transparency_before))
            made[after.id] = Measured(after, assessment.transparency_after)
        return tuple(sorted(made.values(), key=lambda one: one.version.seq))

    def change_view(self, number: int) -> ChangeView | None:
        """The page of the document's change with that index; None when something it needs is damaged."""
        line = self.lines[number]
        change = line.change
        assessment = self.assessments[change.id]
        before, after = self.by_id.get(change.before), self.by_id.get(change.after)
        if assessment is None or before is None or after is None:
            return None
        comparison = self.comparison(before, after, assessment)
        if comparison is None:
            return None
        document = self.gatherer.declared.get(self.key)
        return ChangeView(
            line=line,
            before=before,
            after=after,
            assessment=assessment,
            comparison=comparison,
            before_snapshot=self.snapshot(before),
            after_snapshot=self.snapshot(after),
            check=self._recorded_by(after),
            reviews=self.gatherer.reviews(change),
            corrections=self.corrections.get(change.id, ()),
            older=self.lines[number - 1] if number else None,
            newer=self.lines[number + 1] if number + 1 < len(self.lines) else None,
            urls=document.urls if document else (),
        )

    def comparison(self, before: Version, after: Version, assessment: Assessment) -> Comparison | None:
        """Both texts laid out; None when one of them is damaged."""
        old, new = self.clauses(before), self.clauses(after)
        if old is None or new is None:
            return None
        return compare_pages(old, new, assessment.clauses, finding_quotes(assessment.findings))

    def snapshot(self, version: Version) -> Snapshot | None:
        """The captures behind a version."""
        if version.id not in self._snapshots:  # a version is the "now" of one change and the "before" of the next
            self._snapshots[version.id] = self.gatherer.archive.snapshot(version.snapshot)
        return self._snapshots[version.id]

    def _recorded_by(self, version: Version) -> Check | None:
        """The check that made a text a version: the first one that found it so at or after it was accepted."""
        made = (c for c in self.checks if c.outcome in {"version", "withdrawal", "unstable", "baseline"})
        return next((check for check in made if check.at >= version.accepted_at), None)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What was told about the document."""
        return self.gatherer.archive.events(key=self.key)

    @cached_property
    def corrections(self) -> dict[int, tuple[tuple[datetime, str], ...]]:
        """What was taken back, and when, by the change it was said of."""
        made: dict[int, tuple[tuple[datetime, str], ...]] = {}
        for event in self.events:
            if event.kind == "correction" and event.change is not None:
                made[event.change] = (*made.get(event.change, ()), (event.at, event.summary))
        return made


def vendor_view(gatherer: Gatherer, vendor: str, readers: Sequence[DocumentReader]) -> VendorView:
    """The page of a vendor."""
    declared = gatherer.watchlist.vendor(vendor)
    return VendorView(
        id=vendor,
        name=gatherer.name(vendor),
        documents=tuple(reader.view() for reader in readers),
        notes=gatherer.archive.notes(vendor),
        tags=declared.tags if declared else (),
    )
