"""What the captures of one document amount to, recorded: extraction, verdict, decision, assessment, one transaction.

Everything here happens in the main thread, one document at a time; only fetching is concurrent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.decide import DAMAGE, Decision, Failure, decide, recover, set_back
from monitor.due import next_check
from monitor.errors import DamageError, ExtractionError, FetchError, HttpStatus, MonitorError, SandboxError
from monitor.model import (
    Archived,
    Assessment,
    Capture,
    Change,
    ChangeKind,
    Document,
    Event,
    Extraction,
    NotModified,
    PinnedPromise,
    Vendor,
    Watchlist,
    WatchState,
)
from monitor.ports import Archive, Match, Recorded, Sandbox
from monitor.promises import judge_promises
from monitor.sight import Eyes, Seen, declaration, seen_capture
from monitor.tell import change_event, document_event, name

Keep = Literal["", "first", "version", "pending", "weekly", "evidence"]

WHOLE_SNAPSHOT_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What fetching all URLs of a document brought: an answer for each, or the error of the first that failed."""

    vendor: Vendor
    document: Document
    answers: tuple[Capture | NotModified, ...] = ()
    error: FetchError | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What one check amounted to. ``newly_failed``: the first failure after a success."""

    document: Document
    recorded: Recorded | None
    change: Change | None = None
    error: str = ""  # one line for people
    newly_failed: bool = False
    failed: bool = False


_SAID = {
    "trouble": "cannot be read",
    "gone": "is gone",
    "archive-damaged": "is compared no more, for what was kept of it is damaged",
}


class Observer:
    """Turns fetched documents into rows of the archive."""

    def __init__(self, archive: Archive, sandbox: Sandbox, match: Match, *, watchlist: Watchlist) -> None:
        self._archive = archive
        self._sandbox = sandbox
        self._match = match
        self._overrides = watchlist.severity
        self._eyes = Eyes(archive, sandbox, watchlist.severity)
        self._promises = watchlist.promises

    def observe(self, fetched: Fetched, *, now: datetime) -> Observed:
        """Record what was seen of one document. Errors of this document are recorded, not raised.

        Raises:
            ArchiveError: nothing can be recorded any more.
        """
        document = fetched.document
        state = self._archive.state(document.key)
        if fetched.error is not None:
            return self._failed(fetched, state, _fetch_failure(fetched.error), fetched.error, now=now)
        captures = tuple(answer for answer in fetched.answers if isinstance(answer, Capture))
        try:
            seen = self._eyes.see(document, state, captures)
        except (ExtractionError, SandboxError) as error:
            return self._failed(fetched, state, Failure(error.kind, error.kind, transient=False), error, now=now)
        except DamageError as error:
            return self._failed(fetched, state, Failure(DAMAGE, DAMAGE, transient=False), error, now=now)
        if seen.extraction is not None and not seen.extraction.verdict.ok:
            return self._refused(fetched, state, captures, seen.extraction, now=now)
        return self._record(fetched, state, captures, seen, now=now)

    def _record(
        self, fetched: Fetched, state: WatchState, captures: tuple[Capture, ...], seen: Seen, *, now: datetime
    ) -> Observed:
        vendor, document = fetched.vendor, fetched.document
        decision = decide(state, seen.sighting, now=now, confirm=document.confirm)
        after, recovered = recover(decision.state)
        events: list[Event] = []
        if recovered:
            summary = f"{name(vendor, document)} can be read again"
            events.append(document_event("recovery", vendor, document, now, summary=summary))
        if decision.notice:
            events.append(document_event("unstable", vendor, document, now, summary=_unstable(vendor, document)))
        host_moved = _moved_host(state, captures)
        if host_moved:
            summary = f"{name(vendor, document)} is now answered by another site: {host_moved}"
            events.append(document_event("moved", vendor, document, now, summary=summary))
        extraction, assessment = self._accepted(document, state, decision, seen)
        kind: ChangeKind | None = None
        if assessment is not None:
            kind = "withdrawal" if decision.outcome == "withdrawal" else "change"
            if decision.announce and assessment.materiality == "substantive":
                events.append(change_event(vendor, document, assessment, kind, now))
        pins: tuple[PinnedPromise, ...] = ()
        if decision.accepts and extraction is not None:
            sentences = tuple(sentence for key, sentence in self._promises if key == document.key)
            known = self._archive.promises(document.key) if sentences else ()
            current = self._eyes.current(document, state) if sentences else None
            pins, told = judge_promises(
                self._sandbox,
                sentences,
                known=known,
                current=current,
                extraction=extraction,
                vendor=vendor,
                document=document,
                now=now,
            )
            events.extend(told)
        keep = _keep(decision, captures, state, now)
        after = _after(after, document, fetched, decision, now=now)
        recorded = self._archive.record(
            Archived(
                document.key,
                now,
                decision.outcome,
                after,
                captures=captures if keep else (),
                seen=after.last_captures,
                keep=keep,
                from_snapshot=state.pending_snapshot if decision.accepts == "pending" else None,
                extraction=extraction,
                seen_at=state.pending_since if decision.accepts == "pending" else now,
                verdict=extraction.verdict if extraction else None,
                reason=_reason(decision, state),
                kind=kind,
                assessment=assessment,
                events=tuple(events),
                promises=pins,
            ),
            self._match,
        )
        return Observed(document, recorded, change=recorded.change)

    def _accepted(
        self, document: Document, state: WatchState, decision: Decision, seen: Seen
    ) -> tuple[Extraction | None, Assessment | None]:
        """The extraction to store with the check, and the assessment when it becomes the next version."""
        waiting_already = not decision.accepts and decision.state.pending_digest == state.pending_digest
        if decision.outcome in {"unchanged", "excursion"} or waiting_already:
            return None, None
        if decision.accepts != "pending":
            return seen.extraction, seen.against_current if decision.accepts and state.current else None
        pending = self._archive.pending(document.key)
        current = self._eyes.current(document, state)
        if pending is None or current is None:
            return seen.extraction, seen.against_current
        return pending, self._sandbox.assess(current, pending, self._overrides)

    def _refused(
        self,
        fetched: Fetched,
        state: WatchState,
        captures: tuple[Capture, ...],
        extraction: Extraction,
        *,
        now: datetime,
    ) -> Observed:
        """A page that is not the policy: counted, kept as evidence once, told to the operator once."""
        verdict = extraction.verdict
        failure = Failure(verdict.kind, verdict.signature or verdict.kind, transient=False)
        return self._set_back(
            fetched, state, failure, verdict.reason or verdict.kind, now=now, captures=captures, refused=extraction
        )

    def _failed(
        self, fetched: Fetched, state: WatchState, failure: Failure, error: MonitorError, *, now: datetime
    ) -> Observed:
        return self._set_back(fetched, state, failure, str(error), now=now)

    def _set_back(
        self,
        fetched: Fetched,
        state: WatchState,
        failure: Failure,
        reason: str,
        *,
        now: datetime,
        captures: tuple[Capture, ...] = (),
        refused: Extraction | None = None,
    ) -> Observed:
        vendor, document = fetched.vendor, fetched.document
        setback = set_back(state, failure, now=now)
        events: tuple[Event, ...] = ()
        if setback.tell:
            summary = f"{name(vendor, document)} {_SAID[setback.tell]}: {reason}"
            events = (document_event(setback.tell, vendor, document, now, summary=summary, detail=failure.kind),)
        due = next_check(
            document,
            now=now,
            last=state.last_check_at,
            seed=str(document.key),
            due=state.next_check_at,
            retry_after=fetched.error.retry_after if fetched.error else None,
        )
        after = replace(setback.state, last_check_at=now, next_check_at=due, last_error=reason)
        keep = setback.keep and bool(captures)
        recorded = self._archive.record(
            Archived(
                document.key,
                now,
                "refused" if refused else "failed",
                after,
                captures=captures if keep else (),
                seen=tuple(map(seen_capture, captures)),
                keep="evidence" if keep else "",
                verdict=refused.verdict if refused else None,
                error=failure.kind,
                reason=reason,
                events=events,
            ),
            self._match,
        )
        text = f"{document.key}: {reason}"
        return Observed(document, recorded, error=text, newly_failed=setback.newly, failed=True)


def _after(state: WatchState, document: Document, fetched: Fetched, decision: Decision, *, now: datetime) -> WatchState:
    captures = tuple(answer for answer in fetched.answers if isinstance(answer, Capture))
    due = next_check(
        document,
        now=now,
        last=state.last_check_at,
        seed=str(document.key),
        due=state.next_check_at,
        second_look=decision.second_look_at,
    )
    whole = bool(captures) and (
        decision.outcome in {"baseline", "version"}
        or state.last_weekly_at is None
        or now - state.last_weekly_at >= WHOLE_SNAPSHOT_EVERY
    )
    return replace(
        state,
        last_check_at=now,
        last_seen_at=now,
        last_full_at=now if captures else state.last_full_at,
        last_weekly_at=now if whole else state.last_weekly_at,
        next_check_at=due,
        last_captures=tuple(map(seen_capture, captures)) or state.last_captures,
        declaration=declaration(document),
    )


def _keep(decision: Decision, captures: tuple[Capture, ...], state: WatchState, now: datetime) -> Keep:
    if not captures:
        return ""
    if decision.outcome == "baseline":
        return "first"
    if decision.accepts == "sighting":
        return "version"
    if decision.outcome in {"pending", "unstable"} and decision.state.pending_snapshot is None:
        return "pending"
    if decision.outcome == "unchanged":
        last = state.last_weekly_at
        return "weekly" if last is None or now - last >= WHOLE_SNAPSHOT_EVERY else ""
    return ""


def _reason(decision: Decision, state: WatchState) -> str:
    match decision.outcome:
        case "pending" | "unstable" if decision.second_look_at is not None:
            return f"a new text, to be confirmed from {decision.second_look_at:%Y-%m-%d %H:%M} UTC on"
        case "excursion":
            since = f" (seen first {state.pending_since:%Y-%m-%d %H:%M} UTC)" if state.pending_since else ""
            return f"the pending text went away unconfirmed{since}"
        case _:
            return ""


def _fetch_failure(error: FetchError) -> Failure:
    gone = isinstance(error, HttpStatus) and error.status in {404, 410}
    return Failure(error.kind, error.kind, transient=error.transient, gone=gone)


def _unstable(vendor: Vendor, document: Document) -> str:
    called = name(vendor, document)
    return f"{called} alternates between texts; its changes are held back until one of them stays for a week"


def _moved_host(state: WatchState, captures: tuple[Capture, ...]) -> str:
    """The new site when the answers now come from another one than last time, else ""."""
    before = {_site(part.final_url) for part in state.last_captures}
    now = {_site(capture.final_url) for capture in captures}
    return ", ".join(sorted(now - before)) if before else ""


def _site(url: str) -> str:
    """Roughly the registrable domain: the last two labels, three where the second is a short one (co.uk)."""
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
    return ".".join(labels[-3:] if short else labels[-2:])
