"""The long forms of the reliability tests: ``python -m benchmarks.reliability [--only NAMES] [--kills 10000] …``.

Each prints its figure and what was wrong; the exit code is the number of those that found something. Without arguments
it takes about a quarter of an hour on two quiet cores; what is measured for a release stands in docs/reliability.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import reliable
from benchmarks.reliable.outcome import Outcome

NAMES = ("kills", "mailing", "sweep", "power", "flips", "soak")


def main() -> int:
    """The number of long forms that found something wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(NAMES), help=f"some of {', '.join(NAMES)}")
    parser.add_argument("--kills", type=int, default=500, help="random SIGKILLs of the check loop (release: 10000)")
    parser.add_argument("--mailing", type=int, default=200, help="the same while mail goes out by SMTP (release: 2000)")
    parser.add_argument("--step", type=int, default=20, help="every how manyeth point of each sweep (release: 1)")
    parser.add_argument("--faults", default="", help="what the sweep injects, e.g. kill,EIO (default and release: all)")
    parser.add_argument("--images", type=int, default=500, help="images after power cuts (release: 2000)")
    parser.add_argument("--flips", type=int, default=2000, help="flipped bits, 0 for every byte (release: 0)")
    parser.add_argument("--soak", type=float, default=3, help="minutes of the daemon on a fast clock (release: 120)")
    arguments = parser.parse_args()
    assert reliable.TESTS.is_dir()
    from benchmarks.reliable import flips, kills, soak, sweeps

    forms: dict[str, Callable[[Path], Outcome | dict[str, Outcome]]] = {
        "kills": lambda folder: kills.kills(folder, arguments.kills),
        "mailing": lambda folder: kills.kills_while_mailing(folder, arguments.mailing),
        "sweep": lambda folder: sweeps.every_fault(
            folder,
            step=arguments.step,
            faults=arguments.faults.split(",") if arguments.faults else tuple(sweeps.FAULTS),
        ),
        "power": lambda folder: sweeps.power(folder, arguments.images),
        "flips": lambda folder: flips.flips(folder, arguments.flips),
        "soak": lambda folder: soak.soak(folder, arguments.soak),
    }
    failed = 0
    for name in arguments.only.split(","):
        print(f"{name}: begun {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", flush=True)
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix=f"reliability-{name}-") as folder:
            found = forms[name](Path(folder))
        outcomes = found if isinstance(found, dict) else {name: found}
        for part, outcome in outcomes.items():
            outcome.tell(part, time.perf_counter() - start)
            failed += bool(outcome.wrong)
    return failed


if __name__ == "__main__":
    sys.exit(main())
