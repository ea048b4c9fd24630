"""Verbs that need no archive: text, diff, explain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import EXIT_CHANGES, EXIT_FAILED
from monitor.cli.terminal import printable
from monitor.errors import ExtractionError, SandboxError, UsageError

if TYPE_CHECKING:
    from monitor.model import Extraction
    from monitor.ports import Sandbox

MAX_FILE = 20_000_000  # bytes, the gate's limit on an inflated body


def read_page(path: str) -> bytes:
    """The bytes of a file.

    Raises:
        UsageError: it cannot be read, or is larger than any page may be.
    """
    try:
        with Path(path).open("rb") as file:
            body = file.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(body) > MAX_FILE:
        raise UsageError(f"{path}: larger than {MAX_FILE // 1_000_000} MB")
    return body


def extract_file(
    sandbox: Sandbox, path: str, *, select: tuple[str, ...] = (), remove: tuple[str, ...] = ()
) -> Extraction:
    """What is kept of a file.

    Raises:
        UsageError: it cannot be read.
        ExtractionError, SandboxError: it gives no text.
    """
    from monitor.model import ExtractOptions, Page

    return sandbox.extract([Page(read_page(path), name=Path(path).name)], ExtractOptions(select=select, remove=remove))


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--out", metavar="DIR", type=click.Path(file_okay=False), help="Write DIR/NAME.md for each file instead.")
@click.option("--select", multiple=True, metavar="CSS", help="Keep only what this selects (repeatable).")
@click.option("--remove", multiple=True, metavar="CSS", help="Drop what this selects first (repeatable).")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a file, with verdict, dates and confidence."
)
def text(
    files: tuple[str, ...], out: str | None, select: tuple[str, ...], remove: tuple[str, ...], as_json: bool
) -> int:
    """Print what is kept of pages (.html .md .txt .pdf) as normalised Markdown."""
    from monitor.sandbox import SandboxPool

    failed = False
    if out:
        Path(out).mkdir(parents=True, exist_ok=True)
    sandbox = SandboxPool()
    try:
        for path in files:
            try:
                extraction = extract_file(sandbox, path, select=select, remove=remove)
            except (ExtractionError, SandboxError) as error:
                failed = True
                click.echo(printable(f"{path}: {error}"), err=True)
                continue
            if not extraction.verdict.ok:
                said = f"{path}: {extraction.verdict.kind}: {extraction.verdict.reason}"
                click.echo(printable(said), err=True)
            if out:
                (Path(out) / f"{Path(path).stem}.md").write_text(extraction.text, encoding="utf-8")
            elif as_json:
                click.echo(json.dumps(_described(path, extraction), ensure_ascii=False))
            else:
                click.echo(extraction.text.encode(), nl=False)
    finally:
        sandbox.close()
    return EXIT_FAILED if failed else 0


def _described(path: str, extraction: Extraction) -> dict[str, object]:
    return {
        "file": path,
        "sha256": extraction.digest,
        "extractor": extraction.extractor,
        "verdict": extraction.verdict.kind,
        "reason": extraction.verdict.reason,
        "title": extraction.title,
        "language": extraction.language,
        "words": extraction.words,
        "confidence": {"score": extraction.confidence.score, "reasons": list(extraction.confidence.reasons)},
        "stated_date": str(extraction.dates.updated) if extraction.dates.updated else None,
        "effective_date": str(extraction.dates.effective) if extraction.dates.effective else None,
        "text": extraction.text,
    }


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--pairs", metavar="FILE", help='JSON lines {"id", "before", "after"} of files; one JSON object a line comes back.'
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "markdown"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--document", metavar="VENDOR/DOCUMENT", help="Compare two dates of this document instead of two files.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when the texts differ in substance.")
@click.pass_obj
def diff(
    root: str | None,
    old: str | None,
    new: str | None,
    pairs: str | None,
    form: str,
    document: str | None,
    exit_code: bool,
) -> int:
    """Compare two files, two dates of a document, or two documents, and say what the difference means.

    OLD and NEW are files (.html .md .txt .pdf), or days such as 2020-03-18 with --document, or two documents as
    VENDOR/DOCUMENT[@DAY].
    """
    from monitor.cli.comparing import compare_archived, compare_files, compare_pairs

    if pairs:
        if old or new:
            raise UsageError("diff: give either --pairs or OLD and NEW")
        return compare_pairs(pairs)
    if not old or not new:
        raise UsageError("diff: OLD and NEW are missing", remedy="policy-monitor diff BEFORE AFTER, or --pairs FILE")
    if document or (_is_document(old) and _is_document(new)):
        substantive = compare_archived(root, old, new, document=document, form=form)
    else:
        substantive = compare_files(old, new, form=form)
    return EXIT_CHANGES if exit_code and substantive else 0


def _is_document(name: str) -> bool:
    return not Path(name).exists() and name.count("/") == 1


def read_pairs(path: str) -> Iterator[tuple[str, str, str]]:
    """Id, before and after of each line; relative paths are relative to the file of pairs.

    Raises:
        UsageError: the file cannot be read or a line is not what it should be.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    base = Path(path).parent
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield str(row["id"]), str(base / row["before"]), str(base / row["after"])
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f'{path}, line {number}: expected {{"id", "before", "after"}}: {error}') from error


@click.command()
@click.argument("label")
def explain(label: str) -> int:
    """Print what a label means, its mappings to other vocabularies, and the severities it is given."""
    from monitor.meaning.knowledge import explain as explanation

    try:
        click.echo(explanation(label))
    except KeyError as error:
        raise UsageError(str(error.args[0])) from error
    return 0
