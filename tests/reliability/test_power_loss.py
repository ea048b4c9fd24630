"""Whatever a power cut takes of what was not yet durable, the archive is as it was after one of its commits."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reliability.losing import Disk, Step, images, record
from reliability.sound import opened, problems
from reliability.sweeping import CASES, Case, Rehearsal

from monitor.errors import DamageError

BY_NAME = {case.name: case for case in CASES}
IMAGES = 30

pytestmark = pytest.mark.strace


def wrong(
    rehearsal: Rehearsal, case: Case, before: Disk, steps: list[Step], *, syncing: bool = True
) -> Iterator[list[str]]:
    folder = rehearsal.folder / "image"
    for image in images(before, steps, number=IMAGES, chance=random.Random(random.random()), syncing=syncing):
        shutil.rmtree(folder, ignore_errors=True)
        image.disk.write(folder)
        found = problems(folder)
        promised = sum(mark.startswith("recorded") for mark in image.marks)
        if not found and len(_checks(folder)) - 2 * case.day < promised:
            found.append(f"{promised} checks were recorded when the power went, and not all of them are there")
        yield found


def _checks(folder: Path) -> list[str]:
    if not (folder / "snapshots" / "monitor.db").exists():
        return []
    archive = opened(folder)
    try:
        return [check.outcome for check in archive.checks()]
    finally:
        archive.close()


@pytest.mark.parametrize("name", ["first", "changed", "confirmed"])
def test_what_was_told_to_be_recorded_survives_and_the_rest_is_whole_or_not_there(
    rehearsal: Rehearsal, name: str
) -> None:
    case = BY_NAME[name]
    before, steps = record(rehearsal, case)
    assert sum(step.kind == "sync" for step in steps) > 10
    assert [what for found in wrong(rehearsal, case, before, steps) for what in found] == []


def test_with_nothing_made_durable_the_same_images_show_it(rehearsal: Rehearsal) -> None:
    """The negative control, as on a disk that lies or with a library that swallows every sync."""
    case = BY_NAME["changed"]
    before, steps = record(rehearsal, case)
    assert sum(bool(found) for found in wrong(rehearsal, case, before, steps, syncing=False)) > IMAGES // 10


def test_a_torn_list_of_what_was_under_way_is_damage_with_a_remedy(tmp_path: Path, rehearsal: Rehearsal) -> None:
    root = rehearsal.copy(BY_NAME["quiet"], "torn")
    (root / "snapshots" / ".staged" / "intent").write_bytes(b"[\0\0\0")
    archive = opened(root)
    with pytest.raises(DamageError, match="remove this file"), archive.checking():
        pass
    archive.close()
