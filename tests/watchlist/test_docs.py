"""The pages about the watchlist, the settings and running are true."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.model import Settings
from monitor.settings import SECRETS, load_settings
from monitor.watchlist import parse_watchlist
from monitor.watchlist.parse import KINDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"```toml\n([^`]+)```")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_example_of_the_watchlist_page_is_valid() -> None:
    (block,) = _BLOCK.findall(read("watchlist.md"))
    watchlist = parse_watchlist(block.encode(), path="docs/watchlist.md")
    assert len(watchlist.documents) == 2
    assert watchlist.promises
    assert watchlist.severity


def test_every_key_of_a_watchlist_is_explained_and_no_other() -> None:
    source = (ROOT / "monitor" / "watchlist" / "parse.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'\.(?:take|need|each|table|tables)\(\s*"(\w+)"', source))
    page = read("watchlist.md")
    assert {
        key for key in keys if f"`{key}`" not in page and f"[{key}]" not in page and f".{key}]]" not in page
    } == set()
    for name in re.findall(r"^\| `(\w+)`", page, re.MULTILINE):
        assert name in keys, name
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []


def test_every_setting_is_explained_with_its_default_and_no_other(tmp_path: Path) -> None:
    page = read("settings.md")
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|", page, re.MULTILINE))
    assert set(rows) == {field.name for field in fields(Settings)} - {"root"}
    plain = load_settings(tmp_path, {})
    for name, told in rows.items():
        value = getattr(plain, name)
        expected = "none" if value in ("", (), None) else str(value)
        if name in {"delay", "deadline"}:
            expected = f"{value.total_seconds():.0f}s"
        if name == "allow_ports":
            expected = "[80, 443]"
        assert told.strip().strip("`").strip('"') == expected, name
    assert all(f"`{name}`" in page for name in SECRETS)


def test_the_example_of_the_settings_page_is_valid(tmp_path: Path) -> None:
    (block,) = _BLOCK.findall(read("settings.md"))
    (tmp_path / "settings.toml").write_text(block, encoding="utf-8")
    assert load_settings(tmp_path, {}).smtp_host == "mail.example.org"


@pytest.mark.parametrize("name", ["watchlist.md", "settings.md", "cron.md"])
def test_links_between_pages_lead_somewhere(name: str) -> None:
    for target in _LINK.findall(read(name)):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("unit", sorted(path.name for path in (DOCS / "deploy").glob("*.service")))
def test_the_units_say_nothing_that_systemd_does_not_know(unit: str, tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is not installed")
    text = (DOCS / "deploy" / unit).read_text(encoding="utf-8")
    (tmp_path / unit).write_text(
        text.replace("/opt/policy-monitor/.venv/bin/policy-monitor", "/bin/true"), encoding="utf-8"
    )
    for timer in (DOCS / "deploy").glob("*.timer"):
        shutil.copy(timer, tmp_path)
    done = subprocess.run(
        [systemd, "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    told = [line for line in (done.stdout + done.stderr).splitlines() if unit in line]
    assert told == []
