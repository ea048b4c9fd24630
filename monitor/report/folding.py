"""A stream of rows and unchanged clauses, gathered under headings; what is far from any change is folded away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.report.rows import Fold, Line, Row, Section

CONTEXT = 1  # unchanged clauses left open before and after a change
LEAST_RUN = 2  # so few unchanged clauses are not worth a click
PAGE_LIMIT = 3_600_000  # characters of text on one page, so that it stays below 5 MB with its markup
LEAST_FOLDED = 200_000  # of them for unchanged text, however much changed; what is beyond is counted and linked
ROW_COST = 420  # bytes of markup round a changed clause

Item = tuple[tuple[str, ...], Row | Line]
"""A row or an unchanged clause, with the headings it stands under."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Sections, and how many clauses changed, did not, and are not shown because the page would be too large."""

    sections: tuple[Section, ...]
    rows: int
    unchanged: int
    left_out: int


def fold(stream: Sequence[Item]) -> Folded:
    """The sections of a page, top to bottom."""
    is_row = [isinstance(item, Row) for _, item in stream]
    near = _near(is_row)
    sections: list[tuple[tuple[str, ...], list[Row | Fold]]] = []
    run: list[Line] = []
    run_open = False
    folded = changed = left_out = rows = unchanged = 0
    costs = [_cost(item) for _, item in stream if isinstance(item, Row)]
    room = max(LEAST_FOLDED, PAGE_LIMIT - sum(costs))

    def close() -> None:
        nonlocal run, folded
        if not run:
            return
        size = sum(len(line.text) + 10 for line in run)
        keep = run_open or folded + size <= room
        folded += size if keep else 0
        kept = run if keep else [line for line in run if line.anchor]
        sections[-1][1].append(Fold(tuple(kept), run_open or len(run) <= LEAST_RUN, len(run) - len(kept)))
        run = []

    for at, (path, item) in enumerate(stream):
        opens = isinstance(item, Line) and item.kind == "heading" and not item.anchor
        if isinstance(item, Line) and opens:
            path = (*path, item.text.strip("*_: "))  # noqa: PLW2901 - a heading opens its own section
        if not sections or sections[-1][0] != path:
            opens_row = is_row[at] or near[at]
            if sections and not opens_row and run and not run_open:
                pass  # folded text runs on under its first heading; only what is open needs its own
            else:
                close()
                sections.append((path, []))
        if isinstance(item, Row):
            close()
            rows += 1
            changed += _cost(item)
            if changed > PAGE_LIMIT - LEAST_FOLDED:
                left_out += 1
                continue
            sections[-1][1].append(item)
        else:
            unchanged += 1
            if run and run_open != near[at]:
                close()
            run_open = near[at]
            if not (opens and run_open):  # it stands there as the section's title
                run.append(item)
    if sections:
        close()
    made = tuple(Section(path, tuple(items)) for path, items in sections if items)
    return Folded(made, rows, unchanged, left_out)


def _cost(row: Row) -> int:
    """About how many bytes a changed row takes on the page."""
    cells = [cell.parts for cell in (row.before, row.after) if cell]
    return ROW_COST + sum(len(text) for parts in (*cells, row.inline) for _, text in parts)


def _near(is_row: list[bool]) -> list[bool]:
    """Whether a changed row stands within CONTEXT places of each place."""
    near = [False] * len(is_row)
    for at, row in enumerate(is_row):
        if row:
            for other in range(max(0, at - CONTEXT), min(len(is_row), at + CONTEXT + 1)):
                near[other] = True
    return near
