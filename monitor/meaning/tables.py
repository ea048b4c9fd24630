"""Tables in which a column says whether a category of data is collected, and whether and to whom it is sold."""

from __future__ import annotations

from monitor.meaning.reading import read
from monitor.model import Action, Clause, Direction

_NO = frozenset(
    {
        "",
        "no",
        "none",
        "n/a",
        "na",
        "not sold",
        "not shared",
        "not sold or shared",
        "not applicable",
        "never",
        "nobody",
        "no one",
        "nothing",
        "-",
        "–",
        "—",
        "x",
        "✗",
        "✘",
    }
)


def sale_turned(before: Clause, after: Clause) -> Direction | None:
    """The direction in which the column about sale turned between two wordings of a row, None when it did not."""
    if before.kind != "row" or after.kind != "row":
        return None
    old, new = _sale(before), _sale(after)
    if old is None or new is None or old == new:
        return None
    return "worse" if new else "better"


def collection_turned(before: Clause, after: Clause) -> Action | None:
    """Whether the column about collection turned from "no" to "yes" ("added") or back; None when it did not."""
    if before.kind != "row" or after.kind != "row":
        return None
    old, new = (_said(row, "act.collect") for row in (before, after))
    if old is None or new is None or old == new:
        return None
    return "added" if new else "removed"


def _sale(row: Clause) -> bool | None:
    """Whether a row says that its category is sold or shared; None when no column of the table says so."""
    return _said(row, "act.sell", "shar")


def _said(row: Clause, act: str, stem: str = "\n") -> bool | None:
    """Whether the last column about an act says anything but "no"; None when there is no such column."""
    columns = [n for n, cell in enumerate(_cells(row.lead_in)) if read(cell).has(act) or stem in cell.lower()]
    cells = _cells(row.text)
    if not columns or columns[-1] >= len(cells):
        return None
    return cells[columns[-1]].strip(" *_").lower().rstrip(".") not in _NO


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
