"""Atom feeds (RFC 4287) as bytes: valid XML whatever a policy holds, with ids that never change."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from xml.etree import ElementTree as ET

from monitor.model import Event, EventKind, Finding
from monitor.report import paths
from monitor.report.views import ChangeLine
from monitor.report.wording import DIRECTIONS, capital, day, document_kind, iso, telling_value

ENTRIES = 30
TOLD: dict[EventKind, str] = {
    "promise": "pinned promise",
    "unstable": "keeps alternating",
    "effective": "takes effect",
    "correction": "correction",
}
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.UUID("6f0f0f3e-6f2c-4a6e-9f6b-2f3c1d5e8a71")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``name`` is what its id is made of: the same for ever, unlike its title."""

    name: str
    title: str
    at: datetime
    page: str  # path in the site
    summary: str
    html: str
    categories: tuple[str, ...] = ()


def change_entry(line: ChangeLine, findings: Sequence[Finding]) -> Entry:
    """The entry of a change: its summary, and every finding with its quotations."""
    change = line.change
    title = f"{line.vendor_name}, {document_kind(line.document_kind)}: {line.change.summary or 'the text changed'}"
    said = [f"<p>{escape(change.summary)}</p>"]
    if change.kind == "withdrawal":
        said.append("<p>An earlier text came back.</p>")
    if change.silent:
        said.append("<p>The date that the text gives itself did not move.</p>")
    if findings:
        said.append("<ul>")
        for finding in findings[:25]:
            quotes = "".join(
                f"<br>{word}: <q>{escape(quote.quote)}</q>"
                for word, quote in (("before", finding.before), ("now", finding.after))
                if quote
            )
            sign, word = DIRECTIONS[finding.direction]
            head = f"{sign} {word}, {escape(finding.label)}, {finding.severity}"
            value = f": {escape(told)}" if (told := telling_value(finding)) else ""
            said.append(f"<li>{head}{value}{quotes or f': {escape(finding.summary)}'}</li>")
        said.append("</ul>")
    return Entry(
        name=f"{change.key}/{change.slug}",
        title=title,
        at=change.at,
        page=line.path,
        summary=f"{capital(DIRECTIONS[change.direction][1])}, severity {change.severity}, {day(change.at)}",
        html="".join(said),
        categories=(*line.labels, f"severity:{change.severity}", f"direction:{change.direction}"),
    )


def event_entry(event: Event, page: str) -> Entry | None:
    """The entry of something told to readers that is no change of its own: a promise, a correction, a date that came.

    None for what feeds do not carry: changes have entries of their own, and trouble is for the people who run this.
    """
    if event.kind not in TOLD or event.id is None or event.key is None:
        return None
    about = f"{event.vendor_name}, {document_kind(event.document_kind)}"
    quotes = [quote.quote for finding in event.findings for quote in (finding.before, finding.after) if quote]
    said = [f"<p>{escape(text)}</p>" for text in (event.summary, event.detail) if text]
    said += [f"<p><q>{escape(quote)}</q></p>" for quote in quotes[:10]]
    return Entry(
        name=f"event {event.id}",
        title=f"{about}: {TOLD[event.kind]}: {event.summary}",
        at=event.at,
        page=page,
        summary=f"{capital(TOLD[event.kind])}, {day(event.at)}",
        html="".join(said),
        categories=(f"event:{event.kind}",),
    )


def atom(path: str, title: str, entries: Sequence[Entry], *, updated: datetime, public_url: str = "") -> bytes:
    """The feed that will live at ``path``.

    Args:
        path: Its place in the site, which also makes its id.
        title: What it holds.
        entries: In any order; the newest ``ENTRIES`` are kept.
        updated: Of the feed while it has no entry; else its newest entry says so.
        public_url: Where the site is published; without it links are relative and there is no link to itself.
    """
    base = public_url.rstrip("/") + "/" if public_url else paths.root(path)
    newest = sorted(entries, key=lambda entry: (entry.at, entry.name), reverse=True)[:ENTRIES]
    feed = ET.Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", _id(f"feed {path}"))
    _add(feed, "title", title)
    _add(feed, "updated", iso(newest[0].at if newest else updated))
    if public_url:
        ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": base + path})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": base + paths.INDEX})
    _add(ET.SubElement(feed, "author"), "name", "policy-monitor")
    _add(feed, "generator", "policy-monitor")
    for entry in newest:
        element = ET.SubElement(feed, "entry")
        _add(element, "id", _id(entry.name))
        _add(element, "title", entry.title)
        _add(element, "updated", iso(entry.at))
        _add(element, "published", iso(entry.at))
        ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": base + entry.page})
        for category in dict.fromkeys(entry.categories):
            ET.SubElement(element, "category", {"term": _clean(category)})
        _add(element, "summary", entry.summary)
        _add(element, "content", entry.html, type="html")
    made: str = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{made}\n'.encode()


def _id(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, name)}"


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
