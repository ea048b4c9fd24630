"""One pass over the watchlist: due documents fetched side by side, each observed and recorded in turn.

Hosts are fetched side by side, a host never twice at once; deciding and committing happen here, one document at a time.
The queue between is short, so that memory stays flat however many documents are due.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

from monitor.due import is_due
from monitor.errors import FetchError
from monitor.model import Capture, Document, DocumentKey, FetchRequest, NotModified, Validators, Watchlist, WatchState
from monitor.observe import Fetched, Observed, Observer
from monitor.ports import Archive, Clock, Fetcher, Match, Sandbox
from monitor.sight import declaration
from monitor.tell import document_event

FULL_FETCH_EVERY = timedelta(days=7) - timedelta(hours=1)  # servers lie about what has not changed
POLL = 0.2  # seconds between looks at whether to stop
LEAVE_WITHIN = 2.0  # seconds given to fetches under way when the pass ends early


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over the watchlist did."""

    due: int = 0
    observed: tuple[Observed, ...] = ()  # only those with something to tell: a change, a new text, a failure
    failed: int = 0
    newly_failed: int = 0
    changes: int = 0
    touched: frozenset[DocumentKey] = frozenset()  # documents whose pages in the report differ now
    stopped: bool = False  # asked to stop before the end

    @property
    def all_failed(self) -> bool:
        """Whether nothing at all could be seen."""
        return self.due > 0 and self.failed == self.due


