"""The daemon's sign of life: a small file that `doctor` and a supervisor can read."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

NAME = ".heartbeat.json"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What the daemon was doing when it last wrote. ``next_due`` None: nothing is watched."""

    pid: int
    at: datetime
    doing: str  # "waiting", "checking", "delivering", "stopped"
    next_due: datetime | None = None
    problem: str = ""  # the last thing that went wrong, e.g. a watchlist that was not taken over


def write_heartbeat(root: Path, beat: Heartbeat) -> None:
    """Replace the file in one step; a full or read-only disk must not end the daemon, so failing is silent here."""
    target = root / NAME
    temporary = root / f"{NAME}.{beat.pid}"
    with contextlib.suppress(OSError):
        temporary.write_text(json.dumps(asdict(beat), default=datetime.isoformat), encoding="utf-8")
        os.replace(temporary, target)  # noqa: PTH105 - the same call, without a second Path


def read_heartbeat(root: Path) -> Heartbeat | None:
    """The last sign of life, or None when there is none that can be read."""
    try:
        row = json.loads((root / NAME).read_text(encoding="utf-8"))
        due = row.get("next_due")
        return Heartbeat(
            int(row["pid"]),
            datetime.fromisoformat(row["at"]),
            str(row["doing"]),
            datetime.fromisoformat(due) if due else None,
            str(row.get("problem", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
