"""The daemon for simulated years: memory and descriptors must be flat.

Each of its documents changes every few days, so the archive and what a publication reads of it grow hundreds of times
faster than they would. What a process takes for the archive is no leak: a fresh daemon on the same folder takes it too,
and is measured after the old one for comparison.

``python -m benchmarks.reliable.soak ROOT ORIGIN SECONDS_PER_DAY`` is the daemon, on a clock that runs fast.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from faulty.http import Request, Response, Site
from reliability.scene import START, bracken, larkspur
from reliability.sound import opened, problems

from benchmarks.reliable.outcome import Outcome
from monitor.clock import SystemClock

DOCUMENTS = 10
SECONDS_PER_DAY = 4.0
WARM_UP = 0.25  # of the time: caches fill and the first children come and go
SLOPE = 0.05  # memory may be more than that of a fresh daemon by this part of it: what an allocator keeps
FRESH = 120.0  # seconds that the fresh daemon may take to have published for every document


Sample = tuple[int, int, int]
"""Resident memory in KB, open descriptors, and children that are dead and not waited for."""


class FastClock(SystemClock):
    """A clock on which a day takes some seconds."""

    def __init__(self, origin: float, seconds: float) -> None:
        self._origin, self._seconds = origin, seconds

    def now(self) -> datetime:
        """The simulated time."""
        return START + timedelta(days=(time.time() - self._origin) / self._seconds)


def soak(folder: Path, minutes: float) -> Outcome:
    """Run the daemon for so many minutes and look at it every second."""
    root = folder / "soak"
    root.mkdir(parents=True)
    origin = time.time()
    clock = FastClock(origin, SECONDS_PER_DAY)

    def page(number: int) -> Response:
        day = (clock.now() - START).days + number
        return larkspur(day) if number % 2 else bracken(day)

    def serve(request: Request) -> Response:
        return page(int(request.path.strip("/").partition("/")[0]))

    with Site({f"/{number}/privacy": serve for number in range(DOCUMENTS)}) as site:
        _write(root, site)
        samples, took, code = _watched(root, origin, minutes * 60)
        fresh, *_ = _watched(root, origin, min(FRESH, minutes * 60))
    wrong = [] if code == 0 else [f"the daemon ended with {code}: {(root / 'log').read_text()[-800:]}"]
    wrong += problems(root)
    if took > 10:
        wrong.append(f"it took {took:.0f} s to stop")
    return _judged(root, samples, fresh, wrong)


def _watched(root: Path, origin: float, seconds: float) -> tuple[list[Sample], float, int | None]:
    """A daemon that is looked at every second, and told to stop: the samples, how long stopping took, and its code.

    The code is None when it ended by itself.
    """
    with (root / "log").open("a") as errors:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.reliable.soak", str(root), str(origin), str(SECONDS_PER_DAY)],
            stderr=errors,
        )
    samples: list[Sample] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until and daemon.poll() is None:
        time.sleep(1)
        samples.append(_sample(daemon.pid))
        if len(samples) % 300 == 0:
            print(
                f"  … {len(samples) // 60} minutes: {samples[-1][0] / 1024:.1f} MB, {samples[-1][1]} files", flush=True
            )
    alive = daemon.poll() is None
    daemon.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    code = daemon.wait(timeout=60)
    return samples, time.monotonic() - asked, code if alive else None


def _judged(root: Path, samples: list[Sample], fresh: list[Sample], wrong: list[str]) -> Outcome:
    archive = opened(root)
    checks = list(archive.checks())
    archive.close()
    days = (checks[-1].at - checks[0].at) / timedelta(days=1) if checks else 0.0
    quarter = max(1, int(len(samples) * WARM_UP))
    (early, late), (few, many), (_, zombies) = (
        (
            statistics.median(row[place] for row in samples[quarter : 2 * quarter]),
            statistics.median(row[place] for row in samples[-quarter:]),
        )
        for place in range(3)
    )
    new = max(row[0] for row in fresh)
    if late > max(early, new) * (1 + SLOPE):
        wrong.append(
            f"memory grew from {early / 1024:.1f} to {late / 1024:.1f} MB; a fresh daemon takes {new / 1024:.1f}"
        )
    if many > few:
        wrong.append(f"descriptors grew from {few} to {many}")
    if zombies:
        wrong.append(f"{zombies} dead children not waited for")
    per_document = len(checks) / DOCUMENTS / days if days else 0
    if not 0.9 <= per_document <= 1.6:  # second looks come on top
        wrong.append(f"{per_document:.2f} checks a document and day")
    memory = f"RSS {early / 1024:.1f} → {late / 1024:.1f} MB (a fresh daemon on the same archive {new / 1024:.1f})"
    return Outcome(
        f"{len(checks)} checks in {days:.0f} simulated days, {memory}, descriptors {few:.0f} → {many:.0f}", tuple(wrong)
    )


def _write(root: Path, site: Site) -> None:
    documents = "\n".join(
        f'[[vendor]]\nid = "v{number}"\nname = "Vendor {number}"\n'
        f'[[vendor.document]]\nkind = "privacy-policy"\nurl = "{site.url(f"/{number}/privacy")}"'
        for number in range(DOCUMENTS)
    )
    (root / "watchlist.toml").write_text(f'[defaults]\ninterval = "1d"\nconfirm = "12h"\n{documents}\n')
    (root / "settings.toml").write_text(
        f'contact = "https://soak.example/"\nallow_networks = ["127.0.0.0/8"]\nallow_ports = [{site.port}]\n'
        'delay = "0s"\noperator = ["ops@monitor.example"]\nmail_from = "monitor@monitor.example"\n'
    )


def _sample(process: int) -> Sample:
    try:
        status = Path(f"/proc/{process}/status").read_text()
        memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        dead = sum(Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][:1] == "Z" for child in children)
        return memory, len(os.listdir(f"/proc/{process}/fd")), dead  # noqa: PTH208 - only their number counts
    except (FileNotFoundError, StopIteration):
        return 0, 0, 0


def main() -> None:
    """The daemon."""
    from monitor.cli.context import Context
    from monitor.daemon import Daemon

    root, origin, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    with Context(root, clock=FastClock(origin, seconds)) as context:
        Daemon(context, tick=0.25).run()


if __name__ == "__main__":
    main()
