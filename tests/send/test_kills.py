"""Deliveries killed anywhere: nothing is lost, nothing comes twice but under the same Message-ID; in a maildir, nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from killed import CALLS, SOCKET_CALLS, soak, sweep_calls
from mailing import parsed, smtp_server, text_of

WHOLE = bool(os.environ.get("MONITOR_SWEEP"))  # every point of every sweep
FAULTS = (
    [(call, fault) for call in CALLS for fault in ("error=EIO", "error=ENOSPC")]
    if WHOLE
    else [("pwrite64", "error=ENOSPC"), ("fdatasync", "error=EIO"), ("fsync", "error=ENOSPC"), ("link", "error=EIO")]
)
KILLS = int(os.environ.get("MONITOR_KILLS", "50"))


def from_server(postbox: object) -> list[tuple[str, str, str]]:
    return [
        (one.rcpt_tos[0], str(mail["Message-ID"]), text_of(mail))
        for one in postbox.taken  # type: ignore[attr-defined]  # a Postbox
        for mail in [parsed(one.content)]
    ]


def from_maildir(root: Path) -> list[tuple[str, str, str]]:
    mails = [parsed(path.read_bytes()) for path in (root / "mail" / "new").iterdir()]
    return [(str(mail["To"]), str(mail["Message-ID"]), text_of(mail)) for mail in mails]


def test_random_kills_against_a_mail_server_lose_nothing_and_repeat_only_under_the_same_message_id(
    tmp_path: Path,
) -> None:
    with smtp_server() as (postbox, port):
        books = soak(tmp_path, port, KILLS, seed=1)
        assert books.problems(from_server(postbox)) == []
    assert books.repeats <= books.kills


def test_random_kills_into_a_maildir_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    books = soak(tmp_path, 0, KILLS, seed=2)
    assert books.problems(from_maildir(tmp_path)) == []
    assert books.repeats == 0


@pytest.mark.strace
@pytest.mark.parametrize("call", [*CALLS, *SOCKET_CALLS])
def test_a_kill_at_every_system_call_loses_nothing(tmp_path: Path, call: str) -> None:
    step = 1 if WHOLE else 12
    if call in SOCKET_CALLS:
        with smtp_server() as (postbox, port):
            books = sweep_calls(tmp_path, port, call, step=step)
            assert books.problems(from_server(postbox)) == []
        assert books.repeats <= books.kills
    else:
        books = sweep_calls(tmp_path, 0, call, step=step)
        assert books.problems(from_maildir(tmp_path)) == []
        assert books.repeats == 0
    assert books.kills > 0, "a sweep that killed nothing proves nothing"


@pytest.mark.strace
@pytest.mark.parametrize(("call", "fault"), FAULTS)
def test_a_disk_that_fails_at_any_system_call_loses_nothing(tmp_path: Path, call: str, fault: str) -> None:
    step = 1 if WHOLE else 20
    books = sweep_calls(tmp_path, 0, call, step=step, fault=fault)
    assert books.problems(from_maildir(tmp_path)) == []
    assert books.repeats == 0
    assert books.kills > 0
