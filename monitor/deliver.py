"""Hand over what is owed: one mail at a time, each attempt and its outcome in the ledger.

The order makes it safe to be killed anywhere: the Message-ID is written down before the first attempt, the outcome
after it. A message whose outcome was not written is sent again under the same Message-ID, so that the recipient's
server can tell, and a maildir holds it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.alerts.compose import Composer
from monitor.alerts.digest import batches, empty_batch, message_id
from monitor.alerts.tokens import Tokens
from monitor.alerts.views import Batch
from monitor.errors import SendError
from monitor.mailfailing import tell_given_up, tell_mail_failing, tell_mail_works
from monitor.model import TARGET, Delivery, DeliveryOutcome, Settings, Watchlist
from monitor.pacing import MINUTE, Pace, backoff
from monitor.ports import Archive, Clock, Sender
from monitor.subscribe import ensure_operators, forget_unconfirmed, house_of
from monitor.told import Knowledge

GIVE_UP = 28  # attempts: five days, as mail servers do among themselves; never while the server takes nothing at all
PERIOD_MEMORY = timedelta(days=10)  # deliveries that tell whether a digest of a period went out


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did: messages by outcome, and why some were left for later."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    suppressed: int = 0
    busy: bool = False  # another process was delivering
    trouble: str = ""  # why the mail server takes nothing at all
    unfinished: bool = False  # the time that was given was over, or somebody asked to stop


class Outlets(Protocol):
    """What handing over needs from the world."""

    @property
    def archive(self) -> Archive:
        """Where alerts wait and outcomes go."""

    @property
    def sender(self) -> Sender:
        """The way out."""

    @property
    def settings(self) -> Settings:
        """Who sends, how fast, and who is told when mail fails."""

    @property
    def keys(self) -> tuple[bytes, ...]:
        """What signs links."""

    @property
    def watchlist(self) -> Watchlist:
        """Names and addresses of documents."""

    @property
    def clock(self) -> Clock:
        """The time."""


def hand_over(
    outlets: Outlets, *, within: timedelta | None = None, stopping: Callable[[], bool] = lambda: False
) -> Delivered:
    """``deliver`` with everything that a door has at hand. Raises ArchiveError, ConfigError."""
    return deliver(
        outlets.archive,
        outlets.sender,
        settings=outlets.settings,
        keys=outlets.keys,
        watchlist=outlets.watchlist,
        clock=outlets.clock,
        within=within,
        stopping=stopping,
    )


def deliver(
    archive: Archive,
    sender: Sender,
    *,
    settings: Settings,
    keys: tuple[bytes, ...],
    watchlist: Watchlist,
    clock: Clock,
    within: timedelta | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Hand over everything that is due.

    Args:
        archive: where alerts wait and outcomes go.
        sender: the way out.
        settings: who sends, how fast, and who is to be told when mail fails.
        keys: what signs links (``monitor.send.token_keys``).
        watchlist: names and addresses of documents.
        clock: the time.
        within: stop after that long; what is left stays owed.
        stopping: whether to stop before the next message.

    Raises:
        ArchiveError: an outcome could not be written; what was sent before is known.
        ConfigError: an operator's address is none.
    """
    with archive.delivering() as mine:
        if not mine:
            return Delivered(busy=True)
        composer = Composer(house_of(settings), Tokens(keys))
        knowledge = Knowledge(archive, watchlist, settings=settings, now=clock.now())
        ends = clock.monotonic() + within.total_seconds() if within else None

        def enough() -> bool:
            return stopping() or (ends is not None and clock.monotonic() >= ends)

        return _Run(archive, sender, composer, knowledge, settings=settings, clock=clock, enough=enough).all()


