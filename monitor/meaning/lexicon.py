"""Terms of the data files, compiled once, and found in a row of words in time linear in its length.

A term is looked up by its first word only, so what a word costs does not depend on how many terms there are. How
terms are
written stands at the top of ``data/words_data.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from monitor.meaning.contractions import spoken
from monitor.meaning.knowledge import read

FILES = ("words_data", "words_use", "words_topics")
_GROUPED = re.compile(r"\(([^()]{1,900})\)(\?)?")
_NUMBER = frozenset(
    (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty ninety hundred twenty-four"
    ).split()
)
# Words that tell nothing about what a clause is about.
LITTLE = frozenset(
    (
        "that this these those with from into such other also which what when where while your ours their "
        "them they have been being were does will would could should about above below please further "
        "additionally furthermore moreover however finally make sure ensure certain various including "
        "include includes example following accordance respective applicable section policy notice "
        "statement page website site more most than then there here each every some very well information "
        "data personal service services the and for you our are was has had not may can its any all but "
        "shall how who why she him her his out use via per let way visit click here link contact learn read see "
        "find know want need like able order available regarding relating related"
    ).split()
)
_MAX_EXPANSIONS = 400  # of one term; a file that wants more is wrong


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a term: any of these words, or any word with one of these beginnings; or up to ``gap`` words."""

    words: frozenset[str]
    stems: tuple[str, ...]
    optional: bool = False
    gap: int = 0
    number: bool = False


@dataclass(slots=True)
class Node:
    """A place in the tree of all terms: what may come next, and the term that is complete here."""

    words: dict[str, list[Node]] = field(default_factory=dict)
    stems: dict[str, list[tuple[str, Node]]] = field(default_factory=dict)  # by their first three letters
    numbers: list[Node] = field(default_factory=list)
    gaps: list[tuple[int, Node]] = field(default_factory=list)
    complete: list[tuple[int, str, str]] = field(default_factory=list)  # rank, class and its group
    made: dict[Element, Node] = field(default_factory=dict)

    def step(self, word: str) -> list[Node]:
        """The places that are reached by a word."""
        found = self.words.get(word, _NOWHERE)
        for size in (3, 2):
            stems = self.stems.get(word[:size]) if len(word) >= size else None
            if stems:
                found = [*found, *(node for stem, node in stems if word.startswith(stem))]
        if self.numbers and (word[0].isdigit() or word in _NUMBER):
            found = [*found, *self.numbers]
        return found

    def add(self, elements: tuple[Element, ...], rank: int, name: str) -> None:
        """Put a term, or what is left of it, below this place."""
        if not elements:
            self.complete.append((rank, name, name.partition(".")[0]))
            return
        first, rest = elements[0], elements[1:]
        if first.optional:
            self.add(rest, rank, name)
        node = self.made.get(first)
        if node is None:
            node = self.made[first] = Node()
            if first.gap:
                self.gaps.append((first.gap, node))
            for word in first.words:
                self.words.setdefault(word, []).append(node)
            for stem in first.stems:
                self.stems.setdefault(stem[:3], []).append((stem, node))
            if first.number:
                self.numbers.append(node)
        node.add(rest, rank, name)


_NOWHERE: list[Node] = []


