"""What the archive knows of the events in a mail, and of the documents that a mail accounts for; read once a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from monitor.alerts.compose import Account
from monitor.alerts.header import header_text
from monitor.alerts.mime import Attachment
from monitor.alerts.views import Batch, Sight, Told
from monitor.errors import ArchiveError, DamageError
from monitor.model import Change, Document, DocumentKey, Event, Settings, Subscription, Watchlist, WatchState
from monitor.ports import Archive
from monitor.report import paths
from monitor.report.wording import document_kind

PAGES = 5  # changes in one mail whose pages are attached
PAGES_KEPT = 20
DOUBTFUL = 0.7  # confidence of an extraction below which a mail says so

Filter = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class Knowledge:
    """Answers for one run of deliver, remembered: many readers get the same events."""

    def __init__(self, archive: Archive, watchlist: Watchlist, *, settings: Settings, now: datetime) -> None:
        self._archive = archive
        self._watchlist = watchlist
        self._settings = settings
        self._now = now
        self._public_url = settings.public_url.rstrip("/")
        self._told: dict[int, Told] = {}
        self._attachments: dict[int, Attachment | None] = {}
        self._watched: dict[Filter, tuple[tuple[Sight, ...], int]] = {}

    @cached_property
    def _states(self) -> Mapping[DocumentKey, WatchState]:
        return self._archive.states()

    @cached_property
    def _head(self) -> str:
        return self._archive.head()

    def told(self, batch: Batch) -> dict[int, Told]:
        """What is known of each event of a batch, by event id."""
        attach = not self._public_url and len(batch.items) <= PAGES
        return {item.event.id or 0: self._of(item.event, attach=attach) for item in batch.items}

    def account(self, batch: Batch) -> Account:
        """The documents that a mail accounts for: those it is about, and those that are not seen."""
        about = {item.event.key for item in batch.items if item.event.key}
        missing: dict[DocumentKey, Sight] = {}
        total = 0
        for subscription in batch.subscriptions:
            unseen, count = self._watched_by(subscription)
            missing |= {sight.key: sight for sight in unseen}
            total = max(total, count)
        sights = {key: self._sight(key, self._watchlist.document(key)) for key in sorted(about)[:50]}
        return Account(tuple((sights | missing).values()), max(total, len(sights | missing)), self._head)

    def _of(self, event: Event, *, attach: bool) -> Told:
        number = event.id or 0
        if number not in self._told:
            self._told[number] = self._look_up(event)
        told = self._told[number]
        if not attach or event.change is None:
            return told
        change = self._archive.change(event.change)
        page = self._attachment(change) if change else None
        return Told(event, told.url, told.source, told.first_seen_at, told.before_seen_at, told.doubts, page)

    def _look_up(self, event: Event) -> Told:
        document = self._watchlist.document(event.key) if event.key else None
        source = document.urls[0] if document and document.urls else ""
        change = self._archive.change(event.change) if event.change is not None else None
        if change is None:
            return Told(event, source=source)
        before, after = self._archive.version(change.before), self._archive.version(change.after)
        doubts: tuple[str, ...] = ()
        if after:
            try:
                confidence = self._archive.extraction(after).confidence
                doubts = confidence.reasons if confidence.score < DOUBTFUL else ()
            except DamageError:
                doubts = ("its stored copy was damaged after this was found",)
        return Told(
            event,
            url=f"{self._public_url}/{paths.change(change)}" if self._public_url else "",
            source=source,
            first_seen_at=after.seen_at if after else None,
            before_seen_at=before.seen_at if before else None,
            doubts=doubts,
        )

    def _attachment(self, change: Change) -> Attachment | None:
        if change.id not in self._attachments:
            if len(self._attachments) >= PAGES_KEPT:
                self._attachments.clear()
            self._attachments[change.id] = self._page(change)
        return self._attachments[change.id]

    def _page(self, change: Change) -> Attachment | None:
        """The change's page as one file without a script: mail servers dislike those, and the page does without."""
        from monitor.publish.gather import DocumentReader, Gatherer
        from monitor.report.environment import static
        from monitor.report.names import label_names
        from monitor.report.pages import change as change_page

        try:
            gatherer = Gatherer(self._archive, self._watchlist, self._settings, self._now)
            reader = DocumentReader(gatherer, change.key)
            number = next((at for at, line in enumerate(reader.lines) if line.change.id == change.id), None)
            view = reader.change_view(number) if number is not None else None
        except ArchiveError:
            return None  # damaged: verify names it, and the mail still says what was found
        if view is None:
            return None
        page = change_page(gatherer.frame(), view, label_names(), alone=True)
        page = page.replace(b'<script type="module">' + static("site.js") + b"</script>", b"")
        name = f"{paths.safe(str(change.key))}-{paths.safe(change.slug)}".lower()
        return Attachment(f"{name[:90]}.html", "text/html; charset=utf-8", page)

    def _watched_by(self, subscription: Subscription) -> tuple[tuple[Sight, ...], int]:
        """The documents a subscription is about that are not seen, and how many it is about."""
        wanted: Filter = (subscription.vendors, subscription.kinds, subscription.tags)
        if wanted not in self._watched:
            documents = [document for document in self._watchlist.documents if _meets(document, wanted)]
            sights = [self._sight(document.key, document) for document in documents]
            unseen = tuple(sight for sight in sights if not sight.seen)
            self._watched[wanted] = (unseen, len(documents))
        return self._watched[wanted]

    def _sight(self, key: DocumentKey, document: Document | None) -> Sight:
        vendor = self._watchlist.vendor(key.vendor)
        kind = document_kind(document.kind if document else key.document)
        state = self._states.get(key, WatchState(key))
        name = header_text(f"{vendor.name if vendor else key.vendor} {kind}")
        paused = (document.paused or "") if document else ""
        return Sight(key, name, state.last_seen_at, state.failing_since, state.last_error, paused)


def _meets(document: Document, wanted: Filter) -> bool:
    vendors, kinds, tags = wanted
    return (
        (not vendors or document.vendor in vendors)
        and (not kinds or document.kind in kinds)
        and (not tags or not set(tags).isdisjoint(document.tags))
    )
