"""A piece of policy text as words with their places, and the terms of the lexicon found in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter

from rapidfuzz.distance import Levenshtein

from monitor.meaning.contractions import spoken
from monitor.meaning.lexicon import Mention, lexicon
from monitor.model import Clause

_LINK_TARGET = re.compile(r"\]\([^()\n]{0,2000}(?:\([^()\n]{0,300}\)[^()\n]{0,300})?\)")
_TAG = re.compile(r"<[a-zA-Z/][^<>\n]{0,500}>")
_EMAIL = re.compile(r"[\w.+%-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,5}")
_HIDDEN = re.compile(r"\[?\[?e-?mail[ \u00a0]?protected\]?\]?", re.IGNORECASE)  # an address hidden from robots
_URL = re.compile(r"\b(?:https?://|www\.)[^\s|<>\"\])]{1,2000}")
_WORD = re.compile(r"U\.S\.A?\.?|U\.K\.|E\.U\.|[eE]-mails?|[^\W_]+(?:['’][a-zA-Z]{1,3})?")
_BREAK = re.compile(r"[;:.!?|•(]|\s[–—-]\s")
# "US" is no "us", and "U.S." is one word.
_COUNTRIES = {"US": "usa", "U.S.": "usa", "U.S.A.": "usa", "U.S.A": "usa", "U.S": "usa", "U.K.": "uk", "E.U.": "eu"}
_OPENERS = frozenset(
    {"but", "however", "although", "though", "while", "whereas", "instead", "rather", "yet", "because"}
)
_MODALS = frozenset(
    {"may", "might", "can", "could", "will", "would", "must", "shall", "do", "does", "we", "they", "you", "our", "it"}
)
_VERBS = _MODALS | {"use", "collect", "share", "sell", "have", "are", "also"}
_FIRST = attrgetter("first")
_APOSTROPHE = str.maketrans("’", "'")


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of a text, folded, each with its place.

    ``breaks`` are the words before which a new part of speech begins; ``parts`` are these and the words with which a
    new statement begins, in order.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # of the words, in ``text``
    breaks: frozenset[int]
    parts: tuple[int, ...]
    mentions: tuple[Mention, ...]
    by: dict[str, tuple[Mention, ...]] = field(default_factory=dict, repr=False)  # mentions by class and by group

    def of(self, *names: str) -> tuple[Mention, ...]:
        """Mentions of these classes, or of these groups when a name has no dot, in order."""
        if len(names) == 1:
            return self.by.get(names[0], ())
        found = [one for name in names for one in self.by.get(name, ())]
        return tuple(sorted(set(found), key=lambda one: (one.first, one.last))) if found else ()

    def within(self, name: str, first: int, last: int) -> tuple[Mention, ...]:
        """Mentions of a class, or of a group when the name has no dot, that begin in a range of words (half-open)."""
        found = self.by.get(name, ())
        return found[bisect_left(found, first, key=_FIRST) : bisect_left(found, last, key=_FIRST)]

    def has(self, *names: str) -> bool:
        """Whether there is any such mention."""
        return any(name in self.by for name in names)

    def say(self, first: int, last: int) -> str:
        """The literal text from one word to another (half-open)."""
        if first >= last:
            return ""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where in the text a range of words stands."""
        if not self.spans:
            return 0, 0
        return self.spans[first][0], self.spans[min(last, len(self.spans)) - 1][1]


def mask(text: str) -> str:
    """The text with link targets, addresses and tags blanked out, every other character at its place."""
    for pattern, needle in ((_HIDDEN, "protected"), (_LINK_TARGET, "]("), (_TAG, "<"), (_URL, ""), (_EMAIL, "@")):
        if needle in text:
            text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


