"""One page in a browser: its scripts run, but every request it makes is answered by us or not at all.

The browser itself has no network: names do not resolve in it and its proxy leads nowhere, so what slips past the
interception (a preconnect, WebRTC) ends there. What the page's own site needs for its text (documents, scripts, data)
comes through the gate with all its rules; style sheets are answered with nothing, the rest is blocked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import BadResponse, FetchError, Unreachable
from monitor.fetch.target import literal_address

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route, WebSocketRoute

    from monitor.model import Capture
    from monitor.ports import Clock

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://0.0.0.0:1",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its name in older versions
)
MAX_PARTS = 200  # requests of one page
MAX_PARTS_SIZE = 30_000_000  # bytes of them all
MAX_DOM = 20_000_000  # characters
_LOADED = {"document", "script", "xhr", "fetch"}
_QUIET_MS = 300  # the text must stand still this long
_GIVEN_BACK = {"content-type", "content-security-policy"}
_PASSED_ON = {"accept", "authorization"}  # and x-…: what the page's own scripts say to the page's own site

# WebRTC sends UDP that nothing intercepts; the flag above stops it, this takes it away
_WITHOUT_PEERS = """for (const name of Object.getOwnPropertyNames(window))
  if (/^(webkit)?RTC|^WebTransport/.test(name)) delete window[name];"""

# open shadow roots are laid beside what they belong to, for they are not part of the document's HTML
_DOM = """(root) => {
  const lay = (within) => {
    for (const element of within.querySelectorAll('*')) {
      if (!element.shadowRoot || element.dataset.laidOpen) continue;
      element.dataset.laidOpen = '1';
      lay(element.shadowRoot);
      const box = document.createElement('div');
      box.append(...[...element.shadowRoot.childNodes].map((node) => node.cloneNode(true)));
      element.append(box);
    }
  };
  lay(root);
  return '<!DOCTYPE html>\\n' + root.outerHTML;
}"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one request of a page is answered with."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


Load = Callable[[str, Mapping[str, str], float], Part]
"""Fetches a part of the page through the gate, with these headers and in at most so many seconds. Raises FetchError."""


def render_page(browser: Browser, document: Capture, load: Load, *, clock: Clock, seconds: float) -> tuple[str, str]:
    """The HTML of the document after its scripts ran and the network fell quiet, and the address shown then.

    Raises:
        FetchError: it took too long, wanted too much or broke.
    """
    from playwright.sync_api import Error
    from playwright.sync_api import TimeoutError as TooLate

    visit = _Visit(document, load, clock=clock, ends=clock.monotonic() + seconds)
    context = None
    try:
        context = browser.new_context(
            service_workers="block",
            accept_downloads=False,
            locale="en-US",
            timezone_id="UTC",
            viewport={"width": 1280, "height": 4000},  # so that what waits to be scrolled to is loaded
        )
        context.add_init_script(_WITHOUT_PEERS)
        context.route("**/*", visit.answer)
        context.route_web_socket("**/*", _hang_up)
        page = context.new_page()
        context.on("page", lambda other: other.close())  # pop-ups
        page.goto(document.final_url, wait_until="domcontentloaded", timeout=visit.milliseconds())
        found = _when_quiet(page, visit), page.url
    except TooLate as error:
        raise visit.late() from error
    except Error as error:
        raise Unreachable(document.final_url, "browser", f"the browser failed: {_first_line(error)}") from error
    finally:
        if context is not None:
            with suppress(Error):  # the browser may be gone
                context.close()
    if visit.failure is not None:  # what is shown may lack a part; next time it may be there
        raise visit.failure
    if not found[1].startswith(("http://", "https://")):  # the browser's own page about a failure
        raise BadResponse(document.final_url, "off-site", "the page went on to an address that is not of its site")
    return found


