"""An invented vendor's records, made by hand: what pages are tested with."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.model import (
    Assessment,
    Change,
    Check,
    ClauseChange,
    DocumentKey,
    Finding,
    Quote,
    Snapshot,
    SnapshotCapture,
    StatedDates,
    Transparency,
    Version,
)
from monitor.report.comparison import compare_pages
from monitor.report.comparison_page import finding_quotes
from monitor.report.views import ChangeLine, ChangeView, DocumentStatus, DocumentView, Frame
from monitor.text.segment import segment

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
KEY = DocumentKey("parley", "privacy-policy")

BEFORE = """# Parley privacy policy

Last updated 18 March 2026

Parley runs meetings for people who are not in one room.

## What we collect

We keep your name and address for as long as you have an account.

We collect:

- the names of your meetings
- how long a meeting lasts

Whether we sell data depends on what selling means.

## Who receives it

Companies that run our servers receive what they need.

We may show you advertisements chosen by what you say in meetings.

Ask us anything at the address below.
"""
AFTER = """# Parley privacy policy

Last updated 18 March 2026

Parley runs meetings for people who are not in one room.

## What we collect

We keep your name and address for ninety days after you close your account.

We collect:

- the names of your meetings
- how long a meeting lasts
- the town you join from

We do not sell your data to anyone.

## Who receives it

Ask us anything at the address below.

