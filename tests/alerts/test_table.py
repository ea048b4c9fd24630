"""Wishes checked, and subscriptions out to CSV and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from mailing import WATCHLIST

from monitor.alerts.table import COLUMNS, TableError, from_table, to_table
from monitor.alerts.wishes import Offer, WishError, wish
from monitor.meaning.knowledge import labels
from monitor.model import Subscription

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
OFFER = replace(Offer.of(WATCHLIST, labels()), tags=frozenset({"video"}))
FULL = Subscription(
    "ann@reader.example",
    ("umbrella", "hooli"),
    ("video",),
    ("privacy-policy",),
    ("share.*", "retention"),
    "medium",
    "worse",
    ("change", "promise"),
    "weekly",
    7,
    4,
    "Europe/Berlin",
    empty_digest=True,
    confirmed_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
)


def test_what_goes_out_comes_in_equal() -> None:
    plain = Subscription("bob@reader.example", confirmed_at=NOW)
    operator = Subscription("op@watch.example", operator=True, events=("trouble",), confirmed_at=NOW)
    back = from_table(to_table([FULL, plain, operator]), OFFER, now=NOW)
    assert [replace(one, created_at=None, source="cli") for one in back] == [FULL, plain, operator]
    assert all(one.source == "import" for one in back)


def test_a_table_of_addresses_alone_is_enough_and_they_count_as_confirmed_now() -> None:
    (one,) = from_table("\ufeffaddress\r\nann@reader.example\r\n", OFFER, now=NOW)
    assert one == Subscription("ann@reader.example", confirmed_at=NOW, created_at=NOW, source="import")


def test_everything_wrong_in_a_table_is_told_at_once_by_line() -> None:
    text = "address,vendors,every,zone,confirmed_at\nann@x.example,umbrella,now,UTC,\nbad,nope,sometimes,Mars/Base,then\nann@y.example,umbrela,daily,UTC,\n"
    with pytest.raises(TableError) as caught:
        from_table(text, OFFER, now=NOW)
    told = [f"{line} {what}" for line, what in caught.value.problems]
    assert [one[:12] for one in told] == [
        "3 address: a",
        "3 vendors: n",
        "3 every: no ",
        "3 zone: no s",
        "4 vendors: n",
    ]
    assert "did you mean umbrella?" in told[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name\nann\n",
        "address,adress\na@b.example,x\n",
        "address,vendors\na@b.example\n",
        "address\na@b.example,extra\n",
        'address\n"a@b.example\n' + "x" * 200_000,
        "address\n\0\n",
        "address,confirmed_at\na@b.example,yesterday\n",
        "address,operator\na@b.example,maybe\n",
    ],
    ids=lambda text: repr(text[:30]),
)
def test_a_table_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TableError):
        from_table(text, OFFER, now=NOW)


def test_no_cell_is_a_formula_to_whoever_opens_the_table() -> None:
    for line in to_table([FULL]).splitlines():
        assert all(cell[:1] not in "=+-@\t\r" or not cell for cell in line.split(","))
    for address in ("=cmd@x.example", "+1@x.example", "-1@x.example", "@x.example"):
        with pytest.raises(WishError):
            wish({"address": address}, OFFER)
    assert COLUMNS[0] == "address"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "address: missing"),
        ({"address": "x"}, "address: an address"),
        ({"vendors": ("nope",)}, "vendors: no such one: 'nope'"),
        ({"vendors": ("umbrela",)}, "did you mean umbrella?"),
        ({"kinds": ("privacy",)}, "kinds: no such one"),
        ({"labels": ("shares.*",)}, "labels: no such one"),
        ({"labels": ("(a+)+$",)}, "labels: not a label or pattern"),
        ({"labels": ("share.*",) * 201}, "labels: more than 200"),
        ({"severity": "grave"}, "severity: no such one"),
        ({"direction": "better"}, "direction: no such one"),
        ({"events": ("trouble",)}, "events: no such one"),
        ({"events": ("change",), "operator": "yes"}, "events: no such one"),
        ({"every": "hourly"}, "every: no such one"),
        ({"hour": "24"}, "hour: a number from 0 to 23"),
        ({"hour": "²"}, "hour: a number"),
        ({"weekday": "someday"}, "weekday: no such day: 'someday' (there is monday, tuesday, "),
        ({"zone": "Europe/Berlinn"}, "did you mean Europe/Berlin?"),
        ({"zone": "../../etc/passwd"}, "zone: no such time zone"),
        ({"empty_digest": "perhaps"}, "empty_digest: yes or no"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_kept_says_why(fields: dict[str, Any], problem: str) -> None:
    given = {"address": "ann@reader.example"} | fields if fields else {}
    with pytest.raises(WishError) as caught:
        wish(given, OFFER)
    assert problem in str(caught.value)


def test_a_wish_takes_names_of_days_families_and_globs() -> None:
    made = wish(
        {
            "address": "ann@reader.example",
            "weekday": "Fri",
            "labels": ("share", "purpose.*", "*.ai_training", "retention"),
        },
        OFFER,
    )
    assert (made.weekday, made.labels) == (4, ("share", "purpose.*", "*.ai_training", "retention"))
    assert wish({"address": "ann@reader.example", "weekday": "sunday"}, OFFER).weekday == 6


def test_what_nothing_is_near_to_says_what_there_is() -> None:
    with pytest.raises(WishError, match="there is privacy-policy"):
        wish({"address": "ann@reader.example", "kinds": ("zzz",)}, OFFER)
    with pytest.raises(WishError, match="there is none"):
        wish({"address": "ann@reader.example", "tags": ("video",)}, replace(OFFER, tags=frozenset()))


def test_a_list_of_vendors_has_an_end() -> None:
    with pytest.raises(WishError, match="vendors: more than 200"):
        wish({"address": "ann@reader.example", "vendors": ("umbrella",) * 201}, OFFER)


def test_a_table_larger_than_any_list_of_readers_is_not_read() -> None:
    with pytest.raises(TableError) as caught:
        from_table("address\n" + "x" * 20_000_000, OFFER, now=NOW)
    assert caught.value.problems == ((0, "the table is larger than 20 MB"),)


@pytest.mark.parametrize("written", ["2025-01-02T04:04:05+01:00", "2025-01-02T03:04:05"])
def test_a_moment_of_confirmation_is_kept_in_universal_time(written: str) -> None:
    (one,) = from_table(f"address,confirmed_at\nann@reader.example,{written}\n", OFFER, now=NOW)
    assert one.confirmed_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
