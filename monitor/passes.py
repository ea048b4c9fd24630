"""A whole pass as cron and the daemon make it: check, publish the touched pages, deliver what is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from monitor.alerts.match import match
from monitor.check import Pass, check
from monitor.deliver import Delivered, Outlets, hand_over
from monitor.model import DocumentKey
from monitor.observe import Observed
from monitor.ports import Fetcher, Sandbox
from monitor.subscribe import ensure_operators

DELIVER_WITHIN = timedelta(minutes=5)  # the rest goes with the next pass: checking must not wait for a slow mail server


class Edges(Outlets, Protocol):
    """What a pass needs; made when first asked for, so that a pass without mail opens no mail server."""

    @property
    def fetcher(self) -> Fetcher:
        """The one gate."""

    @property
    def sandbox(self) -> Sandbox:
        """Children for what touches hostile bytes."""


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
    if publishing and checked.touched and not stopping():
        from monitor.publish import publish  # templates cost a tenth of a second, and most passes touch no page

        try:
            publish(
                edges.archive,
                edges.site,
                watchlist=edges.watchlist,
                settings=edges.settings,
                now=edges.clock.now(),
                touched=set(checked.touched),
            )
        except OSError as error:
            remarks.append(f"the report was not published: {error}; policy-monitor report does it again")
    if delivering and not stopping():
        delivered = hand_over(edges, within=DELIVER_WITHIN, stopping=stopping)
        remarks += _about_mail(edges, delivered)
    return WholePass(checked, delivered, tuple(remarks))


def _about_mail(edges: Edges, delivered: Delivered) -> list[str]:
    if delivered.trouble:
        return [f"mail waits: {delivered.trouble}"]
    if delivered.sent and not edges.settings.smtp_host:
        count = f"{delivered.sent} mail{'s' if delivered.sent != 1 else ''}"
        return [f"{count} put into {edges.settings.outbox}: no mail server is configured (settings.toml: smtp_host)"]
    return []
