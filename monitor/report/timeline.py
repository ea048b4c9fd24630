"""A vendor's history on one time axis: where to draw what, and the same as rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.model import Version
from monitor.report.views import ChangeLine, DocumentView, Episode, VendorView
from monitor.report.wording import SEVERITY_RANK, capital, day, document_kind

SHAPES = {
    "worse": "M-7-5h14l-7 12z",
    "better": "M-7 5h14l-7-12z",
    "mixed": "M0-8l8 8-8 8-8-8z",
    "neutral": "M-5-5h10v10h-10z",
    "unclear": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
}
"""Outlines round the origin; the direction is told by shape as well as by colour."""

_WIDTH = 960
_LEFT, _RIGHT = 12, 24
_LANE = 72
_TOP = 24
_SIZES = (0.6, 0.75, 0.95, 1.2)  # by severity


@dataclass(frozen=True, slots=True)
class Mark:
    """A change on a lane."""

    x: float
    y: float
    size: float
    direction: str
    silent: bool
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One document's line."""

    name: str
    y: int
    from_x: float
    to_x: float
    marks: tuple[Mark, ...]
    versions: tuple[float, ...]
    gaps: tuple[tuple[float, float, str], ...]
    crosses: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    title: str
    width: int
    height: int
    ticks: tuple[tuple[float, str, bool], ...]
    lanes: tuple[Lane, ...]
    notes: tuple[tuple[float, int, str], ...]
    notes_y: int


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line of the table beside the drawing."""

    at: datetime
    kind: str
    document: str
    text: str = ""
    end: datetime | None = None
    line: ChangeLine | None = None


def timeline(view: VendorView, now: datetime) -> Timeline:
    """The drawing of a vendor's documents, changes, notes and gaps, from the first thing known until now."""
    moments = [version.seen_at for doc in view.documents for version in doc.versions]
    moments += [episode.start for doc in view.documents for episode in doc.episodes]
    moments += [_noon(note.day) for note in view.notes]
    start = min(moments, default=now - timedelta(days=30))
    looks = [doc.status.checked_at for doc in view.documents if doc.status.checked_at]
    end = max([*moments, *looks], default=now)
    if end - start < timedelta(days=14):
        start = end - timedelta(days=14)
    span = (end - start).total_seconds()

    def at(moment: datetime) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * (moment - start).total_seconds() / span, 1)

    lanes = tuple(_lane(doc, _TOP + _LANE * (n + 1) - 18, at, end) for n, doc in enumerate(view.documents))
    bottom = _TOP + _LANE * len(lanes)
    notes = tuple(
        (at(_noon(note.day)), number, f"{day(note.day)}: {note.text}") for number, note in enumerate(view.notes, 1)
    )
    return Timeline(
        title=f"Timeline of {view.name} from {day(start)} to {day(end)}; the table below says the same",
        width=_WIDTH,
        height=bottom + (30 if notes else 6),
        ticks=tuple(_ticks(start, end, at)),
        lanes=lanes,
        notes=notes,
        notes_y=bottom + 14,
    )


def rows(view: VendorView) -> tuple[TimelineRow, ...]:
    """Everything on the axis as rows, newest first."""
    made: list[TimelineRow] = []
    for doc in view.documents:
        name = capital(document_kind(doc.status.document_kind))
        made += [TimelineRow(line.change.at, "change", name, line=line) for line in doc.lines]
        made += [
            TimelineRow(episode.start, episode.kind, name, _episode_text(episode), end=_end(episode))
            for episode in doc.episodes
        ]
        if doc.versions:
            made.append(TimelineRow(doc.versions[0].seen_at, "baseline", name, _baseline_text(doc.versions[0])))
    made += [
        TimelineRow(_noon(note.day), "note", f"Note {number}", note.text) for number, note in enumerate(view.notes, 1)
    ]
    return tuple(sorted(made, key=lambda row: row.at, reverse=True))


def _lane(doc: DocumentView, y: int, at: Callable[[datetime], float], end: datetime) -> Lane:
    marks = [
        Mark(
            x=at(line.change.at),
            y=y - 9 * SEVERITY_RANK[line.change.severity] if line.change.materiality == "substantive" else y,
            size=_SIZES[SEVERITY_RANK[line.change.severity]] if line.change.materiality == "substantive" else 0.5,
            direction=line.change.direction if line.change.materiality == "substantive" else "neutral",
            silent=line.change.silent,
            href=line.path,
            title=f"{day(line.change.at)}, {_mark_words(line)}",
        )
        for line in doc.lines
    ]
    first = min([version.seen_at for version in doc.versions], default=end)
    return Lane(
        name=document_kind(doc.status.document_kind),
        y=y,
        from_x=at(first),
        to_x=at(end),
        marks=tuple(sorted(marks, key=lambda mark: mark.size)),
        versions=tuple(at(version.seen_at) for version in doc.versions),
        gaps=tuple(
            (at(episode.start), max(2.0, round(at(episode.end or end) - at(episode.start), 1)), _episode_text(episode))
            for episode in doc.episodes
            if episode.kind in {"gap", "refused"}
        ),
        crosses=tuple(
            (at(episode.start), _episode_text(episode)) for episode in doc.episodes if episode.kind == "excursion"
        ),
    )


def _mark_words(line: ChangeLine) -> str:
    change = line.change
    if change.materiality != "substantive":
        return f"{change.materiality} change"
    words = f"{change.direction}, severity {change.severity}"
    if change.kind == "withdrawal":
        words += ", withdrawal"
    return words + (", date not moved" if change.silent else "")


def _ticks(start: datetime, end: datetime, at: Callable[[datetime], float]) -> Iterator[tuple[float, str, bool]]:
    if end - start < timedelta(days=75):
        monday = (start - timedelta(days=start.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        for week in range(1, 12):
            moment = monday + timedelta(weeks=week)
            if moment < end:
                yield at(moment), f"{moment.day} {day(moment).split()[1][:3]}", False
        return
    months = (end.year - start.year) * 12 + end.month - start.month
    step = 1 if months <= 14 else 3 if months <= 40 else 12
    for number in range(months + 2):
        year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
        moment = datetime(year, month + 1, 1, tzinfo=UTC)
        if moment < start or moment > end or month % step:
            continue
        label = str(year) if month == 0 else day(moment).split()[1][:3] if step == 1 else ""
        yield at(moment), label, month == 0


def _episode_text(episode: Episode) -> str:
    times = f" ({episode.count} times)" if episode.count > 1 else ""
    match episode.kind:
        case "excursion":
            return f"A new text was seen{times} and went away again before it was confirmed" + _tail(episode.text)
        case "gap":
            return f"Not seen{times}" + _tail(episode.text)
        case "refused":
            return f"Something else than the policy was served{times}" + _tail(episode.text)
        case "pending":
            return "A new text is waiting to be confirmed" + _tail(episode.text)
        case "unstable":
            return f"The page alternated between texts{times}: recorded, not announced" + _tail(episode.text)
        case _:
            return episode.text


def _tail(text: str) -> str:
    return f": {text}" if text else ""


def _end(episode: Episode) -> datetime | None:
    return episode.end if episode.end and episode.end.date() != episode.start.date() else None


def _baseline_text(version: Version) -> str:
    stated = f", dated {day(version.dates.updated)} by itself" if version.dates.updated else ""
    return f"First version kept{stated}"


def _noon(iso_day: str) -> datetime:
    return datetime.fromisoformat(iso_day[:10]).replace(hour=12, tzinfo=UTC)
