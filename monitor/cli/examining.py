"""What doctor looks at, one function a subject; each says what it found as notes."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from monitor import __version__
from monitor.cli.context import Context
from monitor.errors import ConfigError, MonitorError
from monitor.model import Message, Settings

_SCARCE, _LITTLE = 100_000_000, 1_000_000_000  # bytes of disk
_SILENT = timedelta(minutes=5)  # the daemon writes its heartbeat every few seconds
_SHIPPED = datetime(2026, 1, 1, tzinfo=UTC)  # no clock that is right shows an earlier time
_EXTRAS = {
    "pdf": ("pypdfium2", "policies as PDF"),
    "js": ("playwright", "pages that need a browser"),
    "web": ("starlette", "the door for readers (serve)"),
    "notify": ("apprise", "operator notices by Apprise"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing found. ``problem``: somebody should do something about it."""

    level: Literal["fine", "note", "problem"]
    about: str
    text: str


def examine(context: Context, environ: Mapping[str, str] | None = None) -> list[Note]:
    """Everything there is to say about the installation; one subject's error never hides the others."""
    environ = os.environ if environ is None else environ
    subjects: dict[str, Callable[[], Iterator[Note]]] = {
        "program": lambda: _program(environ),
        "folder": lambda: _folder(context.root),
        "watchlist": lambda: _watchlist(context),
        "settings": lambda: _settings(context, environ),
        "clock": lambda: _clock(context),
        "archive": lambda: _archive(context),
        "running": lambda: _running(context),
        "mail": lambda: _mail(context),
        "report": lambda: _report(context),
    }
    notes: list[Note] = []
    for about, look in subjects.items():
        try:
            notes += look()
        except ConfigError as error:
            if about in {"watchlist", "settings"}:  # the others would only say it again
                notes += [Note("problem", about, str(problem)) for problem in error.problems]
        except (MonitorError, OSError) as error:
            if str(error) not in {note.text for note in notes}:  # several subjects ask the archive
                notes.append(Note("problem", about, str(error)))
    return notes


def send_test(context: Context, address: str) -> Note:
    """A test message sent the way alerts are sent."""
    from email.utils import format_datetime

    from monitor.alerts.address import parse_address
    from monitor.alerts.mime import assemble
    from monitor.send import destination

    try:
        recipient = parse_address(address)
    except ValueError as error:
        return Note("problem", "mail", f"this is no mail address: {error}")
    settings, now = context.settings, context.clock.now()
    sender = settings.mail_from or "policy-monitor@localhost"
    message_id = f"<test.{now:%Y%m%dT%H%M%S%f}.{os.getpid()}@{sender.rpartition('@')[2]}>"
    subject = f"Test message of {settings.site_title}"
    text = f"This is a test of the mail settings, sent by `policy-monitor doctor` at {now:%Y-%m-%d %H:%M} UTC.\n"
    headers = [
        ("Date", format_datetime(now)),
        ("From", sender),
        ("To", recipient),
        ("Subject", " ".join(subject.split())),
        ("Message-ID", message_id),
        ("Auto-Submitted", "auto-generated"),
    ]
    raw = assemble(headers, text=text, html=f"<p>{text}</p>")
    try:
        context.sender.send(Message(message_id, recipient, subject, raw, return_path=sender))
    except MonitorError as error:
        return Note("problem", "mail", f"the test message was not taken: {error}")
    return Note("fine", "mail", f"the test message was taken by {destination(settings)}")


def _program(environ: Mapping[str, str]) -> Iterator[Note]:
    yield Note("fine", "program", f"policy-monitor {__version__}, Python {platform.python_version()}, {sys.platform}")
    for extra, (module, what) in _EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        yield Note("fine", "program", f"extra {extra} ({what}): {'installed' if there else 'not installed'}")
    if importlib.util.find_spec("playwright") is not None:
        named = environ.get("MONITOR_CHROMIUM", "")
        browser = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), "")
        yield (
            Note("fine", "program", f"browser: {browser}")
            if browser and Path(browser).exists()
            else Note("note", "program", "no Chromium was found: pages that need a browser will fail")
        )


def _folder(root: Path) -> Iterator[Note]:
    yield Note("fine", "folder", str(root))
    if not os.access(root, os.W_OK):
        yield Note("problem", "folder", f"{root} cannot be written to by this user")
    free = shutil.disk_usage(root).free
    level: Literal["fine", "note", "problem"] = "problem" if free < _SCARCE else "note" if free < _LITTLE else "fine"
    yield Note(level, "folder", f"{free / 1e9:.1f} GB free on the disk")


def _watchlist(context: Context) -> Iterator[Note]:
    watchlist = context.watchlist
    yield Note("fine", "watchlist", f"{len(watchlist.vendors)} vendors, {len(watchlist.documents)} documents")
    for document in watchlist.documents:
        if document.robots_ignore is not None:
            yield Note("note", "watchlist", f"{document.key} ignores robots.txt: {document.robots_ignore}")
        if document.paused is not None:
            yield Note("note", "watchlist", f"{document.key} is paused: {document.paused}")


