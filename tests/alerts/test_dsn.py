"""What a returned mail says: whose it was, and whether the address is gone for good, full, or only away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bounced import dsn
from mailing import KEYS

from monitor.alerts.dsn import Bounce, read_bounce
from monitor.alerts.tokens import Tokens

AT = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
TOKENS = Tokens(KEYS)
PATH = TOKENS.return_path("bounces@watch.example", 7, now=AT)


def read(raw: bytes) -> Bounce | None:
    return read_bounce(raw, TOKENS, now=AT)


def test_a_bounce_names_the_subscription_the_status_and_itself() -> None:
    assert read(dsn(PATH, number=3)) == Bounce(7, "hard", "5.1.1", "<dsn.3@mx.example>")


@pytest.mark.parametrize("where", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_return_path_is_found_where_servers_note_it(where: str) -> None:
    bounce = read(dsn(PATH.upper(), where=where))
    assert bounce
    assert bounce.subscription == 7


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", "hard"),
        ("failed", "5.1.10", "hard"),
        ("failed", "5.2.1", "hard"),
        ("failed", "5.2.2", "soft"),
        ("failed", "5.7.1", "soft"),
        ("failed", "5.0.0", "soft"),
        ("failed", "4.1.1", "soft"),
        ("failed", "4.4.7", "soft"),
        ("failed", "", "soft"),
        ("failed", "nonsense", "soft"),
        ("FAILED", "5.1.1 (unknown)", "hard"),
        ("", "5.1.1", "soft"),
        ("delayed", "4.2.2", None),
        ("delivered", "2.0.0", None),
        ("relayed", "2.0.0", None),
        ("expanded", "2.0.0", None),
    ],
)
def test_the_status_tells_how_bad_it_is(action: str, status: str, kind: str | None) -> None:
    bounce = read(dsn(PATH, action=action, status=status))
    assert (bounce.kind if bounce else None) == kind


def test_a_report_without_the_returned_mail_is_enough() -> None:
    assert read(dsn(PATH, original=False)) == read(dsn(PATH))


def test_a_report_whose_fields_are_one_text_is_read_alike() -> None:
    """Some servers leave out the blocks of RFC 3464, or give the part a transfer encoding."""
    raw = (
        f"Return-Path: <>\r\nTo: {PATH}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n--b--\r\n"
    ).encode()
    bounce = read(raw)
    assert bounce
    assert (bounce.kind, bounce.status) == ("hard", "5.1.1")


@pytest.mark.parametrize(
    "raw",
    [
        b"Return-Path: <ann@reader.example>\r\nTo: {path}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nback on Monday",
        b"Return-Path: <>\r\nTo: {path}\r\nAuto-Submitted: auto-replied (vacation)\r\n\r\nback on Monday",
        b"Return-Path: <ann@reader.example>\r\nTo: {path}\r\nSubject: Re: yours\r\n\r\nthanks",
        b"To: {path}\r\n\r\n",
    ],
)
def test_a_person_or_an_out_of_office_note_is_no_bounce(raw: bytes) -> None:
    assert read(raw.replace(b"{path}", PATH.encode())) is None


def test_a_bounce_in_a_form_of_its_own_is_a_soft_one() -> None:
    raw = f"Return-Path: <>\r\nTo: {PATH}\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program."
    assert read(raw.encode()) == Bounce(7, "soft", "", "")


def test_a_return_path_among_others_is_the_one_that_counts() -> None:
    other = Tokens((b"another key of thirty-two octets",)).return_path("bounces@watch.example", 8, now=AT)
    raw = f"Return-Path: <>\r\nDelivered-To: postmaster@watch.example\r\nTo: {other}, {PATH}\r\n\r\nfailed"
    bounce = read(raw.encode())
    assert bounce
    assert bounce.subscription == 7


@pytest.mark.parametrize(
    "to", ["bounces@watch.example", "bounces+7@watch.example", "bounces+7-20541-aaaaaaaaaaaaaaaaaaaaaaaaaa@w.example"]
)
def test_a_bounce_of_mail_that_is_not_ours_is_none(to: str) -> None:
    assert read(dsn(to)) is None
    assert read(dsn(PATH))  # negative control


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"To: " + b"a" * 2_000_000,
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n'
        + b'--b\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n' * 3000,
        b"To: {path}\r\nReturn-Path: <>\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"To: =?nonsense?q?=ff?=\r\nContent-Type: =?x\r\n\r\n",
        b"Content-Type: text/plain; charset=\xff\r\nTo: <\xff>\r\n\r\n",
    ],
    ids=["empty", "nulls", "endless", "nested reports", "nested mails", "encoded words", "no charset"],
)
def test_rubbish_is_no_bounce_and_no_error(raw: bytes) -> None:
    bounce = read(raw.replace(b"{path}", PATH.encode()))
    assert bounce is None or bounce.kind == "soft"
