"""Mail and feeds with hostile texts in every slot, and what a browser that runs scripts does with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mailing import KEYS, finding
from playwright.sync_api import Browser

from monitor.alerts.compose import Account, Composer
from monitor.alerts.tokens import Tokens
from monitor.alerts.views import Batch, House, Item, Sight, Told
from monitor.model import Change, DocumentKey, Event, Message, Subscription
from monitor.report import feed
from monitor.report.views import ChangeLine

AT = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
KEY = DocumentKey("umbrella", "privacy-policy")


def hostile_mail(texts: list[str]) -> Message:
    """One mail with every text in every slot."""
    events, told, sights = [], {}, []
    for number, text in enumerate(texts, start=1):
        event = Event(
            "change",
            AT,
            KEY,
            vendor_name=text,
            document_kind=text,
            summary=text,
            detail=text,
            severity="high",
            direction="worse",
            findings=(finding(text, summary=text, before=text, after=text, section=(text, text)),),
            id=number,
        )
        events.append(event)
        told[number] = Told(
            event,
            url=f"https://watch.example/{number}",
            source="" if text.startswith("https:") else text,
            first_seen_at=AT,
            before_seen_at=AT,
            doubts=(text,),
        )
        sights.append(Sight(KEY, text, AT, AT, text))
    subscription = Subscription(
        "ann@reader.example", tuple(texts), labels=tuple(texts), zone=texts[0], every="daily", confirmed_at=AT, id=1
    )
    house = House(
        title=texts[0], mail_from="m@watch.example", operator="op@watch.example", public_url="https://watch.example"
    )
    batch = Batch(
        "ann@reader.example", "daily", (subscription,), tuple(Item(one, (0,), (one.id or 0,)) for one in events)
    )
    return Composer(house, Tokens(KEYS)).alert(batch, told, Account(tuple(sights), len(sights), "f" * 64), now=AT)


def hostile_feed(texts: list[str]) -> bytes:
    """One feed with every text in every slot: its title, and entries of changes and of what else readers are told."""
    entries: list[feed.Entry] = []
    for number, text in enumerate(texts, start=1):
        given: dict[str, Any] = {"materiality": "substantive", "severity": "high", "direction": "worse"}
        change = Change(
            number,
            KEY,
            1,
            2,
            AT,
            "change",
            summary=text,
            silent=True,
            extractor="1",
            rules="1",
            slug=f"v{number}",
            **given,
        )
        said = finding(text, summary=text, before=text, after=text, section=(text,))
        line = ChangeLine(change, text, text, (text,), (text,))
        entries.append(feed.change_entry(line, [said, replace(said, value=text, before=None, after=None)]))
        promise = Event("promise", AT, KEY, vendor_name=text, document_kind=text, summary=text, detail=text, id=number)
        entries += filter(None, [feed.event_entry(replace(promise, findings=(said,)), "page.html")])
    return feed.atom("feed/all.xml", texts[0], entries, updated=AT, public_url="https://watch.example")


def look(browser: Browser, pages: list[str], kind: str = "text/html") -> tuple[list[str], list[str], list[str]]:
    """What a browser that runs scripts did with pages: (scripts that ran, requests it made, text it showed)."""
    context = browser.new_context()
    page = context.new_page()
    ran: list[str] = []
    asked: list[str] = []
    shown: list[str] = []
    content = ""

    def answer(route: Any) -> None:
        if route.request.url == "https://mail.example/read":
            route.fulfill(body=content, content_type=f"{kind}; charset=utf-8")
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    page.expose_function("pwn", lambda: ran.append(content[:60]))
    for content in pages:  # noqa: B007 - the functions above read it
        page.goto("https://mail.example/read", wait_until="domcontentloaded")
        shown.append(page.evaluate("document.documentElement.textContent"))
        page.evaluate(
            "document.querySelectorAll('*').forEach(e => { e.focus?.(); e.dispatchEvent(new MouseEvent('mouseover')) })"
        )
        page.wait_for_timeout(20)
    context.close()
    return ran, asked, shown
