"""Wishes checked before they are kept: every field against what there is, all problems at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, get_args
from zoneinfo import available_timezones

from monitor.alerts.address import parse_address
from monitor.alerts.wording import DAYS
from monitor.model import Event, EventKind, Severity, Subscription, Watchlist
from monitor.model.alert import Rhythm

PATTERN = re.compile(r"[a-z0-9_.*?-]{1,64}", re.ASCII)
MOST = 200  # entries of one list
YES, NO = {"yes", "true", "1"}, {"", "no", "false", "0"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from."""

    vendors: frozenset[str]
    tags: frozenset[str]
    kinds: frozenset[str]
    labels: frozenset[str]

    @classmethod
    def of(cls, watchlist: Watchlist, labels: Iterable[str]) -> Offer:
        """What a watchlist and the taxonomy offer."""
        return cls(
            vendors=frozenset(vendor.id for vendor in watchlist.vendors),
            tags=frozenset(tag for document in watchlist.documents for tag in document.tags),
            kinds=frozenset(document.kind for document in watchlist.documents),
            labels=frozenset(labels),
        )


class WishError(ValueError):
    """A wish that cannot be kept; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def wish(fields: Mapping[str, Any], offer: Offer) -> Subscription:
    """The subscription that the fields describe; lists are tuples of text, the rest is text.

    Raises:
        WishError: with everything that is wrong.
    """
    found: dict[str, Any] = {}
    problems: list[str] = []

    def take(name: str, convert: Callable[[Any], Any]) -> None:
        value = fields.get(name)
        if value is None or value == "":
            return
        try:
            found[name] = convert(value)
        except ValueError as error:
            problems.append(f"{name}: {error}")

    take("address", parse_address)
    if "address" not in fields:
        problems.append("address: missing")
    take("vendors", lambda values: _each(values, offer.vendors))
    take("tags", lambda values: _each(values, offer.tags))
    take("kinds", lambda values: _each(values, offer.kinds))
    take("labels", lambda values: _labels(values, offer.labels))
    take("severity", lambda value: _one(value, get_args(Severity)))
    take("direction", lambda value: _one(value, ("any", "worse")))
    operator = _truth(fields.get("operator", ""), problems, "operator")
    kinds = [kind for kind in get_args(EventKind) if Event(kind, datetime.min).operator == operator]  # noqa: DTZ901 - only its kind is asked
    take("events", lambda values: _each(values, kinds))
    take("every", lambda value: _one(value, get_args(Rhythm)))
    take("hour", lambda value: _number(value, 23))
    take("weekday", _weekday)
    take("zone", _zone)
    empty = _truth(fields.get("empty_digest", ""), problems, "empty_digest")
    if problems:
        raise WishError(tuple(problems))
    return Subscription(**found, operator=operator, empty_digest=empty)


def _each(values: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    if len(values) > MOST:
        raise ValueError(f"more than {MOST}")
    return tuple(dict.fromkeys(_one(value, known) for value in values))


def _one(value: str, known: Collection[str]) -> str:
    if value in known:
        return value
    near = difflib.get_close_matches(value[:80], known, 1)
    some = ", ".join(sorted(known)[:8]) + (", …" if len(known) > 8 else "")
    hint = f"did you mean {near[0]}?" if near else f"there is {some}" if known else "there is none"
    raise ValueError(f"no such one: {value[:80]!r} ({hint})")


def _labels(values: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    if len(values) > MOST:
        raise ValueError(f"more than {MOST}")
    families = {label.partition(".")[0] for label in known}
    for value in values:
        if not PATTERN.fullmatch(value):
            raise ValueError(f"not a label or pattern: {value[:80]!r}")
        if value not in families and not any(fnmatchcase(label, value) for label in known):
            _one(value, sorted({*known, *families}))
    return tuple(dict.fromkeys(values))


def _number(value: object, most: int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= most):
        raise ValueError(f"a number from 0 to {most}")
    return int(text)


def _weekday(value: object) -> int:
    """Monday is 0; a name or its first three letters do too."""
    text = str(value).lower()
    for number, name in enumerate(DAYS):
        if text in {name.lower(), name[:3].lower()}:
            return number
    if text in {str(number) for number in range(len(DAYS))}:
        return int(text)
    raise ValueError(f"no such day: {text[:80]!r} (there is {', '.join(DAYS).lower()})")


def _zone(value: str) -> str:
    if value in available_timezones():
        return value
    near = difflib.get_close_matches(value[:80], available_timezones(), 1)
    raise ValueError(f"no such time zone: {value[:80]!r}" + (f" (did you mean {near[0]}?)" if near else ""))


def _truth(value: object, problems: list[str], name: str) -> bool:
    text = str(value).lower()
    if text not in YES | NO:
        problems.append(f"{name}: yes or no")
    return text in YES
