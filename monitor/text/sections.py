"""Parts of a text by its headings: a declared range, or one document where a page holds several."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from monitor.errors import ExtractionError
from monitor.model import HeadingRange
from monitor.text.normalise import fold

_OWNERS = re.compile(r"^(?:our|the|website|global|general|online|notre|unsere)[ ]|[ ](?:for .{1,40}|\(.{1,40}\))$")
_MIN_WORDS = 150
_LONGEST = 80  # characters of a heading that only names a document
_COVERED = 0.8


@dataclass(frozen=True, slots=True)
class Section:
    """A document on a page of several: what its heading says, its kind, and where it stands in the text."""

    title: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    start: int


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = tomllib.loads(resources.files(__package__).joinpath("kinds.toml").read_text("utf-8"))
    return tuple((kind, re.compile(pattern)) for kind, pattern in data["names"].items())


@cache
def _parts() -> tuple[str, ...]:
    data = tomllib.loads(resources.files(__package__).joinpath("kinds.toml").read_text("utf-8"))
    return tuple(data["parts"])


def kind_of(title: str) -> str:
    """The kind of document that a heading names, "" when it names none."""
    lower = title.lower()
    if len(title) > _LONGEST or not any(part in lower for part in _parts()):
        return ""  # most headings name no document
    key = fold(title).strip(" .:*#")
    for _ in range(2):
        for kind, pattern in _kinds():
            if pattern.fullmatch(key):
                return kind
        key = _OWNERS.sub("", key)
    return ""


def documents(text: str) -> tuple[Section, ...]:
    """The documents of a page that holds several, by their headings; empty for a page that is one document."""
    headings = _headings(text)
    if sum(bool(kind_of(heading.title)) for heading in headings) < 2:
        return ()
    words = len(text.split())
    for level in sorted({heading.level for heading in headings})[:3]:
        found: list[Section] = []
        for index, heading in enumerate(headings):
            kind = kind_of(heading.title) if heading.level == level else ""
            if kind:
                end = next((later.start for later in headings[index + 1 :] if later.level <= level), len(text))
                found.append(Section(heading.title, kind, heading.start, end))
        sizes = [len(text[section.start : section.end].split()) for section in found]
        large = [section for section, size in zip(found, sizes, strict=True) if size >= _MIN_WORDS]
        if len({section.kind for section in large}) >= 2 and sum(sizes) >= _COVERED * words:
            return tuple(found)
    return ()


def choose(text: str, kind: str) -> tuple[str, str]:
    """The part of the text that is the document of that kind, and its heading; the whole text and "" when it is one."""
    wanted = [section for section in documents(text) if section.kind == kind]
    if not wanted or sum(len(text[part.start : part.end].split()) for part in wanted) < _MIN_WORDS:
        return text, ""
    return "\n".join(text[section.start : section.end] for section in wanted), wanted[0].title


def cut(text: str, declared: HeadingRange) -> str:
    """The text from one heading up to another.

    Raises:
        ExtractionError: the first heading is not there.
    """
    headings = _headings(text)
    start = next((index for index, heading in enumerate(headings) if _fits(heading.title, declared.start)), None)
    if start is None:
        raise ExtractionError("heading-missing", f"the page has no heading {declared.start!r}")
    end = len(text)
    if declared.until:
        end = next((later.start for later in headings[start + 1 :] if _fits(later.title, declared.until)), end)
    return text[headings[start].start : end].rstrip("\n") + "\n"


def _fits(title: str, wanted: str) -> bool:
    return fold(title).strip(" :") == fold(wanted).strip(" :")


def _headings(text: str) -> list[_Heading]:
    found = []
    at = 0
    for line in text.split("\n"):
        if line[:1] == "#":
            marks, _, title = line.partition(" ")
            found.append(_Heading(len(marks), title, at))
        at += len(line) + 1
    return found
