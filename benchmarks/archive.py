"""What the archive costs: bytes for a silent check and for a kept version, and time as histories grow.

usage: python -m benchmarks.archive [--versions N] [--documents N]

All pages are invented; with MONITOR_DATA also the raw captures of its folder ``noise``.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.archive.archive import FolderArchive, open_folder
from monitor.model import (
    Archived,
    Assessment,
    Capture,
    CheckOutcome,
    Document,
    DocumentKey,
    Extraction,
    SnapshotCapture,
    Verdict,
)

KEY = DocumentKey("larkspur", "privacy-policy")
START = datetime(2020, 1, 1, tzinfo=UTC)
SILENT_CHECK = 2048  # bytes of ledger
KEPT_VERSION = 12 * 1024  # bytes on disk for the raw of a page of 240 KB, on average
FLAT = 1.5  # a check with the longest history may take this much longer than one with ten versions


class Calendar:
    """A clock of days."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """Six hours after the last time it was asked."""
        self.at += timedelta(hours=6)
        return self.at

    def monotonic(self) -> float:
        """Nothing."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """At once."""


def words(count: int, seed: int) -> str:
    """Invented prose, the same for the same seed."""
    chance = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    vocabulary = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(900)]
    lines = []
    while count > 0:
        length = chance.randint(8, 40)
        lines.append(" ".join(chance.choices(vocabulary, k=length)).capitalize() + ".")
        count -= length
    return "\n\n".join(lines)


PROSE = words(5000, 1)
CHROME = "\n".join(f'<a class="c{n}" href="/{words(3, n)}">{words(8, n)}</a>' for n in range(2200))


def version(number: int) -> tuple[bytes, Extraction]:
    """A page of 240 KB and its text of 28 KB; each number alters a sentence or two and the page's tokens."""
    lines = PROSE.split("\n\n")
    lines[number % len(lines)] = words(20, 1000 + number)
    text = "# Privacy policy\n\n" + "\n\n".join(lines) + "\n"
    token = random.Random(number).randbytes(200).hex()
    page = f'<!doctype html><meta name=csrf content="{token}">{CHROME[:200_000]}<main>{text}</main>'.encode()
    return page, Extraction(text, "1+bench", Verdict("policy"), words=5000)


def capture(body: bytes, at: datetime) -> Capture:
    headers = (
        ("etag", '"5e7f-12ab"'),
        ("last-modified", "Wed, 18 Mar 2026 09:30:00 GMT"),
        ("content-type", "text/html"),
    )
    url = "https://larkspur.example/privacy"
    return Capture(url, url, at, 200, headers, body)


def described(part: Capture) -> SnapshotCapture:
    return SnapshotCapture(
        part.url, part.final_url, part.fetched_at, part.status, part.headers, part.digest, len(part.body)
    )


def record(
    archive: FolderArchive, outcome: CheckOutcome, body: bytes, text: Extraction | None, key: DocumentKey = KEY
) -> None:
    """One check, as the use case makes it."""
    at = archive._store.clock.now()  # noqa: SLF001 - the clock handed in
    part = capture(body, at)
    archive.stage((part,))
    state = replace(archive.state(key), last_check_at=at, next_check_at=at, last_captures=(described(part),))
    change = Assessment("substantive", "low", "neutral", "A sentence was reworded", (), (), "rules-1")
    archive.record(
        Archived(
            key,
            at,
            outcome,
            state,
            captures=(part,) if text else (),
            seen=(described(part),),
            keep="" if text is None else "first" if outcome == "baseline" else "version",
            extraction=text,
            kind="change" if outcome == "version" else None,
            assessment=change if outcome == "version" else None,
        ),
        lambda _event, _subscriptions: (),
    )


def size(folder: Path, suffix: str) -> int:
    """Bytes of all files with the suffix."""
    return sum(path.stat().st_size for path in folder.rglob(f"*{suffix}") if path.is_file())


def ledger(archive: FolderArchive, folder: Path) -> int:
    """Bytes of the ledger with its log folded in."""
    with archive._store.ledger.borrowed() as db:  # noqa: SLF001 - there is no other use for it
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return size(folder, "monitor.db")


