"""What happened between versions, read from checks; and what a document's state is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from report import made

from monitor.model import Check, CheckOutcome, WatchState
from monitor.report.episodes import episodes, latest, status_of

UNCHANGED: tuple[CheckOutcome, ...] = ("unchanged",)
START = made.NOW - timedelta(days=100)


def checks(*outcomes: CheckOutcome, step: float = 1) -> list[Check]:
    return [
        Check(n, made.KEY, START + timedelta(days=n * step), outcome, reason="why" if outcome == "failed" else "")
        for n, outcome in enumerate(outcomes)
    ]


def shapes(*outcomes: CheckOutcome) -> list[tuple[str, int, int]]:
    return [
        (one.kind, (one.start - START).days, ((one.end or one.start) - START).days)
        for one in episodes(made.KEY, checks(*outcomes))
    ]


def test_an_excursion_lasts_from_its_first_sight_to_its_end() -> None:
    assert shapes("baseline", "pending", "pending", "excursion", "unchanged") == [("excursion", 1, 3)]
    assert shapes("baseline", "excursion") == [("excursion", 1, 1)]


def test_a_confirmed_text_is_no_excursion() -> None:
    assert shapes("baseline", "pending", "version", "excursion") == [("excursion", 3, 3)]


def test_failures_in_a_row_are_one_gap_until_the_next_sight() -> None:
    found = episodes(made.KEY, checks("baseline", "failed", "failed", "unchanged", "failed", "unchanged"))
    assert [(one.kind, one.count, one.text) for one in found] == [("gap", 2, "why"), ("gap", 1, "why")]


def test_walls_and_failures_are_told_apart() -> None:
    assert shapes("baseline", "failed", "refused", "refused", "unchanged") == [("gap", 1, 2), ("refused", 2, 4)]


def test_trouble_that_lasts_is_shown_until_the_last_look() -> None:
    assert shapes("baseline", "failed", "failed") == [("gap", 1, 2)]


def test_alternations_in_a_row_are_one_episode() -> None:
    found = episodes(made.KEY, checks("baseline", "unstable", "unstable", "unstable", "unchanged"))
    assert [(one.kind, one.count) for one in found] == [("unstable", 3)]


def test_a_long_silence_is_a_gap() -> None:
    found = episodes(made.KEY, checks("baseline", "unchanged", "version", step=50))
    assert [one.text for one in found] == ["no copy of that time is known"] * 2
    assert episodes(made.KEY, checks("baseline", "unchanged", step=50), interval=timedelta(days=30)) == ()


def test_the_latest_looks_come_newest_first() -> None:
    assert [check.id for check in latest(checks(*(20 * UNCHANGED)), 3)] == [19, 18, 17]
    assert latest([]) == ()


STATE = WatchState(made.KEY, current=made.version(1, made.BEFORE, START), last_seen_at=made.NOW)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (WatchState(made.KEY), "never"),
        (STATE, "unchanged"),
        (replace(STATE, last_seen_at=made.NOW - timedelta(days=6)), "stale"),
        (replace(STATE, last_seen_at=made.NOW - timedelta(days=4)), "unchanged"),
        (replace(STATE, pending_since=made.NOW), "pending"),
        (replace(STATE, unstable=True, alternations=(START,)), "unstable"),
        (replace(STATE, failing_since=START, trouble="timeout:x"), "failing"),
        (replace(STATE, failing_since=START, trouble=""), "failing"),
        (replace(STATE, failing_since=START, trouble="wall:cf"), "refused"),
        (replace(STATE, failing_since=START, trouble="gone:wall:cf"), "refused"),
        (replace(STATE, failing_since=START, pending_since=made.NOW, trouble="dns:x"), "failing"),
    ],
)
def test_the_state_of_a_document_has_one_name(state: WatchState, status: str) -> None:
    assert status_of(state, made.NOW)[0] == status
