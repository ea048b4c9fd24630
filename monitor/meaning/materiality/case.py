"""One clause change as the rules see it: its words, what was taken out and put in, and where it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat

from monitor.compare import Comparison, plain, renames
from monitor.meaning.materiality.lexicon import Lexicon, lexicon, stem, stems
from monitor.model import Clause, ClauseChange

_NUMERIC_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}-\d{2}-\d{2}")
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_EMAIL = re.compile(r"[\w.+%-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,5}")
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()  # noqa: SIM905 - reads as words
    )
} | {"thirty": "30", "sixty": "60", "ninety": "90", "forty-five": "45", "twenty-four": "24", "hundred": "100"}
_UNITS = {form: unit for unit in ("minute", "hour", "day", "week", "month", "year") for form in (unit, f"{unit}s")}
_REFERENCE = frozenset(
    "section sections clause paragraph page step part chapter annex appendix table figure footnote no".split()
)  # noqa: SIM905


_ENDS = re.compile(r"[.;:!?][\"'”’)\]*_ ]{0,5}$")
_PERSON = frozenset(("we", "you", "us", "i", "they"))
_NAME = re.compile(r"(?:[\w,;)&/] |[\w,;)&/] ?[(“\"'‘])([A-Z][\w.&'’-]*)")
_ALPHA = re.compile(r"[^\W\d_]+")
_SEARCHED = 200_000_000  # letters; no document people read needs more, and a hostile one shall not take minutes
_MENU = 4  # lines that make a block
_LINKS = 0.3  # of them that read as links


@dataclass(frozen=True, slots=True)
class Side:
    """The words of one side of a change."""

    words: tuple[str, ...]
    dates: frozenset[int]  # places of words that belong to a date

    @classmethod
    def of(cls, words: tuple[str, ...], lex: Lexicon) -> Side:
        """The side with its dates found."""
        return cls(words, frozenset(_dates(words, lex)))

    @property
    def undated(self) -> tuple[str, ...]:
        """The words that belong to no date."""
        return tuple(word for n, word in enumerate(self.words) if n not in self.dates)


def _dates(words: Sequence[str], lex: Lexicon) -> set[int]:
    found: set[int] = set()
    for n, word in enumerate(words):
        if _NUMERIC_DATE.fullmatch(word):
            found.add(n)
        elif word in lex.months:
            near = [m for m in (n - 2, n - 1, n + 1, n + 2) if 0 <= m < len(words)]
            parts = [m for m in near if _YEAR.fullmatch(words[m]) or (abs(m - n) == 1 and _DAY.fullmatch(words[m]))]
            if parts and (word not in {"may", "march", "mar"} or any(_YEAR.fullmatch(words[m]) for m in parts)):
                found.update({n, *parts})
        elif _YEAR.fullmatch(word):
            found.add(n)
    return found


@dataclass(frozen=True)
class Case:
    """A change together with all that the rules ask about it."""

    change: ClauseChange
    scene: Scene

    @cached_property
    def before(self) -> Side:
        """The old words, with document-wide renames carried out."""
        return self._side((self.change.before, *self.change.also_before), old=True)

    @cached_property
    def after(self) -> Side:
        """The new words."""
        return self._side((self.change.after, *self.change.also_after), old=False)

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

    def _side(self, clauses: Sequence[Clause | None], *, old: bool) -> Side:
        key = " ".join(plain.key(clause.text) for clause in clauses if clause)
        if old:
            key = renames.apply(key, self.scene.comparison.renames)
        return Side.of(_figured(key.split()), self.scene.lex)

    @cached_property
    def title(self) -> bool:
        """Whether this is a heading, or a line that reads as one: short, no end of a sentence, no verb of ours or yours."""
        clause = self.clause
        if clause.kind == "heading":
            return True
        words = self.present.words
        if clause.kind != "sentence" or not loose(clause) or _PERSON & set(words):
            return False
        return len(words) <= 8 or (len(words) <= 25 and capitalised(clause.text) >= 0.6)

    def states(self, stems: Sequence[str]) -> float:
        """How much the words state about people's data; 1 is a statement."""
        lex = self.scene.lex
        telling = {name for name in lex.classes(stems) if name.partition(".")[0] in lex.states}
        return sum(0.4 if name in lex.weak else 1.0 for name in telling)

    def speaks(self, stems: Sequence[str]) -> bool:
        """Whether the words state a practice, right, duty, recipient or contact."""
        return self.states(stems) >= 1

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
            _capitals((change.before, *change.also_before), self.scene.lex),
            _capitals((change.after, *change.also_after), self.scene.lex),
        )

    @cached_property
    def context(self) -> tuple[str, ...]:
        """Stems of the lead-in and of the nearest heading, which an item or row inherits."""
        clause = self.clause
        words = plain.words(clause.lead_in) if clause.lead_in else ()
        if clause.headings:
            words += plain.words(clause.headings[-1])
        return self.scene.lex.uniform(words)


