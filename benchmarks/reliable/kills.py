"""Random SIGKILLs of a whole check loop: checking, publishing, delivering, again and again until each day's pass is done."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import statistics
import time
from collections import Counter, deque
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from mailing import smtp_server
from reliability.acting import Job
from reliability.scene import Internet, internet
from reliability.sound import difference, opened, problems, whole
from reliability.sweeping import subscribe
from reliability.warm import Warm, said

from benchmarks.reliable.outcome import Outcome

DAYS = 20  # of one life; then the next begins
LATEST = 1.2  # when a kill comes at the latest, in lengths of an undisturbed pass
PATIENCE = 50  # kills of one day's pass; after them it is let go on
UNDISTURBED = 0.05  # of the days: their passes tell how long one takes now


Lengths = deque[float]
"""Seconds that the last undisturbed passes took."""


def kills(folder: Path, number: int) -> Outcome:
    """Kills with mail into a maildir; each life must end exactly as one that nobody disturbed."""
    wrong: list[str] = []
    lengths: Lengths = deque(maxlen=DAYS)
    done = runs = lives = checks = alerts = 0
    with internet() as net, Warm() as warm:
        undisturbed = whole(_live(folder / "undisturbed", net, warm, lengths))
        while done < number:
            root = folder / "life"
            shutil.rmtree(root, ignore_errors=True)
            born = _born(root, net)
            for day in range(DAYS):
                net.write(born, day)
                killed, finished = _until_done(born, day, warm, wrong, lengths)
                done, runs = done + killed, runs + finished
                wrong += [f"life {lives}, day {day}: {what}" for what in problems(born)]
            lives += 1
            warm.run(Job(str(born), "report", DAYS - 1))
            end = whole(born)
            wrong += [f"life {lives}: {what}" for what in difference(undisturbed, end)]
            checks, alerts = checks + _count(end["checks"]), alerts + _alerts(born)
            if lives % 10 == 0:
                print(
                    f"  … {done} kills, {lives} lives, {len(wrong)} wrong; passes of {statistics.median(lengths):.2f} s",
                    flush=True,
                )
    figures = (
        f"{done} SIGKILLs and {runs} runs that ended, {lives} lives, {checks} checks, {alerts} alerts sent once each"
    )
    return Outcome(figures, tuple(wrong))


def _born(root: Path, net: Internet, more: str = "") -> Path:
    net.write(root, 0, more=more)
    subscribe(root)
    return root


def _live(root: Path, net: Internet, warm: Warm, lengths: Lengths, more: str = "") -> Path:
    """Live a life that nobody disturbs."""
    _born(root, net, more)
    for day in range(DAYS):
        net.write(root, day, more=more)
        _undisturbed(root, day, warm, lengths)
    warm.run(Job(str(root), "report", DAYS - 1))
    return root


def _undisturbed(root: Path, day: int, warm: Warm, lengths: Lengths) -> int:
    """A pass from start to end; how it ended."""
    began = time.perf_counter()
    code = warm.run(Job(str(root), day=day))
    lengths.append(time.perf_counter() - began)
    return code


def _until_done(
    root: Path, day: int, warm: Warm, wrong: list[str], lengths: Lengths, *, maildir: bool = True
) -> tuple[int, int]:
    """Run and kill until a run ends by itself; how many were killed, and how many ended.

    A kill falls anywhere into the length of an undisturbed pass, seldom after it.
    """
    killed = 0
    spared = random.random() < UNDISTURBED
    latest = LATEST * statistics.median(lengths)
    while True:
        if spared:
            code = _undisturbed(root, day, warm, lengths)
        else:
            process = warm.start(Job(str(root), day=day))
            if not warm.ended_within(random.uniform(0, latest) if killed < PATIENCE else 10):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            code = warm.end()
        if code != -signal.SIGKILL:
            if code not in {0, 3}:
                wrong.append(f"day {day}: ended with {code}: {said(root)[-400:]}")
            return killed, 1
        killed += 1
        if killed % 4 == 0:
            wrong += [f"day {day}: {what}" for what in problems(root, maildir=maildir)]


def _count(rows: object) -> int:
    assert isinstance(rows, list)
    return len(rows)


def _alerts(root: Path) -> int:
    archive = opened(root)
    sent = sum(alert.state == "sent" for event in archive.events() for alert in archive.alerts(event.id or 0))
    archive.close()
    return sent


class Post:
    """A mail server that writes down what it took."""

    def __init__(self) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        """Take a message over."""
        assert isinstance(envelope.content, bytes)
        head = envelope.content.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
        number = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.taken[number.partition(":")[2].strip(), envelope.rcpt_tos[0]] += 1
        return "250 taken"


def kills_while_mailing(folder: Path, number: int) -> Outcome:
    """The same with a mail server: nothing lost; a repeat only after a kill, and under the same Message-ID."""
    wrong: list[str] = []
    lengths: Lengths = deque(maxlen=DAYS)
    done = lives = mails = repeats = 0
    with smtp_server(Post()) as (post, port), internet() as net, Warm() as warm:
        more = f'smtp_host = "127.0.0.1"\nsmtp_port = {port}\nsmtp_security = "none"'
        _live(folder / "undisturbed", net, warm, lengths, more)
        while done < number:
            root = folder / "mailing"
            shutil.rmtree(root, ignore_errors=True)
            post.taken.clear()
            _born(root, net, more)
            before = done
            for day in range(DAYS):
                net.write(root, day, more=more)
                killed, _ = _until_done(root, day, warm, wrong, lengths, maildir=False)
                done += killed
            lives += 1
            wrong += _against(post, root, f"life {lives}")
            again = sum(post.taken.values()) - len(post.taken)
            mails, repeats = mails + len(post.taken), repeats + again
            if again > done - before:
                wrong.append(f"life {lives}: {again} repeats after {done - before} kills")
    return Outcome(f"{done} SIGKILLs, {lives} lives, {mails} mails by SMTP, {repeats} repeated", tuple(wrong))


def _against(post: Post, root: Path, where: str) -> list[str]:
    """What the ledger says of mails and the server does not confirm, or the other way round."""
    archive = opened(root)
    sent = {(one.message_id, one.recipient) for one in archive.deliveries() if one.outcome == "sent"}
    archive.close()
    found = [f"{where}: lost: {mail}" for mail in sent - set(post.taken)]
    return found + [f"{where}: unknown to the ledger: {mail}" for mail in set(post.taken) - sent]
