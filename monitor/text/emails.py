"""E-mail addresses that a page hides from robots, shown as a browser would show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.text.links import reveal_email

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


def reveal(tree: LexborHTMLParser) -> None:
    """Put addresses in the place of Cloudflare's "[email protected]". Changes the tree."""
    for node in tree.css("[data-cfemail]"):
        address = reveal_email(node.attrs.get("data-cfemail") or "")
        if address:
            node.replace_with(address)
