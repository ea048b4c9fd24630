"""Subscriptions as a CSV table and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from monitor.alerts.wishes import Offer, WishError, wish
from monitor.model import Subscription

LISTS = ("vendors", "tags", "kinds", "labels", "events")
COLUMNS = (
    "address",
    *LISTS,
    "severity",
    "direction",
    "every",
    "hour",
    "weekday",
    "zone",
    "empty_digest",
    "operator",
    "confirmed_at",
    "id",
    "source",
)
LARGEST = 20_000_000  # characters
CELL = 20_000


class TableError(ValueError):
    """A table that cannot be read; ``problems`` are (line, what is wrong)."""

    def __init__(self, problems: tuple[tuple[int, str], ...]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


def to_table(subscriptions: Iterable[Subscription]) -> str:
    """One line a subscription; lists hold their values with spaces between. No cell can be a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in subscriptions:
        writer.writerow([_cell(one, name) for name in COLUMNS])
    return out.getvalue()


def from_table(text: str, offer: Offer, *, now: datetime) -> tuple[Subscription, ...]:
    """The subscriptions of a table, confirmed: whoever imports it says that these people asked for it.

    ``id`` and ``source`` are ignored.

    Raises:
        TableError: with everything that is wrong, by line; nothing is half read.
    """
    if len(text) > LARGEST:
        raise TableError(((0, "the table is larger than 20 MB"),))
    problems: list[tuple[int, str]] = []
    found: list[Subscription] = []
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        names = reader.fieldnames or ()
        unknown = [name for name in names if name not in COLUMNS]
        if "address" not in names or unknown:
            wrong = f"unknown columns: {', '.join(map(str, unknown))[:200]}" if unknown else "no column named address"
            raise TableError(((1, f"{wrong} (there are {', '.join(COLUMNS)})"),))
        for row in reader:
            try:
                found.append(_subscription(row, offer, now))
            except WishError as error:
                problems += [(reader.line_num, problem) for problem in error.problems]
    except csv.Error as error:
        problems.append((reader.line_num, f"no CSV: {error}"))
    if problems:
        raise TableError(tuple(problems))
    return tuple(found)


def _subscription(row: dict[str | None, str | list[str] | None], offer: Offer, now: datetime) -> Subscription:
    if None in row or any(value is None for value in row.values()):
        raise WishError(("a line with more or fewer cells than the header",))
    cells = {str(name): str(value).strip()[:CELL] for name, value in row.items()}
    fields = {name: tuple(cells[name].split()) for name in LISTS if name in cells}
    plain = {name: value for name, value in cells.items() if name not in (*LISTS, "confirmed_at", "id", "source")}
    made = wish({**plain, **fields}, offer)
    return replace(made, confirmed_at=_moment(cells.get("confirmed_at", "")) or now, created_at=now, source="import")


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WishError((f"confirmed_at: not a time: {text[:40]!r}",)) from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _cell(one: Subscription, name: str) -> str:
    value = getattr(one, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return value.isoformat()
    return " ".join(value) if isinstance(value, tuple) else str(value)
