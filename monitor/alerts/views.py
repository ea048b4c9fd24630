"""What mails are made from: events with what the archive knows of them, and the house that sends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.alerts.mime import Attachment
from monitor.model import DocumentKey, Event, Finding, Rhythm, Subscription


@dataclass(frozen=True, slots=True)
class House:
    """Who sends: the operator's settings as far as they show in a mail."""

    title: str = "Privacy policy monitor"
    mail_from: str = "policy-monitor@localhost"
    operator: str = ""  # where a person answers
    public_url: str = ""  # without a slash at its end; "" when nothing is published
    bounce_address: str = ""

    @property
    def domain(self) -> str:
        """What Message-IDs and the list's name end in."""
        domain = self.mail_from.rpartition("@")[2]
        return domain if "." in domain else "policy-monitor.invalid"

    @property
    def one_click(self) -> bool:
        """Whether RFC 8058 applies: it asks for HTTPS."""
        return urlsplit(self.public_url).scheme == "https"


@dataclass(frozen=True, slots=True)
class Told:
    """An event side by side with what the archive knows of it."""

    event: Event
    url: str = ""  # of the change's page
    source: str = ""  # where the vendor publishes the document
    first_seen_at: datetime | None = None
    before_seen_at: datetime | None = None  # since when the earlier text had stood
    doubts: tuple[str, ...] = ()  # why the extraction may have missed something
    page: Attachment | None = None  # the change's page, for those who cannot open a link to it


@dataclass(frozen=True, slots=True)
class Sight:
    """When a document was last seen, and why it is not seen now."""

    key: DocumentKey
    name: str
    seen_at: datetime | None
    failing_since: datetime | None = None
    reason: str = ""
    paused: str = ""  # why it is not looked at on purpose

    @property
    def seen(self) -> bool:
        """Whether it is being seen."""
        return self.seen_at is not None and self.failing_since is None and not self.paused


@dataclass(frozen=True, slots=True)
class Item:
    """One event in one mail: what of it was asked for, and the alerts that this discharges."""

    event: Event
    asked: tuple[int, ...]  # places in the event's findings
    alerts: tuple[int, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that were asked for."""
        return tuple(self.event.findings[place] for place in self.asked)

    @property
    def rest(self) -> tuple[Finding, ...]:
        """The findings that were not asked for."""
        return tuple(finding for place, finding in enumerate(self.event.findings) if place not in self.asked)


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes into one mail to one address."""

    address: str
    rhythm: Rhythm
    subscriptions: tuple[Subscription, ...]
    items: tuple[Item, ...]
    message_id: str = ""  # fixed by an earlier attempt
    attempts: int = 0
    period: datetime | None = None  # of an empty digest

    @property
    def alerts(self) -> tuple[int, ...]:
        """Every alert that this mail discharges."""
        return tuple(alert for item in self.items for alert in item.alerts)
