"""CSS selectors in a configuration."""

from __future__ import annotations

import re
from functools import cache

from monitor.watchlist.table import Wrong, shown
from monitor.watchlist.values import text

# A cheap grammar for the selectors that people write; both parsers that apply selectors understand all of it.
_SIMPLE = re.compile(
    r"(?P<between> *[>+~,] *| +)|(?P<tag>[a-zA-Z][a-zA-Z0-9-]*|\*)"
    r"|(?P<more>[#.]-?[a-zA-Z_][a-zA-Z0-9_-]*|\[[a-zA-Z_][a-zA-Z0-9_-]*(?:[~|^$*]?=(?:\"[^\"\\\]]*\"|'[^'\\\]]*'))?\])"
)


def selector(value: object) -> str:
    """A CSS selector that both parsers of this program accept."""
    css = text(value, longest=500)
    if not _is_simple(css):
        _compile(css)
    return css


def _is_simple(css: str) -> bool:
    position = 0
    previous = "between"
    while position < len(css):
        match = _SIMPLE.match(css, position)
        starts = previous == "between"
        if not match or (match.lastgroup == "between" and starts) or (match.lastgroup == "tag" and not starts):
            return False
        previous = match.lastgroup or ""
        position = match.end()
    return previous != "between"


@cache
def _compile(css: str) -> None:
    """Ask both parsers. Importing them takes 0.2 s, hence the cheap grammar before.

    Raises:
        Wrong: one of them does not accept the selector.
    """
    import soupsieve
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    hint = "CSS is expected, not XPath" if css.startswith("/") else ""
    try:
        soupsieve.compile(css)
        LexborHTMLParser("<p></p>").css(css)
    except soupsieve.SelectorSyntaxError as error:
        raise Wrong(f"{shown(css)} is no CSS selector: {str(error).splitlines()[0].rstrip(':')}", hint) from error
    except (SelectolaxError, RecursionError) as error:
        raise Wrong(f"{shown(css)} is no CSS selector that can be used here", hint) from error
