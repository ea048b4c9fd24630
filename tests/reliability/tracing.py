"""Faults that the kernel's tracer injects at the n-th system call of a kind, in any thread of a run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reliability.acting import Job
from reliability.warm import Warm

STRACE = shutil.which("strace") or "strace"
FILES = (
    "pwrite64",
    "fdatasync",
    "fsync",
    "write",
    "rename",
    "renameat",
    "link",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "ftruncate",
)
"""Calls that change files; those of the C library, of SQLite and of Python."""
OTHERS = ("openat", "pread64", "read", "flock", "fcntl", "connect", "sendto", "recvfrom", "close", "getdents64")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run under a fault ended, and how often the fault was met."""

    code: int
    met: int


def traced(warm: Warm, job: Job, *expressions: str, options: Sequence[str] = (), log: Path) -> int:
    """The exit code of a run whose system calls are traced from its beginning to its end."""
    process = warm.start(replace(job, hold=True))
    while state(process) != "T":
        time.sleep(0.0005)
    command = [STRACE, "-f", "-o", str(log), *options]
    for expression in expressions:
        command += ["-e", expression]
    tracer = subprocess.Popen([*command, "-p", str(process)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr
    said = ""
    while "attached" not in said:
        line = tracer.stderr.readline()
        if not line:
            os.kill(process, signal.SIGKILL)
            warm.end()
            raise OSError(f"strace did not attach: {said}")
        said += line
    os.kill(process, signal.SIGCONT)
    code = warm.end()
    tracer.communicate()
    return code


def injected(warm: Warm, job: Job, call: str, fault: str, *, log: Path) -> Ended:
    """A run in which a call of that name is met by a fault, e.g. ``signal=KILL:when=3`` or ``error=EIO:when=2+``."""
    code = traced(warm, job, f"trace={call}", f"inject={call}:{fault}", log=log)
    met = log.read_text(errors="replace").count("(INJECTED)") if log.exists() else 0
    return Ended(code, met)


def counted(warm: Warm, job: Job, calls: Sequence[str], *, log: Path) -> dict[str, int]:
    """How often an undisturbed run makes each of the calls, in the thread that makes it most often."""
    traced(warm, job, f"trace={','.join(calls)}", options=("-s", "0"), log=log)
    counts: dict[tuple[str, str], int] = {}
    for line in log.read_text(errors="replace").splitlines():
        thread, _, rest = line.partition(" ")
        name = rest.lstrip().partition("(")[0]
        if name in calls:
            counts[thread, name] = counts.get((thread, name), 0) + 1
    most: dict[str, int] = {}
    for (_thread, name), number in counts.items():
        most[name] = max(most.get(name, 0), number)
    return most


def points(counts: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Every call and occurrence."""
    for call, number in counts.items():
        for nth in range(1, number + 1):
            yield call, nth


def state(process: int) -> str:
    """The letter that the kernel has for what a process does, or "gone"."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
    except FileNotFoundError:
        return "gone"
