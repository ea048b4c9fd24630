"""Edits of one sentence, read from ``pairs.toml`` and what follows it: each kind draws one of its wordings."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.mutation.case import Case, Edit, Expected, draw, filled, place

FURTHER = ("further", "unusual")
"""Files of further wordings, each written when the rules had been mended for all that were there before."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of edit: the section it stands in, its wordings, and what it means."""

    name: str
    role: str
    rows: tuple[tuple[str, str], ...]
    expect: tuple[str, ...]
    without: frozenset[str]  # labels that the policy must not state already


def kinds() -> list[Kind]:
    """All kinds, with the wordings of all files."""
    further = [_read(name) for name in FURTHER]
    return [
        Kind(
            name,
            row["role"],
            tuple(
                (before, after)
                for rows in (row["rows"], *(more.get(name, []) for more in further))
                for before, after in rows
            ),
            tuple(row["expect"]),
            frozenset(row.get("without", ())),
        )
        for name, row in _read("pairs").items()
    ]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def edit_of(kind: Kind) -> Edit:
    """The edit of a kind."""

    def edit(case: Case, rng: random.Random) -> Case | None:
        row = draw(list(kind.rows), rng, case.half, "→".join)
        stated = {label for text in kind.expect for label in text.split()[0].split("|")}
        if row is None or stated & case.labels:
            return None
        for label in sorted(kind.without & case.after.tags):
            quiet = _silent(case, label)
            if quiet is None:
                return None
            case = quiet
        before, after = (filled(text, case.after) if text else "" for text in row)
        expected = [Expected.parse(text, kind=kind.name, shown=f"{before} → {after}") for text in kind.expect]
        return place(case, kind.role, (before, after), rng).expects(*expected)

    return edit


def _silent(case: Case, label: str) -> Case | None:
    """The case in which neither version states a label; None when an edit has touched what does."""
    if any(unit.key in case.touched for unit in case.after.stating(label)):
        return None
    before, after = case.before.silent(label), case.after.silent(label)
    return replace(case, before=before, after=after) if before and after else None


def edits() -> dict[str, Edit]:
    """All edits of the file by kind."""
    return {kind.name: edit_of(kind) for kind in kinds()}
