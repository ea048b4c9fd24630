"""Verbs for people who read: report, history, show, search, note, review."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.errors import UsageError
from monitor.model import DocumentKey

if TYPE_CHECKING:
    from monitor.model import Change
    from monitor.report.views import ChangeLine


@click.command()
@click.option(
    "--since",
    metavar="DATE",
    help="Also write a newsletter of the changes first seen on or after this day (YYYY-MM-DD).",
)
@click.option("--open", "open_it", is_flag=True, help="Open the front page in the browser.")
@click.pass_obj
def report(root: str | None, since: str | None, open_it: bool) -> int:
    """Write the whole site under report/ anew; any web server or a double click serves it."""
    from monitor.publish import newsletter, publish

    with Context(root) as context:
        start = _day(since, "--since") if since else None
        done = publish(
            context.archive,
            context.site,
            watchlist=context.watchlist,
            settings=context.settings,
            now=context.clock.now(),
        )
        for damage in done.damaged:
            click.echo(printable(f"left out, because it is damaged: {damage}"), err=True)
        page = context.settings.site / "index.html"
        click.echo(f"{page}: {done.written} files written, {done.unchanged} as they were, {done.removed} removed")
        if start is not None:
            paths = newsletter(
                context.archive,
                context.site,
                watchlist=context.watchlist,
                settings=context.settings,
                now=context.clock.now(),
                since=start,
            )
            for path in paths:
                click.echo(context.settings.site / path)
            page = context.settings.site / paths[0]
        if open_it:
            click.launch(page.as_uri())
    return 0


@click.command()
@click.argument("name", required=False, metavar="[VENDOR[/DOCUMENT]]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a document.")
@click.pass_obj
def history(root: str | None, name: str | None, as_json: bool) -> int:
    """List what is kept: documents, or the versions and changes of a vendor or a document."""
    from monitor.cli.listing import document_object, document_text, overview

    with Context(root) as context:
        keys = _keys(context, name)
        if as_json:
            for key in keys:
                click.echo(json.dumps(document_object(context, key), ensure_ascii=False))
        elif name is None:
            click.echo(printable(overview(context, keys)))
        else:
            click.echo(printable("\n".join(document_text(context, key) for key in keys)))
    return 0


@click.command()
@click.argument("change", metavar="CHANGE|latest")
@click.option("--json", "as_json", is_flag=True, help="Print the change as a JSON object.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.pass_obj
def show(root: str | None, change: str, as_json: bool, form: str) -> int:
    """Print a change: findings with their quotations, then every clause that differs.

    CHANGE is its number, the end of its page's address, VENDOR/DOCUMENT/THAT, or VENDOR[/DOCUMENT] for the latest one
    there.
    """
    from monitor.cli.listing import change_line, change_text
    from monitor.report.exports import change_object

    with Context(root) as context:
        found = find_change(context, change)
        assessment = context.archive.assessment(found.id)
        line: ChangeLine = change_line(context, found, assessment)
        if as_json or form == "json":
            click.echo(json.dumps(change_object(line, assessment), ensure_ascii=False))
        else:
            click.echo(printable(change_text(context, line, assessment, markdown=form == "markdown")), nl=False)
    return 0


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--in", "name", metavar="VENDOR/DOCUMENT", help="Only in this document.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many hits.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a hit.")
@click.pass_obj
def search(root: str | None, query: tuple[str, ...], name: str | None, limit: int, as_json: bool) -> int:
    """Find lines that hold all words of QUERY, in all versions of all documents; "quoted words" stand together."""
    from monitor.cli.listing import hit_object, hit_text

    with Context(root) as context:
        key = _key(name) if name else None
        words = " ".join(f'"{part}"' if " " in part and '"' not in part else part for part in query)
        hits = context.archive.search(words, key=key, limit=limit)
        for hit in hits:
            if as_json:
                click.echo(json.dumps(hit_object(hit), ensure_ascii=False))
            else:
                click.echo(printable(hit_text(hit, query)))
        if not hits and not as_json:
            click.echo(printable("nothing found" + _apart(context, words, key, limit)), err=True)
    return 0


def _apart(context: Context, words: str, key: DocumentKey | None, limit: int) -> str:
    """What to ask instead, when words that should stand together do not but lines hold all of them."""
    loose = words.replace('"', " ").split()
    hits = context.archive.search(" ".join(loose), key=key, limit=limit) if '"' in words else ()
    if not hits:
        return ""
    many = "or more lines hold" if len(hits) == limit else "line holds" if len(hits) == 1 else "lines hold"
    there = ("--in", str(key)) if key else ()
    asked = shlex.join((*there, *loose))
    return f" with these words together; {len(hits)} {many} all of them: policy-monitor search {asked}"


@click.command()
@click.argument("vendor")
@click.argument("day", metavar="DATE")
@click.argument("text")
@click.pass_obj
def note(root: str | None, vendor: str, day: str, text: str) -> int:
    """Put a dated remark on a vendor's timeline, e.g. what it announced elsewhere that day."""
    said = " ".join(text.split())
    if not said:
        raise UsageError("note: the text is empty")
    with Context(root) as context:
        keys = _keys(context, vendor)
        on = _day(day, "DATE").date()
        context.archive.note(keys[0].vendor, on.isoformat(), said, at=context.clock.now())
        _publish(context, {keys[0]})
        click.echo(printable(f"noted on {on}: {keys[0].vendor}: {said}"))
    return 0


