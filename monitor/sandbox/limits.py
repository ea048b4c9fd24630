"""What a child may use. Set by the child itself before it reads anything from outside."""

from __future__ import annotations

import resource
import signal

CPU_SECONDS = 5  # per task, on top of what the child has used before it
WALL_SECONDS = 30  # per task; the parent watches it
ADDRESS_SPACE = 1 << 30


def confine() -> None:
    """Forbid files, processes and cores, and bound memory, for the rest of this process' life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends its children itself
    for kind, limit in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit, limit if hard == resource.RLIM_INFINITY else min(limit, hard)))


def allow_one_task(*, cpu: int = CPU_SECONDS, wall: int = WALL_SECONDS) -> None:
    """Grant CPU time for one task; a child whose parent is gone ends by its own alarm."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + cpu, hard))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(wall + 10)


def rest() -> None:
    """No alarm while waiting for the next task."""
    signal.alarm(0)
