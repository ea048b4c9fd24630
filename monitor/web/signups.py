"""Sign-ups, worked off one by one behind the door.

A request is answered before anything is looked up: the answer takes the same time and says the same whether an address
is known, unknown or blocked. What follows happens here: one question by mail, at most one a day to an address, and a
limit on all of them together. Nothing is kept of who never answers.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerts.compose import Composer
from monitor.alerts.tokens import Purpose
from monitor.errors import ArchiveError, SendError
from monitor.model import Delivery, Subscription
from monitor.ports import Archive, Clock, Sender
from monitor.subscribe import enter

DAY = timedelta(days=1)
ASKED = "<ask."  # how Message-IDs of questions begin
WAITING = 500  # sign-ups not yet worked off; more are dropped, as an attack would fill any queue
A_DAY = 2_000  # questions to all addresses together
RETRIES = (60.0, 300.0, 1800.0)  # seconds until a question that could not be sent is tried again
PENDING = 20  # unconfirmed wishes of one address


@dataclass(frozen=True, slots=True)
class _Question:
    address: str
    wishes: tuple[Subscription, ...]  # empty: only the link to what the address has
    tries: int = 0
    not_before: float = 0.0


class Signups:
    """A thread with a short queue. ``archive`` and ``sender`` are its own to use and the opener's to close."""

    def __init__(self, archive: Archive, sender: Sender, composer: Composer, *, clock: Clock) -> None:
        self._archive = archive
        self._sender = sender
        self._composer = composer
        self._clock = clock
        self._queue: queue.Queue[_Question | None] = queue.Queue(WAITING)
        self._later: deque[_Question] = deque(maxlen=WAITING)
        self._thread = threading.Thread(target=self._work, name="sign-ups", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the one at hand and end; the rest is forgotten, and may be asked again."""
        while True:
            try:
                self._queue.put_nowait(None)
                break
            except queue.Full:
                self._drop_one()
        self._thread.join(30)

    def ask(self, address: str, wishes: Sequence[Subscription]) -> None:
        """Take a sign-up in; it never blocks and tells nothing."""
        try:
            self._queue.put_nowait(_Question(address, tuple(wishes)))
        except queue.Full:
            return

    def idle(self) -> bool:
        """Whether everything taken in was worked off, for tests."""
        return self._queue.unfinished_tasks == 0

    def _drop_one(self) -> None:
        try:
            self._queue.get_nowait()
        except queue.Empty:
            return
        self._queue.task_done()

    def _work(self) -> None:
        while True:
            try:
                question = self._queue.get(timeout=1.0)
            except queue.Empty:
                self._retry()
                continue
            try:
                if question is None:
                    return
                self._take(question)
            finally:
                self._queue.task_done()

    def _retry(self) -> None:
        now = self._clock.monotonic()
        for _ in range(len(self._later)):
            question = self._later.popleft()
            if question.not_before > now:
                self._later.append(question)
            else:
                self._take(question)

    def _take(self, question: _Question) -> None:
        try:
            self._ask(question)
        except SendError as error:
            if not error.permanent and question.tries < len(RETRIES):
                at = self._clock.monotonic() + RETRIES[question.tries]
                self._later.append(replace(question, tries=question.tries + 1, not_before=at))
        except ArchiveError:
            return  # the ledger is busy or full: the person sees no mail and may ask again

    def _ask(self, question: _Question) -> None:
        now = self._clock.now()
        if self._archive.suppressed(question.address) or not self._within_limits(question.address, now):
            return
        mine = self._archive.subscriptions(address=question.address)
        if sum(one.confirmed_at is None for one in mine) + len(question.wishes) > PENDING:
            return
        running = [one for one in mine if one.confirmed_at is not None]
        wishes = [wish for wish in question.wishes if not any(_asks_same(wish, other) for other in running)]
        wanted = enter(
            self._archive, [replace(wish, created_at=now, source="web", confirmed_at=None) for wish in wishes]
        )
        if not wanted and not running:
            return
        digest = hashlib.sha256(f"{question.address} {now.isoformat()}".encode()).hexdigest()[:40]
        identity = f"{ASKED}{digest}@{self._composer.house.domain}>"
        base = self._composer.house.public_url
        if wanted:
            token = self._token("confirm", wanted, now)
            message = self._composer.confirmation(wanted, url=f"{base}/confirm/{token}", identity=identity, now=now)
        else:
            token = self._token("manage", running, now)
            message = self._composer.reminder(running, url=f"{base}/manage/{token}", identity=identity, now=now)
        self._sender.send(message)
        self._archive.delivered(Delivery(identity, question.address, now, "sent"))

    def _within_limits(self, address: str, now: datetime) -> bool:
        """One question a day to an address however it is capitalised, and not too many to all."""
        asked = [one.recipient for one in self._archive.deliveries(since=now - DAY) if one.message_id.startswith(ASKED)]
        return len(asked) < A_DAY and address.lower() not in {one.lower() for one in asked}

    def _token(self, purpose: Purpose, subscriptions: Sequence[Subscription], now: datetime) -> str:
        numbers = tuple(one.id for one in subscriptions if one.id is not None)
        return self._composer.tokens.grant(purpose, numbers, subscriptions[0].address, now=now)


def _asks_same(one: Subscription, other: Subscription) -> bool:
    return _bare(one) == _bare(other)


def _bare(one: Subscription) -> Subscription:
    """What is asked for, without when and how it came."""
    return replace(one, confirmed_at=None, created_at=None, id=None, source="web")
