"""The verb add: a declaration for a vendor of whom only an address is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.errors import FetchError, UsageError

if TYPE_CHECKING:
    from monitor.cli.finding import Found
    from monitor.model import Document, Vendor, Watchlist

FILE = "watchlist.toml"


@click.command()
@click.argument("url")
@click.option("--kind", default="privacy-policy", show_default=True, help="Kind of document to look for.")
@click.option("--id", "vendor_id", metavar="VENDOR", help="Id of the vendor; else made from the address.")
@click.option("--name", help="Name of the vendor; else what its page calls the site.")
@click.option("--document", "document_id", metavar="ID", help="Id of the document, when the vendor has two of a kind.")
@click.option("--tag", "tags", multiple=True, help="Tag of a new vendor; may be given several times.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def add(
    root: str | None,
    url: str,
    kind: str,
    vendor_id: str | None,
    name: str | None,
    document_id: str | None,
    tags: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Find a policy from its address or the vendor's home page, and declare it in the watchlist.

    Follows links, usual places and the sitemap, politely and at most sixteen requests; checks that the page shows such
    a document; proposes the language, a browser when the page is empty without scripts, and a range of headings when
    several documents share the page. Comments in the file stay as they are.
    """
    from monitor.cli.finding import Search
    from monitor.watchlist.source import read_source
    from monitor.watchlist.write import declare, save

    with Context(root) as context:
        path = context.root / FILE
        raw = read_source(path)
        address = _address(url)
        _check_names(kind=kind, vendor_id=vendor_id, document_id=document_id, tags=tags)
        watchlist = _watchlist(raw, str(path))
        _check_unknown(watchlist, address, kind)
        say = _progress()
        search = Search(kind, fetcher=context.fetcher, sandbox=context.sandbox, say=say)
        try:
            found = search.run(address)
        except FetchError as error:
            raise UsageError(f"{address}: {error.reason}", remedy="check the address in a browser") from error
        say("")
        if found is None:
            raise UsageError(
                f"{address}: no page with a {kind.replace('-', ' ')} was found",
                remedy="give the address of the document itself",
            )
        vendor = _vendor(found, vendor_id=vendor_id, name=name, document_id=document_id, tags=tags, known=watchlist)
        new = declare(raw, vendor, path=str(path))
        block = _added(raw, new)
        if as_json:
            click.echo(json.dumps(_plain(found, vendor, block), ensure_ascii=False))
        else:
            for line in _facts(found, vendor.documents[0]):
                click.echo(printable(line))
            click.echo("\n" + printable(block))
        if dry_run:
            return 0
        if not yes and not _asked(as_json=as_json):
            return 2
        save(path, raw, new)
        if not as_json:
            click.echo(printable(f"written to {path}"))
        return 0


def _address(url: str) -> str:
    from monitor.watchlist.address import url as checked
    from monitor.watchlist.table import Wrong

    try:
        return checked(url if "://" in url else f"https://{url}")
    except Wrong as error:
        raise UsageError(f"{url}: {error.message}", remedy=error.hint) from error


def _check_names(*, kind: str, vendor_id: str | None, document_id: str | None, tags: tuple[str, ...]) -> None:
    """Refuse what the watchlist would refuse, before anything is fetched.

    Raises:
        UsageError: an option is no id.
    """
    from monitor.watchlist.parse import KINDS
    from monitor.watchlist.table import Wrong
    from monitor.watchlist.values import document_kind, identifier

    named = [("--id", vendor_id), ("--document", document_id), *(("--tag", tag) for tag in tags)]
    checks: list[tuple[str, Callable[[], str]]] = [("--kind", lambda: document_kind(kind, KINDS))]
    checks += [(option, partial(identifier, value)) for option, value in named if value is not None]
    for option, check in checks:
        try:
            check()
        except Wrong as error:
            raise UsageError(f"{option}: {error.message}", remedy=error.hint) from error


