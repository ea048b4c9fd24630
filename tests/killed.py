"""Deliveries that are killed: a warm process forks a child for each run, and the test says when that child dies.

Run as a script it is the warm process: it reads a line, forks a child that waits for another line, tells its process
id, lets it deliver, and tells how it ended. Forking costs a few milliseconds where starting Python costs half a second.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

READERS = 4
# one kind of system call at a time: strace counts them apart
CALLS = ("pwrite64", "fdatasync", "fsync", "link", "unlink")
SOCKET_CALLS = ("sendto", "recvfrom", "connect")


def main() -> None:
    """The warm process: arguments are the root and the mail server's port (0: a maildir)."""
    from mailing import KEYS, WATCHLIST, smtp_settings

    from monitor.archive import open_archive
    from monitor.clock import SystemClock
    from monitor.deliver import deliver
    from monitor.model import Settings
    from monitor.send import open_sender
    from monitor.subscribe import house_of

    class Ahead(SystemClock):
        """The real clock, so many seconds ahead."""

        def __init__(self, seconds: float) -> None:
            self.ahead = timedelta(seconds=seconds)

        def now(self) -> datetime:
            return super().now() + self.ahead

    root, port = Path(sys.argv[1]), int(sys.argv[2])
    settings = replace(smtp_settings(port), root=root) if port else Settings(root, mail_per_minute=6000)
    settings = replace(settings, public_url="https://watch.example")
    house_of(settings)  # imported and read before the fork
    warm(root / "warm", settings)
    for line in sys.stdin:
        if line != "fork\n":
            continue  # what a child was told that died before it listened
        child = os.fork()
        if child == 0:
            clock = Ahead(float(sys.stdin.readline().partition(" ")[2] or 0))
            archive = open_archive(root / "snapshots", clock=clock)
            sender = open_sender(settings, clock=clock)
            deliver(archive, sender, settings=settings, keys=KEYS, watchlist=WATCHLIST, clock=clock)
            sender.close()
            archive.close()
            os._exit(0)  # an error leaves with another code, after its traceback
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def warm(root: Path, settings: object) -> None:
    """Deliver once somewhere else, so that every module and template is loaded."""
    from mailing import KEYS, WATCHLIST, MailRoom, event

    from monitor.clock import SystemClock
    from monitor.deliver import deliver
    from monitor.model import Settings
    from monitor.send.maildir import FolderSender

    assert isinstance(settings, Settings)
    root.mkdir(parents=True)
    room = MailRoom(root)
    room.reader()
    room.announce(event("umbrella"), event("hooli"))
    deliver(
        room.archive,
        FolderSender(root / "mail"),
        settings=replace(settings, root=root),
        keys=KEYS,
        watchlist=WATCHLIST,
        clock=SystemClock(),
    )
    room.archive.close()


@dataclass
class Warm:
    """The warm process, seen from the test."""

    process: subprocess.Popen[str]

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def hear(self) -> int:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the warm process died"
        return int(line)

    def fork(self) -> int:
        self.say("fork\n")
        return self.hear()

    def run(self, *, kill_after: float | None = None, ahead: float = 0) -> bool:
        """Whether a delivery came to its end; it is killed after so many seconds, its clock is so many ahead."""
        child = os.pidfd_open(self.fork())  # a number could be somebody else's by then
        try:
            self.say(f"go {ahead}\n")
            if kill_after is not None:
                time.sleep(kill_after)
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(child, signal.SIGKILL)
            return self.hear() == 0
        finally:
            os.close(child)

    def run_traced(self, call: str, number: int, fault: str, log: Path) -> bool:
        """Whether a delivery came to its nth system call of that name, which met the fault."""
        child = self.fork()
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}"]
        strace = subprocess.Popen(
            ["strace", "-f", "-p", str(child), "-o", str(log), *inject], stderr=subprocess.PIPE, text=True
        )
        assert strace.stderr
        attached = strace.stderr.readline()
        assert "attached" in attached, attached
        self.say("go\n")
        self.hear()
        strace.wait(20)
        strace.stderr.close()
        seen = log.read_text(errors="replace")
        return "(INJECTED)" in seen or "killed by SIGKILL" in seen


