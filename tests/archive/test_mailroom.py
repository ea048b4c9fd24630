"""Subscriptions, alerts and deliveries, and that an erased address leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archive.made import ANNA, KEY, Recorder, everybody, nobody, open_recorder, small_history

from monitor.archive.archive import open_folder
from monitor.model import Delivery, Event, Subscription

SALE = "We sell your data to brokers."
BEN = "Ben.Baker@example.org"


def delivery(recorder: Recorder, outcome: str, *alerts: int, **parts: object) -> Delivery:
    known = {"reason": "", "retry_at": None} | parts
    return Delivery("<m1@x>", ANNA, recorder.clock.now(), outcome, alerts=alerts, **known)  # type: ignore[arg-type]  # a table of outcomes


def one_alert(recorder: Recorder) -> int:
    recorder.subscribe()
    recorder.baseline()
    recorder.change(SALE)
    (owed,) = recorder.archive.owed(recorder.clock.now())
    return owed.alert.id


def test_a_subscription_comes_back_as_it_was_made(recorder: Recorder) -> None:
    wish = Subscription(
        ANNA, ("larkspur",), ("health",), ("terms",), ("share.*",), "medium", "worse", ("change",), "weekly", 7, 4,
        "Europe/Berlin", empty_digest=True, source="web",
    )  # fmt: skip
    made = recorder.archive.subscribe(wish)
    assert made == replace(wish, id=made.id, created_at=recorder.clock.now())
    assert made.id is not None
    assert recorder.archive.subscription(made.id) == made
    assert recorder.archive.subscriptions() == recorder.archive.subscriptions(address=ANNA) == (made,)
    assert recorder.archive.subscriptions(address=BEN) == ()
    assert recorder.archive.subscription(99) is None


def test_a_subscription_is_confirmed_once(recorder: Recorder) -> None:
    made = recorder.archive.subscribe(Subscription(ANNA))
    assert made.id is not None
    assert recorder.archive.confirm(made.id, at=recorder.clock.now())
    assert not recorder.archive.confirm(made.id, at=recorder.clock.now())
    assert not recorder.archive.confirm(99, at=recorder.clock.now())
    got = recorder.archive.subscription(made.id)
    assert got is not None
    assert got.confirmed_at == recorder.clock.now()


def test_an_ended_subscription_stays_ended_and_is_owed_nothing(recorder: Recorder) -> None:
    alert = one_alert(recorder)
    (made,) = recorder.archive.subscriptions()
    assert made.id is not None
    assert recorder.archive.unsubscribe(made.id, at=recorder.clock.now())
    assert not recorder.archive.unsubscribe(made.id, at=recorder.clock.now())
    assert not recorder.archive.confirm(made.id, at=recorder.clock.now())
    assert recorder.archive.subscriptions() == ()
    assert [part.id for part in recorder.archive.subscriptions(ended=True)] == [made.id]
    assert recorder.archive.owed(recorder.clock.now()) == ()
    assert [(part.id, part.state) for part in recorder.archive.alerts(1)] == [(alert, "dropped")]


def test_amending_replaces_the_wish_and_keeps_the_dates(recorder: Recorder) -> None:
    made = recorder.subscribe()
    recorder.archive.amend(
        replace(made, severity="high", every="daily", confirmed_at=None, ended_at=recorder.clock.now())
    )
    assert recorder.archive.subscriptions() == (replace(made, severity="high", every="daily"),)
    with pytest.raises(ValueError, match="entered"):
        recorder.archive.amend(Subscription(ANNA))


def test_an_alert_is_owed_from_when_it_is_due_oldest_first(recorder: Recorder) -> None:
    recorder.match = lambda event, subscriptions: [
        (part.id, event.at + timedelta(days=1, hours=8)) for part in subscriptions
    ]
    recorder.subscribe()
    recorder.subscribe(BEN)
    recorder.baseline()
    recorder.change(SALE)
    assert recorder.archive.owed(recorder.clock.now()) == ()
    assert recorder.archive.addressees(recorder.clock.now()) == ()
    recorder.clock.forward(hours=8)
    owed = recorder.archive.owed(recorder.clock.now())
    assert [part.alert.id for part in owed] == [1, 2]
    assert [part.subscription.address for part in owed] == [ANNA, BEN]
    assert owed[0].event == recorder.archive.events()[0]
    assert recorder.archive.addressees(recorder.clock.now()) == (ANNA, BEN)
    assert [part.alert.id for part in recorder.archive.owed(recorder.clock.now(), address=BEN)] == [2]


def test_a_message_id_is_fixed_once(recorder: Recorder) -> None:
    alert = one_alert(recorder)
    recorder.archive.assign("<first@x>", [alert, 99])
    recorder.archive.assign("<second@x>", [alert])
    assert [part.message_id for part in recorder.archive.alerts(1)] == ["<first@x>"]


@pytest.mark.parametrize(
    ("outcome", "state", "attempts"),
    [("sent", "sent", 1), ("refused", "dropped", 1), ("suppressed", "dropped", 0), ("cancelled", "dropped", 0)],
)
def test_a_delivery_settles_its_alerts(recorder: Recorder, outcome: str, state: str, attempts: int) -> None:
    alert = one_alert(recorder)
    recorder.archive.delivered(delivery(recorder, outcome, alert, 99, reason="250 ok"))
    assert [(part.state, part.attempts) for part in recorder.archive.alerts(1)] == [(state, attempts)]
    assert recorder.archive.owed(recorder.clock.now()) == ()
    (got,) = recorder.archive.deliveries()
    assert (got.outcome, got.reason, got.alerts, got.id) == (outcome, "250 ok", (alert, 99), 1)
    recorder.archive.delivered(delivery(recorder, "refused", alert))  # a late bounce does not undo what was settled
    assert [part.state for part in recorder.archive.alerts(1)] == [state]


def test_a_deferred_alert_is_owed_again_later(recorder: Recorder) -> None:
    alert = one_alert(recorder)
    later = recorder.clock.now() + timedelta(minutes=5)
    recorder.archive.delivered(delivery(recorder, "deferred", alert, retry_at=later))
    assert recorder.archive.owed(recorder.clock.now()) == ()
    (owed,) = recorder.archive.owed(later)
    assert (owed.alert.attempts, owed.alert.state) == (1, "owed")
    assert recorder.archive.deliveries(since=later) == ()


def test_suppression_ends_at_its_time_or_never(recorder: Recorder) -> None:
    now = recorder.clock.now()
    assert recorder.archive.suppressed(ANNA) == ""
    recorder.archive.suppress(ANNA, reason="soft bounces", at=now, until=now + timedelta(days=1))
    recorder.archive.suppress(BEN, reason="hard bounce", at=now)
    assert recorder.archive.suppressed(ANNA) == "soft bounces"
    recorder.clock.forward(days=2)
    assert recorder.archive.suppressed(ANNA) == ""
    assert recorder.archive.suppressed(BEN) == "hard bounce"
    recorder.archive.suppress(BEN, reason="", at=now)
    assert recorder.archive.suppressed(BEN) == "suppressed"


def test_announced_events_make_alerts_without_a_check(recorder: Recorder) -> None:
    recorder.subscribe()
    recorder.baseline()
    head = recorder.archive.head()
    events = [Event("effective", recorder.clock.now(), KEY), Event("mail-failing", recorder.clock.now())]
    assert recorder.archive.announce(events, everybody) == 2
    assert recorder.archive.announce(events, nobody) == 0
    assert recorder.archive.announce([], everybody) == 0
    assert recorder.archive.head() == head
    assert [event.key for event in recorder.archive.events()] == [KEY, None, KEY, None]
    assert len(recorder.archive.events(key=KEY)) == 2
    assert recorder.archive.events(since=recorder.clock.now() + timedelta(seconds=1)) == ()
    assert list(recorder.archive.verify()) == []


def test_only_one_process_delivers_at_a_time(recorder: Recorder, tmp_path: Path) -> None:
    other = open_folder(tmp_path / "snapshots", clock=recorder.clock)
    with recorder.archive.delivering() as mine:
        assert mine
        with other.delivering() as theirs:
            assert not theirs
        with recorder.archive.checking():  # delivering does not keep anybody from checking
            pass
    with other.delivering() as theirs:
        assert theirs
    other.close()


def test_an_erased_address_is_nowhere_in_the_folder(tmp_path: Path) -> None:
    recorder = open_recorder(tmp_path)
    small_history(recorder)
    now = recorder.clock.now()
    made = recorder.subscribe(BEN, vendors=("larkspur",))
    recorder.subscribe(BEN.upper())
    recorder.change("We keep your data for ever.")
    recorder.archive.announce([Event("mail-failing", now, summary="mail fails", detail=f"550 <{BEN}> unknown")], nobody)
    recorder.archive.suppress(BEN, reason="hard bounce", at=now)
    recorder.archive.delivered(replace(delivery(recorder, "refused", 3), recipient=BEN, reason=f"550 <{BEN.lower()}>"))
    recorder.archive.note("larkspur", "2026-03-29", f"ask {BEN} about it", at=now)
    recorder.archive.review(1, state="seen", who=BEN, why="", at=now)
    assert trace(tmp_path) != []
    assert recorder.archive.erase(BEN) == 7
    assert recorder.archive.erase(BEN) == recorder.archive.erase("") == 0
    assert trace(tmp_path) == []
    assert BEN.lower() not in str(recorder.archive.events()).lower()  # compressed, so not seen as it stands
    assert made.id is not None
    assert recorder.archive.subscription(made.id) is None
    assert {part.address for part in recorder.archive.subscriptions(ended=True)} == {ANNA}
    assert recorder.archive.notes()[0].text == "ask [erased] about it"
    assert recorder.archive.reviews()[0].who == ""
    assert recorder.archive.suppressed(BEN) == ""
    assert list(recorder.archive.verify()) == []
    assert {part.subscription.address for part in recorder.archive.owed(recorder.clock.now())} == {ANNA}
    recorder.archive.close()


def trace(folder: Path) -> list[str]:
    """Files with the address in them. Compressed events are short enough to stand there literally."""
    needle = BEN.lower().encode()
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes().lower()]


def test_without_secure_delete_the_trace_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what is freed but not overwritten is still in the file."""
    from monitor.archive import ledger

    connect = ledger.connect

    def careless(path: Path, *, busy_seconds: float = 1) -> object:
        db = connect(path, busy_seconds=busy_seconds)
        db.execute("PRAGMA secure_delete = OFF")
        return db

    monkeypatch.setattr(ledger, "connect", careless)
    recorder = open_recorder(tmp_path)
    for number in range(20):
        recorder.archive.suppress(f"{number}{BEN}", reason="bounce", at=recorder.clock.now())
    for number in range(20):
        recorder.archive.erase(f"{number}{BEN}")
    assert trace(tmp_path) != []
    recorder.archive.close()
