"""Everything since a day on one page, and as Markdown: to be read by somebody who was away, or sent on."""

from __future__ import annotations

from datetime import datetime

from monitor.model import Assessment, Settings, Watchlist
from monitor.ports import History, Site
from monitor.publish.gather import Gatherer, labels_of
from monitor.report import pages, paths
from monitor.report.exports import as_markdown
from monitor.report.names import label_names
from monitor.report.views import ChangeLine


def changes_since(gatherer: Gatherer, since: datetime) -> list[tuple[ChangeLine, Assessment]]:
    """Substantive changes first seen since then, gravest first; our own upgrades are no news."""
    found = []
    for change in gatherer.archive.changes(since=since):
        if change.materiality == "substantive" and change.kind != "technical":
            assessment = gatherer.assessment(change)
            if assessment is not None:
                found.append((gatherer.line(change, labels_of(assessment)), assessment))
    return sorted(found, key=lambda pair: pair[0].rank, reverse=True)


def newsletter(
    archive: History, site: Site, *, watchlist: Watchlist, settings: Settings, now: datetime, since: datetime
) -> tuple[str, str]:
    """Write the newsletter; the paths of the page and of the Markdown file.

    Raises:
        ArchiveError: the ledger cannot be read.
        SiteError: a file could not be written.
    """
    gatherer = Gatherer(archive, watchlist, settings, now)
    found = changes_since(gatherer, since)
    base = paths.since(f"{since:%Y-%m-%d}")
    site.write(f"{base}.html", pages.since(gatherer.frame(), f"{base}.html", since, found, label_names()))
    quiet = [(line, assessment) for line, assessment in found if not line.dismissed]
    body = "\n".join(as_markdown(quiet, clauses=False)) or "Nothing of substance changed.\n"
    site.write(f"{base}.md", f"# {settings.site_title}: changes since {since:%Y-%m-%d}\n\n{body}".encode())
    return f"{base}.html", f"{base}.md"
