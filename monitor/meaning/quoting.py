"""Literal quotations: the words of a clause that show something, at most fifty of them."""

from __future__ import annotations

import re

from monitor.model import Clause, Quote

LIMIT = 50  # words; most sentences of policies are shorter, and one that is cut is hard to read
_LEAST = 6  # words that are a quotation
_TARGET = re.compile(r"\]\([^()\s]{0,2000}(?:\([^()\s]{0,300}\)[^()\s]{0,300})?\)")
_WORD = re.compile(r"\S+")
_STOPS = ",;:.)|"  # a word that ends with one of these is a good last word, and the one after it a good first one


def quote(clause: Clause, focus: tuple[int, int] | None = None) -> Quote:
    """The clause, or at most fifty words of it around ``focus`` (offsets within the clause's text).

    ``text[start:end] == quote`` holds for the text the clause was cut from.
    """
    words = [(match.start(), match.end()) for match in _WORD.finditer(clause.text)]
    focus = focus or (0, 0)
    words = _unlinked(clause.text, words, focus)
    if not words:
        return Quote(clause.text, clause.start, clause.end)
    first, last = 0, len(words) - 1
    if len(words) > LIMIT:
        first, last = _window(clause.text, words, focus)
    start, end = words[first][0], words[last][1]
    return Quote(clause.text[start:end], clause.start + start, clause.start + end)


def _unlinked(text: str, words: list[tuple[int, int]], focus: tuple[int, int]) -> list[tuple[int, int]]:
    """The words between the targets of links: such addresses are long, and some differ from one visit to the next.

    The longest row of words where a target stands inside the focus; all words where too few would be left.
    """
    cuts = [match.span() for match in _TARGET.finditer(text)]
    start = max((end for _, end in cuts if end <= focus[0]), default=0)
    stop = min((begin for begin, _ in cuts if begin >= max(focus[1], start)), default=len(text))
    inside = [span for span in cuts if span[0] < stop and span[1] > start]
    parts = zip((start, *(end for _, end in inside)), (*(begin for begin, _ in inside), stop), strict=True)
    kept = max(
        ([(max(a, left), min(b, right)) for a, b in words if b > left and a < right] for left, right in parts), key=len
    )
    while kept and not any(map(str.isalnum, text[slice(*kept[0])])):
        del kept[0]  # a bracket that the link left behind
    return kept if len(kept) >= _LEAST else words


def _window(text: str, words: list[tuple[int, int]], focus: tuple[int, int]) -> tuple[int, int]:
    """Indices of the first and last word of a stretch around the focus that begins and ends at a pause where it can."""
    inside = [n for n, (start, end) in enumerate(words) if end > focus[0] and start < max(focus[1], focus[0] + 1)]
    left, right = (inside[0], min(inside[-1], inside[0] + LIMIT - 1)) if inside else (0, 0)
    spare = LIMIT - (right - left + 1)
    first = max(0, left - spare // 2)
    last = min(len(words) - 1, first + LIMIT - 1)
    first = max(0, last - LIMIT + 1)
    for n in range(first, left):
        if n and text[words[n - 1][1] - 1] in _STOPS:
            first = n
            break
    last = min(len(words) - 1, first + LIMIT - 1)
    for n in range(last, right, -1):
        if n == len(words) - 1 or text[words[n][1] - 1] in _STOPS:
            last = n
            break
    return first, last
