from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.due import is_due, next_check, upcoming
from monitor.model import Document, DocumentKey, Schedule, WatchState

NOW = datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEY = DocumentKey("acme", "privacy-policy")


def document(interval: timedelta | None = DAY, cron: str | None = None) -> Document:
    schedule = Schedule(None, cron) if cron else Schedule(interval)
    return Document("acme", "privacy-policy", "privacy-policy", ("https://acme.example/privacy",), schedule=schedule)


def checked(at: datetime, due: datetime, *, pending_since: datetime | None = None, failures: int = 0) -> WatchState:
    return WatchState(KEY, last_check_at=at, next_check_at=due, pending_since=pending_since, failures=failures)


class Machine:
    """A document's life: each ``look`` checks it if it is due, as ``check`` and the daemon do."""

    def __init__(self, what: Document, *, exact: bool = False) -> None:
        self.document = what
        self.exact = exact
        self.state = WatchState(KEY)
        self.checks: list[datetime] = []

    def look(self, now: datetime, *, by_hand: bool = False) -> None:
        if not by_hand and not is_due(self.document, self.state, now=now, exact=self.exact):
            return
        due = next_check(
            self.document, now=now, last=self.state.last_check_at, seed="acme", due=self.state.next_check_at
        )
        assert due > now
        self.state = checked(now, due)
        self.checks.append(now)


times = st.integers(0, 230 * 366 * 86_400).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
crons = st.sampled_from(
    [
        "30 6 * * mon",
        "0 0 29 2 *",
        "0 12 L * *",
        "15 3 * * sun#2",
        "0 0 * 2 1#5",
        "59 23 31 12 *",
        "0 */6 * * *",
        "7 * * * 1-5",
    ]
)
documents = st.one_of(
    st.builds(document, st.timedeltas(HOUR, 366 * DAY)), st.builds(lambda line: document(cron=line), crons)
)


@given(what=documents, now=times, told=st.tuples(*[st.none() | times] * 4))
def test_the_next_check_is_always_later_than_now(
    what: Document, now: datetime, told: tuple[datetime | None, ...]
) -> None:
    last, due, second, retry = told
    assert next_check(what, now=now, last=last, seed="x", due=due, second_look=second, retry_after=retry) > now


@given(st.timedeltas(HOUR, 366 * DAY), times, st.none() | times, st.none() | times)
def test_an_interval_never_waits_longer_than_itself_and_its_grace(
    interval: timedelta, now: datetime, last: datetime | None, due: datetime | None
) -> None:
    wait = next_check(document(interval), now=now, last=last, seed="x", due=due) - now
    assert wait <= interval + min(interval / 8, timedelta(minutes=45))


def test_the_first_wait_is_spread_by_the_seed_and_the_same_each_time() -> None:
    waits = {next_check(document(), now=NOW, last=None, seed=f"vendor-{number}") - NOW for number in range(50)}
    assert len(waits) > 40
    assert all(DAY - timedelta(minutes=30) <= wait <= DAY for wait in waits)
    first = next_check(document(), now=NOW, last=None, seed="a")
    assert next_check(document(), now=NOW, last=None, seed="a") == first


def test_a_document_never_checked_is_due() -> None:
    assert is_due(document(), WatchState(KEY), now=NOW)


@pytest.mark.parametrize("wobble", [0, 5, -5, 600, -600])
def test_a_daily_crontab_checks_every_day_although_it_starts_at_slightly_different_seconds(wobble: int) -> None:
    machine = Machine(document())
    for day in range(60):
        machine.look(NOW + day * DAY + timedelta(seconds=wobble * (day % 3)))
    assert len(machine.checks) == 60


def test_an_interval_counted_from_the_check_itself_would_skip_days() -> None:
    """Negative control: the same crontab without anchor and grace."""
    checks = [NOW]
    for day in range(1, 60):
        now = NOW + day * DAY - timedelta(seconds=5 * (day % 3))
        if checks[-1] + DAY <= now:
            checks.append(now)
    assert len(checks) < 60


