"""Markdown or plain text as a sequence of blocks, one line each: headings, paragraphs, list items, table rows."""

from __future__ import annotations

import itertools
import re
import statistics
from dataclasses import dataclass, field
from typing import Literal

from monitor.text.chrome import is_counter
from monitor.text.inline import tidy

_SETEXT = re.compile(r"[ ]{0,3}(={2,}|-{2,})[ ]*")
_ATX = re.compile(r"[ ]{0,3}(#{1,6})(?:[ ]+(.*))?")
_RULE = re.compile(r"[ ]{0,3}(?:\*[ *]{2,}|-[ -]{2,}|_[ _]{2,})")
_BULLET = re.compile(r"([ ]{0,200})[-*+•●▪‣·◦–][ ]{1,200}(?=\S)")
_NUMBER = re.compile(r"([ ]{0,200})(\d{1,3}[.)])[ ]{1,200}(?=\S)")
_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)[^`]{0,40}")
_SEPARATING = frozenset("|-: ")
_SAYS = re.compile(r"[^\W_]")  # a line without any of these is a rule or an ornament
_MARKS = "-*+•●▪‣·◦–"
_TIGHT = frozenset({"list", "table", "quote"})
_NESTED = 8  # emphasis around the whole of a heading is taken off so often
_BOLD_ALL = re.compile(r"(\*\*|__)((?:(?!\1).)+)\1")


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it is stored. ``tight`` blocks follow one of the same group without a blank line."""

    line: str
    group: Literal["text", "heading", "list", "table", "quote"]
    tight: bool = False


@dataclass(slots=True)
class _Reader:
    wrapped: bool
    indents: list[int] = field(default_factory=list)  # of the open list levels, as the source has them
    parts: list[str] = field(default_factory=list)  # of the open block
    prefix: str = ""
    group: Literal["text", "heading", "list", "table", "quote"] = "text"
    hard: bool = False  # the line above ended with a hard break
    blank: bool = True  # the line above was empty
    found: list[Block] = field(default_factory=list)


def read_blocks(text: str, *, wrapped: bool | None) -> list[Block]:
    """The blocks of a text whose characters are already plain."""
    lines = text.split("\n")
    reader = _Reader(looks_wrapped(lines) if wrapped is None else wrapped)
    for number, raw in enumerate(lines):
        if raw and (line := raw.rstrip(" ")):
            _line(reader, raw, line, lines[number + 1] if number + 1 < len(lines) else "")
        else:
            if reader.parts:
                _close(reader)
            reader.blank, reader.hard = True, False
    _close(reader)
    return reader.found


def looks_wrapped(lines: list[str]) -> bool:
    """Whether line ends are only wraps: many lines of much the same length that go on in lower case."""
    ends = [
        (len(line), following[:1].islower())
        for line, following in itertools.pairwise(lines)
        if line.strip() and following.strip() and not following.startswith((" ", "-", "*", "#", "|"))
    ]
    if len(ends) < 8:
        return False
    return (
        sum(lower for _, lower in ends) >= 0.35 * len(ends) and 40 <= statistics.median(size for size, _ in ends) <= 120
    )


def _close(reader: _Reader) -> None:
    """End the open block; it is kept if it says anything."""
    if reader.parts:
        line = tidy(" ".join(reader.parts) if len(reader.parts) > 1 else reader.parts[0])
        if len(reader.parts) > 1 and reader.group == "text" and (item := _BULLET.match(line) or _NUMBER.match(line)):
            _item(reader, item, line)  # its mark stood alone on the line above
            line = reader.parts[0]
        reader.parts = []
        if _SAYS.search(line) and not is_counter(line):
            reader.found.append(Block(reader.prefix + line, reader.group, reader.group in _TIGHT))


def _line(reader: _Reader, raw: str, line: str, following: str) -> None:
    """Take in one line that is not empty."""
    hard = raw.endswith("  ")
    if line.endswith("\\"):
        line, hard = line.rstrip("\\ "), True
    content = line.lstrip(" ")
    if not content or (content[0] in "`~" and _FENCE.fullmatch(line)):
        _close(reader)
        reader.blank, reader.hard = True, False
        return
    before_blank, before_hard = reader.blank, reader.hard
    reader.blank, reader.hard = False, hard
    indent = len(line) - len(content)
    first = content[0]
    if first in "=-*_":
        if _SETEXT.fullmatch(content) and reader.parts and not before_blank and _may_be_heading(reader):
            reader.parts = [
                _bare(_open(reader.prefix + " ".join(reader.parts)))
            ]  # a number before it is part of the title
            reader.prefix, reader.group = "# " if first == "=" else "## ", "heading"
            reader.indents.clear()
            _close(reader)
            reader.blank = True
            return
        if _RULE.fullmatch(line) or _SETEXT.fullmatch(line):
            _close(reader)
            reader.blank = True
            return
    elif first == "#" and (heading := _ATX.fullmatch(line)) is not None:
        _close(reader)
        _heading(reader, heading.group(1), heading.group(2) or "")
        return
    if "|" in line and _is_row(reader, line, following, blank=before_blank):
        _close(reader)
        _row(reader, content)
        return
    if first in _MARKS or first.isdigit():
        item = _BULLET.match(line) or _NUMBER.match(line)
        if item is not None and (reader.indents or indent < 4 or before_blank):
            _close(reader)
            _item(reader, item, line)
            return
    _plain(reader, content, indent, blank=before_blank, hard=before_hard)


def _is_row(reader: _Reader, line: str, following: str, *, blank: bool) -> bool:
    """Whether a line with a pipe in it is a row of a table."""
    if line.lstrip(" ").startswith("|") or _is_separator(line):
        return True
    return (reader.group == "table" and not blank) or ("|" in following and _is_separator(following))


def _may_be_heading(reader: _Reader) -> bool:
    """Whether an underline makes a title of the open block: a line of its own, or one with a number before it."""
    return reader.group == "text" or (reader.group == "list" and reader.prefix[:1].isdigit())


def _heading(reader: _Reader, marks: str, title: str) -> None:
    reader.indents.clear()
    reader.prefix, reader.group, reader.parts = f"{marks} ", "heading", [_bare(tidy(_open(title.strip(" "))))]
    _close(reader)
    reader.group, reader.blank = "text", True


def _bare(title: str) -> str:
    """A heading without emphasis around the whole of it and without marks that close it, however they are nested."""
    for _ in range(_NESTED):
        whole = _BOLD_ALL.fullmatch(title)
        if whole is None:
            break
        title = _open(whole.group(2).strip(" "))
    return title


def _open(title: str) -> str:
    """A heading without the marks that close it; those of "C#" belong to its word."""
    bare = title.rstrip("# ")
    word, _, _ = title[len(bare) :].partition(" ")
    return bare + word if bare else ""


def _row(reader: _Reader, content: str) -> None:
    reader.indents.clear()
    reader.group, reader.prefix = "table", ""
    cells = [tidy(cell) for cell in _cells(content)]
    if _is_separator(content):
        cells = ["---"] * len(cells)
    if any(cells):
        reader.found.append(Block(f"| {' | '.join(cells)} |", "table", tight=True))


def _is_separator(line: str) -> bool:
    """Whether a line divides the head of a table from its rows: "| --- | :---: |". A row of single dashes is none."""
    if "---" not in line or "|" not in line or not _SEPARATING.issuperset(line):
        return False
    return all(len(cell.strip(" :")) >= 3 for cell in line.strip(" |").split("|"))


def _cells(row: str) -> list[str]:
    """The cells of a row; a pipe that is escaped divides nothing."""
    body = row.strip(" ")
    body = body.removeprefix("|")
    if body.endswith("|") and not body.endswith("\\|"):
        body = body[:-1]
    return re.split(r"(?<!\\)\|", body)


def _item(reader: _Reader, item: re.Match[str], line: str) -> None:
    indent = len(item.group(1))
    while reader.indents and reader.indents[-1] > indent + 1:
        reader.indents.pop()
    if not reader.indents or indent > reader.indents[-1] + 1:
        reader.indents.append(indent)
    marker = "- " if item.re is _BULLET else f"{item.group(2)} "
    reader.prefix = "  " * (len(reader.indents) - 1) + marker
    reader.group, reader.parts = "list", [line[item.end() :]]


def _plain(reader: _Reader, content: str, indent: int, *, blank: bool, hard: bool) -> None:
    """A line that begins no block by itself: it goes on with the open one, or opens a paragraph."""
    goes_on = not blank and bool(reader.parts)
    quote = content.startswith(">")
    if quote:
        content = content.lstrip("> ")
        goes_on = goes_on and reader.group == "quote"
    if goes_on and reader.wrapped and not hard:
        reader.parts.append(content)
        return
    _close(reader)
    if quote:
        reader.indents.clear()
        reader.prefix, reader.group = "> ", "quote"
    elif reader.indents and (not blank or indent > reader.indents[0]):
        # within an item: after a hard break, or a further paragraph of it
        while len(reader.indents) > 1 and (blank or indent) and indent <= reader.indents[-1]:
            reader.indents.pop()
        reader.prefix, reader.group = "  " * len(reader.indents), "list"
    else:
        reader.indents.clear()
        reader.prefix, reader.group = "", "text"
    reader.parts = [content] if content else []
