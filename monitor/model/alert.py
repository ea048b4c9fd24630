"""What may be told, who wants to hear it, and what became of that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from monitor.model.change import Direction, Finding, Severity
    from monitor.model.watch import DocumentKey

EventKind = Literal[
    "change",
    "withdrawal",
    "promise",
    "unstable",
    "effective",
    "correction",
    "trouble",
    "recovery",
    "gone",
    "moved",
    "mail-failing",
    "archive-damaged",
]
TARGET = "notify:"
"""How the addresses of notification targets begin in the outbox."""
Rhythm = Literal["now", "daily", "weekly"]
DeliveryOutcome = Literal["sent", "deferred", "refused", "suppressed", "cancelled"]


def target_address(target: str) -> str:
    """How a notification target is called in the outbox: its own address holds secrets and stays in the settings."""
    return TARGET + hashlib.sha256(target.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Event:
    """What may be told. ``change`` is the id of its change (the archive fills it in when it writes both at once)."""

    kind: EventKind
    at: datetime
    key: DocumentKey | None = None  # None: about the installation
    vendor_name: str = ""
    document_kind: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    detail: str = ""
    severity: Severity = "none"
    direction: Direction = "neutral"
    findings: tuple[Finding, ...] = ()
    change: int | None = None
    id: int | None = None  # None until written

    @property
    def operator(self) -> bool:
        """Whether this is for the people who run the monitor, not for its readers."""
        return self.kind in {"trouble", "recovery", "gone", "moved", "mail-failing", "archive-damaged"}


@dataclass(frozen=True, slots=True)
class Subscription:
    """A confirmed wish. Empty tuples mean "any". An operator's subscription hears of operator events only."""

    address: str
    vendors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # document kinds
    labels: tuple[str, ...] = ()  # globs over labels: "share.*"
    severity: Severity = "none"  # at least
    direction: Literal["any", "worse"] = "any"
    events: tuple[str, ...] = ()  # event kinds; empty: all for readers
    every: Rhythm = "now"
    hour: int = 8  # of the digest, in ``zone``
    weekday: int = 0  # Monday
    zone: str = "UTC"
    empty_digest: bool = False
    operator: bool = False
    confirmed_at: datetime | None = None  # None: waiting for its double opt-in
    ended_at: datetime | None = None
    created_at: datetime | None = None
    source: Literal["cli", "import", "web", "settings"] = "cli"
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One event owed to one subscription; exists once. Its Message-ID is fixed when it is first put into a mail."""

    id: int
    event: int
    subscription: int
    created_at: datetime
    due_at: datetime
    state: Literal["owed", "sent", "dropped"] = "owed"
    attempts: int = 0
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one recipient, composed and ready to send."""

    message_id: str
    recipient: str
    subject: str
    raw: bytes
    alerts: tuple[int, ...] = ()
    return_path: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one attempt to hand one message over."""

    message_id: str
    recipient: str
    at: datetime
    outcome: DeliveryOutcome
    reason: str = ""
    alerts: tuple[int, ...] = ()
    retry_at: datetime | None = None
    id: int | None = None
