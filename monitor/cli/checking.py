"""Verbs that look at the documents or at the archive: check, rebuild, verify."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from monitor.cli import EXIT_CHANGES, EXIT_DAMAGED, EXIT_FAILED
from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from monitor.check import Pass
    from monitor.model import DocumentKey, Watchlist
    from monitor.observe import Observed
    from monitor.rebuild import Rebuilt


def chosen(watchlist: Watchlist, names: tuple[str, ...]) -> frozenset[DocumentKey] | None:
    """The documents that ``vendor`` or ``vendor/document`` names stand for; None when no name is given.

    Raises:
        UsageError: a name stands for nothing.
    """
    if not names:
        return None
    keys: set[DocumentKey] = set()
    for name in names:
        found = {d.key for d in watchlist.documents if name in {str(d.key), d.vendor}}
        if not found:
            known = ", ".join(vendor.id for vendor in watchlist.vendors[:8])
            raise UsageError(f"{name}: not in the watchlist", remedy=f"known vendors: {known}, …")
        keys |= found
    return frozenset(keys)


@click.command()
@click.argument("names", nargs=-1, metavar="[VENDOR[/DOCUMENT]]...")
@click.option("--all", "everything", is_flag=True, help="Check every document, not only those that are due.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when a change was found.")
@click.option("--strict", is_flag=True, help="Exit with 3 when any document failed, not only when one newly failed.")
@click.option("--no-report", is_flag=True, help="Do not publish the touched pages of the report.")
@click.option("--no-mail", is_flag=True, help="Do not deliver what is owed.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def check(
    root: str | None,
    names: tuple[str, ...],
    everything: bool,
    exit_code: bool,
    strict: bool,
    no_report: bool,
    no_mail: bool,
    as_json: bool,
) -> int:
    """Look at what is due, record it, publish the touched pages and deliver what is owed.

    Prints nothing when there is nothing new, so that cron stays quiet. A new text is announced when it is seen again
    later (the setting `confirm`), or at once when the date it states has moved forward.
    """
    from monitor.passes import whole_pass

    with Context(root) as context:
        result = whole_pass(
            context,
            only=chosen(context.watchlist, names),
            everything=everything,
            publishing=not no_report,
            delivering=not no_mail,
            progress=_progress(),
        )
        if as_json:
            click.echo(json.dumps(_plain(result.checked), ensure_ascii=False))
        else:
            for observed in result.checked.observed:
                say(context, observed)
            for line in result.remarks:
                click.echo(printable(line), err=True)
        checked = result.checked
        if checked.newly_failed or checked.all_failed or (strict and checked.failed):
            return EXIT_FAILED
        return EXIT_CHANGES if exit_code and checked.changes else 0


def _progress() -> Callable[[Observed], None] | None:
    """A counter on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    count = 0

    def show(observed: Observed) -> None:
        nonlocal count
        count += 1
        click.echo(f"\r\033[K{count} {printable(str(observed.document.key))}", nl=False, err=True)

    return show


def say(context: Context, observed: Observed) -> None:
    """One line for a change or a pending text, on standard error for a new failure."""
    if observed.newly_failed:
        click.echo(printable(f"failed: {observed.error}"), err=True)
    recorded = observed.recorded
    if recorded is None or observed.failed:
        return
    change = observed.change
    if change is not None:
        page = context.settings.site / "index.html"
        click.echo(printable(f"{observed.document.key}: {change.kind} {change.id}: {change.summary}"))
        click.echo(f"  policy-monitor show {change.id}  |  {page}")
    elif recorded.check.outcome in {"pending", "unstable", "excursion"} or recorded.events:
        told = "; ".join(event.summary for event in recorded.events)
        said = recorded.check.reason or told or recorded.check.outcome
        click.echo(printable(f"{observed.document.key}: {recorded.check.outcome}: {said}"))


def _plain(checked: Pass) -> dict[str, object]:
    return {
        "schema": "policy-check/1",
        "due": checked.due,
        "failed": checked.failed,
        "newly_failed": checked.newly_failed,
        "changes": checked.changes,
        "documents": [
            {
                "document": str(observed.document.key),
                "outcome": observed.recorded.check.outcome if observed.recorded else "failed",
                "reason": observed.error or (observed.recorded.check.reason if observed.recorded else ""),
                "change": observed.change.id if observed.change else None,
                "summary": observed.change.summary if observed.change else "",
            }
            for observed in checked.observed
        ],
    }


@click.command()
@click.argument("names", nargs=-1, metavar="[VENDOR[/DOCUMENT]]...")
@click.option("--since", metavar="DATE", help="Leave versions seen before this day (YYYY-MM-DD) as they are.")
@click.pass_obj
def rebuild(root: str | None, names: tuple[str, ...], since: str | None) -> int:
    """Redo texts and findings of the whole history under the current extractor and rules.

    Announces nothing, keeps ids, permalinks and reviews; what was announced stays as it was sent.
    """
    from monitor.publish import publish
    from monitor.rebuild import rebuild as rebuild_history

    with Context(root) as context:
        start = day(since, "--since") if since else None

        def say(done: Rebuilt) -> None:
            line = (
                f"{done.key}: {done.versions} versions, {done.texts_differ} texts differ, {done.changes} changes redone"
            )
            click.echo(printable(line))
            for reason in done.kept:
                click.echo(printable(f"  kept as it was: {reason}"), err=True)

        rebuild_history(
            context.watchlist,
            archive=context.archive,
            sandbox=context.sandbox,
            since=start,
            only=chosen(context.watchlist, names),
            progress=say,
        )
        publish(
            context.archive,
            context.site,
            watchlist=context.watchlist,
            settings=context.settings,
            now=context.clock.now(),
            touched=None,
        )
    return 0


@click.command()
@click.option(
    "--head", metavar="DIGEST", help="Also prove that nothing older than this printed chain head was altered."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def verify(root: str | None, head: str | None, as_json: bool) -> int:
    """Read everything that was kept and say whether any of it was altered, lost or swapped."""
    from monitor.damaged import tell_damage

    with Context(root) as context:
        found = list(context.archive.verify(head=head))
        if head is None:  # a digest that somebody mistyped is no damage
            try:
                tell_damage(context.archive, found, now=context.clock.now())
            except ArchiveError as error:
                click.echo(printable(f"the operators could not be told: {error}"), err=True)
        if as_json:
            rows = [{"where": d.where, "what": d.what, "document": str(d.key) if d.key else None} for d in found]
            click.echo(json.dumps({"head": context.archive.head(), "damage": rows}, ensure_ascii=False))
        else:
            for damage in found:
                owner = f"{damage.key}: " if damage.key else ""
                click.echo(printable(f"{owner}{damage.where}: {damage.what}"))
            if found:
                click.echo(f"{len(found)} thing(s) are not what they were; restore them from a backup", err=True)
            else:
                click.echo(f"nothing was altered; chain head {context.archive.head() or '(no check yet)'}")
    return EXIT_DAMAGED if found else 0


def day(text: str, option: str) -> datetime:
    """Midnight UTC of an ISO day, or the time it states.

    Raises:
        UsageError: it is no date.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: no date", remedy="write it as 2024-05-31") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
