"""What the program does in a process under test: the verbs of the command line, with a fixed time of day."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from fakes import SandboxHere
from reliability import sabotage
from reliability.scene import time_of

from monitor.cli import exit_code
from monitor.cli.context import Context
from monitor.clock import SystemClock
from monitor.errors import MonitorError


class StandingClock(SystemClock):
    """A wall clock that stands still and never makes anybody wait; deadlines are counted as usual."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def sleep(self, seconds: float) -> None:
        """Return at once."""


@dataclass(frozen=True)
class Job:
    """One run of the program: what it does, where, on which day, and what is broken in it."""

    root: str
    verb: str = "check"
    day: int = 0
    hold: bool = False  # stop before beginning, until somebody continues it
    broken: str = ""  # a negative control
    sandbox: bool = False  # the real one, in processes of its own
    hours: float = 0.0  # later on that day
    options: dict[str, Any] = field(default_factory=dict)


def act(job: Job) -> int:
    """The exit code that the command line would have."""
    sabotage.KINDS[job.broken]()
    try:
        with Context(job.root, clock=StandingClock(time_of(job.day, job.hours))) as context:
            if not job.sandbox:
                context.__dict__["sandbox"] = SandboxHere()
            return VERBS[job.verb](context, **job.options)
    except MonitorError as error:
        _say(sys.stderr, f"{type(error).__name__}: {error}")
        return exit_code(error)
    except OSError:
        return 3  # as ``monitor.cli.main`` ends when its output takes nothing more


def check(context: Context, *, publishing: bool = True, delivering: bool = True) -> int:
    """A whole pass; a file beside the watchlist tells, durably or not, how far it came."""
    from monitor.passes import whole_pass

    with contextlib.ExitStack() as stack:
        diary: TextIO = sys.stderr
        with contextlib.suppress(OSError):
            diary = stack.enter_context((context.root / "diary").open("a", buffering=1))
        done = whole_pass(
            context,
            publishing=publishing,
            delivering=delivering,
            progress=lambda seen: _say(diary, f"recorded {seen.document.key}"),
        )
        _say(diary, "pass")
    for remark in done.remarks:
        _say(sys.stderr, remark)
    return 3 if done.checked.newly_failed else 0


def _say(file: TextIO, line: str) -> None:
    with contextlib.suppress(OSError):  # it may be on the disk that fails
        file.write(f"{line}\n")


def report(context: Context) -> int:
    """All pages anew."""
    from monitor.publish import publish

    publish(
        context.archive, context.site, watchlist=context.watchlist, settings=context.settings,
        now=context.clock.now(), touched=None,
    )  # fmt: skip
    return 0


def rebuild(context: Context) -> int:
    """Everything under a newer extractor, then the report."""
    import importlib

    from monitor.rebuild import rebuild as redo
    from monitor.text import convert

    before = convert.to_markdown
    html = importlib.import_module("monitor.text.html")
    html.to_markdown = lambda *a, **k: before(*a, **k).replace("## ", "### ")  # type: ignore[attr-defined]  # a release
    revision = "99+rehearsal"
    importlib.import_module("monitor.text.extract").REVISION = revision  # type: ignore[attr-defined]  # of it
    importlib.import_module("monitor.text").REVISION = revision  # type: ignore[attr-defined]  # and here
    redo(context.watchlist, archive=context.archive, sandbox=context.sandbox)
    return report(context)


def verify(context: Context) -> int:
    """Whether anything was altered."""
    return 4 if [print(f"{damage.where}: {damage.what}") for damage in context.archive.verify()] else 0


def deliver(context: Context) -> int:
    """What is owed."""
    from monitor.deliver import hand_over

    hand_over(context)
    return 0


@contextlib.contextmanager
def newer_schema() -> Iterator[None]:
    """A program that knows one step of the ledger's schema more."""
    from monitor.archive import schema

    known = schema.STEPS
    step = "CREATE TABLE rehearsals (id INTEGER PRIMARY KEY, mood TEXT) STRICT;\n"
    step += "".join(f"CREATE INDEX rehearsal_{n} ON checks (at, outcome, id + {n});\n" for n in range(3))
    schema.STEPS = (*known, step)
    schema.expected_schema.cache_clear()
    try:
        yield
    finally:
        schema.STEPS = known
        schema.expected_schema.cache_clear()


def migrate(context: Context) -> int:
    """Open the archive with that program."""
    with newer_schema():
        context.archive.states()
    return 0


def backup(context: Context) -> int:
    """A copy of the archive in a new folder."""
    context.archive.backup(Path(f"{context.root}.backup"))
    return 0


def crowd(context: Context, *, number: int = 6) -> int:
    """So many processes that check at the same time; says how each ended."""
    context.watchlist.vendor("")  # read before, like the rest
    begin, go = os.pipe()
    children = []
    for _ in range(number):
        child = os.fork()
        if not child:
            os.close(go)
            os.read(begin, 1)  # until the last one is there
            with Context(str(context.root), clock=context.clock) as own:
                own.__dict__["sandbox"] = SandboxHere()
                try:
                    os._exit(check(own))
                except MonitorError as error:
                    _say(sys.stderr, f"{os.getpid()}: {error}")
                    sys.stderr.flush()
                    os._exit(exit_code(error))
        children.append(child)
    os.close(go)
    codes = {child: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}
    _say(sys.stdout, json.dumps(codes))
    return 0


def hold(context: Context) -> int:
    """Stop in the middle of checking, until somebody continues this process."""
    with context.archive.checking():
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.2)
    return 0


def run(context: Context) -> int:
    """The daemon, with ticks that come fast."""
    from monitor.daemon import Daemon

    Daemon(context, tick=0.02).run()
    return 0


def set_back(context: Context) -> int:
    """The daemon on a machine whose clock is set back by ten years after the first pass."""
    import threading

    import time_machine

    from monitor.clock import SystemClock
    from monitor.daemon import Daemon

    began = context.clock.now()
    with time_machine.travel(began) as travel:
        context.clock = SystemClock()
        daemon = Daemon(context, tick=0.2, hung_after=4)

        def later() -> None:
            while daemon._looked_at == began or daemon._next_due is None or daemon._next_due <= began:
                time.sleep(0.01)
            time.sleep(0.5)
            travel.move_to(began - timedelta(days=3653))

        threading.Thread(target=later, daemon=True).start()
        daemon.run()
    return 0


VERBS: dict[str, Callable[..., int]] = {
    "check": check,
    "report": report,
    "rebuild": rebuild,
    "verify": verify,
    "deliver": deliver,
    "migrate": migrate,
    "backup": backup,
    "crowd": crowd,
    "hold": hold,
    "run": run,
    "set_back": set_back,
}
