"""What the program does in a process under test: the verbs of the command line, with a fixed time of day."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
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
    options: dict[str, Any] = field(default_factory=dict)


def act(job: Job) -> int:
    """The exit code that the command line would have."""
    sabotage.KINDS[job.broken]()
    try:
        with Context(job.root, clock=StandingClock(time_of(job.day))) as context:
            if not job.sandbox:
                context.__dict__["sandbox"] = SandboxHere()
            return VERBS[job.verb](context, **job.options)
    except MonitorError as error:
        _say(sys.stderr, f"{type(error).__name__}: {error}")
        return exit_code(error)


def check(context: Context, *, delivering: bool = True) -> int:
    """A whole pass; a file beside the watchlist tells, durably or not, how far it came."""
    from monitor.passes import whole_pass

    diary = (context.root / "diary").open("a", buffering=1)
    with diary:
        done = whole_pass(
            context, delivering=delivering, progress=lambda seen: _say(diary, f"recorded {seen.document.key}")
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
    importlib.import_module("monitor.sight").REVISION = revision  # type: ignore[attr-defined]  # and here
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


VERBS: dict[str, Callable[..., int]] = {
    "check": check,
    "report": report,
    "rebuild": rebuild,
    "verify": verify,
    "deliver": deliver,
    "migrate": migrate,
    "backup": backup,
}
