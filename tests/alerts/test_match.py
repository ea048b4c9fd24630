"""Who is owed what: every filter of a subscription, and what it is asked of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.alerts import match, wanted
from monitor.model import DocumentKey, Event, Finding, Subscription

AT = datetime(2026, 3, 25, 10, 0, tzinfo=UTC)  # a Wednesday


def finding(label: str, severity: str = "high", direction: str = "worse") -> Finding:
    fields: dict[str, Any] = {"severity": severity, "direction": direction, "action": "added", "polarity": "practice"}
    return Finding(
        label=label, value="", section=(), novelty="new", rule="t", summary="", before=None, after=None, **fields
    )


SALE, AI, MILD = (
    finding("share.sale"),
    finding("purpose.ai_training", "medium", "unclear"),
    finding("retention", "low", "better"),
)
CHANGE = Event(
    kind="change",
    at=AT,
    key=DocumentKey("acme", "privacy"),
    document_kind="privacy-policy",
    tags=("video", "work"),
    severity="high",
    direction="mixed",
    findings=(SALE, AI, MILD),
)
ANYONE = Subscription(address="ann@reader.example", confirmed_at=AT, id=1)
OPERATOR = replace(ANYONE, operator=True)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, True),
        ({"vendors": ("acme",)}, True),
        ({"vendors": ("other", "acme")}, True),
        ({"vendors": ("other",)}, False),
        ({"kinds": ("privacy-policy",)}, True),
        ({"kinds": ("terms",)}, False),
        ({"tags": ("work",)}, True),
        ({"tags": ("games",)}, False),
        ({"vendors": ("acme",), "tags": ("games",)}, False),
        ({"labels": ("share.*",)}, True),
        ({"labels": ("share",)}, True),
        ({"labels": ("share.named",)}, False),
        ({"labels": ("*.ai_training",)}, True),
        ({"labels": ("retention",)}, True),
        ({"severity": "high"}, True),
        ({"labels": ("purpose.*",), "severity": "high"}, False),
        ({"labels": ("purpose.*",), "severity": "medium"}, True),
        ({"labels": ("purpose.*",), "direction": "worse"}, False),
        ({"labels": ("retention",), "direction": "worse"}, False),
        ({"direction": "worse"}, True),
        ({"events": ("change",)}, True),
        ({"events": ("withdrawal", "promise")}, False),
        ({"confirmed_at": None}, False),
        ({"ended_at": AT}, False),
        ({"operator": True}, False),
    ],
    ids=str,
)
def test_a_change_reaches_exactly_those_whose_wishes_one_of_its_findings_meets(
    wish: dict[str, Any], told: bool
) -> None:
    assert match(CHANGE, [replace(ANYONE, **wish)]) == (((1, AT),) if told else ())


def test_labels_severity_and_direction_are_asked_of_one_and_the_same_finding() -> None:
    wish = replace(ANYONE, labels=("retention", "purpose.*"), direction="worse")
    assert match(CHANGE, [wish]) == ()
    assert wanted(CHANGE, wish) == ()
    assert wanted(CHANGE, replace(wish, direction="any")) == (1, 2)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, True),
        ({"labels": ("share.*",)}, False),
        ({"labels": ("share.*",), "events": ("promise",)}, True),
        ({"severity": "medium"}, True),
        ({"severity": "high"}, False),
        ({"severity": "high", "events": ("promise",)}, True),
        ({"direction": "worse"}, True),
    ],
    ids=str,
)
def test_an_event_without_findings_is_judged_by_itself(wish: dict[str, Any], told: bool) -> None:
    gone = replace(CHANGE, kind="promise", findings=(), severity="medium", direction="worse")
    assert bool(match(gone, [replace(ANYONE, **wish)])) is told


@pytest.mark.parametrize("kind", ["trouble", "recovery", "gone", "moved", "mail-failing", "archive-damaged"])
def test_trouble_goes_to_operators_and_to_no_reader(kind: Any) -> None:
    for key in (DocumentKey("acme", "privacy"), None):
        trouble = replace(CHANGE, kind=kind, key=key, findings=(), severity="none", direction="neutral")
        assert match(trouble, [ANYONE, replace(OPERATOR, id=2)]) == ((2, AT),)


def test_an_operators_filters_are_asked_of_documents_but_never_hide_the_installation() -> None:
    narrow = replace(OPERATOR, vendors=("other",), severity="high", labels=("share.*",))
    trouble = replace(CHANGE, kind="trouble", findings=())
    assert match(trouble, [narrow]) == ()
    assert match(replace(trouble, key=None, kind="mail-failing"), [narrow]) == ((1, AT),)
    assert match(trouble, [replace(narrow, vendors=("acme",))]) == ((1, AT),)


def test_sale_weekly_and_ai_training_at_once_are_two_subscriptions_with_their_own_times() -> None:
    sale = replace(ANYONE, id=7, labels=("share.sale",), every="weekly", hour=8, weekday=0, zone="Europe/Berlin")
    ai = replace(ANYONE, id=8, labels=("purpose.ai_training",))
    monday = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)  # 08:00 in Berlin, after the clocks went forward on Sunday
    assert match(CHANGE, [sale, ai]) == ((7, monday), (8, AT))
    assert wanted(CHANGE, sale) == (0,)
    assert wanted(CHANGE, ai) == (1,)


def test_a_label_with_hostile_wildcards_is_matched_in_no_time() -> None:
    long = replace(CHANGE, findings=(finding("a" * 500),))
    assert match(long, [replace(ANYONE, labels=("*a" * 40 + "b",))]) == ()


def test_readers_who_share_a_rhythm_are_due_at_the_same_moment() -> None:
    readers = [replace(ANYONE, id=number, every="daily", hour=8) for number in (1, 2, 3)]
    assert {due for _, due in match(CHANGE, readers)} == {datetime(2026, 3, 26, 8, 0, tzinfo=UTC)}


def test_news_of_the_installation_for_readers_reaches_those_who_watch_everything() -> None:
    correction = replace(CHANGE, kind="correction", key=None, findings=())
    assert match(correction, [ANYONE]) == ((1, AT),)
    assert match(correction, [replace(ANYONE, vendors=("acme",))]) == ()


def test_a_wish_that_was_never_entered_is_owed_nothing() -> None:
    assert match(CHANGE, [replace(ANYONE, id=None)]) == ()
