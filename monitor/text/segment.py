"""Clauses of a normalised text: sentences, list items and table rows, each with its heading path and lead-in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from monitor.model import Clause, ClauseKind
from monitor.text.sentences import boundaries

_HEADING = re.compile(r"(#{1,6}) (.+)")
_ITEM = re.compile(r"([ ]*)(-|\d{1,3}[.)]|\([a-z0-9]{1,4}\)|[a-z]\))[ ](?=\S)")
_SEPARATOR = re.compile(r"\|?(?:[ ]?:?-{2,}:?[ ]?\|)+(?:[ ]?:?-{2,}:?[ ]?)?")
_BOLD_LINE = re.compile(r"(\*\*|__)(?!\s)((?:(?!\1).){2,160})\1:?")
_LEADS = re.compile(
    r"\b(?:following|below|such as|includ\w+|folgende\w*|suivant\w*|siguiente\w*|volgende)\b", re.IGNORECASE
)
_TRIM = " *_>"
_BOLD_LEVEL = 7  # below every real heading


@dataclass(slots=True)
class _List:
    indent: int
    lead: str
    item: str = ""  # the open item's own words, the lead-in of lists inside it


@dataclass(slots=True)
class _State:
    text: str
    clauses: list[Clause] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    lead: str = ""  # the last sentence of the paragraph above, when it may introduce a list
    header: str = ""  # cells of the table's head
    in_table: bool = False

    def path(self) -> tuple[str, ...]:
        return tuple(title for _, title in self.headings)


def segment(text: str) -> tuple[Clause, ...]:
    """The clauses of a normalised text, in order; ``text[clause.start:clause.end] == clause.text``.

    A heading is a clause too. Clauses do not overlap, and hold every word of the text.
    """
    state = _State(text)
    lines = text.split("\n")
    offset = 0
    blank = True
    for number, line in enumerate(lines):
        if not line.strip():
            blank = True
            state.in_table = False
        else:
            following = lines[number + 1] if number + 1 < len(lines) else ""
            _read(state, line, offset, following, blank=blank)
            blank = False
        offset += len(line) + 1
    return tuple(state.clauses)


def _read(state: _State, line: str, offset: int, following: str, *, blank: bool) -> None:
    first = line.lstrip(" ")[:1]
    if first == "#":
        heading = _HEADING.fullmatch(line)
        if heading:
            _heading(state, len(heading.group(1)), offset + heading.start(2), offset + len(line))
            return
    if first == "|" or (line.count("|") > 1 and (state.in_table or _SEPARATOR.fullmatch(following))):
        _row(state, line, offset, following)
        return
    state.in_table = False
    item = _ITEM.match(line)
    if item:
        _item(state, item, line, offset)
        return
    indent = len(line) - len(line.lstrip(" "))
    if state.lists and indent and not (blank and indent < state.lists[0].indent + 1):
        _sentences(state, offset + indent, offset + len(line), "item", state.lists[-1].lead)
        return
    if state.lists and not blank and not indent:
        # a line right below an item: the item goes on after a line break
        _sentences(state, offset, offset + len(line), "item", state.lists[-1].lead)
        return
    state.lists.clear()
    bold = _BOLD_LINE.fullmatch(line) if first in "*_" else None
    if bold and bold.group(2)[-1] not in ".;,!":
        _heading(state, _BOLD_LEVEL, offset, offset + len(line))
        return
    _sentences(state, offset, offset + len(line), "sentence", "")
    last = state.clauses[-1].text if state.clauses else ""
    state.lead = last if _introduces(last) else ""


def _introduces(sentence: str) -> bool:
    end = sentence.rstrip(_TRIM)[-1:]
    return end in ":：" or (end not in ".!?…" and len(sentence) < 300) or bool(_LEADS.search(sentence))


def _heading(state: _State, level: int, start: int, end: int) -> None:
    while state.headings and state.headings[-1][0] >= level:
        state.headings.pop()
    _add(state, start, end, "heading", "")
    state.headings.append((level, state.text[start:end].strip("*_: ")))
    state.lists.clear()
    state.lead = state.header = ""


def _row(state: _State, line: str, offset: int, following: str) -> None:
    if _SEPARATOR.fullmatch(line.strip()):
        return
    left = len(line) - len(line.lstrip(" |"))
    right = len(line.rstrip(" |"))
    if right <= left:
        return
    start, end = offset + left, offset + right
    if not state.in_table:
        state.lists.clear()
        state.header = ""
        state.in_table = True
        if _SEPARATOR.fullmatch(following.strip()):
            _add(state, start, end, "row", state.lead)
            state.header = state.text[start:end]
            return
    _add(state, start, end, "row", state.header or state.lead)


def _item(state: _State, item: re.Match[str], line: str, offset: int) -> None:
    indent = len(item.group(1))
    while state.lists and state.lists[-1].indent > indent:
        state.lists.pop()
    if not state.lists or state.lists[-1].indent < indent:
        outer = state.lists[-1] if state.lists else None
        lead = f"{outer.lead} {outer.item}".strip() if outer else state.lead
        state.lists.append(_List(indent, lead))
    current = state.lists[-1]
    start = offset + (item.end() if item.group(2) == "-" else item.start(2))
    _sentences(state, start, offset + len(line), "item", current.lead)
    current.item = state.clauses[-1].text if state.clauses else ""


def _sentences(state: _State, start: int, end: int, kind: ClauseKind, lead: str) -> None:
    part = state.text[start:end]
    last = 0
    for cut in [*boundaries(part), len(part)]:
        _add(state, start + last, start + cut, kind, lead)
        last = cut


def _add(state: _State, start: int, end: int, kind: ClauseKind, lead: str) -> None:
    piece = state.text[start:end]
    start += len(piece) - len(piece.lstrip(" >"))
    end -= len(piece) - len(piece.rstrip(" "))
    if start < end:
        state.clauses.append(Clause(state.text[start:end], start, end, kind, state.path(), lead))
