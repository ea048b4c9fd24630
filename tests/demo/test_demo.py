"""The demonstration is the main job, end to end: what it prints and leaves behind is what the README promises."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.archive import open_archive
from monitor.clock import SystemClock
from monitor.model import DocumentKey

KEY = DocumentKey("parlour", "privacy-policy")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("demo") / "demo"
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", "--out", str(root)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start < 60
    return root, done.stdout


def test_it_says_where_to_look(demo: tuple[Path, str]) -> None:
    root, printed = demo
    assert f"Report:   {root / 'report' / 'index.html'}" in printed
    assert (root / "report" / "index.html").is_file()
    assert "Headline:" in printed


def test_it_finds_the_silent_edit_and_the_rewrite_and_nothing_else(demo: tuple[Path, str]) -> None:
    archive = open_archive(demo[0] / "snapshots", clock=SystemClock())
    changes = archive.changes(KEY)
    assert [(change.silent, change.materiality) for change in changes] == [
        (True, "substantive"),
        (False, "substantive"),
    ]
    outcomes = [check.outcome for check in archive.checks(KEY)]
    assert outcomes == ["baseline", "unchanged", "refused", "pending", "version", "version", "unchanged"]
    labels = {(f.label, f.action, f.polarity) for f in archive.assessment(changes[1].id).findings}
    assert ("share.sale", "added", "commitment") in labels or ("share.sale", "changed", "commitment") in labels
    assert ("retention", "changed", "practice") in labels
    archive.close()


def test_a_reader_got_the_changes_and_the_operator_the_trouble(demo: tuple[Path, str]) -> None:
    mails = [path.read_bytes() for path in (demo[0] / "mail" / "new").iterdir()]
    to_reader = [mail for mail in mails if b"To: reader@example.org" in mail]
    assert sum(b"Parlour" in mail.split(b"Subject:")[1].split(b"\n")[0] for mail in to_reader) >= 2
    assert any(b"To: operator@monitor.example" in mail for mail in mails)


def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no earlier demonstration" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
