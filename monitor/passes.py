"""A whole pass as cron and the daemon make it: check, publish the touched pages, deliver what is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from monitor.alerts.match import match
from monitor.check import Pass, check
from monitor.deliver import Delivered, Outlets, hand_over
from monitor.errors import SiteError
from monitor.model import DocumentKey
from monitor.observe import Observed
from monitor.ports import Fetcher, Sandbox, Site
from monitor.subscribe import ensure_operators

DELIVER_WITHIN = timedelta(minutes=5)  # the rest goes with the next pass: checking must not wait for a slow mail server
UPTO = "upto.txt"  # in the report: the chain's head up to which every page is made


class Edges(Outlets, Protocol):
    """What a pass needs; made when first asked for, so that a pass without mail opens no mail server."""

    @property
    def fetcher(self) -> Fetcher:
        """The one gate."""

    @property
    def sandbox(self) -> Sandbox:
        """Children for what touches hostile bytes."""

    @property
    def site(self) -> Site:
        """Where the report's files go."""


@dataclass(frozen=True, slots=True)
class WholePass:
    """What a pass did, and remarks for the person who runs it."""

    checked: Pass
    delivered: Delivered
    remarks: tuple[str, ...]


def whole_pass(
    edges: Edges,
    *,
    checking: bool = True,
    everything: bool = False,
    exact: bool = False,
    only: frozenset[DocumentKey] | None = None,
    publishing: bool = True,
    delivering: bool = True,
    progress: Callable[[Observed], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> WholePass:
    """One pass; checking comes first, and neither a full disk for the report nor a dead mail server undoes it.

    Raises:
        LockedError: another instance is checking.
        ArchiveError: the archive cannot be used any more.
        ConfigError: an operator's address in the settings is none.
    """
    checked, delivered = Pass(), Delivered()
    remarks: list[str] = []
    ensure_operators(edges.archive, edges.settings, now=edges.clock.now())
    behind = publishing and _behind(edges)
    if checking:
        checked = check(
            edges.watchlist,
            archive=edges.archive,
            fetcher=edges.fetcher,
            sandbox=edges.sandbox,
            clock=edges.clock,
            match=match,
            everything=everything,
            exact=exact,
            only=only,
            workers=edges.settings.workers,
            progress=progress,
            stopping=stopping,
        )
    if publishing and not stopping():
        remarks += _publish(edges, checked.touched, behind=behind)
    if delivering and not stopping():
        delivered = hand_over(edges, within=DELIVER_WITHIN, stopping=stopping)
        remarks += _about_mail(edges, delivered)
    return WholePass(checked, delivered, tuple(remarks))


def _behind(edges: Edges) -> bool:
    """Whether something was recorded after the last publishing that ended: a run was killed, or told not to publish."""
    head = edges.archive.head()
    return bool(head) and edges.site.read(UPTO) != head.encode()


def _publish(edges: Edges, touched: frozenset[DocumentKey], *, behind: bool) -> list[str]:
    """Bring the report up to date; what hindered it, for people."""
    head = edges.archive.head()
    try:
        if touched or behind:
            from monitor.publish import publish  # templates cost a tenth of a second, and most passes touch no page

            publish(
                edges.archive,
                edges.site,
                watchlist=edges.watchlist,
                settings=edges.settings,
                now=edges.clock.now(),
                touched=None if behind else set(touched),  # a page may be there and the page above it not
            )
        if head:
            edges.site.write(UPTO, head.encode())
    except SiteError as error:
        return [f"the report was not published: {error}"]
    return []


def _about_mail(edges: Edges, delivered: Delivered) -> list[str]:
    if delivered.trouble:
        return [f"mail waits: {delivered.trouble}"]
    if delivered.sent and not edges.settings.smtp_host:
        count = f"{delivered.sent} mail{'s' if delivered.sent != 1 else ''}"
        return [f"{count} put into {edges.settings.outbox}: no mail server is configured (settings.toml: smtp_host)"]
    return []
