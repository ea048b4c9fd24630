"""Who hears of what: enter, amend and end subscriptions, keep the operators', forget what was never confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.address import parse_address
from monitor.alerts.views import House
from monitor.errors import ConfigError, Problem
from monitor.model import Settings, Subscription, target_address
from monitor.ports import Mailroom

UNCONFIRMED = timedelta(days=3)  # as long as the link in the question is valid


def house_of(settings: Settings) -> House:
    """Who sends, as the settings say."""
    operator = settings.operator[0] if settings.operator else ""
    return House(
        title=settings.site_title,
        mail_from=settings.mail_from or operator or "policy-monitor@localhost",
        operator=operator,
        public_url=settings.public_url.rstrip("/"),
        bounce_address=settings.bounce_address,
    )


def enter(mailroom: Mailroom, wishes: Sequence[Subscription]) -> tuple[Subscription, ...]:
    """Enter wishes and return them with their ids; one that the address already has comes back as it is.

    Who subscribes again after a bounce is heard: the suppression of a confirmed wish's address ends.
    """
    entered = []
    for wish in wishes:
        same = [one for one in mailroom.subscriptions(address=wish.address) if _same(one, wish)]
        entered.append(same[0] if same else mailroom.subscribe(wish))
        if wish.confirmed_at and mailroom.suppressed(wish.address):
            mailroom.suppress(wish.address, reason="subscribed again", at=wish.confirmed_at, until=wish.confirmed_at)
    return tuple(entered)


def leave(mailroom: Mailroom, who: str, *, now: datetime) -> int:
    """End the subscription of that number, or all of an address; how many ended."""
    if who.isdigit():
        return int(mailroom.unsubscribe(int(who), at=now))
    ended = [mailroom.unsubscribe(one.id, at=now) for one in mailroom.subscriptions(address=who) if one.id is not None]
    return sum(ended)


def ensure_operators(mailroom: Mailroom, settings: Settings, *, now: datetime) -> None:
    """Give the operators of the settings their subscription, and end it for those who are operators no more.

    Raises:
        ConfigError: an operator's address is none.
    """
    wanted = {*map(_operator_address, settings.operator), *map(target_address, settings.notify)}
    kept = [one for one in mailroom.subscriptions() if one.source == "settings"]
    for one in kept:
        if one.address not in wanted and one.id is not None:
            mailroom.unsubscribe(one.id, at=now)
    for address in sorted(wanted - {one.address for one in kept}):
        mailroom.subscribe(Subscription(address, operator=True, confirmed_at=now, created_at=now, source="settings"))


def forget_unconfirmed(mailroom: Mailroom, *, now: datetime) -> int:
    """Forget sign-ups that nobody confirmed in time; how many. An address without any other wish is erased."""
    late = [
        one
        for one in mailroom.subscriptions()
        if one.confirmed_at is None and one.created_at is not None and now - one.created_at >= UNCONFIRMED
    ]
    for one in late:
        others = [other for other in mailroom.subscriptions(address=one.address, ended=True) if other.confirmed_at]
        if others and one.id is not None:
            mailroom.unsubscribe(one.id, at=now)
        else:
            mailroom.erase(one.address)
    return len(late)


def _operator_address(text: str) -> str:
    try:
        return parse_address(text)
    except ValueError as error:
        raise ConfigError(
            "settings.toml", (Problem("operator", 0, f"not a mail address: {text!r}: {error}"),)
        ) from error


def _same(one: Subscription, wish: Subscription) -> bool:
    """Whether both ask for the same and are in the same state."""
    if (one.confirmed_at is None) != (wish.confirmed_at is None):
        return False
    return replace(one, confirmed_at=None, created_at=None, source=wish.source, id=None) == replace(
        wish, confirmed_at=None, created_at=None, id=None
    )
