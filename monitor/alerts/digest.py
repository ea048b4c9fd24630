"""Which alerts go into one mail, in which order, and under which Message-ID."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.alerts.match import SEVERITIES, wanted
from monitor.alerts.rhythm import last_due
from monitor.alerts.views import Batch, Item
from monitor.model import Event, Finding, Subscription
from monitor.ports import Owed

DIRECTIONS = {"worse": 3, "mixed": 2, "unclear": 1}
SINGLE = 3  # so many events at once are mails of their own with telling subjects; more are one digest


def batches(owed: Sequence[Owed]) -> tuple[Batch, ...]:
    """What is owed to one address, as mails. One event is told once in a mail, however many subscriptions ask for it.

    Alerts that an earlier attempt put together stay together, under the Message-ID they were given.
    """
    groups: dict[tuple[str, str, bool], list[Owed]] = {}
    for one in owed:
        key = (one.alert.message_id, one.subscription.every, one.subscription.operator)
        groups.setdefault(key if not one.alert.message_id else (one.alert.message_id, "", False), []).append(one)
    made: list[Batch] = []
    for (message_id, _, _), group in groups.items():
        events = {one.alert.event for one in group}
        if not message_id and group[0].subscription.every == "now" and 1 < len(events) <= SINGLE:
            made.extend(_batch([one for one in group if one.alert.event == event]) for event in sorted(events))
        else:
            made.append(_batch(group))
    return tuple(made)


def message_id(batch: Batch, domain: str) -> str:
    """The Message-ID that these alerts have for ever, whichever run sends them."""
    if batch.message_id:
        return batch.message_id
    parts = [batch.address, *(str(alert) for alert in sorted(batch.alerts))]
    if batch.period:
        parts += ["empty", batch.period.isoformat(), *(str(one.id) for one in batch.subscriptions)]
    parts += sorted({item.event.at.isoformat() for item in batch.items})  # two installations count alerts from 1
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:40]
    return f"<{batch.rhythm}.{digest}@{domain}>"


def gravest_first(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items by vendor, the vendor with the gravest item first, and the gravest of each vendor first."""
    ranked = sorted(items, key=lambda item: (_rank(item), item.event.at), reverse=True)
    order: dict[str, int] = {}
    for item in ranked:
        order.setdefault(vendor_of(item.event), len(order))
    return tuple(sorted(ranked, key=lambda item: order[vendor_of(item.event)]))


def vendor_of(event: Event) -> str:
    """The vendor's name for people, "" for what concerns the installation."""
    return event.vendor_name or (event.key.vendor if event.key else "")


def severity_rank(finding: Finding) -> tuple[int, int]:
    """Larger is graver, then worse."""
    return SEVERITIES[finding.severity], DIRECTIONS.get(finding.direction, 0)


def empty_batch(subscription: Subscription, *, now: datetime) -> Batch | None:
    """The digest of a period in which nothing happened, None for those who did not ask to be told that."""
    if subscription.every == "now" or not subscription.empty_digest or subscription.ended_at is not None:
        return None
    period = last_due(subscription, now)
    if subscription.confirmed_at is None or subscription.confirmed_at >= period:
        return None
    return Batch(subscription.address, subscription.every, (subscription,), (), period=period)


def _batch(group: Sequence[Owed]) -> Batch:
    by_event: dict[int, list[Owed]] = {}
    for one in group:
        by_event.setdefault(one.alert.event, []).append(one)
    subscriptions = {one.subscription.id: one.subscription for one in group}
    return Batch(
        address=group[0].subscription.address,
        rhythm=group[0].subscription.every,
        subscriptions=tuple(subscriptions.values()),
        items=tuple(_item(several) for several in by_event.values()),
        message_id=group[0].alert.message_id,
        attempts=max(one.alert.attempts for one in group),
    )


def _item(several: Sequence[Owed]) -> Item:
    event = several[0].event
    if len(several) == 1:
        return Item(event, wanted(event, several[0].subscription), (several[0].alert.id,))
    asked = {place for one in several for place in wanted(event, one.subscription)}
    return Item(event, tuple(sorted(asked)), tuple(one.alert.id for one in several))


def _rank(item: Item) -> tuple[int, int]:
    findings = item.event.findings
    places = item.asked or range(len(findings))
    return max(
        (severity_rank(findings[place]) for place in places),
        default=(SEVERITIES[item.event.severity], 0),
    )
