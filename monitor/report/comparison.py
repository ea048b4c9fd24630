"""Two texts laid out as rows: what changed stands open, what did not is folded, nothing is left out unsaid.

The clause changes say what differs; the two lists of clauses say where. The new text gives the order; clauses that are
gone from it stand after the unchanged clause that preceded them in the old text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.model import Clause, ClauseChange, Quote, WordDiff
from monitor.report.anchors import Anchors

RowKind = Literal["added", "removed", "reworded", "moved-here", "moved-away"]

CONTEXT = 1  # unchanged clauses left open before and after a change
PAGE_LIMIT = 3_600_000  # characters of text on one page, so that it stays below 5 MB with its markup
LEAST_FOLDED = 200_000  # of them for unchanged text, however much changed; what is beyond is counted and linked
ROW_COST = 420  # bytes of markup round a changed clause


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row: the literal text in parts (``""`` plain, ``-`` struck, ``+`` added) and the place's name."""

    anchor: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One changed clause. ``link`` is the anchor of the other end of a move.

    ``inline`` is the whole word difference in one, where enough words stayed for it to be readable.
    """

    kind: RowKind
    before: Cell | None
    after: Cell | None
    materiality: str
    reason: str
    link: str = ""
    inline: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One unchanged clause; ``anchor`` only where a finding quotes it."""

    text: str
    kind: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged clauses in a row. Open ones are the context of a change; ``left_out`` counts those not on the page."""

    lines: tuple[Line, ...]
    open: bool
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many clauses it stands for."""
        return len(self.lines) + self.left_out


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading path; the path is () before the first heading."""

    path: tuple[str, ...]
    items: tuple[Row | Fold, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole layout. ``places`` names, for a quotation's side and start, the anchor where it stands."""

    sections: tuple[Section, ...]
    rows: int
    unchanged: int
    left_out: int  # changed clauses that are not on the page because it would be too large
    places: dict[tuple[str, int], str] = field(default_factory=dict)

    def place(self, side: Literal["before", "after"], quote: Quote | None) -> str:
        """The anchor of the clause that a finding quotes, "" when it is not on the page."""
        return self.places.get((side, quote.start), "") if quote else ""


def compare_pages(
    before: Sequence[Clause],
    after: Sequence[Clause],
    changes: Sequence[ClauseChange],
    quotes: Iterable[tuple[Literal["before", "after"], Quote]] = (),
) -> Comparison:
    """The layout of two texts' clauses and what differs between them.

    Args:
        before: All clauses of the old text, in order.
        after: All clauses of the new text, in order.
        changes: The clause changes between them; each appears exactly once (a move at both ends).
        quotes: Quotations of findings, whose places are wanted.
    """
    return _Layout(before, after, changes, tuple(quotes)).build()


