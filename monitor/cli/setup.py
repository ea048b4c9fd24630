"""Verbs that set an installation up: init, validate; add and doctor have modules of their own."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import EXIT_FAILED
from monitor.cli.adding import add
from monitor.cli.context import Context
from monitor.cli.doctor import doctor
from monitor.cli.terminal import printable
from monitor.errors import ConfigError, Problem, UsageError

if TYPE_CHECKING:
    from monitor.cli.looking import Look
    from monitor.model import Watchlist

__all__ = ["add", "doctor", "init", "validate"]

_STARTER = {
    "watchlist.toml": "watchlist.toml",
    "settings.toml.example": "settings.toml.example",
    "snapshots/README.md": "snapshots.md",
    ".gitignore": "gitignore",
}


@click.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.pass_obj
def init(root: str | None, folder: str | None) -> int:
    """Make an installation in a folder: a watchlist to begin with, an example of settings, a place for snapshots.

    Files that are there already are kept as they are.
    """
    there = Path(folder or root or ".")
    starter = resources.files("monitor.cli").joinpath("starter")
    try:
        for target, source in _STARTER.items():
            path = there / target
            if path.exists() or path.is_symlink():
                click.echo(printable(f"kept  {path}"))
                continue
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            path.write_bytes(starter.joinpath(source).read_bytes())
            click.echo(printable(f"made  {path}"))
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}", remedy="choose a folder you may write to") from error
    here = there.resolve() == Path.cwd()
    click.echo(f"next: policy-monitor {'' if here else f'--root {printable(str(there))} '}check")
    return 0


@click.command()
@click.argument("names", nargs=-1, metavar="[VENDOR[/DOCUMENT]]...")
@click.option("--live", is_flag=True, help="Also fetch every document and say what its page shows; records nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def validate(root: str | None, names: tuple[str, ...], live: bool, as_json: bool) -> int:
    """Say everything that is wrong with the watchlist and the settings, or that nothing is."""
    from monitor.cli.checking import chosen

    with Context(root) as context:
        problems = _problems(context)
        if problems:
            if not as_json:
                raise problems[0] if len(problems) == 1 else _joined(problems)
            rows = [
                {"file": error.path, "where": one.where, "line": one.line, "message": one.message, "hint": one.hint}
                for error in problems
                for one in error.problems
            ]
            click.echo(json.dumps({"problems": rows}, ensure_ascii=False))
            return 2
        watchlist = context.watchlist
        only = chosen(watchlist, names)
        if not as_json:
            _say(context, watchlist)
        if not live:
            if as_json:
                click.echo(json.dumps(_counts(watchlist)))
            return 0
        from monitor.cli.looking import look_at

        documents = [
            document
            for document in watchlist.documents
            if document.paused is None and (only is None or document.key in only)
        ]
        bad = 0
        rows_of_looks = []
        for look in look_at(
            documents, fetcher=context.fetcher, sandbox=context.sandbox, workers=context.settings.workers
        ):
            bad += not look.ok
            rows_of_looks.append(look.plain())
            if not as_json:
                click.echo(printable(_line(look)))
        if as_json:
            click.echo(json.dumps({**_counts(watchlist), "live": rows_of_looks}, ensure_ascii=False))
        else:
            click.echo(f"{len(documents) - bad} of {len(documents)} documents show a policy; nothing was recorded")
        return EXIT_FAILED if bad else 0


def _problems(context: Context) -> list[ConfigError]:
    """What is wrong in each of the two files."""
    found = []
    for read in (lambda: context.watchlist, lambda: context.settings):
        try:
            read()
        except ConfigError as error:
            found.append(error)
    unknown = None if found else _unknown_labels(context)
    return [*found, unknown] if unknown else found


def _unknown_labels(context: Context) -> ConfigError | None:
    """Severity rows that no label can match."""
    if not context.watchlist.severity:
        return None
    from monitor.meaning.knowledge import labels
    from monitor.watchlist.source import find_lines
    from monitor.watchlist.table import did_you_mean, nearest_line

    path = context.root / "watchlist.toml"
    lines = find_lines(path.read_text(encoding="utf-8-sig"))
    known = [*labels(), "unclassified"]
    problems = tuple(
        Problem(
            f'severity "{row.label}", label',
            nearest_line(lines, ("severity", index, "label")),
            "no label of the taxonomy matches",
            did_you_mean(row.label, known),
        )
        for index, row in enumerate(context.watchlist.severity)
        if not any(fnmatchcase(label, row.label) for label in known)
    )
    return ConfigError(str(path), problems) if problems else None


def _joined(errors: list[ConfigError]) -> ConfigError:
    problems = tuple(
        Problem(f"{Path(error.path).name}: {one.where}", one.line, one.message, one.hint)
        for error in errors
        for one in error.problems
    )
    return ConfigError(str(Path(errors[0].path).parent), problems)


def _counts(watchlist: Watchlist) -> dict[str, object]:
    return {"problems": [], "vendors": len(watchlist.vendors), "documents": len(watchlist.documents)}


def _say(context: Context, watchlist: Watchlist) -> None:
    from monitor.due import upcoming

    vendors, documents = len(watchlist.vendors), len(watchlist.documents)
    counted = f"{vendors} vendor{'s' if vendors != 1 else ''}, {documents} document{'s' if documents != 1 else ''}"
    click.echo(f"{counted}, no problem")
    now = context.clock.now()
    shown: set[str] = set()
    for document in watchlist.documents:
        line = document.schedule.cron
        if line and line not in shown:
            shown.add(line)
            times = ", ".join(f"{at:%a %Y-%m-%d %H:%M}" for at in upcoming(document, now=now))
            click.echo(f'cron "{line}": next {times} UTC')


def _line(look: Look) -> str:
    """One line about one document: what its page shows, or why it could not be seen."""
    if look.extraction is None:
        return f"{look.document.key}: failed: {look.reason}"
    found = look.extraction
    facts = [
        found.verdict.kind,
        f"{found.words:,} words",
        f"confidence {found.confidence.score:.2f}",
        found.language or "language unknown",
    ]
    reasons = [reason for reason in (found.verdict.reason, *found.confidence.reasons) if reason]
    if found.needs_browser and look.document.render == "http":
        reasons.append('seems to need a browser: render = "browser"')
    return f"{look.document.key}: {', '.join(facts)}" + (f" ({'; '.join(reasons)})" if reasons else "")
