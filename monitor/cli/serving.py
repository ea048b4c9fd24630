"""The verb serve."""

from __future__ import annotations

import click

from monitor.cli.context import Context
from monitor.cli.terminal import printable
from monitor.errors import UsageError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option(
    "--proxy",
    "proxies",
    default="127.0.0.1",
    show_default=True,
    metavar="IP",
    help="Reverse proxy whose X-Forwarded-For is believed; several with commas.",
)
@click.pass_obj
def serve(root: str | None, *, host: str, port: int, proxies: str) -> None:
    """Serve the report, and a page to subscribe with links to change or end it.

    Meant to stand behind a reverse proxy that speaks HTTPS under the setting public_url.
    """
    try:
        from monitor.web.app import application
        from monitor.web.server import serve as run
    except ImportError as error:
        raise UsageError("serve needs the extra", remedy="pip install 'policy-monitor[web]'") from error
    from dataclasses import replace

    from monitor.meaning.knowledge import labels
    from monitor.web.door import Door

    with Context(root) as context:
        settings = context.settings
        if not settings.public_url:
            settings = replace(settings, public_url=f"http://{host}:{port}")
            click.echo("public_url is not set: the links of sign-up mails lead to this machine only", err=True)
        door = Door(
            context.archive,
            context.sender,
            settings=settings,
            keys=context.keys,
            watchlist=context.watchlist,
            clock=context.clock,
            labels=tuple(labels()),
        )
        click.echo(printable(f"listening on http://{host}:{port}, public at {settings.public_url}"), err=True)
        door.signups.start()
        try:
            run(application(door, context.site, public_url=settings.public_url), host=host, port=port, proxies=proxies)
        finally:
            door.signups.stop()
