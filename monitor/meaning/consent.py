"""Whether people are asked first or must object: the default that a clause states, and whether an edit turned it."""

from __future__ import annotations

from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading, Side
from monitor.model import Direction


def default(reading: Reading) -> Mention | None:
    """The words that state a default: "style.in" when people are asked first, "style.out" when they must object."""
    found = reading.of("style")
    return found[0] if found else None


def default_turned(old: Side, new: Side) -> tuple[Direction, tuple[int, int], tuple[int, int]] | None:
    """The direction when an edit turned the default, with the words of both sides that state it."""
    before, after = default(old.reading), default(new.reading)
    if before is None or after is None or before.name == after.name:
        return None
    if not (old.is_fresh(before.first, before.last) or new.is_fresh(after.first, after.last)):
        return None
    direction: Direction = "better" if after.name == "style.in" else "worse"
    return direction, (before.first, before.last), (after.first, after.last)