@lru_cache(maxsize=20_000)
def read(text: str) -> Reading:
    """The reading of a text."""
    masked = mask(text)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(masked):
        word = match.group().lower().translate(_APOSTROPHE)
        if "'" in word or word == "cannot":
            written_out = spoken(word)
            if written_out:
                words += written_out
                spans += [match.span()] * len(written_out)
                continue
        if match.group() in _COUNTRIES:
            word = _COUNTRIES[match.group()]
        elif word.startswith("e-mail"):
            word = "email"
        elif word.endswith("'s") and word not in {"child's", "children's", "user's", "device's"}:
            word = word[:-2]
        words.append(word)
        spans.append(match.span())
    breaks = set()
    for n in range(1, len(words)):
        if _BREAK.search(masked, spans[n - 1][1], spans[n][0]):
            breaks.add(n)
    parts = tuple(n for n in range(len(words)) if n in breaks or _opens(text, words, spans, n))
    mentions = lexicon().find(words)
    by: dict[str, list[Mention]] = {}
    for one in mentions:
        by.setdefault(one.name, []).append(one)
        if one.group != one.name:
            by.setdefault(one.group, []).append(one)
    grouped = {name: tuple(found) for name, found in by.items()}
    return Reading(text, tuple(words), tuple(spans), frozenset(breaks), parts, mentions, grouped)


def _opens(text: str, words: Sequence[str], spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a new statement begins at a word."""
    if words[at] in _OPENERS:
        return True
    if at and words[at - 1] in {"and", "or", "so", "then"} and words[at] in _MODALS:
        return words[at] in {"we", "they", "you", "it", "our"} or at + 1 >= len(words) or words[at + 1] != "not"
    comma = at > 0 and words[at] in {"we", "you", "they"} and text.startswith(",", spans[at - 1][1], spans[at][0])
    return comma and at + 1 < len(words) and words[at + 1] in _VERBS


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a clause change: its clauses read as one text, and which words the other side has not."""

    clauses: tuple[Clause, ...]
    reading: Reading
    fresh: frozenset[int] = frozenset()  # words that stand on this side only

    @property
    def clause(self) -> Clause:
        """The first clause."""
        return self.clauses[0]

    def at(self, place: int) -> tuple[Clause, int]:
        """The clause that holds a place of the joined text, and the offset at which that clause begins there."""
        begin = 0
        for clause in self.clauses:
            if place <= begin + len(clause.text):
                return clause, begin
            begin += len(clause.text) + 1
        return self.clauses[-1], begin - len(self.clauses[-1].text) - 1

    def is_fresh(self, first: int, last: int) -> bool:
        """Whether any word of a range stands on this side only."""
        return any(n in self.fresh for n in range(first, last))


def alone(clauses: Sequence[Clause]) -> Side:
    """A side that has no other: every word is fresh."""
    reading = read(" ".join(clause.text for clause in clauses))
    return Side(tuple(clauses), reading, frozenset(range(len(reading.words))))


def sides(olds: Sequence[Clause], news: Sequence[Clause]) -> tuple[Side, Side]:
    """Both sides of an edit; a word is fresh when the other side has none for it, compared without markup and case.

    Computed here and not taken from the word difference that people see: that one strikes out equal words between large
    edits to be readable.
    """
    old = read(" ".join(clause.text for clause in olds))
    new = read(" ".join(clause.text for clause in news))
    gone: set[int] = set()
    came: set[int] = set()
    for op in Levenshtein.opcodes(old.words, new.words):
        if op.tag != "equal":
            gone.update(range(op.src_start, op.src_end))
            came.update(range(op.dest_start, op.dest_end))
    return Side(tuple(olds), old, frozenset(gone)), Side(tuple(news), new, frozenset(came))


_TITLE = 10  # words of a line without an end that may be a title
_ENDS = ".!?:;,)]”\"'"


def titled(clauses: Sequence[Clause]) -> bool:
    """Whether this is a title, or a short line that reads as one: it states nothing but whom or what it is about."""
    text = clauses[0].text.rstrip(" *_")
    if len(clauses) > 1 or clauses[0].kind not in {"heading", "sentence"}:
        return False
    return clauses[0].kind == "heading" or (len(text.split()) <= _TITLE and text[-1:] not in _ENDS)
