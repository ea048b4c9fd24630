"""Digest times: one a day or week, at the reader's hour, through every change of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.rhythm import last_due, next_due
from monitor.model import Subscription

READER = Subscription(address="ann@reader.example", every="daily", hour=8)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("wish", "at", "due"),
    [
        ({"every": "now"}, utc(2026, 1, 1, 3, 4, 5), utc(2026, 1, 1, 3, 4, 5)),
        ({}, utc(2026, 1, 1, 7, 59), utc(2026, 1, 1, 8)),
        ({}, utc(2026, 1, 1, 8), utc(2026, 1, 2, 8)),
        ({"zone": "Europe/Berlin"}, utc(2026, 3, 28, 12), utc(2026, 3, 29, 6)),
        ({"zone": "Europe/Berlin"}, utc(2026, 3, 27, 12), utc(2026, 3, 28, 7)),
        ({"zone": "Europe/Berlin", "hour": 2}, utc(2026, 3, 29, 0), utc(2026, 3, 29, 1)),  # 02:00 does not exist
        ({"zone": "Europe/Berlin", "hour": 2}, utc(2026, 10, 24, 12), utc(2026, 10, 25, 0)),  # 02:00 comes twice
        ({"zone": "Europe/Berlin", "hour": 2}, utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1)),  # no second one
        ({"every": "weekly", "weekday": 0}, utc(2026, 3, 25, 10), utc(2026, 3, 30, 8)),
        ({"every": "weekly", "weekday": 2}, utc(2026, 3, 25, 7), utc(2026, 3, 25, 8)),
        ({"every": "weekly", "weekday": 2}, utc(2026, 3, 25, 8), utc(2026, 4, 1, 8)),
        ({"zone": "No/Such_Place"}, utc(2026, 1, 1, 7, 59), utc(2026, 1, 1, 8)),
        ({"zone": "Europe"}, utc(2026, 1, 1, 7, 59), utc(2026, 1, 1, 8)),
        ({"zone": "../../etc/passwd"}, utc(2026, 1, 1, 7, 59), utc(2026, 1, 1, 8)),
    ],
)
def test_a_digest_is_due_at_the_first_such_hour_after_the_event(
    wish: dict[str, Any], at: datetime, due: datetime
) -> None:
    assert next_due(replace(READER, **wish), at) == due


@given(
    at=st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    every=st.sampled_from(["daily", "weekly"]),
)
def test_every_moment_lies_between_two_digests_one_rhythm_apart(
    at: datetime, zone: str, hour: int, weekday: int, every: Any
) -> None:
    wish = replace(READER, zone=zone, hour=hour, weekday=weekday, every=every)
    before, after = last_due(wish, at), next_due(wish, at)
    assert before <= at < after
    assert next_due(wish, before) == after
    assert after - before <= timedelta(days=9 if every == "weekly" else 2)
    local = after.astimezone(ZoneInfo(zone))
    assert local.hour in {hour, hour + 1, (hour + 1) % 24}  # the hour itself, or the one after a gap


def test_what_is_told_at_once_has_every_moment_for_its_digest() -> None:
    at = utc(2026, 1, 1, 3, 4, 5)
    assert last_due(replace(READER, every="now"), at) == at
