"""The verb doctor: everything about an installation that a person would otherwise have to look for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from monitor.cli.context import Context
from monitor.cli.terminal import printable

if TYPE_CHECKING:
    from monitor.cli.examining import Note


@click.command()
@click.option("--mail", metavar="ADDRESS", help="Also send a test message to this address.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def doctor(root: str | None, mail: str | None, as_json: bool) -> int:
    """Look at the whole installation: what is wrong, what is worth knowing, what is fine.

    Changes nothing. Exits with 2 when the watchlist, the settings or the machine need attention, with 4 when the
    archive cannot be used.
    """
    from monitor.cli.examining import examine, send_test

    with Context(root) as context:
        notes = examine(context)
        if mail is not None:
            notes = [*notes, send_test(context, mail)]
        if as_json:
            rows = [{"level": note.level, "about": note.about, "text": note.text} for note in notes]
            click.echo(json.dumps(rows, ensure_ascii=False))
        else:
            for note in notes:
                click.echo(printable(f"{_MARKS[note.level]} {note.about}: {note.text}"))
        return _exit_code(notes)


_MARKS = {"fine": " ", "note": "-", "problem": "!"}


def _exit_code(notes: list[Note]) -> int:
    from monitor.cli import EXIT_DAMAGED, EXIT_USAGE

    problems = [note for note in notes if note.level == "problem"]
    if any(note.about == "archive" for note in problems):
        return EXIT_DAMAGED
    return EXIT_USAGE if problems else 0
