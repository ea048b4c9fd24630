"""A whole pass as cron and the daemon make it: check, publish the touched pages, deliver what is owed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from monitor.check import Pass, check

if TYPE_CHECKING:
    from monitor.model import DocumentKey, Settings, Watchlist
    from monitor.observe import Observed
    from monitor.ports import Archive, Clock, Fetcher, Sandbox, Sender, Site


class Edges(Protocol):
    """What a pass needs; made when first asked for, so that a pass without mail opens no mail server."""

    @property
    def settings(self) -> Settings: ...
    @property
    def watchlist(self) -> Watchlist: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def fetcher(self) -> Fetcher: ...
    @property
    def sandbox(self) -> Sandbox: ...
    @property
    def sender(self) -> Sender: ...
    @property
    def site(self) -> Site: ...


@dataclass(frozen=True, slots=True)
class WholePass:
    """What a pass did, and remarks for the person who runs it."""

    checked: Pass
    remarks: tuple[str, ...] = ()
