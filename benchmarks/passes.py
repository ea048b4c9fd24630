"""What a pass costs: real pages under 180 addresses on six loopback hosts, as whole processes.

Prints CPU, wall time and peak memory of the process tree for a first pass, a pass over unchanged bytes and a pass in
which every byte stream differs and no policy does; start time; and what a silent check takes on disk. Exits 1 when a
pass reports a change, and with ``--strict`` when a figure is missed: times depend on the machine. Needs MONITOR_DATA.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCUMENTS, HOSTS = 180, 6
COMMAND = (sys.executable, "-m", "monitor")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process tree took: seconds of CPU and of wall time, peak memory of its largest process in MB."""

    cpu: float
    wall: float
    memory: int
    output: str


def run(*command: str) -> Cost:
    """Run a command to its end and account for it and the children it waited for.

    Bytecode may be cached, as it is where the program is installed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        said = output.read().decode("utf-8", "replace")
        if process.returncode:
            print(said[-500:], errors.read()[-2000:].decode("utf-8", "replace"), f"exit {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss // 1024, said)


def watchlist(port: int, pages: Path) -> str:
    """The declarations of all addresses, a vendor a host; the kind of a document is that of its page."""
    files = sorted(pages.glob("*.html"))
    kinds = ["terms" if "Terms" in file.name else "privacy-policy" for file in files]
    lines = []
    for host in range(1, HOSTS + 1):
        lines.append(f'[[vendor]]\nid = "host-{host}"\nname = "Host {host}"\n')
        lines += [
            f'[[vendor.document]]\nid = "p{n}"\nkind = "{kinds[n % len(kinds)]}"\n'
            f'url = "http://127.0.0.{host}:{port}/{n}/privacy"\n'
            for n in range(host - 1, DOCUMENTS, HOSTS)
        ]
    return "\n".join(lines)


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> int:
    """0 when the figures hold."""
    if not os.environ.get("MONITOR_DATA"):
        print("MONITOR_DATA is not set: nothing was measured")
        return 0
    pages = Path(os.environ["MONITOR_DATA"]) / "pages"
    with served(pages) as port, tempfile.TemporaryDirectory() as name:
        declare(Path(name), port, pages)
        return measure(Path(name), port)


@contextlib.contextmanager
def served(pages: Path) -> Iterator[int]:
    """Real pages under many addresses on several loopback hosts; the port they are served at."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.site", str(pages), str(DOCUMENTS), str(HOSTS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.communicate("")


def declare(root: Path, port: int, pages: Path) -> None:
    """Write an installation that watches all of them."""
    (root / "watchlist.toml").write_text(watchlist(port, pages), encoding="utf-8")
    (root / "settings.toml").write_text(
        f'allow_networks = ["127.0.0.0/8"]\nallow_ports = [{port}]\ndelay = "0s"\n', encoding="utf-8"
    )


def measure(root: Path, port: int) -> int:
    """Run the passes and print what they took; the number of figures missed."""
    check = (*COMMAND, "--root", str(root), "check", "--all", "--no-report", "--no-mail")
    missed = []
    starts = sorted(run(*COMMAND, "--version").wall for _ in range(5))
    print(f"start {starts[2]:.2f} s")
    missed += ["start"] if starts[2] > 0.4 else []
    first = run(*check)
    print(f"first pass      {first.cpu:6.2f} s CPU {first.wall:6.2f} s wall {first.memory:4} MB")
    kept = size(root / "snapshots")
    same = [run(*check) for _ in range(3)]
    grown = (size(root / "snapshots") - kept) / DOCUMENTS / len(same)
    best = min(same, key=lambda cost: cost.cpu)
    print(f"unchanged bytes {best.cpu:6.2f} s CPU {best.wall:6.2f} s wall {best.memory:4} MB; ledger +{grown:.0f} B")
    urllib.request.urlopen(f"http://127.0.0.1:{port}/mode/noise").read()
    noise = [run(*check) for _ in range(2)]
    busy = min(noise, key=lambda cost: cost.cpu)
    page = 1000 * (busy.cpu - best.cpu) / DOCUMENTS
    print(
        f"bytes differ    {busy.cpu:6.2f} s CPU {busy.wall:6.2f} s wall {busy.memory:4} MB; {page:.1f} ms a page more"
    )
    said = "".join(cost.output for cost in [*same, *noise])
    if "change" in said:
        print(said)
        missed.append("a change was reported")
    if 1000 * busy.cpu / DOCUMENTS > 20:
        missed.append("20 ms a page")
    if max(first.memory, best.memory, busy.memory) > 150:
        missed.append("150 MB")
    if grown > 2048:
        missed.append("2 KB a silent check")
    print("missed:", ", ".join(missed) or "nothing")
    return len(missed) if "--strict" in sys.argv else int("a change was reported" in missed)


if __name__ == "__main__":
    sys.exit(main())
