"""The two versions as wholes: what else each of them says, so that what is only said again is not taken for new."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from monitor.compare import Comparison, plain
from monitor.meaning.context import context
from monitor.meaning.practices import practices
from monitor.meaning.reading import read
from monitor.meaning.scene import Practice
from monitor.model import Clause, Polarity

_LOOKED_AT = 12  # clauses with the same words that are read; more would not change the answer
_MENTIONED = 0.8  # weight of a practice that a clause mentions
_ABOUT = 1.4  # weight of a practice that a clause is about
_SMALL = 300  # words of a text whose length says nothing
_BULK = 1.9  # ratio of lengths from which a text was captured otherwise, more often than not
_AUTHORS = 3  # acts that are told of a company, from which it is the one whose policy this is
_DOES = re.compile(
    r" (\w{2,40}) (?:(?:may|will|can|also|does|not) ){0,3}"
    r"(?=(?:collects?|uses?|process|processes|shares?|discloses?|stores?|retains?|keeps?|provides?) )"
)
_NOT_WORD = re.compile(r"[^\w']+")


@dataclass(frozen=True)
class Text:
    """One version: its clauses, and their words in one row."""

    clauses: tuple[Clause, ...]

    @cached_property
    def _keys(self) -> list[str]:
        return [f" {plain.key(clause.text).replace('-', ' ')} " for clause in self.clauses]

    @cached_property
    def row(self) -> str:
        """All words of all clauses, folded, a line for each clause."""
        return "\n".join(self._keys)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for key in self._keys:
            starts.append(at)
            at += len(key) + 1
        return starts

    def holding(self, words: str) -> list[Clause]:
        """The first clauses that hold these words."""
        found: list[Clause] = []
        wanted = f" {_NOT_WORD.sub(' ', words.lower()).strip()}"
        at = self.row.find(wanted)
        while at >= 0 and len(found) < _LOOKED_AT:
            clause = self.clauses[bisect_right(self._starts, at) - 1]
            if not found or found[-1] is not clause:
                found.append(clause)
            at = self.row.find(wanted, at + 1)
        return found

    def has(self, words: str) -> bool:
        """Whether the words stand anywhere."""
        return f" {_NOT_WORD.sub(' ', words.lower()).strip()} " in self.row

    @cached_property
    def _authors(self) -> frozenset[str]:
        """The words by which the text calls those who wrote it: what it says again and again that they do."""
        said = Counter(_DOES.findall(self.row))
        return frozenset(word for word, times in said.items() if times >= _AUTHORS)

    def own(self, name: str) -> bool:
        """Whether a name of several words is that of something of the authors' own: "Acme Cloud" where Acme writes."""
        first, _, more = name.lower().partition(" ")
        return bool(more) and first in self._authors

    @cached_property
    def keys(self) -> frozenset[tuple[str, Polarity]]:
        """Every label with its polarity that some clause is about."""
        return frozenset(one.key for clause in self.clauses for one in practices_of(clause) if one.weight >= _ABOUT)

    @cached_property
    def size(self) -> int:
        """The number of words."""
        return self.row.count(" ")

    def states(self, label: str, polarity: Polarity, terms: Sequence[str]) -> bool:
        """Whether some clause states this label with one of these terms."""
        return any(
            one.key == (label, polarity) and one.weight >= _MENTIONED and term in one.terms
            for term in dict.fromkeys(terms)
            for clause in self.holding(term)
            for one in practices_of(clause)
        )


def practices_of(clause: Clause) -> tuple[Practice, ...]:
    """The practices of a clause where it stands."""
    return practices(read(clause.text), context(clause))


@dataclass(frozen=True)
class World:
    """Both versions."""

    comparison: Comparison
    foreign: bool = False  # the texts are in a language the rules cannot read
    old: Text = field(init=False)
    new: Text = field(init=False)

    @property
    def grown(self) -> str:
        """The word "added" when the later text is so much longer that most of it is hardly new.

        "removed" the other way round.
        """
        if min(self.old.size, self.new.size) < _SMALL:
            return ""
        if self.new.size > _BULK * self.old.size:
            return "added"
        return "removed" if self.old.size > _BULK * self.new.size else ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "old", Text(self.comparison.before))
        object.__setattr__(self, "new", Text(self.comparison.after))
