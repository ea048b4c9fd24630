"""Mails, ready to send: an alert, a digest, an empty digest, and the question behind a sign-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime

from monitor.alerts.content import Anchor, Depth, Section, leave_by_mail, part, sections
from monitor.alerts.digest import gravest_first, message_id, vendor_of
from monitor.alerts.header import header_text, phrase
from monitor.alerts.markup import frame_html, heading_html, line_html, list_html, part_html
from monitor.alerts.mime import Attachment, assemble, quoted
from monitor.alerts.plain import frame_text, line_text, list_text, part_text
from monitor.alerts.safe import clip
from monitor.alerts.tokens import Purpose, Tokens
from monitor.alerts.views import Batch, House, Item, Sight, Told
from monitor.alerts.wording import digest_subject, document_name, subject, wish
from monitor.model import Message, Subscription
from monitor.report.wording import capital, plural

BUDGET = 80_000  # characters of HTML for events: some clients cut a mail at 102 KB
LINES = 100  # further events as one line each
ATTACHED = 2_000_000  # bytes of pages that go with a mail
REMEMBERED = 4000


@dataclass(frozen=True, slots=True)
class Account:
    """What a mail says of the watch as a whole: documents to account for, out of ``total``, and the chain's head."""

    sights: tuple[Sight, ...] = ()
    total: int = 0
    head: str = ""

    @property
    def seen(self) -> int:
        """How many documents are seen."""
        return self.total - sum(not one.seen for one in self.sights)


@dataclass(frozen=True, slots=True)
class _Draft:
    subject: str
    heading: str
    htmls: tuple[bytes, ...] = ()  # quoted
    texts: tuple[bytes, ...] = ()
    pages: tuple[Attachment, ...] = ()