def _figured(words: Sequence[str]) -> tuple[str, ...]:
    """The words with numbers in figures; one that is given both ways is given once."""
    found: list[str] = []
    for n, word in enumerate(words):
        value = _NUMBER_WORDS.get(word)
        if value is None or value in {"0", "1"}:
            if not (
                n and word.isdigit() and _NUMBER_WORDS.get(words[n - 1]) == word and value is None and found[-1] == word
            ):
                found.append(word)
        else:
            found.append(value)
    return tuple(found)


def numbers(words: Sequence[str]) -> Counter[str]:
    """Numbers that say something, digits and words alike.

    References to sections, file sizes and counts that tick up by themselves ("our 842 partners") are left out.
    """
    lex = lexicon()
    found: Counter[str] = Counter()
    reference = False
    for n, word in enumerate(words):
        value = _NUMBER_WORDS.get(word, word)
        following = words[n + 1] if n + 1 < len(words) else ""
        if not value[0].isdigit() or "@" in value:
            reference = word in _REFERENCE or (reference and word in {"and", "or", "to", "through"})
            continue
        if reference or following in lex.file or (n == 0 and "." in value and value.replace(".", "").isdigit()):
            continue
        if len(value) > 1 and value.isdigit() and int(value) >= 20 and stem(following) in lex.counts:  # noqa: PLR2004 - "under 18 users" is an age
            continue
        if word in _NUMBER_WORDS and (value in {"0", "1"} and following not in _UNITS):
            continue  # "one of them"
        found[_measure(value.replace(",", ""), words[n + 1 : n + 3])] += 1
    return found


def _measure(value: str, following: Sequence[str]) -> str:
    """The number with its unit of time, in the largest unit that fits: twenty-four months are two years."""
    unit = next((_UNITS[word] for word in following if word in _UNITS), "")
    if not unit or not value.isdigit():
        return value
    count = int(value)
    for small, size, large in (("hour", 24, "day"), ("month", 12, "year")):
        if unit == small and count and count % size == 0:
            count, unit = count // size, large
    return f"{count} {unit}"


def emails(words: Sequence[str]) -> frozenset[str]:
    """E-mail addresses; a hidden one equals any and is left out."""
    return frozenset(word for word in words if _EMAIL.fullmatch(word))


def loose(clause: Clause) -> bool:
    """Whether the clause is a line of its own that is no sentence and inherits nothing."""
    if clause.lead_in or clause.kind == "row":
        return False
    return len(clause.text) < 400 and not _ENDS.search(clause.text)


def _capitals(clauses: Sequence[Clause | None], lex: Lexicon) -> frozenset[str]:
    found: set[str] = set()
    for clause in clauses:
        if clause and capitalised(clause.text) < 0.6:
            for match in _NAME.finditer(plain.visible(clause.text)):
                found.update(lex.uniform(plain.words(match.group(1))))
    return frozenset(found)


