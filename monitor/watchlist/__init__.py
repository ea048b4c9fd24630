"""The watchlist: what is declared in ``watchlist.toml``, as records, or everything that is wrong with it.

``source`` reads a file with care, ``table`` takes a table apart and remembers problems, ``values``, ``address``,
``selector`` and ``cron`` say what a value may be, ``parse`` builds the records, ``unique`` says what may be there only
once, ``write`` adds a declaration.
"""

from __future__ import annotations

from pathlib import Path

from monitor.model import Watchlist
from monitor.watchlist.parse import build
from monitor.watchlist.source import parse_source, read_source

__all__ = ["load_watchlist", "parse_watchlist"]


def load_watchlist(path: Path) -> Watchlist:
    """The watchlist of a file.

    Raises:
        ConfigError: the file cannot be read, or with everything that is wrong in it.
    """
    return parse_watchlist(read_source(path), path=str(path))


def parse_watchlist(source: bytes, *, path: str) -> Watchlist:
    """The watchlist that these bytes declare; ``path`` names them in messages.

    Raises:
        ConfigError: with everything that is wrong.
    """
    return build(parse_source(source, path=path))
