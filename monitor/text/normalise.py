"""Two forms of a text: what is stored and quoted, and the key by which two texts are compared.

``normalise`` gives the stored form. It touches only what a reader cannot see or what says nothing (kinds of space,
zero-width characters, line ends, list bullets, heading underlines, blank lines, images, tracking parameters, counters),
so that every quotation also stands literally in the page. ``fold`` gives the key: case, typographic quotes and dashes,
emphasis, link addresses and hidden e-mail addresses do not count in it. Two clauses with the same key say the same; the
key itself is never shown.

The stored form has one block a line. Between blocks stands one blank line, but none between the items of a list or the
rows of a table. Nested items are indented by two spaces a level; what goes on within an item stands below it, indented.
A release of the converter that sets blank lines or indents otherwise therefore gives the same text.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.text.blocks import Block, read_blocks
from monitor.text.characters import visible
from monitor.text.inline import BARE_URL
from monitor.text.links import clean_url
from monitor.text.repeats import without_repeats

HIDDEN_EMAIL = "[email protected]"
"""What Cloudflare puts in the place of an e-mail address, where the address could not be read."""


def normalise(text: str, *, wrapped: bool | None = None) -> str:
    """The stored form of Markdown or plain text, ending with one newline; "" when nothing is left.

    ``wrapped`` says whether a single line end inside a paragraph is only a wrap (True, as in converted HTML) or means
    something (False); None guesses from the lines.
    """
    blocks, before_that = read_blocks(visible(text), wrapped=wrapped), -1
    while len(blocks) != before_that:  # without one copy, what stood around it may be another
        before_that = len(blocks)
        blocks = without_repeats(blocks)
    lines: list[str] = []
    before: Block | None = None
    for found in blocks:
        block = found
        if found.group == "list" and found.line[0] == " " and (before is None or before.group != "list"):
            block = Block(found.line.lstrip(" "), "text")  # the item it went on with is gone
        if before is not None and not (block.tight and before.group == block.group):
            lines.append("")
        lines.append(block.line)
        before = block
    return "\n".join(lines) + "\n" if lines else ""


_FOLDED = (
    dict.fromkeys("‘’‚‛′`´ʼ＇", "'")
    | dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－•·", "-")
    | dict.fromkeys("\u200c\u200d\u00ad\u200b\u2060\ufeff\u200e\u200f*_\\", "")
    | {"…": "...", "\u00a0": " "}
)
_TYPOGRAPHIC = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]{0,100}\]){0,1000})\]\(<?([^()<>\s]{0,4000})>?(?:\s\"[^\"]{0,300}\")?\)")
_TAG = re.compile(r"</?(?:br|p|div|span|a|b|i|u|em|strong|sup|sub|font)(?:[\s/][^<>]{0,300})?>", re.IGNORECASE)
_ANGLE = re.compile(r"<((?:https?://|mailto:)?[^<>\s]{1,2000})>")
_AT = re.compile(r"(?<=\w)[ ]?(?:\(at\)|\[at\]|\{at\})[ ]?(?=\w)")
_DOT = re.compile(r"(?<=\w)[ ]?(?:\(dot\)|\[dot\]|\{dot\})[ ]?(?=\w)")
_MARKER = re.compile(r"^(?:#{1,6} |- |> ){1,8}")


def fold(text: str) -> str:
    """The key by which texts are compared: what is left when only presentation is taken away."""
    if "](" in text:
        text = _LINK.sub(_link_key, text)
    if "://" in text:
        text = BARE_URL.sub(lambda match: clean_url(match.group()).rstrip("/."), text)
    if "<" in text:
        text = _ANGLE.sub(r"\1", _TAG.sub(" ", text))
    if text[:1] in "#->":
        text = _MARKER.sub("", text)
    text = _TYPOGRAPHIC.sub(lambda match: _FOLDED[match.group()], text)
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = " ".join(text.casefold().split())
    if "at" in text and _AT.search(text):
        text = _DOT.sub(".", _AT.sub("@", text))
    return text


def _link_key(match: re.Match[str]) -> str:
    """The words of a link; a hidden e-mail address is read from where the link leads."""
    words, target = match.group(1), match.group(2)
    if "protected" in words:
        shown = clean_url(target)
        if shown.startswith("mailto:"):
            return shown.removeprefix("mailto:")
    return words