class _Layout:
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
        self.changed_size = 0
        self.left_out = 0

    def build(self) -> Comparison:
        for number, change in enumerate(self.changes):
            self._own(self.owner_before, self.before, self.before_starts, number, (change.before, *change.also_before))
            self._own(self.owner_after, self.after, self.after_starts, number, (change.after, *change.also_after))
        slots = self._slots()
        quoted = {self._index("after", quote) for side, quote in self.quotes if side == "after"}
        quoted |= self._mapped({self._index("before", quote) for side, quote in self.quotes if side == "before"})
        stream: list[tuple[tuple[str, ...], Row | Line]] = [(self._path(n), self._row(n, "away")) for n in slots[-1]]
        shown: set[int] = set()
        line_anchor: dict[int, str] = {}
        for index, clause in enumerate(self.after):
            owner = self.owner_after.get(index)
            if owner is None:
                name = self.anchors.give("a", clause.text) if index in quoted else ""
                line_anchor[index] = name
                stream.append((self._under(clause), Line(clause.text, clause.kind, name)))
            elif owner not in shown:
                shown.add(owner)
                stream.append((self._under(clause), self._row(owner, "here")))
            stream.extend((self._path(n), self._row(n, "away")) for n in slots.get(index, ()))
        missing = [n for n, change in enumerate(self.changes) if n not in shown and change.kind != "removed"]
        stream.extend((self.changes[n].section, self._row(n, "here")) for n in missing)
        return self._fold(stream, self._places(line_anchor))

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
        from monitor.compare.align import exact, increasing

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

    def _places(self, line_anchor: dict[int, str]) -> dict[tuple[str, int], str]:
        places: dict[tuple[str, int], str] = {}
        to_after = dict(self.pairs)
        for side, quote in self.quotes:
            index = self._index(side, quote)
            number = (self.owner_before if side == "before" else self.owner_after).get(index)
            if number is not None:
                places[side, quote.start] = self._cell(number, side).anchor
            else:
                places[side, quote.start] = line_anchor.get(to_after.get(index, -1) if side == "before" else index, "")
        return places

    def _fold(self, stream: list[tuple[tuple[str, ...], Row | Line]], places: dict[tuple[str, int], str]) -> Comparison:
        is_row = [isinstance(item, Row) for _, item in stream]
        near = _near(is_row)
        sections: list[tuple[tuple[str, ...], list[Row | Fold]]] = []
        run: list[Line] = []
        run_open = False
        folded = changed = left_out = rows = unchanged = 0
        costs = [_cost(item) for _, item in stream if isinstance(item, Row)]
        room = max(LEAST_FOLDED, PAGE_LIMIT - sum(costs))

        def close() -> None:
            nonlocal run, folded
            if not run:
                return
            size = sum(len(line.text) + 10 for line in run)
            keep = run_open or folded + size <= room
            folded += size if keep else 0
            kept = run if keep else [line for line in run if line.anchor]
            sections[-1][1].append(Fold(tuple(kept), run_open, len(run) - len(kept)))
            run = []

        for at, (path, item) in enumerate(stream):
            opens = isinstance(item, Line) and item.kind == "heading" and not item.anchor
            if isinstance(item, Line) and opens:
                path = (*path, item.text.strip("*_: "))  # noqa: PLW2901 - a heading opens its own section
            if not sections or sections[-1][0] != path:
                opens_row = is_row[at] or near[at]
                if sections and not opens_row and run and not run_open:
                    pass  # folded text runs on under its first heading; only what is open needs its own
                else:
                    close()
                    sections.append((path, []))
            if isinstance(item, Row):
                close()
                rows += 1
                changed += _cost(item)
                if changed > PAGE_LIMIT - LEAST_FOLDED:
                    left_out += 1
                    continue
                sections[-1][1].append(item)
            else:
                unchanged += 1
                if run and run_open != near[at]:
                    close()
                run_open = near[at]
                if not (opens and run_open):  # it stands there as the section's title
                    run.append(item)
        if sections:
            close()
        made = tuple(Section(path, tuple(items)) for path, items in sections if items)
        return Comparison(made, rows, unchanged, left_out, places)


def _cost(row: Row) -> int:
    """About how many bytes a changed row takes on the page."""
    cells = [cell.parts for cell in (row.before, row.after) if cell]
    return ROW_COST + sum(len(text) for parts in (*cells, row.inline) for _, text in parts)


def _near(is_row: list[bool]) -> list[bool]:
    """Whether a changed row stands within CONTEXT places of each place."""
    near = [False] * len(is_row)
    for at, row in enumerate(is_row):
        if row:
            for other in range(max(0, at - CONTEXT), min(len(is_row), at + CONTEXT + 1)):
                near[other] = True
    return near


def _inline(change: ClauseChange) -> tuple[tuple[str, str], ...]:
    """The word difference, when at least two fifths of its words are common to both texts."""
    same = sum(len(piece) for op, piece in change.words if op == "=")
    if change.kind != "reworded" or 5 * same < 2 * sum(len(piece) for op, piece in change.words if op != "+"):
        return ()
    return tuple(("" if op == "=" else op, piece) for op, piece in change.words)


def _parts(text: str, words: WordDiff, mine: Literal["-", "+"]) -> tuple[tuple[str, str], ...]:
    """One side of a word difference, or the whole text when the difference does not give this text."""
    parts = tuple(("" if op == "=" else op, piece) for op, piece in words if op in {"=", mine} and piece)
    if parts and "".join(piece for _, piece in parts).split() == text.split():
        return parts
    return (("", text),)