def timed(work: Callable[[], object], times: int = 20) -> float:
    """Milliseconds of CPU, the median of several: waiting for the disk does not depend on the history."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return sorted(taken)[len(taken) // 2]


def bytes_kept(folder: Path) -> bool:
    """Print what a silent check and a kept version take; whether both are within what is promised."""
    archive = open_folder(folder, clock=Calendar())
    page, text = version(0)
    record(archive, "baseline", page, text)
    before = ledger(archive, folder)
    for number in range(400):
        record(archive, "unchanged", page + str(number).encode(), None)
    silent = (ledger(archive, folder) - before) / 400
    before, raw = ledger(archive, folder), size(folder, ".zst")
    for number in range(1, 101):
        record(archive, "version", *version(number))
    rows, kept = (ledger(archive, folder) - before) / 100, (size(folder, ".zst") - raw) / 100
    print(f"silent check: {silent:.0f} bytes of ledger (at most {SILENT_CHECK})")
    print(f"kept version of a page of {len(page) / 1024:.0f} KB: {kept / 1024:.1f} KB raw (at most 12),")
    print(f"  {len(text.text) / 1024:.0f} KB readable text, {rows / 1024:.1f} KB of ledger with its search index")
    archive.close()
    return silent <= SILENT_CHECK and kept <= KEPT_VERSION


def real_pages(root: Path, data: Path) -> None:
    """Print what real captures take, window by window."""
    for window in sorted(path for path in (data / "noise").iterdir() if path.is_dir()):
        archive = open_folder(root / window.name, clock=Calendar())
        pages = [path.read_bytes() for path in sorted(window.glob("*.html"))]
        for number, page in enumerate(pages):
            record(archive, "version" if number else "baseline", page, version(number)[1])
        archive.close()
        raw, kept = sum(map(len, pages)) / len(pages) / 1024, size(root / window.name, ".zst") / len(pages) / 1024
        print(f"  {window.name}: {len(pages)} captures of {raw:.0f} KB: {kept:.1f} KB each, 1/{raw / kept:.0f}")


def _at_once(fd: object) -> None:
    del fd


def careless(archive: FolderArchive) -> None:
    """Grow a history without waiting for the disk."""
    with archive._store.ledger.borrowed() as db:  # noqa: SLF001 - only here
        db.execute("PRAGMA synchronous = OFF")
    os.fsync = _at_once


def time_as_it_grows(folder: Path, lengths: Sequence[int]) -> bool:
    """Print how long checks take with ever longer histories; whether that stays flat."""
    archive, known = open_folder(folder, clock=Calendar()), os.fsync
    made, first = 0, 0.0
    flat = True
    print("versions   silent check   changed check   state   seen before   (ms of CPU)")
    for length in lengths:
        careless(archive)
        while made < length:
            record(archive, "version" if made else "baseline", *small(made))
            made += 1
        os.fsync = known
        archive.close()
        archive = open_folder(folder, clock=Calendar())
        silent = timed(lambda: record(archive, "unchanged", b"x", None))  # noqa: B023 - called at once
        before = time.process_time()
        for _ in range(20):
            record(archive, "version", *small(made))
            made += 1
        changed = (time.process_time() - before) * 50
        state = timed(lambda: archive.state(KEY))  # noqa: B023
        seen = timed(lambda: archive.seen_before(KEY, "00" * 32))  # noqa: B023
        print(f"{length:8}   {silent:12.2f}   {changed:13.2f}   {state:5.2f}   {seen:11.2f}")
        first = first or silent + changed
        flat = silent + changed <= FLAT * first
    start = time.process_time()
    found = sum(1 for _ in archive.verify())
    print(f"verify of {made} versions: {time.process_time() - start:.1f} s, {found} damages")
    archive.close()
    return flat


def small(number: int) -> tuple[bytes, Extraction]:
    """A short page and its text."""
    lines = PROSE.split("\n\n")[:40]
    lines[number % 40] = words(12, 5000 + number)
    text = "\n\n".join(lines) + "\n"
    return text.encode() + str(number).encode(), Extraction(text, "1+bench", Verdict("policy"), words=900)


def many_documents(folder: Path, count: int) -> None:
    """Print how long it takes to learn the state of every document."""
    archive, known = open_folder(folder, clock=Calendar()), os.fsync
    careless(archive)
    for number in range(count):
        record(archive, "baseline", *small(number), key=DocumentKey(f"vendor-{number}", "privacy-policy"))
    os.fsync = known
    print(f"states of {count} documents: {timed(archive.states, 3):.0f} ms")
    times = {Document(f"vendor-{n}", "privacy-policy", "privacy-policy", ()).key: START for n in range(count)}
    print(f"schedule of {count} documents: {timed(lambda: archive.schedule(times), 1):.0f} ms")
    print(f"search: {timed(lambda: archive.search('ba', limit=50), 3):.0f} ms")
    archive.close()


def main() -> int:
    """0 when every figure is within what is promised."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--versions", type=int, default=2000, help="length of the longest history")
    parser.add_argument("--documents", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        good = bytes_kept(root / "bytes")
        if data := os.environ.get("MONITOR_DATA"):
            real_pages(root, Path(data))
        lengths = [length for length in (10, 100, 1000, 10_000, 100_000) if length < asked.versions]
        good = time_as_it_grows(root / "growing", [*lengths, asked.versions]) and good
        many_documents(root / "many", asked.documents)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