@pytest.mark.parametrize("minutes", [5, 15, 60, 180])
def test_a_frequent_crontab_checks_a_daily_document_once_a_day_at_the_same_hour(minutes: int) -> None:
    machine = Machine(document())
    for step in range(40 * 24 * 60 // minutes):
        machine.look(NOW + timedelta(minutes=minutes * step))
    assert DAY - timedelta(hours=2) < machine.checks[1] - machine.checks[0] <= DAY, "spread, once"
    gaps = {later - earlier for earlier, later in zip(machine.checks[1:], machine.checks[2:], strict=False)}
    assert gaps == {DAY}


def test_the_daemon_keeps_to_the_hour_although_every_check_takes_a_while() -> None:
    machine = Machine(document(), exact=True)
    for minute in range(30 * 24 * 60):
        machine.look(NOW + timedelta(minutes=minute, seconds=7))
    gaps = {later - earlier for earlier, later in zip(machine.checks[1:], machine.checks[2:], strict=False)}
    assert gaps == {DAY}


@given(st.lists(st.tuples(st.integers(1, 5 * 24 * 60), st.integers(1, 4 * 24 * 60)), min_size=1, max_size=6))
def test_after_a_suspend_a_missed_check_is_made_up_once_and_no_day_is_doubled(naps: list[tuple[int, int]]) -> None:
    machine = Machine(document(6 * HOUR), exact=True)
    minute = 0
    for awake, asleep in naps:
        for _ in range(0, awake, 10):
            machine.look(NOW + timedelta(minutes=minute))
            minute += 10
        before = len(machine.checks)
        due = machine.state.next_check_at
        minute += asleep
        machine.look(NOW + timedelta(minutes=minute))
        assert due is not None
        assert len(machine.checks) - before == (due <= NOW + timedelta(minutes=minute))
        machine.look(NOW + timedelta(minutes=minute))
        assert len(machine.checks) - before <= 1
    slots = [(at - machine.checks[0] + timedelta(minutes=30)) // (6 * HOUR) for at in machine.checks]
    assert len(slots) == len(set(slots)), "two checks in one six-hour slot"


def test_a_check_by_hand_does_not_move_the_hour() -> None:
    machine = Machine(document())
    machine.look(NOW)
    due = machine.state.next_check_at
    machine.look(NOW + 8 * HOUR, by_hand=True)
    assert machine.state.next_check_at == due


def test_a_clock_set_back_an_hour_repeats_nothing() -> None:
    machine = Machine(document(cron="0 7 * * *"), exact=True)
    for minute in [*range(120), *range(60, 240)]:
        machine.look(NOW + timedelta(minutes=minute))
    assert machine.checks == [NOW]
    machine.look(NOW + DAY)
    assert machine.checks == [NOW, NOW + DAY]


@pytest.mark.parametrize("schedule", [document(), document(cron="0 7 * * *")])
def test_a_clock_that_was_ten_years_ahead_for_one_check_does_not_silence_the_document(schedule: Document) -> None:
    machine = Machine(schedule, exact=True)
    machine.look(NOW)
    machine.look(NOW + 3650 * DAY)
    for hour in range(1, 49):
        machine.look(NOW + hour * HOUR)
    assert len(machine.checks[2:]) in {2, 3}, "once at once, then as planned"


def test_a_shorter_interval_counts_from_the_last_check() -> None:
    state = checked(NOW, NOW + 7 * DAY)
    assert not is_due(document(DAY), state, now=NOW + 20 * HOUR)
    assert is_due(document(DAY), state, now=NOW + 25 * HOUR)


def test_a_new_cron_line_counts_at_once() -> None:
    state = checked(NOW, NOW + 7 * DAY)
    assert not is_due(document(cron="0 9 * * *"), state, now=NOW + HOUR)
    assert is_due(document(cron="0 9 * * *"), state, now=NOW + 2 * HOUR)


def test_the_second_look_comes_before_the_next_regular_check() -> None:
    look = NOW + 12 * HOUR
    assert next_check(document(), now=NOW, last=None, seed="a", second_look=look) == look


def test_a_second_look_is_not_granted_a_minute_early() -> None:
    state = checked(NOW, NOW + 12 * HOUR, pending_since=NOW)
    assert not is_due(document(), state, now=NOW + 12 * HOUR - timedelta(seconds=1))
    assert is_due(document(), state, now=NOW + 12 * HOUR)


def test_a_second_look_that_failed_is_tried_again_within_the_hour() -> None:
    assert next_check(document(), now=NOW, last=NOW, seed="a", second_look=NOW - HOUR) == NOW + HOUR


def test_a_weekly_document_with_a_pending_text_does_not_wait_for_its_week() -> None:
    assert next_check(document(7 * DAY), now=NOW, last=None, seed="a", second_look=NOW + 12 * HOUR) == NOW + 12 * HOUR


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (timedelta(hours=6), timedelta(hours=6)),
        (timedelta(days=400), DAY),
        (timedelta(seconds=1), HOUR),
        (timedelta(days=-3), HOUR),
    ],
)
def test_retry_after_moves_an_hourly_check_within_a_minute_and_a_day(asked: timedelta, granted: timedelta) -> None:
    due = next_check(document(HOUR), now=NOW, last=NOW, seed="a", retry_after=NOW + asked)
    assert due == NOW + granted


def test_a_failing_document_is_left_alone_as_long_as_its_server_asked_for() -> None:
    state = checked(NOW, NOW + 20 * HOUR, failures=1)
    assert not is_due(document(HOUR), state, now=NOW + 19 * HOUR)
    assert is_due(document(HOUR), state, now=NOW + 20 * HOUR)


def test_cron_lines_are_read_in_utc_with_names_of_weekdays() -> None:
    monday = datetime(2026, 3, 30, 6, 30, tzinfo=UTC)
    assert upcoming(document(cron="30 6 * * mon"), now=NOW) == (monday, monday + 7 * DAY, monday + 14 * DAY)
    sunday = datetime(2026, 4, 5, 0, 0, tzinfo=UTC)
    assert upcoming(document(cron="0 0 * * 0"), now=NOW, count=1) == (sunday,)
    assert upcoming(document(cron="0 0 * * 7"), now=NOW, count=1) == (sunday,)
    assert upcoming(document(), now=NOW) == ()


def test_a_cron_line_comes_due_once_in_each_hour_on_the_days_that_clocks_change_elsewhere() -> None:
    machine = Machine(document(cron="30 * * * *"), exact=True)
    start = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    for minute in range(48 * 60):
        machine.look(start + timedelta(minutes=minute))
    assert len(machine.checks) == 48 + 1  # the first, and one an hour