class Composer:
    """Makes messages for one house. Rendered events are remembered: many readers get the same ones."""

    def __init__(self, house: House, tokens: Tokens) -> None:
        self.house = house
        self.tokens = tokens
        self._lines: dict[tuple[int | None, tuple[int, ...]], str] = {}
        self._rendered: dict[tuple[int | None, tuple[int, ...], Depth], tuple[bytes, bytes, int]] = {}

    def alert(self, batch: Batch, told: Mapping[int, Told], account: Account, *, now: datetime) -> Message:
        """The mail about everything in a batch: one event in full, several as a digest, none as "nothing changed".

        ``told`` holds by event id what the archive knows of each event.
        """
        items = gravest_first(batch.items)
        if not items:
            line = f"nothing changed, {account.seen} of {plural(account.total, 'document')} seen"
            draft = _Draft(f"{capital(batch.rhythm)}: {line}", capital(line))
        elif len(items) == 1:
            depth: Depth = "alert" if self.house.public_url else "full"
            html, text, _ = self._render(items[0], told, depth)
            heading = document_name(items[0].event) or self.house.title
            draft = _Draft(subject(items[0]), heading, (html,), (text,), pages=self._pages(items, told))
        else:
            draft = self._digest(batch, items, told)
        links = () if batch.subscriptions[0].source == "settings" else self._links(batch, now)
        below = sections(batch, self.house, sights=account.sights, total=account.total, links=links, now=now)
        return self._message(batch, draft, below, account.head, now)

    def confirmation(self, subscriptions: Sequence[Subscription], *, url: str, identity: str, now: datetime) -> Message:
        """The mail that asks whether a sign-up was meant; ``url`` is the page with the button."""
        below = (
            Section("What was asked for", tuple(capital(wish(one)) for one in subscriptions)),
            Section(
                "If this was you",
                ("Open this page and press its button. Until then nothing is sent.",),
                (Anchor("Confirm", url),),
            ),
            Section(
                "If it was not you",
                ("Do nothing: the request is forgotten in three days, and no further mail follows.",),
            ),
        )
        draft = _Draft(f"Please confirm: {self.house.title}", "Do you want these messages?")
        return self._asked(subscriptions, draft, below, identity, now)

    def reminder(self, subscriptions: Sequence[Subscription], *, url: str, identity: str, now: datetime) -> Message:
        """The mail with the link to what an address has already; ``url`` is the page to change it."""
        below = (
            Section(
                "What you get",
                tuple(capital(wish(one)) for one in subscriptions),
                (Anchor("Change what you get", url),),
            ),
            Section("If you did not ask for this", ("Do nothing: nothing has changed.",)),
        )
        draft = _Draft(f"Your subscriptions: {self.house.title}", "Your subscriptions")
        return self._asked(subscriptions, draft, below, identity, now)

    def _asked(
        self,
        subscriptions: Sequence[Subscription],
        draft: _Draft,
        below: Sequence[Section],
        identity: str,
        now: datetime,
    ) -> Message:
        batch = Batch(subscriptions[0].address, "now", tuple(subscriptions), (), message_id=identity)
        return self._message(batch, draft, below, "", now, bulk=False)

    def _digest(self, batch: Batch, items: Sequence[Item], told: Mapping[int, Told]) -> _Draft:
        htmls: list[bytes] = []
        texts: list[bytes] = []
        more: list[str] = []
        left, vendor = BUDGET, ""
        for item in items:
            html, text, size = self._render(item, told, "digest") if left > 0 else (b"", b"", 0)
            left -= size
            if left <= 0:
                more.append(self._line(item))
                continue
            if vendor_of(item.event) != vendor:
                vendor = vendor_of(item.event)
                htmls.append(quoted(heading_html(vendor or self.house.title)))
            htmls.append(html)
            texts.append(text)
        if len(more) > LINES:
            more[LINES:] = [f"and {len(more) - LINES} more: see the report"]
        if more:
            htmls.append(quoted(list_html("Also", [line_html(line) for line in more])))
            texts.append(quoted(list_text("Also", [line_text(line) for line in more])))
        title = digest_subject(items, batch.rhythm)
        return _Draft(title, title, tuple(htmls), tuple(texts), self._pages(items, told))

    def _line(self, item: Item) -> str:
        """One event in one line."""
        key = (item.event.id, item.asked)
        if key not in self._lines:
            if len(self._lines) >= REMEMBERED:
                self._lines.clear()
            self._lines[key] = clip(subject(item), 160)
        return self._lines[key]

    def _render(self, item: Item, told: Mapping[int, Told], depth: Depth) -> tuple[bytes, bytes, int]:
        """One event as HTML and as text, both ready for a mail, and how long the HTML is."""
        key = (item.event.id, item.asked, depth)
        if key not in self._rendered:
            if len(self._rendered) >= REMEMBERED:
                self._rendered.clear()
            known = told.get(item.event.id or 0) or Told(item.event)
            made = part(item, known, depth=depth)
            if depth != "digest":
                made = replace(made, name="")  # it is the mail's heading
            html = part_html(made, level=3 if depth == "digest" else 2)
            self._rendered[key] = (quoted(html), quoted(part_text(made)), len(html))
        return self._rendered[key]

    def _pages(self, items: Sequence[Item], told: Mapping[int, Told]) -> tuple[Attachment, ...]:
        """The pages of the changes, for those who cannot follow a link to them."""
        pages, left = [], ATTACHED
        for item in items:
            known = told.get(item.event.id or 0)
            if known and known.page and not known.url and len(known.page.content) <= left:
                left -= len(known.page.content)
                pages.append(known.page)
        return tuple({page.name: page for page in pages}.values())

    def _links(self, batch: Batch, now: datetime) -> tuple[Anchor, ...]:
        if not self.house.public_url:
            leave = leave_by_mail(batch, self.house)
            return (Anchor("Unsubscribe", leave),) if leave else ()
        manage, leave = self._token("manage", batch, now), self._token("unsubscribe", batch, now)
        return (
            Anchor("Change what you get", f"{self.house.public_url}/manage/{manage}"),
            Anchor("Unsubscribe", f"{self.house.public_url}/unsubscribe/{leave}"),
        )

    def _token(self, purpose: Purpose, batch: Batch, now: datetime) -> str:
        numbers = tuple(one.id for one in batch.subscriptions if one.id is not None)
        return self.tokens.grant(purpose, numbers, batch.address, now=now)

    def _message(
        self, batch: Batch, draft: _Draft, below: Sequence[Section], head: str, now: datetime, *, bulk: bool = True
    ) -> Message:
        house = self.house
        identity = message_id(batch, house.domain)
        title = header_text(draft.subject)
        html = frame_html(
            title=house.title,
            subject=title,
            heading=draft.heading,
            parts=draft.htmls,
            sections=below,
            head=head,
        )
        text = frame_text(draft.heading, draft.texts, below, head)
        headers = [
            ("From", f"{phrase(house.title)} <{house.mail_from}>"),
            ("To", batch.address),
            ("Subject", title),
            ("Date", format_datetime(now)),
            ("Message-ID", identity),
            ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office reply comes back
            ("Precedence", "bulk"),
        ]
        if house.operator:
            headers.append(("Reply-To", house.operator))
        if bulk:
            headers += self._list_headers(batch, now)
        sender = house.mail_from
        number = batch.subscriptions[0].id
        if house.bounce_address and number is not None:
            sender = self.tokens.return_path(house.bounce_address, number, now=now)
        raw = assemble(headers, text=text, html=html, attachments=draft.pages)
        return Message(identity, batch.address, title, raw, batch.alerts, sender)

    def _list_headers(self, batch: Batch, now: datetime) -> list[tuple[str, str]]:
        headers = [("List-Id", f"{phrase(self.house.title)} <alerts.{self.house.domain}>")]
        if batch.subscriptions[0].source == "settings":
            return headers
        if not self.house.public_url:
            leave = leave_by_mail(batch, self.house)
            return [*headers, ("List-Unsubscribe", f"<{leave}>")] if leave else headers
        url = f"{self.house.public_url}/unsubscribe/{self._token('unsubscribe', batch, now)}"
        headers.append(("List-Unsubscribe", f"<{url}>"))
        if self.house.one_click:
            headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        return headers
