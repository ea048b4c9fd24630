"""The verb run."""

from __future__ import annotations

import click

from monitor.cli.context import Context


@click.command()
@click.pass_obj
def run(root: str | None) -> int:
    """Check, publish and deliver for as long as it runs.

    SIGTERM finishes or rolls back and ends within ten seconds; SIGHUP takes the watchlist and the settings over again
    and keeps the old ones when they are wrong. Logs go to standard error, one JSON object a line.
    """
    from monitor.daemon import Daemon

    with Context(root) as context:
        Daemon(context).run()
    return 0
