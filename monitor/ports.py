"""What the use cases need from the world, as protocols; the edges implement them and the doors hand them over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from monitor.model import (
    Alert,
    Archived,
    Assessment,
    Capture,
    Change,
    Check,
    Delivery,
    DocumentKey,
    Event,
    Extraction,
    ExtractOptions,
    FetchRequest,
    Message,
    Note,
    NotModified,
    Page,
    PinnedPromise,
    Review,
    SeverityOverride,
    Snapshot,
    Subscription,
    Version,
    WatchState,
)


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The current time, aware, UTC."""

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back."""

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""


class Fetcher(Protocol):
    """The one gate for HTTP."""

    def fetch(self, request: FetchRequest) -> Capture | NotModified:
        """What the URL gives now; NotModified only when validators were sent.

        Raises:
            FetchError: it gave nothing that can be used.
        """

    def close(self) -> None:
        """Drop connections and browsers."""


class Sandbox(Protocol):
    """Runs what touches hostile bytes in children under limits."""

    def extract(self, pages: Sequence[Page], options: ExtractOptions, previous: str | None = None) -> Extraction:
        """One text from all pages of a document. ``previous`` is the text of the current version, for the verdict.

        Raises:
            ExtractionError: the bytes give no text that can be trusted.
            SandboxError: a limit was reached.
        """

    def assess(self, before: Extraction, after: Extraction, overrides: Sequence[SeverityOverride] = ()) -> Assessment:
        """What differs and what that means.

        Raises:
            SandboxError: a limit was reached.
        """

    def promise(self, sentence: str, text: str) -> tuple[str, str]:
        """Whether a text still makes a promise (there, reworded, weakened, gone), and the clause that fits best.

        Raises:
            SandboxError: a limit was reached.
        """

    def close(self) -> None:
        """End the children."""


Match = Callable[[Event, Sequence[Subscription]], Sequence[tuple[int, datetime]]]
"""Pure: which subscriptions an event is owed to, as (subscription id, when the alert is due)."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one transaction wrote."""

    check: Check
    snapshot: Snapshot | None = None
    version: Version | None = None
    change: Change | None = None
    events: tuple[Event, ...] = ()
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A version's text and the change that led to it, redone under new revisions (``rebuild``)."""

    version: Version
    extraction: Extraction
    change: int | None  # id of the change whose ``after`` it is
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that ``verify`` found wrong: the file or row, what is wrong, and the document it belongs to."""

    where: str
    what: str
    key: DocumentKey | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """An alert that is due, with what is needed to compose it."""

    alert: Alert
    event: Event
    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found by ``search``; ``start`` is its place in the version's text."""

    version: Version
    text: str
    start: int
    current: bool


class History(Protocol):
    """Reading what was kept. All times are aware UTC; sequences are oldest first."""

    def state(self, key: DocumentKey) -> WatchState:
        """What is known of a document; an empty state when nothing is."""

    def states(self) -> Mapping[DocumentKey, WatchState]:
        """The same for every document that has one, in one reading."""

    def body(self, digest: str) -> bytes:
        """The raw bytes of a kept capture. Raises DamageError when they are not what they were."""

    def text(self, version: Version) -> str:
        """The version's text under its current extractor revision. Raises DamageError."""

    def extraction(self, version: Version) -> Extraction:
        """The same with what was found out about it. Raises DamageError."""

    def pending(self, key: DocumentKey) -> Extraction | None:
        """The extraction of the text that waits for its second sighting. Raises DamageError."""

    def seen_before(self, key: DocumentKey, digest: str) -> bool:
        """Whether a version other than the current one had that text."""

    def versions(self, key: DocumentKey) -> tuple[Version, ...]:
        """All versions of a document."""

    def version(self, version_id: int) -> Version | None:
        """One version, None when there is none of that id."""

    def changes(
        self, key: DocumentKey | None = None, *, vendor: str | None = None, since: datetime | None = None
    ) -> tuple[Change, ...]:
        """Changes of one document, of one vendor, or of all."""

    def change(self, change_id: int) -> Change | None:
        """One change, None when there is none of that id."""

    def assessment(self, change_id: int) -> Assessment:
        """Findings and clause changes of a change. Raises DamageError."""

    def labels(self) -> Mapping[int, tuple[str, ...]]:
        """The labels of each change's findings, gravest first, by change id; changes without findings are left out."""

    def checks(self, key: DocumentKey | None = None, *, since: datetime | None = None) -> Iterator[Check]:
        """Checks of one document, or of all."""

    def snapshot(self, snapshot_id: int) -> Snapshot | None:
        """One snapshot, None when there is none of that id."""

    def snapshots(self, key: DocumentKey) -> tuple[Snapshot, ...]:
        """All snapshots of a document that were kept."""

    def documents(self) -> tuple[DocumentKey, ...]:
        """Every document that has any history, declared or not."""

    def events(self, *, since: datetime | None = None, key: DocumentKey | None = None) -> tuple[Event, ...]:
        """Events of one document, or of all."""

    def reviews(self, change_id: int | None = None) -> tuple[Review, ...]:
        """Reviews of one change, or of all."""

    def notes(self, vendor: str | None = None) -> tuple[Note, ...]:
        """Notes on one vendor, or on all, by their day."""

    def promises(self, key: DocumentKey | None = None) -> tuple[PinnedPromise, ...]:
        """Pinned promises of one document, or of all, as last judged."""

    def search(self, query: str, *, key: DocumentKey | None = None, limit: int = 50) -> tuple[Hit, ...]:
        """Clauses of all versions that hold every word of the query, best first."""

    def head(self) -> str:
        """Digest of the newest check row: the chain's head, "" while there is none."""

    def chain(self, *, upto: str | None = None) -> Iterator[Check]:
        """Check rows in chain order."""

    def makers(self, version: Version) -> tuple[int, ...]:
        """Numbers of the checks that wrote a version and the snapshot behind it, oldest first."""

    def links(self, first: int, last: int | None = None) -> Iterator[str]:
        """Check rows in order, each as the line whose SHA-256 is its digest and which names the digest before it."""

    def written(self, check: int) -> tuple[str, ...]:
        """Rows that a check wrote elsewhere, each as the line whose SHA-256 is its seal, in the check's own order."""


