"""What pages are made from: records of the archive side by side with what the watchlist says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from monitor.model import (
    Assessment,
    Change,
    Check,
    Direction,
    DocumentKey,
    Finding,
    Note,
    PinnedPromise,
    Quote,
    Review,
    Snapshot,
    Transparency,
    Version,
)
from monitor.report import paths
from monitor.report.rows import Comparison
from monitor.report.wording import SEVERITY_RANK

Status = Literal["unchanged", "stale", "paused", "pending", "failing", "refused", "unstable", "never"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page prints around its content: whose site it is, and what a reader must know of how it was made."""

    title: str
    written_at: datetime
    head: str = ""  # of the chain, when the page was written
    exceptions: tuple[str, ...] = ()  # the operator's exceptions to the gate's rules, as sentences
    robots_ignored: tuple[tuple[DocumentKey, str], ...] = ()  # with the stated reason
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change as one line of a list."""

    change: Change
    vendor_name: str
    document_kind: str
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()  # of its findings, gravest first
    stated: date | None = None  # the date the new text gives itself
    review: Review | None = None  # the latest

    @property
    def path(self) -> str:
        """Its page."""
        return paths.change(self.change)

    @property
    def families(self) -> tuple[str, ...]:
        """The families of its labels, each once."""
        return tuple(dict.fromkeys(label.partition(".")[0] for label in self.labels))

    @property
    def rank(self) -> tuple[int, int, datetime]:
        """Larger is graver, then worse, then later."""
        worse = {"worse": 3, "mixed": 2, "unclear": 1}.get(self.change.direction, 0)
        return SEVERITY_RANK[self.change.severity], worse, self.change.at

    @property
    def dismissed(self) -> bool:
        """Whether a person said that it needs no attention."""
        return self.review is not None and self.review.state == "dismissed"


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """What the watch knows of a document right now, and why."""

    key: DocumentKey
    vendor_name: str
    document_kind: str
    status: Status
    reason: str = ""
    since: datetime | None = None  # of the status: failing since, pending since, unchanged since
    seen_at: datetime | None = None
    checked_at: datetime | None = None
    next_at: datetime | None = None
    versions: int = 0
    declared: bool = True
    urls: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    robots_ignore: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Everything on the page of a change."""

    line: ChangeLine
    before: Version
    after: Version
    assessment: Assessment
    comparison: Comparison
    before_snapshot: Snapshot | None = None
    after_snapshot: Snapshot | None = None
    check: Check | None = None  # the row that recorded the new version
    reviews: tuple[Review, ...] = ()
    corrections: tuple[tuple[datetime, str], ...] = ()
    older: ChangeLine | None = None
    newer: ChangeLine | None = None
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with the name of its place on the page, and its quotations in parts (``""`` same, ``-``, ``+``, ``*``)."""

    name: str
    finding: Finding
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one direction, gravest first."""

    direction: Direction | Literal["unclassified"]
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """Something on a vendor's time axis that is not a change: how it is drawn depends on its kind."""

    kind: Literal["excursion", "gap", "refused", "pending", "note", "baseline", "unstable"]
    start: datetime
    end: datetime | None = None
    key: DocumentKey | None = None
    text: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """One thing the current text says it does, with its quotation."""

    group: str  # "Data", "Recipients", …
    label: str
    value: str
    quote: Quote
    polarity: str = "practice"
    section: tuple[str, ...] = ()
    place: str = ""  # anchor on the page of the version's text


@dataclass(frozen=True, slots=True)
class Measured:
    """How open one version is."""

    version: Version
    transparency: Transparency


@dataclass(frozen=True, slots=True)
class DocumentView:
    """Everything on the page of a document."""

    status: DocumentStatus
    versions: tuple[Version, ...]
    lines: tuple[ChangeLine, ...]  # oldest first
    episodes: tuple[Episode, ...] = ()
    measured: tuple[Measured, ...] = ()
    inventory: tuple[InventoryItem, ...] = ()
    promises: tuple[PinnedPromise, ...] = ()
    pending_page: bool = False
    checks: tuple[Check, ...] = ()  # the latest few, newest first


@dataclass(frozen=True, slots=True)
class VendorView:
    """Everything on the page of a vendor."""

    id: str
    name: str
    documents: tuple[DocumentView, ...]
    notes: tuple[Note, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[ChangeLine, ...]:
        """Changes of all documents, newest first."""
        return tuple(
            sorted((line for doc in self.documents for line in doc.lines), key=lambda line: line.change.at)[::-1]
        )


@dataclass(frozen=True, slots=True)
class VendorLine:
    """A vendor in the list of vendors."""

    id: str
    name: str
    tags: tuple[str, ...]
    documents: tuple[DocumentStatus, ...]
    latest: ChangeLine | None


@dataclass(frozen=True, slots=True)
class Watch:
    """The state of the whole watch."""

    documents: tuple[DocumentStatus, ...]

    def of(self, *statuses: Status) -> tuple[DocumentStatus, ...]:
        """The documents in one of these states."""
        return tuple(document for document in self.documents if document.status in statuses)


@dataclass(frozen=True, slots=True)
class FrontView:
    """Everything on the front page."""

    lines: tuple[ChangeLine, ...]
    total: int  # of changes kept in all
    watch: Watch
    days: dict[date, tuple[int, int]] = field(default_factory=dict)  # changes a day: all, grave ones
    vendors: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
