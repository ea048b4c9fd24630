"""Silence where nothing happened: noise windows, rotten windows, walls, and policies that truly changed.

usage: MONITOR_DATA=DIR python benchmarks/quiet.py [--verbose]

noise: consecutive captures of a policy that did not change; counts transitions whose folded text differs, and those
that are substantive. rot and walls: pages that are not the policy; counts those taken for it. changes: labelled pairs
of true versions; counts those whose later text is refused beside the earlier one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from monitor.meaning import assess
from monitor.model import Extraction, ExtractOptions, Page
from monitor.text import extract
from monitor.text.normalise import fold
from monitor.text.segment import segment

NOT_THE_POLICY = ("dating__happn", "2023-06-13")
"""The window in which the address came to show another page, and the day from which."""


def read(path: Path, *, previous: str | None = None) -> Extraction:
    """The extraction of a file."""
    page = Page(path.read_bytes(), "text/html" if path.suffix == ".html" else "", name=path.name)
    return extract([page], ExtractOptions(), previous=previous)


def keys(extraction: Extraction) -> list[str]:
    """What the text says, by the keys that compare two texts."""
    return [fold(clause.text) for clause in segment(extraction.text)]


def noise(root: Path, *, verbose: bool) -> None:
    """Windows in which the policy stood still."""
    transitions = differing = substantive = refused = 0
    for window in sorted(path for path in root.iterdir() if path.is_dir()):
        before: Extraction | None = None
        for path in sorted(window.glob("*.html")):
            after = read(path, previous=before.text if before else None)
            refused += not after.verdict.ok
            if before is not None:
                transitions += 1
                if keys(before) != keys(after):
                    differing += 1
                    found = assess(before, after, ())
                    substantive += found.materiality == "substantive"
                    if verbose:
                        print(f"  {window.name} {path.name}: {found.materiality}")
                        for change in found.clauses[:6]:
                            clause = change.before or change.after
                            print(
                                "   ", change.kind, change.materiality, change.reason, "|", clause and clause.text[:150]
                            )
            before = after
    print(f"noise: {substantive} substantive, {differing} differing of {transitions} transitions; {refused} refused")


def rot(root: Path, *, verbose: bool) -> None:
    """Windows in which an archive's selectors failed: alone and beside the text before."""
    taken = wrong = 0
    for window in sorted(path for path in root.iterdir() if path.is_dir()):
        before: str | None = None
        for path in sorted(window.glob("*.html")):
            alone, beside = read(path), read(path, previous=before)
            day = f"{path.name[:4]}-{path.name[4:6]}-{path.name[6:8]}"
            bad = window.name == NOT_THE_POLICY[0] and day >= NOT_THE_POLICY[1]
            taken += bad and (alone.verdict.ok or beside.verdict.ok)
            wrong += not bad and not beside.verdict.ok
            if verbose:
                print(f"  {window.name} {day} {alone.words} words: {alone.verdict.kind} / {beside.verdict.kind}")
            if beside.verdict.ok:
                before = beside.text
    print(f"rot: {taken} pages taken for the policy, {wrong} policies refused")


def walls(root: Path) -> None:
    """Bot walls after a real policy."""
    history = sorted((root / "history").iterdir())
    previous = read(history[-1]).text
    found = [(read(path), read(path, previous=previous)) for path in sorted((root / "walls").iterdir())]
    signatures = {extraction.verdict.signature for both in found for extraction in both}
    taken = sum(extraction.verdict.ok for both in found for extraction in both)
    refused = sum(not read(path).verdict.ok for path in history)
    print(
        f"walls: {taken} of {len(found)} taken for the policy, {len(signatures)} signature(s); "
        f"{refused} of {len(history)} of history refused"
    )


def changes(root: Path, *, verbose: bool) -> None:
    """Labelled pairs."""
    counts = {"substantive": 0, "editorial": 0, "noise": 0}
    for line in (root / "changes.jsonl").read_text().splitlines():
        row = json.loads(line)
        before = read(root / row["id"] / "before.md")
        after = read(root / row["id"] / "after.md", previous=before.text)
        if not after.verdict.ok:
            counts[row["materiality"]] += 1
            if verbose:
                print(f"  {row['id']} ({row['materiality']}): {after.verdict.kind} {after.verdict.reason}")
    print(
        "changes: refused "
        f"{counts['substantive']} substantive, {counts['editorial']} editorial, {counts['noise']} noise pairs"
    )


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--verbose", action="store_true")
    verbose = arguments.parse_args().verbose
    if not os.environ.get("MONITOR_DATA"):
        sys.exit("MONITOR_DATA names no folder of real data")
    data = Path(os.environ["MONITOR_DATA"])
    noise(data / "noise", verbose=verbose)
    rot(data / "rot", verbose=verbose)
    walls(data / "zoom")
    changes(data / "changes", verbose=verbose)


if __name__ == "__main__":
    main()