class Recording(Protocol):
    """Writing. Every method is one transaction."""

    def checking(self) -> AbstractContextManager[None]:
        """Hold the lock on checking. Raises LockedError. Sweeps what an interrupted run left."""

    def stage(self, captures: Sequence[Capture]) -> None:
        """Make raw bytes durable before anything reads them; ``record`` keeps or drops them."""

    def record(self, archived: Archived, match: Match) -> Recorded:
        """Write all that one check brought. Raises ArchiveError."""

    def announce(self, events: Sequence[Event], match: Match) -> int:
        """Write events that belong to no check (effective dates, corrections, mail failing); number of alerts made."""

    def relabel(self, rows: Sequence[Relabelled]) -> None:
        """Replace extractions and assessments under new revisions; announces nothing, keeps ids, slugs and reviews."""

    def rename(self, old: DocumentKey, new: DocumentKey) -> None:
        """Carry the history of a document over to another key that has none; files stay where they are."""

    def review(self, change: int, *, state: str, who: str, why: str, at: datetime) -> Review:
        """Record what a person decided about a change."""

    def note(self, vendor: str, day: str, text: str, *, at: datetime) -> Note:
        """Record a dated remark on a vendor's timeline."""

    def keep_promises(self, promises: Sequence[PinnedPromise]) -> None:
        """Record what became of pinned promises."""

    def schedule(self, times: Mapping[DocumentKey, datetime]) -> None:
        """Set when documents are next due."""


class Mailroom(Protocol):
    """Subscriptions, and alerts on their way. Short transactions, from any process, also during a check."""

    def subscriptions(self, *, address: str | None = None, ended: bool = False) -> tuple[Subscription, ...]:
        """Subscriptions, of one address or of all; those that ended only when asked for."""

    def subscription(self, subscription_id: int) -> Subscription | None:
        """One subscription, None when there is none of that id."""

    def subscribe(self, subscription: Subscription) -> Subscription:
        """Enter a subscription; it comes back with its id."""

    def confirm(self, subscription_id: int, *, at: datetime) -> bool:
        """Whether this call confirmed it (False: it was confirmed before, or is gone)."""

    def amend(self, subscription: Subscription) -> None:
        """Replace what a subscription asks for."""

    def unsubscribe(self, subscription_id: int, *, at: datetime) -> bool:
        """End a subscription and drop what it is owed; whether it was running."""

    def erase(self, address: str) -> int:
        """Remove an address everywhere; number of rows that held it."""

    def suppress(self, address: str, *, reason: str, at: datetime, until: datetime | None = None) -> None:
        """Send nothing to an address any more, or until then."""

    def suppressed(self, address: str) -> str:
        """Why mail to the address is off, "" when it is not."""

    def owed(self, now: datetime, *, address: str | None = None) -> tuple[Owed, ...]:
        """Alerts that are due and not handed over (to one address), oldest first. Events come from a small cache."""

    def addressees(self, now: datetime) -> tuple[str, ...]:
        """Addresses that have alerts due, longest waiting first: what is owed can be read one address at a time."""

    def alerts(self, event: int) -> tuple[Alert, ...]:
        """Every alert made for an event, whatever became of it."""

    def delivering(self) -> AbstractContextManager[bool]:
        """The turn to deliver, held by one process at a time; False: another one has it."""

    def assign(self, message_id: str, alerts: Sequence[int]) -> None:
        """Fix the Message-ID of alerts before the first attempt to send them."""

    def delivered(self, delivery: Delivery) -> None:
        """Record the outcome of one attempt, and what follows for its alerts."""

    def deliveries(self, *, since: datetime | None = None) -> tuple[Delivery, ...]:
        """Attempts and their outcomes."""


class Archive(History, Recording, Mailroom, Protocol):
    """The ledger and the folder ``snapshots/``."""

    def verify(self, *, head: str | None = None) -> Iterator[Damage]:
        """Everything that is not what it was; with ``head``, also whether that digest is in the chain."""

    def backup(self, target: Path) -> int:
        """A consistent copy of the whole archive in a new folder, also during a check; the number of files in it."""

    def close(self) -> None:
        """Let go of files and connections."""


class Sender(Protocol):
    """Hands messages over."""

    def send(self, message: Message) -> None:
        """Return when it was taken over.

        Raises:
            SendError: it was not.
        """

    def close(self) -> None:
        """Let go of files and connections."""


class Site(Protocol):
    """Where the report's files go."""

    def write(self, path: str, content: bytes) -> bool:
        """Put a file at a relative path, whole or not at all; whether its content differed."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, None when there is none."""

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""

    def paths(self) -> tuple[str, ...]:
        """The relative paths of all files."""
