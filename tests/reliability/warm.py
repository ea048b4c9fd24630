"""A process that has everything imported and forks itself for each run: ``python -m reliability.warm``.

It has no threads, so forking is safe, and a run starts in milliseconds. Jobs come as JSON lines; for each it says the
child's process id, and when the child has ended, how.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType
from typing import Self

from fakes import SandboxHere
from reliability.acting import Job, StandingClock, act
from reliability.scene import ANNA, DAYS, PROMISE, WATCHLIST, bracken, larkspur, time_of

from monitor.cli.context import Context
from monitor.model import Capture, FetchRequest, Subscription
from monitor.passes import whole_pass

TESTS = Path(__file__).parents[1]


class Warm:
    """The parent's side."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reliability.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def start(self, job: Job) -> int:
        """The process id of a run that has begun, or holds still before it begins. What it says goes to ``said``."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(dataclasses.asdict(job)) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def ended_within(self, seconds: float) -> bool:
        """Whether the run ends within so many seconds; returns as soon as it does."""
        assert self._process.stdout
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def end(self) -> int:
        """How the run ended: its exit code, or minus the signal's number."""
        return int(self._line())

    def run(self, job: Job) -> int:
        """A run from start to end."""
        self.start(job)
        return self.end()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


def said(root: Path | str) -> str:
    """What the last run of an installation had to say."""
    path = Path(root) / "said"
    return path.read_text() if path.exists() else ""


def _child(job: Job) -> int:
    output = os.open(Path(job.root) / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if job.hold:
        os.kill(os.getpid(), signal.SIGSTOP)
    code = 1
    try:
        code = act(job)
    except BaseException:  # noqa: BLE001 - whatever it is, this process ends here and says why
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):  # the disk may be full
            sys.stdout.flush()
            sys.stderr.flush()
    return code


class _Given:
    """A fetcher without a network."""

    def __init__(self, day: int) -> None:
        self._day = day

    def fetch(self, request: FetchRequest) -> Capture:
        page = larkspur(self._day) if "larkspur" in request.url else bracken(self._day)
        headers = (("content-type", page.content_type),)
        return Capture(request.url, request.url, time_of(self._day), 200, headers, page.raw)

    def close(self) -> None:
        """Nothing to drop."""


def warm_up() -> None:
    """Live through some days once, so that everything is imported, compiled and read."""
    importlib.import_module("monitor.fetch")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        urls = {vendor: f"https://{vendor}.example/privacy" for vendor in ("larkspur", "bracken")}
        (root / "watchlist.toml").write_text(WATCHLIST.format(**urls, promise=PROMISE))
        for day in (DAYS["first"], DAYS["changed"], DAYS["confirmed"]):
            with Context(name, clock=StandingClock(time_of(day))) as context:
                context.__dict__.update(sandbox=SandboxHere(), fetcher=_Given(day))
                if not day:
                    context.archive.subscribe(Subscription(ANNA, confirmed_at=context.clock.now()))
                whole_pass(context)
                assert not list(context.archive.verify())


def main() -> None:
    """Fork for each job until standard input closes."""
    warm_up()
    for line in sys.stdin:
        job = Job(**json.loads(line))
        child = os.fork()
        if not child:
            os._exit(_child(job))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