def check(
    watchlist: Watchlist,
    *,
    archive: Archive,
    fetcher: Fetcher,
    sandbox: Sandbox,
    clock: Clock,
    match: Match,
    everything: bool = False,
    exact: bool = False,
    only: frozenset[DocumentKey] | None = None,
    workers: int = 8,
    progress: Callable[[Observed], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Pass:
    """Check what is due (or ``everything``, or ``only`` some) and record it.

    Raises:
        LockedError: another instance is checking.
        ArchiveError: the archive cannot be used any more; what was recorded stays.
    """
    with archive.checking():
        _rename(watchlist, archive)
        states = archive.states()
        now = clock.now()
        due = [
            document
            for document in watchlist.documents
            if document.paused is None
            and (only is None or document.key in only)
            and (
                everything
                or only is not None
                or is_due(document, states.get(document.key) or WatchState(document.key), now=now, exact=exact)
            )
        ]
        observer = Observer(archive, sandbox, match, watchlist=watchlist)
        passed = Pass(due=len(due))
        seen = 0
        with _Fetching(watchlist, due, states, fetcher=fetcher, clock=clock, workers=workers) as fetching:
            for fetched in fetching.arrivals(stopping):
                observed = observer.observe(fetched, now=clock.now())
                passed = _count(passed, observed)
                seen += 1
                if progress is not None:
                    progress(observed)
        _tell_effective(watchlist, archive, match, clock)
        return replace(passed, stopped=seen < len(due))


def _count(passed: Pass, observed: Observed) -> Pass:
    outcome = observed.recorded.check.outcome if observed.recorded else "failed"
    quiet = outcome == "unchanged" and not (observed.recorded and observed.recorded.events)
    return replace(
        passed,
        observed=passed.observed if quiet else (*passed.observed, observed),
        failed=passed.failed + observed.failed,
        newly_failed=passed.newly_failed + observed.newly_failed,
        changes=passed.changes + (observed.change is not None),
        touched=passed.touched if quiet else passed.touched | {observed.document.key},
    )


def _rename(watchlist: Watchlist, archive: Archive) -> None:
    """Carry history over to documents that declare what they were called before."""
    renamed = [
        (DocumentKey(old_vendor, old_id), document.key)
        for vendor in watchlist.vendors
        for document in vendor.documents
        for old_vendor in (vendor.id, *vendor.formerly)
        for old_id in (document.id, *document.formerly)
        if (old_vendor, old_id) != (vendor.id, document.id)
    ]
    if not renamed:
        return
    known = set(archive.documents())
    for old, new in renamed:
        if old in known and new not in known:
            archive.rename(old, new)
            known = known - {old} | {new}


def _tell_effective(watchlist: Watchlist, archive: Archive, match: Match, clock: Clock) -> None:
    """An event for each text whose stated effective date, ahead when the text was accepted, has come."""
    today = clock.now().date()
    states = archive.states()
    for vendor in watchlist.vendors:
        for document in vendor.documents:
            state = states.get(document.key)
            version = state.current if state else None
            effective = version.dates.effective if version else None
            if version is None or effective is None or not version.accepted_at.date() < effective <= today:
                continue
            told = archive.events(key=document.key, since=version.accepted_at)
            if any(event.kind == "effective" for event in told):
                continue
            summary = (
                f"{vendor.name} {document.id.replace('-', ' ')}: the text of {version.seen_at:%Y-%m-%d} takes effect"
            )
            archive.announce([document_event("effective", vendor, document, clock.now(), summary=summary)], match)


class _Fetching:
    """Threads that fetch, a host at a time each, and hand over what they got in order of arrival."""

    def __init__(
        self,
        watchlist: Watchlist,
        due: Sequence[Document],
        states: Mapping[DocumentKey, WatchState],
        *,
        fetcher: Fetcher,
        clock: Clock,
        workers: int,
    ) -> None:
        self._vendors = {vendor.id: vendor for vendor in watchlist.vendors}
        self._states = states
        self._fetcher = fetcher
        self._clock = clock
        self._left = len(due)
        self._hosts = deque(_by_host(due))
        self._arrived: queue.Queue[Fetched | BaseException] = queue.Queue(maxsize=2 * workers)
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True)
            for number in range(min(workers, len(self._hosts)))
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop fetching; what is under way is left to its own deadline, and its answer is dropped."""
        self._ended.set()
        until = self._clock.monotonic() + LEAVE_WITHIN
        while any(thread.is_alive() for thread in self._threads) and self._clock.monotonic() < until:
            try:
                self._arrived.get(timeout=POLL)
            except queue.Empty:
                continue

    def arrivals(self, stopping: Callable[[], bool]) -> Iterator[Fetched]:
        """What was fetched, until all of it has come or ``stopping`` says so."""
        while self._left and not stopping():
            try:
                arrived = self._arrived.get(timeout=POLL)
            except queue.Empty:
                continue
            if isinstance(arrived, BaseException):
                raise arrived
            self._left -= 1
            yield arrived

    def _work(self) -> None:
        try:
            while not self._ended.is_set():
                try:
                    documents = self._hosts.popleft()
                except IndexError:
                    return
                for document in documents:
                    if self._ended.is_set():
                        return
                    self._hand_over(self._fetch(document))
        except BaseException as error:  # noqa: BLE001 - a bug in a thread must end the run, not hang it
            self._hand_over(error)

    def _hand_over(self, arrived: Fetched | BaseException) -> None:
        while not self._ended.is_set():
            try:
                self._arrived.put(arrived, timeout=POLL)
            except queue.Full:
                continue
            return

    def _fetch(self, document: Document) -> Fetched:
        vendor = self._vendors[document.vendor]
        answers: list[Capture | NotModified] = []
        validators = _validators(document, self._states.get(document.key), self._clock)
        for url in document.urls:
            request = FetchRequest(url, validators, document.robots_ignore, document.render)
            try:
                answers.append(self._fetcher.fetch(request))
            except FetchError as error:
                return Fetched(vendor, document, tuple(answers), error)
        return Fetched(vendor, document, tuple(answers))


def _validators(document: Document, state: WatchState | None, clock: Clock) -> Validators | None:
    """What to ask "changed since?" with: only for one URL, unchanged declarations, and less than a week."""
    if state is None or state.current is None or len(document.urls) != 1 or len(state.last_captures) != 1:
        return None
    if document.render != "http" or state.declaration != declaration(document):
        return None
    age = clock.now() - state.last_full_at if state.last_full_at else FULL_FETCH_EVERY
    if not timedelta() <= age < FULL_FETCH_EVERY:
        return None
    last = state.last_captures[0]
    headers = dict(last.headers)
    validators = Validators(headers.get("etag", ""), headers.get("last-modified", ""), last.final_url)
    return validators if validators.etag or validators.last_modified else None


def _by_host(documents: Iterable[Document]) -> list[list[Document]]:
    hosts: dict[str, list[Document]] = {}
    for document in documents:
        hosts.setdefault(urlsplit(document.urls[0]).netloc.lower(), []).append(document)
    return list(hosts.values())
