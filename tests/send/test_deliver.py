"""Handing over: who gets what, once; what waits, what is given up, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from mailing import MailRoom, Postbox, event, finding, mail_room, smtp_server, smtp_settings, text_of

from monitor.alerts import match
from monitor.errors import SendError
from monitor.model import Message, Settings, Subscription, target_address
from monitor.pacing import backoff


class Scripted:
    """A way out that fails as told: an error for the first messages, by turns."""

    def __init__(self, *errors: SendError | None) -> None:
        self.errors = list(errors)
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        self.sent.append(message)

    def close(self) -> None:
        pass


DOWN = SendError("connection refused", server=True)
GREYLISTED = SendError("RCPT: 451 come back later")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path, settings=Settings(tmp_path, public_url="https://watch.example")) as made:
        yield made


def test_with_nothing_configured_mail_lands_in_a_maildir_once(room: MailRoom) -> None:
    room.reader()
    assert room.announce() == 1
    assert room.deliver().sent == 1
    assert room.deliver().sent == 0
    (mail,) = room.maildir()
    assert mail["Subject"] == "Umbrella privacy policy: 1 change for the worse (sale of data)"
    assert mail["To"] == "ann@reader.example"
    assert room.states() == ["sent"]
    assert not list((room.root / "mail" / "tmp").iterdir())


def test_two_subscriptions_of_one_address_are_told_of_one_event_in_one_mail(room: MailRoom) -> None:
    room.reader()
    room.reader(labels=("share.*",))
    assert room.announce() == 2
    assert room.deliver().sent == 1
    assert room.states() == ["sent", "sent"]


def test_a_few_events_are_mails_of_their_own_and_many_are_one_digest(room: MailRoom) -> None:
    room.reader()
    room.announce(event("umbrella"), event("hooli"))
    assert room.deliver().sent == 2
    room.announce(*(event("globex") for _ in range(50)))
    assert room.deliver().sent == 1
    assert min(str(mail["Subject"]) for mail in room.maildir()).startswith("50 changes at 1 vendor")


def test_a_weekly_digest_waits_for_its_hour_and_groups_by_vendor(room: MailRoom) -> None:
    room.reader(every="weekly", weekday=0, hour=8)  # the clock stands at a Sunday noon
    room.announce(
        event("hooli", findings=(finding("retention", severity="low", direction="better"),)), event("umbrella")
    )
    assert room.deliver().sent == 0
    room.clock.forward(hours=21)
    assert room.deliver().sent == 1
    (mail,) = room.maildir()
    assert mail["Subject"] == "Weekly: 2 changes at 2 vendors, 1 for the worse (Umbrella)"
    text = text_of(mail)
    assert text.index("Umbrella privacy policy") < text.index("Hooli privacy policy")


def test_who_unsubscribes_or_is_erased_between_queueing_and_sending_gets_nothing(room: MailRoom) -> None:
    ann, bob = room.reader(), room.reader("bob@reader.example")
    room.announce()
    assert ann.id
    room.archive.unsubscribe(ann.id, at=room.clock.now())
    room.archive.erase(bob.address)
    assert room.deliver().sent == 0
    assert room.states() == ["dropped", "dropped"]


def test_who_unsubscribes_while_others_are_written_to_gets_nothing_more(room: MailRoom) -> None:
    ann = room.reader()
    room.announce(event("umbrella"), event("hooli"))

    class Leaving(Scripted):
        def send(self, message: Message) -> None:
            super().send(message)
            assert ann.id
            room.archive.unsubscribe(ann.id, at=room.clock.now())

    room.sender = Leaving()
    assert room.deliver().sent == 1


def test_a_server_that_takes_nothing_is_tried_once_a_run_and_nothing_is_lost(room: MailRoom) -> None:
    for name in ("ann", "bob", "cleo"):
        room.reader(f"{name}@reader.example")
    room.announce()
    room.sender = Scripted(DOWN)
    done = room.deliver()
    assert (done.sent, done.deferred, done.trouble) == (0, 1, "connection refused")
    assert room.states() == ["owed"] * 3
    assert room.deliver().sent == 2  # the third waits for its time
    room.clock.forward(minutes=2)
    assert room.deliver().sent == 1
    assert room.states() == ["sent"] * 3


def test_a_message_that_waits_keeps_its_message_id_and_later_events_get_another(room: MailRoom) -> None:
    room.reader()
    room.announce()
    sender = room.sender = Scripted(GREYLISTED)
    room.deliver()
    fixed = room.archive.deliveries()[0].message_id
    room.announce(event("hooli"))
    room.clock.forward(hours=1)
    assert room.deliver().sent == 2
    assert [message.message_id == fixed for message in sender.sent] == [True, False]
    assert len({message.message_id for message in sender.sent}) == 2


def test_one_recipient_that_must_wait_does_not_hold_up_the_others(room: MailRoom) -> None:
    room.reader("ann@reader.example")
    room.reader("bob@reader.example")
    room.announce()
    room.sender = Scripted(GREYLISTED)
    assert room.deliver() == replace(room.deliver(), sent=1, deferred=1)


def test_a_dead_address_is_written_to_once_and_never_again(room: MailRoom) -> None:
    room.reader()
    room.announce()
    room.sender = Scripted(SendError("RCPT: 550 5.1.1 no such user", permanent=True))
    assert room.deliver().refused == 1
    room.announce(event("hooli"))
    assert room.deliver().suppressed == 1
    assert room.states() == ["dropped", "dropped"]
    assert "550" in room.archive.suppressed("ann@reader.example")


def test_a_recipient_that_only_ever_defers_is_given_up_after_days_and_the_operator_is_told_once(room: MailRoom) -> None:
    room.settings = replace(room.settings, operator=("op@watch.example",))
    room.reader()
    room.announce()

    class Deaf(Scripted):
        def send(self, message: Message) -> None:
            if message.recipient == "ann@reader.example":
                raise GREYLISTED
            super().send(message)

    sender = room.sender = Deaf()
    start = room.clock.now()
    while room.states()[0] == "owed":
        room.deliver()
        room.clock.forward(hours=1)
    assert timedelta(days=4) < room.clock.now() - start < timedelta(days=9)
    room.deliver()
    assert [message.subject for message in sender.sent] == ["Mail to subscription 1 was given up after five days"]
    assert room.archive.suppressed("ann@reader.example") == ""


def test_after_a_day_without_any_mail_the_operator_is_told_once_and_once_that_it_works_again(room: MailRoom) -> None:
    room.settings = replace(room.settings, operator=("op@watch.example",), notify=("json://hook.example",))
    room.reader()

    class NoMail(Scripted):
        down = True

        def send(self, message: Message) -> None:
            if self.down and "@" in message.recipient:
                raise DOWN
            super().send(message)

    sender = room.sender = NoMail()
    room.deliver()
    room.announce()
    for _ in range(72):
        room.deliver()
        room.clock.forward(minutes=40)
    hook = target_address("json://hook.example")
    assert [(message.recipient, message.subject) for message in sender.sent] == [
        (hook, "No mail has gone out since 2026-03-29 12:00 UTC")
    ]
    sender.down = False
    for _ in range(20):
        room.clock.forward(hours=1)
        room.deliver()
    told = [message.subject for message in sender.sent if message.recipient == hook]
    assert told == ["No mail has gone out since 2026-03-29 12:00 UTC", "Mail goes out again"]
    assert [m.subject for m in sender.sent if m.recipient == "ann@reader.example"] == [
        "Umbrella privacy policy: 1 change for the worse (sale of data)"
    ]
    assert {m.subject for m in sender.sent if m.recipient == "op@watch.example"} == set(told)
    assert "owed" not in room.states()


def test_a_server_that_is_down_for_weeks_loses_nothing(room: MailRoom) -> None:
    room.reader()
    room.announce()
    room.sender = Scripted(*([DOWN] * 200))
    for _ in range(150):
        room.deliver()
        room.clock.forward(hours=7)
    assert room.states()[0] == "owed"


def test_not_more_than_so_many_messages_go_out_in_any_minute_also_after_a_restart(room: MailRoom) -> None:
    room.settings = replace(room.settings, mail_per_minute=5)
    for number in range(12):
        room.reader(f"reader{number}@reader.example")
    room.announce()
    times: list[datetime] = []

    class Timed(Scripted):
        def send(self, message: Message) -> None:
            times.append(room.clock.now())
            room.clock.forward(seconds=1)

    room.sender = Timed()
    assert room.deliver(stopping=lambda: len(times) >= 4).unfinished
    assert room.deliver().sent == 8
    for at in times:
        assert sum(at <= other < at + timedelta(minutes=1) for other in times) <= 5
    assert times[-1] - times[0] < timedelta(minutes=3)


def test_an_end_of_time_stops_between_two_messages(room: MailRoom) -> None:
    for number in range(5):
        room.reader(f"reader{number}@reader.example")
    room.announce()

    class Slow(Scripted):
        def send(self, message: Message) -> None:
            room.clock.forward(seconds=30)

    room.sender = Slow()
    done = room.deliver(within=timedelta(seconds=45))
    assert (done.sent, done.unfinished) == (2, True)


def test_two_processes_do_not_deliver_side_by_side(room: MailRoom, tmp_path: Path) -> None:
    room.reader()
    room.announce()
    other = MailRoom(tmp_path, clock=room.clock)
    try:
        with other.archive.delivering() as mine:
            assert mine
            assert room.deliver().busy
    finally:
        other.archive.close()
    assert room.deliver().sent == 1


def test_an_empty_digest_comes_once_a_period_to_those_who_wish_it(room: MailRoom) -> None:
    room.reader(every="daily", hour=8, empty_digest=True)
    room.reader("bob@reader.example", every="daily", hour=8)
    assert room.deliver().sent == 0
    room.clock.forward(hours=20)
    assert room.deliver().sent == 1
    assert room.deliver().sent == 0
    room.announce()
    room.clock.forward(days=1)
    assert room.deliver().sent == 2  # now there is something
    assert room.deliver().sent == 0
    subjects = sorted(str(mail["Subject"]) for mail in room.maildir())
    assert subjects[0] == "Daily: nothing changed, 0 of 3 documents seen"
    assert len(subjects) == 3


def test_an_empty_digest_that_could_not_be_sent_is_tried_again(room: MailRoom) -> None:
    room.reader(every="daily", hour=8, empty_digest=True)
    room.clock.forward(hours=20)
    room.sender = Scripted(DOWN)
    assert room.deliver().deferred == 1
    assert room.deliver().sent == 0
    room.clock.forward(minutes=2)
    assert room.deliver().sent == 1
    assert len({one.message_id for one in room.archive.deliveries()}) == 1


def test_the_operators_of_the_settings_hear_of_trouble_and_readers_do_not(room: MailRoom) -> None:
    room.settings = replace(room.settings, operator=("op@watch.example",))
    room.reader()
    room.deliver()
    room.announce(event(kind="trouble", summary="Umbrella privacy policy cannot be seen: timeout", findings=()))
    assert room.deliver().sent == 1
    (mail,) = room.maildir()
    assert mail["To"] == "op@watch.example"
    assert mail["Subject"] == "Umbrella privacy policy cannot be seen: timeout"
    assert "List-Unsubscribe" not in mail
    room.settings = replace(room.settings, operator=())
    room.deliver()
    assert room.archive.subscriptions() == (
        Subscription("ann@reader.example", confirmed_at=room.clock.now(), created_at=room.clock.now(), id=1),
    )


def test_over_smtp_each_message_has_one_recipient_and_goes_out_under_its_return_path(tmp_path: Path) -> None:
    with smtp_server() as (postbox, port):
        settings = smtp_settings(port, bounce_address="bounces@watch.example")
        with mail_room(tmp_path, settings=settings) as room:
            for name in ("ann", "bob"):
                room.reader(f"{name}@reader.example")
            room.announce()
            assert room.deliver().sent == 2
        assert [one.rcpt_tos for one in postbox.taken] == [["ann@reader.example"], ["bob@reader.example"]]
        paths = [str(one.mail_from) for one in postbox.taken]
        assert all(path.startswith("bounces+") and path.endswith("@watch.example") for path in paths)
        assert len({path.partition("-")[0] for path in paths}) == 2


def test_partial_refusals_are_told_apart_by_recipient(tmp_path: Path) -> None:
    postbox = Postbox(
        rcpt={
            "bob@reader.example": "550 5.1.1 no such user",
            "cleo@reader.example": "451 greylisted",
            "dan@reader.example": "552 mailbox full",
            "eve@reader.example": "550 5.7.1 blocked",
        }
    )
    with smtp_server(postbox) as (_, port), mail_room(tmp_path, settings=smtp_settings(port)) as room:
        for name in ("ann", "bob", "cleo", "dan", "eve", "fay"):
            room.reader(f"{name}@reader.example")
        room.announce()
        done = room.deliver()
        assert (done.sent, done.refused, done.deferred) == (2, 1, 3)
        assert dict(room.outcomes()) == {
            "ann@reader.example": "sent",
            "bob@reader.example": "refused",
            "cleo@reader.example": "deferred",
            "dan@reader.example": "deferred",
            "eve@reader.example": "deferred",
            "fay@reader.example": "sent",
        }


def test_backoff_grows_from_a_minute_to_six_hours_and_differs_between_messages() -> None:
    waits = [backoff(attempts, "<a@b>") for attempts in range(30)]
    assert timedelta(minutes=1) <= waits[0] <= timedelta(minutes=1.25)
    assert all(wait <= timedelta(hours=7.5) for wait in waits)
    assert waits[-1] >= timedelta(hours=6)
    assert len({backoff(3, f"<{number}@b>") for number in range(50)}) == 50


def test_an_event_about_the_installation_needs_no_document(room: MailRoom) -> None:
    room.settings = replace(room.settings, operator=("op@watch.example",))
    room.deliver()
    room.archive.announce(
        [
            replace(
                event(kind="archive-damaged"),
                key=None,
                findings=(),
                vendor_name="",
                summary="The archive is damaged: blob 12",
            )
        ],
        match,
    )
    assert room.deliver().sent == 1
    assert room.maildir()[0]["Subject"] == "The archive is damaged: blob 12"
