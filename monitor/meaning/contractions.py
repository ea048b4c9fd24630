"""Contracted words written out, so that "don't" and "do not" are read alike."""

from __future__ import annotations

_WHOLE = {"won't": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"), "shan't": ("shall", "not")}
_ENDINGS = {"'ll": "will", "'ve": "have", "'re": "are", "'d": "would"}


def spoken(word: str) -> tuple[str, ...]:
    """The words of a contraction, () of any other word; folded, with a straight apostrophe."""
    if word in _WHOLE:
        return _WHOLE[word]
    if "'" not in word:
        return ()
    if word.endswith("n't"):
        return (word[:-3], "not") if len(word) > 3 else ("not",)
    stem, mark, ending = word.rpartition("'")
    return (stem, _ENDINGS[mark + ending]) if mark + ending in _ENDINGS else ()
