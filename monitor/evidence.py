"""The evidence bundle of a change, gathered from the archive."""

from __future__ import annotations

from datetime import datetime

from monitor.errors import ArchiveError
from monitor.model import Change, Settings, Version, Watchlist
from monitor.ports import History
from monitor.publish.gather import DocumentReader, Gatherer
from monitor.report import pages
from monitor.report.evidence import Side, bundle
from monitor.report.names import label_names


def evidence(archive: History, change: Change, *, watchlist: Watchlist, settings: Settings, now: datetime) -> bytes:
    """The zip with everything that a stranger needs to check a change offline.

    Raises:
        ArchiveError: something it needs is damaged or was not kept.
    """
    gatherer = Gatherer(archive, watchlist, settings, now)
    reader = DocumentReader(gatherer, change.key)
    number = next(at for at, line in enumerate(reader.lines) if line.change.id == change.id)
    view = reader.change_view(number)
    if view is None:
        raise ArchiveError(str(change.key), "the change cannot be shown: " + "; ".join(gatherer.damaged))
    before, after = _side(archive, view.before), _side(archive, view.after)
    first = min((*before.rows, *after.rows))
    page = pages.change(gatherer.frame(), view, label_names(), alone=True)
    return bundle(view, page, before, after, archive.links(first), head=archive.head())


def _side(archive: History, version: Version) -> Side:
    snapshot = archive.snapshot(version.snapshot)
    if snapshot is None:
        raise ArchiveError(str(version.key), f"the raw page of version {version.seq} is not kept")
    return Side(
        version=version,
        snapshot=snapshot,
        bodies=[archive.body(capture.digest) for capture in snapshot.captures],
        text=archive.text(version),
        rows={check: archive.written(check) for check in archive.makers(version)},
    )
