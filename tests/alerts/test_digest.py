"""Which alerts go into one mail: rhythms apart, few events by themselves, many in one, each event once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mailing import event, finding

from monitor.alerts.digest import batches, empty_batch, gravest_first, message_id
from monitor.alerts.views import Batch, Item
from monitor.model import Alert, Event, Subscription
from monitor.ports import Owed

AT = datetime(2026, 3, 25, 10, 0, tzinfo=UTC)  # a Wednesday
ANN = Subscription("ann@reader.example", confirmed_at=AT - timedelta(days=30), id=1)
WEEKLY = replace(ANN, id=2, every="weekly", hour=8, weekday=0)
SALE = finding("share.sale")
KEPT = finding("retention", severity="low", direction="better")


def told(number: int, vendor: str = "umbrella", **fields: Any) -> Event:
    return replace(event(vendor, at=AT, **fields), id=number)


def owed(alert: int, of: Event, to: Subscription = ANN, **fields: Any) -> Owed:
    return Owed(Alert(alert, of.id or 0, to.id or 0, AT, AT, **fields), of, to)


def events_of(batch: Batch) -> list[int | None]:
    return [item.event.id for item in batch.items]


def test_up_to_three_events_are_mails_of_their_own_and_four_are_one_digest() -> None:
    few = [owed(number, told(number)) for number in (1, 2, 3)]
    assert [events_of(batch) for batch in batches(few)] == [[1], [2], [3]]
    assert [events_of(batch) for batch in batches([*few, owed(4, told(4))])] == [[1, 2, 3, 4]]


def test_a_rhythm_with_a_digest_has_one_mail_however_few_the_events() -> None:
    made = batches([owed(number, told(number), WEEKLY) for number in (1, 2)])
    assert [events_of(batch) for batch in made] == [[1, 2]]
    assert made[0].rhythm == "weekly"


def test_what_came_at_once_and_what_came_weekly_are_two_mails_and_so_is_what_operators_hear() -> None:
    operator = replace(ANN, id=3, operator=True)
    trouble = told(2, kind="trouble")
    made = batches([owed(1, told(1)), owed(2, told(1), WEEKLY), owed(3, trouble, operator)])
    assert [(events_of(batch), batch.rhythm) for batch in made] == [([1], "now"), ([1], "weekly"), ([2], "now")]


def test_two_subscriptions_to_one_event_are_told_once_with_what_either_asked_for() -> None:
    change = told(1, findings=(SALE, KEPT, finding("purpose.ai_training")))
    sale, kept = replace(ANN, labels=("share.*",)), replace(ANN, id=4, labels=("retention",))
    (made,) = batches([owed(11, change, sale), owed(12, change, kept)])
    (item,) = made.items
    assert [one.label for one in item.findings] == ["share.sale", "retention"]
    assert [one.label for one in item.rest] == ["purpose.ai_training"]
    assert made.alerts == (11, 12)
    assert made.subscriptions == (sale, kept)


def test_alerts_that_were_put_together_stay_together_and_new_ones_do_not_join() -> None:
    first = [owed(number, told(number), message_id="<fixed@watch.example>", attempts=number) for number in (1, 2)]
    kept, new = batches([*first, owed(3, told(3))])
    assert (events_of(kept), kept.message_id, kept.attempts) == ([1, 2], "<fixed@watch.example>", 2)
    assert message_id(kept, "other.example") == "<fixed@watch.example>"
    assert (events_of(new), new.message_id) == ([3], "")


def test_a_message_id_is_that_of_its_address_and_alerts_whichever_run_sends_it() -> None:
    (one,) = batches([owed(1, told(1))])
    (again,) = batches([owed(1, told(1))])
    assert message_id(one, "watch.example") == message_id(again, "watch.example")
    others = [
        replace(one, address="bob@reader.example"),
        batches([owed(2, told(1))])[0],
        batches([owed(1, replace(told(1), at=AT + timedelta(seconds=1)))])[0],
        Batch(ANN.address, "now", (ANN,), (), period=AT),
        Batch(ANN.address, "now", (ANN,), (), period=AT + timedelta(days=7)),
    ]
    assert len({message_id(batch, "watch.example") for batch in (one, *others)}) == 6


def test_vendors_come_by_their_gravest_event_and_events_of_a_vendor_stay_together() -> None:
    mild = told(1, "aardvark", findings=(KEPT,))
    grave = told(2, "zebra", findings=(SALE,))
    small = told(3, "zebra", findings=(KEPT,))
    bare = told(4, "hooli", kind="promise", findings=(), severity="medium")
    items = [Item(one, (), (one.id or 0,)) for one in (mild, small, bare, grave)]
    assert [item.event.id for item in gravest_first(items)] == [2, 3, 4, 1]


def test_an_event_weighs_as_much_as_what_of_it_was_asked_for() -> None:
    both = told(1, "zebra", findings=(SALE, KEPT))
    middle = told(2, "hooli", findings=(finding("retention", severity="medium"),))
    assert [one.event.id for one in gravest_first([Item(both, (1,), (1,)), Item(middle, (0,), (2,))])] == [2, 1]
    assert [one.event.id for one in gravest_first([Item(both, (0,), (1,)), Item(middle, (0,), (2,))])] == [1, 2]


@pytest.mark.parametrize(
    "fields",
    [
        {"every": "now"},
        {"empty_digest": False},
        {"ended_at": AT},
        {"confirmed_at": None},
        {"confirmed_at": datetime(2026, 3, 23, 8, 0, tzinfo=UTC)},
    ],
    ids=["at once", "not asked for", "ended", "not confirmed", "since this period began"],
)
def test_nobody_else_is_told_that_nothing_happened(fields: dict[str, Any]) -> None:
    asked = replace(WEEKLY, empty_digest=True)
    batch = empty_batch(asked, now=AT)
    assert batch
    assert (batch.items, batch.period) == ((), datetime(2026, 3, 23, 8, 0, tzinfo=UTC))
    assert empty_batch(replace(asked, **fields), now=AT) is None
