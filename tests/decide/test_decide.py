"""What a sighting amounts to: the whole table of cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from monitor.decide import DAMAGE, GONE_AFTER, SETTLED_AFTER, Failure, Sighting, decide, recover, set_back
from monitor.model import DocumentKey, StatedDates, Version, WatchState

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
KEY = DocumentKey("examplary", "privacy-policy")
VERSION = Version(
    1, KEY, 1, 1, NOON, NOON, "aaa", "1", StatedDates(), "en", "Privacy", 900, "examplary/privacy-policy/1.md"
)
KNOWN = WatchState(KEY, current=VERSION)
PENDING = replace(KNOWN, pending_digest="bbb", pending_since=NOON - timedelta(hours=13), pending_snapshot=7)
FRESH = replace(PENDING, pending_since=NOON - timedelta(hours=1))
HALF_DAY = timedelta(hours=12)


def days_ago(*days: float) -> tuple[datetime, ...]:
    return tuple(NOON - timedelta(days=day) for day in days)


@dataclass(frozen=True)
class Case:
    name: str
    state: WatchState
    sighting: Sighting
    outcome: str
    announce: bool = False
    accepts: Literal["", "sighting", "pending"] = ""
    notice: bool = False
    confirm: timedelta = HALF_DAY


CASES = [
    Case(
        "the first sight is a baseline and tells nobody",
        WatchState(KEY),
        Sighting("other", "aaa"),
        "baseline",
        accepts="sighting",
    ),
    Case("the current text is nothing new", KNOWN, Sighting("current", "aaa"), "unchanged"),
    Case("a new text waits for a second sighting", KNOWN, Sighting("other", "bbb"), "pending"),
    Case(
        "a new text with a later date is announced at once",
        KNOWN,
        Sighting("other", "bbb", date_forward=True),
        "version",
        announce=True,
        accepts="sighting",
    ),
    Case(
        "without confirmation a new text is announced at once",
        KNOWN,
        Sighting("other", "bbb"),
        "version",
        announce=True,
        accepts="sighting",
        confirm=timedelta(),
    ),
    Case("a second look that comes too soon changes nothing", FRESH, Sighting("pending", "bbb"), "pending"),
    Case(
        "a second look after the wait confirms",
        PENDING,
        Sighting("pending", "bbb"),
        "version",
        announce=True,
        accepts="pending",
    ),
    Case("a pending text that went away was an excursion", PENDING, Sighting("current", "aaa"), "excursion"),
    Case("a third text replaces the pending one and waits itself", PENDING, Sighting("other", "ccc"), "pending"),
    Case("an earlier text waits too", KNOWN, Sighting("other", "000", earlier=True), "pending"),
    Case(
        "an earlier text waits even when it states a later date",
        KNOWN,
        Sighting("other", "000", earlier=True, date_forward=True),
        "pending",
    ),
    Case(
        "an earlier text seen again is a withdrawal",
        PENDING,
        Sighting("pending", "bbb", earlier=True),
        "withdrawal",
        announce=True,
        accepts="pending",
    ),
    Case(
        "without confirmation an earlier text is a withdrawal at once",
        KNOWN,
        Sighting("other", "000", earlier=True),
        "withdrawal",
        announce=True,
        accepts="sighting",
        confirm=timedelta(),
    ),
    Case(
        "the second alternation is still told as what it is",
        replace(PENDING, alternations=days_ago(5)),
        Sighting("current", "aaa"),
        "excursion",
    ),
    Case(
        "the third alternation in thirty days gives the notice",
        replace(PENDING, alternations=days_ago(20, 5)),
        Sighting("current", "aaa"),
        "excursion",
        notice=True,
    ),
    Case(
        "alternations older than thirty days do not count",
        replace(PENDING, alternations=days_ago(40, 35)),
        Sighting("current", "aaa"),
        "excursion",
    ),
    Case(
        "a withdrawal that is the third alternation gives the notice instead of an announcement",
        replace(PENDING, alternations=days_ago(20, 5)),
        Sighting("pending", "bbb", earlier=True),
        "withdrawal",
        accepts="pending",
        notice=True,
    ),
    Case(
        "while unstable there is no second notice",
        replace(PENDING, unstable=True, alternations=days_ago(3, 2, 1)),
        Sighting("current", "aaa"),
        "excursion",
    ),
    Case(
        "while unstable a new text is recorded and not announced",
        replace(KNOWN, unstable=True, alternations=days_ago(3, 2, 1)),
        Sighting("other", "bbb"),
        "unstable",
    ),
    Case(
        "while unstable the usual wait is not enough",
        replace(PENDING, unstable=True, alternations=days_ago(3, 2, 1)),
        Sighting("pending", "bbb"),
        "unstable",
    ),
    Case(
        "while unstable no confirmation setting skips the wait",
        replace(KNOWN, unstable=True, alternations=days_ago(3, 2, 1)),
        Sighting("other", "bbb"),
        "unstable",
        confirm=timedelta(),
    ),
    Case(
        "a text that stayed long enough is announced although the document was unstable",
        replace(PENDING, pending_since=NOON - SETTLED_AFTER, unstable=True, alternations=days_ago(9, 8, 7)),
        Sighting("pending", "bbb"),
        "version",
        announce=True,
        accepts="pending",
    ),
    Case(
        "a later date is announced even while unstable",
        replace(KNOWN, unstable=True, alternations=days_ago(3, 2, 1)),
        Sighting("other", "bbb", date_forward=True),
        "version",
        announce=True,
        accepts="sighting",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_sighting_amounts_to(case: Case) -> None:
    decision = decide(case.state, case.sighting, now=NOON, confirm=case.confirm)
    assert decision.outcome == case.outcome
    assert decision.announce == case.announce
    assert decision.accepts == case.accepts
    assert decision.notice == case.notice
    waiting = decision.outcome in {"pending", "unstable"}
    assert bool(decision.state.pending_digest) == waiting
    assert (decision.second_look_at is not None) == waiting


def test_a_pending_text_keeps_the_time_of_its_first_sighting() -> None:
    decision = decide(FRESH, Sighting("pending", "bbb"), now=NOON, confirm=HALF_DAY)
    assert decision.state.pending_since == FRESH.pending_since
    assert decision.second_look_at == NOON + timedelta(hours=11)


def test_a_clock_that_went_back_confirms_nothing() -> None:
    decision = decide(FRESH, Sighting("pending", "bbb"), now=NOON - timedelta(days=2), confirm=HALF_DAY)
    assert decision.outcome == "pending"


def test_three_excursions_give_one_notice_and_then_silence_until_it_settles() -> None:
    state, now, notices, outcomes = KNOWN, NOON, 0, []
    for _ in range(6):
        for sighting in (Sighting("other", "bbb"), Sighting("current", "aaa")):
            now += timedelta(hours=3)
            decision = decide(state, sighting, now=now, confirm=HALF_DAY)
            state, notices = decision.state, notices + decision.notice
            outcomes.append(decision.outcome)
            assert not decision.announce
    assert notices == 1
    assert outcomes[-2:] == ["unstable", "excursion"]
    settled = decide(state, Sighting("current", "aaa"), now=now + SETTLED_AFTER, confirm=HALF_DAY)
    assert not settled.state.unstable


WALL = Failure("wall", "cloudflare", transient=False)
TIMEOUT = Failure("timeout", "timeout", transient=True)
MISSING = Failure("http-404", "http-404", transient=False, gone=True)


def test_a_wall_is_told_once_and_kept_as_evidence_once() -> None:
    first = set_back(KNOWN, WALL, now=NOON)
    assert (first.tell, first.keep, first.newly) == ("trouble", True, True)
    second = set_back(first.state, WALL, now=NOON + timedelta(days=1))
    assert (second.tell, second.keep, second.newly) == ("", False, False)
    assert second.state.failures == 2
    assert second.state.failing_since == NOON


def test_a_passing_error_is_told_when_it_comes_again() -> None:
    first = set_back(KNOWN, TIMEOUT, now=NOON)
    assert (first.tell, first.keep, first.newly) == ("", False, True)
    assert set_back(first.state, TIMEOUT, now=NOON).tell == "trouble"


def test_a_page_missing_for_three_days_is_told_as_gone_once() -> None:
    first = set_back(KNOWN, MISSING, now=NOON)
    assert first.tell == "trouble"
    later = set_back(first.state, MISSING, now=NOON + GONE_AFTER)
    assert later.tell == "gone"
    assert set_back(later.state, MISSING, now=NOON + GONE_AFTER * 2).tell == ""


def test_damage_of_what_was_kept_is_told_as_that_once_whatever_else_is_in_the_way() -> None:
    damage = Failure(DAMAGE, DAMAGE, transient=False)
    assert set_back(KNOWN, damage, now=NOON).tell == "archive-damaged"
    walled = set_back(KNOWN, WALL, now=NOON).state
    first = set_back(walled, damage, now=NOON)
    assert first.tell == "archive-damaged"
    assert set_back(first.state, damage, now=NOON + timedelta(days=9)).tell == ""
    assert recover(first.state)[1]


def test_a_failure_leaves_the_pending_text_waiting() -> None:
    assert set_back(PENDING, WALL, now=NOON).state.pending_digest == "bbb"


@pytest.mark.parametrize("failure", [WALL, TIMEOUT])
def test_a_recovery_is_told_only_when_the_trouble_was(failure: Failure) -> None:
    after = set_back(KNOWN, failure, now=NOON).state
    state, tell = recover(after)
    assert tell == (failure is WALL)
    assert (state.failures, state.failing_since, state.trouble) == (0, None, "")
