"""The short benchmarks, one after the other, each in a process of its own: ``python -m benchmarks``.

Each prints its figures; a benchmark that fails, or misses a figure it holds itself to, fails the run.
"""

from __future__ import annotations

import subprocess
import sys
import time

SHORT = (
    "benchmarks.pages",
    "benchmarks.quiet",
    "benchmarks.changes",
    "benchmarks.meaning",
    "benchmarks.mutations",
    "benchmarks.history",
    "benchmarks.passes",
)


def main() -> int:
    """The number of benchmarks that failed."""
    failed = []
    for module in SHORT:
        print(f"\n== {module}", flush=True)
        start = time.perf_counter()
        ended = subprocess.run([sys.executable, "-m", module], check=False).returncode
        print(f"-- {module}: {time.perf_counter() - start:.1f} s", flush=True)
        if ended:
            failed.append(f"{module} ({ended})")
    if failed:
        print("failed:", ", ".join(failed))
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
