"""Who may import whom, proved on every module of the package."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "monitor"
WORDS = ("model", "errors", "ports", "codec")
DECISIONS = (
    "watchlist",
    "settings",
    "due",
    "decide",
    "tell",
    "discover",
    "text",
    "compare",
    "meaning",
    "report",
    "alerts",
)
EDGES = ("fetch", "sandbox", "archive", "send", "site", "clock", "heartbeat", "log")
USE_CASES = (
    "check",
    "observe",
    "sight",
    "promises",
    "deliver",
    "publish",
    "rebuild",
    "history",
    "subscribe",
    "cluster",
    "passes",
    "across",
    "evidence",
    "bounces",
    "correct",
    "mailfailing",
    "damaged",
    "pacing",
    "preview",
    "told",
    "door",
)
DOORS = ("cli", "__main__", "daemon", "web", "demo")
LAYERS = {"words": WORDS, "decisions": DECISIONS, "edges": EDGES, "use cases": USE_CASES, "doors": DOORS}
MAY_IMPORT = {
    "words": {"words"},
    "decisions": {"words", "decisions"},
    "edges": {"words"},
    "use cases": {"words", "decisions", "use cases"},
    "doors": {"words", "decisions", "edges", "use cases", "doors"},
}
NETWORK = {
    "socket",
    "ssl",
    "requests",
    "urllib3",
    "http",
    "smtplib",
    "playwright",
    "uvicorn",
    "starlette",
    "apprise",
    "aiosmtpd",
}
TIME_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("time", "sleep"),
    ("time", "time_ns"),
    ("time", "perf_counter"),
    ("time", "monotonic_ns"),
}


def test_the_branches_of_every_decision_are_counted_and_both_halves_of_the_tests_are_run() -> None:
    makefile = (ROOT.parent / "Makefile").read_text(encoding="utf-8")
    (rooms,) = re.findall(r"^DECISIONS := (.+)$", makefile, re.MULTILINE)
    assert sorted(rooms.split()) == sorted(DECISIONS)
    for half in ("only", "without"):
        assert f"pytest --counted={half}" in makefile


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def layer(name: str) -> str:
    return next(layer for layer, rooms in LAYERS.items() if name in rooms)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Dotted names of all that a module imports, wherever in it; what stands under TYPE_CHECKING too."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide who imports whom"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_a_module_belongs_to_a_layer(path: Path) -> None:
    assert room(path) == "__init__" or layer(room(path)) in LAYERS


@pytest.mark.parametrize("path", [path for path in modules() if room(path) != "__init__"], ids=ids)
def test_a_module_imports_only_layers_below_it(path: Path) -> None:
    here = room(path)
    for name in imported(path):
        if not name.startswith("monitor.") or name.split(".")[1] == "__version__":
            continue
        there = name.split(".")[1]
        if there == here:
            continue
        if here == "sandbox" and layer(there) == "decisions":
            continue  # its children run extraction, comparison and meaning
        assert layer(there) in MAY_IMPORT[layer(here)], f"{ids(path)} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_only_the_archive_says_sqlite(path: Path) -> None:
    if room(path) != "archive":
        assert not {name for name in imported(path) if name.split(".")[0] in {"sqlite3", "sqlite_utils"}}


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_only_the_gate_the_senders_and_the_door_speak_to_the_network(path: Path) -> None:
    if room(path) not in {"fetch", "send", "web", "demo", "sandbox"}:  # the sandbox: a pair of sockets to each child
        names = {name for name in imported(path) if name.split(".")[0] in NETWORK or name.startswith("urllib.request")}
        assert not names - {"http.HTTPStatus"}


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if room(path) == "clock":
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in TIME_READERS, f"{ids(path)}:{node.lineno}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            pytest.fail(f"{ids(path)}:{node.lineno} imports from time")


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_decisions_do_nothing_but_decide(path: Path) -> None:
    """Pure modules open no files, run no processes and read no environment; one module a room may read its data files."""
    if room(path) == "__init__" or layer(room(path)) not in {"words", "decisions"}:
        return
    forbidden = {"subprocess", "os", "shutil", "tempfile", "threading", "multiprocessing", "signal", "logging"}
    if room(path) in {"settings", "watchlist"}:
        forbidden -= {"os"}  # the files and the environment of the operator are what they are about
    assert not {name for name in imported(path) if name.split(".")[0] in forbidden}


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_the_rules_notice_a_module_that_breaks_them(tmp_path: Path) -> None:
    """Negative control: the same collector sees a hidden import inside a function."""
    path = tmp_path / "sly.py"
    path.write_text(
        "def f():\n    import sqlite3\n    from monitor.cli import main\n    return sqlite3, main\n", encoding="utf-8"
    )
    assert imported(path) == {"sqlite3", "monitor.cli.main"}


@pytest.mark.parametrize("path", modules(), ids=ids)
def test_nothing_escapes_autoescape(path: Path) -> None:
    """No template is made from data, and nothing is declared safe outside the one reviewed module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr != "from_string", f"{ids(path)}:{node.lineno}"
    text = path.read_text(encoding="utf-8")
    assert "|safe" not in text
