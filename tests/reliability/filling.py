"""A life on a disk that is full now and then: ``python -m reliability.filling FOLDER LARKSPUR_PORT BRACKEN_PORT ROOMS``.

FOLDER is a small file system of its own. ROOMS are so many KB that are left free on the days of the story, in turn.
Prints one JSON object: exit codes, what was said, what is wrong, and whether everything is there once there is room.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from reliability.acting import Job
from reliability.scene import DAYS, Internet
from reliability.sound import problems, whole
from reliability.sweeping import subscribe
from reliability.warm import Warm, said


def leave(folder: Path, room: int) -> None:
    """Fill the file system with ballast up to so many KB; 0: take the ballast away."""
    ballast = folder / "ballast"
    ballast.unlink(missing_ok=True)
    if room:
        status = os.statvfs(folder)
        free = status.f_bavail * status.f_frsize - room * 1024
        with ballast.open("wb") as file:
            file.write(bytes(max(0, free)))


def main() -> None:
    """Live through the story twice on each day: first with little room, then with enough."""
    folder, internet = Path(sys.argv[1]), Internet(int(sys.argv[2]), int(sys.argv[3]))
    rooms = [int(room) for room in sys.argv[4].split(",")]
    root = folder / "root"
    internet.write(root, 0)
    subscribe(root)
    codes: list[int] = []
    heard: list[str] = []
    wrong: list[str] = []
    with Warm() as warm:
        for day in range(max(DAYS.values()) + 1):
            internet.write(root, day)
            leave(folder, rooms[day % len(rooms)])
            codes.append(warm.run(Job(str(root), day=day)))
            heard.append(said(root))
            leave(
                folder, 0
            )  # to look takes the lock, which is written to: on a disk left with nothing that is an error
            wrong += [f"day {day}, full: {what}" for what in problems(root)]
            ended = warm.run(Job(str(root), day=day))
            wrong += [f"day {day}, with room again: {ended} {said(root)}"] if ended not in {0, 3} else []
            wrong += [f"day {day}, with room again: {what}" for what in problems(root)]
        warm.run(Job(str(root), "deliver", day=day + 1))
        warm.run(Job(str(root), "report", day=day + 1))
    end = whole(root) if not wrong else {}
    end["report"] = sorted(end.get("report", ()))  # type: ignore[call-overload]  # names of its pages
    print(json.dumps({"codes": codes, "said": heard, "wrong": wrong, "end": end}, default=str))


if __name__ == "__main__":
    main()
