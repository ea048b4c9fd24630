"""One clause change as the rules see it: its words, what was taken out and put in, and where it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.compare import plain, renames
from monitor.meaning.materiality.figures import dates, in_figures
from monitor.meaning.materiality.lexicon import stems
from monitor.meaning.materiality.scene import TITLE, Scene, capitalised, capitals, loose
from monitor.model import Clause, ClauseChange

_PERSON = frozenset(("we", "you", "us", "i", "they"))
SPEAKS = 0.8  # two common things together ("use", "email address") already do
_RUN = re.compile(r"(?<![\w&'’-])[A-Z][\w&'’-]*(?: [A-Z][\w&'’-]*){1,6}")


@dataclass(frozen=True, slots=True)
class Side:
    """The words of one side of a change."""

    words: tuple[str, ...]
    dates: frozenset[int]  # places of words that belong to a date

    @classmethod
    def of(cls, words: tuple[str, ...]) -> Side:
        """The side with its dates found."""
        return cls(words, dates(words))

    @property
    def undated(self) -> tuple[str, ...]:
        """The words that belong to no date."""
        return tuple(word for n, word in enumerate(self.words) if n not in self.dates)


@dataclass(frozen=True)
class Case:
    """A change together with all that the rules ask about it."""

    change: ClauseChange
    scene: Scene

    @cached_property
    def before(self) -> Side:
        """The old words, with document-wide renames carried out, as in the new ones."""
        return self._side((self.change.before, *self.change.also_before))

    @cached_property
    def after(self) -> Side:
        """The new words."""
        return self._side((self.change.after, *self.change.also_after))

    @property
    def present(self) -> Side:
        """The words of the side that exists, the new one first."""
        return self.after if self.change.after else self.before

    @property
    def clause(self) -> Clause:
        """The clause itself, the new one first."""
        clause = self.change.after or self.change.before
        assert clause is not None
        return clause

    def _side(self, clauses: Sequence[Clause | None]) -> Side:
        key = " ".join(plain.key(clause.text) for clause in clauses if clause)
        return Side.of(in_figures(renames.apply(key, self.scene.comparison.renames).split()))

    @cached_property
    def title(self) -> bool:
        """Whether this is a heading, the head of a table, or a short line that reads as one: no end, no "we"."""
        clause = self.clause
        if clause.kind == "heading" or (clause.kind == "row" and clause.text in self.scene.heads):
            return True
        words = self.present.words
        if clause.kind != "sentence" or not loose(clause) or _PERSON & set(words):
            return False
        return len(words) <= 8 or (len(words) <= 25 and capitalised(clause.text) >= TITLE)

    def states(self, stems: Sequence[str]) -> float:
        """How much the words state about people's data; 0.8 is a statement."""
        lex = self.scene.lex
        telling = {name for name in lex.classes(stems) if name.partition(".")[0] in lex.states}
        return sum(0.4 if name in lex.weak else 1.0 for name in telling)

    def speaks(self, stems: Sequence[str]) -> bool:
        """Whether the words state a practice, right, duty, recipient or contact."""
        return self.states(stems) >= SPEAKS

    @cached_property
    def stems(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Both sides as stems with synonyms made uniform, without dates."""
        return self.scene.lex.uniform(self.before.undated), self.scene.lex.uniform(self.after.undated)

    @cached_property
    def edit(self) -> tuple[Counter[str], Counter[str]]:
        """Stems taken out and put in, wherever they stand in the clause, little words and links left out."""
        ours, theirs = Counter(self.stems[0]), Counter(self.stems[1])
        return self._telling(ours - theirs), self._telling(theirs - ours)

    def _telling(self, counted: Counter[str]) -> Counter[str]:
        return Counter(
            {word: n for word, n in counted.items() if word not in self.scene.lex.little and word != plain.LINK}
        )

    @cached_property
    def names(self) -> tuple[frozenset[str], frozenset[str]]:
        """Stems of the words that are capitalised in the middle of a sentence, before and after."""
        change = self.change
        return (
            capitals((change.before, *change.also_before), self.scene.lex),
            capitals((change.after, *change.also_after), self.scene.lex),
        )

    def no_recipient(self, words: Collection[str]) -> bool:
        """Whether each word stands in a run of capitals with the vendor's own name or with what pages are called."""
        change, scene = self.change, self.scene
        known = scene.own | scene.lex.pages
        runs: set[str] = set()
        for clause in (change.before, *change.also_before, change.after, *change.also_after):
            for match in _RUN.finditer(plain.visible(clause.text) if clause else ""):
                bare = stems(plain.words(match.group()))
                if known.intersection(bare):
                    runs.update(bare)
                    runs.update(scene.lex.uniform(plain.words(match.group())))
        return runs.issuperset(words)

    @cached_property
    def context(self) -> tuple[str, ...]:
        """Stems of the lead-in and of the nearest heading, which an item or row inherits."""
        clause = self.clause
        words = plain.words(clause.lead_in) if clause.lead_in else ()
        if clause.headings:
            words += plain.words(clause.headings[-1])
        return self.scene.lex.uniform(words)
