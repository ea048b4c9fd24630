"""Whether a text shows the policy, or a wall, a login, an error or another page."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from monitor.model import Verdict, VerdictKind
from monitor.text.normalise import fold


@dataclass(frozen=True, slots=True)
class Measures:
    """What a verdict is judged by."""

    words: int
    markers: int  # how many different phrases of a policy it holds
    kept: float | None  # share of the previous version's clauses that are still there; None without one
    links_per_word: float
    shell: bool  # nothing but scripts


@cache
def _knowledge() -> dict[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath("walls.toml").read_text("utf-8"))


def judge(text: str, measures: Measures, *, title: str = "") -> Verdict:
    """The verdict on a normalised text."""
    key = fold(title + "\n" + text[:6000])
    if measures.words == 0:
        return Verdict("script-shell" if measures.shell else "empty", "the page holds no text", "no-words")
    if measures.words < 600:
        for wall in _knowledge()["wall"]:  # type: ignore[attr-defined] - checked by a test of the data file
            if all(phrase in key for phrase in wall["phrases"]):
                kind: VerdictKind = wall["kind"]
                return Verdict(kind, wall["reason"], wall["id"])
    if measures.shell and measures.words < 60:
        return Verdict("script-shell", "the page is an empty shell that scripts would fill", "script-shell")
    if measures.words < 40 and measures.markers < 2:
        return Verdict("stub", f"the page holds only {measures.words} words", "few-words")
    return Verdict("policy")


def markers(text: str) -> int:
    """How many different phrases that policies use stand in the text."""
    key = fold(text[:200_000])
    return sum(bool(re.search(rf"\b{phrase}", key)) for phrase in _knowledge()["markers"]["en"])  # type: ignore[index] - checked by a test of the data file
