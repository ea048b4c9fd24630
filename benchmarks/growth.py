"""How passes grow: with the history of a document, and with the number of documents and hosts.

``python -m benchmarks.growth [--versions 10,1000,100000] [--documents 10000] [--hosts 2000]`` measures whole processes:
a pass over one document with ever longer histories, which should take the same time; and a first pass and a pass over
unchanged bytes of many documents on many loopback addresses, whose memory should stay flat and of which none may be
left out. Exits with the number of figures missed. All pages are invented.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.archive import KEY, careless, record
from benchmarks.passes import COMMAND, Cost, run
from monitor.archive.archive import open_folder
from monitor.clock import MovedClock, SystemClock
from monitor.model import ExtractOptions, Page
from monitor.text import extract

FLAT = 1.2  # the longest history may take this much more CPU than the shortest
MINUTES = 10.0  # of CPU for a pass over all documents
RUNS = 5
HISTORY_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
CLAUSES = (
    "We collect your name, your e-mail address and the payment details you give us when you open account number {n}.",
    "We use personal data to provide the service, to answer support requests and to keep accounts secure.",
    "We share personal data with service providers that host our systems under contract {n}.",
    "We do not sell your personal data to anyone.",
    "Log files are deleted {n} days after they were written.",
    "You can ask us for access to your personal data, correct it or have it erased at any time.",
    "Personal data is stored in the European Union and transferred abroad under standard contractual clauses only.",
    "Write to our data protection officer at privacy@vendor-{n}.example with any question about your rights.",
)


def page(number: int) -> bytes:
    """The policy of one of the invented vendors, some kilobytes."""
    text = "".join(f"<h2>Part {part}</h2>" + f"<p>{clause}</p>" * 2 for part, clause in enumerate(CLAUSES))
    return (
        "<!doctype html><html lang=en><title>Privacy policy</title><body><nav><a href=/>Home</a></nav><main>"
        f"<h1>Privacy policy of vendor {number}</h1><p>Last updated: March 1, 2026</p>{text.replace('{n}', str(number))}"
        "</main></body></html>"
    ).encode()


def edition(number: int) -> bytes:
    """One of many versions of the same policy."""
    return page(7).replace(b"account number 7", b"account number %d" % number)


async def serve(hosts: int) -> None:
    """Answer on so many loopback addresses; prints the port, ends with standard input.

    ``/N/…`` is the policy of vendor N; ``/edition/…`` the version of one that ``/show/N`` chose.
    """
    shown = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal shown
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                first, _, rest = path.strip("/").partition("/")
                kind = "text/html; charset=utf-8"
                match first:
                    case "robots.txt":
                        body, kind = b"User-agent: *\nAllow: /\n", "text/plain"
                    case "show":
                        body, shown = b"shown", int(rest)
                    case "edition":
                        body = edition(shown)
                    case _:
                        body = page(int(first))
                head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    more = [await asyncio.start_server(answer, address(host), port) for host in range(1, hosts)]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for one in (server, *more):
        one.close()


def address(host: int) -> str:
    """A loopback address for a host of that number."""
    return f"127.{host // 62500}.{host // 250 % 250}.{host % 250 + 1}"


def settings(port: int) -> str:
    """Settings that let loopback be fetched without pauses."""
    return f'allow_networks = ["127.0.0.0/8"]\nallow_ports = [{port}]\ndelay = "0s"\n'


def check(root: Path, *more: str) -> Cost:
    """What a whole pass takes."""
    return run(*COMMAND, "--root", str(root), "check", "--all", "--no-report", "--no-mail", *more)


def histories(folder: Path, lengths: list[int], port: int) -> bool:
    """Print the CPU of a pass over one document with ever longer histories; whether it stays flat."""
    (folder / "settings.toml").write_text(settings(port), encoding="utf-8")
    (folder / "watchlist.toml").write_text(
        f'[[vendor]]\nid = "{KEY.vendor}"\nname = "Larkspur"\n[[vendor.document]]\nkind = "{KEY.document}"\n'
        f'url = "http://127.0.0.1:{port}/edition/privacy"\n',
        encoding="utf-8",
    )
    words = extract((Page(edition(0), "text/html", url="", final_url=""),), ExtractOptions(kind=KEY.document))
    made, taken = 0, []
    for length in lengths:
        archive = open_folder(folder / "snapshots", clock=SteadyClock())
        careless(archive)
        while made < length:
            text = words.text.replace("account number 0", f"account number {made}")
            record(archive, "version" if made else "baseline", edition(made), replace(words, text=text))
            made += 1
        archive.close()
        urllib.request.urlopen(f"http://127.0.0.1:{port}/show/{made - 1}").read()
        check(folder)  # once, so that the following find the same bytes again
        cpu = sorted(check(folder).cpu for _ in range(RUNS))[RUNS // 2]
        taken.append(cpu)
        print(f"{length:7} versions: a pass over unchanged bytes takes {cpu:.3f} s CPU", flush=True)
    archive = open_folder(folder / "snapshots", clock=SystemClock())
    outcomes = {row.outcome for row in archive.checks()}
    archive.close()
    return outcomes == {"baseline", "version", "unchanged"} and taken[-1] <= FLAT * taken[0]


class SteadyClock(SystemClock):
    """The machine's clock, moved to the time before this program."""

    def __init__(self) -> None:
        self._clock = MovedClock(HISTORY_BEGINS)

    def now(self) -> datetime:
        """Now, in 2020."""
        return self._clock.now()


def documents(folder: Path, count: int, hosts: int, port: int) -> bool:
    """Print what passes over many documents take; whether that is within what is promised."""
    (folder / "settings.toml").write_text(settings(port), encoding="utf-8")
    lines = []
    for host in range(hosts):
        lines.append(f'[[vendor]]\nid = "vendor-{host}"\nname = "Vendor {host}"\n')
        lines += [
            f'[[vendor.document]]\nid = "d{n}"\nkind = "privacy-policy"\nurl = "http://{address(host)}:{port}/{n}/privacy"\n'
            for n in range(host, count, hosts)
        ]
    (folder / "watchlist.toml").write_text("\n".join(lines), encoding="utf-8")
    good = True
    for name in ("first", "unchanged bytes"):
        cost = check(folder)
        archive = open_folder(folder / "snapshots", clock=SystemClock())
        states = archive.states()
        seen = sum(state.current is not None and not state.failures for state in states.values())
        checks = sum(1 for _ in archive.checks())
        archive.close()
        print(
            f"{count} documents, {hosts} hosts, {name}: {cost.cpu:.0f} s CPU, {cost.wall:.0f} s wall, {cost.memory} MB, "
            f"{seen} seen, {checks} checks so far",
            flush=True,
        )
        good = good and cost.cpu <= MINUTES * 60 and seen == count
    return good


def main() -> int:
    """The number of figures missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--versions", default="10,1000,5000")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=200)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(asked.serve))
        return 0
    command = [sys.executable, "-m", "benchmarks.growth", "--serve", str(max(1, asked.hosts))]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    port = int(server.stdout.readline())
    missed = 0
    try:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            if asked.versions:
                (root / "history").mkdir()
                lengths = [int(length) for length in asked.versions.split(",")]
                missed += not histories(root / "history", lengths, port)
            if asked.documents:
                (root / "documents").mkdir()
                missed += not documents(root / "documents", asked.documents, asked.hosts, port)
    finally:
        server.communicate("")
    return missed


if __name__ == "__main__":
    sys.exit(main())
