"""That the archive is damaged is told once to those who run the monitor, to nobody else, and once that it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mailing import MailRoom, event, mail_room, parsed, text_of

from monitor.damaged import tell_damage
from monitor.mailfailing import tell_mail_works
from monitor.model import Settings
from monitor.ports import Damage


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    with mail_room(tmp_path, settings=Settings(tmp_path, operator=("op@watch.example",))) as made:
        yield made


def told(room: MailRoom) -> list[str]:
    """Who was written to, and about what."""
    room.clock.forward(hours=1)
    room.deliver()
    mails = [parsed(path.read_bytes()) for path in (room.root / "mail" / "new").iterdir()]
    return sorted(f"{mail['To']}: {mail['Subject']}" for mail in mails)


def verified(room: MailRoom) -> bool:
    room.clock.forward(hours=1)
    return tell_damage(room.archive, list(room.archive.verify()), now=room.clock.now())


def test_damage_is_told_once_and_once_that_it_was_mended(room: MailRoom) -> None:
    room.reader()
    room.see(None, text="An earlier text.")
    room.deliver()  # only who was there when it happened is told
    assert not verified(room), "there is nothing to tell"
    (file,) = (room.root / "snapshots" / "umbrella").rglob("*.md")
    good = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(b"another")
    assert [verified(room) for _ in range(3)] == [True, False, False]
    damaged = "op@watch.example: The archive is damaged: 1 thing is not what it was"
    assert told(room) == [damaged]
    (mail,) = (parsed(path.read_bytes()) for path in (room.root / "mail" / "new").iterdir())
    assert file.name in " ".join(text_of(mail).split())
    file.write_bytes(good)
    assert [verified(room) for _ in range(2)] == [True, False]
    assert told(room) == [damaged, "op@watch.example: The archive is whole again"]


def test_other_damage_is_told_again_and_much_of_it_is_counted(room: MailRoom) -> None:
    now = room.clock.now()
    some = [Damage(f"file {number}", "lost") for number in range(30)]
    assert tell_damage(room.archive, some[:1], now=now)
    assert tell_damage(room.archive, some, now=now)
    assert not tell_damage(room.archive, some[::-1], now=now), "the order of what was found says nothing"
    last = room.archive.events()[-1]
    assert last.summary == "The archive is damaged: 30 things are not what they were"
    assert "; and 20 more. Restore them from a backup" in last.detail


def test_an_archive_that_is_whole_again_is_no_mail_that_works_again(room: MailRoom) -> None:
    room.announce(replace(event(kind="mail-failing"), key=None, summary="No mail has gone out since yesterday"))
    tell_damage(room.archive, [Damage("file", "lost")], now=room.clock.now())
    tell_damage(room.archive, [], now=room.clock.now())
    assert tell_mail_works(room.archive, now=room.clock.now())
    assert not tell_mail_works(room.archive, now=room.clock.now())


def test_trouble_is_told_without_the_programs_own_word_for_it(room: MailRoom) -> None:
    room.reader("op@watch.example", operator=True)
    room.announce(event(kind="trouble", summary="Umbrella cannot be read: a wall", detail="wall", findings=()))
    room.deliver()
    (mail,) = (parsed(path.read_bytes()) for path in (room.root / "mail" / "new").iterdir())
    assert "\nwall\n" not in text_of(mail)
