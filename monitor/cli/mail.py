"""Verbs about mail: deliver, subscribe, unsubscribe, subscribers, bounces, correct."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import EXIT_FAILED
from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.errors import ConfigError, Problem, UsageError

if TYPE_CHECKING:
    from monitor.alerts.wishes import Offer
    from monitor.model import Subscription

LARGEST = 50_000_000  # bytes of a mailbox or table that are read
_WHEN = {"now": "at once", "daily": "daily"}


@click.command()
@click.option(
    "--eml", metavar="DIR", type=click.Path(file_okay=False), help="Write the messages as .eml files into a folder."
)
@click.pass_obj
def deliver(root: str | None, eml: str | None) -> int:
    """Hand over what is owed: alerts and digests that are due, and those that failed before."""
    from monitor.deliver import hand_over
    from monitor.send import destination
    from monitor.send.maildir import FolderSender

    with Context(root) as context:
        where = destination(context.settings)
        if eml:
            context.__dict__["sender"] = FolderSender(Path(eml), eml=True)
            where = f"the folder {eml}"
        done = hand_over(context)
    if done.busy:
        click.echo("another process is delivering", err=True)
    if done.sent:
        click.echo(printable(f"{_count(done.sent, 'message')} handed over to {where}"))
    if done.trouble:
        click.echo(printable(f"the mail server takes nothing: {done.trouble}; everything owed is kept"), err=True)
    elif done.deferred or done.refused:
        click.echo(f"{done.deferred} to be tried again, {done.refused} refused", err=True)
    return EXIT_FAILED if done.trouble else 0


@click.command()
@click.argument("address", required=False)
@click.option("--vendor", "vendors", multiple=True, metavar="ID", help="Only this vendor; may be repeated.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only documents with this tag; may be repeated.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only documents of this kind; may be repeated.")
@click.option(
    "--label", "labels", multiple=True, metavar="GLOB", help="A label, a family, or share.*; may be repeated."
)
@click.option("--severity", metavar="S", help="At least low, medium or high.")
@click.option("--direction", metavar="worse", help="Only what gets worse.")
@click.option("--event", "events", multiple=True, metavar="E", help="change, promise, withdrawal, …; may be repeated.")
@click.option("--every", metavar="now|daily|weekly", help="At once, or as a digest.")
@click.option("--hour", metavar="0-23", help="Hour of the digest.")
@click.option("--weekday", metavar="DAY", help="Day of the weekly digest: monday, …")
@click.option("--zone", metavar="ZONE", help="Time zone of the hour, such as Europe/Berlin.")
@click.option("--empty-digest", is_flag=True, help="Send a digest also when nothing changed.")
@click.option("--operator", is_flag=True, help="For people who run the monitor: trouble, recovery, damage.")
@click.option("--preview", is_flag=True, help="Show what would have been sent over the last year; enters nothing.")
@click.pass_obj
def subscribe(root: str | None, /, address: str | None, *, preview: bool, **fields: Any) -> None:
    """Enter a subscription for ADDRESS. "Sale weekly" and "AI training at once" are two calls."""
    from dataclasses import replace

    from monitor.alerts.wishes import WishError, wish
    from monitor.alerts.wording import wish as in_words
    from monitor.subscribe import enter

    if not address and not preview:
        raise UsageError("subscribe needs an address")
    with Context(root) as context:
        given = {name: "yes" if value is True else value for name, value in fields.items() if value}
        try:
            wanted = wish({"address": address or "somebody@example.org", **given}, _offer(context))
        except WishError as error:
            raise UsageError("\n  ".join(["subscribe:", *error.problems])) from error
        _refuse_idle(given, wanted)
        if preview:
            _show_preview(context, wanted)
            return
        now = context.clock.now()
        (entered,) = enter(context.archive, [replace(wanted, confirmed_at=now, created_at=now)])
        click.echo(printable(f"subscription {entered.id}: {entered.address}: {in_words(entered)}"))


def _refuse_idle(given: Mapping[str, object], wanted: Subscription) -> None:
    """What only a digest has is a mistake without one: mail would come at once to somebody who named an hour.

    Raises:
        UsageError: something of the kind was given.
    """
    idle = {"now": ("hour", "weekday", "zone", "empty_digest"), "daily": ("weekday",)}.get(wanted.every, ())
    named = [f"--{name.replace('_', '-')}" for name in idle if name in given]
    if named:
        rhythm = "--every weekly" if wanted.every == "daily" else "--every daily or weekly"
        raise UsageError(
            f"subscribe: {', '.join(named)}: of no use with mail that comes {_WHEN[wanted.every]}",
            remedy=f"add {rhythm}",
        )


@click.command()
@click.argument("who", metavar="ADDRESS|ID")
@click.option("--erase", is_flag=True, help="Also remove the address from the ledger, for ever.")
@click.pass_obj
def unsubscribe(root: str | None, who: str, *, erase: bool) -> None:
    """End a subscription by its number, or all of an address."""
    from monitor.subscribe import leave

    with Context(root) as context:
        if erase:
            if "@" not in who:
                raise UsageError("--erase needs the address, not a number")
            rows = context.archive.erase(who)
            click.echo(f"erased from {_count(rows, 'row')}")
            return
        ended = leave(context.archive, who, now=context.clock.now())
        if not ended:
            raise UsageError(f"{who}: no running subscription", remedy="policy-monitor subscribers lists them")
        click.echo(f"ended {_count(ended, 'subscription')}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, as --import takes it.")
@click.option("--all", "everybody", is_flag=True, help="Also those that ended.")
@click.option(
    "--import", "table", metavar="FILE", type=click.Path(dir_okay=False), help="Enter the lines of a CSV file."
)
@click.pass_obj
def subscribers(root: str | None, *, as_json: bool, as_csv: bool, everybody: bool, table: str | None) -> None:
    """Who hears of what."""
    from monitor.alerts.table import to_table
    from monitor.alerts.wording import wish as in_words

    with Context(root) as context:
        if table:
            click.echo(f"entered {_count(_import(context, Path(table)), 'subscription')}")
            return
        found = context.archive.subscriptions(ended=everybody)
        if as_csv:
            click.echo(to_table(found), nl=False)
        elif as_json:
            click.echo(json.dumps([_plain(one, context) for one in found], ensure_ascii=False, indent=1))
        else:
            for one in found:
                click.echo(printable(f"{one.id:>6}  {one.address}  {in_words(one)}{_state(one, context)}"))


@click.command()
@click.argument("file", required=False, metavar="[FILE|MAILDIR]", type=click.Path(exists=True))
@click.pass_obj
def bounces(root: str | None, file: str | None) -> None:
    """Read bounces from a mailbox file, a maildir or standard input, and stop writing to dead addresses.

    Only bounces to a signed return path count (the setting bounce_address); reading a mailbox twice counts once.
    """
    from monitor.alerts.tokens import Tokens
    from monitor.bounces import take_bounces

    with Context(root) as context:
        messages = _messages(Path(file)) if file else _split(sys.stdin.buffer.read(LARGEST))
        done = take_bounces(context.archive, messages, Tokens(context.keys), now=context.clock.now())
    if done.read:
        click.echo(
            f"{done.read} read: {done.hard} hard, {done.soft} soft, {done.ignored} ignored; "
            f"{_count(done.suppressed, 'address', 'addresses')} not written to any more"
        )


@click.command()
@click.argument("change", type=int)
@click.option("--why", required=True, help="What was wrong: it stands in the message.")
@click.pass_obj
def correct(root: str | None, change: int, why: str) -> None:
    """Take a wrong change back, in a message to everybody who got it."""
    from monitor.correct import correct as take_back

    with Context(root) as context:
        told = take_back(context.archive, change, why=why, who=getpass.getuser(), now=context.clock.now())
        click.echo(f"a correction goes to {_count(told, 'subscription')} with the next delivery")


def _offer(context: Context) -> Offer:
    from monitor.alerts.wishes import Offer
    from monitor.meaning.knowledge import labels

    return Offer.of(context.watchlist, labels())


def _show_preview(context: Context, wanted: Subscription) -> None:
    from monitor.preview import past_events, preview

    now = context.clock.now()
    samples = preview(past_events(context.archive, context.watchlist, now=now), (wanted,), now=now)
    for sample in samples:
        click.echo(printable(f"{sample.at:%Y-%m-%d %H:%M} UTC  {sample.subject}"))
    click.echo(f"{_count(len(samples), 'message')} in the last year", err=True)


def _import(context: Context, path: Path) -> int:
    from monitor.alerts.table import TableError, from_table
    from monitor.subscribe import enter

    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST // 1_000_000} MB")
    try:
        text = path.read_text(encoding="utf-8")
        found = from_table(text, _offer(context), now=context.clock.now())
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not in UTF-8") from error
    except TableError as error:
        problems = tuple(Problem("subscribers", line, what) for line, what in error.problems[:100])
        raise ConfigError(str(path), problems) from error
    known = {one.id for one in context.archive.subscriptions()}
    return sum(one.id not in known for one in enter(context.archive, found))


def _messages(path: Path) -> Iterator[bytes]:
    """The messages of a maildir or a mailbox file."""
    if path.is_dir():
        for folder in ("new", "cur"):
            for file in sorted((path / folder).glob("*")):
                if file.is_file() and file.stat().st_size <= LARGEST:
                    yield file.read_bytes()
        return
    with path.open("rb") as stream:
        yield from _split(stream.read(LARGEST))


def _split(mailbox: bytes) -> Iterator[bytes]:
    """The messages of a mailbox file (they begin with a line "From "), or the one message that it is."""
    if not mailbox.startswith(b"From "):
        if mailbox.strip():
            yield mailbox
        return
    for part in mailbox.removeprefix(b"From ").replace(b"\r\n", b"\n").split(b"\nFrom "):
        yield part.partition(b"\n")[2]


def _plain(one: Subscription, context: Context) -> dict[str, Any]:
    from dataclasses import asdict

    fields = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(one).items()}
    return {**fields, "suppressed": context.archive.suppressed(one.address)}


def _state(one: Subscription, context: Context) -> str:
    if one.ended_at:
        return f"  (ended {one.ended_at:%Y-%m-%d})"
    if one.confirmed_at is None:
        return "  (not confirmed yet)"
    reason = context.archive.suppressed(one.address)
    return f"  (not written to: {reason})" if reason else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
