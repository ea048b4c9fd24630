"""Clauses of a normalised text: sentences, list items and table rows, each with its heading path and lead-in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from monitor.model import Clause, ClauseKind
from monitor.text.sentences import boundaries

_HEADING = re.compile(r"(#{1,6}) (.+)")
_ITEM = re.compile(r"([ ]{0,200})(-|\d{1,3}[.)])[ ](?=\S)")
_SEPARATOR = re.compile(r"\|(?: --- \|)+")
_BOLD_LINE = re.compile(r"(\*\*|__)(?!\s)((?:(?!\1).){2,160})\1:?")
_LEADS = re.compile(
    r"\b(?:following|below|such as|includ\w+|folgende\w*|nachstehend\w*|suivant\w*|ci-dessous|siguiente\w*|volgende)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[ ]?(?:<br/?>[ ]?)+", re.IGNORECASE)
_TRIM = " *_>"
_BOLD_LEVEL, _PLAIN_LEVEL = 7, 8  # below every real heading
_LONG_ROW = 60  # words; a longer row is cut into what its cells say
_TITLE_WORDS, _TITLE_LENGTH = 12, 90


@dataclass(slots=True)
class _List:
    indent: int
    lead: str
    item: str = ""  # the open item's own words: the lead-in of lists inside it


@dataclass(slots=True)
class _State:
    text: str
    plain: bool  # no marked headings: short lines may be titles
    clauses: list[Clause] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    path: tuple[str, ...] = ()
    lists: list[_List] = field(default_factory=list)
    lead: str = ""  # the last sentence of the paragraph above
    header: list[str] = field(default_factory=list)  # cells of the table's head
    in_table: bool = False


def segment(text: str) -> tuple[Clause, ...]:
    """The clauses of a normalised text, in order; ``text[clause.start:clause.end] == clause.text``.

    A heading is a clause too. Clauses do not overlap, and hold every word of the text.
    """
    state = _State(text, plain=not text.startswith("#") and "\n#" not in text)
    lines = text.split("\n")
    offset = 0
    blank = True
    for number, line in enumerate(lines):
        if line:
            _read(state, line, offset, lines, number, blank=blank)
            blank = False
        else:
            blank = True
            state.in_table = False
        offset += len(line) + 1
    return tuple(state.clauses)


def _read(state: _State, line: str, offset: int, lines: list[str], number: int, *, blank: bool) -> None:
    first = line[0]
    if first == "#" and (heading := _HEADING.fullmatch(line)) is not None:
        _heading(state, len(heading.group(1)), offset + heading.start(2), offset + len(line))
        return
    if first == "|":
        _row(state, line, offset, lines[number + 1] if number + 1 < len(lines) else "")
        return
    if first in " -" or first.isdigit():
        item = _ITEM.match(line)
        if item is not None:
            _item(state, item, line, offset)
            return
    if state.lists and not blank:
        indent = len(line) - len(line.lstrip(" "))
        _sentences(state, offset + indent, offset + len(line), "item", state.lists[-1].lead)
        return
    state.lists.clear()
    title = _title_level(state, line, lines, number)
    if title:
        _heading(state, title, offset, offset + len(line))
        return
    _sentences(state, offset, offset + len(line), "sentence", "")
    state.lead = state.clauses[-1].text if state.clauses else ""


def _title_level(state: _State, line: str, lines: list[str], number: int) -> int:
    """The level of a title that is not marked as one: a bold line, or in an unmarked text a short line above prose."""
    if line[0] in "*_":
        bold = _BOLD_LINE.fullmatch(line)
        if bold and bold.group(2)[-1] not in ".;,!":
            return _BOLD_LEVEL
    if not state.plain or len(line) > _TITLE_LENGTH or line[-1] in ".:;,!|>" or line[0].islower():
        return 0
    if line.count(" ") >= _TITLE_WORDS or number + 2 >= len(lines):
        return 0
    below = lines[number + 2] if not lines[number + 1] else ""
    return _PLAIN_LEVEL if below.count(" ") >= _TITLE_WORDS and below.rstrip(_TRIM)[-1:] in ".:;?" else 0


def _lead(state: _State) -> str:
    """The sentence above when it introduces the list or table below it, else ""."""
    return state.lead if state.lead and _introduces(state.lead) else ""


def _introduces(sentence: str) -> bool:
    end = sentence.rstrip(_TRIM)[-1:]
    return end in ":：" or (end not in ".!?…" and len(sentence) < 300) or bool(_LEADS.search(sentence))


def _heading(state: _State, level: int, start: int, end: int) -> None:
    while state.headings and state.headings[-1][0] >= level:
        state.headings.pop()
    state.path = tuple(title for _, title in state.headings)
    _add(state, start, end, "heading", "")
    state.headings.append((level, state.text[start:end].strip("*_: ")))
    state.path = tuple(title for _, title in state.headings)
    state.lists.clear()
    state.header.clear()
    state.lead = ""


def _row(state: _State, line: str, offset: int, following: str) -> None:
    if _SEPARATOR.fullmatch(line):
        return
    cells = _cells(line, offset)
    if not cells:
        return
    start, end = cells[0][0], cells[-1][1]
    texts = [state.text[left:right] for left, right in cells]
    if not state.in_table:
        state.lists.clear()
        state.header.clear()
        state.in_table = True
        if _SEPARATOR.fullmatch(following) and not _is_long(state, start, end):
            _add(state, start, end, "row", _lead(state))
            state.header.extend(texts)
            return
    lead = " | ".join(state.header) or _lead(state)
    if not _is_long(state, start, end):
        _add(state, start, end, "row", lead)
        return
    for column, (left, right) in enumerate(cells):
        named = state.header[column] if column < len(state.header) else ""
        about = " | ".join(part for part in (texts[0] if column else "", named) if part)
        _pieces(state, left, right, about or lead)


def _is_long(state: _State, start: int, end: int) -> bool:
    return end - start >= 5 * _LONG_ROW and state.text.count(" ", start, end) >= _LONG_ROW


def _cells(line: str, offset: int) -> list[tuple[int, int]]:
    """Where the cells of a row stand that are not empty."""
    cells: list[tuple[int, int]] = []
    at = 1
    while (end := line.find(" |", at)) >= 0:  # an escaped pipe has its backslash before it, no space
        broken = _BREAK.match(line, at)
        start = broken.end() if broken else at
        while start < end and line[start] == " ":
            start += 1
        if start < end:
            cells.append((offset + start, offset + end))
        at = end + 2
    return cells


def _pieces(state: _State, start: int, end: int, lead: str) -> None:
    """The sentences of a long cell."""
    last = start
    for match in _BREAK.finditer(state.text, start, end):
        _sentences(state, last, match.start(), "row", lead)
        last = match.end()
    _sentences(state, last, end, "row", lead)


def _item(state: _State, item: re.Match[str], line: str, offset: int) -> None:
    indent = len(item.group(1))
    while state.lists and state.lists[-1].indent > indent:
        state.lists.pop()
    if not state.lists or state.lists[-1].indent < indent:
        outer = state.lists[-1] if state.lists else None
        lead = f"{outer.lead} {outer.item}".strip() if outer else _lead(state)
        state.lists.append(_List(indent, lead))
    current = state.lists[-1]
    start = offset + (item.end() if item.group(2) == "-" else item.start(2))
    _sentences(state, start, offset + len(line), "item", current.lead)
    current.item = state.clauses[-1].text if state.clauses else ""


def _sentences(state: _State, start: int, end: int, kind: ClauseKind, lead: str) -> None:
    part = state.text[start:end]
    last = 0
    for cut in boundaries(part):
        _add(state, start + last, start + cut, kind, lead)
        last = cut
    _add(state, start + last, end, kind, lead)


def _add(state: _State, start: int, end: int, kind: ClauseKind, lead: str) -> None:
    piece = state.text[start:end]
    bare = piece.lstrip(" >")
    start += len(piece) - len(bare)
    bare = bare.rstrip(" ")
    if bare:
        state.clauses.append(Clause(bare, start, start + len(bare), kind, state.path, lead))
