"""What a verb needs from the world: the root, the settings, and the edges, made when they are first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from monitor.clock import SystemClock
from monitor.errors import UsageError

if TYPE_CHECKING:
    from types import TracebackType

    from monitor.model import Settings, Watchlist
    from monitor.ports import Archive, Clock, Fetcher, Sandbox, Sender, Site


def find_root(option: str | None) -> Path:
    """The folder given, else the nearest one upward that has a watchlist.toml.

    Raises:
        UsageError: there is none.
    """
    if option:
        root = Path(option)
        if not root.is_dir():
            raise UsageError(f"--root {option}: no such folder", remedy="policy-monitor init makes one")
        return root.resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "watchlist.toml").is_file():
            return folder
    raise UsageError(
        "no watchlist.toml here or above", remedy="cd to its folder, pass --root, or run policy-monitor init"
    )


class Context:
    """Edges for one run of one verb; closed at its end."""

    def __init__(self, option: str | None, *, clock: Clock | None = None) -> None:
        self.root = find_root(option)
        self.clock: Clock = clock or SystemClock()
        self._opened: list[Archive | Fetcher | Sandbox | Sender] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for edge in reversed(self._opened):
            edge.close()

    def reload(self) -> None:
        """Take the settings and the watchlist over as they are on disk now, both or neither.

        Raises:
            ConfigError: one of them is wrong; nothing has changed.
        """
        from monitor.settings import load_settings
        from monitor.watchlist import load_watchlist

        settings, watchlist = load_settings(self.root), load_watchlist(self.root / "watchlist.toml")
        if settings != self.settings:
            for name in ("fetcher", "sender"):
                edge = self.__dict__.pop(name, None)
                if edge is not None:
                    self._opened.remove(edge)
                    edge.close()
        self.__dict__.update(settings=settings, watchlist=watchlist)

    @cached_property
    def settings(self) -> Settings:
        """The operator's settings. Raises ConfigError."""
        from monitor.settings import load_settings

        return load_settings(self.root)

    @cached_property
    def watchlist(self) -> Watchlist:
        """The declarations. Raises ConfigError."""
        from monitor.watchlist import load_watchlist

        return load_watchlist(self.root / "watchlist.toml")

    @cached_property
    def archive(self) -> Archive:
        """The archive, made when there is none. Raises ArchiveError."""
        from monitor.archive import open_archive

        archive = open_archive(self.settings.snapshots, clock=self.clock)
        self._opened.append(archive)
        return archive

    @cached_property
    def fetcher(self) -> Fetcher:
        """The one gate."""
        from monitor.fetch import Gate

        gate = Gate(self.settings, clock=self.clock)
        self._opened.append(gate)
        return gate

    @cached_property
    def sandbox(self) -> Sandbox:
        """Children for what touches hostile bytes; none is started before the first task."""
        from monitor.sandbox import SandboxPool

        pool = SandboxPool()
        self._opened.append(pool)
        return pool

    @cached_property
    def sender(self) -> Sender:
        """SMTP when it is configured, else the local maildir."""
        from monitor.send import open_sender

        sender = open_sender(self.settings, clock=self.clock)
        self._opened.append(sender)
        return sender

    @cached_property
    def keys(self) -> tuple[bytes, ...]:
        """What signs the links in mails; made when there is none. Raises ConfigError."""
        from monitor.send.keys import token_keys

        return token_keys(self.root)

    @cached_property
    def site(self) -> Site:
        """The folder of the report."""
        from monitor.site import FolderSite

        return FolderSite(self.settings.site)
