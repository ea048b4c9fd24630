"""Captures, texts and records of an invented vendor, and a recorder that makes the checks of a document one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes import FixedClock

from monitor.archive.archive import FolderArchive, open_folder
from monitor.model import (
    Archived,
    Assessment,
    Capture,
    Clause,
    ClauseChange,
    DocumentKey,
    Event,
    Extraction,
    Finding,
    Quote,
    SnapshotCapture,
    StatedDates,
    Subscription,
    Verdict,
    WatchState,
)
from monitor.ports import Recorded

KEY = DocumentKey("larkspur", "privacy-policy")
START = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
ANNA = "anna@example.org"
PROSE = (
    "We collect your name and your address when you open an account.",
    "We keep records of payments for seven years because the law asks for it.",
    "Our engineers may look at log files to find faults.",
    "You can ask for a copy of everything we hold about you.",
    "Cookies on our site remember the language you chose.",
    "We pass parcels to couriers together with your address.",
)


def text_of(*more: str, about: str = "Larkspur") -> str:
    """A policy as normalised Markdown."""
    paragraphs = "\n\n".join((*PROSE, *more))
    return f"# {about} privacy policy\n\nLast updated 18 March 2026\n\n{paragraphs}\n"


def page_of(*more: str, menu: str = "") -> bytes:
    """A page that shows it."""
    paragraphs = "".join(f"<p>{sentence}</p>\n" for sentence in (*PROSE, *more))
    return f"<!doctype html><title>Privacy</title><nav>{menu}</nav><main>\n{paragraphs}</main>".encode()


def extraction_of(text: str, *, extractor: str = "1+test") -> Extraction:
    return Extraction(
        text,
        extractor,
        Verdict("policy"),
        title="Privacy policy",
        language="en",
        dates=StatedDates(date(2026, 3, 18), "Last updated 18 March 2026"),
        words=len(text.split()),
    )


def capture_of(body: bytes, at: datetime, *, url: str = "https://larkspur.example/privacy") -> Capture:
    headers = (
        ("date", "Sun, 29 Mar 2026 12:00:00 GMT"),
        ("content-type", "text/html; charset=utf-8"),
        ("etag", '"5e7f-12ab"'),
        ("last-modified", "Wed, 18 Mar 2026 09:30:00 GMT"),
        ("x-request-id", "0f8c5f4e-6d0b-4f51-b0f1-2d5d7f1f6d4e"),
        ("set-cookie", "session=" + "a" * 400),
    )
    return Capture(url, url, at, 200, headers, body)


def seen_of(capture: Capture) -> SnapshotCapture:
    return SnapshotCapture(
        capture.url,
        capture.final_url,
        capture.fetched_at,
        capture.status,
        capture.headers,
        capture.digest,
        len(capture.body),
    )


def assessment_of(sentence: str, *, rules: str = "rules-1") -> Assessment:
    clause = Clause(sentence, 0, len(sentence), "sentence", ("Sharing",))
    finding = Finding(
        "share.sale", "added", "practice", "worse", "high", "brokers", ("Sharing",), "new", "sale-1",
        "Now says that data is sold", None, Quote(sentence, 0, len(sentence)),
    )  # fmt: skip
    return Assessment(
        "substantive",
        "high",
        "worse",
        f"Now says: {sentence}",
        (finding,),
        (ClauseChange("added", None, clause),),
        rules,
    )


def everybody(event: Event, subscriptions: Sequence[Subscription]) -> list[tuple[int, datetime]]:
    """Every running subscription is owed every event."""
    return [(subscription.id, event.at) for subscription in subscriptions if subscription.id is not None]


def nobody(event: Event, subscriptions: Sequence[Subscription]) -> list[tuple[int, datetime]]:
    return []


@dataclass
class Recorder:
    """Makes the checks of one document, as the use cases do."""

    archive: FolderArchive
    clock: FixedClock
    key: DocumentKey = KEY
    match: Any = field(default=everybody)

    def record(self, outcome: Any, **parts: Any) -> Recorded:
        """One check, a day after the last one."""
        self.clock.forward(days=1)
        now = self.clock.now()
        state: WatchState = parts.pop("state", None) or self.archive.state(self.key)
        state = replace(state, last_check_at=now, next_check_at=now + timedelta(days=1))
        captures = parts.get("captures", ())
        self.archive.stage(captures)
        archived = Archived(
            self.key, now, outcome, replace(state, last_captures=tuple(map(seen_of, captures))), **parts
        )
        return self.archive.record(archived, self.match)

    def baseline(self, *more: str) -> Recorded:
        return self.record(
            "baseline", captures=(self.capture(*more),), keep="first", extraction=extraction_of(text_of(*more))
        )

    def unchanged(self, *more: str, menu: str = "") -> Recorded:
        return self.record("unchanged", seen=(seen_of(self.capture(*more, menu=menu)),))

    def change(self, *more: str, menu: str = "", kind: Any = "change") -> Recorded:
        """A new version at once, told to everybody."""
        outcome = "version" if kind == "change" else kind
        return self.record(
            outcome,
            captures=(self.capture(*more, menu=menu),),
            keep="version",
            extraction=extraction_of(text_of(*more)),
            kind=kind,
            assessment=assessment_of(more[-1] if more else "nothing"),
            events=(self.event(kind),),
        )

    def pending(self, *more: str) -> Recorded:
        extraction = extraction_of(text_of(*more))
        state = replace(
            self.archive.state(self.key),
            pending_digest=extraction.digest,
            pending_since=self.clock.now(),
            pending_snapshot=None,
        )
        return self.record(
            "pending", captures=(self.capture(*more),), keep="pending", extraction=extraction, state=state
        )

    def confirm(self, *more: str) -> Recorded:
        """The pending text becomes the version."""
        state = self.archive.state(self.key)
        return self.record(
            "version",
            state=self.settled(state),
            seen=(seen_of(self.capture(*more)),),
            from_snapshot=state.pending_snapshot,
            extraction=self.archive.pending(self.key),
            seen_at=state.pending_since,
            kind="change",
            assessment=assessment_of(more[-1]),
            events=(self.event("change"),),
        )

    def excursion(self) -> Recorded:
        return self.record(
            "excursion", state=self.settled(self.archive.state(self.key)), seen=(seen_of(self.capture()),)
        )

    def settled(self, state: WatchState) -> WatchState:
        return replace(state, pending_digest="", pending_since=None, pending_snapshot=None)

    def capture(self, *more: str, menu: str = "") -> Capture:
        return capture_of(page_of(*more, menu=menu), self.clock.now())

    def event(self, kind: Any) -> Event:
        return Event(
            kind, self.clock.now(), self.key, "Larkspur", "privacy-policy", summary="Larkspur changed its policy"
        )

    def subscribe(self, address: str = ANNA, **wish: Any) -> Subscription:
        return self.archive.subscribe(Subscription(address, confirmed_at=self.clock.now(), **wish))


def open_recorder(folder: Path) -> Recorder:
    clock = FixedClock()
    return Recorder(open_folder(folder / "snapshots", clock=clock), clock)


def small_history(recorder: Recorder) -> None:
    """All that can happen to a document, once."""
    recorder.subscribe()
    recorder.baseline()
    recorder.unchanged(menu="another")
    recorder.pending("We sell your data to brokers.")
    recorder.excursion()
    recorder.pending("We share your data with partners.")
    recorder.confirm("We share your data with partners.")
    recorder.change("We share your data with partners and brokers.")
    recorder.record("failed", error="timeout", reason="no answer within 30 s")
