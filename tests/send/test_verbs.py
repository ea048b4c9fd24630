"""The verbs about mail, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mailing import KEYS, MailRoom

from monitor.alerts.tokens import Tokens
from monitor.cli import cli, exit_code
from monitor.clock import SystemClock
from monitor.errors import MonitorError

WATCHLIST = """
[[vendor]]
id = "umbrella"
name = "Umbrella"
tags = ["video"]
[[vendor.document]]
kind = "privacy-policy"
url = "https://www.umbrella.example/privacy"
[[vendor]]
id = "hooli"
name = "Hooli"
[[vendor.document]]
kind = "terms"
url = "https://www.hooli.example/terms"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "watchlist.toml").write_text(WATCHLIST, encoding="utf-8")
    return tmp_path


def run(root: Path, *arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(cli, ["--root", str(root), *arguments], input=stdin, standalone_mode=False)


def said(root: Path, *arguments: str) -> str:
    result = run(root, *arguments)
    assert result.exception is None, result.exception
    return result.output


def failed(root: Path, *arguments: str) -> str:
    result = run(root, *arguments)
    assert isinstance(result.exception, MonitorError), result.exception
    assert exit_code(result.exception) == 2
    return str(result.exception)


def test_sale_weekly_and_ai_training_at_once_are_two_lines(root: Path) -> None:
    assert (
        said(
            root,
            "subscribe",
            "ann@reader.example",
            "--label",
            "share.sale",
            "--every",
            "weekly",
            "--zone",
            "Europe/Berlin",
        )
        == "subscription 1: ann@reader.example: changes about “Sale of data”, weekly on Monday at 8:00 (Europe/Berlin)\n"
    )
    said(
        root,
        "subscribe",
        "ann@reader.example",
        "--label",
        "purpose.ai_training",
        "--vendor",
        "umbrella",
        "--vendor",
        "hooli",
        "--direction",
        "worse",
    )
    assert [line.split()[0] for line in said(root, "subscribers").splitlines()] == ["1", "2"]
    assert "subscription 1:" in said(
        root, "subscribe", "ann@reader.example", "--label", "share.sale", "--every", "weekly", "--zone", "Europe/Berlin"
    )


def test_a_wrong_wish_tells_everything_at_once_and_enters_nothing(root: Path) -> None:
    told = failed(
        root, "subscribe", "ann@x", "--vendor", "umbrela", "--label", "shares.*", "--every", "hourly", "--hour", "25"
    )
    assert [part in told for part in ("address:", "did you mean umbrella", "labels:", "every:", "hour:")] == [True] * 5
    assert said(root, "subscribers") == ""
    assert "needs an address" in failed(root, "subscribe")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--hour 7", "--hour: of no use with mail that comes at once. add --every daily or weekly"),
        ("--empty-digest --zone Europe/Berlin", "--zone, --empty-digest: of no use"),
        ("--every daily --weekday friday", "--weekday: of no use with mail that comes daily. add --every weekly"),
    ],
)
def test_what_only_a_digest_has_is_refused_without_one(root: Path, options: str, told: str) -> None:
    assert told in failed(root, "subscribe", "ann@reader.example", *options.split())
    assert said(root, "subscribers") == ""


def test_lists_go_out_and_come_in(root: Path, tmp_path: Path) -> None:
    said(root, "subscribe", "ann@reader.example", "--severity", "high", "--empty-digest", "--every", "daily")
    said(root, "subscribe", "op@watch.example", "--operator")
    table = tmp_path / "people.csv"
    table.write_text(said(root, "subscribers", "--csv"), encoding="utf-8")
    assert said(root, "subscribers", "--import", str(table)) == "entered 0 subscriptions\n"
    found = json.loads(said(root, "subscribers", "--json"))
    assert [(one["address"], one["operator"], one["severity"]) for one in found] == [
        ("ann@reader.example", False, "high"),
        ("op@watch.example", True, "none"),
    ]
    table.write_text("address,vendors\nbob@reader.example,nobody\nnobody\n", encoding="utf-8")
    told = failed(root, "subscribers", "--import", str(table))
    assert "line 2" in told
    assert "line 3" in told
    assert len(said(root, "subscribers").splitlines()) == 2


