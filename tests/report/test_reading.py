"""The verbs for people who read, run as a person runs them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from report.conftest import SHARED_NEW
from report.kept import FIRST, PARLEY, SECOND, TERMS, Kept

from monitor.cli import main
from monitor.clock import SystemClock
from monitor.model import DocumentKey
from monitor.report import paths

WATCHLIST = """\
[[vendor]]
id = "parley"
name = "Parley"
tags = ["meetings"]

[[vendor.document]]
kind = "privacy-policy"
url = "https://parley.example/privacy"

[[vendor]]
id = "rival"
name = "Rival"

[[vendor.document]]
kind = "privacy-policy"
url = "https://rival.example/privacy"
"""
OTHER_TERMS = DocumentKey("rival", "terms")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(two_vendors: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command in the archive's folder: exit code, output, errors."""
    (two_vendors.folder / "watchlist.toml").write_text(WATCHLIST)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(SystemClock, "now", lambda _self: two_vendors.clock.now())

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["policy-monitor", "--root", str(two_vendors.folder), *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def test_report_writes_the_site_and_says_where(run: Run, two_vendors: Kept) -> None:
    code, out, err = run("report")
    assert (code, err) == (0, "")
    page = two_vendors.folder / "report" / "index.html"
    assert out.startswith(f"{page}: ")
    assert page.is_file()


def test_report_since_adds_a_newsletter(run: Run, two_vendors: Kept) -> None:
    _, out, _ = run("report", "--since", "2026-04-02")
    page, text = out.splitlines()[1:]
    assert page.endswith("report/since/2026-04-02.html")
    assert "## Rival: privacy policy" in Path(text).read_text()
    assert run("report", "--since", "yesterday")[0] == 2


def test_report_names_what_is_damaged(run: Run, two_vendors: Kept) -> None:
    path = two_vendors.folder / "snapshots" / two_vendors.archive.versions(PARLEY)[0].path
    path.chmod(0o644)
    path.write_text("other")
    code, _, err = run("report")
    assert code == 0
    assert "left out, because it is damaged" in err
    assert path.name in err


def test_history_lists_every_document_in_aligned_columns(run: Run) -> None:
    _, out, _ = run("history")
    head, *rows = out.splitlines()
    assert head.split() == ["DOCUMENT", "STATE", "SINCE", "LAST", "SEEN", "VERSIONS", "CHANGES"]
    assert [row.split()[0] for row in rows] == ["parley/privacy-policy", "rival/privacy-policy"]
    assert all(row.index(row.split()[1]) == head.index("STATE") for row in rows)


def test_history_of_a_vendor_lists_versions_and_what_changed(run: Run) -> None:
    _, out, _ = run("history", "parley")
    assert "Parley: privacy policy (parley/privacy-policy)" in out
    assert "first version" in out
    assert "2026-04-06" in out
    assert out == run("history", "parley/privacy-policy")[1]


def test_history_as_json_is_one_object_a_document(run: Run) -> None:
    _, out, _ = run("history", "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["document"] for one in found] == ["parley/privacy-policy", "rival/privacy-policy"]
    assert [len(one["versions"]) for one in found] == [3, 2]
    assert found[0]["schema"] == "policy-history/1"
    assert found[0]["changes"][1]["slug"]


def test_history_of_a_stranger_is_an_error_with_a_remedy(run: Run) -> None:
    code, _, err = run("history", "nobody")
    assert code == 2
    assert "nobody: neither in the watchlist nor in the archive" in err
    assert "policy-monitor history lists all" in err


def test_a_change_can_be_named_in_every_way_people_do(run: Run, two_vendors: Kept) -> None:
    change = two_vendors.archive.changes(PARLEY)[-1]
    shown = {run("show", name)[1] for name in (str(change.id), f"{PARLEY}/{change.slug}", "parley", str(PARLEY))}
    assert len(shown) == 1
    text = shown.pop()
    assert SHARED_NEW[:40] in " ".join(text.split())
    assert f"change {change.id}, {PARLEY}/{change.slug}" in text
    assert text.rstrip().endswith(paths.change(change))


def test_show_latest_is_the_newest_change_of_all(run: Run) -> None:
    assert run("show", "latest")[1].startswith("Rival: privacy policy, 7 April 2026\n")


def test_show_refuses_what_does_not_exist(run: Run) -> None:
    for name in ("999", "no-such-change", "9" * 400):
        code, _, err = run("show", name)
        assert code == 2
        assert "no such change" in err


def test_show_as_json_and_markdown(run: Run) -> None:
    found = json.loads(run("show", "latest", "--json")[1])
    assert found["schema"] == "policy-change/1"
    assert found["clauses"]
    assert run("show", "latest", "--format", "json")[1] == run("show", "latest", "--json")[1]
    assert run("show", "latest", "--format", "markdown")[1].startswith("## Rival: privacy policy, 7 April 2026\n")


def test_search_says_where_and_since_when_or_until_when(run: Run) -> None:
    _, out, _ = run("search", "advertisers")
    assert "parley/privacy-policy (now)\n" in out
    assert "parley/privacy-policy (until version 2, first seen 2026-04-01)\n" in out
    assert run("search", "do not share", "--in", "rival/privacy-policy")[1].count("rival/privacy-policy") == 1


def test_search_finds_nothing_quietly(run: Run) -> None:
    assert run("search", "zeppelin") == (0, "", "nothing found\n")
    assert run("search", "zeppelin", "--json") == (0, "", "")
    assert run("search", "x", "--in", "nowhere")[0] == 2


def test_two_documents_are_a_first_and_a_second_text_in_every_format(run: Run) -> None:
    pair = ("diff", "parley/privacy-policy@2026-03-29", "rival/privacy-policy")
    page, text, marked = (run(*pair, "--format", form)[1].replace("\xa0", " ") for form in ("html", "text", "markdown"))
    assert "<h1>Parley: privacy policy, 29 March 2026 → Rival: privacy policy, 7 April 2026</h1>" in page
    for said in ("Advertising / analytics partners", ">First text<", "The second text has no such words.", "in the second text <"):
        assert said in page
    assert " first:  “" in text
    assert "* second: “" in marked
    for shown in (page, text, marked):
        assert not re.search(r"now says|no longer says|>Before<|>Now<|before: “|The earlier text", shown)


def test_two_dates_of_a_document_are_before_and_now(run: Run) -> None:
    page = run("diff", "2026-03-29", "2026-04-30", "--document", "parley/privacy-policy", "--format", "html")[1]
    assert "privacy policy, 29 March 2026 → Parley" in page.replace("\xa0", " ")
    assert ">Before<" in page
    assert ">First text<" not in page


def test_words_that_do_not_stand_together_are_offered_apart(run: Run) -> None:
    code, out, err = run("search", "--in", "parley/privacy-policy", "advertisers share")
    assert (code, out) == (0, "")
    assert err == (
        "nothing found with these words together; 2 lines hold all of them: "
        "policy-monitor search --in parley/privacy-policy advertisers share\n"
    )
    assert run("search", "--limit", "2", '"advertisers share"')[2].startswith(
        "nothing found with these words together; 2 or more lines hold all of them: policy-monitor search "
    )
    assert run("search", "advertisers zeppelin") == run("search", '"advertisers zeppelin"') == (0, "", "nothing found\n")


def test_search_as_json_gives_the_place(run: Run, two_vendors: Kept) -> None:
    _, out, _ = run("search", "servers", "--json", "--limit", "1")
    hit = json.loads(out)
    text = two_vendors.archive.text(two_vendors.archive.versions(PARLEY)[-1])
    assert text[hit["start"] :].startswith(hit["text"])


def test_a_long_line_is_cut_round_what_was_asked_for(run: Run, two_vendors: Kept) -> None:
    long = " ".join(f"word{n}" for n in range(200)) + " zeppelin " + " ".join(f"more{n}" for n in range(200))
    two_vendors.see(PARLEY, FIRST + f"\n{long}\n")
    _, out, _ = run("search", "zeppelin")
    line = out.splitlines()[1]
    assert "zeppelin" in line
    assert line.startswith("  … ")
    assert line.endswith(" …")
    assert len(line) < 320


def test_a_note_reaches_the_vendors_page(run: Run, two_vendors: Kept) -> None:
    code, out, _ = run("note", "parley", "2026-04-01", "  they   blogged\nabout it ")
    assert (code, out) == (0, "noted on 2026-04-01: parley: they blogged about it\n")
    assert "they blogged about it" in two_vendors.page(paths.vendor("parley"))


@pytest.mark.parametrize(
    "words", [("nobody", "2026-04-01", "x"), ("parley", "soon", "x"), ("parley", "2026-04-01", " ")]
)
def test_a_note_that_makes_no_sense_is_refused(run: Run, words: tuple[str, ...]) -> None:
    assert run("note", *words)[0] == 2


def test_a_review_is_kept_shown_and_printed(run: Run, two_vendors: Kept) -> None:
    code, out, _ = run("review", "parley", "noted", "--who", "Anna", "--why", "wrote to them")
    change = two_vendors.archive.changes(PARLEY)[-1]
    assert (code, out) == (0, f"{PARLEY} {change.slug}: noted by Anna\n")
    assert "noted by Anna: wrote to them" in two_vendors.page(paths.change(change))
    assert "noted by Anna on 7 April 2026: wrote to them" in run("show", "parley")[1]


def test_dismissing_needs_a_reason_and_reviewing_a_name(run: Run) -> None:
    assert "a reason is needed" in run("review", "latest", "dismissed", "--who", "Anna")[2]
    assert run("review", "latest", "seen", "--who", " ")[0] == 2
    assert run("review", "latest", "seen")[0] == 2


def test_outside_text_cannot_steer_the_terminal(run: Run, two_vendors: Kept) -> None:
    two_vendors.see(PARLEY, FIRST.replace("We keep your data", "We \x1b[31mkeep\x1b[0m \u202eyour data"))
    for words in (
        ("show", "parley"),
        ("show", "parley", "--format", "markdown"),
        ("search", "keep"),
        ("history", "parley"),
    ):
        out = run(*words)[1]
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_a_change_named_alike_in_two_documents_must_be_named_in_full(run: Run, two_vendors: Kept) -> None:
    two_vendors.see(TERMS, FIRST, days=0)
    two_vendors.see(TERMS, SECOND, days=0)
    two_vendors.see(OTHER_TERMS, FIRST, days=0)
    other = two_vendors.see(OTHER_TERMS, SECOND, days=0)
    assert other
    code, _, err = run("show", other.slug)
    assert code == 2
    assert "more than one change is called so" in err
    assert f"{TERMS}/{other.slug}" in err
    assert f"{OTHER_TERMS}/{other.slug}" in err
    assert run("show", f"{OTHER_TERMS}/{other.slug}")[0] == 0