def _watchlist(raw: bytes, path: str) -> Watchlist:
    from monitor.model import Watchlist as Empty
    from monitor.watchlist import parse_watchlist
    from monitor.watchlist.source import parse_source

    return parse_watchlist(raw, path=path) if parse_source(raw, path=path).data.get("vendor") else Empty(())


def _check_unknown(watchlist: Watchlist, address: str, kind: str) -> None:
    """Refuse what is declared already, before anything is fetched.

    Raises:
        UsageError: the address is watched.
    """
    from monitor.watchlist.address import same_url

    for document in watchlist.documents:
        if document.kind == kind and same_url(address) in map(same_url, document.urls):
            raise UsageError(f"{address} is watched already, as {document.key}")


def _vendor(
    found: Found,
    *,
    vendor_id: str | None,
    name: str | None,
    document_id: str | None,
    tags: tuple[str, ...],
    known: Watchlist,
) -> Vendor:
    """The declaration to propose."""
    from monitor.discover import find_parts, name_vendor
    from monitor.model import Vendor as New

    look = found.look
    guessed_id, guessed_name = name_vendor(look.document.urls[0], found.start)
    chosen = vendor_id or guessed_id
    declared = known.vendor(chosen)
    text = look.extraction
    part = next((one for one in find_parts(text.text) if one.kind == look.document.kind), None) if text else None
    language = text.language if text and text.language else None
    if declared is None and any(one.name.casefold() == (name or guessed_name).casefold() for one in known.vendors):
        guessed_name = chosen  # another vendor has that name: the id tells them apart
    document = replace(
        look.document,
        vendor=chosen,
        id=document_id or look.document.kind,
        headings=part.range if part else None,
        language=language,
    )
    return New(chosen, name or guessed_name, tags, (document,))


def _added(raw: bytes, new: bytes) -> str:
    """The lines of the new file that the old one does not have."""
    old = raw.decode("utf-8-sig").splitlines()
    lines = new.decode("utf-8-sig").splitlines()
    same = next((index for index, (a, b) in enumerate(zip(old, lines, strict=False)) if a != b), len(old))
    return "\n".join(lines[same : len(lines) - (len(old) - same)]).strip("\n")


def _facts(found: Found, document: Document) -> list[str]:
    look = found.look
    text = look.extraction
    lines = [f"{document.urls[0]}: {found.why}"]
    if text is None:
        return lines
    if not text.verdict.ok:
        lines.append("not seen yet: the page is empty without scripts, so it is declared for a browser")
        lines.append("  install the extra js and Chromium, then: policy-monitor validate --live " + str(document.key))
        return lines
    facts = [
        text.verdict.kind,
        f"{text.words:,} words",
        f"language {text.language or 'unknown'}",
        f"confidence {text.confidence.score:.2f}",
    ]
    lines.append(", ".join(facts))
    lines += [f"  {reason}" for reason in text.confidence.reasons]
    if document.headings is not None:
        lines.append(f"several documents share the page; this one begins at {document.headings.start!r}")
    if look.captures and look.captures[0].final_url != document.urls[0]:
        lines.append(f"it leads on to {look.captures[0].final_url}")
    return lines


def _plain(found: Found, vendor: Vendor, block: str) -> dict[str, object]:
    return {**found.look.plain(), "document": str(vendor.documents[0].key), "why": found.why, "declaration": block}


def _asked(*, as_json: bool) -> bool:
    """Whether the person at the terminal agrees; without one, somebody must have said --yes.

    Raises:
        UsageError: nobody can be asked.
    """
    if as_json or not sys.stdin.isatty():
        raise UsageError("nothing was written", remedy="pass --yes to write it")
    return click.confirm("\nwrite it?", default=True)


def _progress() -> Callable[[str], None]:
    """One line that says what is looked at, on a terminal only."""
    if not sys.stderr.isatty():
        return lambda _line: None
    return lambda line: click.echo(f"\r\033[K{printable(line)[:100]}", nl=False, err=True)
