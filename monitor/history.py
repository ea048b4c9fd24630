"""A folder of dated captures becomes a document's history, as if we had watched; nobody is told."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.errors import ExtractionError, SandboxError, UsageError
from monitor.model import (
    Archived,
    Assessment,
    Capture,
    CheckOutcome,
    Document,
    Extraction,
    SnapshotCapture,
    Watchlist,
    WatchState,
)
from monitor.ports import Archive, Sandbox
from monitor.sight import declaration, is_earlier, moved_forward, options, pages, seen_capture

GONE_WITHIN = timedelta(hours=48)  # 84 of 100 excursions end so soon; a text that stood for longer was the policy
SUFFIXES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}
# 2021-01-19, 20210119, 2021-01-19T1230, 20240505T0032, 20210119123059
_STAMP = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?:[T_ -]?(\d{2})[:-]?(\d{2})(?:[:-]?(\d{2}))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class DatedFile:
    """One capture of a folder and the time it stands for."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file. ``outcome`` None: it was left out, for ``reason``."""

    file: DatedFile
    outcome: CheckOutcome | None
    reason: str = ""
    assessment: Assessment | None = None


def stamp(name: str) -> datetime | None:
    """The time that a file name states, midnight UTC when it states only a day; None when it states none."""
    for match in _STAMP.finditer(name):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            continue
    return None


def read_dates(path: Path) -> dict[str, datetime]:
    """File names and their times from a CSV of two columns (name, ISO date or time); a header line is skipped.

    Raises:
        UsageError: the file cannot be read, or a line has no date.
    """
    dates: dict[str, datetime] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            for number, row in enumerate(csv.reader(lines), 1):
                if not row or not row[0].strip():
                    continue
                try:
                    at = datetime.fromisoformat(row[1].strip())
                except (IndexError, ValueError) as error:
                    if number == 1:
                        continue
                    raise UsageError(f"{path}, line {number}: no date in {row!r}", remedy="name,2024-05-31") from error
                dates[row[0].strip()] = at if at.tzinfo else at.replace(tzinfo=UTC)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    return dates


