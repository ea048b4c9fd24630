"""Code run in a child that is forked from the warm test process, and how the child ended."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable


def start(work: Callable[[], object]) -> int:
    """The process id of a child that does the work and ends with 0, with 1 after an exception."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the child must end here, whatever happens, and say why
        traceback.print_exc()
    finally:
        os._exit(code)


def finish(child: int) -> int:
    """How it ended: its exit code, or minus the signal's number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(work: Callable[[], object]) -> int:
    """Both."""
    return finish(start(work))


def as_nobody(work: Callable[[], object]) -> int:
    """The same by a user who may write nothing here; root may write everywhere."""

    def less() -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        work()

    return run(less)
