"""What the program knows about policies, read once from the commented data files beside it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from monitor.model import Direction, Severity

MAPPINGS = {
    "dpv": "W3C Data Privacy Vocabulary 2.3",
    "opp115": "OPP-115 scheme",
    "ccpa": "CCPA (Cal. Civ. Code 1798.140)",
    "apple": "Apple privacy labels",
    "google": "Google Play data safety",
    "tcf": "IAB TCF 2.2",
    "gdpr": "GDPR",
}
_DIRECTIONS = ("worse", "better", "neutral", "unclear")


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the taxonomy. ``mappings`` pairs a scheme's key with its terms."""

    id: str
    name: str  # what it means, for people
    say: str  # the same inside a sentence
    mappings: tuple[tuple[str, str], ...]

    @property
    def family(self) -> str:
        """The part before the dot."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Table:
    """The direction and severity table."""

    directions: dict[str, dict[str, dict[str, Direction]]]  # class, polarity, action
    severities: dict[str, dict[str, Severity]]  # class, direction or "withdrawn"
    labels: dict[str, tuple[str, str]]  # label: class of direction, class of severity
    first: tuple[str, ...]  # labels that a summary tells first among equally grave ones


@cache
def read(name: str) -> dict[str, Any]:
    """A data file of this package, parsed."""
    path = resources.files(__package__).joinpath("data", f"{name}.toml")
    return tomllib.loads(path.read_text("utf-8"))


@cache
def labels() -> dict[str, Label]:
    """Every label by its id, in the order of the taxonomy."""
    found = {}
    for key, row in read("taxonomy").items():
        if key == "checked":
            continue
        mappings = tuple(
            (scheme, "; ".join(row[scheme]) if isinstance(row[scheme], list) else row[scheme])
            for scheme in MAPPINGS
            if scheme in row
        )
        found[key] = Label(key, row["name"], row["say"], mappings)
    return found


@cache
def checked() -> dict[str, bool]:
    """Which schemes' mappings were checked against their source."""
    return dict(read("taxonomy")["checked"])


@cache
def table() -> Table:
    """The direction and severity table."""
    data = read("severity")
    classes = {key: (row[0], row[1]) for key, row in data["labels"].items()}
    return Table(data["direction"], data["severity"], classes, tuple(data["first"]))


def explain(label: str) -> str:
    """What a label means, its terms in other vocabularies, and the direction and severity it gets; for people.

    Raises:
        KeyError: there is no such label; the message names the nearest ones.
    """
    known = labels()
    if label not in known:
        raise KeyError(f"{label}: no such label. {_instead(label)}")
    entry = known[label]
    lines = [f"{entry.id}: {entry.name}"]
    if entry.mappings:
        lines.append("")
    for scheme, terms in entry.mappings:
        mark = "" if checked()[scheme] else "  (not checked against the source)"
        lines.append(f"  {MAPPINGS[scheme]}: {terms}{mark}")
    lines += ["", "  what the text says            direction  severity"]
    rows = table()
    way, grade = rows.labels[label]
    for polarity, kind in (("practice", "practice"), ("commitment", "promise not to")):
        for action in ("added", "removed", "changed"):
            direction = rows.directions[way][polarity][action]
            withdrawn = polarity == "commitment" and action == "removed"
            severity = rows.severities[grade]["withdrawn" if withdrawn else direction]
            lines.append(f"  {f'{kind} {action}':<29} {direction:<10} {severity}")
    lines += [
        "",
        "Rules that compare two values set the direction themselves; [[severity]] in watchlist.toml overrides both.",
    ]
    return "\n".join(lines)


def _instead(label: str) -> str:
    from difflib import get_close_matches

    known = list(labels())
    family = [name for name in known if name.partition(".")[0] == label.partition(".")[0]]
    near = family or get_close_matches(label, known, 5, 0.5)
    return f"Did you mean {', '.join(near)}?" if near else f"Labels: {', '.join(known)}"
