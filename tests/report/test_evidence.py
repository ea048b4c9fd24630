"""The evidence bundle, checked by its own script and by nobody's word."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from report.kept import PARLEY, RIVAL, Kept
from report.outline import outline

from monitor.errors import ArchiveError
from monitor.evidence import evidence
from monitor.publish.gather import DocumentReader, Gatherer
from monitor.report.evidence import Side, bundle


def made_bundle(kept: Kept) -> bytes:
    change = kept.archive.changes(PARLEY)[0]
    return evidence(kept.archive, change, watchlist=kept.watchlist, settings=kept.settings, now=kept.clock.now())


@pytest.fixture
def unpacked(two_vendors: Kept, tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(made_bundle(two_vendors))) as zipped:
        zipped.extractall(tmp_path / "elsewhere")
    return tmp_path / "elsewhere" / "evidence"


def verify(folder: Path, *heads: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "verify.py"), *heads]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_a_stranger_can_check_everything_offline(unpacked: Path) -> None:
    done = verify(unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything holds." in done.stdout
    assert "before/raw-1.bin is what https://parley.example/privacy gave on 2026-03-29" in done.stdout


def test_a_head_printed_earlier_is_found_and_a_foreign_one_is_not(unpacked: Path, two_vendors: Kept) -> None:
    assert verify(unpacked, two_vendors.archive.head()).returncode == 0
    done = verify(unpacked, "00" * 32)
    assert done.returncode == 1
    assert "FAILED  the head you gave is in this chain" in done.stdout


def test_whatever_file_is_altered_is_noticed(unpacked: Path) -> None:
    files = [path for path in unpacked.rglob("*") if path.is_file() and path.name not in {"manifest.json", "verify.py"}]
    assert len(files) >= 12
    for path in files:
        content = path.read_bytes()
        at = len(content) // 2
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert verify(unpacked).returncode != 0, path
        path.write_bytes(content)
    assert verify(unpacked).returncode == 0


@pytest.mark.parametrize("victim", ["before/raw-1.bin", "after/text.md", "change.json"])
def test_an_alteration_is_noticed_also_when_the_manifest_was_made_to_fit(unpacked: Path, victim: str) -> None:
    import hashlib

    path = unpacked / victim
    old, new = path.read_text(), path.read_text().replace("30 days", "31 days").replace("365", "366")
    assert old != new
    path.write_text(new)
    manifest = json.loads((unpacked / "manifest.json").read_text())
    before, after = hashlib.sha256(old.encode()).hexdigest(), hashlib.sha256(new.encode()).hexdigest()
    text = json.dumps(manifest).replace(before, after)
    (unpacked / "manifest.json").write_text(text)
    done = verify(unpacked)
    assert done.returncode == 1, done.stdout
    assert "checks FAILED" in done.stdout
    assert ("or it was\n        after: altered" in done.stdout) == (victim == "after/text.md")


def test_an_altered_text_is_not_excused_as_one_that_was_read_again(unpacked: Path) -> None:
    path = unpacked / "after" / "text.md"
    path.write_text(path.read_text() + "More.\n")
    assert "A newer program" not in verify(unpacked).stdout


def test_the_chain_reaches_from_the_older_text_to_the_newest_check_of_all_documents(
    unpacked: Path, two_vendors: Kept
) -> None:
    rows = [json.loads(line) for line in (unpacked / "chain.jsonl").read_text().splitlines()]
    assert [row[1] for row in rows] == list(range(1, 6))
    assert {row[3] for row in rows} == {str(PARLEY), str(RIVAL)}


def test_the_page_is_one_file_that_loads_nothing(unpacked: Path) -> None:
    page = outline((unpacked / "page.html").read_bytes())
    assert "365" in page.text
    assert not [
        e for e in page.all("link", "script") if e.attributes.get("src") or e.attributes.get("rel") == "stylesheet"
    ]


def test_the_instructions_are_inside_and_warn_of_the_raw_pages(unpacked: Path) -> None:
    text = (unpacked / "README.txt").read_text()
    assert text.startswith("Evidence: Parley, privacy policy, 1 April 2026\n====")
    assert "python3 verify.py HEAD" in text
    assert "Do not open raw-N.bin in a browser" in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_instructions_by_hand_hold_with_a_shell_and_coreutils_alone(unpacked: Path) -> None:
    text = (unpacked / "README.txt").read_text()
    each, sealing = (
        next(line for line in text.splitlines() if line.startswith(start)).strip()
        for start in ("  each() {", "  each before/rows-")
    )
    done = subprocess.run(
        ["/bin/sh", "-c", f"{each}\n{sealing}\neach chain.jsonl\nsha256sum before/raw-1.bin before/text.md"],
        capture_output=True, text=True, check=True, cwd=unpacked, env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    seals, *links, raw, read = [line.split()[0] for line in done.stdout.splitlines()]
    chain = (unpacked / "chain.jsonl").read_text().splitlines()
    number = sealing.partition("rows-")[2].partition(".")[0]
    assert seals in next(line for line in chain if json.loads(line)[1] == int(number))
    assert [json.loads(line)[-1] for line in chain[1:]] == links[:-1]
    assert links[-1] == json.loads((unpacked / "manifest.json").read_text())["head"]
    assert raw in (unpacked / f"before/rows-{number}.jsonl").read_text()
    assert read in (unpacked / "page.html").read_text()


def test_a_bundle_of_imported_captures_does_not_say_that_a_server_sent_them(two_vendors: Kept) -> None:
    change = two_vendors.archive.changes(PARLEY)[0]
    gatherer = Gatherer(two_vendors.archive, two_vendors.watchlist, two_vendors.settings, two_vendors.clock.now())
    view = DocumentReader(gatherer, change.key).change_view(0)
    assert view is not None
    assert view.before_snapshot is not None
    side = Side(view.before, replace(view.before_snapshot, source="import"), (b"raw",), "text", {1: ("[]",)})
    made = bundle(view, b"page", side, side, ("[]",), head="h")
    with zipfile.ZipFile(io.BytesIO(made)) as zipped:
        text = zipped.read("evidence/README.txt").decode()
    assert "that the server sent" not in text
    assert "encrypted connection" not in text
    assert "imported" in text
    assert max(map(len, text.splitlines())) <= 120


def test_equal_archives_give_equal_bytes(two_vendors: Kept) -> None:
    assert made_bundle(two_vendors) == made_bundle(two_vendors)


def test_no_name_in_the_zip_leads_out_of_its_folder(two_vendors: Kept) -> None:
    with zipfile.ZipFile(io.BytesIO(made_bundle(two_vendors))) as zipped:
        for name in zipped.namelist():
            assert name.startswith("evidence/")
            assert ".." not in name


def test_damage_is_an_error_that_names_it(two_vendors: Kept) -> None:
    path = two_vendors.folder / "snapshots" / two_vendors.archive.versions(PARLEY)[0].path
    path.chmod(0o644)
    path.write_text("other")
    with pytest.raises(ArchiveError, match="SHA-256"):
        made_bundle(two_vendors)
