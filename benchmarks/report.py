"""What the report costs: a comparison of 20,000 clauses, and a site of many vendors, made whole and after one change.

``python -m benchmarks.report`` runs the small form (50 vendors); ``--vendors 500 --changes 50`` the full one. Held to:
a comparison in 3 s and 5 MB; at 500 vendors × 50 changes a front page of 300 KB, all pages in 120 s, one change in 2 s.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.archive import open_archive
from monitor.clock import MovedClock
from monitor.compare import compare
from monitor.meaning import assess
from monitor.model import (
    Archived,
    Assessment,
    Capture,
    Document,
    DocumentKey,
    Extraction,
    Settings,
    StatedDates,
    Vendor,
    Verdict,
    Watchlist,
    WatchState,
)
from monitor.ports import Archive
from monitor.publish import publish
from monitor.report.comparison_page import comparison_page
from monitor.site import FolderSite
from monitor.text.segment import segment

START = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
VERBS = ("collect", "use", "store", "keep", "share", "disclose", "analyse", "combine", "delete", "transfer")
DATA = ("your name", "your address", "device identifiers", "the pages you visit", "payment details", "your location",
        "messages you send", "your contacts", "voice recordings", "purchase history", "your date of birth")  # fmt: skip
WHO = ("service providers", "advertising partners", "companies of our group", "public authorities", "researchers",
       "the buyer of our business", "analytics providers", "payment processors")  # fmt: skip
WHY = ("to run the service", "to show advertisements", "to improve our products", "to keep accounts secure",
       "to answer your questions", "to meet legal duties", "to train models", "to measure how it is used")  # fmt: skip


def sentence(dice: random.Random) -> str:
    """A sentence as policies have them, of an invented vendor."""
    may = dice.choice(("We", "We may", "We do not", "With your consent we"))
    days = dice.choice((30, 60, 90, 180, 365))
    return (
        f"{may} {dice.choice(VERBS)} {dice.choice(DATA)} and {dice.choice(DATA)} with {dice.choice(WHO)} "
        f"{dice.choice(WHY)}, and keep it for {days} days after case {dice.randrange(10_000)}."
    )


def policy(sentences: list[str]) -> str:
    """A normalised text of those sentences, in sections."""
    parts = ["# Privacy policy", "Last updated: 1 January 2022"]
    for number in range(0, len(sentences), 12):
        parts += [f"## Part {number // 12 + 1}", *sentences[number : number + 12]]
    return "\n\n".join(parts) + "\n"


def extraction(text: str) -> Extraction:
    return Extraction(
        text, "1+bench", Verdict("policy"), "Privacy policy", "en", StatedDates(), words=len(text.split())
    )


def comparison(clauses: int) -> tuple[float, float, int]:
    """Seconds to compare, seconds to make the page, and its bytes: one clause in ten differs."""
    dice = random.Random(7)
    before = [sentence(dice) for _ in range(clauses)]
    after = [
        sentence(dice) if roll < 0.03 else text.replace("days", "weeks") if roll < 0.08 else text
        for text in before
        if (roll := dice.random()) < 0.98
    ]
    old, new = extraction(policy(before)), extraction(policy(after))
    started = time.process_time()
    found = compare(old.text, new.text)
    compared = time.process_time()
    said = Assessment("substantive", "low", "unclear", "Bench.", (), found.changes, "bench")
    page = comparison_page("20,000 clauses", old, new, said)
    assert len(segment(old.text)) >= clauses
    return compared - started, time.process_time() - compared, len(page)


def history(dice: random.Random, changes: int) -> list[tuple[Extraction, Assessment | None]]:
    """Versions of one policy of 70 sentences, each with what is said about it."""
    sentences = [sentence(dice) for _ in range(70)]
    made: list[tuple[Extraction, Assessment | None]] = [(extraction(policy(sentences)), None)]
    for _ in range(changes):
        for _ in range(dice.randrange(1, 5)):
            at = dice.randrange(len(sentences))
            sentences[at] = sentence(dice) if dice.random() < 0.5 else sentences[at].replace("days", "weeks")
        new = extraction(policy(sentences))
        made.append((new, assess(made[-1][0], new)))
    return made


def record(
    archive: Archive, key: DocumentKey, versions: list[tuple[Extraction, Assessment | None]], first: int
) -> None:
    for number, (text, assessment) in enumerate(versions, first):
        at = START + timedelta(days=25 * number, minutes=hash(key) % 40_000)
        body = f"{key} {number} {text.text}".encode()
        capture = Capture(f"https://{key.vendor}.example/privacy", "", at, 200, (("content-type", "text/html"),), body)
        archive.stage([capture])
        archive.record(
            Archived(
                key,
                at,
                "version" if assessment else "baseline",
                WatchState(key, last_check_at=at, last_seen_at=at),
                captures=(capture,),
                keep="version" if assessment else "first",
                extraction=text,
                seen_at=at,
                verdict=text.verdict,
                kind="change" if assessment else None,
                assessment=assessment,
            ),
            lambda _event, _subscriptions: (),
        )


def site(vendors: int, changes: int, folder: Path) -> tuple[float, float, int, int]:
    """Seconds for the whole site, seconds after one more change, bytes of the front page, number of files."""
    dice = random.Random(11)
    kinds = [history(dice, changes + 1) for _ in range(min(vendors, 12))]
    keys = [DocumentKey(f"vendor-{number:03}", "privacy-policy") for number in range(vendors)]
    watchlist = Watchlist(
        tuple(
            Vendor(key.vendor, f"Vendor {n}", documents=(Document(key.vendor, key.document, key.document, ("u",)),))
            for n, key in enumerate(keys)
        )
    )
    clock = MovedClock(START + timedelta(days=25 * (changes + 2)))
    archive = open_archive(folder / "snapshots", clock=clock)
    pages = FolderSite(folder / "report")
    settings = Settings(folder)
    try:
        started = time.process_time()
        with archive.checking():
            for number, key in enumerate(keys):
                record(archive, key, kinds[number % len(kinds)][:-1], 0)
        print(f"   (made an archive of {vendors} × {changes} changes in {time.process_time() - started:.0f} s)")
        started = time.process_time()
        publish(archive, pages, watchlist=watchlist, settings=settings, now=clock.now())
        whole = time.process_time() - started
        with archive.checking():
            record(archive, keys[0], kinds[0][-1:], changes + 1)
        started = time.process_time()
        done = publish(archive, pages, watchlist=watchlist, settings=settings, now=clock.now(), touched={keys[0]})
        one = time.process_time() - started
        print(f"   (one more change: {done.written} files written, {done.unchanged} looked at and left)")
        front = pages.read("index.html") or b""
        return whole, one, len(front), len(pages.paths())
    finally:
        archive.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vendors", type=int, default=50)
    parser.add_argument("--changes", type=int, default=50)
    options = parser.parse_args()
    missed = []

    compared, shown, size = comparison(20_000)
    print(f"20,000 clauses: compared in {compared:.2f} s, page in {shown:.2f} s, {size / 1e6:.2f} MB")
    if shown > 3 or size > 5_000_000:
        missed.append("comparison")

    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        whole, one, front, files = site(options.vendors, options.changes, Path(folder))
    print(f"{options.vendors} vendors × {options.changes} changes: {files} files in {whole:.1f} s, "
          f"one more change in {one:.2f} s, front page {front / 1000:.0f} KB")  # fmt: skip
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if (options.vendors >= 500 and whole > 120) or one > 2 or front > 300_000:
        missed.append("site")
    if missed:
        print("missed:", ", ".join(missed))
    return len(missed)


if __name__ == "__main__":
    sys.exit(main())
