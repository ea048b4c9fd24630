"""Archives that cannot be used, and passes that cannot do all they should: what is said, and what goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from faulty.http import Site
from installation import policy
from reliability.acting import Job
from reliability.mounting import cannot_mount
from reliability.scene import DAYS, Internet
from reliability.sound import opened, problems, whole
from reliability.sweeping import CASES, Rehearsal, subscribe
from reliability.warm import Warm, said

BY_NAME = {case.name: case for case in CASES}
CHANGED = BY_NAME["changed"]


def text(path: Path) -> None:
    path.write_text("To whom it may concern: this is no ledger.\n" * 100)


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
        db.execute("PRAGMA application_id = 17")
    db.close()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def forged(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE checks SET outcome = 'pending' WHERE id = (SELECT max(id) FROM checks)")
    db.close()


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("spoil", [text, foreign, newer, empty, forged, gone], ids=lambda spoil: spoil.__name__)
def test_with_a_ledger_that_is_not_ours_or_was_altered_nothing_is_fetched_and_nothing_touched(
    rehearsal: Rehearsal, warm: Warm, spoil: Callable[[Path], None]
) -> None:
    with Site({"/privacy": policy()}) as canary:
        root = rehearsal.copy(BY_NAME["quiet"], "spoilt")
        Internet(canary.port, 9).write(root, DAYS["quiet"])
        ledger = root / "snapshots" / "monitor.db"
        spoil(ledger)
        before = ledger.read_bytes() if ledger.exists() else None
        assert warm.run(Job(str(root), day=DAYS["quiet"])) == 4
        assert str(ledger) in said(root)
        assert (ledger.read_bytes() if ledger.exists() else None) == before
        assert canary.requests == []


@pytest.mark.strace  # skipped where a tool is missing, failing where nothing may be skipped
def test_on_a_file_system_that_is_read_only_nothing_is_fetched(rehearsal: Rehearsal) -> None:
    if why := cannot_mount():
        pytest.skip(f"no file system can be mounted: {why}")
    with Site({"/privacy": policy()}) as canary:
        root = rehearsal.copy(CHANGED, "readonly")
        Internet(canary.port, 9).write(root, CHANGED.day)
        mount = f"mount --bind {root} {root} && mount -o remount,ro,bind {root}"
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", f"{mount} && exec {sys.executable} -m monitor --root {root} check --all"],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 4
        assert "cannot be opened" in done.stderr or "ead-only" in done.stderr
        assert "Traceback" not in done.stderr
        assert canary.requests == []


def test_a_damaged_snapshot_stops_its_document_and_no_other(rehearsal: Rehearsal, warm: Warm) -> None:
    root = rehearsal.copy(CHANGED, "damaged")
    (text_file,) = (root / "snapshots/larkspur/privacy-policy").glob("*.md")
    text_file.write_bytes(text_file.read_bytes().replace(b"do not sell", b"do now sell"))
    assert warm.run(Job(str(root), "verify", CHANGED.day)) == 4
    assert text_file.name in said(root)
    assert warm.run(Job(str(root), day=CHANGED.day)) == 3
    archive = opened(root)
    outcomes = {str(check.key): check.outcome for check in archive.checks()}
    assert outcomes == {"larkspur/privacy-policy": "failed", "bracken/privacy-policy": "pending"}
    assert [event.kind for event in archive.events()] == ["archive-damaged"]
    archive.close()


def test_a_report_that_cannot_be_written_holds_up_no_mail_and_is_made_by_the_next_pass(
    rehearsal: Rehearsal, warm: Warm
) -> None:
    root = rehearsal.copy(CHANGED, "no report")
    shutil.rmtree(root / "report")
    (root / "report").write_text("a file in the way")
    assert warm.run(Job(str(root), day=CHANGED.day)) == 0
    assert "the report was not published" in said(root)
    assert len(list((root / "mail/new").iterdir())) == 2
    (root / "report").unlink()
    assert warm.run(Job(str(root), day=CHANGED.day)) == 0
    pages = whole(root)["report"]
    assert isinstance(pages, dict)
    assert "vendor/larkspur/privacy-policy/2026-03-04-v2.html" in pages


def test_what_was_recorded_without_publishing_is_published_by_the_next_pass(rehearsal: Rehearsal, warm: Warm) -> None:
    root = rehearsal.copy(CHANGED, "unpublished")
    page = root / "report/vendor/larkspur/privacy-policy/2026-03-04-v2.html"
    assert warm.run(Job(str(root), day=CHANGED.day, options={"publishing": False})) == 0
    assert not page.exists()
    assert warm.run(Job(str(root), day=CHANGED.day)) == 0
    assert page.exists()


def test_an_installation_begins_in_an_empty_folder(vendors: Internet, warm: Warm, tmp_path: Path) -> None:
    vendors.write(tmp_path, 0)
    subscribe(tmp_path)
    assert warm.run(Job(str(tmp_path))) == 0
    assert problems(tmp_path) == []