def _settings(context: Context, environ: Mapping[str, str]) -> Iterator[Note]:
    from monitor.settings import SECRETS, exceptions

    settings = context.settings
    plain = Settings(root=settings.root)
    for name in (field.name for field in fields(Settings) if field.name != "root"):
        value = getattr(settings, name)
        if value != getattr(plain, name):
            yield Note("fine", "settings", f"{name} = {_shown(name, value)}")
    for variable, what in SECRETS.items():
        yield Note("fine", "settings", f"{variable} ({what}): {'set' if environ.get(variable) else 'not set'}")
    if not settings.contact:
        yield Note("note", "settings", "contact is not set: nobody who is fetched from can ask who we are")
    for line in exceptions(settings):
        yield Note("note", "settings", f"exception to the fetch rules: {line}")


def _shown(name: str, value: object) -> str:
    """A setting as text; of notification targets, which hold secrets, the kind only."""
    if name == "notify" and isinstance(value, tuple):
        return ", ".join(f"{str(target).partition(':')[0]}://…" for target in value)
    if isinstance(value, timedelta):
        from monitor.watchlist.values import spell

        return spell(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _clock(context: Context) -> Iterator[Note]:
    now = context.clock.now()
    if now < _SHIPPED:
        yield Note("problem", "clock", f"it shows {now:%Y-%m-%d}, before this program was made")
    else:
        yield Note("fine", "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _archive(context: Context) -> Iterator[Note]:
    if not (context.settings.snapshots / "monitor.db").exists():
        yield Note("note", "archive", "there is none yet; the first check makes it")
        return
    archive, now = context.archive, context.clock.now()
    states = archive.states()
    seen = [state for state in states.values() if state.current is not None]
    checked = [state.last_check_at for state in states.values() if state.last_check_at is not None]
    yield Note("fine", "archive", f"{len(seen)} documents have a text; chain head {archive.head() or '(no check yet)'}")
    if checked:
        last = max(checked)
        yield Note("fine", "archive", f"last check {last:%Y-%m-%d %H:%M} UTC")
        if last > now + timedelta(minutes=1):
            yield Note("problem", "clock", f"the last check is from {last:%Y-%m-%d %H:%M} UTC, ahead of the clock")
    for key, state in sorted(states.items()):
        if state.failing_since is not None:
            since = f"failing since {state.failing_since:%Y-%m-%d}"
            yield Note("note", "archive", f"{key}: {since}, {state.failures} times: {state.last_error}")
        elif state.pending_digest:
            yield Note("fine", "archive", f"{key}: a new text waits for its second sighting")


def _running(context: Context) -> Iterator[Note]:
    from monitor.heartbeat import read_heartbeat

    holder = _holder(context.settings.snapshots / ".lock")
    yield Note("fine", "running", f"checking now: {holder}" if holder else "nobody is checking")
    beat = read_heartbeat(context.root)
    if beat is None or beat.doing == "stopped":
        yield Note("fine", "running", "no daemon runs here")
        return
    age = context.clock.now() - beat.at
    if not _alive(beat.pid):
        yield Note("problem", "running", f"the daemon (process {beat.pid}) is gone since {beat.at:%Y-%m-%d %H:%M} UTC")
    elif age > _SILENT:
        yield Note("problem", "running", f"the daemon (process {beat.pid}) gave no sign of life for {age}")
    else:
        due = f", next check {beat.next_due:%Y-%m-%d %H:%M} UTC" if beat.next_due else ""
        yield Note("fine", "running", f"the daemon (process {beat.pid}) is {beat.doing}{due}")
    if beat.problem:
        yield Note("problem", "running", f"the daemon says: {beat.problem}")


def _holder(lock: Path) -> str:
    """Who holds the lock on checking, as its file says; the lock itself is not touched, not even for an instant."""
    try:
        text = lock.read_text(encoding="ascii", errors="replace")[:200].strip()
    except OSError:
        return ""
    words = text.split()
    return text if len(words) > 1 and words[1].isdigit() and _alive(int(words[1])) else ""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _mail(context: Context) -> Iterator[Note]:
    from monitor.send import destination

    settings = context.settings
    yield Note("fine", "mail", f"goes to {destination(settings)}")
    if not settings.operator:
        yield Note("note", "mail", "operator is not set: nobody hears of trouble")
    if not settings.public_url:
        yield Note("fine", "mail", "public_url is not set: mails carry the pages instead of links to them")
    if (settings.snapshots / "monitor.db").exists():
        owed = len(context.archive.owed(context.clock.now()))
        yield Note("fine", "mail", f"{len(context.archive.subscriptions())} subscriptions, {owed} alerts wait")


def _report(context: Context) -> Iterator[Note]:
    index = context.settings.site / "index.html"
    if not index.exists():
        yield Note("fine", "report", "there is none yet; policy-monitor report makes it")
        return
    made = datetime.fromtimestamp(index.stat().st_mtime, UTC)
    yield Note("fine", "report", f"{index}, of {made:%Y-%m-%d %H:%M} UTC")
    if (context.settings.snapshots / "monitor.db").exists():
        newest = max((change.at for change in context.archive.changes()), default=None)
        if newest is not None and newest > made:
            yield Note("note", "report", "it is older than the newest change: policy-monitor report makes it again")
