"""Text from outside on its way into a mail: cut, made visible, and no link that we did not make."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from markupsafe import Markup, escape

# Mail clients turn these into links by themselves; the break after them keeps a quotation a quotation.
LINKLIKE = re.compile(r"(://|\bwww\.|@|\bmailto:|\btel:)", re.IGNORECASE)
ODD = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
URL = re.compile(r"https?://[!-~]{1,1990}", re.ASCII)


def clip(text: str, limit: int) -> str:
    """The text, or its beginning up to a word's end, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    return (head.rpartition(" ")[0] or head) + " …"


def visible(text: str) -> str:
    """The text with controls, and characters that turn the direction of writing, shown as escapes; line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape", "surrogatepass").decode("ascii")
        if char != "\n" and (char in TURNING or unicodedata.category(char) in ODD)
        else char
        for char in text
    )


def inert(text: str) -> str:
    """The same for plain text, with an invisible break wherever a mail client would make a link of it."""
    return LINKLIKE.sub("\\1\u200b", visible(text))


def inert_html(text: object) -> Markup:
    """The same for HTML, escaped; the break is an element, so that a copied quotation is the literal one."""
    safe = str(escape(visible(str(text))))
    return Markup(LINKLIKE.sub(r"\1<wbr>", safe))  # noqa: S704 - escaped in the line before; <wbr> is ours


def link(url: str) -> str:
    """The URL if it is plain HTTP or HTTPS with a host, else ""."""
    if not URL.fullmatch(url) or any(char in url for char in "\"'<>\\^`{|}"):
        return ""
    try:
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""
