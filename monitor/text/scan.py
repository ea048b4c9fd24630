"""What a page holds, counted without a tree: so that a parser that loses text or time is noticed.

Everything here is linear in the size of the page whatever stands in it: ``str.find`` and patterns that cannot run on
past the next ``<`` or ``>``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

MAX_DEPTH = 200
MAX_ATTRIBUTES = 256

_RAW_NAMES = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "title",
    "textarea",
    "option",
    "iframe",
    "noembed",
    "noframes",
    "xmp",
]
_RAW = re.compile(rf"<(!--|(?:{'|'.join(_RAW_NAMES)})(?=[\s/>]))", re.IGNORECASE)
_CLOSING = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _RAW_NAMES}
_TAG = re.compile(r"<[^<>]*>")
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})")
_LONG = 2 * MAX_ATTRIBUTES
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MANY_TAGS = 6_000  # the fast parser needs a tenth of a second for as many levels
_SEPARATED = re.compile(r"[\s/]+")
# Elements that never hold others, and those that the next of their kind closes: neither makes a page deep.
_FLAT = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody "
    "tfoot option optgroup html head body colgroup caption rp rt path".split()
)


@dataclass(frozen=True, slots=True)
class Scan:
    """Counts of one page. ``words`` are those outside scripts, styles, comments and tags."""

    words: int
    depth: int  # 0 for a page of so few tags that no depth of it can hurt
    attributes: int  # most on one tag, at most; exact only where it may be too many
    scripts: int
    size: int  # characters outside scripts, styles and comments

    @property
    def hostile(self) -> bool:
        """Whether the fast parser could need minutes: it is quadratic in depth and in attributes of a tag."""
        return self.depth > MAX_DEPTH or self.attributes > MAX_ATTRIBUTES


def scan(page: str) -> Scan:
    """The counts of a page."""
    bare, scripts = strip_raw(page)
    deep = bare.count("<") > _MANY_TAGS
    return Scan(count_words(bare), _depth(bare) if deep else 0, _attributes(bare), scripts, len(bare))


def strip_raw(page: str) -> tuple[str, int]:
    """The page without comments and without elements whose content is no text; and how many scripts it had."""
    kept: list[str] = []
    scripts = 0
    at = 0
    unclosed: set[str] = set()
    while (match := _RAW.search(page, at)) is not None:
        kept.append(page[at : match.start()])
        name = match.group(1).lower()
        scripts += name == "script"
        end = -1 if name in unclosed else _end(page, name, match.end())
        if end < 0:
            # Never closed: a parser takes the rest of the page for it, but for elements with ordinary content.
            unclosed.add(name)
            if name not in {"noscript", "svg"}:
                return " ".join(kept), scripts
            end = match.end()
        at = end
    kept.append(page[at:])
    return " ".join(kept), scripts


def _end(page: str, name: str, start: int) -> int:
    """Where the element that was opened before ``start`` is over; -1 when it never is."""
    if name == "!--":
        # "<!-->" and "<!--->" are whole comments
        for short in (">", "->"):
            if page.startswith(short, start):
                return start + len(short)
        end = page.find("-->", start)
        other = page.find("--!>", start, end if end >= 0 else None)
        return other + 4 if other >= 0 else (end + 3 if end >= 0 else -1)
    closing = _CLOSING[name].search(page, start)
    if closing is None:
        return -1
    end = page.find(">", closing.end())
    return end + 1 if end >= 0 else len(page)


def count_words(bare: str) -> int:
    """How many words stand outside tags, in a page without raw elements."""
    return len(_TAG.sub(" ", bare).replace("&nbsp;", " ").replace("&#160;", " ").split())


def count_words_exactly(bare: str) -> int:
    """The same where attributes hold ``<`` or ``>``: slower, asked only when the counts differ."""
    kept: list[str] = []
    at = 0
    while (start := bare.find("<", at)) >= 0:
        kept.append(bare[at:start])
        if bare[start + 1 : start + 2] not in "/!?" and not bare[start + 1 : start + 2].isalpha():
            kept.append("<")
            at = start + 1
            continue
        at = _tag_end(bare, start)
    kept.append(bare[at:])
    return len(html.unescape(" ".join(kept)).split())


def _tag_end(bare: str, start: int) -> int:
    """The place after the ``>`` that ends the tag; quotes count only after an equals sign, as the standard says."""
    at = start
    while True:
        end = bare.find(">", at)
        if end < 0:
            return len(bare)
        quote = _open_quote(bare, at, end)
        if not quote:
            return end + 1
        closing = bare.find(quote, end)
        if closing < 0:
            return end + 1
        at = closing + 1


def _open_quote(bare: str, start: int, end: int) -> str:
    """The quotation mark that is open at ``end``, "" when none is."""
    at = start
    while True:
        equals = bare.find("=", at, end)
        if equals < 0:
            return ""
        value = equals + 1
        while value < end and bare[value].isspace():
            value += 1
        if value < end and bare[value] in "\"'":
            closing = bare.find(bare[value], value + 1, end)
            if closing < 0:
                return bare[value]
            at = closing + 1
        else:
            at = value


def _depth(bare: str) -> int:
    """The deepest nesting, counted by tag name so that stray closing tags hide nothing."""
    depth = deepest = 0
    opened: dict[str, int] = {}
    for closing, name in _NAME.findall(bare):
        tag = name.lower()
        if tag in _FLAT:
            continue
        if not closing:
            opened[tag] = opened.get(tag, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened.get(tag):
            opened[tag] -= 1
            depth -= 1
    return deepest


def _attributes(bare: str) -> int:
    """The most attributes on one tag. Only long tags are looked at: 256 attributes need 512 characters."""
    most = 0
    for piece in bare.split("<"):
        if len(piece) < _LONG:
            continue
        tag = piece.partition(">")[0]
        if _open_quote(piece, 0, len(tag)):
            tag = piece  # that ">" stood in a quoted value
        if len(tag) < _LONG:
            continue
        if len(_SEPARATED.findall(tag)) > MAX_ATTRIBUTES:
            most = max(most, len(_SEPARATED.findall(_QUOTED.sub("q", tag))))
    return most
