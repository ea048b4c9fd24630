"""The one gate: follows redirects by hand, asks robots.txt, waits its turn, and takes only what is surely a page."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from requests.structures import CaseInsensitiveDict

from monitor.errors import BadResponse, ConfigError, FetchError, Problem, Refused
from monitor.fetch.address import Network, allowed_networks
from monitor.fetch.body import MAX_INFLATED
from monitor.fetch.budget import Budget
from monitor.fetch.connections import Wire
from monitor.fetch.headers import conditions, kept_headers, rendered_headers, request_headers
from monitor.fetch.politeness import Politeness
from monitor.fetch.robots import MAX_ROBOTS, Robots
from monitor.fetch.sockets import Resolve, system_resolve
from monitor.fetch.status import outcome, retry_after, status_error
from monitor.fetch.target import Target, join_target, parse_target
from monitor.fetch.transport import Answer, Transport
from monitor.model import Capture, FetchRequest, NotModified, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.fetch.browser import Browser
    from monitor.fetch.rendering import Part
    from monitor.ports import Clock

MAX_REDIRECTS = 10
_MAX_ROBOTS_REDIRECTS = 5
_BACKOFF = (0.5, 2.0)  # seconds before the second and the third attempt
_WORTH_ANOTHER_TRY = {"connect", "reset", "truncated", "browser", "http-500", "http-502", "http-503", "http-504"}
_NO_DOCUMENT = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript")


class Gate:
    """Implements Fetcher. Safe to use from several threads; a host is never asked twice at once.

    ``resolve`` gives the addresses of a host name; None asks the system. What it gives is vetted all the same.
    """

    def __init__(self, settings: Settings, *, clock: Clock, resolve: Resolve | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._headers = request_headers(settings.contact)
        self._stopped = threading.Event()
        self._wire = Wire(
            resolve=resolve or system_resolve,
            allowed=_networks(settings),
            ports=settings.allow_ports,
            certificates=_certificates(settings),
        )
        self._transport = Transport(self._wire)
        self._politeness = Politeness(clock, delay=settings.delay.total_seconds(), stopped=self._stopped)
        self._robots = Robots(clock, self._read_robots)
        self._browser: Browser | None = None
        self._browser_lock = threading.Lock()

    def fetch(self, request: FetchRequest) -> Capture | NotModified:
        """What the URL gives now; NotModified only when validators were sent.

        Raises:
            FetchError: it gave nothing that can be used.
        """
        budget = Budget(self._clock, self._settings.deadline.total_seconds(), self._stopped)
        get = self._render if request.render == "browser" else self._follow
        for pause in _BACKOFF:
            try:
                return get(request, budget)
            except FetchError as error:
                if error.kind not in _WORTH_ANOTHER_TRY or error.retry_after or budget.left <= 0:
                    raise
            self._clock.sleep(pause)
        return get(request, budget)

    def close(self) -> None:
        """Drop connections and the browser; what is still being fetched ends soon, as ``stopped``."""
        self._stopped.set()
        with self._browser_lock:
            if self._browser is not None:
                self._browser.close()
        self._transport.close()

    def _render(self, request: FetchRequest, budget: Budget) -> Capture:
        # validators would tell of the shell that loads the text, not of the text
        shell = self._follow(replace(request, validators=None), budget)
        assert isinstance(shell, Capture)  # no validators were sent
        if "html" not in shell.header("content-type") and shell.body.lstrip()[:1] != b"<":
            return shell  # a PDF, say, needs no browser
        with self._browser_lock:
            if self._browser is None:
                from monitor.fetch.browser import Browser

                self._browser = Browser(self._clock)
        host = self._target(shell.final_url).host
        load = partial(self._part, ignore_robots=bool(request.robots_ignore))
        # the parts of a page come one after another, without a pause between them, as a reader's browser takes them
        with self._politeness.turn(shell.final_url, host):
            budget.start(shell.final_url)
            try:
                html, shown = self._browser.render(shell, load, seconds=budget.remaining())
            finally:
                budget.stop()
        return replace(
            shell,
            final_url=shown.partition("#")[0],
            fetched_at=self._clock.now(),
            headers=rendered_headers(shell.headers),
            body=html.encode("utf-8", "replace"),
            rendered=True,
        )

    def _part(self, url: str, headers: Mapping[str, str], seconds: float, *, ignore_robots: bool) -> Part:
        """A part of a page that is being rendered. Raises FetchError."""
        from monitor.fetch.rendering import Part

        budget = Budget(self._clock, seconds, self._stopped)
        target = self._target(url)
        for _ in range(MAX_REDIRECTS + 1):
            if not ignore_robots:
                self._robots.check(target, budget, read=partial(self._read_robots, queued=False))
            with self._ask(target, budget, headers, crawl_delay=None, queued=False) as answer:
                match outcome(answer.status, conditional=False):
                    case "content":
                        return Part(kept_headers(answer.headers), answer.read(limit=MAX_INFLATED))
                    case "redirect":
                        target = self._redirect(target, answer)
                    case _:
                        raise self._failure(target, answer)
        raise BadResponse(url, "too-many-redirects", f"more than {MAX_REDIRECTS} redirects")

    def _follow(self, request: FetchRequest, budget: Budget) -> Capture | NotModified:
        target = self._target(request.url)
        passed: list[str] = []
        while True:
            crawl_delay = 0.0 if request.robots_ignore else self._robots.check(target, budget)
            asked = conditions(request.validators, str(target), first=not passed)
            with self._ask(target, budget, asked, crawl_delay=None if passed else crawl_delay) as answer:
                match outcome(answer.status, conditional=bool(asked)):
                    case "unchanged":
                        return NotModified(request.url, str(target), self._clock.now(), kept_headers(answer.headers))
                    case "content":
                        return self._capture(request, target, answer, tuple(passed))
                    case "error":
                        raise self._failure(target, answer)
                    case "redirect":
                        following = self._redirect(target, answer)
            passed.append(str(target))
            if str(following) in passed:
                raise BadResponse(request.url, "redirect-loop", f"the redirects lead in a circle at {following}")
            if len(passed) > MAX_REDIRECTS:
                raise BadResponse(request.url, "too-many-redirects", f"more than {MAX_REDIRECTS} redirects")
            target = following

    def _capture(self, request: FetchRequest, target: Target, answer: Answer, passed: tuple[str, ...]) -> Capture:
        kind = answer.header("content-type").strip().lower()
        if kind.startswith(_NO_DOCUMENT):
            raise BadResponse(str(target), "content-type", f"the server sent {kind[:60]!r}, which is no document")
        body = answer.read(limit=MAX_INFLATED)
        if not body:
            raise BadResponse(str(target), "empty", "the server sent an empty page")
        now, headers = self._clock.now(), kept_headers(answer.headers)
        return Capture(request.url, str(target), now, 200, headers, body, redirects=passed, framed=answer.complete)

    def _redirect(self, target: Target, answer: Answer) -> Target:
        location = answer.header("location")
        if not location:
            raise BadResponse(str(target), "bad-redirect", f"a redirect ({answer.status}) that does not say where to")
        following = join_target(target, location, allow_ports=self._settings.allow_ports)
        if target.scheme == "https" and following.scheme == "http":
            reason = f"redirected from https to unprotected {following}"
            raise Refused(str(target), "downgrade", reason)
        _finish(answer)
        return following

    def _failure(self, target: Target, answer: Answer) -> FetchError:
        until = retry_after(answer.header("retry-after"), now=self._clock.now())
        if answer.status in {429, 503} and until:
            self._politeness.leave_alone(target.host, until)
        _finish(answer)
        return status_error(str(target), answer.status, until)

    @contextmanager
    def _ask(
        self,
        target: Target,
        budget: Budget,
        more: Mapping[str, str],
        *,
        crawl_delay: float | None,
        queued: bool = True,
    ) -> Iterator[Answer]:
        """One request, in the host's turn unless that is held by the page it belongs to. Raises FetchError."""
        headers = CaseInsensitiveDict({**self._headers, **more})  # "accept" of a page's script replaces ours
        url = str(target)
        self._politeness.require_welcome(url, target.host)
        with (
            self._politeness.turn(url, target.host, crawl_delay=crawl_delay) if queued else nullcontext(),
            self._transport.get(target, headers, budget) as answer,
        ):
            yield answer

    def _read_robots(self, target: Target, budget: Budget, *, queued: bool = True) -> bytes:
        for _ in range(_MAX_ROBOTS_REDIRECTS + 1):
            with self._ask(target, budget, {}, crawl_delay=None, queued=queued) as answer:
                match outcome(answer.status, conditional=False):
                    case "content":
                        return answer.read(limit=MAX_ROBOTS, cut=True)
                    case "redirect":
                        target = self._redirect(target, answer)
                    case _:
                        raise self._failure(target, answer)
        raise BadResponse(str(target), "too-many-redirects", f"more than {_MAX_ROBOTS_REDIRECTS} redirects")

    def _target(self, url: str) -> Target:
        return parse_target(url, allow_ports=self._settings.allow_ports)


def _finish(answer: Answer) -> None:
    """Read a body that nobody needs, to keep the connection; that it cannot be read changes nothing."""
    with suppress(FetchError):
        answer.drain()


def _networks(settings: Settings) -> tuple[Network, ...]:
    try:
        return allowed_networks(settings.allow_networks)
    except ValueError as error:
        problem = Problem("allow_networks", 0, str(error), 'write networks as "10.1.0.0/16"')
        raise ConfigError(str(settings.root / "settings.toml"), (problem,)) from error


def _certificates(settings: Settings) -> Path | None:
    path = settings.certificate_file
    if path is not None and not path.is_file():
        problem = Problem("certificate_file", 0, f"{path} is no file", "it holds certificate authorities in PEM format")
        raise ConfigError(str(settings.root / "settings.toml"), (problem,))
    return path
