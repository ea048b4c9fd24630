"""A Chromium that renders pages one after another, in a thread of its own: Playwright wants to stay in one."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import FetchError, Refused, Unreachable
from monitor.fetch.rendering import FLAGS, Load, render_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Playwright

    from monitor.model import Capture
    from monitor.ports import Clock

_LAUNCH_SECONDS = 20.0
_GRACE = 3.0  # seconds after which a browser that does not keep its deadline is killed
_MAX_PAGES = 50  # a browser is replaced after so many, for it grows


@dataclass(frozen=True, slots=True)
class _Job:
    document: Capture
    load: Load
    seconds: float
    done: Future[tuple[str, str]]


class Browser:
    """Renders documents that were fetched before. Safe to call from several threads; they wait for each other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="browser", daemon=True)
        self._turn = threading.Lock()
        self._mark = f"--policy-monitor={uuid.uuid4().hex}"  # by which our own process is found again

    def render(self, document: Capture, load: Load, *, seconds: float) -> tuple[str, str]:
        """The HTML of the document after its scripts ran, and the address shown then.

        Raises:
            FetchError: there is no browser, or the page never came to rest.
        """
        with self._turn:
            if not self._thread.is_alive():
                _require_browser(document.final_url)
                self._thread.start()
            job = _Job(document, load, seconds, Future())
            self._jobs.put(job)
            try:
                return job.done.result(_LAUNCH_SECONDS + seconds + _GRACE)
            except NotDone:
                kill_marked(self._mark)  # a script that never ends keeps the browser from answering anything
                with suppress(NotDone, FetchError):
                    job.done.result(_GRACE)
                raise Unreachable(document.final_url, "timeout", "the page kept the browser busy for ever") from None

    def close(self) -> None:
        """End the browser."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join(_GRACE)
            if self._thread.is_alive():
                kill_marked(self._mark)
                self._thread.join(_GRACE)

    def _work(self) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            chromium: Chromium | None = None
            pages = 0
            while (job := self._jobs.get()) is not None:
                try:
                    if chromium is None or not chromium.is_connected() or pages >= _MAX_PAGES:
                        _close(chromium)
                        chromium, pages = self._launch(playwright, job.document.final_url), 0
                    pages += 1
                    found = render_page(chromium, job.document, job.load, clock=self._clock, seconds=job.seconds)
                    job.done.set_result(found)
                except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that asked
                    job.done.set_exception(error)
            _close(chromium)

    def _launch(self, playwright: Playwright, url: str) -> Chromium:
        from playwright.sync_api import Error

        root = hasattr(os, "geteuid") and os.geteuid() == 0
        try:
            return playwright.chromium.launch(
                executable_path=_executable(),
                args=[*FLAGS, self._mark],
                chromium_sandbox=not root,  # Chromium's sandbox does not work for root
                timeout=_LAUNCH_SECONDS * 1000,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except Error as error:
            first = str(error).partition("\n")[0][:200]
            raise Unreachable(url, "no-browser", f"Chromium cannot be started: {first}") from error


def _executable() -> str | None:
    return os.environ.get("MONITOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _require_browser(url: str) -> None:
    """Raise Refused when Playwright or Chromium is missing."""
    from importlib.util import find_spec

    if find_spec("playwright") is None:
        refused = Refused(url, "no-browser", "the page needs a browser, but Playwright is not installed")
        refused.remedy = 'Install the extra: pip install "policy-monitor[js]"'
        raise refused
    path = _executable()
    if path is None or not Path(path).is_file():
        what = f"{path} is not there" if path else "Chromium is not installed"
        refused = Refused(url, "no-browser", f"the page needs a browser, but {what}")
        refused.remedy = "Install it (Debian: apt-get install chromium) or set MONITOR_CHROMIUM to its path"
        raise refused


def kill_marked(mark: str, *, kill: Callable[[int, int], None] = os.kill, proc: Path = Path("/proc")) -> None:
    """End the processes that carry our mark in their command line; nobody else can have it."""
    for entry in proc.glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                kill(int(entry.name), signal.SIGKILL)


def _close(chromium: Chromium | None) -> None:
    from playwright.sync_api import Error

    if chromium is not None:
        with suppress(Error):
            chromium.close()
