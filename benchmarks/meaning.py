"""What is said about labelled changes: labels, directions, quotations, inversions; and what saying it costs.

usage: MONITOR_DATA=DIR python -m benchmarks.meaning [--half a|b] [--errors] [--out FILE] [--strict]

Figures are printed for two halves, split by vendor, and for all: rules are written while reading the errors of half a
only, so that half b shows what they are worth on policies that nobody looked at. Scored as the scorer beside the data
does (MONITOR_DATA/../bench/score.py); without it there is nothing to compare with. The growth of CPU time is measured on
texts made of one real policy, repeated.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.changes import read
from monitor.meaning import assess
from monitor.meaning.reading import read as read_words
from monitor.model import Extraction, ExtractOptions, Page, Quote
from monitor.text import extract

REACH: tuple[tuple[str, float, bool], ...] = (  # figure, what to reach, whether more is better
    ("missed_pairs", 2, False),
    ("false_pairs", 3, False),
    ("inversions", 0, False),
    ("label_f1", 0.75, True),
    ("label_precision", 0.75, True),
    ("label_recall", 0.75, True),
    ("family_f1", 0.85, True),
    ("critical_recall", 0.88, True),
    ("direction", 0.90, True),
    ("evidence", 0.92, True),
    ("unclassified_per_loud_pair", 0.3, False),
    ("unclassified_on_quiet", 0, False),
    ("literal", 1.0, True),
)
SIZES = (5_000, 10_000, 20_000, 50_000)  # words a side
BUDGET = 0.060  # CPU seconds a pair of 5,000 words


def half(vendor: str) -> str:
    """The half of the set that a vendor belongs to; "a" is the one that was read while the rules were written."""
    return "ab"[hashlib.sha256(vendor.encode()).digest()[0] % 2]


def scorer() -> ModuleType | None:
    """The scorer that lies beside the data, None when there is none."""
    path = Path(os.environ["MONITOR_DATA"]).parent / "bench" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path) if path.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def side(quote: Quote | None) -> dict[str, Any] | None:
    """A quotation as the scorer reads it."""
    return {"quote": quote.quote} if quote else None


def predicted(row: dict[str, Any], before: Extraction, after: Extraction) -> dict[str, Any]:
    """What is said of a pair, with the CPU time it took."""
    started = time.process_time()
    said = assess(before, after)
    cost = time.process_time() - started
    findings = [
        {
            "label": one.label,
            "action": one.action,
            "polarity": one.polarity,
            "direction": one.direction,
            "severity": one.severity,
            "value": one.value,
            "rule": one.rule,
            "summary": one.summary,
            "before": side(one.before),
            "after": side(one.after),
        }
        for one in said.findings
    ]
    quotes = [
        (quote, text) for one in said.findings for quote, text in ((one.before, before), (one.after, after)) if quote
    ]
    stored = [text.text[quote.start : quote.end] == quote.quote for quote, text in quotes]
    return {
        "id": row["id"],
        "materiality": said.materiality,
        "findings": findings,
        "cpu": cost,
        "quotes": len(stored),
        "stored": sum(stored),
    }


def growth(text: str) -> None:
    """CPU time of pairs of growing length, one clause in twenty reworded."""
    lines = [line for line in text.splitlines() if line.strip()]
    words = sum(len(line.split()) for line in lines)
    for size in SIZES:
        times = -(-size // words)
        old = [line if n == 0 else f"{line} (part {n})" for n in range(times) for line in lines]
        new = [f"{line} We may also share it with advertisers." if n % 20 == 7 else line for n, line in enumerate(old)]
        sides = [extract((Page("\n\n".join(some).encode(), name="x.md"),), ExtractOptions()) for some in (old, new)]
        read_words.cache_clear()
        started = time.process_time()
        assess(sides[0], sides[1])
        cost = time.process_time() - started
        print(
            f"  {sides[1].words:7,} words a side: {1000 * cost:6.0f} ms, {1e6 * cost / sides[1].words:5.1f} µs a word"
        )


def table(score: ModuleType, gold: dict[str, Any], said: dict[str, Any], texts: Path, *, errors: bool) -> bool:
    """Print the figures of both halves and all; whether all of them reach what is asked on all."""
    halves = {"half a": "a", "half b": "b", "all": "ab"}
    figures = {}
    for name, which in halves.items():
        rows = {key: row for key, row in gold.items() if key in said and half(row["vendor"]) in which}
        if rows:
            figures[name], lines = score.score(rows, said, texts)
            if errors and len(which) == 1:
                print(f"--- {name}", *lines, sep="\n")
    print(f"{'':28}" + "".join(f"{name:>9}" for name in figures) + "    reach")
    reached = True
    for key, wanted, more in REACH:
        values = [figures[name][key] for name in figures]
        shown = "".join(f"{'-' if value is None else round(value, 3):>9}" for value in values)
        good = values[-1] is not None and (values[-1] >= wanted if more else values[-1] <= wanted)
        reached = reached and good
        print(f"{key:28}{shown}    {'≥' if more else '≤'} {wanted}{'' if good else '  not reached'}")
    return reached


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when one is not reached and ``--strict`` asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("a", "b"), help="only this half")
    parser.add_argument("--errors", action="store_true", help="list every miss, false finding and inversion")
    parser.add_argument("--out", type=Path, help="write the predictions as JSON lines")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a figure is not reached")
    args = parser.parse_args(arguments)
    if not os.environ.get("MONITOR_DATA"):
        sys.exit("MONITOR_DATA names no folder of real data")
    score = scorer()
    if score is None:
        print("there is no scorer beside the data: nothing to compare with")
        return 0
    folder = Path(os.environ["MONITOR_DATA"]) / "changes"
    rows = [json.loads(line) for line in (folder / "changes.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if args.half in (None, half(row["vendor"]))]
    first = folder / rows[0]["id"]
    assess(read(first / "before.md"), read(first / "after.md"))  # start: the lexicon is read
    said, size = {}, {}
    for row in rows:
        before, after = (read(folder / row["id"] / f"{one}.md") for one in ("before", "after"))
        said[row["id"]] = predicted(row, before, after)
        size[row["id"]] = max(before.words, after.words)
    if args.out:
        args.out.write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in said.values()), encoding="utf-8"
        )
    reached = table(score, {row["id"]: row for row in rows}, said, folder, errors=args.errors)
    quotes, stored = (sum(row[key] for row in said.values()) for key in ("quotes", "stored"))
    print(
        f"{stored} of {quotes} quotations stand where they say in the stored text (the scorer looks into the raw files)"
    )
    near = [said[key]["cpu"] for key in said if 3_500 <= size[key] <= 6_500]
    if near:
        mean = sum(near) / len(near)
        print(
            f"CPU a pair of about 5,000 words: mean {1000 * mean:.0f} ms, most {1000 * max(near):.0f} ms (reach ≤ {1000 * BUDGET:.0f} ms)"
        )
    growth((folder / rows[0]["id"] / "after.md").read_text(encoding="utf-8"))
    return int(args.strict and not (reached and stored == quotes))


if __name__ == "__main__":
    sys.exit(main())