@click.command()
@click.argument("change", metavar="CHANGE|latest")
@click.argument("state", type=click.Choice(["seen", "noted", "dismissed"]))
@click.option("--who", required=True, help="Your name.")
@click.option("--why", default="", help="The reason; needed to dismiss a change.")
@click.pass_obj
def review(root: str | None, change: str, state: str, who: str, why: str) -> int:
    """Say that a change was seen, noted or dismissed; kept in the ledger and shown in the report."""
    if not who.strip():
        raise UsageError("--who: a name is needed")
    if state == "dismissed" and not why.strip():
        raise UsageError("review: to dismiss a change a reason is needed", remedy='add --why "…"')
    with Context(root) as context:
        found = find_change(context, change)
        context.archive.review(
            found.id, state=state, who=" ".join(who.split()), why=" ".join(why.split()), at=context.clock.now()
        )
        _publish(context, {found.key})
        click.echo(printable(f"{found.key} {found.slug}: {state} by {' '.join(who.split())}"))
    return 0


def find_change(context: Context, name: str) -> Change:
    """The change that a number, a slug, ``vendor/document/slug``, a vendor or document, or ``latest`` stands for.

    Raises:
        UsageError: none, or several.
    """
    if name.isdecimal() and len(name) < 12:
        found = context.archive.change(int(name))
        if found is not None:
            return found
    changes = context.archive.changes()
    if name != "latest":
        changes = tuple(
            change
            for change in changes
            if name in {change.slug, f"{change.key}/{change.slug}", str(change.key), change.key.vendor}
        )
    if not changes:
        raise UsageError(f"{name}: no such change", remedy="policy-monitor history lists them")
    exact = [change for change in changes if change.slug == name]
    if len(exact) > 1:
        several = ", ".join(f"{change.key}/{change.slug}" for change in exact[:5])
        raise UsageError(f"{name}: more than one change is called so", remedy=f"name one of {several}")
    return max(changes, key=lambda change: (change.at, change.id))


def _keys(context: Context, name: str | None) -> tuple[DocumentKey, ...]:
    """The documents that a name stands for, declared or with history."""
    known = sorted({*(document.key for document in context.watchlist.documents), *context.archive.documents()})
    found = tuple(key for key in known if name is None or name in {str(key), key.vendor})
    if name is not None and not found:
        raise UsageError(
            f"{name}: neither in the watchlist nor in the archive", remedy="policy-monitor history lists all"
        )
    return found


def _key(name: str) -> DocumentKey:
    try:
        return DocumentKey.parse(name)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _day(text: str, option: str) -> datetime:
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: no date", remedy="write it as 2024-05-31") from error
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _publish(context: Context, touched: set[DocumentKey]) -> None:
    from monitor.publish import publish

    publish(
        context.archive,
        context.site,
        watchlist=context.watchlist,
        settings=context.settings,
        now=context.clock.now(),
        touched=touched,
    )
