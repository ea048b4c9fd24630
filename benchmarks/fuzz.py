"""A million mutated inputs, and inputs that coverage guides: ``python -m benchmarks.fuzz [--inputs N] [--guided MINUTES]``.

The targets, what must hold of their answers and the seeds are those of ``tests/reliability``; a share of the inputs goes
to each. ``--guided`` lets atheris look for inputs as well, the given minutes for all targets together; it is installed
from PyPI into a temporary folder. Every input that ends with anything but an answer or an error of ours is named by
target, seed and number, and made again by ``mutated(target, seed, number)``. Exits with the number of finds, at most 99.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

from benchmarks import reliable

ATHERIS = "atheris>=3,<4"
SEED = 20261124
PIECE = 20_000  # inputs of one target that a worker takes at a time
GUIDED = """
import sys
import atheris
with atheris.instrument_imports(include=["monitor"]):
    from reliability.fuzzed import ALL
name = sys.argv.pop(1)
target = next(target for target in ALL if target.name == name)
target.run(target.seeds()[0])
atheris.Setup(sys.argv, target.run)
atheris.Fuzz()
"""


def _piece(job: tuple[str, int, int]) -> tuple[str, int, float, list[str]]:
    """Feed one target a run of inputs; its name, how many, seconds of CPU and finds."""
    from reliability.fuzzed import ALL
    from reliability.hunting import hunt

    name, first, count = job
    target = next(target for target in ALL if target.name == name)
    start = os.times()
    finds = [f"{SEED}/{find.number}: {find.what} ({find.where})" for find in hunt(target, first, count, seed=SEED)]
    end = os.times()
    return name, count, sum(end[:4]) - sum(start[:4]), finds


def mutations(inputs: int, workers: int) -> int:
    """The number of finds among so many mutated inputs; prints a line a target."""
    from reliability.fuzzed import ALL

    total = sum(target.share for target in ALL)
    jobs = [
        (target.name, first, min(PIECE, share - first))
        for target in ALL
        for share in (inputs * target.share // total,)
        for first in range(0, share, PIECE)
    ]
    jobs.sort(key=lambda job: job[0] not in {"assess", "practices", "extract"})  # the slowest first
    given: dict[str, int] = {}
    spent: dict[str, float] = {}
    finds = 0
    with get_context("spawn").Pool(workers, maxtasksperchild=8) as pool:
        for name, count, seconds, found in pool.imap_unordered(_piece, jobs):
            given[name], spent[name] = given.get(name, 0) + count, spent.get(name, 0) + seconds
            finds += len(found)
            for find in found:
                print(f"    {name} {find}", flush=True)
            if given[name] == sum(job[2] for job in jobs if job[0] == name):
                print(f"{name:10} {given[name]:9,} inputs, {spent[name]:6.0f} s of CPU", flush=True)
    print(f"mutated    {sum(given.values()):9,} inputs, {sum(spent.values()):6.0f} s of CPU; {finds} wrong", flush=True)
    return finds


def guided(folder: Path, minutes: float) -> int:
    """The number of targets in which coverage led to a find; prints a line a target."""
    from reliability.fuzzed import ALL

    libraries = folder / "libraries"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(libraries), ATHERIS],
        check=True,
    )
    program = folder / "guided.py"
    program.write_text(GUIDED, encoding="utf-8")
    paths = os.pathsep.join((str(libraries), str(reliable.TESTS), str(reliable.TESTS.parent)))
    failed = 0
    for target in ALL:
        corpus = folder / target.name
        corpus.mkdir()
        for number, seed in enumerate(target.seeds()):
            (corpus / str(number)).write_bytes(seed[: target.longest])
        ran = subprocess.run(
            [
                sys.executable, str(program), target.name, str(corpus), f"-max_total_time={minutes * 60 / len(ALL):.0f}",
                f"-max_len={target.longest}", "-timeout=20", "-rss_limit_mb=2048", f"-artifact_prefix={folder}/",
                "-print_final_stats=1", f"-seed={SEED}",
            ],
            env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        executed = _stat(ran.stderr, "stat::number_of_executed_units:")
        print(
            f"{target.name:10} {executed:>9} guided inputs; {'wrong' if ran.returncode else 'nothing found'}",
            flush=True,
        )
        if ran.returncode:
            failed += 1
            print("    " + "\n    ".join((ran.stdout + ran.stderr).splitlines()[-40:]), flush=True)
    return failed


def _stat(said: str, name: str) -> str:
    return next((line.split()[-1] for line in said.splitlines() if line.startswith(name)), "no")


def main(arguments: Sequence[str] | None = None) -> int:
    """The number of finds, at most 99."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="mutated inputs (release: 1000000)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--guided", type=float, default=0, help="minutes of atheris for all targets (release: 60)")
    given = parser.parse_args(arguments)
    start = time.perf_counter()
    finds = mutations(given.inputs, given.workers) if given.inputs else 0
    if given.guided:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            finds += guided(Path(folder), given.guided)
    print(f"{finds} wrong; {time.perf_counter() - start:.0f} s")
    return min(finds, 99)


if __name__ == "__main__":
    sys.exit(main())
