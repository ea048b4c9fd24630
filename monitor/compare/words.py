"""Word differences that people can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import Levenshtein

from monitor.model import WordDiff

if TYPE_CHECKING:
    from diff_match_patch import diff_match_patch

# Addresses, decimals and contractions stay whole: half a word struck out is unreadable.
_TOKEN = re.compile(r"\w+(?:[.,@'’&/:-]\w+)*|[^\w\s]")
_LIMIT = 4_000  # words a side; beyond that (no clause of a policy) the middle is shown as replaced
Part = tuple[Literal["=", "-", "+"], str]


@lru_cache(maxsize=1)
def _cleaner() -> diff_match_patch:
    from diff_match_patch import diff_match_patch

    return diff_match_patch()


def diff_words(before: str, after: str) -> WordDiff:
    """What was struck out and put in, in whole words, without crumbs of equal words between large edits.

    Returns:
        Parts ``("=" | "-" | "+", text)``; without "+" they concatenate to ``before``, without "-" to ``after``.
    """
    old, old_gaps = _split(before)
    new, new_gaps = _split(after)
    writer = _Writer()
    i = j = 0
    for op, count in _runs(old, new):
        for _ in range(count):
            if op == "=":
                writer.equal(old_gaps[i], new_gaps[j], old[i])
            elif op == "-":
                writer.put("-", old_gaps[i] + old[i])
            else:
                writer.put("+", new_gaps[j] + new[j])
            i += op != "+"
            j += op != "-"
    writer.equal(old_gaps[-1], new_gaps[-1], "")
    return writer.parts()


class _Writer:
    """Collects parts: one strike and one insertion between two equal runs, in that order."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._kept: list[str] = []
        self._struck: list[str] = []
        self._put_in: list[str] = []

    def put(self, op: Literal["-", "+"], text: str) -> None:
        if self._kept:
            self._flush()
        (self._struck if op == "-" else self._put_in).append(text)

    def equal(self, old_gap: str, new_gap: str, word: str) -> None:
        """An equal word; the white space before it may differ."""
        if old_gap != new_gap:
            self.put("-", old_gap)
            self.put("+", new_gap)
            old_gap = ""
        if old_gap or word:
            if self._struck or self._put_in:
                self._flush()
            self._kept += (old_gap, word)

    def parts(self) -> WordDiff:
        self._flush()
        return tuple(self._parts)

    def _flush(self) -> None:
        op: Literal["=", "-", "+"]
        for op, buffer in (("=", self._kept), ("-", self._struck), ("+", self._put_in)):
            text = "".join(buffer)
            buffer.clear()
            if text:
                self._parts.append((op, text))


def _split(text: str) -> tuple[list[str], list[str]]:
    """The words of a text and the white space before each of them, with that after the last one at the end."""
    tokens: list[str] = []
    gaps: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gaps.append(text[end : match.start()])
        tokens.append(match.group())
        end = match.end()
    gaps.append(text[end:])
    return tokens, gaps


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[Literal["=", "-", "+"], int]]:
    """The edit as runs of words: (op, how many)."""
    start = 0
    limit = min(len(old), len(new))
    while start < limit and old[start] == new[start]:
        start += 1
    end = 0
    while end < limit - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end])
    return [("=", start), *middle, ("=", end)]


def _middle(old: Sequence[str], new: Sequence[str]) -> list[tuple[Literal["=", "-", "+"], int]]:
    if not old or not new or max(len(old), len(new)) > _LIMIT:
        return [("-", len(old)), ("+", len(new))]
    letters: dict[str, str] = {}
    before = "".join(_letter(word, letters) for word in old)
    after = "".join(_letter(word, letters) for word in new)
    diffs: list[tuple[int, str]] = []
    for op in Levenshtein.opcodes(before, after):
        if op.tag == "equal":
            diffs.append((0, before[op.src_start : op.src_end]))
            continue
        if op.src_end > op.src_start:
            diffs.append((-1, before[op.src_start : op.src_end]))
        if op.dest_end > op.dest_start:
            diffs.append((1, after[op.dest_start : op.dest_end]))
    _cleaner().diff_cleanupSemantic(diffs)
    signs: dict[int, Literal["=", "-", "+"]] = {0: "=", -1: "-", 1: "+"}
    return [(signs[op], len(run)) for op, run in diffs]


def _letter(word: str, letters: dict[str, str]) -> str:
    """One character that stands for the word; surrogates are skipped, no text may hold them."""
    known = letters.get(word)
    if known is None:
        number = 0x100 + len(letters)
        known = letters[word] = chr(number if number < 0xD800 else number + 0x800)
    return known
