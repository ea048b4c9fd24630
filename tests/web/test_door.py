"""From sign-up to leaving: what a reader does at the door, with the mails that a real server took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from door import FORM, Served, raw, served
from mailing import event, parsed


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


def test_a_reader_signs_up_confirms_gets_an_alert_and_leaves_with_one_click(door: Served) -> None:
    assert door.get("/subscribe").status == 200
    reply = door.sign_up(labels=["share", "purpose"], every="weekly", weekday="0", hour="8", zone="Europe/Berlin")
    assert (reply.status, "Look into your mail" in reply.text) == (200, True)
    door.settle()
    assert door.room.announce() == 0  # nothing before the yes
    page = door.get(door.link("confirm"))
    assert "Yes, send them" in page.text
    assert door.room.archive.subscriptions()[0].confirmed_at is None  # a look changes nothing
    done = door.post(door.link("confirm"), {"do": "confirm"})
    assert (done.status, "Done" in done.text) == (200, True)
    (subscription,) = door.room.archive.subscriptions()
    assert (subscription.labels, subscription.every, subscription.source) == (("share", "purpose"), "weekly", "web")

    assert door.room.announce() == 1
    door.room.clock.forward(hours=21)
    assert door.room.deliver().sent == 1
    mail = parsed(raw(door.postbox))
    url = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("https://watch.example")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert door.get(url).status == 200
    assert door.room.archive.subscriptions()[0].ended_at is None
    left = door.request("POST", url, b"List-Unsubscribe=One-Click", Content_Type=FORM)
    assert left.status == 200
    assert door.room.archive.subscriptions() == ()
    assert door.request("POST", url, b"List-Unsubscribe=One-Click", Content_Type=FORM).status == 200


def test_a_confirmation_works_once(door: Served) -> None:
    door.sign_up()
    door.settle()
    link = door.link("confirm")
    assert door.post(link, {"do": "confirm"}).status == 200
    number = door.room.archive.subscriptions()[0].id
    assert door.post(link, {"do": "confirm"}).status == 410
    door.room.archive.unsubscribe(number or 0, at=door.room.clock.now())
    assert door.post(link, {"do": "confirm"}).status == 410  # and never brings back what was ended
    assert door.room.archive.subscriptions() == ()


def test_a_link_to_confirm_ends_after_three_days_and_the_request_is_forgotten(door: Served) -> None:
    door.sign_up()
    door.settle()
    link = door.link("confirm")
    door.room.clock.forward(days=3)
    assert door.post(link, {"do": "confirm"}).status == 404
    door.room.deliver()
    assert door.room.archive.subscriptions(ended=True) == ()
    assert b"ann@reader.example" not in ledger_bytes(door)


def ledger_bytes(door: Served) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((door.room.root / "snapshots").glob("monitor.db*")))


def test_what_somebody_gets_can_be_changed_and_ended(door: Served) -> None:
    first = door.room.reader(labels=("share.*",))
    second = door.room.reader(every="daily")
    other = door.room.reader("bob@reader.example")
    path = f"/manage/{door.grant('manage', first.id or 0)}"
    page = door.get(path).text
    assert "has 2 subscriptions" in page
    assert "bob@" not in page
    assert (
        door.post(
            path,
            {
                "do": "change",
                "subscription": str(first.id),
                "every": "weekly",
                "weekday": "4",
                "hour": "7",
                "zone": "Asia/Tokyo",
                "direction": "worse",
                "severity": "high",
            },
        ).status
        == 200
    )
    changed = door.room.archive.subscription(first.id or 0)
    assert changed
    assert (changed.every, changed.weekday, changed.hour, changed.zone, changed.direction, changed.severity) == (
        "weekly",
        4,
        7,
        "Asia/Tokyo",
        "worse",
        "high",
    )
    assert changed.labels == ("share.*",)
    assert door.post(path, {"do": "change", "subscription": str(first.id), "zone": "No/Where"}).status == 422
    assert door.post(path, {"do": "end", "subscription": str(other.id)}).status == 200
    assert other in door.room.archive.subscriptions()  # not theirs to end
    assert door.post(path, {"do": "end", "subscription": str(second.id)}).status == 200
    assert [one.id for one in door.room.archive.subscriptions()] == [first.id, other.id]
    assert door.post(path, {"do": "end-all"}).status == 200
    assert [one.id for one in door.room.archive.subscriptions()] == [other.id]


def test_an_address_can_be_deleted_altogether(door: Served) -> None:
    first = door.room.reader()
    door.room.announce()
    door.room.deliver()
    path = f"/manage/{door.grant('manage', first.id or 0)}"
    assert door.post(path, {"do": "erase"}).status == 200
    assert b"ann@reader.example" not in ledger_bytes(door)
    assert door.get(path).status == 404


def test_who_lost_the_link_gets_it_by_mail_and_strangers_learn_nothing(door: Served) -> None:
    door.room.reader()
    replies = [
        door.post("/subscribe", {"form": door.form_token(), "do": "link", "address": address})
        for address in ("ann@reader.example", "nobody@reader.example")
    ]
    assert replies[0].body == replies[1].body
    door.settle()
    assert [one.rcpt_tos for one in door.postbox.taken] == [["ann@reader.example"]]
    assert door.get(door.link("manage")).status == 200


def test_an_example_shows_what_would_have_been_sent_and_enters_nothing(door: Served) -> None:
    door.room.announce(event("umbrella"), event("hooli"))
    door.room.clock.forward(days=1)
    ask = {"form": door.form_token(), "do": "example", "vendors": ["hooli"], "direction": "worse"}
    page = door.post("/subscribe", ask).text
    assert "In the last year you would have got 1 message" in page
    assert "Hooli privacy policy: 1 change for the worse (sale of data)" in page
    assert '<input type="checkbox" name="vendors" value="hooli" checked>' in page
    assert door.room.archive.subscriptions() == ()
    assert "no message" in door.post("/subscribe", {**ask, "labels": ["retention"]}).text


def test_a_form_with_mistakes_says_so_and_keeps_what_was_filled_in(door: Served) -> None:
    reply = door.sign_up("not an address", zone="Europe/Atlantis", vendors=["umbrella"])
    assert reply.status == 422
    assert "address: an address has one @" in reply.text
    assert "no such time zone" in reply.text
    assert 'value="not an address"' in reply.text
    assert '<input type="checkbox" name="vendors" value="umbrella" checked>' in reply.text


def test_a_question_that_could_not_be_sent_is_tried_again(door: Served) -> None:
    door.postbox.rcpt["ann@reader.example"] = "451 later"
    door.sign_up()
    door.settle()
    assert door.postbox.taken == []
    door.postbox.rcpt.clear()
    door.room.clock.forward(minutes=2)
    for _ in range(400):
        if door.postbox.taken:
            break
        door.settle()
        time.sleep(0.01)
    assert len(door.postbox.taken) == 1
