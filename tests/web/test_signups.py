"""Sign-ups behind the door: a flood blocks nobody, and all questions together stay within their limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from door import PUBLIC
from fakes import FixedClock
from mailing import KEYS, MailRoom, mail_room

from monitor.alerts.compose import Composer
from monitor.alerts.tokens import Tokens
from monitor.errors import ArchiveError, SendError
from monitor.model import Message, Settings, Subscription
from monitor.ports import Archive
from monitor.subscribe import house_of
from monitor.web import signups
from monitor.web.signups import Signups


class Kept:
    """A way out that keeps what it is given, or fails as told."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)

    def close(self) -> None:
        pass


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path, settings=Settings(tmp_path, public_url=PUBLIC)) as made:
        yield made


def desk(room: MailRoom, sender: Kept, *, archive: Archive | None = None) -> Signups:
    composer = Composer(house_of(room.settings), Tokens(KEYS))
    return Signups(archive or room.archive, sender, composer, clock=room.clock)


def work_off(made: Signups) -> None:
    """Everything that waits, here and now."""
    made.start()
    made._queue.join()
    made.stop()


def wish(number: int = 0, **fields: str) -> Subscription:
    return Subscription(f"reader{number}@reader.example", **fields)  # type: ignore[arg-type]  # fields of a wish


def test_a_flood_blocks_nobody_and_what_is_too_much_is_dropped(room: MailRoom) -> None:
    made = desk(room, Kept())
    for number in range(5000):
        made.ask(f"reader{number}@reader.example", [wish(number)])
    assert made._queue.qsize() == signups.WAITING
    made.start()
    made.stop()
    assert not made._thread.is_alive()


def test_all_addresses_together_are_asked_so_often_a_day(room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signups, "A_DAY", 3)
    sender = Kept()
    made = desk(room, sender)
    for number in range(6):
        made.ask(f"reader{number}@reader.example", [wish(number)])
    work_off(made)
    assert len(sender.sent) == 3
    assert len(room.archive.subscriptions()) == 3


def test_one_address_holds_only_so_many_unconfirmed_wishes(room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signups, "PENDING", 2)
    sender = Kept()
    for zone in ("UTC", "Asia/Tokyo", "Europe/Berlin"):
        made = desk(room, sender)
        made.ask("reader0@reader.example", [wish(zone=zone)])
        work_off(made)
        room.clock.forward(hours=25)
    assert (len(sender.sent), len(room.archive.subscriptions())) == (2, 2)


def test_a_dead_address_is_not_asked_again_and_a_ledger_in_trouble_ends_nothing(room: MailRoom) -> None:
    sender = Kept(SendError("550 no such user", permanent=True))
    made = desk(room, sender)
    made.ask("reader0@reader.example", [wish()])
    work_off(made)
    assert sender.sent == []

    class Full:
        def suppressed(self, address: str) -> str:
            raise ArchiveError("monitor.db", "the disk is full")

    troubled = desk(room, sender, archive=Full())  # type: ignore[arg-type]  # only what is asked first
    troubled.ask("reader1@reader.example", [wish(1)])
    work_off(troubled)  # the thread is still there to end


def test_who_has_it_already_gets_the_link_to_it_instead_of_a_question(room: MailRoom) -> None:
    sender = Kept()
    room.archive.subscribe(replace(wish(), confirmed_at=FixedClock().now()))
    made = desk(room, sender)
    made.ask("reader0@reader.example", [wish()])
    work_off(made)
    assert [message.subject for message in sender.sent] == ["Your subscriptions: Privacy policy monitor"]
    assert len(room.archive.subscriptions()) == 1
