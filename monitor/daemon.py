"""The same passes as from cron, for years in one process: a UTC tick over what the ledger says is due.

Nothing is persisted in the scheduler: the ledger knows when each document is due, so a restart, a suspend or a clock
that jumps neither doubles nor skips a check. Passes run in the main thread, between ticks; a signal only leaves a byte
for the watchdog, which ends the scheduler when no tick is under way and ends the process when a tick does not end.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import select
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger

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
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_JOB = "tick"
_LOOK_EVERY = 5.0  # seconds; the watchdog's own pace


class Tick(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires again and again, and once for all the times that a jump of the clock skipped.

    The scheduler's own interval lists each of them before it takes the last: a machine that wakes up in 1970 and learns
    the date a minute later would list some thirty million.
    """

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next time: one interval after the last, at once when that is past."""
        return max((previous_fire_time or now) + self._every, now)


class Daemon:
    """Runs passes until it is told to stop."""

    def __init__(self, context: Context, *, tick: float = TICK, hung_after: float = HUNG_AFTER) -> None:
        self._context = context
        self._tick = tick
        self._hung_after = hung_after
        self._log = start_logging()
        self._scheduler = BlockingScheduler(timezone=UTC, executors={"default": DebugExecutor()})
        self._stop = False  # asked to end; plain flags, for a signal may come while any lock is held
        self._reload = False
        self._ended = False
        self._wakes, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._alive_at = context.clock.monotonic()
        self._looked_at = context.clock.now()
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
        previous = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        watchdog.start()
        self._scheduler.add_job(
            self._on_tick,
            Tick(timedelta(seconds=self._tick)),
            id=_JOB,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._log.info("started", extra={"pid": os.getpid(), "documents": len(self._context.watchlist.documents)})
        try:
            self._on_tick()
            if not self._stop:
                self._scheduler.start()
        finally:
            self._ended = True
            self._nudge()
            watchdog.join()
            for number, handler in previous.items():
                signal.signal(number, handler)
            for end in (self._wakes, self._wake):
                os.close(end)
            self._beat("stopped")
            self._log.info("stopped")
        if self._fatal is not None:
            raise self._fatal

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        if number == signal.SIGHUP:
            self._reload = True
        else:
            self._stop = True
        self._nudge()

    def _nudge(self) -> None:
        """Wake the watchdog. No lock is taken: this also happens inside of signal handlers."""
        with contextlib.suppress(BlockingIOError):  # it has many a byte to read already
            os.write(self._wake, b"!")

    def _stopping(self) -> bool:
        return self._stop

    def _on_tick(self) -> None:
        """One look at the clock; what is due is done before it returns. Raises nothing: the scheduler would log it."""
        if self._stop:
            return
        try:
            if self._reload:
                self._reload = False
                self._take_over()
            self._work()
        except ArchiveError as error:
            self._fatal = error
            self._log.exception("archive cannot be used", extra={"where": error.path})
            self._stop = True
            self._nudge()
        except LockedError as error:
            self._say("another instance is checking", holder=error.holder)
        except MonitorError as error:
            self._problem = str(error)
            self._log.exception("a pass ended early")

    def _work(self) -> None:
        now = self._context.clock.now()
        if now < self._looked_at:
            self._say("the clock was set back", before=self._looked_at.isoformat())
            self._next_due = self._nearest(self._context.watchlist)
        self._looked_at = now
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
            stopping=self._stopping,
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
        """Look after the main thread until it has ended.

        A process that shows no sign of life is ended: a supervisor starts it again, and the lock dies with it. The
        scheduler counts by the wall clock: when that is set back, the next tick is moved to now; so it is when
        somebody asked for the watchlist to be read again.
        """
        seen = self._context.clock.now()
        while not self._ended:
            patience = 0.05 if self._stop else min(_LOOK_EVERY, self._hung_after / 4)
            if select.select([self._wakes], [], [], patience)[0]:
                os.read(self._wakes, 4096)
            if self._stop:
                with contextlib.suppress(SchedulerNotRunningError):  # not yet, or not any more
                    self._scheduler.shutdown(wait=False)  # waits for the tick that is under way
                continue
            now = self._context.clock.now()
            if now < seen or self._reload:
                with contextlib.suppress(JobLookupError):
                    self._scheduler.modify_job(_JOB, next_run_time=now)
            seen = now
            if self._context.clock.monotonic() - self._alive_at > self._hung_after:
                self._log.critical("hung", extra={"seconds": self._hung_after})
                faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
                os._exit(EXIT_HUNG)
