"""What one text says it does, item by item: data, recipients, purposes, periods and rights, each with its quotation."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.meaning import values
from monitor.meaning.context import context
from monitor.meaning.knowledge import labels
from monitor.meaning.names import listed_names, row_name
from monitor.meaning.quoting import quote
from monitor.meaning.reading import alone
from monitor.meaning.scene import Practice
from monitor.meaning.world import practices_of
from monitor.model import Clause, Polarity, Quote
from monitor.text.segment import segment

GROUPS = {
    "data": "Data",
    "share": "Recipients",
    "purpose": "Purposes",
    "retention": "Periods",
    "rights": "Rights",
    "transfer": "Transfers",
    "legal_basis": "Legal bases",
    "children": "Children",
    "security": "Security",
}
_LEAST = 1.4  # weight of a practice that is the clause's own
_MOST_PERIODS = 20
_MOST_NAMES = 60


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """One thing the text says, with the words that say it."""

    group: str  # one of GROUPS' names
    label: str
    value: str
    quote: Quote
    polarity: Polarity = "practice"
    section: tuple[str, ...] = ()


def inventory(text: str) -> tuple[InventoryItem, ...]:
    """The inventory of a text: for each label the clause that says it best.

    Every period and every named recipient once.
    """
    best: dict[tuple[str, str], tuple[Practice, Clause]] = {}
    names: dict[str, InventoryItem] = {}
    periods: dict[str, InventoryItem] = {}
    for clause in segment(text):
        if clause.kind == "heading":
            continue
        _names(clause, names)
        for one in practices_of(clause):
            if one.weight < _LEAST or one.label.partition(".")[0] not in GROUPS:
                continue
            if one.label == "retention" and _periods(clause, one, periods):
                continue
            known = best.get(one.key)
            if known is None or one.weight > known[0].weight:
                best[one.key] = (one, clause)
    items = [_item(one, clause) for one, clause in best.values()]
    items += [*list(periods.values())[:_MOST_PERIODS], *list(names.values())[:_MOST_NAMES]]
    order = {label: n for n, label in enumerate(labels())}
    groups = {name: n for n, name in enumerate(GROUPS.values())}
    return tuple(
        sorted(items, key=lambda item: (groups[item.group], order[item.label], item.polarity, item.quote.start))
    )


def _item(one: Practice, clause: Clause) -> InventoryItem:
    reading = alone((clause,)).reading
    group = GROUPS[one.label.partition(".")[0]]
    shown = quote(clause, reading.span(one.first, one.last))
    return InventoryItem(group, one.label, one.value, shown, one.polarity, clause.headings)


def _periods(clause: Clause, one: Practice, periods: dict[str, InventoryItem]) -> bool:
    """Collect the periods of a clause; whether it has any."""
    reading = alone((clause,)).reading
    found = values.periods(reading)
    for period in found:
        words = reading.say(period.first, period.last)
        shown = quote(clause, reading.span(period.first, period.last))
        periods.setdefault(
            words.lower(), InventoryItem("Periods", "retention", words, shown, one.polarity, clause.headings)
        )
    return bool(found)


def _names(clause: Clause, names: dict[str, InventoryItem]) -> None:
    here, there = alone((clause,)), context(clause)
    row = row_name(clause, there)
    for first, last, name in [row] if row else listed_names(here, there):
        shown = quote(clause, here.reading.span(first, last))
        names.setdefault(
            name.lower(), InventoryItem("Recipients", "share.named", name, shown, "practice", clause.headings)
        )