def capitalised(text: str) -> float:
    """The share of the longer words that start with a capital."""
    words = [word for word in _ALPHA.findall(plain.visible(text)) if len(word) > 3]
    return sum(word[0].isupper() for word in words) / len(words) if words else 1.0


@dataclass(frozen=True)
class Cluster:
    """Changes side by side: telling stems of both sides, and how many changes of each kind."""

    words: tuple[Counter[str], Counter[str]] = field(default_factory=lambda: (Counter(), Counter()))
    kinds: Counter[str] = field(default_factory=Counter)

    @cached_property
    def differing(self) -> Counter[str]:
        """Stems that one side has more often than the other; asked when the cluster is complete."""
        old, new = self.words
        return (old - new) + (new - old)

    @cached_property
    def total(self) -> int:
        """How many words both sides have."""
        return sum(words.total() for words in self.words)


@dataclass(frozen=True)
class Scene:
    """What the two documents as wholes say, asked by many cases."""

    comparison: Comparison
    lex: Lexicon = field(default_factory=lexicon)

    @cached_property
    def keys(self) -> tuple[Counter[str], Counter[str]]:
        """All clause keys of both sides."""
        terms = self.comparison.renames
        return (
            Counter(renames.apply(plain.key(clause.text), terms) for clause in self.comparison.before),
            Counter(plain.key(clause.text) for clause in self.comparison.after),
        )

    @cached_property
    def headings(self) -> frozenset[str]:
        """Keys of all headings of both sides."""
        clauses = (*self.comparison.before, *self.comparison.after)
        return frozenset(plain.key(clause.text) for clause in clauses if clause.kind == "heading")

    def says(self, words: Sequence[str], side: int, *, changed: bool = False) -> bool:
        """Whether that side has the words in a row, anywhere or (``changed``) in what was taken away, added or edited."""
        key = " ".join(words)
        if key in self.keys[side] and not changed:
            return True
        text = (self._changed if changed else self._texts)[side]
        return len(text) * len(self.comparison.changes) <= _SEARCHED and f" {key} " in text

    @cached_property
    def _texts(self) -> tuple[str, str]:
        old, new = (" ".join(key for key in keys if key) for keys in self._ordered)
        return f" {old} ", f" {new} "

    @cached_property
    def _ordered(self) -> tuple[list[str], list[str]]:
        terms = self.comparison.renames
        return (
            [renames.apply(plain.key(clause.text), terms) for clause in self.comparison.before],
            [plain.key(clause.text) for clause in self.comparison.after],
        )

    @cached_property
    def _changed(self) -> tuple[str, str]:
        olds, news = [], []
        for change in self.comparison.changes:
            if change.kind in {"removed", "reworded"}:
                olds += [plain.key(clause.text) for clause in (change.before, *change.also_before) if clause]
            if change.kind in {"added", "reworded"}:
                news += [plain.key(clause.text) for clause in (change.after, *change.also_after) if clause]
        terms = self.comparison.renames
        return f" {renames.apply(' '.join(olds), terms)} ", f" {' '.join(news)} "

    @cached_property
    def _grams(self) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
        """Runs of four words of each side → a clause that has them."""
        index: tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]] = ({}, {})
        for grams, keys in zip(index, self._ordered, strict=True):
            for n, key in enumerate(keys):
                words = key.split()
                grams.update(zip(zip(words, words[1:], words[2:], words[3:], strict=False), repeat(n)))  # noqa: B905 - repeat has no end
        return index

    def nearest(self, words: Sequence[str], side: int) -> tuple[frozenset[int], tuple[str, ...]]:
        """Which of the words that side says in the same runs of four, and the words of its clause that has most of them."""
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
                cluster.words[n].update(word for word in lex.uniform(words) if word not in lex.little)
                last[n] = held[n][-1] if held[n] else last[n]
            found[id(change)] = cluster
        return found

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
