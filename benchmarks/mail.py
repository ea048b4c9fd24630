"""Figures about mail: how long ten thousand digests take, and what thousands of killed deliveries lose.

    python benchmarks/mail.py scale [--subscribers 10000] [--changes 200]
    python benchmarks/mail.py kills [--kills 2000] [--seed 42]
    python benchmarks/mail.py sweep          (needs strace)

Everything stays on this machine: the mail server listens on loopback.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

AT = datetime(2026, 3, 26, 10, 0, tzinfo=UTC)
VENDORS = 50
LABELS = ("share.sale", "purpose.ai_training", "retention", "data.location_precise", "rights.access_edit_delete")


def scale(subscribers: int, changes: int) -> int:
    """Match and compose: every reader gets one digest of what they asked for."""
    from mailing import KEYS, event, finding

    from monitor.alerts import match
    from monitor.alerts.compose import Account, Composer
    from monitor.alerts.digest import batches
    from monitor.alerts.tokens import Tokens
    from monitor.alerts.views import House, Told
    from monitor.model import Alert, Subscription
    from monitor.ports import Owed

    events = [
        replace(
            event(
                f"vendor{number % VENDORS}",
                at=AT,
                findings=tuple(
                    finding(
                        LABELS[(number + place) % len(LABELS)],
                        severity=("high", "medium", "low")[place % 3],
                        direction=("worse", "better")[place % 2],
                        summary=f"Finding {place} of change {number}: what the text says now differs from before.",
                        before=f"We keep data of kind {place} for {number + 1} days after you leave us. " * 3,
                        after=f"We keep data of kind {place} for {number + 100} days after you leave us. " * 3,
                    )
                    for place in range(4)
                ),
            ),
            id=number + 1,
        )
        for number in range(changes)
    ]
    wishes: list[dict[str, Any]] = [
        {},
        {"direction": "worse"},
        {"labels": ("share.*", "purpose.ai_training")},
        {"vendors": tuple(f"vendor{number}" for number in range(0, VENDORS, 5))},
        {"severity": "high"},
    ]
    readers = [
        Subscription(
            f"reader{number}@reader.example", every="daily", confirmed_at=AT, id=number + 1, **wishes[number % 5]
        )
        for number in range(subscribers)
    ]
    house = House("Policy watch", "m@watch.example", "op@watch.example", "https://watch.example")
    composer = Composer(house, Tokens(KEYS))
    told = {one.id or 0: Told(one, url=f"https://watch.example/{one.id}") for one in events}
    began = time.perf_counter()
    owed: dict[int, list[int]] = {}
    due = AT
    for place, one in enumerate(events):
        for subscription, due in match(one, readers):  # noqa: B007 - the last one is used below
            owed.setdefault(subscription, []).append(place)
    matched = time.perf_counter()
    mails = size = alerts = 0
    for number, places in owed.items():
        reader = readers[number - 1]
        mine = [
            Owed(Alert(number * changes + place, place + 1, number, AT, due), events[place], reader) for place in places
        ]
        (batch,) = batches(mine)  # one digest each
        message = composer.alert(batch, told, Account((), changes, "ab" * 32), now=due)
        mails, size, alerts = mails + 1, size + len(message.raw), alerts + len(message.alerts)
    done, processor = time.perf_counter(), time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{subscribers} subscribers x {changes} changes: {alerts} alerts in {mails} mails, {size / 1e6:.0f} MB of mail"
    )
    print(f"matching {matched - began:.1f} s, composing {done - matched:.1f} s, together {done - began:.1f} s")
    print(f"processor time of the whole run {processor:.1f} s (a busy machine stretches the other figures)")
    print(f"peak memory {memory:.0f} MB")
    return int(min(done - began, processor) > 60 or memory > 300 or mails != subscribers)


def kills(count: int, seed: int) -> int:
    """Random SIGKILLs, half against a mail server, half into a maildir."""
    from killed import soak
    from mailing import parsed, smtp_server, text_of

    failures = 0
    for into in ("server", "maildir"):
        with tempfile.TemporaryDirectory() as folder, smtp_server() as (postbox, port):
            root = Path(folder)
            began = time.perf_counter()
            books = soak(root, port if into == "server" else 0, count // 2, seed=seed)
            if into == "server":
                raw = [(one.rcpt_tos[0], one.content) for one in postbox.taken]
            else:
                raw = [("", path.read_bytes()) for path in (root / "mail" / "new").iterdir()]
            mails = [(who, parsed(content)) for who, content in raw]
            arrived = [(who or str(mail["To"]), str(mail["Message-ID"]), text_of(mail)) for who, mail in mails]
            problems = books.problems(arrived)
            print(
                f"{into}: {books.kills} kills, {books.events} events, {len(arrived)} mails, {len(problems)} problems, "
                f"{books.repeats} repeats (same Message-ID), {time.perf_counter() - began:.0f} s",
                flush=True,
            )
            print(*problems[:10], sep="\n", end="\n" if problems else "")
            failures += len(problems) + (books.repeats if into == "maildir" else max(0, books.repeats - books.kills))
    return int(failures > 0)


def sweep() -> int:
    """A kill at every nth system call of each kind, against both."""
    from killed import CALLS, SOCKET_CALLS, sweep_calls
    from mailing import parsed, smtp_server, text_of

    failures = points = 0
    began = time.perf_counter()
    for into, calls in (("maildir", CALLS), ("server", (*CALLS, *SOCKET_CALLS))):
        for call in calls:
            with tempfile.TemporaryDirectory() as folder, smtp_server() as (postbox, port):
                root = Path(folder)
                books = sweep_calls(root, port if into == "server" else 0, call)
                if into == "server":
                    raw = [(one.rcpt_tos[0], one.content) for one in postbox.taken]
                else:
                    raw = [("", path.read_bytes()) for path in (root / "mail" / "new").iterdir()]
                mails = [(who, parsed(content)) for who, content in raw]
                problems = books.problems(
                    [(who or str(mail["To"]), str(mail["Message-ID"]), text_of(mail)) for who, mail in mails]
                )
                points += books.kills
                print(
                    f"{into} {call}: {books.kills} points, {len(problems)} problems, {books.repeats} repeats",
                    *problems[:5],
                )
                failures += len(problems) + (books.repeats if into == "maildir" else 0)
    print(f"{points} points in {time.perf_counter() - began:.0f} s")
    return int(failures > 0)


def main() -> int:
    """Run what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["scale", "kills", "sweep"])
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--kills", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=42)
    chosen = parser.parse_args()
    match chosen.what:
        case "scale":
            return scale(chosen.subscribers, chosen.changes)
        case "kills":
            return kills(chosen.kills, chosen.seed)
        case _:
            return sweep()


if __name__ == "__main__":
    sys.exit(main())
