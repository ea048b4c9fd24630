"""The command ``policy-monitor``: verbs, each loaded only when it is called."""

from __future__ import annotations

import importlib
import os
import sys

import click

from monitor import __version__
from monitor.errors import ArchiveError, ConfigError, LockedError, MonitorError, UsageError

VERBS = {
    "init": "monitor.cli.setup:init",
    "check": "monitor.cli.checking:check",
    "run": "monitor.cli.running:run",
    "deliver": "monitor.cli.mail:deliver",
    "report": "monitor.cli.reading:report",
    "serve": "monitor.cli.serving:serve",
    "diff": "monitor.cli.files:diff",
    "text": "monitor.cli.files:text",
    "history": "monitor.cli.reading:history",
    "show": "monitor.cli.reading:show",
    "search": "monitor.cli.reading:search",
    "validate": "monitor.cli.setup:validate",
    "add": "monitor.cli.setup:add",
    "subscribe": "monitor.cli.mail:subscribe",
    "unsubscribe": "monitor.cli.mail:unsubscribe",
    "subscribers": "monitor.cli.mail:subscribers",
    "bounces": "monitor.cli.mail:bounces",
    "correct": "monitor.cli.mail:correct",
    "note": "monitor.cli.reading:note",
    "review": "monitor.cli.reading:review",
    "import": "monitor.cli.transfer:import_",
    "export": "monitor.cli.transfer:export",
    "rebuild": "monitor.cli.checking:rebuild",
    "verify": "monitor.cli.checking:verify",
    "doctor": "monitor.cli.setup:doctor",
    "explain": "monitor.cli.files:explain",
    "demo": "monitor.cli.demo:demo",
}

EXIT_CHANGES = 1
EXIT_USAGE = 2
EXIT_FAILED = 3
EXIT_DAMAGED = 4
EXIT_LOCKED = 75


class Verbs(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All verbs, in the order of DESIGN."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None, for which click suggests the nearest."""
        target = VERBS.get(cmd_name)
        if target is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            message = f"{target} is no command"
            raise TypeError(message)
        return command


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="policy-monitor")
@click.option(
    "--root",
    metavar="DIR",
    envvar="POLICY_MONITOR_ROOT",
    help="Folder with watchlist.toml; else the nearest one upward from here.",
)
@click.pass_context
def cli(ctx: click.Context, root: str | None) -> None:
    """Watch privacy policies and say in plain words what each change means.

    Exit codes: 0 done, 1 changes found (with --exit-code), 2 usage or configuration, 3 a document newly failed or all
    failed, 4 archive damaged, 75 another instance is checking.
    """
    ctx.obj = root


def exit_code(error: MonitorError) -> int:
    """The exit code that tells what kind of error ended the run."""
    match error:
        case ConfigError() | UsageError():
            return EXIT_USAGE
        case ArchiveError():
            return EXIT_DAMAGED
        case LockedError():
            return EXIT_LOCKED
        case _:
            return EXIT_FAILED


def main() -> None:
    """Run the command line; expected errors become one clear message and an exit code."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except MonitorError as error:
        from monitor.cli.terminal import printable

        click.echo(printable(f"policy-monitor: {error}"), err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # the terminal, a pipe or a disk that can take no more: what was recorded stays
        _last_words(f"policy-monitor: {error}")
        os._exit(EXIT_FAILED)  # an ordinary end would try to write what is left, and fail again


def _last_words(text: str) -> None:
    """Say it if that is still possible."""
    try:
        click.echo(text, err=True)
    except OSError:
        return
