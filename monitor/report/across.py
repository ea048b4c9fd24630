"""What several vendors changed in the same month: by topic, and the same new wording found and grouped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from monitor.model import Assessment, ClauseChange
from monitor.report.anchors import anchor, words_of
from monitor.report.views import ChangeLine
from monitor.report.wording import SEVERITY_RANK

_SHINGLE = 5
_LEAST_WORDS = 9
_ALIKE = 82.0  # of 100: a few words may differ in a sentence
_COMMON = 40  # a run of words found in more clauses than this says nothing about where it came from


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as one change brought it."""

    line: ChangeLine
    text: str

    @property
    def place(self) -> str:
        """Its anchor on the page of its change."""
        return anchor("a", self.text)


@dataclass(frozen=True, slots=True)
class Told:
    """What one change contributes to the view across vendors: its new wordings, and its findings by family."""

    line: ChangeLine
    wordings: tuple[Wording, ...] = ()
    findings: tuple[tuple[str, str, str], ...] = ()  # family, direction, summary; gravest first

    def of(self, family: str) -> tuple[tuple[str, str], ...]:
        """Direction and summary of the findings of one family."""
        return tuple((direction, summary) for name, direction, summary in self.findings if name == family)


def told(line: ChangeLine, assessment: Assessment | None) -> Told:
    """What a change contributes; nothing when it is not substantive."""
    if assessment is None or line.change.materiality != "substantive":
        return Told(line)
    findings = sorted(assessment.findings, key=lambda finding: -SEVERITY_RANK[finding.severity])
    said = tuple((finding.family, finding.direction, finding.summary) for finding in findings)
    return Told(line, new_wordings(line, assessment.clauses), said)


@dataclass(frozen=True, slots=True)
class SharedWording:
    """The same new wording at several vendors; ``text`` is the shortest form of it."""

    text: str
    uses: tuple[tuple[ChangeLine, str], ...]  # with the anchor of the clause


def new_wordings(line: ChangeLine, clauses: Iterable[ClauseChange]) -> tuple[Wording, ...]:
    """What a change newly says in its own words: added and reworded clauses that are long enough to be recognised."""
    return tuple(
        Wording(line, change.after.text)
        for change in clauses
        if change.kind in {"added", "reworded"}
        and change.materiality == "substantive"
        and change.after
        and len(words_of(change.after.text).split()) >= _LEAST_WORDS
    )


def shared_wordings(wordings: Sequence[Wording]) -> tuple[SharedWording, ...]:
    """Groups of wordings that are the same or nearly so at two vendors or more, most vendors first.

    Vendors' own names do not count as a difference. Runs of five words are compared, and only wordings that share a
    rare one are looked at together, so that the work grows with what is alike and not with the square of everything.
    """
    keys = [_key(wording) for wording in wordings]
    shingles = [_shingles(key) for key in keys]
    holders: dict[int, list[int]] = defaultdict(list)
    for number, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(number)
    parent = list(range(len(wordings)))

    def top(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    seen: set[tuple[int, int]] = set()
    for group in holders.values():
        if not 1 < len(group) <= _COMMON:
            continue
        for first, second in pairwise(group):
            pair = (first, second)
            if pair in seen or wordings[first].line.change.key.vendor == wordings[second].line.change.key.vendor:
                continue
            seen.add(pair)
            if fuzz.ratio(keys[first], keys[second], score_cutoff=_ALIKE):
                parent[top(second)] = top(first)
    by_key: dict[str, int] = {}
    for number, key in enumerate(keys):  # the same to the word, however common its runs of words are
        if key in by_key:
            parent[top(number)] = top(by_key[key])
        else:
            by_key[key] = number
    return _groups(wordings, [top(number) for number in range(len(wordings))])


def _groups(wordings: Sequence[Wording], tops: Sequence[int]) -> tuple[SharedWording, ...]:
    groups: dict[int, list[Wording]] = defaultdict(list)
    for wording, number in zip(wordings, tops, strict=True):
        groups[number].append(wording)
    made = []
    for group in groups.values():
        uses = {wording.line.change.id: (wording.line, wording.place) for wording in group}
        if len({line.change.key.vendor for line, _ in uses.values()}) > 1:
            ordered = sorted(uses.values(), key=lambda use: use[0].change.at)
            made.append(SharedWording(min((w.text for w in group), key=len), tuple(ordered)))
    return tuple(sorted(made, key=lambda group: -len({line.change.key.vendor for line, _ in group.uses})))


def _key(wording: Wording) -> str:
    text = words_of(wording.text)
    for name in (wording.line.vendor_name, wording.line.change.key.vendor):
        own = words_of(name)
        if own:
            text = re.sub(rf"\b{re.escape(own)}\b", "@", text)
    return text


def _shingles(key: str) -> frozenset[int]:
    words = key.split()
    return frozenset(hash(tuple(words[n : n + _SHINGLE])) for n in range(max(1, len(words) - _SHINGLE + 1)))
