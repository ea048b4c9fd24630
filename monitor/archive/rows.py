"""Rows of the ledger as records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from monitor.codec import from_json, from_plain, to_text
from monitor.model import (
    Alert,
    Change,
    Check,
    Delivery,
    DocumentKey,
    Event,
    Extraction,
    Note,
    PinnedPromise,
    Review,
    Snapshot,
    SnapshotCapture,
    Subscription,
    Version,
    WatchState,
)

VERSIONS = """
SELECT v.id, v.seq, v.snapshot, v.seen_at, v.accepted_at, v.source, v.path, d.vendor, d.document,
       t.extractor, t.digest, t.about
FROM versions v JOIN documents d ON d.id = v.document
     JOIN texts t ON t.id = (SELECT max(id) FROM texts WHERE snapshot = v.snapshot)
"""
CHANGES = """
SELECT c.id, c.before, c.after, c.at, c.kind, c.slug, d.vendor, d.document,
       a.materiality, a.severity, a.direction, a.summary, a.silent, a.extractor, a.rules
FROM changes c JOIN documents d ON d.id = c.document
     JOIN assessments a ON a.id = (SELECT max(id) FROM assessments WHERE change = c.id)
"""
CHECKS = "SELECT k.*, d.vendor, d.document AS document_name FROM checks k JOIN documents d ON d.id = k.document\n"
EVENTS = "SELECT e.id, e.content, d.vendor, d.document FROM events e LEFT JOIN documents d ON d.id = e.document\n"
SNAPSHOTS = """
SELECT s.id, s.taken_at, s.source, s.reason, d.vendor, d.document, coalesce(v.path, '') AS path
FROM snapshots s JOIN documents d ON d.id = s.document LEFT JOIN versions v ON v.snapshot = s.id
"""
PROMISES = """
SELECT p.sentence, p.state, p.since, p.found, d.vendor, d.document
FROM promises p JOIN documents d ON d.id = p.document
"""
_FEW_HEADERS = frozenset(
    {"etag", "last-modified", "date", "content-type", "content-language", "content-length", "content-encoding", "age"}
)
_LONGEST_HEADER = 200


def stamp(at: datetime) -> str:
    """A time as the ledger writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def stamp_or_null(at: datetime | None) -> str | None:
    """The same, NULL for none."""
    return None if at is None else stamp(at)


def moment(text: str) -> datetime:
    """The time that the ledger wrote."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The same, None for NULL."""
    return None if text is None else moment(text)


def key_of(row: sqlite3.Row) -> DocumentKey:
    """The document that a row belongs to, by its columns ``vendor`` and ``document``."""
    return DocumentKey(row["vendor"], row["document"])


def version_of(row: sqlite3.Row) -> Version:
    """A row of VERSIONS."""
    about = from_json(Extraction, row["about"])
    return Version(
        id=row["id"],
        key=key_of(row),
        seq=row["seq"],
        snapshot=row["snapshot"],
        seen_at=moment(row["seen_at"]),
        accepted_at=moment(row["accepted_at"]),
        text_digest=row["digest"].hex(),
        extractor=row["extractor"],
        dates=about.dates,
        language=about.language,
        title=about.title,
        words=about.words,
        path=row["path"],
        source=row["source"],
    )


def change_of(row: sqlite3.Row) -> Change:
    """A row of CHANGES."""
    return Change(
        id=row["id"],
        key=key_of(row),
        before=row["before"],
        after=row["after"],
        at=moment(row["at"]),
        kind=row["kind"],
        materiality=row["materiality"],
        severity=row["severity"],
        direction=row["direction"],
        summary=row["summary"],
        silent=bool(row["silent"]),
        extractor=row["extractor"],
        rules=row["rules"],
        slug=row["slug"],
    )


def check_of(row: sqlite3.Row) -> Check:
    """A row of CHECKS."""
    return Check(
        id=row["id"],
        key=DocumentKey(row["vendor"], row["document_name"]),
        at=moment(row["at"]),
        outcome=row["outcome"],
        error=row["error"],
        reason=row["reason"],
        text_digest=row["text_digest"].hex() if row["text_digest"] else "",
        captures=compact_captures(row["captures"]),
        snapshot=row["snapshot"],
        previous=row["previous"].hex() if any(row["previous"]) else "",
        digest=row["digest"].hex(),
    )


