"""What kind of document a text is, and which parts it has when a page holds several documents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.discover.words import fold, says, words
from monitor.model import HeadingRange

_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_SMALLEST = 150  # words: less is a paragraph about cookies, not a cookie policy


@dataclass(frozen=True, slots=True)
class Part:
    """One of several documents on a page. ``range`` is what cuts it out."""

    kind: str
    range: HeadingRange
    words: int


def guess_kind(heading: str, address: str = "") -> str:
    """The kind of document that a title or an address names, "" when none."""
    for text in (fold(heading), fold(address)):
        for kind, known in reversed(words().kinds.items()):  # the special kinds come after the general ones
            if says(text, known.name):
                return kind
    return ""


def find_parts(text: str) -> tuple[Part, ...]:
    """The documents on a page, when headings of one level name more than one; else nothing."""
    headings = [(len(match.group(1)), match.group(2).strip(), match.start()) for match in _HEADING.finditer(text)]
    named = [(level, _kind_of(title), title, start) for level, title, start in headings]
    for level in sorted({level for level, kind, _title, _start in named if kind}):
        tops = [heading for heading in named if heading[0] <= level]
        ends = [*tops[1:], (level, "", None, len(text))]
        parts = [
            Part(kind, HeadingRange(title, until), len(text[start:end].split()))
            for (depth, kind, title, start), (_depth, _kind, until, end) in zip(tops, ends, strict=True)
            if kind and depth == level
        ]
        parts = [part for part in parts if part.words >= _SMALLEST]
        if len({part.kind for part in parts}) > 1:
            return tuple(parts)
    return ()


def _kind_of(title: str) -> str:
    """The kind that a heading names, when it says little else."""
    folded = fold(title)
    kind = guess_kind(title)
    if not kind or says(folded, words().about):
        return ""
    longest = max(len(name.split()) for name in words().kinds[kind].name if says(folded, (name,)))
    return kind if len(folded.split()) <= longest + 3 else ""
