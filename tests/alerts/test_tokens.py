"""Signed tokens: what a link allows, to whom, and for how long; and what forged, foreign and old ones allow: nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from mailing import KEYS

from monitor.alerts.tokens import FORM, LIFETIMES, Purpose, Tokens

AT = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
TOKENS = Tokens(KEYS)
OTHER = Tokens((b"another key of thirty-two octets",))
SECOND = timedelta(seconds=1)
PURPOSES: tuple[Purpose, ...] = ("confirm", "manage", "unsubscribe")


def granted(purpose: Purpose = "manage", *numbers: int, tokens: Tokens = TOKENS) -> str:
    return tokens.grant(purpose, numbers or (7,), "ann@reader.example", now=AT)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_token_allows_its_purpose_on_its_subscriptions_to_its_address(purpose: Purpose) -> None:
    grant = TOKENS.read(purpose, granted(purpose, 9, 7), now=AT)
    assert grant
    assert (grant.purpose, grant.subscriptions) == (purpose, (7, 9))
    assert grant.covers("ann@reader.example")
    assert not grant.covers("bob@reader.example")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_token_for_one_purpose_is_worth_nothing_for_another(purpose: Purpose) -> None:
    token = granted(purpose)
    assert [other for other in PURPOSES if TOKENS.read(other, token, now=AT)] == [purpose]
    assert not TOKENS.is_form(token, now=AT)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_token_ends_on_its_day(purpose: Purpose) -> None:
    end = AT + LIFETIMES[purpose]
    assert TOKENS.read(purpose, granted(purpose), now=end - SECOND)
    assert TOKENS.read(purpose, granted(purpose), now=end) is None


def test_a_form_is_ours_for_half_a_day_and_opens_nothing_else() -> None:
    token = TOKENS.form(now=AT)
    assert TOKENS.is_form(token, now=AT + FORM - SECOND)
    assert not TOKENS.is_form(token, now=AT + FORM)
    assert not OTHER.is_form(token, now=AT)
    assert all(TOKENS.read(purpose, token, now=AT) is None for purpose in PURPOSES)


def test_a_replaced_key_still_reads_what_it_signed_and_signs_no_more() -> None:
    both = Tokens((*OTHER.keys, *TOKENS.keys))
    assert both.read("manage", granted(), now=AT)
    assert OTHER.read("manage", granted(tokens=both), now=AT)
    assert TOKENS.read("manage", granted(tokens=both), now=AT) is None
    old = TOKENS.return_path("bounces@watch.example", 7, now=AT)
    assert both.bounced(old, now=AT) == 7
    assert OTHER.bounced(old, now=AT) is None


def test_no_letter_of_a_token_can_be_changed() -> None:
    """Not even the last, in which base64 has bits to spare: one seal has one spelling."""
    token = granted()
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    changed = [
        token[:at] + letter + token[at + 1 :] for at in range(len(token)) for letter in letters if letter != token[at]
    ]
    assert [one for one in changed if TOKENS.read("manage", one, now=AT)] == []
    assert TOKENS.read("manage", token, now=AT)  # negative control


@pytest.mark.parametrize(
    "token",
    ["", ".", "a.b", granted() + "x", granted()[:-1], granted().rpartition(".")[0], granted() * 9, granted() + "é"],
    ids=["empty", "dot", "short", "longer", "shorter", "unsigned", "many", "not ASCII"],
)
def test_what_is_no_token_allows_nothing(token: str) -> None:
    assert TOKENS.read("manage", token, now=AT) is None
    assert not TOKENS.is_form(token, now=AT)


def test_a_return_path_lives_a_month_and_comes_back_whatever_relays_do_to_its_letters() -> None:
    path = TOKENS.return_path("bounces@watch.example", 7, now=AT)
    assert TOKENS.bounced(path, now=AT) == 7
    assert TOKENS.bounced(path.upper(), now=AT + timedelta(days=30)) == 7
    assert TOKENS.bounced(path, now=AT + timedelta(days=31)) is None
    assert TOKENS.bounced(path, now=AT - timedelta(days=1)) is None
    assert TOKENS.bounced(path.replace("+7-", "+8-"), now=AT) is None
    assert TOKENS.bounced("bounces@watch.example", now=AT) is None
