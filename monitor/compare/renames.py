"""Terms that the new text replaces everywhere: found first, so that a renamed product does not rewrite every clause."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

Rename = tuple[str, str]
_LEAST = 3  # clauses in which the substitution is seen
_LONGEST = 4  # words a side
_CARRIED_THROUGH = 0.6  # share of the old term's occurrences that are gone


@lru_cache(maxsize=1)
def _never() -> frozenset[str]:
    source = files("monitor.compare").joinpath("renames.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(source)["never"].split())


def find(
    pairs: Iterable[tuple[Sequence[str], Sequence[str]]], before: Sequence[str], after: Sequence[str]
) -> tuple[Rename, ...]:
    """Substitutions seen in at least three of the edited clauses and carried through the document.

    Args:
        pairs: the words of each edited clause, before and after.
        before: the keys of all clauses of the old text.
        after: those of the new text.
    """
    seen: Counter[Rename] = Counter()
    for old, new in pairs:
        seen.update(set(_substitutions(old, new)))
    found: dict[str, str] = {}
    for (old_term, new_term), count in seen.most_common():
        if count < _LEAST:
            break
        if old_term in found or new_term in found:
            continue
        had, has = _occurrences(old_term, before), _occurrences(old_term, after)
        came = _occurrences(new_term, after) - _occurrences(new_term, before)
        if had - has >= max(_LEAST, _CARRIED_THROUGH * had) and came >= _LEAST:
            found[old_term] = new_term
    return tuple(found.items())


def _occurrences(term: str, keys: Sequence[str]) -> int:
    return sum(f" {key} ".count(f" {term} ") for key in keys if term in key)


def _substitutions(old: Sequence[str], new: Sequence[str]) -> list[Rename]:
    found: list[Rename] = []
    runs: list[tuple[int, int, int, int]] = []
    for op in Levenshtein.opcodes(old, new):
        if op.tag == "equal":
            continue
        if runs and runs[-1][1] == op.src_start and runs[-1][3] == op.dest_start:
            # one word for three is a replacement and an insertion side by side
            runs[-1] = (runs[-1][0], op.src_end, runs[-1][2], op.dest_end)
        else:
            runs.append((op.src_start, op.src_end, op.dest_start, op.dest_end))
    for start, end, start_new, end_new in runs:
        left, right = old[start:end], new[start_new:end_new]
        if not left or not right:
            continue
        if len(left) <= _LONGEST and len(right) <= _LONGEST and all(map(_nameable, (*left, *right))):
            found.append((" ".join(left), " ".join(right)))
    return found


def _nameable(word: str) -> bool:
    return word not in _never() and "@" not in word and not any(map(str.isdigit, word))


def apply(key: str, renames: Sequence[Rename]) -> str:
    """The key with every old term put as the new one."""
    if not renames:
        return key
    longest_first = sorted((old for old, _ in renames), key=len, reverse=True)
    pattern = re.compile(r"(?<!\S)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\S)")
    table = dict(renames)
    return pattern.sub(lambda match: table[match.group()], key)