def event_of(row: sqlite3.Row, content: bytes) -> Event:
    """A row of EVENTS with its inflated content; the document goes by its present name."""
    event = from_json(Event, content)
    key = DocumentKey(row["vendor"], row["document"]) if row["vendor"] is not None else event.key
    return replace(event, id=row["id"], key=key)


def snapshot_of(row: sqlite3.Row, captures: Iterable[sqlite3.Row]) -> Snapshot:
    """A row of SNAPSHOTS with those of its captures."""
    return Snapshot(
        id=row["id"],
        key=key_of(row),
        taken_at=moment(row["taken_at"]),
        captures=tuple(map(_capture_of, captures)),
        source=row["source"],
        reason=row["reason"],
        path=row["path"],
    )


def _capture_of(row: sqlite3.Row) -> SnapshotCapture:
    return SnapshotCapture(
        url=row["url"],
        final_url=row["final_url"],
        fetched_at=moment(row["fetched_at"]),
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        digest=row["digest"].hex(),
        size=row["size"],
        rendered=bool(row["rendered"]),
    )


def compact(captures: Iterable[SnapshotCapture]) -> str:
    """Captures as a check row holds them: a final URL only when it differs, and the few headers that matter."""
    return json.dumps(
        [
            [
                capture.url,
                capture.final_url if capture.final_url != capture.url else "",
                stamp(capture.fetched_at),
                capture.status,
                {
                    name: value[:_LONGEST_HEADER]
                    for name, value in reversed(capture.headers)  # the first of a name wins
                    if name in _FEW_HEADERS
                },
                capture.digest,
                capture.size,
                int(capture.rendered),
            ]
            for capture in captures
        ],
        ensure_ascii=True,
        separators=(",", ":"),
    )


def compact_captures(text: str) -> tuple[SnapshotCapture, ...]:
    """What ``compact`` wrote."""
    return tuple(
        SnapshotCapture(
            url, final_url or url, moment(at), status, tuple(headers.items()), digest, size, rendered=bool(rendered)
        )
        for url, final_url, at, status, headers, digest, size, rendered in json.loads(text)
    )


def state_cell(state: WatchState) -> str:
    """A state without what other tables and columns know."""
    bare = replace(state, current=None, earlier_digests=(), next_check_at=None)
    return to_text(bare)


def state_of(row: sqlite3.Row, current: Version | None, earlier: Iterable[str]) -> WatchState:
    """A row of documents, with what the versions tell."""
    return replace(
        from_json(WatchState, row["state"]),
        key=key_of(row),
        next_check_at=moment_or_none(row["next_check_at"]),
        current=current,
        earlier_digests=tuple(earlier),
    )


_WISH_COLUMNS = ("address", "created_at", "confirmed_at", "ended_at", "id")


def wish_cell(subscription: Subscription) -> str:
    """What a subscription asks for, without what the table's other columns hold."""
    wish = json.loads(to_text(subscription))
    for name in _WISH_COLUMNS:
        del wish[name]
    return json.dumps(wish, ensure_ascii=True, separators=(",", ":"))


def subscription_of(row: sqlite3.Row) -> Subscription:
    """A row of subscriptions."""
    return from_plain(Subscription, json.loads(row["wish"]) | {name: row[name] for name in _WISH_COLUMNS})


def alert_of(row: sqlite3.Row) -> Alert:
    """A row of alerts."""
    return Alert(
        id=row["id"],
        event=row["event"],
        subscription=row["subscription"],
        created_at=moment(row["created_at"]),
        due_at=moment(row["due_at"]),
        state=row["state"],
        attempts=row["attempts"],
        message_id=row["message_id"],
    )


def delivery_of(row: sqlite3.Row) -> Delivery:
    """A row of deliveries."""
    return Delivery(
        message_id=row["message_id"],
        recipient=row["recipient"],
        at=moment(row["at"]),
        outcome=row["outcome"],
        reason=row["reason"],
        alerts=tuple(json.loads(row["alerts"])),
        retry_at=moment_or_none(row["retry_at"]),
        id=row["id"],
    )


def review_of(row: sqlite3.Row) -> Review:
    """A row of reviews."""
    return Review(row["id"], row["change"], row["state"], row["who"], row["why"], moment(row["at"]))


def note_of(row: sqlite3.Row) -> Note:
    """A row of notes."""
    return Note(row["id"], row["vendor"], row["day"], row["text"], moment(row["at"]))


def promise_of(row: sqlite3.Row) -> PinnedPromise:
    """A row of promises joined with documents."""
    return PinnedPromise(key_of(row), row["sentence"], row["state"], moment(row["since"]), row["found"])
