"""Places in a clause, and whether the clause gives their people terms of their own."""

from __future__ import annotations

import re
from functools import cache

from monitor.meaning.knowledge import read as data
from monitor.meaning.reading import Reading

_PEOPLE = frozenset(
    ("residents resident consumers citizens individuals users customers people persons californians").split()
)
_TERMS = frozenset(("law laws act notice rights state states jurisdiction supplement addendum section").split())


@cache
def _pattern() -> re.Pattern[str]:
    names = [name.strip() for line in data("places")["names"].splitlines() for name in line.split(",") if name.strip()]
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\b")


def places(reading: Reading) -> list[tuple[str, int, int]]:
    """The places that a clause names, each with its first and last word (half-open)."""
    found = []
    for match in _pattern().finditer(reading.text):
        inside = [n for n, (start, end) in enumerate(reading.spans) if start >= match.start() and end <= match.end()]
        if inside:
            found.append((match.group(), inside[0], inside[-1] + 1))
    return found


def own_terms(reading: Reading) -> bool:
    """Whether a clause speaks of the people, the law or the rights of a place."""
    words = set(reading.words)
    return bool(
        words & _PEOPLE and (words & _TERMS or reading.has("right", "topic.residents", "topic.scope"))
    ) or reading.has("topic.law", "topic.residents")
