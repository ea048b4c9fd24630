"""The practices a clause states: who does what with which data, for whom and what for, and under which condition."""

from __future__ import annotations

from dataclasses import replace

from monitor.meaning.context import Context
from monitor.meaning.grammar import acts, conditions, points, question
from monitor.meaning.guarding import children, consent, controller, definition, identity, retention, rights, topics
from monitor.meaning.reading import Reading
from monitor.meaning.scene import Practice, Rule, Scene
from monitor.meaning.sharing import sale, sharing
from monitor.meaning.uses import data, purposes
from monitor.model import Polarity

RULES: tuple[Rule, ...] = (
    rights,
    consent,
    sale,
    sharing,
    purposes,
    data,
    children,
    retention,
    topics,
    controller,
    definition,
    identity,
)

_POINTED = 0.7  # weight of what is only said to be told elsewhere
_ELSEWHERE = frozenset(
    "jurisdiction controller rights.object_optout rights.signals rights.complaint_dispute".split()
)  # what such a reference itself gives people


_HEADED = 3.7  # weight of the data that the first cell of a row names: the other cells tell about them


def _first_cell(reading: Reading) -> int:
    """How many words stand in the first cell of a table row; 0 without cells."""
    bar = reading.text.find("|")
    return sum(end <= bar for _, end in reading.spans) if bar > 0 else 0


def _heads(one: Practice, words: int) -> bool:
    return one.label.startswith("data.") and one.first < words


def practices(reading: Reading, context: Context) -> tuple[Practice, ...]:
    """The practices of a clause, what it is most about first."""
    if not reading.words or question(reading):
        return ()
    scene = Scene(reading, context, acts(reading))
    found: list[Practice] = []
    for rule in RULES:
        found += rule(scene)
    merged: dict[tuple[str, Polarity], Practice] = {}
    for one in found:
        known = merged.get(one.key)
        if known is None:
            merged[one.key] = one
        else:
            best = max(known, one, key=lambda item: item.weight)
            merged[one.key] = replace(best, terms=known.terms + one.terms)
    head = _first_cell(reading) if context.row else 0
    if head:
        merged = {
            key: replace(one, weight=max(one.weight, _HEADED)) if _heads(one, head) else one
            for key, one in merged.items()
        }
    both = conditions(reading)
    if points(reading):
        merged = {
            key: one if one.label in _ELSEWHERE else replace(one, weight=min(one.weight, _POINTED))
            for key, one in merged.items()
        }
    ordered = sorted(merged.values(), key=lambda one: (-one.weight, one.first))
    return tuple(replace(one, conditions=both) for one in ordered)
