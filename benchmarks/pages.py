"""Word F1 of our extraction against text that a person selected, and CPU per page from bytes to clauses.

usage: MONITOR_DATA=DIR python benchmarks/pages.py [--half a|b] [--worst N]
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import statistics
import sys
import time
import zlib
from pathlib import Path

from monitor.errors import ExtractionError
from monitor.model import ExtractOptions, Page
from monitor.text import extract
from monitor.text.segment import segment

MIN_SHARE = 0.3  # pages of which the policy is less hold several documents and need a selector


def words(markdown: str) -> collections.Counter[str]:
    """The words of a Markdown text, without images, link targets and markup."""
    plain = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", markdown)
    plain = re.sub(r"\]\((?:[^()]|\([^()]*\))*\)", " ", plain)
    return collections.Counter(re.findall(r"\w+", re.sub(r"[*_#`>|\\\[\]]", " ", plain).lower()))


def score(found: collections.Counter[str], gold: collections.Counter[str]) -> tuple[float, float, float]:
    """F1, precision and recall."""
    common = (found & gold).total()
    precision, recall = common / max(1, found.total()), common / max(1, gold.total())
    return (2 * precision * recall / (precision + recall) if common else 0.0), precision, recall


def half(page_id: str) -> str:
    """The half of the set a page's service belongs to, so that rules tuned on one can be checked on the other."""
    return "ab"[zlib.crc32(page_id.split("_", maxsplit=1)[0].encode()) % 2]


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--half", choices=["a", "b"])
    arguments.add_argument("--worst", type=int, default=3)
    arguments.add_argument("--out", type=Path, help="write the texts here")
    options = arguments.parse_args()
    if not os.environ.get("MONITOR_DATA"):
        sys.exit("MONITOR_DATA names no folder of real data")
    root = Path(os.environ["MONITOR_DATA"]) / "pages"
    rows = [json.loads(line) for line in (root / "pages.jsonl").read_text().splitlines()]
    extract([Page(b"<p>The imports of a child are done once.</p>", "text/html")], ExtractOptions())
    results = []
    spent = []
    for row in rows:
        if options.half and half(row["id"]) != options.half:
            continue
        page = Page((root / row["html"]).read_bytes(), "text/html", row["url"] or "", row["url"] or "")
        began = time.process_time()
        try:
            text = extract([page], ExtractOptions()).text
            segment(text)
        except ExtractionError as error:
            print(f"{row['id']}: {error}")
            text = ""
        spent.append(time.process_time() - began)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / (Path(row["html"]).stem + ".md")).write_text(text)
        if row["share_of_page"] >= MIN_SHARE:
            results.append((*score(words(text), words((root / row["gold"]).read_text())), row["id"]))
    results.sort()
    for f1, precision, recall, page_id in results[: options.worst]:
        print(f"  {f1:.3f} P {precision:.3f} R {recall:.3f} {half(page_id)} {page_id}")
    mean = statistics.mean(row[0] for row in results)
    tenth = results[len(results) // 10][0]
    cpu, usual = 1000 * statistics.mean(spent), 1000 * statistics.median(spent)
    print(
        f"pages: word F1 mean {mean:.4f} p10 {tenth:.3f} P {statistics.mean(r[1] for r in results):.3f} "
        f"R {statistics.mean(r[2] for r in results):.3f} on {len(results)}; CPU {cpu:.1f} ms/page (median {usual:.1f}) on {len(spent)}"
    )


if __name__ == "__main__":
    main()
