"""A mail room under test: a real archive with events and subscribers, a real SMTP server on loopback; only time is ours."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from fakes import FixedClock

from monitor.alerts import match
from monitor.archive import open_archive
from monitor.deliver import Delivered, deliver
from monitor.model import (
    Archived,
    Assessment,
    Capture,
    Document,
    DocumentKey,
    Event,
    Extraction,
    Finding,
    Message,
    Quote,
    Settings,
    Subscription,
    Vendor,
    Verdict,
    Watchlist,
    WatchState,
)
from monitor.ports import Archive, Sender
from monitor.send import open_sender

UMBRELLA = DocumentKey("umbrella", "privacy-policy")
UNTOLD = -1  # the id of an event that is recorded as a change but not told
KEYS = (b"a key of thirty-two octets, or more",)
DOCUMENTS = tuple(
    Document(vendor, "privacy-policy", "privacy-policy", (f"https://www.{vendor}.example/privacy",))
    for vendor in ("umbrella", "hooli", "globex")
)
WATCHLIST = Watchlist(tuple(Vendor(one.vendor, one.vendor.title(), documents=(one,)) for one in DOCUMENTS))


def quote(text: str | None) -> Quote | None:
    return None if text is None else Quote(text, 0, len(text))


def finding(
    label: str = "share.sale",
    *,
    severity: str = "high",
    direction: str = "worse",
    summary: str = "No longer promises not to sell personal data.",
    before: str | None = "We never sell your personal data.",
    after: str | None = "We may sell your personal data where the law allows it.",
    section: tuple[str, ...] = ("Sharing",),
) -> Finding:
    fields: dict[str, Any] = {"severity": severity, "direction": direction, "action": "changed", "polarity": "practice"}
    return Finding(
        label=label,
        value="",
        section=section,
        novelty="new",
        rule="t",
        summary=summary,
        before=quote(before),
        after=quote(after),
        **fields,
    )


def event(vendor: str = "umbrella", kind: Any = "change", *, at: Any = None, **fields: Any) -> Event:
    given = {
        "vendor_name": vendor.title(),
        "document_kind": "privacy-policy",
        "summary": f"{vendor.title()} may now sell personal data.",
        "severity": "high",
        "direction": "worse",
        "findings": (finding(),),
    } | fields
    return Event(kind, at or FixedClock().now(), DocumentKey(vendor, "privacy-policy"), **given)


@dataclass
class MailRoom:
    """An installation that has events to tell."""

    root: Path
    clock: Any = field(default_factory=FixedClock)
    settings: Settings = field(default_factory=lambda: Settings(Path()))
    sender: Sender | None = None

    def __post_init__(self) -> None:
        self.settings = replace(self.settings, root=self.root)
        self.archive: Archive = open_archive(self.root / "snapshots", clock=self.clock)

    def reader(self, address: str = "ann@reader.example", **wish: Any) -> Subscription:
        wish.setdefault("confirmed_at", self.clock.now())
        return self.archive.subscribe(Subscription(address, **wish))

    def announce(self, *events: Event) -> int:
        return self.archive.announce([replace(one, at=self.clock.now()) for one in events or (event(),)], match)

    def see(self, told: Event | None, *, key: DocumentKey = UMBRELLA, text: str = "") -> int:
        """Record a version of a document, with the event it makes (None: the baseline); the change's id, 0 without."""
        at = self.clock.now()
        key = told.key if told and told.key else key
        said = [one.after.quote for one in told.findings if one.after] if told else []
        text = text or "\n".join(said) or "Nothing."
        url = f"https://www.{key.vendor}.example/privacy"
        capture = Capture(url, url, at, 200, (), text.encode())
        assessment = (
            Assessment("substantive", told.severity, told.direction, told.summary, told.findings, (), "1")
            if told
            else None
        )
        self.archive.stage([capture])
        recorded = self.archive.record(
            Archived(
                key,
                at,
                "version" if told else "baseline",
                WatchState(key, last_seen_at=at, last_check_at=at),
                captures=(capture,),
                keep="version" if told else "first",
                extraction=Extraction(text + "\n", "1", Verdict("policy")),
                seen_at=at - timedelta(hours=12) if told else at,
                verdict=Verdict("policy"),
                kind="change" if told else None,
                assessment=assessment,
                events=(replace(told, at=at),) if told and told.id != UNTOLD else (),
            ),
            match,
        )
        return recorded.change.id if recorded.change else 0

    def deliver(self, **options: Any) -> Delivered:
        sender = self.sender or open_sender(self.settings, clock=self.clock)
        try:
            return deliver(
                self.archive,
                sender,
                settings=self.settings,
                keys=KEYS,
                watchlist=WATCHLIST,
                clock=self.clock,
                **options,
            )
        finally:
            if self.sender is None:
                sender.close()

    def maildir(self) -> list[EmailMessage]:
        return [parsed(path.read_bytes()) for path in sorted((self.root / "mail" / "new").glob("*"))]

    def states(self) -> list[str]:
        return [
            alert.state for one in self.archive.events() if one.id is not None for alert in self.archive.alerts(one.id)
        ]

    def outcomes(self) -> list[tuple[str, str]]:
        return [(one.recipient, one.outcome) for one in self.archive.deliveries()]


@contextmanager
def mail_room(root: Path, **fields: Any) -> Iterator[MailRoom]:
    room = MailRoom(root, **fields)
    try:
        yield room
    finally:
        room.archive.close()


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@dataclass
class Postbox:
    """What an SMTP server took, and how it answers."""

    taken: list[Envelope] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)  # every RCPT, taken or not
    rcpt: dict[str, str] = field(default_factory=dict)  # answers to RCPT by address
    data: str = "250 OK"
    mail: str = "250 OK"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return self.mail

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        self.recipients.append(address)
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(one.content if isinstance(one.content, bytes) else b"") for one in self.taken]


@contextmanager
def smtp_server(postbox: Any = None, *, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[tuple[Any, int]]:
    """A real server on loopback: (postbox, port)."""
    postbox = postbox or Postbox()
    options.setdefault("enable_SMTPUTF8", True)
    loop = asyncio.new_event_loop()
    options.setdefault("hostname", "mail.loopback.example")
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(postbox, loop=loop, **options), "127.0.0.1", 0, ssl=tls)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield postbox, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_quiet(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _quiet() -> None:
    """End what connections are still open."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def smtp_settings(port: int, **fields: Any) -> Settings:
    base = Settings(
        Path(), mail_from="monitor@watch.example", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
    )
    return replace(base, mail_per_minute=6000, **fields)


Step = Callable[[MailRoom], object]
DAY = timedelta(days=1)


def message(recipient: str = "ann@reader.example", **fields: Any) -> Message:
    raw = f"From: monitor@watch.example\r\nTo: {recipient}\r\nSubject: hello\r\n\r\nbody\r\n.\r\n..dots\r\n".encode()
    base = Message("<one@watch.example>", recipient, "hello", raw, (), "bounces@watch.example")
    return replace(base, **fields)
