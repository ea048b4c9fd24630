"""Ours beside urlwatch and webchanges: the same 180 addresses, in the same run, as whole processes with their children.

``python -m benchmarks.peers [--rounds N]`` installs both from PyPI into environments of their own in a temporary folder
and measures CPU, wall time and memory of a first pass, passes over unchanged bytes and passes in which the bytes differ
and no policy does. urlwatch strips tags by a regular expression, its own default; webchanges uses html2text, its own
default. Exits 1 when our unchanged pass takes more CPU than urlwatch's. Needs MONITOR_DATA, and the network to install.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.passes import COMMAND, DOCUMENTS, HOSTS, Cost, declare, run, served

PEERS = ("urlwatch==2.29", "webchanges==3.37.0")


def install(folder: Path, requirement: str) -> str:
    """The command of a peer, installed into an environment of its own."""
    name = requirement.partition("==")[0]
    place = folder / name
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = str(place / "bin" / "python")
    uv = Path(sys.executable).with_name("uv")
    installer = [str(uv), "pip", "install", "--quiet", "--python", python] if uv.exists() else [
        sys.executable, "-m", "pip", "--python", python, "install", "--quiet",
    ]  # fmt: skip
    subprocess.run([*installer, requirement], check=True)
    return str(place / "bin" / name)


def commands(folder: Path, port: int) -> dict[str, Sequence[str]]:
    """How each program makes a pass over all addresses, without reports and mail."""
    urls = [f"http://127.0.0.{1 + n % HOSTS}:{port}/{n}/privacy" for n in range(DOCUMENTS)]
    found: dict[str, Sequence[str]] = {
        "ours": (*COMMAND, "--root", str(folder / "ours"), "check", "--all", "--no-report", "--no-mail")
    }
    for requirement in PEERS:
        name = requirement.partition("==")[0]
        print(f"installing {requirement}", flush=True)
        command = install(folder, requirement)
        filters = {"urlwatch": "filter:\n  - html2text: re", "webchanges": "filters:\n  - html2text"}[name]
        jobs = folder / f"{name}.yaml"
        jobs.write_text("---\n".join(f"url: {url}\n{filters}\n" for url in urls), encoding="utf-8")
        config, data = folder / f"{name}-config.yaml", folder / f"{name}.db"
        config.write_text(
            "report:\n  stdout:\n    enabled: false\n" if name == "urlwatch" else "{}\n", encoding="utf-8"
        )
        options = {
            "urlwatch": ("--urls", jobs, "--config", config, "--cache", data, "--hooks", folder / "none.py"),
            "webchanges": ("--jobs", jobs, "--config", config, "--database", data, "--hooks", folder / "none.py"),
        }[name]
        found[name] = (command, *map(str, options))
    (folder / "none.py").write_text("", encoding="utf-8")
    return found


def measure(programs: Mapping[str, Sequence[str]], port: int, rounds: int) -> dict[str, dict[str, list[Cost]]]:
    """Costs by kind of pass and program; the programs take turns, so that the machine treats them alike."""
    costs: dict[str, dict[str, list[Cost]]] = {}
    for kind, times in (("first", 1), ("unchanged bytes", rounds), ("bytes differ", rounds)):
        if kind == "bytes differ":
            urllib.request.urlopen(f"http://127.0.0.1:{port}/mode/noise").read()
        costs[kind] = {name: [] for name in programs}
        for _ in range(times):
            for name, command in programs.items():
                costs[kind][name].append(run(*command))
    return costs


def tell(costs: Mapping[str, Mapping[str, Sequence[Cost]]]) -> None:
    """Print medians."""
    for kind, by_name in costs.items():
        for name, several in by_name.items():
            cpu, wall = (statistics.median(getattr(cost, part) for cost in several) for part in ("cpu", "wall"))
            page = 1000 * cpu / DOCUMENTS
            memory = max(cost.memory for cost in several)
            print(f"{kind:16}{name:12}{cpu:7.2f} s CPU {wall:7.2f} s wall {memory:5} MB {page:6.1f} ms CPU a page")


def main() -> int:
    """1 when our unchanged pass takes more CPU than urlwatch's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    if not os.environ.get("MONITOR_DATA"):
        print("MONITOR_DATA is not set: nothing was measured")
        return 0
    pages = Path(os.environ["MONITOR_DATA"]) / "pages"
    with served(pages) as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ours").mkdir()
        declare(folder / "ours", port, pages)
        costs = measure(commands(folder, port), port, rounds)
    tell(costs)
    ours, theirs = (
        statistics.median(cost.cpu for cost in costs["unchanged bytes"][name]) for name in ("ours", "urlwatch")
    )
    print(f"unchanged bytes: {ours / theirs:.2f} times urlwatch's CPU")
    return int(ours > theirs)


if __name__ == "__main__":
    sys.exit(main())
