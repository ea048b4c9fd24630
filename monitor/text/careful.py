"""The second parser: slow, but it keeps every word. Makes flat, plain HTML of a page that the fast parser cannot read.

beautifulsoup4 with ``html.parser`` kept the text of every hostile page that was tried, in linear time. Its tree is
written out again without attributes (but for links) and without nesting beyond what a document needs, which any parser
can then read.
"""

from __future__ import annotations

import html
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

_DEAD = frozenset("script style template noscript svg title textarea option iframe select".split())
_KEPT = frozenset(
    "h1 h2 h3 h4 h5 h6 p ul ol li table thead tbody tr td th dl dt dd blockquote pre main article nav "
    "header footer aside strong b em i details summary".split()
)
_INLINE = frozenset(
    "span a b i em strong small font u s sub sup abbr cite code kbd mark q time var label bdi bdo ins del "
    "tt big".split()
)
_MAX_DEPTH = 60
_ATTRIBUTES = ("id", "class", "role", "aria-label", "hreflang", "lang")


def flatten(page: str) -> str:
    """The same page as plain, shallow HTML with all its words."""
    from bs4 import BeautifulSoup, Tag
    from bs4.builder import ParserRejectedMarkup
    from bs4.element import NavigableString, PreformattedString

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of pages that look like addresses or XML
        try:
            soup = BeautifulSoup(page, "html.parser", multi_valued_attributes=None)
        except (ParserRejectedMarkup, AssertionError):
            soup = BeautifulSoup(page.replace("<!", "&lt;!").replace("<?", "&lt;?"), "html.parser")
    parts = ["<!doctype html><html><body>"]
    # An own stack, not recursion: the page may be 100,000 levels deep. Each entry is (children, closing tag).
    stack: list[tuple[list[object], int, str]] = [(list(soup.contents), 0, "")]
    written = 0
    while stack:
        children, at, closing = stack.pop()
        if at >= len(children):
            parts.append(closing)
            written -= closing.startswith("</")
            continue
        stack.append((children, at + 1, closing))
        node = children[at]
        if isinstance(node, Tag):
            if node.name in _DEAD:
                continue
            opening, closing_tag = (
                _tags(node) if written < _MAX_DEPTH else ("\n", "\n") if node.name not in _INLINE else ("", "")
            )
            written += closing_tag.startswith("</")
            parts.append(opening)
            stack.append((list(node.contents), 0, closing_tag))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parts.append(html.escape(str(node), quote=False))
    parts.append("</body></html>")
    return "".join(parts)


def _tags(node: Tag) -> tuple[str, str]:
    name = node.name
    if name == "br":
        return "<br>", ""
    if name == "a":
        target = node.get("href")
        return (f'<a href="{html.escape(str(target)[:2000])}">', "</a>") if target else ("", "")
    if name in _KEPT or name not in _INLINE:
        kept = name if name in _KEPT else "div"
        said = "".join(f' {key}="{html.escape(str(node.get(key))[:200])}"' for key in _ATTRIBUTES if node.get(key))
        return f"<{kept}{said}>", f"</{kept}>"
    return "", ""
