"""The order in which pages are made, and which of them can be left as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from monitor.model import DocumentKey, Event, Version
from monitor.ports import Site
from monitor.publish.gather import DocumentReader, Gatherer, vendor_view
from monitor.report import feed, inventory, pages, paths, search
from monitor.report.across import Told, told
from monitor.report.comparison import compare_pages
from monitor.report.environment import made_from, makers_digest
from monitor.report.names import label_names
from monitor.report.pending import plain_changes
from monitor.report.views import ChangeLine, InventoryItem, VendorView
from monitor.report.wording import document_kind

_STARTED = datetime(2000, 1, 1, tzinfo=UTC)  # of a feed without entries, which must not change at every pass


class Builder:
    """Writes pages and remembers what the pages above them need."""

    def __init__(self, gatherer: Gatherer, site: Site, *, whole: bool) -> None:
        self.gatherer, self.site, self.whole = gatherer, site, whole
        self.frame = gatherer.frame()
        self.names = label_names()
        self.touched = False
        self.written = self.unchanged = 0
        self.seen: set[str] = set()
        self.lines: dict[int, ChangeLine] = {}
        self.told: dict[int, Told] = {}
        self.entries: dict[int, feed.Entry] = {}
        self.rows: dict[str, str] = {}  # of the search index, for the documents read here
        self.months: set[str] = set()
        self.topics: set[str] = set()

    def put(self, path: str, content: bytes) -> None:
        """Write a file of the site."""
        self.seen.add(path)
        if self.site.write(path, content):
            self.written += 1
        else:
            self.unchanged += 1

    def vendor(self, vendor: str, touched: set[DocumentKey]) -> None:
        """Pages of a vendor, of its touched documents and of their changes; feeds and search scripts with them."""
        self.touched = True
        keys = [key for key in self.gatherer.keys if key.vendor == vendor]
        readers = [DocumentReader(self.gatherer, key) for key in keys]
        view = vendor_view(self.gatherer, vendor, readers)
        documents = [replace(doc, inventory=self._inventory(r)) for r, doc in zip(readers, view.documents, strict=True)]
        view = replace(view, documents=tuple(documents))
        for reader, doc in zip(readers, view.documents, strict=True):
            if doc.status.key in touched:
                self._document(reader)
                doc = replace(doc, pending_page=self._pending(reader))  # noqa: PLW2901 - known only now
                self.put(paths.document(doc.status.key), pages.document(self.frame, doc))
            else:
                self._remember(reader)
        self.put(paths.vendor(vendor), pages.vendor(self.frame, view, self.names, self.gatherer.now))
        self._vendor_feeds(view, readers, touched)

    def _document(self, reader: DocumentReader) -> None:
        self._remember(reader)
        for number, line in enumerate(reader.lines):
            stamp = self._stamp(reader, number)
            if not self._fresh(line.path, stamp):
                self.months.add(pages.month_of(line.change))
                self.topics.update(line.families)
                view = reader.change_view(number)
                if view is not None:
                    self.put(line.path, pages.change(self.frame, view, self.names, stamp=stamp))
        for version in reader.versions:
            self._text(reader, version)
        self.search(reader)

    def _remember(self, reader: DocumentReader) -> None:
        for line in reader.lines:
            self.lines[line.change.id] = line
            assessment = reader.assessments[line.change.id]
            self.told[line.change.id] = told(line, assessment)
            if assessment and line.change.materiality == "substantive" and line.change.kind != "technical":
                self.entries[line.change.id] = feed.change_entry(line, assessment.findings)

    def _stamp(self, reader: DocumentReader, number: int) -> str:
        """What a change's page was made from, in short; equal stamps need no new page."""
        lines = reader.lines[max(0, number - 1) : number + 2]
        neighbours = [(line.change, line.labels) for line in lines]
        reviews = self.gatherer.reviews(lines[min(1, number)].change)
        corrections = reader.corrections.get(reader.lines[number].change.id, ())
        frame = (self.frame.title, self.frame.exceptions, self.frame.robots_ignored)
        made = repr(
            (makers_digest(), neighbours, reviews, corrections, frame, lines[0].vendor_name, lines[0].document_kind)
        )
        return hashlib.sha256(made.encode("utf-8", "replace")).hexdigest()[:16]

    def _fresh(self, path: str, stamp: str) -> bool:
        self.seen.add(path)
        if self.whole:
            return False
        return made_from(self.site.read(path), stamp)

    def _text(self, reader: DocumentReader, version: Version) -> None:
        path = paths.version(version)
        stamp = f"{version.text_digest[:16]}-{makers_digest()}"
        if self._fresh(path, stamp):
            return
        clauses = reader.clauses(version)
        if clauses is not None:
            name, kind = self.gatherer.name(version.key.vendor), self.gatherer.kind(version.key)
            self.put(path, pages.version_text(self.frame, version, clauses, name, kind, stamp=stamp))

    def search(self, reader: DocumentReader) -> None:
        """Write the script with a document's clauses, and remember its line in the index."""
        texts = [(version, clauses) for version in reader.versions if (clauses := reader.clauses(version)) is not None]
        kept = search.kept_clauses(texts)
        by_seq = {version.seq: version for version in reader.versions}
        self.put(paths.search(reader.key), search.document_script(reader.key, kept, by_seq))
        title = f"{self.gatherer.name(reader.key.vendor)}, {document_kind(self.gatherer.kind(reader.key))}"
        self.rows[str(reader.key)] = search.index_row(reader.key, title, kept)

    def _pending(self, reader: DocumentReader) -> bool:
        """Write the page of a text that waits to be confirmed, or take it away; whether there is one."""
        path = paths.pending(reader.key)
        status = self.gatherer.status(reader.key)
        clauses = reader.pending() if status.status == "pending" and reader.versions else None
        current = reader.clauses(reader.versions[-1]) if clauses else None
        if clauses is None or current is None:
            self.site.remove(path)
            return False
        comparison = compare_pages(current, clauses, plain_changes(current, clauses))
        self.put(path, pages.pending(self.frame, status, comparison))
        return True

    def _inventory(self, reader: DocumentReader) -> tuple[InventoryItem, ...]:
        if not reader.versions:
            return ()
        version = reader.versions[-1]
        clauses = reader.clauses(version)
        if not clauses or version.language not in {"", "en"}:
            return ()
        text = self.gatherer.archive.text(version)
        path = paths.inventory(reader.key)
        items = inventory.from_json(self.site.read(path), version, text, clauses)
        if items is None:
            items = inventory.inventory(text, clauses)
        self.put(path, inventory.as_json(reader.key, version, items))
        return items

    def _vendor_feeds(self, view: VendorView, readers: Sequence[DocumentReader], touched: set[DocumentKey]) -> None:
        everything: list[Event] = []
        for doc, reader in zip(view.documents, readers, strict=True):
            everything += reader.events
            if reader.key in touched:
                title = f"{view.name}: {document_kind(doc.status.document_kind)}"
                self.write_feed(paths.feed("document", str(reader.key)), title, doc.lines, reader.events)
        self.write_feed(paths.feed("vendor", view.id), view.name, view.lines, everything)

    def write_feed(self, path: str, title: str, lines: Iterable[ChangeLine], events: Iterable[Event] = ()) -> None:
        """The feed of these changes and events; only substantive changes are told, our own upgrades never."""
        newest = sorted(lines, key=lambda line: line.change.at, reverse=True)
        told = (feed.event_entry(event, paths.document(event.key)) for event in events if event.key)
        others = [entry for entry in told if entry]
        entries: list[feed.Entry] = []
        for line in newest:
            entry = self._entry(line)
            if entry is not None:
                entries.append(entry)
            if len(entries) == feed.ENTRIES:
                break
        url = self.frame.public_url
        self.put(path, feed.atom(path, title, [*entries, *others], updated=_STARTED, public_url=url))

    def _entry(self, line: ChangeLine) -> feed.Entry | None:
        change = line.change
        if change.materiality != "substantive" or change.kind == "technical":
            return None
        if change.id not in self.entries:
            assessment = self.gatherer.assessment(change)
            if assessment is None:
                return None
            self.entries[change.id] = feed.change_entry(line, assessment.findings)
        return self.entries[change.id]
