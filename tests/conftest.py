"""Tests that need Chromium, strace or the real data are skipped by name without them, or fail where that must not be."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest

NO_SKIPS = bool(os.environ.get("MONITOR_NO_SKIPS"))
HERE = Path(__file__).parent
# Folders whose tests say what the decisions do: their branches are counted. Counting slows a test down and children are
# not counted, so tests that hold code to a time, or need a tool or data, run in the other half.
DECISIONS = frozenset("decide watchlist setup text compare meaning report alerts check".split())
UNCOUNTED = ("clocked", "browser", "strace", "data")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--counted", choices=("only", "without"), help="run one half: the tests whose branches are counted"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    half = config.getoption("--counted")
    if half:
        halves: dict[bool, list[pytest.Item]] = {True: [], False: []}
        for item in items:
            halves[counted(item)].append(item)
        items[:] = halves[half == "only"]
        config.hook.pytest_deselected(items=halves[half != "only"])


def counted(item: pytest.Item) -> bool:
    """Whether a test belongs to the half that runs under coverage; every test belongs to one half."""
    folder = item.path.relative_to(HERE).parts[0]
    return folder in DECISIONS and not any(item.get_closest_marker(name) for name in UNCOUNTED)


@cache
def missing(marker: str) -> str:
    """What a marked test needs and this machine does not have, or ""."""
    match marker:
        case "browser":
            chromium = os.environ.get("MONITOR_CHROMIUM") or shutil.which("chromium")
            return "" if chromium else "Chromium is not installed (Debian: apt-get install chromium)"
        case "strace":
            strace = shutil.which("strace")
            if not strace:
                return "strace is not installed (Debian: apt-get install strace)"
            tried = subprocess.run([strace, "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
            return "" if tried.returncode == 0 else "strace may not trace here"
        case "data":
            folder = os.environ.get("MONITOR_DATA")
            return "" if folder and Path(folder).is_dir() else "MONITOR_DATA names no folder with the real data"
        case _:
            return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in ("browser", "strace", "data"):
        if item.get_closest_marker(marker) and (reason := missing(marker)):
            pytest.skip(f"{marker}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    tool = item.get_closest_marker("browser") or item.get_closest_marker("strace")
    if NO_SKIPS and report.skipped and tool and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where it must not be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the real data; only for tests marked ``data``."""
    return Path(os.environ["MONITOR_DATA"])