def test_leaving_by_number_by_address_and_for_ever(root: Path) -> None:
    for label in ("share", "data", "purpose"):
        said(root, "subscribe", "ann@reader.example", "--label", label)
    assert said(root, "unsubscribe", "2") == "ended 1 subscription\n"
    assert said(root, "unsubscribe", "ann@reader.example") == "ended 2 subscriptions\n"
    assert "no running subscription" in failed(root, "unsubscribe", "ann@reader.example")
    assert "(ended" in said(root, "subscribers", "--all")
    assert "erased" in said(root, "unsubscribe", "ann@reader.example", "--erase")
    assert said(root, "subscribers", "--all") == ""
    assert "needs the address" in failed(root, "unsubscribe", "2", "--erase")


def test_deliver_says_where_mail_went_and_nothing_when_nothing_is_owed(root: Path) -> None:
    assert said(root, "deliver") == ""
    (root / "settings.toml").write_text('operator = ["op@watch.example"]\n', encoding="utf-8")
    said(root, "deliver")
    room = MailRoom(root, clock=SystemClock())
    try:
        room.announce()
        said(root, "subscribe", "ann@reader.example")
        room.announce()
    finally:
        room.archive.close()
    assert said(root, "deliver") == f"1 message handed over to the maildir {root / 'mail'}\n"
    assert len(list((root / "mail" / "new").iterdir())) == 1


def test_deliver_into_a_folder_of_eml_files(root: Path, tmp_path: Path) -> None:
    said(root, "subscribe", "ann@reader.example")
    room = MailRoom(root, clock=SystemClock())
    try:
        room.announce()
    finally:
        room.archive.close()
    assert "1 message handed over" in said(root, "deliver", "--eml", str(tmp_path / "out"))
    assert [path.suffix for path in (tmp_path / "out").iterdir() if path.is_file()] == [".eml"]
    assert not (root / "mail").exists()


def test_a_preview_shows_the_last_year_and_enters_nothing(root: Path) -> None:
    room = MailRoom(root, clock=SystemClock())
    try:
        room.announce()
    finally:
        room.archive.close()
    assert "Umbrella privacy policy: 1 change for the worse (sale of data)" in said(root, "subscribe", "--preview")
    assert "privacy policy" not in said(root, "subscribe", "--preview", "--vendor", "hooli")
    assert said(root, "subscribers") == ""


def test_bounces_come_from_a_pipe_a_mailbox_or_a_maildir(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_MONITOR_KEY", KEYS[0].decode().replace(" ", "_"))
    keys = (KEYS[0].replace(b" ", b"_"),)
    mails = []
    for number in (1, 2, 3):
        said(root, "subscribe", f"reader{number}@reader.example")
        path = Tokens(keys).return_path("bounces@watch.example", number, now=SystemClock().now())
        mails.append(
            f"Return-Path: <>\nTo: {path}\nMessage-ID: <{number}@mx>\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n\n--b--\n".encode()
        )
    assert "1 hard" in run(root, "bounces", stdin=mails[0]).output
    box = tmp_path / "box"
    box.write_bytes(b"From MAILER-DAEMON Sun Mar 29\n" + mails[0] + b"\nFrom MAILER-DAEMON Sun Mar 29\n" + mails[1])
    assert "2 read: 1 hard, 0 soft, 1 ignored" in said(root, "bounces", str(box))
    (tmp_path / "maildir" / "new").mkdir(parents=True)
    (tmp_path / "maildir" / "new" / "1").write_bytes(mails[2])
    assert "1 address not written to any more" in said(root, "bounces", str(tmp_path / "maildir"))
    assert said(root, "subscribers").count("not written to: bounce: hard 5.1.1") == 3
    assert run(root, "bounces").output == ""


def test_correct_needs_a_change(root: Path) -> None:
    assert "no change 7" in failed(root, "correct", "7", "--why", "it was a test page")
