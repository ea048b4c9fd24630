"""The verb demo: the main job end to end, offline, in a few seconds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.checking import say
from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.clock import MovedClock
from monitor.demo.server import ParlourSite
from monitor.errors import UsageError
from monitor.model import Subscription
from monitor.passes import whole_pass

WATCHLIST = """\
[defaults]
interval = "1d"
confirm = "12h"

[[vendor]]
id = "parlour"
name = "Parlour"
tags = ["video"]

[[vendor.document]]
kind = "privacy-policy"
url = "{url}"
promises = ["Recordings are deleted 30 days after a meeting."]
"""
SETTINGS = """\
# The demonstration's site runs on this machine, so its address is allowed here.
contact = "demo@parlour.example"
allow_networks = ["127.0.0.0/8"]
allow_ports = [{port}]
delay = "0s"
operator = ["operator@monitor.example"]
mail_from = "monitor@monitor.example"
"""
MARK = ".policy-monitor-demo"

STEPS = (
    (datetime(2026, 3, 20, 9, 0, tzinfo=UTC), "first", "the first sight of the policy is the baseline; nobody is told"),
    (
        datetime(2026, 3, 21, 9, 5, tzinfo=UTC),
        "first",
        "the menu differs at every request, the policy does not: silence",
    ),
    (datetime(2026, 3, 22, 9, 10, tzinfo=UTC), "wall", "a bot wall is no policy: the operator hears of it once"),
    (
        datetime(2026, 3, 23, 9, 15, tzinfo=UTC),
        "quiet-edit",
        "back, with an edit under an unchanged date: it waits for a second look",
    ),
    (
        datetime(2026, 3, 23, 21, 20, tzinfo=UTC),
        "quiet-edit",
        "seen again twelve hours later: announced, as a silent change",
    ),
    (datetime(2026, 3, 29, 9, 25, tzinfo=UTC), "rewrite", "the rewrite states a later date: announced at once"),
    (datetime(2026, 3, 30, 9, 30, tzinfo=UTC), "rewrite", "nothing new: silence"),
)


@click.command()
@click.option(
    "--out",
    default="demo",
    show_default=True,
    metavar="DIR",
    help="Folder for the demonstration; an earlier one is replaced.",
)
def demo(out: str) -> int:
    """Watch an invented vendor through a week like Zoom's in March 2020, on this machine, without the internet.

    A silent edit under an unchanged date, then a rewrite; a menu that differs at every request; a bot wall once.
    """
    root = _fresh(Path(out))
    with ParlourSite() as site:
        (root / "watchlist.toml").write_text(WATCHLIST.format(url=site.url), encoding="utf-8")
        (root / "settings.toml").write_text(SETTINGS.format(port=site.port), encoding="utf-8")
        _subscribe(root, MovedClock(STEPS[0][0]))
        for at, shown, told in STEPS:
            site.show(shown)
            click.secho(f"{at:%a %d %B, %H:%M}  {told}", bold=True)
            _pass(root, MovedClock(at))
    _closing(root)
    return 0


def _fresh(root: Path) -> Path:
    """An empty folder; only a demonstration's own folder is ever replaced."""
    if root.exists():
        if not (root / MARK).is_file() and any(root.iterdir()):
            raise UsageError(f"{root}: exists and is no earlier demonstration", remedy="choose another with --out DIR")
        shutil.rmtree(root)
    root.mkdir(parents=True)
    (root / MARK).write_text("made by policy-monitor demo; may be deleted\n", encoding="utf-8")
    return root.resolve()


def _subscribe(root: Path, clock: MovedClock) -> None:
    """A reader who wants every change at once."""
    with Context(str(root), clock=clock) as context:
        now = clock.now()
        reader = Subscription("reader@example.org", created_at=now, confirmed_at=now)
        context.archive.subscribe(reader)


def _pass(root: Path, clock: MovedClock) -> None:
    """One check as cron would make it, and what it prints."""
    with Context(str(root), clock=clock) as context:
        result = whole_pass(context, everything=True)
        for observed in result.checked.observed:
            say(context, observed)
        if not result.checked.observed:
            click.echo("  (prints nothing)")


def _closing(root: Path) -> None:
    with Context(str(root)) as context:
        changes = context.archive.changes()
        last = changes[-1]
        mails = sum(1 for _ in (root / "mail" / "new").glob("*"))
        click.echo()
        click.secho(f"Headline: {printable(last.summary)}", bold=True)
        click.echo(f"Report:   {root / 'report' / 'index.html'}")
        click.echo(f"Mail:     {root / 'mail'} ({mails} messages)")
        click.echo(f"Texts:    {root / 'snapshots' / 'parlour' / 'privacy-policy'}")
        click.echo(f"Next:     policy-monitor --root {root} show {last.id}")