class Mention(NamedTuple):
    """A term found: its class, the half-open range of words it covers, and its group (the class up to the dot)."""

    name: str
    first: int
    last: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All terms as one tree."""

    root: Node

    def find(self, words: Sequence[str]) -> tuple[Mention, ...]:
        """The terms in a row of words, in order; inside a group what a longer term covers is left out."""
        best: dict[tuple[int, str], tuple[int, int, str]] = {}
        for at, word in enumerate(words):
            for node in _starting(word):
                for end, (rank, name, group) in _ends(node, words, at + 1):
                    key = (at, group)
                    known = best.get(key)
                    if known is None or end > known[0] or (end == known[0] and rank < known[1]):
                        best[key] = (end, rank, name)
        found: list[Mention] = []
        reach: dict[str, int] = {}
        for (at, group), (end, _, name) in best.items():  # in order of the words, as they were put in
            if at >= reach.get(group, 0):
                reach[group] = end
                if not name.endswith("none"):
                    found.append(Mention(name, at, end, group))
        return tuple(found)


def _ends(node: Node, words: Sequence[str], at: int) -> Iterator[tuple[int, tuple[int, str, str]]]:
    """Every term that is complete below a place, with the index after its last word."""
    for complete in node.complete:
        yield at, complete
    if at < len(words) and (node.words or node.stems or node.numbers):
        for following in node.step(words[at]):
            yield from _ends(following, words, at + 1)
    for gap, following in node.gaps:
        for skipped in range(gap + 1):
            if at + skipped < len(words):
                for after in following.step(words[at + skipped]):
                    yield from _ends(after, words, at + skipped + 1)


def _spelt(text: str) -> list[str]:
    """The words of a place; a star inside a word stands for what spellings differ in: "organi*ation", "behavio*r"."""
    parts: list[str] = []
    for part in text.split("|"):
        at = part[:-1].find("*")
        if at < 0:
            parts.append(part)
        else:
            letters = ("", "u") if part[at - 1] == "o" else ("s", "z")
            parts += (part[:at] + letter + part[at + 1 :] for letter in letters)
    return parts


@cache
def _element(text: str) -> Element:
    optional = text.endswith("?")
    text = text.removesuffix("?")
    if text.startswith("..") and text[2:].isdigit():
        return Element(frozenset(), (), gap=int(text[2:]))
    words: set[str] = set()
    stems: list[str] = []
    number = False
    for part in _spelt(text):
        if part == "#":
            number = True
        elif part.endswith("*"):
            stems.append(part[:-1])
        elif part.startswith("="):
            words.add(part[1:])
        else:
            words |= {part, f"{part}s"} if part.isalpha() and len(part) > 2 and not part.endswith("s") else {part}
    return Element(frozenset(words), tuple(stems), optional=optional, number=number)


def expand(term: str) -> list[str]:
    """A term without groups of several words: one row for each way to read them."""
    parts: list[list[str]] = []
    last = 0
    for match in _GROUPED.finditer(term):
        parts.append([term[last : match.start()]])
        options = [option.strip() for option in match.group(1).split("|")]
        if any(" " in option for option in options):
            parts.append([*options, *([""] if match.group(2) else [])])
        else:
            parts.append(["|".join(options) + (match.group(2) or "")])
        last = match.end()
    parts.append([term[last:]])
    rows = [" ".join(" ".join(row).split()) for row in product(*parts)]
    if len(rows) > _MAX_EXPANSIONS:
        raise ValueError(f"{term!r} stands for {len(rows)} terms")
    return rows


def entries(text: str) -> list[str]:
    """The terms of one key, between commas and line ends (commas inside groups do not occur)."""
    return [entry.strip() for line in text.splitlines() for entry in line.split(",") if entry.strip()]


@cache
def lexicon() -> Lexicon:
    """The lexicon of all files."""
    root = Node()
    rank = 0
    for name, text in _classes():
        for entry in entries(text):
            for row in expand(entry):
                rank += 1
                parts = [said for part in row.split() for said in (spoken(part) or (part,))]
                root.add(tuple(_element(part) for part in parts), rank, name)
    return Lexicon(root)


def _classes() -> Iterator[tuple[str, str]]:
    """Every class with its terms; each disclosure is a group of its own, so that none hides another."""
    for file in FILES:
        yield from read(file)["terms"].items()
    data = read("transparency")
    for row in data["disclosure"]:
        yield f"{row['id'].replace('.', '-')}.disclosure", row.get("terms", "")
    yield "vague", data["vague"]["terms"]


@lru_cache(maxsize=65_536)
def _starting(word: str) -> tuple[Node, ...]:
    return tuple(lexicon().root.step(word))
