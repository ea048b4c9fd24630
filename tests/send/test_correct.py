"""Taking a wrong change back: those who got it are told, those who did not yet never hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mailing import UNTOLD, WATCHLIST, MailRoom, event, mail_room, text_of

from monitor.correct import correct
from monitor.errors import LockedError, UsageError
from monitor.model import Settings
from monitor.preview import past_events, preview


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path, settings=Settings(tmp_path, public_url="https://watch.example")) as made:
        yield made


def record_change(room: MailRoom, *, told: bool = True) -> int:
    """Two versions of a document and the change between them, told or not; the change's id."""
    room.see(None, text="We never sell your personal data.")
    room.clock.forward(hours=12)
    change = room.see(replace(event(), id=None if told else UNTOLD))
    room.clock.forward(hours=12)
    return change


def test_a_correction_reaches_those_who_got_the_change_and_only_them(room: MailRoom) -> None:
    room.reader("ann@reader.example", labels=("share.*",), severity="high")
    room.reader("weekly@reader.example", every="weekly", weekday=3)
    room.reader("other@reader.example", vendors=("hooli",))
    change = record_change(room)
    room.deliver()
    assert correct(room.archive, change, why="Their test page.", who="op", now=room.clock.now()) == 1
    room.reader("late@reader.example")
    room.deliver()
    room.clock.forward(days=14)
    room.deliver()
    mails = [(str(mail["To"]), str(mail["Subject"])) for mail in room.maildir()]
    assert sorted(mails) == [
        ("ann@reader.example", "Correction: Umbrella privacy policy: what we told you was wrong"),
        ("ann@reader.example", "Umbrella privacy policy: 1 change for the worse (sale of data)"),
    ]
    (correction,) = [mail for mail in room.maildir() if str(mail["Subject"]).startswith("Correction")]
    said = " ".join(text_of(correction).split())
    assert "we told you: “Umbrella may now sell personal data.” That was wrong. Their test page." in said
    assert room.archive.reviews(change)[-1].state == "dismissed"
    assert "owed" not in room.states()


def test_what_may_have_been_sent_counts_as_got(room: MailRoom) -> None:
    room.reader()
    change = record_change(room)
    (owed,) = room.archive.owed(room.clock.now())
    room.archive.assign("<in-flight@watch.example>", [owed.alert.id])  # a run was killed between this and the outcome
    assert correct(room.archive, change, why="x", who="op", now=room.clock.now()) == 1


def test_a_correction_needs_an_announced_change_that_was_not_corrected_yet(room: MailRoom) -> None:
    with pytest.raises(UsageError, match="no change 99"):
        correct(room.archive, 99, why="x", who="op", now=room.clock.now())
    change = record_change(room, told=False)
    with pytest.raises(UsageError, match="never announced"):
        correct(room.archive, change, why="x", who="op", now=room.clock.now())


def test_a_change_is_corrected_once_and_not_while_mail_is_delivered(room: MailRoom) -> None:
    change = record_change(room)
    other = MailRoom(room.root, clock=room.clock)
    try:
        with other.archive.delivering(), pytest.raises(LockedError):
            correct(room.archive, change, why="x", who="op", now=room.clock.now())
    finally:
        other.archive.close()
    correct(room.archive, change, why="x", who="op", now=room.clock.now())
    with pytest.raises(UsageError, match="corrected before"):
        correct(room.archive, change, why="x", who="op", now=room.clock.now())


def test_an_alert_links_to_the_change_and_knows_since_when(room: MailRoom) -> None:
    room.reader()
    record_change(room)
    room.deliver()
    (mail,) = room.maildir()
    said = " ".join(text_of(mail).split())
    (change,) = room.archive.changes()
    assert f"https://watch.example/vendor/umbrella/privacy-policy/{change.slug}.html" in said
    assert "The document itself: https://www.umbrella.example/privacy" in said
    assert "The earlier text was kept since 29 March 2026, 12:00 UTC." in said
    assert f"Chain head: {room.archive.head()}" in said
    assert "What could not be seen (2 of 3 documents):" in said


def test_where_nothing_is_published_the_changes_page_is_attached_and_stands_alone(room: MailRoom) -> None:
    room.settings = Settings(room.root, operator=("op@watch.example",))
    room.reader()
    record_change(room)
    room.deliver()
    (mail,) = room.maildir()
    (page,) = mail.iter_attachments()
    assert page.get_content_type() == "text/html"
    content = page.get_content()
    assert "We may sell your personal data" in content
    assert "<style>" in content
    assert "<script" not in content
    assert 'rel="stylesheet"' not in content


def test_a_preview_counts_changes_that_were_never_announced_because_they_were_imported(room: MailRoom) -> None:
    record_change(room, told=False)
    now = room.clock.now()
    events = past_events(room.archive, WATCHLIST, now=now)
    wish = room.reader()
    (sample,) = preview(events, [wish], now=now)
    assert sample.subject == "Umbrella privacy policy: 1 change for the worse (sale of data)"
    assert sample.at == datetime(2026, 3, 29, 12, 0, tzinfo=UTC)  # when it was first seen
