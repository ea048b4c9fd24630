"""Tell the operator, once, that the archive is damaged, and once that it is whole again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts import match
from monitor.model import Event
from monitor.ports import Archive, Damage

REMEMBERED = timedelta(days=365)
NAMED = 10  # things that the message names
_WHOLE = "The archive is whole again"


def tell_damage(archive: Archive, found: Sequence[Damage], *, now: datetime) -> bool:
    """Whether this call told it: other damage than was told last, or none any more.

    Raises:
        ArchiveError: the ledger takes nothing.
    """
    event = Event("archive-damaged", now, summary=_summary(found), detail=_detail(found))
    last = _told_last(archive, since=now - REMEMBERED)
    known = last is not None and last.kind == "archive-damaged"
    if not found and not known:
        return False
    if not found:
        event = Event("recovery", now, summary=_WHOLE)
    elif known and last is not None and (last.summary, last.detail) == (event.summary, event.detail):
        return False
    archive.announce([event], match)
    return True


def _told_last(archive: Archive, *, since: datetime) -> Event | None:
    told = (
        one
        for one in archive.events(since=since)
        if one.key is None and (one.kind == "archive-damaged" or one.summary == _WHOLE)
    )
    return max(told, key=lambda one: (one.at, one.id or 0), default=None)


def _summary(found: Sequence[Damage]) -> str:
    things = "1 thing is not what it was" if len(found) == 1 else f"{len(found)} things are not what they were"
    return f"The archive is damaged: {things}"


def _detail(found: Sequence[Damage]) -> str:
    named = sorted(f"{one.where}: {one.what}" for one in found)
    more = f"; and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"{'; '.join(named[:NAMED])}{more}. Restore them from a backup; policy-monitor verify names them all."
