"""Kills and errors at every point of every use case, and images after power cuts."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from reliability.losing import images, record
from reliability.scene import DAYS, internet
from reliability.sound import problems
from reliability.sweeping import CASES, Case, Rehearsal
from reliability.tracing import FILES, OTHERS, points
from reliability.warm import Warm

from benchmarks.reliable.outcome import Outcome

RECORDED = (
    "first",
    "other bytes",
    "changed",
    "confirmed",
    "wall",
    "excursion",
    "withdrawn",
    "rebuild",
    "migration",
    "backup",
)


def sweep(folder: Path, fault: str, *, step: int, calls: Sequence[str] = FILES) -> Outcome:
    """Every ``step``-th point of every use case met by a fault, as strace says it."""
    wrong: list[str] = []
    met = killed = failed = 0
    with internet() as net, Warm() as warm:
        rehearsal = Rehearsal(folder, net, warm)
        rehearsal.prepare(max(DAYS.values()))
        for case in CASES:
            chosen = list(points(rehearsal.count(case, calls)))[random.randrange(step) :: step]
            swept = rehearsal.sweep(case, chosen, fault=fault, every=int(calls is FILES))
            if swept.points > 50:
                print(f"  … {case.name}: {swept.points} points, {len(swept.wrong)} wrong", flush=True)
            met, killed, failed = met + swept.points, killed + swept.killed, failed + swept.failed
            wrong += swept.wrong
    return Outcome(
        f"{met} points of {len(CASES)} use cases, {killed} killed, {failed} ended with an error", tuple(wrong)
    )


FAULTS = {
    "kill": "signal=KILL:when={}",
    "EIO": "error=EIO:when={}",
    "EIO for ever": "error=EIO:when={}+",
    "ENOSPC": "error=ENOSPC:when={}",
    "ENOSPC for ever": "error=ENOSPC:when={}+",
    "EDQUOT": "error=EDQUOT:when={}",
    "EDQUOT for ever": "error=EDQUOT:when={}+",
    "EINTR": "error=EINTR:when={}",
    "EIO reading": "error=EIO:when={}",
}
"""What a point is met with, as strace says it."""


def every_fault(folder: Path, *, step: int, faults: Sequence[str] = tuple(FAULTS)) -> dict[str, Outcome]:
    """Each of the faults at every ``step``-th point."""
    return {
        name: sweep(folder / name, FAULTS[name], step=step, calls=OTHERS if "reading" in name else FILES)
        for name in faults
    }


def power(folder: Path, number: int) -> Outcome:
    """Images of the disk after power cuts in several use cases; and whether the negative control shows."""
    wrong: list[str] = []
    seen = lost = 0
    controls: Counter[str] = Counter()
    chosen = [case for case in CASES if case.name in RECORDED and case.verb != "migrate"]
    with internet() as net, Warm() as warm:
        rehearsal = Rehearsal(folder, net, warm)
        rehearsal.prepare(max(DAYS.values()))
        for case in chosen:
            each = -(-number // len(chosen))
            for image, found in _images(rehearsal, case, each, syncing=True):
                seen, lost = seen + 1, lost + image
                wrong += [f"{case.name}: {what}" for what in found]
            for _lost, found in _images(rehearsal, case, max(10, each // 10), syncing=False):
                controls["damaged" if found else "whole"] += 1
            print(f"  … {case.name}: {seen} images, {len(wrong)} wrong", flush=True)
    if not controls["damaged"]:
        wrong.append("without anything made durable no image was damaged: the images prove nothing")
    control = f"without syncs {controls['damaged']} of {controls.total()} damaged"
    return Outcome(f"{seen} images of {len(chosen)} use cases, {lost} calls lost in them; {control}", tuple(wrong))


def _images(rehearsal: Rehearsal, case: Case, number: int, *, syncing: bool) -> list[tuple[int, list[str]]]:
    before, steps = record(rehearsal, case)
    folder = rehearsal.folder / "image"
    found = []
    for image in images(before, steps, number=number, chance=random.Random(random.random()), syncing=syncing):
        shutil.rmtree(folder, ignore_errors=True)
        image.disk.write(folder)
        found.append((image.lost, problems(folder)))
    return found