def dated_files(folder: Path, dates: Mapping[str, datetime] | None = None) -> tuple[DatedFile, ...]:
    """The captures of a folder, oldest first; equal times keep the order of their names.

    Raises:
        UsageError: the folder has none, or a file states no date.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    if dates is not None:
        found = [path for path in found if path.name in dates]
    files, undated = [], []
    for path in found:
        at = dates[path.name] if dates is not None else stamp(path.stem)
        if at is None:
            undated.append(path.name)
        else:
            files.append(DatedFile(path, at))
    if undated:
        names = ", ".join(undated[:3]) + (", …" if len(undated) > 3 else "")
        raise UsageError(
            f"{folder}: {len(undated)} file(s) with no date in their name: {names}",
            remedy="rename them (2024-05-31-anything.html) or give --dates FILE with lines NAME,DATE",
        )
    if not files:
        raise UsageError(
            f"{folder}: no captures in it", remedy=f"files ending in {', '.join(sorted(SUFFIXES))} are read"
        )
    return tuple(sorted(files, key=lambda file: file.at))


def import_history(
    files: Sequence[DatedFile],
    document: Document,
    *,
    archive: Archive,
    sandbox: Sandbox,
    watchlist: Watchlist,
    progress: Callable[[Imported], None] | None = None,
) -> tuple[Imported, ...]:
    """Record a document's past. Captures that say the same make one version; walls and errors are left out.

    Raises:
        UsageError: the document's history already reaches into that time.
        LockedError: another instance is checking.
    """
    with archive.checking():
        state = archive.state(document.key)
        if state.current is not None and files[0].at <= state.current.seen_at:
            raise UsageError(
                f"{document.key}: its history already reaches {state.current.seen_at:%Y-%m-%d}",
                remedy="history is imported before the first check, or continued with later captures",
            )
        done = []
        for result in _import(files, document, archive=archive, sandbox=sandbox, watchlist=watchlist):
            done.append(result)
            if progress is not None:
                progress(result)
        return tuple(done)


def _import(
    files: Sequence[DatedFile], document: Document, *, archive: Archive, sandbox: Sandbox, watchlist: Watchlist
) -> Iterator[Imported]:
    current: Extraction | None = None
    waiting = False
    for number, file in enumerate(files):
        state = archive.state(document.key)
        if state.current is not None and current is None:
            current = archive.extraction(state.current)
        capture = _capture(file, document)
        try:
            text = _text(capture, document, sandbox, current)
        except (ExtractionError, SandboxError) as error:
            yield Imported(file, None, str(error))
            continue
        if not text.verdict.ok:
            archive.record(_left_out(state, document, capture, text, file.at), lambda *_: ())
            yield Imported(file, "refused", text.verdict.reason or text.verdict.kind)
            continue
        assessment = None
        outcome: CheckOutcome = "baseline"
        if current is not None:
            if text.digest != current.digest:
                assessment = sandbox.assess(current, text, watchlist.severity)
            if assessment is None or assessment.materiality == "noise":
                archive.record(_unchanged(state, document, capture, file.at, waiting=waiting), lambda *_: ())
                waiting = False
                yield Imported(file, "unchanged")
                continue
            if not moved_forward(current.dates, text.dates) and _goes_back(files[number:], document, sandbox, current):
                waiting = True
                archive.stage([capture])
                archive.record(_pending(state, document, capture, text, file.at), lambda *_: ())
                yield Imported(file, "excursion", assessment=assessment)
                continue
            outcome = "withdrawal" if is_earlier(archive, sandbox, document.key, text) else "version"
        archive.stage([capture])
        archive.record(
            _accepted(state, document, capture, text, assessment=assessment, outcome=outcome, at=file.at), lambda *_: ()
        )
        current = text
        yield Imported(file, outcome, assessment=assessment)


def _text(capture: Capture, document: Document, sandbox: Sandbox, current: Extraction | None) -> Extraction:
    return sandbox.extract(pages([capture]), options(document), previous=current.text if current else None)


def _goes_back(files: Sequence[DatedFile], document: Document, sandbox: Sandbox, current: Extraction) -> bool:
    """Whether the next capture that shows the policy came soon after the first of these and has the current text."""
    for file in files[1:]:
        if file.at - files[0].at > GONE_WITHIN:
            return False
        try:
            text = _text(_capture(file, document), document, sandbox, current)
        except (ExtractionError, SandboxError):
            continue
        if text.verdict.ok:
            return text.digest == current.digest or sandbox.assess(current, text).materiality == "noise"
    return False


def _capture(file: DatedFile, document: Document) -> Capture:
    kind = SUFFIXES[file.path.suffix.lower()]
    url = document.urls[0] if document.urls else file.path.name
    return Capture(url, url, file.at, 200, (("content-type", kind),), file.path.read_bytes())


def _state(state: WatchState, document: Document, capture: Capture, at: datetime) -> WatchState:
    parts: tuple[SnapshotCapture, ...] = (seen_capture(capture),)
    return replace(state, last_check_at=at, last_seen_at=at, last_captures=parts, declaration=declaration(document))


def _unchanged(state: WatchState, document: Document, capture: Capture, at: datetime, *, waiting: bool) -> Archived:
    after = replace(state, pending_digest="", pending_since=None, pending_snapshot=None)
    return Archived(
        document.key,
        at,
        "excursion" if waiting else "unchanged",
        _state(after, document, capture, at),
        seen=(seen_capture(capture),),
        source="import",
        reason="the pending text went away unconfirmed" if waiting else "",
    )


def _pending(state: WatchState, document: Document, capture: Capture, text: Extraction, at: datetime) -> Archived:
    after = replace(state, pending_digest=text.digest, pending_since=at, pending_snapshot=None)
    return Archived(
        document.key,
        at,
        "pending",
        _state(after, document, capture, at),
        captures=(capture,),
        seen=(seen_capture(capture),),
        keep="pending",
        extraction=text,
        source="import",
        verdict=text.verdict,
        reason="a new text, which the next capture takes back",
    )


def _left_out(state: WatchState, document: Document, capture: Capture, text: Extraction, at: datetime) -> Archived:
    return Archived(
        document.key,
        at,
        "refused",
        replace(state, last_check_at=at),
        seen=(seen_capture(capture),),
        source="import",
        verdict=text.verdict,
        error=text.verdict.kind,
        reason=text.verdict.reason,
    )


def _accepted(
    state: WatchState,
    document: Document,
    capture: Capture,
    text: Extraction,
    *,
    assessment: Assessment | None,
    outcome: CheckOutcome,
    at: datetime,
) -> Archived:
    return Archived(
        document.key,
        at,
        outcome,
        _state(state, document, capture, at),
        captures=(capture,),
        seen=(seen_capture(capture),),
        keep="first" if outcome == "baseline" else "version",
        extraction=text,
        seen_at=at,
        source="import",
        verdict=text.verdict,
        kind=None if assessment is None else "withdrawal" if outcome == "withdrawal" else "change",
        assessment=assessment,
    )
