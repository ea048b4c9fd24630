"""The report's site, made from the archive: all of it, or only the pages that a change touches."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.model import DocumentKey, Settings, Watchlist
from monitor.ports import History, Site
from monitor.publish.around import Around
from monitor.publish.building import Builder
from monitor.publish.forgetting import forget
from monitor.publish.gather import Gatherer
from monitor.publish.newsletter import newsletter
from monitor.report import paths
from monitor.report.environment import made_from, makers_digest

__all__ = ["Published", "newsletter", "publish"]


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: pages written because they differed, pages that stayed, pages taken away, and what is damaged."""

    written: int
    unchanged: int
    removed: int
    damaged: tuple[str, ...] = ()


def publish(
    archive: History,
    site: Site,
    *,
    watchlist: Watchlist,
    settings: Settings,
    now: datetime,
    touched: set[DocumentKey] | frozenset[DocumentKey] | None = None,
) -> Published:
    """Bring the site up to date.

    Args:
        archive: What was kept.
        site: Where the files go.
        watchlist: Names, kinds, tags and what is declared at all.
        settings: Title, public address, and the exceptions that every page prints.
        now: The time that pages are said to be written at.
        touched: The documents that something happened to; none in it brings only the state of the watch up to date;
            None makes everything anew and takes away what is left over.

    Raises:
        ArchiveError: the ledger cannot be read. A damaged text or snapshot only leaves out what needs it.
        SiteError: a page could not be written.
    """
    if touched is not None and not made_from(site.read(paths.INDEX), makers_digest()):
        touched = None  # there is no site yet, or one of another program: pages and style would not go together
    with _without_collector():
        return _published(Gatherer(archive, watchlist, settings, now), site, touched)


def _published(gatherer: Gatherer, site: Site, touched: set[DocumentKey] | frozenset[DocumentKey] | None) -> Published:
    builder = Builder(gatherer, site, whole=touched is None)
    keys = gatherer.keys if touched is None else tuple(key for key in gatherer.keys if key in touched)
    for vendor in dict.fromkeys(key.vendor for key in keys):
        builder.vendor(vendor, {key for key in keys if key.vendor == vendor})
    around = Around(builder)
    around.make()
    removed = around.sweep() if touched is None else 0
    return Published(builder.written, builder.unchanged, removed, tuple(gatherer.damaged))


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Without the collector of cycles: pages leave none behind, and looking for some took a tenth of the time.

    Nor does what was remembered of texts on the way stay behind.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        forget()
        if enabled:
            gc.enable()
