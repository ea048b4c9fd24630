"""What two texts have in common and where they differ, clause by clause; not yet what that means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.compare import align, plain, renames
from monitor.compare.words import diff_words
from monitor.model import Clause, ClauseChange
from monitor.text.segment import segment


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts, aligned.

    ``same`` holds index pairs of clauses that say the same in the same words (after ``renames``), moved ones included.
    Every clause that has words is in ``same``, in one of ``changes``, or part of text that was only divided otherwise
    (``reflowed``: indices of such clauses of both sides).
    """

    before: tuple[Clause, ...]
    after: tuple[Clause, ...]
    changes: tuple[ClauseChange, ...]  # in the order of the new text, removed ones at their place
    renames: tuple[tuple[str, str], ...] = ()  # folded terms (old, new), replaced in the whole document
    same: tuple[tuple[int, int], ...] = ()
    reflowed: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


def compare(before: str, after: str) -> Comparison:
    """How the clauses of two normalised texts correspond, with moves told from edits, splits and merges joined.

    Pure; equal texts give no changes.
    """
    old, new = segment(before), segment(after)
    if before == after:
        return Comparison(old, new, (), same=tuple((i, i) for i, clause in enumerate(old) if plain.key(clause.text)))
    old_keys = [plain.key_of(clause) for clause in old]
    new_keys = [plain.key_of(clause) for clause in new]
    alignment = _Alignment.of(old_keys, new_keys)
    edited = ((old_keys[i].split(), new_keys[j].split()) for i, j in alignment.edited)
    terms = renames.find(edited, old_keys, new_keys)
    if terms:
        # on both sides: a clause that keeps the old term is still the same clause
        old_keys = [renames.apply(key, terms) for key in old_keys]
        new_keys = [renames.apply(key, terms) for key in new_keys]
        alignment = _Alignment.of(old_keys, new_keys)
    changes = _Reading(old, new, old_keys, new_keys, alignment, terms).changes()
    return Comparison(
        old,
        new,
        changes,
        terms,
        tuple(alignment.same),
        (tuple(sorted(alignment.reflowed[0])), tuple(sorted(alignment.reflowed[1]))),
    )


@dataclass(frozen=True, slots=True)
class _Alignment:
    """Index pairs of equal and of edited clauses, and clauses that were only divided otherwise."""

    same: list[align.Pair]
    ordered: list[align.Pair]  # those of ``same`` that did not move
    edited: list[align.Pair]
    reflowed: tuple[list[int], list[int]]
    free: tuple[list[int], list[int]]  # what has no counterpart

    @classmethod
    def of(cls, old: Sequence[str], new: Sequence[str]) -> _Alignment:
        """The alignment of two texts' keys; clauses without words (pictures, rules) take no part."""
        same = align.exact(old, new)
        ordered = align.increasing(same)
        used_old, used_new = {i for i, _ in same}, {j for _, j in same}
        left = {i: key for i, key in enumerate(old) if key and i not in used_old}
        right = {j: key for j, key in enumerate(new) if key and j not in used_new}
        reflowed = align.reflowed(left, right, ordered)
        for taken, side in zip(reflowed, (left, right), strict=True):
            for index in taken:
                del side[index]
        edited = align.hidden(left, right)
        for i, j in edited:
            del left[i], right[j]
        similar = align.similar(left, right, ordered) if left and right else []
        for i, j in similar:
            del left[i], right[j]
        return cls(same, ordered, edited + similar, reflowed, (list(left), list(right)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One alignment on its way to clause changes."""

    old: tuple[Clause, ...]
    new: tuple[Clause, ...]
    old_keys: list[str]
    new_keys: list[str]
    alignment: _Alignment
    terms: tuple[tuple[str, str], ...]  # renamed throughout

    def changes(self) -> tuple[ClauseChange, ...]:
        """All changes, each at its place in the new text."""
        edited, (free_old, free_new) = self.alignment.edited, self.alignment.free
        also_old = align.parts(edited, self.old_keys, self.new_keys, free_old, side=0)
        also_new = align.parts(edited, self.old_keys, self.new_keys, free_new, side=1)
        placed: list[tuple[float, int, ClauseChange]] = []
        for i, j in edited:
            lefts = sorted([i, *(n for n, host in also_old.items() if host == i)])
            rights = sorted([j, *(n for n, host in also_new.items() if host == j)])
            if plain.letters(self.old_keys[n] for n in lefts) == plain.letters(self.new_keys[n] for n in rights):
                self.alignment.reflowed[0].extend(lefts)
                self.alignment.reflowed[1].extend(rights)
            else:
                placed.append((rights[0], 0, self._reworded(lefts, rights)))
        ordered = set(self.alignment.ordered)
        placed.extend(
            (j, 0, ClauseChange("moved", self.old[i], self.new[j]))
            for i, j in self.alignment.same
            if (i, j) not in ordered or self._in_another_list(i, j)
        )
        placed.extend((j, 0, ClauseChange("added", None, self.new[j])) for j in free_new if j not in also_new)
        backbone = align.increasing(sorted([*self.alignment.ordered, *edited]))
        firsts = [i for i, _ in backbone]
        for i in free_old:
            if i not in also_old:
                at = bisect_left(firsts, i)
                place = backbone[at - 1][1] + 0.5 if at else -0.5
                placed.append((place, i, ClauseChange("removed", self.old[i], None)))
        placed.sort(key=lambda item: item[:2])
        return tuple(change for _, _, change in placed)

    def _in_another_list(self, i: int, j: int) -> bool:
        """Whether an item that kept its place stands under a sentence that is another one, not the same put otherwise.

        The sentence that introduces the next list may have passed it: "We do not collect:" came to stand above it.
        """
        old, new = self.old[i], self.new[j]
        if old.lead_in == new.lead_in or old.kind != "item" or not old.lead_in or not new.lead_in:
            return False
        was, now = (renames.apply(plain.key(clause.lead_in), self.terms) for clause in (old, new))
        if was.endswith(now) or now.endswith(was):
            return False
        return not any(self.old_keys[a] in was and self.new_keys[b] in now for a, b in self.alignment.edited)

    def _reworded(self, lefts: list[int], rights: list[int]) -> ClauseChange:
        olds = tuple(self.old[n] for n in lefts)
        news = tuple(self.new[n] for n in rights)
        return ClauseChange(
            "reworded",
            olds[0],
            news[0],
            diff_words(" ".join(clause.text for clause in olds), " ".join(clause.text for clause in news)),
            olds[1:],
            news[1:],
        )
