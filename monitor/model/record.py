"""What the archive keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from monitor.model.alert import Event
    from monitor.model.capture import Capture
    from monitor.model.change import Assessment, Direction, Materiality, Severity
    from monitor.model.text import Extraction, StatedDates, Verdict
    from monitor.model.watch import DocumentKey

CheckOutcome = Literal[
    "baseline",  # first version
    "unchanged",  # the text equals the current version's
    "pending",  # a new text, not yet confirmed
    "version",  # a new text, announced
    "excursion",  # the pending text went away: the current version's text is back
    "withdrawal",  # an earlier version's text, confirmed
    "unstable",  # a new text while the document alternates: recorded, not announced
    "refused",  # not the policy (verdict)
    "failed",  # fetch or extraction error
]
ChangeKind = Literal["change", "withdrawal", "technical"]
ReviewState = Literal["seen", "noted", "dismissed"]
PromiseState = Literal["unknown", "there", "reworded", "weakened", "gone"]


@dataclass(frozen=True, slots=True)
class SnapshotCapture:
    """One URL's part of a snapshot, without the body. ``digest`` is the SHA-256 of the raw body."""

    url: str
    final_url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    digest: str
    size: int
    rendered: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All captures of one check, kept together. ``source`` tells a live check from an import or a public archive."""

    id: int
    key: DocumentKey
    taken_at: datetime
    captures: tuple[SnapshotCapture, ...]
    source: Literal["check", "import", "memento"] = "check"
    reason: Literal["first", "version", "pending", "weekly", "evidence"] = "version"
    path: str = ""  # of the readable text below snapshots/, "" for evidence that is no version


@dataclass(frozen=True, slots=True)
class Check:
    """One attempt to see a document. ``digest`` seals the row and ``previous`` names the row before it: the chain."""

    id: int
    key: DocumentKey
    at: datetime
    outcome: CheckOutcome
    error: str = ""  # kind of error or verdict, e.g. "timeout", "wall"; "" when the text was seen
    reason: str = ""  # one line for people
    text_digest: str = ""  # of the extraction seen; "" when none
    captures: tuple[SnapshotCapture, ...] = ()
    snapshot: int | None = None  # id, when the raw was kept
    previous: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """An extraction that was accepted as the document's text. ``seq`` counts from 1 within the document."""

    id: int
    key: DocumentKey
    seq: int
    snapshot: int
    seen_at: datetime  # first sighting of the text
    accepted_at: datetime
    text_digest: str
    extractor: str
    dates: StatedDates
    language: str
    title: str
    words: int
    path: str  # of the readable text, below snapshots/
    source: Literal["check", "import", "memento"] = "check"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two consecutive versions, as assessed under one extractor and one rules revision."""

    id: int
    key: DocumentKey
    before: int  # version ids
    after: int
    at: datetime  # when the new version was first seen
    kind: ChangeKind
    materiality: Materiality
    severity: Severity
    direction: Direction
    summary: str
    silent: bool
    extractor: str
    rules: str
    slug: str  # stable part of permalinks, survives rebuild


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided about a change."""

    id: int
    change: int
    state: ReviewState
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A dated remark of the user on a vendor's timeline."""

    id: int
    vendor: str
    day: str  # ISO date
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PinnedPromise:
    """A sentence a user pinned, and whether the current version still makes it."""

    key: DocumentKey
    sentence: str
    state: PromiseState
    since: datetime
    found: str = ""  # the clause that matches best now


@dataclass(frozen=True, slots=True)
class WatchState:
    """What is known of a document before a check: all that deciding needs, and all that explains silence."""

    key: DocumentKey
    current: Version | None = None
    earlier_digests: tuple[str, ...] = ()  # text digests of all earlier versions, newest last
    pending_digest: str = ""
    pending_since: datetime | None = None
    pending_snapshot: int | None = None
    alternations: tuple[datetime, ...] = ()  # within 30 days
    unstable: bool = False  # the notice was given; silent until it settles
    last_check_at: datetime | None = None
    last_seen_at: datetime | None = None  # the policy was seen, whatever it said
    last_full_at: datetime | None = None  # the last fetch of the whole body
    last_weekly_at: datetime | None = None  # the last snapshot kept whole
    next_check_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    trouble: str = ""  # kind and signature of the trouble announced; "" none
    last_error: str = ""
    last_captures: tuple[SnapshotCapture, ...] = ()  # of the last time the policy was seen
    declaration: str = ""  # digest of select, remove, headings and urls: a change of it is a technical upgrade


@dataclass(frozen=True, slots=True)
class Archived:
    """Everything one check writes, in one transaction; the archive numbers and seals the rows.

    ``assessment`` with ``kind`` makes a change between the current version and the new one. ``events`` are matched with
    subscriptions inside the transaction. ``state`` replaces the document's state (its ``current`` is ignored: the
    archive knows it). ``forget_pending`` drops the raw of the pending text unless it became the version.
    """

    key: DocumentKey
    at: datetime
    outcome: CheckOutcome
    state: WatchState
    captures: tuple[Capture, ...] = ()  # bodies to keep; empty: only ``seen`` goes into the check row
    seen: tuple[SnapshotCapture, ...] = ()
    keep: Literal["", "first", "version", "pending", "weekly", "evidence"] = ""  # why the raw is kept
    from_snapshot: int | None = None  # the version's raw is already there (a pending text confirmed)
    extraction: Extraction | None = None
    seen_at: datetime | None = None
    source: Literal["check", "import", "memento"] = "check"
    verdict: Verdict | None = None
    error: str = ""
    reason: str = ""
    kind: ChangeKind | None = None
    assessment: Assessment | None = None
    events: tuple[Event, ...] = ()
    promises: tuple[PinnedPromise, ...] = ()  # pinned sentences as the new version keeps them
