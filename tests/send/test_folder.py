"""Mail into a folder: exactly once, durable before it has its name, readable by its owner only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from mailing import message

from monitor.errors import SendError
from monitor.send.maildir import FolderSender


def test_a_message_that_is_sent_again_is_there_once(tmp_path: Path) -> None:
    for _ in range(3):
        FolderSender(tmp_path / "mail").send(message())
    (path,) = (tmp_path / "mail" / "new").iterdir()
    assert path.read_bytes() == message().raw
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


def test_a_message_that_was_read_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    FolderSender(tmp_path).send(message())
    (path,) = (tmp_path / "new").iterdir()
    path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    FolderSender(tmp_path).send(message())
    assert not list((tmp_path / "new").iterdir())


def test_other_messages_are_other_files(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    sender.send(message())
    sender.send(message(message_id="<../../etc/two@watch.example>"))
    assert len(list((tmp_path / "new").iterdir())) == 2
    assert {path.parent for path in tmp_path.rglob("*.policy-monitor")} == {tmp_path / "new"}


def test_a_folder_of_eml_files_works_alike(tmp_path: Path) -> None:
    for _ in range(2):
        FolderSender(tmp_path / "out", eml=True).send(message())
    assert [path.suffix for path in (tmp_path / "out").iterdir() if path.is_file()] == [".eml"]


def test_what_a_killed_run_left_is_swept_and_never_delivered(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    sender.send(message())
    for name in ("half.policy-monitor.tmp", "young.policy-monitor.tmp", "other-program"):
        (tmp_path / "tmp" / name).write_bytes(b"half a mess")
    os.utime(tmp_path / "tmp" / "half.policy-monitor.tmp", (0, 0))
    FolderSender(tmp_path).send(message(message_id="<two@watch.example>"))
    assert sorted(path.name for path in (tmp_path / "tmp").iterdir()) == ["other-program", "young.policy-monitor.tmp"]
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_an_error_for_all_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(b"a file")
    with pytest.raises(SendError) as caught:
        FolderSender(tmp_path / "mail").send(message())
    assert caught.value.server


def test_a_planted_link_is_not_written_through(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    sender.send(message())
    target = tmp_path / "victim"
    target.write_bytes(b"precious")
    name = next((tmp_path / "new").iterdir()).name
    (tmp_path / "new" / name).unlink()
    (tmp_path / "tmp" / f"{name}.policy-monitor.tmp").symlink_to(target)
    with pytest.raises(SendError):
        sender.send(message())
    assert target.read_bytes() == b"precious"


def test_nothing_has_its_name_before_its_bytes_are_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_sync, real_link = os.fsync, os.link

    def fsync(descriptor: int) -> None:
        done.append("sync " + Path(f"/proc/self/fd/{descriptor}").readlink().parent.name)
        real_sync(descriptor)

    def link(source: Path, target: Path) -> None:
        done.append("link")
        real_link(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", link)
    FolderSender(tmp_path / "mail").send(message())
    place = done.index("link")
    assert done[place - 1] == "sync tmp"
    assert done[place + 1] == "sync mail"  # the folder new, below mail
