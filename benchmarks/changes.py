"""Which labelled pairs of policies are reported, missed and falsely reported; raw pages, quiet windows, CPU per pair.

usage: MONITOR_DATA=DIR python benchmarks/changes.py [--half a|b] [--errors] [--out FILE] [--only changes|raw|noise]

Pairs are printed for two halves, split by vendor, so that rules written while reading one can be checked on the other.
With ``--out`` the predictions are written as JSON lines (id, materiality, findings and the rest of the assessment).
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.codec import to_json
from monitor.compare import compare, plain
from monitor.meaning import assess
from monitor.meaning.materiality import judge
from monitor.model import Assessment, Extraction, ExtractOptions, Page
from monitor.text import extract


@dataclass(frozen=True, slots=True)
class Result:
    """One labelled pair and what was said about it."""

    id: str
    sample: str
    half: str
    gold: str  # "must" be reported, "may" be, or "quiet"
    assessment: Assessment
    words: int
    judged: float  # CPU seconds from two texts to judged clause changes
    assessed: float  # CPU seconds from two texts to findings

    @property
    def reported(self) -> bool:
        """Whether the pair would be announced."""
        return self.assessment.materiality == "substantive"

    @property
    def wrong(self) -> bool:
        """Whether it is missed, or reported although nothing happened."""
        return self.reported != (self.gold == "must") and self.gold != "may"


def half(vendor: str) -> str:
    """The half of the set that a vendor belongs to, the same on every machine."""
    return "ab"[hashlib.sha256(vendor.lower().encode()).digest()[0] % 2]


def read(path: Path) -> Extraction:
    """The text of a file as a check would see it."""
    return extract((Page(path.read_bytes(), name=path.name),), ExtractOptions())


def measured(row: dict[str, Any], before: Extraction, after: Extraction) -> Result:
    """The pair assessed, with the CPU time it took."""
    plain.words.cache_clear()
    started = time.process_time()
    judge(compare(before.text, after.text), before, after)
    judged = time.process_time() - started
    plain.words.cache_clear()
    started = time.process_time()
    assessment = assess(before, after)
    assessed = time.process_time() - started
    must = any(finding.get("weight", "must") == "must" for finding in row["findings"])
    return Result(
        id=row["id"],
        sample=row["sample"],
        half=half(row["vendor"]),
        gold="quiet" if row["materiality"] != "substantive" else "must" if must else "may",
        assessment=assessment,
        words=max(before.words, after.words),
        judged=judged,
        assessed=assessed,
    )


def pairs(folder: Path, rows: Path, suffix: str) -> Iterator[Result]:
    """Every labelled pair of a folder."""
    for line in rows.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts = [read(folder / row["id"] / f"{side}{suffix}") for side in ("before", "after")]
        yield measured(row, *texts)


def table(results: list[Result], name: str) -> None:
    """One line: how many must be reported and are missed, how many are quiet and are reported."""
    count = Counter((result.gold, result.reported) for result in results)
    must = count["must", True] + count["must", False]
    quiet = count["quiet", True] + count["quiet", False]
    print(f"{name:16} missed {count['must', False]:2} of {must:2}   false {count['quiet', True]:2} of {quiet:2}")


def show(result: Result) -> None:
    """What was said about a pair that came out wrong."""
    print(f"  {result.id}: {result.gold}, said {result.assessment.materiality} {' '.join(result.assessment.notes)}")
    for change in result.assessment.clauses[:40]:
        if result.gold == "must" or change.materiality == "substantive":
            text = "".join(part if op == "=" else f"[{op}{part}]" for op, part in change.words)
            clause = change.after or change.before
            said = text or (clause.text if clause else "")
            print(f"    {change.kind} {change.materiality} ({change.reason}) {said[:300]}")


def changes(folder: Path, *, chosen: str, errors: bool, out: Path | None) -> None:
    """The labelled pairs of normalised texts."""
    results = list(pairs(folder, folder / "changes.jsonl", ".md"))
    table(results, "pairs")
    table([result for result in results if result.sample == "natural"], "  natural")
    for name in "ab":
        table([result for result in results if result.half == name], f"  half {name}")
    usual = [result for result in results if 3_500 <= result.words <= 6_500]
    for name, spent in (("judged", [r.judged for r in usual]), ("assessed", [r.assessed for r in usual])):
        print(
            f"CPU {name:12} median {statistics.median(spent) * 1000:.1f} ms, 90th percentile "
            f"{statistics.quantiles(spent, n=10)[-1] * 1000:.1f} ms ({len(usual)} pairs of 3,500 to 6,500 words)"
        )
    if errors:
        for result in results:
            if result.wrong and chosen in {"", result.half}:
                show(result)
    if out:
        rows = ({"id": result.id, **json.loads(to_json(result.assessment))} for result in results)
        out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def raw(folder: Path, *, errors: bool) -> None:
    """The whole way from the bytes of two pages."""
    results = list(pairs(folder, folder / "raw.jsonl", ".html"))
    real = [result for result in results if result.gold != "quiet"]
    quiet = [result for result in results if result.gold == "quiet"]
    print(
        f"raw pages        seen {sum(result.reported for result in real)} of {len(real)}   "
        f"false {sum(result.reported for result in quiet)} of {len(quiet)}"
    )
    if errors:
        for result in results:
            if result.reported != (result.gold != "quiet"):
                show(result)


def noise(folder: Path, *, errors: bool) -> None:
    """Windows in which the policy did not change: no transition may be substantive."""
    transitions = substantive = silent = 0
    for window in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = [read(path) for path in sorted(window.glob("*.html"))]
        for before, after in itertools.pairwise(texts):
            assessment = assess(before, after)
            transitions += 1
            substantive += assessment.materiality == "substantive"
            silent += before.text == after.text
            if errors and assessment.materiality == "substantive":
                print(f"  {window.name}: {[change.reason for change in assessment.clauses]}")
    print(f"quiet windows    substantive {substantive} of {transitions} transitions; {silent} with the very same text")


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--half", choices=["a", "b"], default="", help="show the errors of one half only")
    arguments.add_argument("--errors", action="store_true")
    arguments.add_argument("--only", choices=["changes", "raw", "noise"])
    arguments.add_argument("--out", type=Path, help="write the predictions here")
    options = arguments.parse_args()
    if not os.environ.get("MONITOR_DATA"):
        sys.exit("MONITOR_DATA names no folder of real data")
    data = Path(os.environ["MONITOR_DATA"])
    if options.only in {None, "changes"}:
        changes(data / "changes", chosen=options.half, errors=options.errors, out=options.out)
    if options.only in {None, "raw"}:
        raw(data / "changes-raw", errors=options.errors)
    if options.only in {None, "noise"}:
        noise(data / "noise", errors=options.errors)


if __name__ == "__main__":
    main()
