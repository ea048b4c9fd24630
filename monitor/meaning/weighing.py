"""Which drafts about one edit stand, and when two of them are one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.meaning import values
from monitor.meaning.drafts import Draft
from monitor.meaning.knowledge import table
from monitor.meaning.reading import read
from monitor.meaning.scene import Practice
from monitor.model import Direction

_APART = 1.0  # how far below the weightiest facet another may be
_MOST = 3


def weightiest(drafts: Sequence[Draft]) -> list[Draft]:
    """The weightiest drafts and what comes near them."""
    ordered = sorted(drafts, key=lambda draft: -draft.weight)
    return [draft for draft in ordered if draft.weight >= ordered[0].weight - _APART][:_MOST]


def spoken_of(found: Sequence[Practice]) -> frozenset[str]:
    """The labels of practices; who speaks of advertising that is fitted to people speaks of advertising too."""
    told = frozenset(one.label for one in found)
    return told | {"purpose.ads_contextual"} if "purpose.ads_targeted" in told else told


def as_one(gone: Draft, came: Draft) -> Draft:
    """Two drafts about one label as one change of it."""
    known: Direction | None = None if table().labels[came.label][0] == "fact" else "unclear"
    if gone.polarity != came.polarity:
        known = "better" if came.polarity == "commitment" else "worse"
    elif came.label == "retention":
        limited_before, limited_after = (
            bool(quote and values.periods(read(quote.quote))) for quote in (gone.before, came.after)
        )
        if limited_before != limited_after:
            known = "better" if limited_after else "worse"
    return replace(came, action="changed", before=gone.before, known=known, rule="edit.turned")
