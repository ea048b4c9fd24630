"""Tables in which a column says whether, and to whom, a category of data is sold or shared."""

from __future__ import annotations

from monitor.meaning.reading import read
from monitor.model import Clause, Direction

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


def _sale(row: Clause) -> bool | None:
    """Whether a row says that its category is sold or shared; None when no column of the table says so."""
    columns = [n for n, cell in enumerate(_cells(row.lead_in)) if read(cell).has("act.sell") or "shar" in cell.lower()]
    cells = _cells(row.text)
    if not columns or columns[-1] >= len(cells):
        return None
    return cells[columns[-1]].strip(" *_").lower().rstrip(".") not in _NO


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
