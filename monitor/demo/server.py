"""The invented vendor's site on loopback: a policy that changes when told to, a menu that differs at every request."""

from __future__ import annotations

import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from types import TracebackType
from typing import Self

MENU = ("Product", "Plans", "Schools", "Download", "Blog", "Events", "Support", "Status", "About us")


class ParlourSite:
    """A site that serves one policy page; ``show`` decides which text, or the bot wall."""

    def __init__(self, *, seed: int = 2020) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a menu, no secret
        self._shown = "first"
        self.requests = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = site._answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep the terminal for the demonstration."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="parlour", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port the site listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where the policy is."""
        return f"http://127.0.0.1:{self.port}/privacy"

    def show(self, name: str) -> None:
        """From now on serve ``first``, ``quiet-edit``, ``rewrite`` or ``wall``."""
        self._shown = name

    def _answer(self, path: str) -> tuple[int, bytes]:
        self.requests += 1
        if path.partition("?")[0] != "/privacy":
            return 404, b"<h1>Not found</h1>"
        folder = files("monitor.demo")
        nonce = f"{self._random.getrandbits(48):012x}"
        if self._shown == "wall":
            return 200, (folder / "wall.html").read_text("utf-8").replace("{nonce}", nonce).encode()
        entries = self._random.sample(MENU, 6)
        menu = "".join(
            f'<li><a href="/{entry.lower().replace(" ", "-")}?s={nonce}">{entry}</a></li>' for entry in entries
        )
        page = (folder / "page.html").read_text("utf-8")
        policy = (folder / f"{self._shown}.html").read_text("utf-8")
        return 200, page.replace("{menu}", menu).replace("{policy}", policy).replace("{nonce}", nonce).encode()
