"""Verbs that bring history in and take changes out: import, export."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.checking import chosen, day
from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.history import Imported
    from monitor.model import Assessment, Document
    from monitor.report.views import ChangeLine

NOT_WATCHED = "imported history; give it a url and remove this line to watch it"


@click.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.option("--vendor", required=True, metavar="ID", help="Whose history it is; declared when it is not yet.")
@click.option(
    "--document", "document_id", default="privacy-policy", show_default=True, metavar="KIND", help="Which document."
)
@click.option("--name", metavar="NAME", help="The vendor's name, when it is not declared yet.")
@click.option("--url", metavar="URL", help="Where the document is published, when it is not declared yet.")
@click.option("--dates", metavar="FILE", help="CSV with lines NAME,DATE instead of dates in the file names.")
@click.pass_obj
def import_(
    root: str | None, folder: str, vendor: str, document_id: str, name: str | None, url: str | None, dates: str | None
) -> int:
    """Read a folder of dated captures (.html .md .txt .pdf) as the history of a document.

    Captures that say the same make one version; walls and errors are left out and said so; nobody is told of anything.
    A text that the next capture takes back within 48 hours is an excursion and makes no version.
    """
    from monitor.history import dated_files, import_history, read_dates
    from monitor.publish import publish

    with Context(root) as context:
        files = dated_files(Path(folder), read_dates(Path(dates)) if dates else None)
        document = _declared(context, vendor, document_id, name, url)
        done = import_history(
            files,
            document,
            archive=context.archive,
            sandbox=context.sandbox,
            watchlist=context.watchlist,
            progress=_say,
        )
        versions = sum(one.outcome in {"baseline", "version", "withdrawal"} for one in done)
        left_out = sum(one.outcome in {None, "refused"} for one in done)
        click.echo(f"{document.key}: {len(done)} captures, {versions} versions, {left_out} left out")
        publish(
            context.archive,
            context.site,
            watchlist=context.watchlist,
            settings=context.settings,
            now=context.clock.now(),
            touched={document.key},
        )
        click.echo(f"{context.settings.site / 'index.html'}")
    return 0


def _say(one: Imported) -> None:
    if one.outcome in {"version", "withdrawal"} and one.assessment is not None:
        told = f"{one.assessment.materiality}: {one.assessment.summary}"
        click.echo(printable(f"{one.file.at:%Y-%m-%d}  {one.outcome:10} {told}"))
    elif one.outcome == "excursion":
        click.echo(f"{one.file.at:%Y-%m-%d}  excursion  a text that the next capture takes back: no version")
    elif one.outcome in {None, "refused"}:
        click.echo(printable(f"{one.file.at:%Y-%m-%d}  left out   {one.file.path.name}: {one.reason}"), err=True)


def _declared(context: Context, vendor_id: str, document_id: str, name: str | None, url: str | None) -> Document:
    """The document as it is declared, or declared now: paused, when no address is given.

    Raises:
        ConfigError: the id or the address is not valid; the watchlist is as it was.
    """
    from monitor.model import Document, DocumentKey, Vendor
    from monitor.watchlist.source import read_source
    from monitor.watchlist.write import declare, save

    key = DocumentKey(vendor_id, document_id)
    known = context.watchlist.document(key)
    if known is not None:
        if url and url not in known.urls:
            raise UsageError(f"{key} is declared with another address", remedy="leave --url out, or edit the watchlist")
        return known
    vendor = context.watchlist.vendor(vendor_id)
    document = Document(vendor_id, document_id, document_id, (url,) if url else (), paused=None if url else NOT_WATCHED)
    path = context.root / "watchlist.toml"
    raw = read_source(path)
    shown = name or (vendor.name if vendor else vendor_id)
    save(path, raw, declare(raw, Vendor(vendor_id, shown, documents=(document,)), path=str(path)))
    context.reload()
    click.echo(printable(f"{key}: declared in {path}" + ("" if url else ", not watched: no --url was given")))
    return context.watchlist.document(key) or document


@click.command()
@click.argument("names", nargs=-1, metavar="[VENDOR[/DOCUMENT]]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "markdown"]),
    default="json",
    show_default=True,
    help="How to print it.",
)
@click.option("--since", metavar="DATE", help="Only changes first seen from this day on.")
@click.option("--evidence", metavar="CHANGE", help="A zip with all that a stranger needs to check this change offline.")
@click.option("--backup", metavar="DIR", help="A consistent copy of the whole archive, also while a check is running.")
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write here instead of standard output.")
@click.pass_obj
def export(
    root: str | None,
    names: tuple[str, ...],
    form: str,
    since: str | None,
    evidence: str | None,
    backup: str | None,
    out: str | None,
) -> int:
    """Write changes and findings for other programs, or the evidence for one change."""
    with Context(root) as context:
        if evidence:
            _evidence(context, evidence, out)
        elif backup:
            count = context.archive.backup(Path(backup))
            click.echo(f"{backup}: {count} files as of {context.clock.now():%Y-%m-%d %H:%M} UTC")
        else:
            _changes(context, names, form, day(since, "--since") if since else None, out)
    return 0


def _evidence(context: Context, change: str, out: str | None) -> None:
    from monitor.cli.reading import find_change
    from monitor.evidence import evidence

    found = find_change(context, change)
    data = evidence(
        context.archive,
        found,
        watchlist=context.watchlist,
        settings=context.settings,
        now=context.clock.now(),
    )
    path = Path(out or f"evidence-{found.key.vendor}-{found.key.document}-{found.slug}.zip")
    path.write_bytes(data)
    click.echo(f"{path}: {len(data) // 1024} KB; README.txt inside says how to check it")


def _changes(context: Context, names: tuple[str, ...], form: str, since: datetime | None, out: str | None) -> None:
    from monitor.report import exports

    write = {"json": exports.as_json, "csv": exports.as_csv, "markdown": exports.as_markdown}[form]
    lines = write(_lines(context, names, since))
    if not out:
        for line in lines:
            click.echo(line)
        return
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{line}\n" for line in lines)


def _lines(context: Context, names: tuple[str, ...], since: datetime | None) -> Iterable[tuple[ChangeLine, Assessment]]:
    from monitor.cli.listing import change_line

    keys = chosen(context.watchlist, names)
    for change in context.archive.changes(since=since):
        if keys is None or change.key in keys:
            assessment = context.archive.assessment(change.id)
            yield change_line(context, change, assessment), assessment
