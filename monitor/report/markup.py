"""Markup made by hand: policy text, escaped piece by piece, in the few elements that show it.

Long comparisons are mostly unchanged clauses, and the same clause stands on dozens of pages: each is made once here,
which is several times faster than a template's loop. Beside this module ``marks`` and ``side_by_side`` do so, through
``ours``; everything else is escaped by the template environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from monitor.report.rows import Line

_MARKS = re.compile(r"(\]\([^()\s]{1,4000}\)|\*\*|__)")
_ELEMENTS = {"-": "del", "+": "ins", "*": "mark"}


@lru_cache(maxsize=40_000)
def said(text: str) -> Markup:
    """The literal text; the address of a link (class ``u``) and emphasis marks (``k``) are there, set smaller."""
    if "](" not in text and "**" not in text and "__" not in text:
        return escape(text)
    made: list[str] = []
    for number, piece in enumerate(_MARKS.split(text)):
        if number % 2 and piece[0] == "]":
            made.append(f']<span class="u">{escape(piece[1:])}</span>')
        elif number % 2:
            made.append(f'<span class="k">{escape(piece)}</span>')
        else:
            made.append(escape(piece))
    return Markup("".join(made))  # noqa: S704 - every piece of the text went through escape


def parts(pieces: Iterable[tuple[str, str]]) -> Markup:
    """A text in parts: ``-`` struck out, ``+`` put in, ``*`` marked, anything else plain."""
    made: list[str] = []
    for op, piece in pieces:
        name = _ELEMENTS.get(op)
        words = piece.strip()  # spaces at the ends are neither struck out nor underlined
        if name is None or not words:
            made.append(said(piece))
            continue
        at = piece.find(words)
        made.append(f"{escape(piece[:at])}<{name}>{escape(words)}</{name}>{escape(piece[at + len(words) :])}")
    return Markup("".join(made))  # noqa: S704 - every piece of the text went through escape


@lru_cache(maxsize=40_000)
def paragraph(text: str, kind: str) -> str:
    """The rest of a clause's paragraph, after its opening "<p"."""
    style = "" if kind == "sentence" else f' class="l-{escape(kind)}"'
    return f"{style}>{said(text)}</p>\n"


def paragraphs(lines: Iterable[Line]) -> Markup:
    """Clauses as paragraphs, each with its kind and, where it has one, its name."""
    made = "".join(
        f'<p id="{escape(anchor)}"{paragraph(text, kind)}' if anchor else f"<p{paragraph(text, kind)}"
        for text, kind, anchor in lines
    )
    return Markup(made)  # noqa: S704 - texts, kinds and names went through escape


def ours(text: str) -> Markup:
    """Markup that this package made: a file of its own, what an escaping template gave, or marks of escaped pieces."""
    return Markup(text)  # noqa: S704 - see the few places that call it


@lru_cache(maxsize=5_000)
def web_link(url: str) -> str:
    """The address when it is a plain http(s) one that may be linked, else "" (it is then shown as text)."""
    if any(ord(char) <= 32 or ord(char) == 127 for char in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
