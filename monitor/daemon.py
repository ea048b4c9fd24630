"""The same passes as from cron, for years in one process: a UTC tick over what the ledger says is due.

Nothing is persisted in the scheduler: the ledger knows when each document is due, so a restart, a suspend or a clock
that jumps neither doubles nor skips a check. Passes run in the main thread, between ticks; signals only set flags.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from monitor.cli.context import Context
from monitor.due import is_due
from monitor.errors import ArchiveError, ConfigError, LockedError, MonitorError
from monitor.heartbeat import Heartbeat, write_heartbeat
from monitor.log import start_logging
from monitor.model import Watchlist, WatchState
from monitor.observe import Observed
from monitor.passes import whole_pass

TICK = 15.0  # seconds
DELIVER_EVERY = timedelta(minutes=1)
HUNG_AFTER = 900.0  # seconds without a sign of life; every fetch, child and mail has a limit far below
EXIT_HUNG = 70


class Daemon:
    """Runs passes until it is told to stop."""

    def __init__(self, context: Context, *, tick: float = TICK, hung_after: float = HUNG_AFTER) -> None:
        self._context = context
        self._tick = tick
        self._hung_after = hung_after
        self._log = start_logging()
        self._scheduler = BlockingScheduler(timezone=UTC, executors={"default": DebugExecutor()})
        self._stopping = threading.Event()
        self._reload = False
        self._busy = False
        self._alive_at = context.clock.monotonic()
        self._next_due: datetime | None = None
        self._delivered_at: datetime | None = None
        self._problem = ""
        self._fatal: ArchiveError | None = None

    def run(self) -> None:
        """Return when a signal asks for it.

        Raises:
            ConfigError: the watchlist or the settings are wrong at the start.
            ArchiveError: the archive cannot be used any more.
        """
        self._next_due = self._nearest(self._context.watchlist)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        previous = {
            signal.SIGTERM: signal.signal(signal.SIGTERM, self._stop),
            signal.SIGINT: signal.signal(signal.SIGINT, self._stop),
            signal.SIGHUP: signal.signal(signal.SIGHUP, self._ask_reload),
        }
        watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        watchdog.start()
        self._scheduler.add_job(
            self._on_tick,
            "interval",
            seconds=self._tick,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._log.info("started", extra={"pid": os.getpid(), "documents": len(self._context.watchlist.documents)})
        try:
            self._on_tick()
            if not self._stopping.is_set():
                self._scheduler.start()
        finally:
            self._stopping.set()
            for number, handler in previous.items():
                signal.signal(number, handler)
            self._beat("stopped")
            self._log.info("stopped")
        if self._fatal is not None:
            raise self._fatal

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        self._stopping.set()
        if not self._busy and self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _ask_reload(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        self._reload = True

    def _on_tick(self) -> None:
        """One look at the clock; what is due is done before it returns. Raises nothing: the scheduler would log it."""
        self._busy = True
        try:
            if self._reload:
                self._reload = False
                self._take_over()
            self._work()
        except ArchiveError as error:
            self._fatal = error
            self._log.exception("archive cannot be used", extra={"where": error.path})
            self._stopping.set()
        except LockedError as error:
            self._say("another instance is checking", holder=error.holder)
        except MonitorError as error:
            self._problem = str(error)
            self._log.exception("a pass ended early")
        finally:
            self._busy = False
            if self._stopping.is_set() and self._scheduler.running:
                self._scheduler.shutdown(wait=False)

    def _work(self) -> None:
        now = self._context.clock.now()
        due = self._next_due is not None and self._next_due <= now
        owed = self._delivered_at is None or not timedelta() <= now - self._delivered_at < DELIVER_EVERY
        if not due and not owed:
            self._beat("waiting")
            return
        self._beat("checking" if due else "delivering")
        result = whole_pass(
            self._context,
            checking=due,
            exact=True,
            progress=self._observed,
            stopping=self._stopping.is_set,
        )
        self._delivered_at = now
        for remark in result.remarks:
            self._say(remark)
        if due:
            checked = result.checked
            self._log.info("pass", extra={"due": checked.due, "failed": checked.failed, "changes": checked.changes})
            self._next_due = self._nearest(self._context.watchlist)
        self._beat("waiting")

    def _observed(self, observed: Observed) -> None:
        self._beat("checking")
        recorded = observed.recorded
        outcome = recorded.check.outcome if recorded else "failed"
        fields = {"document": str(observed.document.key), "outcome": outcome}
        if observed.failed:
            self._log.warning("check", extra=fields | {"reason": observed.error})
        elif observed.change is not None:
            self._log.info("check", extra=fields | {"change": observed.change.id, "summary": observed.change.summary})
        elif outcome != "unchanged":
            self._log.info("check", extra=fields)

    def _take_over(self) -> None:
        """The watchlist and the settings as they are now on disk; a bad file keeps the old ones."""
        try:
            self._context.reload()
        except ConfigError as error:
            self._problem = f"kept the old configuration: {error}"
            self._log.error("reload", extra={"problem": str(error)})
            return
        self._problem = ""
        self._next_due = self._nearest(self._context.watchlist)
        self._log.info("reloaded", extra={"documents": len(self._context.watchlist.documents)})

    def _nearest(self, watchlist: Watchlist) -> datetime | None:
        """When the first document is due."""
        states = self._context.archive.states()
        now = self._context.clock.now()
        times = []
        for document in watchlist.documents:
            state = states.get(document.key) or WatchState(document.key)
            due = is_due(document, state, now=now, exact=True)
            times.append(now if due or state.next_check_at is None else state.next_check_at)
        return min(times, default=None)

    def _say(self, event: str, **fields: object) -> None:
        self._log.warning(event, extra=fields)

    def _beat(self, doing: str) -> None:
        self._alive_at = self._context.clock.monotonic()
        beat = Heartbeat(os.getpid(), self._context.clock.now(), doing, self._next_due, self._problem)
        write_heartbeat(self._context.root, beat)

    def _watch(self) -> None:
        """End a process that shows no sign of life: a supervisor starts it again, and the lock dies with it."""
        while not self._stopping.wait(min(5.0, self._hung_after / 4)):
            if self._context.clock.monotonic() - self._alive_at > self._hung_after:
                self._log.critical("hung", extra={"seconds": self._hung_after})
                faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
                os._exit(EXIT_HUNG)
