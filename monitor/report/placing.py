"""Where clauses that changed stand among those that did not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from monitor.compare.align import exact, increasing
from monitor.model import Clause, ClauseChange, Quote, WordDiff
from monitor.report.anchors import Anchors
from monitor.report.folding import Item
from monitor.report.rows import Cell, Line, Parts, Row, RowKind


class Placing:
    """Finds for every change its place in the order of the new text, and for every place its name."""

    def __init__(
        self,
        before: Sequence[Clause],
        after: Sequence[Clause],
        changes: Sequence[ClauseChange],
        quotes: tuple[tuple[Literal["before", "after"], Quote], ...],
    ) -> None:
        self.before, self.after, self.changes, self.quotes = before, after, changes, quotes
        self.pairs: list[tuple[int, int]] = []
        self.before_starts = [clause.start for clause in before]
        self.after_starts = [clause.start for clause in after]
        self.anchors = Anchors()
        self.owner_before: dict[int, int] = {}  # index of a clause → index of the change it is part of
        self.owner_after: dict[int, int] = {}
        self.cells: dict[tuple[str, int], Cell] = {}
        self.line_anchor: dict[int, str] = {}

    def stream(self) -> list[Item]:
        """Rows and unchanged clauses from top to bottom; called once."""
        for number, change in enumerate(self.changes):
            self._own(self.owner_before, self.before, self.before_starts, number, (change.before, *change.also_before))
            self._own(self.owner_after, self.after, self.after_starts, number, (change.after, *change.also_after))
        slots = self._slots()
        quoted = {self._index("after", quote) for side, quote in self.quotes if side == "after"}
        quoted |= self._mapped({self._index("before", quote) for side, quote in self.quotes if side == "before"})
        stream: list[Item] = [(self._path(n), self._row(n, "away")) for n in slots[-1]]
        shown: set[int] = set()
        for index, clause in enumerate(self.after):
            owner = self.owner_after.get(index)
            if owner is None:
                name = self.anchors.give("a", clause.text) if index in quoted else ""
                self.line_anchor[index] = name
                stream.append((self._under(clause), Line(clause.text, clause.kind, name)))
            elif owner not in shown:
                shown.add(owner)
                stream.append((self._under(clause), self._row(owner, "here")))
            stream.extend((self._path(n), self._row(n, "away")) for n in slots.get(index, ()))
        missing = [n for n, change in enumerate(self.changes) if n not in shown and change.kind != "removed"]
        stream.extend((self.changes[n].section, self._row(n, "here")) for n in missing)
        return stream

    def _own(
        self,
        owners: dict[int, int],
        clauses: Sequence[Clause],
        starts: list[int],
        number: int,
        parts: Iterable[Clause | None],
    ) -> None:
        for part in parts:
            if part is None:
                continue
            at = max(0, bisect_right(starts, part.start) - 1)
            while at < len(clauses) and clauses[at].start < part.end:
                if clauses[at].end > part.start:
                    owners.setdefault(at, number)
                at += 1

    def _pairs(self) -> list[tuple[int, int]]:
        """Unchanged and reworded clauses of both sides that stand for each other, in order on both sides."""
        left = [i for i in range(len(self.before)) if i not in self.owner_before]
        right = [j for j in range(len(self.after)) if j not in self.owner_after]
        if len(left) == len(right):  # the usual case; document-wide renames do not disturb it
            pairs = list(zip(left, right, strict=True))
        else:
            found = exact([self.before[i].text for i in left], [self.after[j].text for j in right])
            pairs = [(left[i], right[j]) for i, j in found]
        first: dict[int, int] = {}
        for j, number in self.owner_after.items():
            first.setdefault(number, j)
        pairs += [
            (i, first[number])
            for i, number in self.owner_before.items()
            if number in first and self.changes[number].kind == "reworded"
        ]
        return increasing(sorted(pairs))

    def _slots(self) -> dict[int, list[int]]:
        """Changes that leave the old text, by the index in the new text they stand after; -1: before everything.

        Under -2 stand the changes that have no place in the new text at all.
        """
        self.pairs = self._pairs()
        places = [i for i, _ in self.pairs]
        slots: dict[int, list[int]] = defaultdict(list)
        done: set[int] = set()
        for index in range(len(self.before)):
            number = self.owner_before.get(index)
            if number is None or number in done:
                continue
            if self.changes[number].kind not in {"removed", "moved"}:
                continue
            done.add(number)
            at = bisect_left(places, index) - 1
            slots[self.pairs[at][1] if at >= 0 else -1].append(number)
        for number, change in enumerate(self.changes):
            if change.kind == "removed":
                slots[-2].append(number)
                if number not in done:  # not found in the old text's clauses: at the end rather than nowhere
                    slots[len(self.after) - 1].append(number)
        slots.setdefault(-1, [])
        slots.setdefault(-2, [])
        return slots

    def _index(self, side: Literal["before", "after"], quote: Quote) -> int:
        return max(0, bisect_right(self.before_starts if side == "before" else self.after_starts, quote.start) - 1)

    def _mapped(self, indices: set[int]) -> set[int]:
        to_after = dict(self.pairs)
        return {to_after[i] for i in indices if i in to_after}

    def _path(self, number: int) -> tuple[str, ...]:
        change = self.changes[number]
        return change.before.headings if change.before else change.section

    @staticmethod
    def _under(clause: Clause) -> tuple[str, ...]:
        return clause.headings

    def _row(self, number: int, end: Literal["here", "away"]) -> Row:
        change = self.changes[number]
        moved: RowKind = "moved-here" if end == "here" else "moved-away"
        kind: RowKind = moved if change.kind == "moved" else change.kind
        before = self._cell(number, "before") if change.before and kind != "moved-here" else None
        after = self._cell(number, "after") if change.after and kind != "moved-away" else None
        other = ""
        if change.kind == "moved":
            other = self._cell(number, "before" if end == "here" else "after").anchor
        return Row(kind, before, after, change.materiality, change.reason, other, _inline(change))

    def _cell(self, number: int, side: Literal["before", "after"]) -> Cell:
        known = self.cells.get((side, number))
        if known:
            return known
        change = self.changes[number]
        main, also = (change.before, change.also_before) if side == "before" else (change.after, change.also_after)
        clauses = [clause for clause in (main, *also) if clause]
        text = " ".join(clause.text for clause in clauses)
        cell = Cell(self.anchors.give(side[0], text), _parts(text, change.words, "-" if side == "before" else "+"))
        self.cells[side, number] = cell
        return cell

    def places(self) -> dict[tuple[str, int], str]:
        """Where each quotation stands: the anchor, by side and start."""
        places: dict[tuple[str, int], str] = {}
        to_after = dict(self.pairs)
        for side, quote in self.quotes:
            index = self._index(side, quote)
            number = (self.owner_before if side == "before" else self.owner_after).get(index)
            if number is not None:
                places[side, quote.start] = self._cell(number, side).anchor
            else:
                places[side, quote.start] = self.line_anchor.get(
                    to_after.get(index, -1) if side == "before" else index, ""
                )
        return places

    def marked(self) -> dict[tuple[str, int, int], Parts]:
        """Quotations from reworded clauses in parts, by side, start and end."""
        marked: dict[tuple[str, int, int], Parts] = {}
        for side, quote in self.quotes:
            number = (self.owner_before if side == "before" else self.owner_after).get(self._index(side, quote))
            if number is None or not self.changes[number].words:
                continue
            change = self.changes[number]
            clause = change.before if side == "before" else change.after
            if clause and clause.start <= quote.start and quote.end <= clause.end:
                parts = self._cell(number, side).parts
                found = _slice(parts, quote.start - clause.start, quote.end - clause.start)
                if "".join(piece for _, piece in found) == quote.quote:
                    marked[side, quote.start, quote.end] = found
        return marked


def _inline(change: ClauseChange) -> tuple[tuple[str, str], ...]:
    """The word difference, when at least two fifths of its words are common to both texts."""
    same = sum(len(piece) for op, piece in change.words if op == "=")
    if change.kind != "reworded" or 5 * same < 2 * sum(len(piece) for op, piece in change.words if op != "+"):
        return ()
    return tuple(("" if op == "=" else op, piece) for op, piece in change.words)


def _slice(parts: Parts, start: int, end: int) -> Parts:
    """The parts between two places of the text they make."""
    made: list[tuple[str, str]] = []
    at = 0
    for op, piece in parts:
        part = piece[max(0, start - at) : max(0, end - at)]
        if part:
            made.append((op, part))
        at += len(piece)
    return tuple(made)


def _parts(text: str, words: WordDiff, mine: Literal["-", "+"]) -> tuple[tuple[str, str], ...]:
    """One side of a word difference, or the whole text when the difference does not give this text."""
    parts = tuple(("" if op == "=" else op, piece) for op, piece in words if op in {"=", mine} and piece)
    if parts and "".join(piece for _, piece in parts).split() == text.split():
        return parts
    return (("", text),)
