"""Bounces: only signed return paths count; one that says the address is dead, or five of the softer kind, end it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bounced import dsn
from mailing import KEYS, MailRoom, mail_room

from monitor.alerts.tokens import Tokens
from monitor.bounces import take_bounces
from monitor.model import Subscription

TOKENS = Tokens(KEYS)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path) as made:
        yield made


def path_of(room: MailRoom, reader: Subscription) -> str:
    return TOKENS.return_path("bounces@watch.example", reader.id or 0, now=room.clock.now())


def test_a_hard_bounce_ends_it_at_once_and_the_address_is_written_to_no_more(room: MailRoom) -> None:
    reader = room.reader()
    done = take_bounces(room.archive, [dsn(path_of(room, reader))], TOKENS, now=room.clock.now())
    assert (done.read, done.hard, done.suppressed) == (1, 1, 1)
    room.announce()
    assert room.deliver().suppressed == 1
    assert room.maildir() == []


def test_five_soft_bounces_within_a_month_end_it_and_one_read_twice_counts_once(room: MailRoom) -> None:
    reader = room.reader()
    path = path_of(room, reader)
    for number in range(1, 5):
        for _ in range(3):
            take_bounces(room.archive, [dsn(path, status="4.4.7", number=number)], TOKENS, now=room.clock.now())
    assert room.archive.suppressed(reader.address) == ""
    done = take_bounces(room.archive, [dsn(path, status="5.2.2", number=5)], TOKENS, now=room.clock.now())
    assert done.suppressed == 1
    assert room.archive.suppressed(reader.address)


def test_soft_bounces_of_long_ago_are_forgotten(room: MailRoom) -> None:
    reader = room.reader()
    for number in range(12):
        path = path_of(room, reader)
        take_bounces(room.archive, [dsn(path, status="4.4.7", number=number)], TOKENS, now=room.clock.now())
        room.clock.forward(days=8)
    assert room.archive.suppressed(reader.address) == ""


def test_a_forged_a_foreign_or_an_old_return_path_counts_for_nothing(room: MailRoom) -> None:
    reader, now = room.reader(), room.clock.now()
    good = path_of(room, reader)
    seal = good.partition("@")[0].rpartition("-")[2]
    dice = random.Random(3)
    forged = [
        "bounces@watch.example",
        f"bounces+{reader.id}@watch.example",
        good.replace(seal, seal[:-1]),
        good.replace(seal, seal + "a"),
        good.replace("+1-", "+2-"),
        good.replace(seal, "a" * 26),
        Tokens((b"k" * 40,)).return_path("bounces@watch.example", 1, now=now),
        TOKENS.return_path("bounces@watch.example", 1, now=now - timedelta(days=31)),
        TOKENS.return_path("bounces@watch.example", 1, now=now + timedelta(days=2)),
        *(good.replace(seal, "".join(dice.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))) for _ in range(1000)),
    ]
    done = take_bounces(room.archive, [dsn(path) for path in forged], TOKENS, now=now)
    assert (done.hard, done.soft, done.suppressed, done.ignored) == (0, 0, 0, len(forged))
    assert take_bounces(room.archive, [dsn(good)], TOKENS, now=now).hard == 1  # negative control


def test_a_bounce_of_somebody_who_was_erased_changes_nothing(room: MailRoom) -> None:
    reader = room.reader()
    path = path_of(room, reader)
    room.archive.erase(reader.address)
    assert take_bounces(room.archive, [dsn(path)], TOKENS, now=room.clock.now()).ignored == 1


def test_rubbish_is_ignored_and_hundreds_of_bounces_are_read(room: MailRoom) -> None:
    reader = room.reader()
    dice = random.Random(5)
    good = dsn(path_of(room, reader))
    rubbish = [
        b"",
        b"\0" * 1000,
        bytes(dice.randrange(256) for _ in range(1000)),
        b"To: " + b"a" * 2_000_000,
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n'
        + b'--b\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n' * 3000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"To: =?nonsense?q?=ff?=\r\nContent-Type: =?x\r\n\r\n",
        b"Content-Type: text/plain; charset=\xff\r\nTo: <\xff>\r\n\r\n",
    ]
    for number in range(300):
        mangled = bytearray(good)
        for _ in range(dice.randrange(1, 30)):
            mangled[dice.randrange(len(mangled))] = dice.randrange(256)
        rubbish.append(bytes(mangled[: dice.randrange(len(mangled))] if number % 3 else mangled))
    done = take_bounces(room.archive, rubbish, TOKENS, now=room.clock.now())
    assert done.read == len(rubbish)
    many = [dsn(path_of(room, reader), number=number) for number in range(300)]
    assert take_bounces(room.archive, many, TOKENS, now=room.clock.now()).read == 300


def test_who_subscribes_again_is_written_to_again(room: MailRoom) -> None:
    from monitor.subscribe import enter

    reader = room.reader()
    take_bounces(room.archive, [dsn(path_of(room, reader))], TOKENS, now=room.clock.now())
    room.clock.forward(days=1)
    enter(room.archive, [Subscription(reader.address, confirmed_at=room.clock.now())])
    assert room.archive.suppressed(reader.address) == ""
