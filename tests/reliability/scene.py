"""An installation that watches two invented vendors, whose pages follow a fixed story: the same day, the same bytes.

The day stands in the User-Agent (through the setting ``contact``), so the servers need no state, many installations can
use them at once, and a pass that was killed finds on its second attempt exactly what it would have found on its first.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faulty.http import Request, Response, Site
from installation import CLAUSES, SALE, WALL, policy

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CYCLE = 10  # days after which the story begins again, with new figures
DAYS = {
    "first": 0,
    "same bytes": 1,
    "other bytes": 2,
    "changed": 3,
    "confirmed": 4,
    "wall": 5,
    "excursion": 6,
    "gone": 7,
    "withdrawn": 8,
    "quiet": 9,
}
PROMISE = "We do not sell your personal data to anyone."
ANNA, BERT, OPERATOR = "anna@reader.example", "bert@reader.example", "ops@monitor.example"
WATCHLIST = """\
[defaults]
interval = "1d"
confirm = "12h"

[[vendor]]
id = "larkspur"
name = "Larkspur"

[[vendor.document]]
kind = "privacy-policy"
url = "{larkspur}"
promises = ["{promise}"]

[[vendor]]
id = "bracken"
name = "Bracken"

[[vendor.document]]
kind = "privacy-policy"
url = "{bracken}"
"""
SETTINGS = """\
contact = "https://rehearsal.example/day/{day}"
allow_networks = ["127.0.0.0/8"]
allow_ports = [{ports}]
delay = "0s"
workers = {workers}
operator = ["{operator}"]
mail_from = "monitor@monitor.example"
mail_per_minute = 6000
{more}
"""


def time_of(day: int, hours: float = 0) -> datetime:
    """When the pass of a day is made, or so many hours later."""
    return START + timedelta(days=day, hours=hours)


def larkspur(day: int) -> Response:
    """A vendor that moves its date with every change, shows a wall, and takes a change back."""
    cycle, part = divmod(day, CYCLE)
    if part == DAYS["wall"]:
        return Response(WALL.format(id=f"{day:x}"))
    figures = (CLAUSES[4], CLAUSES[4].replace("30 days", f"{30 + 10 * cycle} days"))
    menu = f"<li><a href=/plans?visit={day}>Plans</a></li>" if part >= DAYS["other bytes"] else ""
    first = time_of(cycle * CYCLE)
    if DAYS["changed"] <= part < DAYS["gone"]:
        later = first + timedelta(days=DAYS["changed"])
        return Response(policy(figures, SALE, date=f"{later:%B} {later.day}, {later.year}", menu=menu))
    return Response(policy(figures, date=f"{first:%B} {first.day}, {first.year}", menu=menu))


def bracken(day: int) -> Response:
    """A vendor that changes its text and keeps the date: seen twice before it counts; and is away for a day."""
    cycle, part = divmod(day, CYCLE)
    if part == DAYS["gone"]:
        return Response("<h1>Not found</h1>", 404)
    edits = [("Larkspur Ltd.", "Bracken plc")]
    if cycle or part >= DAYS["changed"]:
        done = cycle + (part >= DAYS["changed"])
        edits.append((CLAUSES[2], f"We share personal data with {done + 1} advertising partners who profile you."))
    if part == DAYS["wall"]:
        edits.append((CLAUSES[5], "You can ask us for nothing."))
    menu = f"<li>Visit {day}</li>" if part >= DAYS["other bytes"] else ""
    return Response(policy(*edits, menu=menu))


def day_of(request: Request) -> int:
    """The day that the one who asks lives in."""
    return int(request.headers["user-agent"].rpartition("/day/")[2].rstrip(")"))


@dataclass(frozen=True, slots=True)
class Internet:
    """The ports of 127.0.0.1 at which the vendors are."""

    larkspur: int
    bracken: int

    def write(self, root: Path, day: int, *, workers: int = 1, more: str = "") -> None:
        """The watchlist and the settings of an installation on a day; one worker: the order of checks is fixed."""
        root.mkdir(exist_ok=True)
        urls = {name: f"http://127.0.0.1:{port}/privacy" for name, port in asdict(self).items()}
        watchlist = WATCHLIST.format(**urls, promise=PROMISE)
        (root / "watchlist.toml").write_text(watchlist)
        ports = f"{self.larkspur}, {self.bracken}"
        settings = SETTINGS.format(day=day, ports=ports, workers=workers, operator=OPERATOR, more=more)
        (root / "settings.toml").write_text(settings)

    def copy(self, root: Path, target: Path, day: int) -> Path:
        """An installation as it is, in another place and on another day."""
        shutil.copytree(root, target)
        (target / "settings.toml").write_text(
            (root / "settings.toml").read_text().replace(_contact(root), f"/day/{day}")
        )
        return target


def _contact(root: Path) -> str:
    line = (root / "settings.toml").read_text().partition("\n")[0]
    return "/day/" + line.rpartition("/day/")[2].rstrip('"')


@contextmanager
def internet() -> Iterator[Internet]:
    """Both vendors, answering on loopback."""
    with (
        Site({"/privacy": lambda request: larkspur(day_of(request))}) as one,
        Site({"/privacy": lambda request: bracken(day_of(request))}) as other,
    ):
        yield Internet(one.port, other.port)
