"""A real archive with an invented vendor's history in it, and the site made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from fakes import FixedClock

from monitor.archive import open_archive
from monitor.meaning import assess
from monitor.model import (
    Archived,
    Capture,
    Change,
    CheckOutcome,
    Document,
    DocumentKey,
    Extraction,
    Settings,
    StatedDates,
    Vendor,
    Verdict,
    Watchlist,
    WatchState,
)
from monitor.ports import Archive
from monitor.publish import Published, publish
from monitor.site import FolderSite

PARLEY = DocumentKey("parley", "privacy-policy")
RIVAL = DocumentKey("rival", "privacy-policy")
TERMS = DocumentKey("parley", "terms")

FIRST = """# Parley privacy policy

Last updated 18 March 2026

Parley runs meetings for people who are not in one room.

## What we collect

We collect your name and the names of your meetings.

We keep your data for 30 days after a meeting.

## Who receives it

We do not share your data with advertisers.

Companies that run our servers receive what they need.
"""
SECOND = FIRST.replace("30 days", "365 days")
THIRD = SECOND.replace(
    "We do not share your data with advertisers.",
    "We share your name and the names of your meetings with advertisers who show you what they think you want.",
)


@dataclass
class Kept:
    folder: Path
    archive: Archive
    clock: FixedClock
    site: FolderSite
    watchlist: Watchlist
    settings: Settings

    def see(self, key: DocumentKey, text: str, *, days: float = 10, kind: str = "change") -> Change | None:
        """Record a text as the document's next version, some days later."""
        self.clock.forward(days=days)
        now = self.clock.now()
        versions = self.archive.versions(key)
        new = extraction(text)
        assessment = assess(self.archive.extraction(versions[-1]), new) if versions else None
        body = f"<html>{text}</html>".encode()
        capture = Capture(f"https://{key.vendor}.example/privacy", "", now, 200, (("content-type", "text/html"),), body)
        outcome: CheckOutcome = (
            "baseline" if assessment is None else "withdrawal" if kind == "withdrawal" else "version"
        )
        with self.archive.checking():
            self.archive.stage([capture])
            recorded = self.archive.record(
                Archived(
                    key,
                    now,
                    outcome,
                    WatchState(key, last_check_at=now, last_seen_at=now),
                    captures=(capture,),
                    keep="version" if versions else "first",
                    extraction=new,
                    seen_at=now,
                    verdict=new.verdict,
                    kind=kind if assessment else None,  # type: ignore[arg-type] # a word of ChangeKind
                    assessment=assessment,
                ),
                lambda _event, _subscriptions: (),
            )
        return recorded.change

    def wait(self, key: DocumentKey, text: str, *, days: float = 1) -> None:
        """Record a new text that waits to be confirmed."""
        self.clock.forward(days=days)
        now = self.clock.now()
        new = extraction(text)
        capture = Capture(f"https://{key.vendor}.example/privacy", "", now, 200, (), f"<p>{text}</p>".encode())
        state = replace(
            self.archive.state(key), last_check_at=now, last_seen_at=now, pending_digest=new.digest, pending_since=now
        )
        with self.archive.checking():
            self.archive.stage([capture])
            self.archive.record(
                Archived(
                    key, now, "pending", state, captures=(capture,), keep="pending", extraction=new, verdict=new.verdict
                ),
                lambda _event, _subscriptions: (),
            )

    def miss(self, key: DocumentKey, outcome: CheckOutcome, reason: str = "", *, days: float = 1) -> None:
        """Record a check that brought no version."""
        self.clock.forward(days=days)
        now = self.clock.now()
        failing = now if outcome in {"failed", "refused"} else None
        seen = None if failing else now
        trouble = "wall:x" if failing else ""
        state = WatchState(
            key, last_check_at=now, last_seen_at=seen, failing_since=failing, last_error=reason, trouble=trouble
        )
        with self.archive.checking():
            self.archive.record(
                Archived(key, now, outcome, state, error=outcome, reason=reason), lambda _event, _subscriptions: ()
            )

    def publish(self, *touched: DocumentKey) -> Published:
        return publish(
            self.archive,
            self.site,
            watchlist=self.watchlist,
            settings=self.settings,
            now=self.clock.now(),
            touched=set(touched) or None,
        )

    def refresh(self) -> Published:
        """Publish as after a pass that touched nothing."""
        return publish(
            self.archive,
            self.site,
            watchlist=self.watchlist,
            settings=self.settings,
            now=self.clock.now(),
            touched=frozenset(),
        )

    def page(self, path: str) -> str:
        found = self.site.read(path)
        assert found is not None, path
        return found.decode()


def extraction(text: str) -> Extraction:
    return Extraction(
        text,
        "1+test",
        Verdict("policy"),
        "Privacy policy",
        "en",
        StatedDates(date(2026, 3, 18)),
        words=len(text.split()),
    )


def open_kept(folder: Path, start: datetime | None = None) -> Kept:
    """An archive without anything in it, its watchlist, and a folder for the site."""
    clock = FixedClock(start) if start else FixedClock()
    documents = (
        Document("parley", "privacy-policy", "privacy-policy", ("https://parley.example/privacy",), tags=("meetings",)),
        Document("parley", "terms", "terms", ("https://parley.example/terms",), robots_ignore="they said we may"),
    )
    rival = Document("rival", "privacy-policy", "privacy-policy", ("https://rival.example/privacy",))
    watchlist = Watchlist(
        (
            Vendor("parley", "Parley", ("meetings",), documents),
            Vendor("rival", "Rival & Sons", documents=(rival,)),
        )
    )
    settings = Settings(folder, allow_networks=("10.0.0.0/8",), delay=timedelta(seconds=1))
    archive = open_archive(folder / "snapshots", clock=clock)
    return Kept(folder, archive, clock, FolderSite(folder / "report"), watchlist, settings)
