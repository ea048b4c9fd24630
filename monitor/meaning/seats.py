"""Postal addresses that stand over several lines: one that took the place of another is one change of who is where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.meaning.context import context
from monitor.meaning.drafts import Draft
from monitor.meaning.quoting import quote
from monitor.meaning.reading import read
from monitor.meaning.values import is_address, legal_names
from monitor.model import Clause, ClauseChange

_LONGEST = 8  # words of a line of an address
_FEWEST = 2  # lines of one
_SHOWN = 120  # characters of an address in the value of a finding
_SPEAKS = ("act", "modal", "neg", "right", "data")  # no line of an address has any of these


@dataclass(slots=True)
class _Block:
    """Changed lines that follow each other: what stood there and what does now."""

    old: list[Clause] = field(default_factory=list)
    new: list[Clause] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)


def exchanged(changes: Sequence[ClauseChange]) -> Iterator[tuple[frozenset[int], Draft]]:
    """Each address that took the place of another, with the changes that are its lines."""
    for block in _blocks(changes):
        sides = (block.old, block.new)
        if max(map(len, sides)) < _FEWEST or not all(is_address(_joined(side)) for side in sides):
            continue
        if any(context(one).named for one in (*block.old, *block.new)):
            continue  # a list of recipients says where they sit
        words = [{word for one in side for word in read(one.text).words} for side in sides]
        if words[0] <= words[1] or words[1] <= words[0]:
            continue  # the same in other lines, or told more fully
        yield frozenset(block.orders), _draft(changes[block.orders[0]].section, block)


def _draft(section: tuple[str, ...], block: _Block) -> Draft:
    before, after = (_joined(side) for side in (block.old, block.new))
    return Draft(
        "controller",
        "changed",
        "practice",
        f"{before} → {after}",
        3.0,
        "lines.address",
        section,
        quote(_telling(block.old)),
        quote(_telling(block.new)),
        "neutral",
        order=block.orders[0],
    )


def _joined(lines: Sequence[Clause]) -> str:
    """An address in one line, as many of its lines as can be shown."""
    row = ", ".join(one.text.strip(" ,*_") for one in lines)
    return row if len(row) <= _SHOWN else row[:_SHOWN].rpartition(", ")[0] or row[:_SHOWN]


def _telling(lines: Sequence[Clause]) -> Clause:
    """The line that names a company by its legal form, else the first that reads as an address, else the first."""
    named = (one for one in lines if legal_names(one.text))
    return next(named, next((one for one in lines if is_address(one.text)), lines[0]))


def _blocks(changes: Sequence[ClauseChange]) -> Iterator[_Block]:
    block = _Block()
    for order, change in enumerate(changes):
        lines = [one for one in (change.before, change.after) if one is not None]
        near = not block.orders or changes[block.orders[-1]].section == change.section
        line = change.kind != "moved" and change.reason != "date" and all(map(is_line, lines))
        if block.orders and (not line or not near or (block.new and change.kind == "removed")):
            yield block
            block = _Block()
        if line:
            block.orders.append(order)
            block.old += [change.before] if change.before else []
            block.new += [change.after] if change.after else []
    if block.orders:
        yield block


def is_line(clause: Clause) -> bool:
    """Whether a clause may be a line of an address, or of how to reach somebody."""
    reading = read(clause.text)
    return (
        clause.kind == "sentence"
        and len(reading.words) <= _LONGEST
        and not clause.text.rstrip(" *_").endswith((":", "?", "!"))
        and not reading.has(*_SPEAKS)
    )
