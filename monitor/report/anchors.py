"""Names of places on a page that are derived from what stands there, so that a link outlives every rebuild."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

_WORD = re.compile(r"\w+")


def words_of(text: str) -> str:
    """The words alone, without case: what stays the same when markup, punctuation or spacing is read differently."""
    return " ".join(_WORD.findall(text.casefold()))


@lru_cache(maxsize=40_000)
def anchor(prefix: str, text: str) -> str:
    """The name of the place that says this text: the prefix and ten hex digits of its words' SHA-256."""
    return f"{prefix}-{hashlib.sha256(words_of(text).encode('utf-8', 'replace')).hexdigest()[:10]}"


@dataclass(slots=True)
class Anchors:
    """Gives each place of one page its name; equal texts are told apart by their order."""

    _given: Counter[str] = field(default_factory=Counter)

    def give(self, prefix: str, text: str) -> str:
        """The next free name for the text."""
        name = anchor(prefix, text)
        self._given[name] += 1
        count = self._given[name]
        return name if count == 1 else f"{name}-{count}"
