"""Entering, leaving and forgetting subscriptions, and where mail goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mailing import WATCHLIST, MailRoom, event, finding, mail_room, text_of

from monitor.errors import ConfigError, DamageError, SendError
from monitor.model import Message, Settings, Subscription, target_address
from monitor.preview import past_events
from monitor.send import destination, open_sender
from monitor.subscribe import ensure_operators, enter, forget_unconfirmed


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path, settings=Settings(tmp_path, public_url="https://watch.example")) as made:
        yield made


def test_the_same_wish_is_entered_once(room: MailRoom) -> None:
    wish = Subscription("ann@reader.example", labels=("share",), confirmed_at=room.clock.now())
    assert enter(room.archive, [wish]) == enter(room.archive, [wish])
    enter(room.archive, [replace(wish, labels=("data",)), replace(wish, confirmed_at=None)])
    assert len(room.archive.subscriptions()) == 3


def test_an_operators_address_that_is_none_is_told(room: MailRoom) -> None:
    with pytest.raises(ConfigError, match="not a mail address"):
        ensure_operators(room.archive, replace(room.settings, operator=("nobody",)), now=room.clock.now())


def test_operators_and_targets_are_kept_as_the_settings_say(room: MailRoom) -> None:
    settings = replace(room.settings, operator=("op@watch.example",), notify=("json://hook.example/secret",))
    for _ in range(2):
        ensure_operators(room.archive, settings, now=room.clock.now())
    assert {one.address for one in room.archive.subscriptions()} == {
        "op@watch.example",
        target_address("json://hook.example/secret"),
    }
    ensure_operators(room.archive, room.settings, now=room.clock.now())
    assert room.archive.subscriptions() == ()


def test_a_forgotten_sign_up_of_a_reader_ends_and_that_of_a_stranger_is_erased(room: MailRoom) -> None:
    room.reader("ann@reader.example")
    for address in ("ann@reader.example", "stranger@reader.example"):
        room.reader(address, confirmed_at=None, created_at=room.clock.now(), labels=("share",))
    room.clock.forward(days=2)
    assert forget_unconfirmed(room.archive, now=room.clock.now()) == 0
    room.clock.forward(days=1)
    assert forget_unconfirmed(room.archive, now=room.clock.now()) == 2
    assert [one.address for one in room.archive.subscriptions(ended=True)] == ["ann@reader.example"] * 2


def test_where_mail_goes_is_said_in_words(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert destination(settings) == f"the maildir {tmp_path / 'mail'}"
    assert (
        destination(replace(settings, smtp_host="mx.example", smtp_port=465, smtp_security="tls"))
        == "mx.example:465 (TLS)"
    )
    assert "not encrypted" in destination(replace(settings, smtp_host="mx.example", smtp_security="none"))


def test_what_is_neither_an_address_nor_a_target_goes_nowhere(room: MailRoom) -> None:
    with pytest.raises(SendError, match="no way to send"):
        open_sender(room.settings, clock=room.clock).send(Message("<1@x.example>", "nobody", "x", b""))


def test_damage_of_a_text_is_told_and_holds_up_no_mail(room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.see(None)
    room.reader()
    room.clock.forward(days=1)
    room.see(event(findings=(finding(),)))

    def damaged(*_: object) -> None:
        raise DamageError("text 2", "is not what it was")

    monkeypatch.setattr(type(room.archive), "extraction", damaged)
    monkeypatch.setattr(type(room.archive), "assessment", damaged)
    assert room.deliver().sent == 1
    (mail,) = room.maildir()
    assert "its stored copy was damaged after this was found" in " ".join(text_of(mail).split())
    assert len(past_events(room.archive, WATCHLIST, now=room.clock.now())) == 1  # as it was told
