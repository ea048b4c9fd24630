"""The verbs check, verify, rebuild, text, diff, import and export as a user or cron runs them: output and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty.http import Site
from installation import RETENTION, SALE, policy

WATCHLIST = """
[defaults]
confirm = "0s"
[[vendor]]
id = "larkspur"
name = "Larkspur"
[[vendor.document]]
kind = "privacy-policy"
url = "{url}"
"""


class Shell:
    def __init__(self, root: Path, site: Site) -> None:
        self.root, self.site = root, site
        (root / "watchlist.toml").write_text(WATCHLIST.format(url=site.url("/privacy")))
        (root / "settings.toml").write_text(
            f'contact = "test@example.org"\nallow_networks = ["127.0.0.0/8"]\nallow_ports = [{site.port}]\ndelay = "0s"\n'
        )

    def __call__(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "--root", str(self.root), *words],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )
        self.errors = done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with Site({"/privacy": policy()}) as site:
        yield Shell(tmp_path, site)


def test_cron_stays_quiet_until_something_is_new(shell: Shell) -> None:
    assert shell("check", "--all") == ""
    assert shell.errors == ""
    shell.site.pages["/privacy"] = policy(menu="<li>Another menu")
    assert shell("check", "--all") == ""
    assert shell.errors == ""
    shell.site.pages["/privacy"] = policy(SALE, date="April 1, 2026")
    said = shell("check", "--all", "--exit-code", code=1)
    assert said.startswith("larkspur/privacy-policy: change 1: ")
    assert "policy-monitor show 1" in said
    assert shell("check", "--all", "--exit-code") == ""
    assert "sale" in shell("show", "latest").lower()
    assert (shell.root / "report" / "index.html").is_file()


def test_verify_tells_the_operators_of_damage_once_and_takes_a_mistyped_head_for_none(shell: Shell) -> None:
    shell("check", "--all")
    shell("subscribe", "ops@example.org", "--operator")
    shell("verify")
    shell("verify", "--head", "ab" * 32, code=4)
    assert shell("deliver") == ""
    (file,) = (shell.root / "snapshots" / "larkspur").rglob("*.md")
    file.chmod(0o644)
    file.write_text("another")
    assert file.name in shell("verify", code=4)
    shell("verify", code=4)
    assert shell("deliver").startswith("1 message handed over")
    assert shell("deliver") == ""


def test_a_document_that_newly_fails_is_an_exit_code_once_and_strict_always(shell: Shell) -> None:
    text = (shell.root / "watchlist.toml").read_text()
    more = f'[[vendor.document]]\nkind = "terms"\nurl = "{shell.site.url("/terms")}"\n'
    (shell.root / "watchlist.toml").write_text(text + more)
    shell("check", "--all", code=3)
    assert "larkspur/terms" in shell.errors
    assert "404" in shell.errors
    shell("check", "--all")
    shell("check", "--all", "--strict", code=3)


def test_when_nothing_can_be_seen_it_says_so_every_time(shell: Shell) -> None:
    del shell.site.pages["/privacy"]
    shell("check", "--all", code=3)
    shell("check", "--all", code=3)


def test_what_was_found_can_be_read_by_a_program(shell: Shell) -> None:
    shell("check", "--all")
    shell.site.pages["/privacy"] = policy(RETENTION, date="April 1, 2026")
    found = json.loads(shell("check", "--all", "--json"))
    assert found["schema"] == "policy-check/1"
    assert found["documents"][0]["outcome"] == "version"
    assert json.loads(shell("show", "1", "--json"))["findings"]


def test_an_unknown_name_is_an_error_that_helps(shell: Shell) -> None:
    shell("check", "larkspurr", code=2)
    assert "not in the watchlist" in shell.errors
    assert "larkspur" in shell.errors


def test_a_wrong_watchlist_fetches_nothing(shell: Shell) -> None:
    (shell.root / "watchlist.toml").write_text(
        '[[vendor]]\nid = "larkspur"\n[[vendor.document]]\nurll = "https://x.example/"\n'
    )
    shell("check", "--all", code=2)
    assert "line 4" in shell.errors
    assert "url" in shell.errors
    assert shell.site.requests == []


def test_verify_names_what_was_altered(shell: Shell) -> None:
    shell("check", "--all")
    assert "nothing was altered" in shell("verify")
    head = json.loads(shell("verify", "--json"))["head"]
    shell.site.pages["/privacy"] = policy(menu="<li>More")
    shell("check", "--all")
    shell("verify", "--head", head)
    shell("verify", "--head", "0" * 64, code=4)
    version = next((shell.root / "snapshots" / "larkspur" / "privacy-policy").glob("*.md"))
    version.chmod(0o640)
    version.write_text(version.read_text().replace("30 days", "60 days"))
    assert version.name in shell("verify", code=4)


def test_text_prints_what_is_kept_and_diff_what_it_means(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(policy(menu="<li>Menu"))
    (tmp_path / "b.html").write_text(policy(RETENTION))
    text = shell("text", str(tmp_path / "a.html"))
    assert "Menu" not in text
    assert "Log files are deleted 30 days" in text
    shell("text", str(tmp_path / "a.html"), str(tmp_path / "b.html"), "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "a.md").read_text() == text
    found = json.loads(shell("diff", str(tmp_path / "a.html"), str(tmp_path / "b.html"), "--format", "json"))
    (finding,) = found["findings"]
    assert (finding["label"], finding["action"], finding["direction"]) == ("retention", "changed", "worse")
    quote = finding["before"]
    assert text[quote["start"] : quote["end"]] == quote["quote"]
    (tmp_path / "pairs.jsonl").write_text(
        '{"id": "one", "before": "a.html", "after": "b.html"}\n{"id": "two", "before": "a.html", "after": "a.html"}\n'
    )
    rows = [json.loads(line) for line in shell("diff", "--pairs", str(tmp_path / "pairs.jsonl")).splitlines()]
    assert [(row["id"], row["materiality"]) for row in rows] == [("one", "substantive"), ("two", "noise")]


def test_a_file_that_is_not_there_is_named(shell: Shell) -> None:
    shell("diff", "missing-before.html", "missing-after.html", code=2)
    assert "missing-before.html" in shell.errors


def test_history_comes_in_and_evidence_goes_out(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    (folder / "2021-01-01.html").write_text(policy())
    (folder / "2021-02-01.html").write_text(policy(menu="<li>x"))
    (folder / "2021-03-01.html").write_text(policy(SALE))
    said = shell("import", str(folder), "--vendor", "bracken", "--name", "Bracken")
    assert "3 captures, 2 versions, 0 left out" in said
    assert "bracken" in (shell.root / "watchlist.toml").read_text()
    assert "2021-03-01" in shell("history", "bracken")
    assert json.loads(shell("export", "bracken").splitlines()[0])["vendor"] == "bracken"
    assert shell("export", "--format", "csv").startswith("vendor,")
    bundle = tmp_path / "evidence.zip"
    shell("export", "--evidence", "1", "--out", str(bundle))
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "bundle")
    script = next((tmp_path / "bundle").rglob("verify.py"))
    checked = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=script.parent, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "sale" in shell("diff", "2021-01-15", "2021-03-15", "--document", "bracken/privacy-policy").lower()


def test_rebuild_says_what_it_did_and_tells_nobody(shell: Shell) -> None:
    shell("check", "--all")
    shell.site.pages["/privacy"] = policy(RETENTION, date="April 1, 2026")
    shell("check", "--all")
    assert "2 versions, 0 texts differ, 1 changes redone" in shell("rebuild")
    assert shell("check", "--all") == ""


def test_explain_says_what_a_label_means_and_helps_with_a_wrong_one(shell: Shell) -> None:
    assert "Sale" in shell("explain", "share.sale")
    shell("explain", "share.sail", code=2)
    assert "share.sale" in shell.errors
