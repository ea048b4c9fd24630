"""Which subscriptions an event is owed to, when, and which of its findings each one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache

from monitor.alerts.rhythm import next_due
from monitor.model import Event, Finding, Subscription

SEVERITIES = {"none": 0, "low": 1, "medium": 2, "high": 3}


def match(event: Event, subscriptions: Sequence[Subscription]) -> tuple[tuple[int, datetime], ...]:
    """The subscriptions that an event is owed to, as (subscription id, when its alert is due).

    Subscriptions that wait for their confirmation or have ended are owed nothing.
    """
    due: dict[tuple[str, int, int, str], datetime] = {}  # thousands of subscribers share a handful of rhythms
    owed = []
    for subscription in subscriptions:
        if subscription.id is None or not concerned(event, subscription):
            continue
        rhythm = (subscription.every, subscription.hour, subscription.weekday, subscription.zone)
        if rhythm not in due:
            due[rhythm] = next_due(subscription, event.at)
        owed.append((subscription.id, due[rhythm]))
    return tuple(owed)


def concerned(event: Event, subscription: Subscription) -> bool:
    """Whether a subscription wants to hear of an event at all."""
    if subscription.confirmed_at is None or subscription.ended_at is not None:
        return False
    if event.operator != subscription.operator:
        return False
    if subscription.events and event.kind not in subscription.events:
        return False
    return _about(event, subscription) and _grave(event, subscription)


def wanted(event: Event, subscription: Subscription) -> tuple[int, ...]:
    """Places of the event's findings that pass the subscription's labels, severity and direction."""
    if not (subscription.labels or subscription.direction == "worse" or subscription.severity != "none"):
        return tuple(range(len(event.findings)))
    return tuple(place for place, finding in enumerate(event.findings) if _passes(finding, subscription))


def _about(event: Event, subscription: Subscription) -> bool:
    """Whether the event's document is one of those asked for; the whole installation concerns every operator."""
    if event.key is None:
        return event.operator or not (subscription.vendors or subscription.tags or subscription.kinds)
    if subscription.vendors and event.key.vendor not in subscription.vendors:
        return False
    if subscription.kinds and event.document_kind not in subscription.kinds:
        return False
    return not subscription.tags or not set(subscription.tags).isdisjoint(event.tags)


def _grave(event: Event, subscription: Subscription) -> bool:
    """Whether labels, severity and direction let the event pass.

    They are asked of each finding: one must pass all three. An event without findings (a promise gone, an unstable
    page) is judged by its own severity and direction and carries no label; who names its kind gets it in any case.
    """
    if event.operator or not (
        subscription.labels or subscription.direction == "worse" or subscription.severity != "none"
    ):
        return True
    if event.findings:
        return any(_passes(finding, subscription) for finding in event.findings)
    if event.kind in subscription.events:
        return True
    return (
        not subscription.labels
        and SEVERITIES[event.severity] >= SEVERITIES[subscription.severity]
        and (subscription.direction == "any" or event.direction in {"worse", "mixed"})
    )


def _passes(finding: Finding, subscription: Subscription) -> bool:
    if subscription.direction == "worse" and finding.direction != "worse":
        return False
    if SEVERITIES[finding.severity] < SEVERITIES[subscription.severity]:
        return False
    return not subscription.labels or _labelled(finding.label, subscription.labels)


@lru_cache(maxsize=65536)
def _labelled(label: str, patterns: tuple[str, ...]) -> bool:
    """Whether a label is one of those asked for: itself, its family's name, or a glob such as ``share.*``."""
    family = label.partition(".")[0]
    return any(pattern in {label, family} or fnmatchcase(label, pattern) for pattern in patterns)