class _Visit:
    """Answers the requests of one page."""

    def __init__(self, document: Capture, load: Load, *, clock: Clock, ends: float) -> None:
        self._document: Capture | None = document  # until the browser has asked for it
        self._load = load
        self._clock = clock
        self._ends = ends
        self._parts = self._size = 0
        self.url = document.final_url
        self._sites = {site_of(document.url), site_of(document.final_url)}
        self.failure: FetchError | None = None  # a passing one, of a part of the page

    def seconds(self) -> float:
        """What is left of the time. Raises Unreachable when nothing is."""
        left = self._ends - self._clock.monotonic()
        if left <= 0:
            raise self.late()
        return left

    def milliseconds(self) -> float:
        """The same in the browser's unit."""
        return self.seconds() * 1000

    def late(self) -> Unreachable:
        """The error that says that time is up."""
        return Unreachable(self.url, "timeout", "the page did not come to rest in time")

    def answer(self, route: Route, request: Request) -> None:
        """Answer a request of the page, or block it."""
        document, kind = self._document, request.resource_type
        if document is not None and request.url == document.final_url and kind == "document":
            self._document = None
            _fulfil(route, Part(document.headers, document.body))
        elif kind == "stylesheet":
            # some loaders wait for a style sheet before they run the script beside it
            route.fulfill(status=200, content_type="text/css", body="")
        elif kind in _LOADED and request.method == "GET" and site_of(request.url) in self._sites:
            self._forward(route, request)
        else:
            route.abort("blockedbyclient")

    def _forward(self, route: Route, request: Request) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS or self._size > MAX_PARTS_SIZE:
            route.abort("failed")
            return
        try:
            part = self._load(request.url, _passed_on(request.headers), self.seconds())
        except FetchError as error:
            if error.transient:
                self.failure = self.failure or error
            route.abort("failed")
        else:
            self._size += len(part.body)
            _fulfil(route, part, origin=request.headers.get("origin", ""))


def site_of(url: str) -> str:
    """What belongs together: the last two labels of the host, three under co.uk and the like; else the address itself.

    An approximation of the public suffix list; it only decides which hosts a page may load from.
    """
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].partition("?")[0].partition("#")[0].rpartition("@")[2]
    if scheme not in {"http", "https"} or host.startswith("["):
        return host or url
    host = host.partition(":")[0].lower().rstrip(".")
    labels = host.split(".")
    if literal_address(host):
        return host
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


def _when_quiet(page: Page, visit: _Visit) -> str:
    from playwright.sync_api import TimeoutError as TooLate

    with suppress(TooLate):  # a page that polls is never quiet; it may stand still all the same
        page.wait_for_load_state("networkidle", timeout=max(visit.milliseconds() * 0.5, 1))
    html = _dom(page, visit)
    while True:
        page.wait_for_timeout(_QUIET_MS)
        again = _dom(page, visit)
        if again == html:
            return again
        html = again


def _dom(page: Page, visit: _Visit) -> str:
    html = page.locator("html").evaluate(_DOM, timeout=visit.milliseconds())
    if not isinstance(html, str) or len(html) > MAX_DOM:
        raise BadResponse(visit.url, "too-large", f"the page grew beyond {MAX_DOM:,} characters")
    return html


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    wanted = {name: value for name, value in headers.items() if name in _PASSED_ON or name.startswith("x-")}
    return {name: value for name, value in wanted.items() if value.isascii() and value.isprintable()}


def _fulfil(route: Route, part: Part, *, origin: str = "") -> None:
    headers = {name: value for name, value in part.headers if name in _GIVEN_BACK}
    if origin:  # we ask without naming an origin, so the server does not say that this one may read it; its site may
        headers |= {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
    route.fulfill(status=200, headers=headers, body=part.body)


def _hang_up(socket: WebSocketRoute) -> None:
    socket.close()


def _first_line(error: Exception) -> str:
    return "".join(letter for letter in str(error).partition("\n")[0][:200] if letter.isprintable())
