"""Short excerpts of quotations for one sentence: what matters, and every word that denies or limits it.

An excerpt may leave words out, with "…" in their place, but none that could turn what the rest says: a text that says
"we do not, in any country, sell …" never becomes "sell …".
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

_LINK = re.compile(
    r"\[([^\[\]]{0,300})\]\([^()\s]{0,2000}(?:\([^()\s]{0,300}\)[^()\s]{0,300})?\)?|\]\([^()\s]{1,2000}\)?"
)
_MARKS = re.compile(r"\*\*|__|^[#>*|\s-]+|[|\s]+$|\[$")
_BARE = re.compile(r"^\W+|\W+$")
_TURNING = frozenset(
    "not no never none nor neither nobody nothing cannot without unless except excluding other only solely until "
    "prohibit prohibits prohibited prohibiting forbid forbids refrain refrains refuse decline declines stop stops "
    "if where".split()
)
_LEFT, _RIGHT = 3, 5  # words that stand with one that turns
_JOINED = 4  # words between two pieces that are not worth leaving out
_WHOLE = 1.25  # times the limit that a quotation may have and still stand as it is
Run = tuple[int, int]


def words_of(quote: str) -> list[str]:
    """The words of a quotation without marks of emphasis and targets of links; inner quotation marks are single."""
    text = _MARKS.sub("", _LINK.sub(r"\1", quote).strip()).replace("[", "").replace("]", "")
    return text.translate({0x201C: "‘", 0x201D: "’", ord('"'): "'"}).split()


def excerpt(quote: str, focus: str, limit: int) -> str:
    """About ``limit`` characters of a quotation round the words of ``focus``."""
    words = words_of(quote)
    return _cut(words, _find(words, words_of(focus)), limit)


def excerpts(before: str, after: str, limit: int) -> tuple[str, str]:
    """About ``limit`` characters of each of two quotations, round what differs between them."""
    old, new = words_of(before), words_of(after)
    first, second = _differing(old, new, limit)
    return _cut(old, first, limit), _cut(new, second, limit)


def _find(words: list[str], wanted: list[str]) -> Run:
    """Where words stand among others; the last may be cut short. The beginning when they are not there."""
    folded, sought = [_bare(word) for word in words], [_bare(word) for word in wanted]
    for n in range(len(folded) - len(sought) + 1 if sought else 0):
        if folded[n : n + len(sought) - 1] == sought[:-1] and folded[n + len(sought) - 1].startswith(sought[-1]):
            return n, n + len(sought)
    return 0, 1


def _bare(word: str) -> str:
    return _BARE.sub("", word).casefold()


def _differing(old: list[str], new: list[str], limit: int) -> tuple[Run, Run]:
    """The runs of words in which two quotations differ; where these are too long, the largest difference in them.

    What only one of them has at an end is no difference where something else is: quotations begin and end apart.
    """
    codes = SequenceMatcher(None, [_bare(w) for w in old], [_bare(w) for w in new], autojunk=False).get_opcodes()
    inner = [one for n, one in enumerate(codes) if one[0] != "equal" and 0 < n < len(codes) - 1]
    found = inner or [one for one in codes if one[0] != "equal"]
    if not found:
        return (0, len(old)), (0, len(new))
    if any(
        len(" ".join(words)) > limit for words in (old[found[0][1] : found[-1][2]], new[found[0][3] : found[-1][4]])
    ):
        found = [max(found, key=lambda one: one[2] - one[1] + one[4] - one[3])]
    return (found[0][1], found[-1][2]), (found[0][3], found[-1][4])


def _cut(words: list[str], focus: Run, limit: int) -> str:
    if len(" ".join(words)) <= limit * _WHOLE:
        return " ".join(words)
    wanted = {n for run in (_window(words, focus, limit), *_turns(words)) for n in range(*run)}
    kept = sorted(wanted)
    for left, right in pairwise(sorted(wanted)):
        if right - left <= _JOINED:
            kept += range(left + 1, right)
    return _said(words, sorted(set(kept)))


def _turns(words: list[str]) -> list[Run]:
    """The words that turn what is said, each with some round it."""
    return [
        (max(0, n - _LEFT), min(len(words), n + _RIGHT + 1))
        for n, word in enumerate(_bare(word) for word in words)
        if (word in _TURNING or word.endswith(("n't", "n’t"))) and words[n + 1 : n + 3] != ["limited", "to"]
    ]


def _window(words: list[str], focus: Run, limit: int) -> Run:
    """A run of words with the focus in it, or its beginning, that is no longer than the limit."""
    first, last = focus[0], min(max(focus[1], focus[0] + 1), len(words))
    while last - first > 1 and len(" ".join(words[first:last])) > limit:
        last -= 1
    room = limit - len(" ".join(words[first:last]))
    while room > 0 and (first > 0 or last < len(words)):
        if first > 0:
            first -= 1
            room -= len(words[first]) + 1
        if last < len(words) and room > 0:
            last += 1
            room -= len(words[last - 1]) + 1
    return first, last


def _said(words: list[str], kept: list[int]) -> str:
    made, previous = [], -1
    for n in kept:
        if n > previous + 1:
            made.append("…")
        made.append(words[n])
        previous = n
    if previous < len(words) - 1:
        made[-1] = made[-1].rstrip(",;:")
        made.append("…")
    return " ".join(made)
