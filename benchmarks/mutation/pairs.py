"""Edits of one sentence, read from ``pairs.toml``: each kind of edit draws one of its wordings."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutation.case import Case, Edit, Expected, draw, filled, place


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of edit: the section it stands in, its wordings, and what it means."""

    name: str
    role: str
    rows: tuple[tuple[str, str], ...]
    expect: tuple[str, ...]
    without: frozenset[str]  # labels that the policy must not state already


def kinds() -> list[Kind]:
    """All kinds of the file."""
    rows = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text(encoding="utf-8"))
    return [
        Kind(
            name,
            row["role"],
            tuple((before, after) for before, after in row["rows"]),
            tuple(row["expect"]),
            frozenset(row.get("without", ())),
        )
        for name, row in rows.items()
    ]


def edit_of(kind: Kind) -> Edit:
    """The edit of a kind."""

    def edit(case: Case, rng: random.Random) -> Case | None:
        row = draw(list(kind.rows), rng, case.half, "→".join)
        stated = {label for text in kind.expect for label in text.split()[0].split("|")}
        if row is None or kind.without & case.after.tags or stated & case.labels:
            return None
        before, after = (filled(text, case.after) if text else "" for text in row)
        expected = [Expected.parse(text, kind=kind.name, shown=f"{before} → {after}") for text in kind.expect]
        return place(case, kind.role, (before, after), rng).expects(*expected)

    return edit


def edits() -> dict[str, Edit]:
    """All edits of the file by kind."""
    return {kind.name: edit_of(kind) for kind in kinds()}
