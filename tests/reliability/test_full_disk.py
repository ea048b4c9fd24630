"""A disk that is full, and then has room again: clear errors, nothing lost, nothing left behind."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reliability.mounting import cannot_mount
from reliability.scene import Internet
from reliability.warm import TESTS

ROOMS = (40, 120, 300, 800)  # KB: too little for anything, for a check, for a change, for the report


def life(internet: Internet, folder: Path, size: str, rooms: str) -> dict[str, Any]:
    """What a life on a file system of its own amounts to; the mount is seen by that process alone."""
    here = Path(__file__).parents[2]
    command = f"mount -t tmpfs -o size={size} tmpfs {folder} && exec {sys.executable} -m reliability.filling {folder}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f"{command} {internet.larkspur} {internet.bracken} {rooms}"],
        env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{here}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.strace  # skipped where a tool is missing, failing where nothing may be skipped
def test_a_full_disk_is_a_clear_error_and_with_room_again_nothing_is_missing(vendors: Internet, tmp_path: Path) -> None:
    if why := cannot_mount():
        pytest.skip(f"no file system can be mounted: {why}")
    rooms = [str(random.choice(ROOMS) + random.randint(0, 40)) for _ in range(7)]
    tight = life(vendors, tmp_path, "16m", ",".join([str(ROOMS[0]), *rooms]))
    assert tight["wrong"] == []
    assert set(tight["codes"]) <= {0, 2, 3, 4}
    assert 4 in tight["codes"]
    assert any("full" in said or "No space" in said for said in tight["said"])
    assert not any("Traceback" in said for said in tight["said"])
    roomy = life(vendors, tmp_path, "64m", "20000")
    assert set(roomy["codes"]) <= {0, 3}
    assert tight["end"] == roomy["end"]
