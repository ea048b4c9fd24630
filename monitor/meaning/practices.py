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
    both = conditions(reading)
    if points(reading):
        merged = {
            key: one if one.label in _ELSEWHERE else replace(one, weight=min(one.weight, _POINTED))
            for key, one in merged.items()
        }
    ordered = sorted(merged.values(), key=lambda one: (-one.weight, one.first))
    return tuple(replace(one, conditions=both) for one in ordered)
