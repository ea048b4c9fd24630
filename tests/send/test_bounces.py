"""Bounces: only signed return paths count; one that says the address is dead, or five of the softer kind, end it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from mailing import KEYS, MailRoom, mail_room

from monitor.alerts.dsn import read_bounce
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


def dsn(
    to: str, *, action: str = "failed", status: str = "5.1.1", number: int = 1, original: bool = True, where: str = "To"
) -> bytes:
    """A report as RFC 3464 has it."""
    returned = "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: yours\r\n\r\nbody\r\n" if original else ""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\n{where}: <{to}>\r\nSubject: Undelivered\r\n"
        f"Message-ID: <dsn.{number}@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@reader.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 no such user\r\n\r\n{returned}--b--\r\n"
    ).encode()


def test_a_hard_bounce_ends_it_at_once_and_the_address_is_written_to_no_more(room: MailRoom) -> None:
    reader = room.reader()
    done = take_bounces(room.archive, [dsn(path_of(room, reader))], TOKENS, now=room.clock.now())
    assert (done.read, done.hard, done.suppressed) == (1, 1, 1)
    room.announce()
    assert room.deliver().suppressed == 1
    assert room.maildir() == []


@pytest.mark.parametrize("where", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_return_path_is_found_where_servers_note_it(room: MailRoom, where: str) -> None:
    reader = room.reader()
    assert read_bounce(dsn(path_of(room, reader).upper(), where=where), TOKENS, now=room.clock.now())


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", "hard"),
        ("failed", "5.1.10", "hard"),
        ("failed", "5.2.1", "hard"),
        ("failed", "5.2.2", "soft"),
        ("failed", "5.7.1", "soft"),
        ("failed", "5.0.0", "soft"),
        ("failed", "4.4.7", "soft"),
        ("failed", "", "soft"),
        ("failed", "nonsense", "soft"),
        ("FAILED", "5.1.1 (unknown)", "hard"),
        ("delayed", "4.2.2", None),
        ("delivered", "2.0.0", None),
        ("relayed", "2.0.0", None),
        ("expanded", "2.0.0", None),
    ],
)
def test_the_status_tells_how_bad_it_is(room: MailRoom, action: str, status: str, kind: str | None) -> None:
    reader = room.reader()
    bounce = read_bounce(dsn(path_of(room, reader), action=action, status=status), TOKENS, now=room.clock.now())
    assert (bounce.kind if bounce else None) == kind


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


def test_a_report_without_the_returned_mail_is_enough(room: MailRoom) -> None:
    reader = room.reader()
    assert read_bounce(dsn(path_of(room, reader), original=False), TOKENS, now=room.clock.now())


@pytest.mark.parametrize(
    "raw",
    [
        b"Return-Path: <ann@reader.example>\r\nTo: {path}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nback on Monday",
        b"Return-Path: <>\r\nTo: {path}\r\nAuto-Submitted: auto-replied (vacation)\r\n\r\nback on Monday",
        b"Return-Path: <ann@reader.example>\r\nTo: {path}\r\nSubject: Re: yours\r\n\r\nthanks",
        b"To: {path}\r\n\r\n",
    ],
)
def test_a_person_or_an_out_of_office_note_is_no_bounce(room: MailRoom, raw: bytes) -> None:
    path = path_of(room, room.reader()).encode()
    assert read_bounce(raw.replace(b"{path}", path), TOKENS, now=room.clock.now()) is None


def test_a_bounce_in_a_form_of_its_own_is_a_soft_one(room: MailRoom) -> None:
    path = path_of(room, room.reader())
    raw = (
        f"Return-Path: <>\r\nTo: {path}\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program.".encode()
    )
    bounce = read_bounce(raw, TOKENS, now=room.clock.now())
    assert bounce
    assert bounce.kind == "soft"


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
