"""What must hold of an installation after any interruption, and what it is in the end."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path

from reliability.acting import StandingClock
from reliability.scene import time_of

from monitor.alerts.match import match
from monitor.archive.archive import FolderArchive, open_folder

_WRITTEN = re.compile(rb"<div><dt>(?:Written|Head of the chain then)</dt>[^\n]*|verify --head [0-9a-f]{64}")
"""When a page was written: a run after an interruption may write pages anew that were as they should be."""


def opened(root: Path, day: int = 0) -> FolderArchive:
    """The archive of an installation. Close it."""
    return open_folder(root / "snapshots", clock=StandingClock(time_of(day)))


def problems(root: Path, *, maildir: bool = True) -> list[str]:
    """Everything that is wrong once the next run has begun; an installation without a ledger is as good as new.

    ``maildir``: whether that is where its mail goes.
    """
    if not (root / "snapshots" / "monitor.db").exists():
        return []
    found: list[str] = []
    try:
        archive = opened(root)
        try:
            with archive.checking():
                found += [f"{damage.where}: {damage.what}" for damage in archive.verify()]
                found += [f"left: {path.name}" for path in (root / "snapshots" / ".staged").iterdir()]
            found += _history(archive) + _told(archive) + (_mail(root, archive) if maildir else [])
        finally:
            archive.close()
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not end a sweep
        found.append(f"cannot be used: {type(error).__name__}: {error}")
    return found


def _history(archive: FolderArchive) -> list[str]:
    """Numbers without gaps, one change a version, no check or snapshot twice."""
    found = []
    for key in archive.documents():
        versions, changes = archive.versions(key), archive.changes(key)
        if [version.seq for version in versions] != list(range(1, len(versions) + 1)):
            found.append(f"{key}: a gap in its versions")
        pairs = [(change.before, change.after) for change in changes]
        if pairs != [(before.id, after.id) for before, after in pairwise(versions)]:
            found.append(f"{key}: {len(versions)} versions, changes {pairs}")
        rows: list[object] = [(s.taken_at, s.reason) for s in archive.snapshots(key)]
        rows += [("check", check.at) for check in archive.checks(key)]
        found += [f"{key}: twice: {what}" for what, times in Counter(rows).items() if times > 1]
        for version in versions:
            archive.text(version)
    return found


def _told(archive: FolderArchive) -> list[str]:
    """Every event once, and one alert of it for each subscription that it concerns."""
    found = []
    subscriptions = archive.subscriptions()
    events = archive.events()
    for event in events:
        owed = sorted(number for number, _due in match(event, subscriptions))
        alerts = sorted(alert.subscription for alert in archive.alerts(event.id or 0))
        if owed != alerts:
            found.append(f"event {event.id} ({event.kind}): owed to {owed}, alerts for {alerts}")
    twice = Counter((event.kind, event.key, event.at, event.summary) for event in events)
    found += [f"told twice: {what[:3]}" for what, times in twice.items() if times > 1]
    told = {event.change for event in events if event.kind in {"change", "withdrawal"}}
    untold = [
        change
        for change in archive.changes()
        if change.materiality == "substantive" and change.kind != "technical" and change.id not in told
    ]
    found += [f"change {change.id} of {change.key} was told to nobody" for change in untold if change.kind == "change"]
    # The third alternation within a month is told as "unstable", by the check that would have told the withdrawal.
    notices = {(event.key, event.at) for event in events if event.kind == "unstable"}
    instead = Counter(
        check.key for check in archive.checks() if check.outcome == "withdrawal" and (check.key, check.at) in notices
    )
    silent = Counter(change.key for change in untold if change.kind == "withdrawal")
    found += [
        f"{key}: {times} withdrawals were told to nobody, {instead[key]} of them for being unstable"
        for key, times in silent.items()
        if times > instead[key]
    ]
    return found


def _mail(root: Path, archive: FolderArchive) -> list[str]:
    """In the maildir a mail a Message-ID; each that counts as sent is there, and each that is there was fixed before."""
    there = Counter(_message_id(path) for path in (root / "mail").glob("*/*.policy-monitor"))
    sent = {one.message_id for one in archive.deliveries() if one.outcome == "sent"}
    fixed = {alert.message_id for event in archive.events() for alert in archive.alerts(event.id or 0)}
    found = [f"{number} times in the maildir: {mail}" for mail, number in there.items() if number > 1]
    found += [f"counts as sent and is not there: {mail}" for mail in sent - set(there)]
    return found + [f"there, but no alert knows it: {mail}" for mail in set(there) - fixed]


def _message_id(path: Path) -> str:
    lines = path.read_bytes().partition(b"\n\n")[0].replace(b"\r", b"").split(b"\n")
    return next(
        (line.partition(b":")[2].strip().decode() for line in lines if line.lower().startswith(b"message-id:")),
        str(path),
    )


def whole(root: Path) -> dict[str, object]:
    """What an installation says in the end: two that say the same went the same way."""
    archive = opened(root)
    try:
        return {
            "checks": [(str(check.key), check.outcome) for check in archive.checks()],
            "head": archive.head(),
            "versions": [(str(v.key), v.seq, v.path) for key in archive.documents() for v in archive.versions(key)],
            "changes": [(change.slug, change.kind, change.summary) for change in archive.changes()],
            "events": [
                (event.kind, event.change, [alert.state for alert in archive.alerts(event.id or 0)])
                for event in archive.events()
            ],
            "promises": [(pin.sentence, pin.state, pin.since) for pin in archive.promises()],
            "mail": sorted(map(_gist, (root / "mail").glob("new/*"))),
            "report": report(root),
        }
    finally:
        archive.close()


def report(root: Path) -> dict[str, set[str]]:
    """The digest of each page, as the only one it may have."""
    folder = root / "report"
    return {
        str(path.relative_to(folder)): {hashlib.sha256(_WRITTEN.sub(b"", path.read_bytes())).hexdigest()[:12]}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _gist(path: Path) -> tuple[str, ...]:
    """What a mail says, without the page of the report that it brings along."""
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return (path.name, mail["to"], mail["subject"], mail["message-id"], body.get_content() if body else "")


def difference(one: dict[str, object], other: dict[str, object]) -> list[str]:
    """Where an installation (``other``) is not as it should be (``one``)."""
    found = [f"{part}: {one[part]} / {other[part]}" for part in one if part != "report" and one[part] != other[part]]
    allowed, there = one["report"], other["report"]
    assert isinstance(allowed, dict)
    assert isinstance(there, dict)
    return found + [
        f"report: {name}"
        for name in sorted({*allowed, *there})
        if not there.get(name, set()) & allowed.get(name, set())
    ]
