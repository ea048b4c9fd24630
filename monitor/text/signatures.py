"""``walls.toml``, read and checked once: signatures of walls, advertising, and what policies say of themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, get_args

from monitor.model import VerdictKind


@dataclass(frozen=True, slots=True)
class Signature:
    """Phrases by which one kind of page is known."""

    id: str
    kind: VerdictKind
    reason: str
    words: int  # a longer page is none of these
    any: tuple[str, ...]
    all: tuple[str, ...]
    begins: tuple[str, ...]  # as good as one of ``any``, but only where the title or one of the first lines begins
    markers_below: int

    def fits(self, key: str, first: Sequence[str], words: int, markers: int) -> bool:
        """Whether a page of that folded text, first lines, length and number of markers is one of these."""
        return (
            words <= self.words
            and markers < self.markers_below
            and (
                any(_stands(phrase, key) for phrase in self.any) or any(line.startswith(self.begins) for line in first)
            )
            and all(_stands(phrase, key) for phrase in self.all)
        )


def _stands(phrase: str, key: str) -> bool:
    """Whether the phrase stands in the text; a number in it is a whole one: "error 500" is not in "error 5001"."""
    if phrase not in key:
        return False
    if not (phrase[0].isdigit() or phrase[-1].isdigit()):
        return True
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", key) is not None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data file."""

    version: int
    signatures: tuple[Signature, ...]
    spam: tuple[str, ...]
    spam_words: frozenset[str]  # a text without any of these holds none of the phrases
    spam_often: tuple[str, ...]  # words that are advertising when they come again and again
    markers: Mapping[str, Mapping[str, tuple[str, ...]]]  # by group of kinds, then language
    longest: int  # no signature fits a page with more words


@cache
def knowledge() -> Knowledge:
    """What ``walls.toml`` says. A mistake in the file is a bug: it raises ValueError."""
    data = tomllib.loads(resources.files(__package__).joinpath("walls.toml").read_text("utf-8"))
    signatures = tuple(_signature(row) for row in data["signature"])
    return Knowledge(
        version=data["version"],
        signatures=signatures,
        spam=tuple(data["spam"]["phrases"]),
        spam_words=frozenset(data["spam"]["words"].split()),
        spam_often=tuple(data["spam"]["often"]),
        markers={
            group: {code: tuple(phrases) for code, phrases in lists.items()} for group, lists in data["markers"].items()
        },
        longest=max(signature.words for signature in signatures),
    )


def _signature(row: dict[str, Any]) -> Signature:
    kind: VerdictKind = row["kind"]
    if kind not in get_args(VerdictKind):
        raise ValueError(f"walls.toml: {row['id']}: no such verdict: {kind}")
    return Signature(
        id=row["id"],
        kind=kind,
        reason=row["reason"],
        words=row["words"],
        any=tuple(row["any"]),
        all=tuple(row.get("all", ())),
        begins=tuple(row.get("begins", ())),
        markers_below=row.get("markers_below", 9),
    )