class _Run:
    """One run: what it has done, and what it has learnt of the mail server."""

    def __init__(
        self,
        archive: Archive,
        sender: Sender,
        composer: Composer,
        knowledge: Knowledge,
        *,
        settings: Settings,
        clock: Clock,
        enough: Callable[[], bool],
    ) -> None:
        self._archive = archive
        self._sender = sender
        self._composer = composer
        self._knowledge = knowledge
        self._domain = composer.house.domain
        self._enough = enough
        self._clock = clock
        self._pace = Pace(settings.mail_per_minute, clock)
        self._settings = settings
        self._done: Counter[str] = Counter()
        self._trouble = ""
        self._unfinished = False
        self._late = False  # something went out that had failed before

    def all(self) -> Delivered:
        """Everything that is due; then what the operator must know of it."""
        now = self._clock.now()
        ensure_operators(self._archive, self._settings, now=now)
        forget_unconfirmed(self._archive, now=now)
        since = now - timedelta(seconds=MINUTE)
        self._pace.remember([one.at for one in self._archive.deliveries(since=since) if one.outcome == "sent"])
        self._owed()
        self._empty()
        if self._late and not self._trouble and tell_mail_works(self._archive, now=self._clock.now()):
            self._owed()
        if self._trouble and tell_mail_failing(self._archive, reason=self._trouble, now=self._clock.now()):
            self._owed()
        done = self._done
        return Delivered(
            sent=done["sent"],
            deferred=done["deferred"],
            refused=done["refused"],
            suppressed=done["suppressed"],
            trouble=self._trouble,
            unfinished=self._unfinished,
        )

    def _owed(self) -> None:
        for address in self._archive.addressees(self._clock.now()):
            if self._unfinished:
                return
            if self._trouble and not address.startswith(TARGET):
                continue
            # one more look at what is owed after each message: who unsubscribes meanwhile gets nothing more
            tried: set[str] = set()
            while batch := self._next(address, tried):
                tried.add(message_id(batch, self._domain))
                self._hand_over(batch)
                if self._trouble and not address.startswith(TARGET):
                    break

    def _next(self, address: str, tried: set[str]) -> Batch | None:
        """The next mail to an address, when its turn has come."""
        self._pace.wait(self._enough)
        if self._enough():
            self._unfinished = True
            return None
        found = batches(self._archive.owed(self._clock.now(), address=address))
        return next((batch for batch in found if message_id(batch, self._domain) not in tried), None)

    def _empty(self) -> None:
        """Digests of periods in which nothing happened, for those who asked to be told that."""
        now = self._clock.now()
        wanted = [one for one in self._archive.subscriptions() if one.empty_digest and one.every != "now"]
        if not wanted:
            return
        past = self._archive.deliveries(since=now - PERIOD_MEMORY)
        for subscription in wanted:
            batch = empty_batch(subscription, now=now)
            if batch is None or batch.period is None:
                continue
            if self._enough() or self._trouble:
                return
            attempts = _attempts(past, batch, message_id(batch, self._domain), now)
            if attempts is None or self._archive.owed(now, address=subscription.address):
                continue
            self._pace.wait(self._enough)
            current = self._archive.subscription(subscription.id or 0)
            if current is not None and current.ended_at is None:
                self._hand_over(replace(batch, attempts=attempts))

    def _hand_over(self, batch: Batch) -> None:
        off = self._archive.suppressed(batch.address)
        identity = message_id(batch, self._domain)
        if off:
            self._write(batch, identity, "suppressed", off)
            return
        now = self._clock.now()
        message = self._composer.alert(batch, self._knowledge.told(batch), self._knowledge.account(batch), now=now)
        if batch.alerts and not batch.message_id:
            self._archive.assign(identity, batch.alerts)
        try:
            self._sender.send(message)
        except SendError as error:
            self._failed(batch, identity, error)
            return
        self._write(batch, identity, "sent")
        self._pace.sent()
        self._late = self._late or (batch.attempts > 0 and not batch.address.startswith(TARGET))

    def _failed(self, batch: Batch, identity: str, error: SendError) -> None:
        now = self._clock.now()
        if error.server and not batch.address.startswith(TARGET):
            self._trouble = error.reason
        if error.permanent and not error.server:
            self._write(batch, identity, "refused", error.reason)
            self._archive.suppress(batch.address, reason=error.reason, at=now)
        elif not error.server and batch.attempts + 1 >= GIVE_UP:
            self._write(batch, identity, "refused", error.reason)
            tell_given_up(self._archive, batch.subscriptions[0].id, reason=error.reason, now=now)
        else:
            self._write(batch, identity, "deferred", error.reason, retry_at=now + backoff(batch.attempts, identity))

    def _write(
        self,
        batch: Batch,
        identity: str,
        outcome: DeliveryOutcome,
        reason: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        delivery = Delivery(identity, batch.address, self._clock.now(), outcome, reason, batch.alerts, retry_at)
        self._archive.delivered(delivery)
        self._done[outcome] += 1


def _attempts(past: tuple[Delivery, ...], batch: Batch, identity: str, now: datetime) -> int | None:
    """How often an empty digest was tried; None when it is not due: done, or waiting, or the period was not empty."""
    tried = [one for one in past if one.message_id == identity]
    if any(one.outcome != "deferred" for one in tried) or any((one.retry_at or now) > now for one in tried):
        return None
    full = f"<{batch.rhythm}."
    for one in past:
        same = one.recipient == batch.address and one.alerts and one.message_id.startswith(full)
        if same and batch.period is not None and one.at >= batch.period:
            return None
    return len(tried)
