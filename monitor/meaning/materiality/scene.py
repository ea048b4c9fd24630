"""What the two documents as wholes say: asked by the rules about one clause change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, repeat

from monitor.compare import Comparison, plain, renames
from monitor.meaning.materiality.figures import in_figures
from monitor.meaning.materiality.lexicon import Lexicon, lexicon, stems
from monitor.model import Clause

SENTENCE_END = re.compile(r"[.;:!?][\"'”’)\]*_ ]{0,5}$")
_NAME = re.compile(r"(?:(?<=[\w,;)&/] )|(?<=[\w,;)&/] [(“\"'‘]))[A-Z][\w.&'’-]*")
_INITIAL = re.compile(r"\b[A-Z][\w.&'’-]*")
_ALPHA = re.compile(r"[^\W\d_]+")
_FREE = re.compile(r"(?<![\w@./-])[^\W\d_]+(?![\w@/-]|\.\w)")  # no part of an address
_SEARCHED = 200_000_000  # letters; no document people read needs more, and a hostile one shall not take minutes
_SAMPLE = 150  # clauses of each side that are looked at for the vendor's own name
_OFTEN = 3
_MENU = 4  # lines that make a block
_LINKS = 0.3  # of them that read as links
_LINE = 400  # letters
TITLE = 0.6  # share of capitals
_CAPITALS = 0.8  # beyond that capitals tell no name


def loose(clause: Clause) -> bool:
    """Whether the clause is a line of its own that is no sentence and inherits nothing."""
    if clause.lead_in or clause.kind == "row":
        return False
    return len(clause.text) < _LINE and not SENTENCE_END.search(clause.text)


def capitals(clauses: Sequence[Clause | None], lex: Lexicon) -> frozenset[str]:
    """Stems of the words that are capitalised in the middle of a sentence."""
    found: set[str] = set()
    for clause in clauses:
        if clause and clause.kind in {"item", "row"}:  # an entry starts with the name it is about
            for match in _INITIAL.finditer(plain.visible(clause.text)):
                found.update(lex.uniform(plain.words(match.group())))
        elif clause and capitalised(clause.text) < _CAPITALS:
            for match in _NAME.finditer(plain.visible(clause.text)):
                found.update(lex.uniform(plain.words(match.group())))
    return frozenset(found)


def capitalised(text: str) -> float:
    """The share of the longer words that start with a capital."""
    words = [word for word in _ALPHA.findall(plain.visible(text)) if len(word) > 3]
    return sum(word[0].isupper() for word in words) / len(words) if words else 1.0


def _entry(clause: Clause) -> tuple[str, ...]:
    return (plain.key(clause.text), clause.lead_in, *clause.headings[-1:])


@dataclass(frozen=True)
class Cluster:
    """Changes side by side: telling stems of both sides, how many changes of each kind, all keys."""

    words: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    kinds: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)

    @cached_property
    def differing(self) -> tuple[str, ...]:
        """Stems that only one side has; asked when the cluster is complete."""
        old, new = self.words
        return tuple(sorted(old.keys() ^ new.keys()))

    @cached_property
    def total(self) -> int:
        """How many words both sides have."""
        return sum(words.total() for words in self.words)


@dataclass(frozen=True)
class Scene:
    """What the two documents as wholes say, asked by many cases.

    ``interpreted`` says whether the rules read the text's language; else every statement that changed counts.
    """

    comparison: Comparison
    interpreted: bool = True
    lex: Lexicon = field(default_factory=lexicon)

    @cached_property
    def keys(self) -> tuple[Counter[str], Counter[str]]:
        """All clause keys of both sides."""
        old, new = self._ordered
        return Counter(old), Counter(new)

    @cached_property
    def heads(self) -> frozenset[str]:
        """Texts of the rows that are heads of tables."""
        clauses = (*self.comparison.before, *self.comparison.after)
        return frozenset(clause.lead_in for clause in clauses if clause.kind == "row" and clause.lead_in)

    @cached_property
    def headings(self) -> frozenset[str]:
        """Keys of all headings of both sides."""
        clauses = (*self.comparison.before, *self.comparison.after)
        return frozenset(plain.key(clause.text) for clause in clauses if clause.kind == "heading")

    def says(self, words: Sequence[str], side: int, *, changed: bool = False) -> bool:
        """Whether that side has the words in a row, anywhere or (``changed``) in what came, went or was edited."""
        key = " ".join(words)
        if key in self.keys[side] and not changed:
            return True
        text = (self._changed if changed else self._texts)[side]
        return len(text) * len(self.comparison.changes) <= _SEARCHED and f" {key} " in text

    def stands(self, clause: Clause, side: int) -> bool:
        """Whether that side has the clause under the same heading and lead-in."""
        return _entry(clause) in self._entries[side]

    @cached_property
    def _entries(self) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
        return frozenset(map(_entry, self.comparison.before)), frozenset(map(_entry, self.comparison.after))

    @cached_property
    def _texts(self) -> tuple[str, str]:
        old, new = (" ".join(key for key in keys if key) for keys in self._ordered)
        return f" {old} ", f" {new} "

    @cached_property
    def _ordered(self) -> tuple[list[str], list[str]]:
        old, new = ([self.key(clause) for clause in side] for side in (self.comparison.before, self.comparison.after))
        return old, new

    def key(self, clause: Clause) -> str:
        """The clause's compared words, with document-wide renames carried out and numbers in figures."""
        return " ".join(in_figures(renames.apply(plain.key(clause.text), self.comparison.renames).split()))

    @cached_property
    def _changed(self) -> tuple[str, str]:
        olds, news = [], []
        for change in self.comparison.changes:
            if change.kind in {"removed", "reworded"}:
                olds += [self.key(clause) for clause in (change.before, *change.also_before) if clause]
            if change.kind in {"added", "reworded"}:
                news += [self.key(clause) for clause in (change.after, *change.also_after) if clause]
        return f" {' '.join(olds)} ", f" {' '.join(news)} "

    @cached_property
    def _grams(self) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
        """Runs of four words of each side → a clause that has them."""
        index: tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]] = ({}, {})
        for grams, keys in zip(index, self._ordered, strict=True):
            for n, key in enumerate(keys):
                words = key.split()
                grams.update(zip(zip(words, words[1:], words[2:], words[3:], strict=False), repeat(n)))
        return index

    def nearest(self, words: Sequence[str], side: int) -> tuple[frozenset[int], tuple[str, ...]]:
        """Which of the words that side says in the same runs of four, and its clause that has most of them."""
        grams = self._grams[side]
        hits = {
            at: grams[gram]
            for at, gram in enumerate(zip(words, words[1:], words[2:], words[3:], strict=False))
            if gram in grams
        }
        if not hits:
            return frozenset(), ()
        best, _ = Counter(hits.values()).most_common(1)[0]
        return frozenset(at + k for at in hits for k in range(4)), tuple(self._ordered[side][best].split())

    @cached_property
    def clusters(self) -> dict[int, Cluster]:
        """For each change (by ``id``) the run of changes around it that no unchanged clause interrupts."""
        lex, comparison = self.lex, self.comparison
        found: dict[int, Cluster] = {}
        places = [
            {clause.start: n for n, clause in enumerate(clauses)} for clauses in (comparison.before, comparison.after)
        ]
        last: list[int] = [-2, -2]
        cluster = Cluster()
        for change in comparison.changes:
            if change.kind == "moved":
                continue
            sides = ((change.before, *change.also_before), (change.after, *change.also_after))
            held = [[places[n][clause.start] for clause in side if clause] for n, side in enumerate(sides)]
            if not any(indices and indices[0] - last[n] <= 1 for n, indices in enumerate(held)):
                cluster = Cluster()
            cluster.kinds[change.kind] += 1
            for n, side in enumerate(sides):
                words = [word for clause in side if clause for word in plain.words(clause.text)]
                cluster.keys.add(" ".join(words))
                cluster.words[n].update(word for word in lex.uniform(words) if word not in lex.little)
                last[n] = held[n][-1] if held[n] else last[n]
            found[id(change)] = cluster
        return found

    @cached_property
    def own(self) -> frozenset[str]:
        """What the vendor calls itself: the words most often capitalised that are never written otherwise."""
        capital: Counter[str] = Counter()
        small: set[str] = set()
        for clause in (*self.comparison.before[:_SAMPLE], *self.comparison.after[:_SAMPLE]):
            for word in _FREE.findall(plain.visible(clause.text)):
                if word[0].isupper():
                    capital[word.casefold()] += 1
                else:
                    small.add(word)
        names = (
            (stem, count)
            for word, count in capital.most_common()
            if word not in small
            for stem in self.lex.uniform((word,))[:1]
            if stem not in self.lex.little and not self.lex.classes((stem,)) and not self.lex.named_places((stem,))
        )
        return frozenset(stem for stem, count in islice(names, 2) if count >= _OFTEN)

    @cached_property
    def menus(self) -> tuple[frozenset[int], frozenset[int]]:
        """Starts of the clauses of each side that stand in a menu, a footer or another block of links."""
        return self._menus(self.comparison.before), self._menus(self.comparison.after)

    def _menus(self, clauses: Sequence[Clause]) -> frozenset[int]:
        found: set[int] = set()
        run: list[Clause] = []
        for clause in (*clauses, None):
            if clause and loose(clause):
                run.append(clause)
                continue
            if len(run) >= _MENU and sum(map(self.links, run)) >= _LINKS * len(run):
                found.update(line.start for line in run)
            run = []
        return frozenset(found)

    def links(self, clause: Clause) -> bool:
        """Whether most of the line's telling words are those of menus and buttons."""
        bare = stems(plain.words(clause.text))
        covered = {n for start, end, _ in self.lex.navigation.find(bare) for n in range(start, end)}
        telling = [n for n, word in enumerate(bare) if word not in self.lex.little or n in covered]
        return bool(telling) and sum(n in covered for n in telling) >= 0.6 * len(telling)

    @cached_property
    def shared(self) -> frozenset[str]:
        """Stems of the words that both sides have."""
        old, new = (frozenset(self.lex.uniform(text.split())) for text in self._texts)
        return old & new
