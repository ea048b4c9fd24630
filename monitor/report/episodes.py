"""What happened between the versions of a document: read from its checks, for the time axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.model import Check, DocumentKey, Version, WatchState
from monitor.report.views import DocumentStatus, Episode, Status

_LONGEST_SILENCE = timedelta(days=45)  # between two looks before it counts as a gap
_GRACE = timedelta(days=2)  # a late cron is no news
VERDICTS = frozenset(
    {
        "wall", "consent-wall", "login", "not-found", "maintenance", "home", "hub", "stub", "empty", "script-shell",
        "fragment", "other-language", "spam",
    }
)  # fmt: skip


def episodes(key: DocumentKey, checks: Iterable[Check], *, interval: timedelta | None = None) -> tuple[Episode, ...]:
    """Excursions, refusals, failures and long silences of a document, in order.

    Args:
        key: The document.
        checks: Its check rows, oldest first.
        interval: How often it is looked at; a silence of three intervals (45 days at least) is a gap.
    """
    silence = max(_LONGEST_SILENCE, 3 * (interval or timedelta(days=1)))
    made: list[Episode] = []
    pending_at: datetime | None = None
    last: datetime | None = None
    run: list[Check] = []

    def close(end: datetime) -> None:
        if run:
            refused = run[0].outcome == "refused"
            made.append(
                Episode("refused" if refused else "gap", run[0].at, end, key, run[-1].reason or run[-1].error, len(run))
            )
            run.clear()

    for check in checks:
        if last is not None and check.at - last > silence:
            made.append(Episode("gap", last, check.at, key, "no copy of that time is known"))
        last = check.at
        if check.outcome in {"failed", "refused"}:
            if run and run[0].outcome != check.outcome:
                close(check.at)
            run.append(check)
            continue
        close(check.at)
        if check.outcome == "pending":
            pending_at = pending_at or check.at
        elif check.outcome == "excursion":
            made.append(Episode("excursion", pending_at or check.at, check.at, key))
            pending_at = None
        elif check.outcome == "unstable":
            if made and made[-1].kind == "unstable":
                made[-1] = Episode("unstable", made[-1].start, check.at, key, count=made[-1].count + 1)
            else:
                made.append(Episode("unstable", check.at, check.at, key))
            pending_at = None
        else:
            pending_at = None
    if run and last is not None:
        close(last)
    return tuple(sorted(made, key=lambda episode: episode.start))


def status_of(
    state: WatchState, now: datetime, interval: timedelta = timedelta(days=1)
) -> tuple[Status, datetime | None, str]:
    """What a document's state is called, since when it holds, and why."""
    if state.failing_since is not None:
        shown = state.trouble.removeprefix("gone:").partition(":")[0]
        return ("refused" if shown in VERDICTS else "failing"), state.failing_since, state.last_error
    if state.pending_since is not None:
        return "pending", state.pending_since, "a new text is announced when it is seen again"
    if state.unstable:
        return "unstable", max(state.alternations, default=None), "the page alternates between texts"
    if state.current is None:
        return "never", None, state.last_error
    if state.last_seen_at is not None and now - state.last_seen_at > 3 * interval + _GRACE:
        return "stale", state.last_seen_at, "no look since then"
    return "unchanged", state.current.seen_at, ""


def latest(checks: Sequence[Check], count: int = 12) -> tuple[Check, ...]:
    """The newest few checks, newest first."""
    return tuple(reversed(checks[-count:]))


def document_status(
    key: DocumentKey,
    state: WatchState,
    now: datetime,
    *,
    vendor_name: str,
    document_kind: str,
    declared: bool = True,
    urls: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    robots_ignore: str | None = None,
    interval: timedelta | None = timedelta(days=1),
    paused: str | None = None,
) -> DocumentStatus:
    """The record that pages show, from the archive's state and the declaration."""
    status, since, reason = status_of(state, now, interval or timedelta(days=7))
    if paused is not None:
        status, since, reason = "paused", state.last_seen_at, paused
    current: Version | None = state.current
    return DocumentStatus(
        key=key,
        vendor_name=vendor_name,
        document_kind=document_kind,
        status=status,
        reason=reason,
        since=since,
        seen_at=state.last_seen_at,
        checked_at=state.last_check_at,
        next_at=state.next_check_at,
        versions=current.seq if current else 0,
        declared=declared,
        urls=urls,
        tags=tags,
        robots_ignore=robots_ignore,
        language=current.language if current else "",
    )