Companies that run our servers receive what they need.
"""


def frame() -> Frame:
    return Frame(
        title="Policies we read",
        written_at=NOW,
        head="ab" * 32,
        exceptions=("Addresses in 10.0.0.0/8 may be fetched.",),
        robots_ignored=((KEY, "we asked and were allowed"),),
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def version(
    seq: int, text: str, at: datetime, key: DocumentKey = KEY, *, stated: date | None = date(2026, 3, 18)
) -> Version:
    return Version(
        id=seq,
        key=key,
        seq=seq,
        snapshot=seq,
        seen_at=at,
        accepted_at=at + timedelta(hours=12),
        text_digest=digest(text),
        extractor="1+test",
        dates=StatedDates(updated=stated),
        language="en",
        title="Parley privacy policy",
        words=len(text.split()),
        path=f"{key.vendor}/{key.document}/20260318T090000Z-0123456789ab.md",
    )


def quote(text: str, words: str) -> Quote:
    start = text.index(words)
    return Quote(words, start, start + len(words))


def clause_changes(before: str = BEFORE, after: str = AFTER) -> tuple[ClauseChange, ...]:
    old = {clause.text: clause for clause in segment(before)}
    new = {clause.text: clause for clause in segment(after)}
    kept = "We keep your name and address for "
    return (
        ClauseChange(
            "reworded",
            old[kept + "as long as you have an account."],
            new[kept + "ninety days after you close your account."],
            words=(
                ("=", kept),
                ("-", "as long as you have an"),
                ("+", "ninety days after you close your"),
                ("=", " account."),
            ),
            reason="duration",
        ),
        ClauseChange("added", None, new["the town you join from"]),
        ClauseChange("removed", old["Whether we sell data depends on what selling means."], None),
        ClauseChange("added", None, new["We do not sell your data to anyone."]),
        ClauseChange("removed", old["We may show you advertisements chosen by what you say in meetings."], None),
        ClauseChange(
            "moved",
            old["Ask us anything at the address below."],
            new["Ask us anything at the address below."],
            materiality="noise",
        ),
    )


def finding(**values: Any) -> Finding:
    made = Finding(
        label="share.sale",
        action="added",
        polarity="commitment",
        direction="better",
        severity="high",
        value="sale of data",
        section=("Parley privacy policy", "What we collect"),
        novelty="new",
        rule="sale.denied",
        summary="Now says that data is not sold.",
        before=quote(BEFORE, "Whether we sell data depends on what selling means."),
        after=quote(AFTER, "We do not sell your data to anyone."),
    )
    return replace(made, **values)


def findings() -> tuple[Finding, ...]:
    return (
        finding(),
        finding(
            label="data.location_coarse",
            polarity="practice",
            direction="worse",
            severity="medium",
            value="town",
            rule="data.list",
            summary="Now says that the town you join from is collected.",
            before=None,
            after=quote(AFTER, "the town you join from"),
        ),
        finding(
            label="retention",
            action="changed",
            polarity="practice",
            direction="neutral",
            severity="low",
            value="account → 90 days",
            rule="retention.duration",
            summary="Now says ninety days after closing; said as long as the account exists.",
            before=quote(BEFORE, "as long as you have an account"),
            after=quote(AFTER, "ninety days"),
        ),
        finding(
            label="unclassified",
            action="removed",
            polarity="practice",
            direction="unclear",
            severity="low",
            value="",
            rule="modal",
            summary="No longer says a sentence that permits something.",
            before=quote(BEFORE, "We may show you advertisements chosen by what you say in meetings."),
            after=None,
        ),
    )


def assessment(**values: Any) -> Assessment:
    made = Assessment(
        materiality="substantive",
        severity="high",
        direction="mixed",
        summary="Now says that data is not sold; now says that the town you join from is collected.",
        findings=findings(),
        clauses=clause_changes(),
        rules="rules-1",
        silent=True,
        renames=(("Parley Rooms", "Parley"),),
        transparency_before=Transparency(words=70, readability=60.1, vague_per_1000=14.3),
        transparency_after=Transparency(words=72, readability=62.4, vague_per_1000=0, durations=("ninety days",)),
        transparency_summary="A retention period became concrete.",
    )
    return replace(made, **values)


def change(number: int = 1, **values: Any) -> Change:
    made = Change(
        id=number,
        key=KEY,
        before=1,
        after=2,
        at=datetime(2026, 3, 29, 10, 0, tzinfo=UTC),
        kind="change",
        materiality="substantive",
        severity="high",
        direction="mixed",
        summary=assessment().summary,
        silent=True,
        extractor="1+test",
        rules="rules-1",
        slug=f"2026-03-29-{number:04d}",
    )
    return replace(made, **values)


def line(number: int = 1, **values: Any) -> ChangeLine:
    vendor_name = str(values.pop("vendor_name", "Parley"))
    labels = values.pop("labels", ("share.sale", "data.location_coarse", "retention"))
    return ChangeLine(change(number, **values), vendor_name, "privacy-policy", ("meetings",), labels)


def snapshot(number: int, at: datetime) -> Snapshot:
    captures = (
        SnapshotCapture(
            url="https://parley.example/privacy",
            final_url="https://www.parley.example/legal/privacy",
            fetched_at=at,
            status=200,
            headers=(("content-type", "text/html"),),
            digest=digest(f"raw {number}"),
            size=4321,
        ),
    )
    return Snapshot(number, KEY, at, captures)


def change_view(**values: Any) -> ChangeView:
    said = assessment()
    made = ChangeView(
        line=line(),
        before=version(1, BEFORE, datetime(2026, 3, 18, 9, 0, tzinfo=UTC)),
        after=version(2, AFTER, datetime(2026, 3, 29, 10, 0, tzinfo=UTC)),
        assessment=said,
        comparison=compare_pages(segment(BEFORE), segment(AFTER), said.clauses, finding_quotes(said.findings)),
        before_snapshot=snapshot(1, datetime(2026, 3, 18, 9, 0, tzinfo=UTC)),
        after_snapshot=snapshot(2, datetime(2026, 3, 29, 10, 0, tzinfo=UTC)),
        check=Check(7, KEY, datetime(2026, 3, 29, 22, 0, tzinfo=UTC), "version", previous="01" * 32, digest="02" * 32),
        urls=("https://parley.example/privacy",),
    )
    return replace(made, **values)


def status(**values: Any) -> DocumentStatus:
    made = DocumentStatus(
        key=KEY,
        vendor_name="Parley",
        document_kind="privacy-policy",
        status="unchanged",
        since=datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
        seen_at=datetime(2026, 4, 2, 8, 0, tzinfo=UTC),
        checked_at=datetime(2026, 4, 2, 8, 0, tzinfo=UTC),
        next_at=datetime(2026, 4, 3, 8, 0, tzinfo=UTC),
        versions=2,
        urls=("https://parley.example/privacy",),
    )
    return replace(made, **values)


def document_view(**values: Any) -> DocumentView:
    view = change_view()
    made = DocumentView(status=status(), versions=(view.before, view.after), lines=(view.line,))
    return replace(made, **values)
