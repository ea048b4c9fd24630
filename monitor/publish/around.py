"""The pages above vendors: front, vendors, watch, topics, months, their feeds; and what is left over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import cached_property

from monitor.model import Change
from monitor.publish.building import Builder
from monitor.publish.gather import DocumentReader, Gatherer
from monitor.report import pages, paths, search
from monitor.report.across import Told, told
from monitor.report.environment import static
from monitor.report.views import ChangeLine, FrontView, VendorLine, Watch
from monitor.report.wording import FAMILIES, family

_FOLDERS = ("vendor/", "month/", "topic/", "feed/", "search/")  # all that is swept; since/ and strangers' files stay
_EVENTS = timedelta(days=30)  # that the feed of everything carries beside changes
_CALENDAR = timedelta(days=372)


class Around:
    """Makes the pages that many vendors share, from all change rows and what the vendors' pages already read."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.gatherer: Gatherer = builder.gatherer
        self.changes: tuple[Change, ...] = self.gatherer.archive.changes()

    @cached_property
    def labels(self) -> Mapping[int, tuple[str, ...]]:
        """Labels of every change that has findings."""
        return self.gatherer.archive.labels()

    def line(self, change: Change) -> ChangeLine:
        """A change as a line; those of pages just made are taken from there."""
        lines = self.builder.lines
        if change.id not in lines:
            lines[change.id] = self.gatherer.line(change, self.labels.get(change.id, ()))
        return lines[change.id]

    def make(self) -> None:
        """Everything above the vendors."""
        put, frame = self.builder.put, self.builder.frame
        put(paths.STYLE, static("style.css"))
        put(paths.SCRIPT, static("site.js"))
        statuses = [self.gatherer.status(key) for key in self.gatherer.keys]
        watch = Watch(tuple(sorted(statuses, key=lambda status: (status.vendor_name.casefold(), status.key))))
        put(paths.WATCH, pages.watch(frame, watch))
        put(paths.INDEX, pages.front(frame, self._front(watch), self.gatherer.now))
        put(paths.VENDORS, pages.vendors(frame, self._vendors(watch)))
        if not self.builder.whole and not self.builder.touched:
            return  # a pass that found nothing new: only when everything was last seen has changed
        self._months()
        self._topics()
        newest = sorted(self.changes, key=lambda change: change.at, reverse=True)[:400]
        lately = self.gatherer.archive.events(since=self.gatherer.now - _EVENTS)
        self.builder.write_feed(paths.feed("all"), frame.title, [self.line(change) for change in newest], lately)
        put(paths.SEARCH_INDEX, search.index_script(self._index().values()))

    def _index(self) -> Mapping[str, str]:
        """Lines of the search index: those made here, and the others from the index as it is at this moment."""
        mine = self.builder.rows
        if self.builder.whole:
            return mine
        known = search.index_rows(self.builder.site.read(paths.SEARCH_INDEX))
        if known is None:  # gone or not ours: every document has to be read for a new one
            for key in self.gatherer.keys:
                if str(key) not in mine:
                    self.builder.search(DocumentReader(self.gatherer, key))
            return mine
        return {**known, **mine}

    def sweep(self) -> int:
        """Take away pages of ours that nothing leads to any more; how many."""
        left = [
            path for path in self.builder.site.paths() if path.startswith(_FOLDERS) and path not in self.builder.seen
        ]
        for path in left:
            self.builder.site.remove(path)
        return len(left)

    def _front(self, watch: Watch) -> FrontView:
        substantive = [change for change in self.changes if change.materiality == "substantive"]
        newest = sorted(substantive, key=lambda change: change.at, reverse=True)[: pages.FRONT_LINES]
        since = self.gatherer.now - _CALENDAR
        days: dict[date, tuple[int, int]] = {}
        for change in substantive:
            if change.at >= since:
                on = change.at.astimezone(UTC).date()
                count, grave = days.get(on, (0, 0))
                days[on] = (count + 1, grave + (change.severity == "high"))
        vendors = {document.key.vendor: document.vendor_name for document in watch.documents}
        return FrontView(
            lines=tuple(self.line(change) for change in newest),
            total=len(self.changes),
            watch=watch,
            days=days,
            vendors=tuple(vendors.items()),
            tags=tuple(sorted({tag for document in watch.documents for tag in document.tags})),
            months=tuple({pages.month_of(change) for change in self.changes}),
        )

    def _vendors(self, watch: Watch) -> tuple[VendorLine, ...]:
        latest: dict[str, Change] = {}
        for change in self.changes:
            known = latest.get(change.key.vendor)
            if change.materiality == "substantive" and (known is None or change.at > known.at):
                latest[change.key.vendor] = change
        made: dict[str, VendorLine] = {}
        for document in watch.documents:
            vendor = document.key.vendor
            if vendor not in made:
                newest = latest.get(vendor)
                line = self.line(newest) if newest is not None else None
                made[vendor] = VendorLine(vendor, document.vendor_name, document.tags, (), line)
            made[vendor] = replace(made[vendor], documents=(*made[vendor].documents, document))
        return tuple(made.values())

    def _months(self) -> None:
        by_month: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            by_month[pages.month_of(change)].append(change)
        for month, changes in by_month.items():
            path = paths.month(month)
            if self.builder.whole or month in self.builder.months or self.builder.site.read(path) is None:
                contributions = [self._told(change) for change in changes]
                self.builder.put(path, pages.month(self.builder.frame, month, contributions))
            self.builder.seen.add(path)
        counts = [(month, len(by_month[month])) for month in sorted(by_month, reverse=True)]
        self.builder.put(paths.MONTHS, pages.months(self.builder.frame, counts))

    def _told(self, change: Change) -> Told:
        known = self.builder.told
        if change.id not in known:
            assessment = self.gatherer.assessment(change) if change.materiality == "substantive" else None
            known[change.id] = told(self.line(change), assessment)
        return known[change.id]

    def _topics(self) -> None:
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            if change.materiality == "substantive":
                labels = self.labels.get(change.id, ())
                for name in dict.fromkeys(label.partition(".")[0] for label in labels):
                    found[name].append(change)
        counts = Counter({name: len(changes) for name, changes in found.items()})
        for name in dict.fromkeys((*FAMILIES, *found)):
            path = paths.topic(name)
            if self.builder.whole or name in self.builder.topics or self.builder.site.read(path) is None:
                newest = sorted(found[name], key=lambda change: change.at, reverse=True)[: pages.TOPIC_LINES]
                lines = [self.line(change) for change in newest]
                self.builder.put(path, pages.topic(self.builder.frame, name, lines))
                self.builder.write_feed(paths.feed("topic", name), f"{self.builder.frame.title}: {family(name)}", lines)
            self.builder.seen.add(path)
            self.builder.seen.add(paths.feed("topic", name))
        self.builder.put(paths.TOPICS, pages.topics(self.builder.frame, [(name, counts[name]) for name in FAMILIES]))
