"""What the dates that two versions state of themselves say about the change."""

from __future__ import annotations

from datetime import date

from monitor.model import Extraction, Materiality, StatedDates


def silent(before: Extraction, after: Extraction, materiality: Materiality) -> bool:
    """Whether the text changed in substance while every date it states of itself stayed."""
    if materiality != "substantive":
        return False
    old, new = before.dates, after.dates
    if not (new.updated or new.effective):
        return False
    return old.updated == new.updated and old.effective == new.effective


def notes(before: Extraction, after: Extraction, materiality: Materiality) -> tuple[str, ...]:
    """Sentences about the dates.

    Changed under an unchanged date, moved without a change, taken away, in force later.
    """
    old, new = before.dates, after.dates
    said = []
    if silent(before, after, materiality):
        said.append(f"The text changed while its stated date stayed {new.updated or new.effective}.")
    if old.updated and new.updated and new.updated < old.updated:
        said.append(f"The stated date went back: {old.updated} → {new.updated}.")
    elif materiality != "substantive" and old.updated and new.updated and old.updated != new.updated:
        said.append(f"The stated date moved ({old.updated} → {new.updated}) without a change of substance.")
    if old.updated and not new.updated and not new.effective:
        said.append("The text no longer states when it was last changed.")
    if new.updated and new.effective and new.effective > new.updated:
        days = (new.effective - new.updated).days
        said.append(f"In force from {new.effective}, {days} day{'s' if days != 1 else ''} after the stated date.")
    return tuple(said)


def days_of_notice(dates: StatedDates, seen: date) -> int | None:
    """Days from the day a text was seen until the day it says it is in force.

    None when that day is past or not stated.
    """
    if dates.effective is None or dates.effective <= seen:
        return None
    return (dates.effective - seen).days