@contextmanager
def warm_process(root: Path, port: int) -> Iterator[Warm]:
    here = Path(__file__)
    process = subprocess.Popen(
        [sys.executable, str(here), str(root), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        cwd=here.parent.parent,
        env={**os.environ, "PYTHONPATH": str(here.parent), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        yield Warm(process)
    finally:
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


@dataclass
class Books:
    """What was announced, and what arrived."""

    root: Path
    events: int = 0
    kills: int = 0
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)  # (recipient, Message-ID)

    def announce(self, dice: random.Random) -> None:
        from mailing import event, mail_room

        from monitor.clock import SystemClock

        with mail_room(self.root, clock=SystemClock()) as room:
            if not room.archive.subscriptions():
                for number in range(READERS):
                    room.reader(f"reader{number}@reader.example")
            count = dice.choice((1, 2, 5))
            # promises: a digest that grew too long names them by their summary
            room.announce(
                *(
                    event(kind="promise", findings=(), summary=f"happening {self.events + number} of them")
                    for number in range(count)
                )
            )
            self.events += count

    def problems(self, arrived: list[tuple[str, str, str]]) -> list[str]:
        """What is wrong, given (recipient, Message-ID, text) of everything that arrived."""
        from mailing import mail_room

        from monitor.clock import SystemClock

        found = []
        with mail_room(self.root, clock=SystemClock()) as room:
            states = Counter(room.states())
            found += [str(damage) for damage in room.archive.verify()]
        if states != Counter(sent=self.events * READERS):
            found.append(f"alerts: {states}, expected {self.events * READERS} sent")
        seen: dict[tuple[str, str], set[str]] = {}
        for recipient, identity, text in arrived:
            self.arrived[recipient, identity] += 1
            for number in re.findall(r"happening (\d+) of them", " ".join(text.split())):
                seen.setdefault((recipient, number), set()).add(identity)
        expected = {
            (f"reader{reader}@reader.example", str(number))
            for reader in range(READERS)
            for number in range(self.events)
        }
        found += [f"lost: {one}" for one in sorted(expected - set(seen))[:5]]
        found += [f"told under two Message-IDs: {one}" for one, identities in seen.items() if len(identities) > 1]
        return found

    @property
    def repeats(self) -> int:
        return sum(count - 1 for count in self.arrived.values())


def soak(root: Path, port: int, kills: int, *, seed: int) -> Books:
    """Announce and deliver, killed after a random time, so many times; then deliver to the end."""
    dice = random.Random(seed)
    books = Books(root)
    longest = 0.25
    with warm_process(root, port) as warm:
        while books.kills < kills:
            books.announce(dice)
            ended = warm.run(kill_after=dice.uniform(0.0, longest))
            books.kills += not ended
            if not ended and dice.random() < 0.5:  # else the next one finds two backlogs: that must work too
                assert warm.run()
            longest = min(0.5, max(0.05, longest * (0.97 if ended else 1.02)))  # most kills should hit something
        while not warm.run():
            pass
        assert warm.run()
    return books


def sweep_calls(root: Path, port: int, call: str, *, step: int = 1, fault: str = "signal=KILL") -> Books:
    """Let every nth call of one kind meet a fault, until a delivery has fewer of them."""
    books, dice = Books(root), random.Random(call)
    with warm_process(root, port) as warm:
        number = 1
        while True:
            books.announce(dice)
            if not warm.run_traced(call, number, fault, root / "strace.log"):
                break
            books.kills += 1
            number += step
            assert warm.run()
        assert warm.run(ahead=8 * 3600)  # what was put off comes due
    return books


if __name__ == "__main__":
    main()
