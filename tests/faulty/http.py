"""A web server on loopback for tests: a site of pages that behave, and raw exchanges that break HTTP in one way each.

``with Site({"/privacy": "<h1>Privacy</h1>"}) as site: site.url("/privacy")``. A page is text, bytes, a Response, a
function from the Request to one of these, or a coroutine function that gets the raw Exchange (see ``faulty.faults``).
A key may name the host as well: ``"acme.example/privacy"``. Pages may be replaced while the site runs.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import inspect
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent."""

    method: str
    path: str  # with the query
    host: str  # without the port
    headers: Mapping[str, str]  # lower-case names
    at: float  # time.monotonic()
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What a page gives. Length and the usual headers are added; ``headers`` may override them or add some."""

    body: str | bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    last_modified: str = ""
    compress: bool = False

    @property
    def raw(self) -> bytes:
        """The body in bytes, before compression."""
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Exchange:
    """One request and the wire it came by; what is sent through here is counted."""

    site: Site
    request: Request
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    keep: bool = False  # whether the connection stays open for another request

    async def send(self, data: bytes) -> None:
        """Put bytes on the wire."""
        self.writer.write(data)
        await self.writer.drain()
        self.site.bytes_sent += len(data)

    async def respond(self, response: Response) -> None:
        """Send an ordinary answer; 304 when the request's validators match the response's."""
        wanted = self.request.headers
        if "if-none-match" in wanted:
            same = bool(response.etag) and response.etag == wanted["if-none-match"]
        else:
            same = bool(response.last_modified) and response.last_modified == wanted.get("if-modified-since")
        body = b"" if same else response.raw
        status = 304 if same else response.status
        headers: list[tuple[str, str]] = [("Content-Type", response.content_type)] if response.content_type else []
        if response.compress and "gzip" in wanted.get("accept-encoding", ""):
            body = gzip.compress(body, mtime=0) if body else b""
            headers.append(("Content-Encoding", "gzip"))
        headers += [("ETag", response.etag)] if response.etag else []
        headers += [("Last-Modified", response.last_modified)] if response.last_modified else []
        overridden = {name.lower() for name, _ in response.headers}
        if status not in {204, 304}:
            headers.append(("Content-Length", str(len(body))))
        headers = [pair for pair in headers if pair[0].lower() not in overridden] + list(response.headers)
        reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Odd"
        head = f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
        self.keep = True
        await self.send(head.encode("latin-1") + (b"" if self.request.method == "HEAD" else body))


Content = str | bytes | Response
Page = Content | Callable[[Request], Content] | Callable[[Exchange], Awaitable[None]]


@dataclass
class Site:
    """A server on a free port of 127.0.0.1 in a thread of its own; everything it saw can be asked for."""

    pages: dict[str, Page] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    etags: bool = False  # every page gets an ETag of its bytes
    name: str = "127.0.0.1"  # host name in url()
    address: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The address of a page, under the site's name or another one."""
        return f"{'https' if self.tls else 'http'}://{host or self.name}:{self.port}{path}"

    def seen(self, path: str | None = None) -> list[Request]:
        """The requests for a path; without one, all but those for robots.txt."""
        return [r for r in list(self.requests) if (r.path == path if path else r.path != "/robots.txt")]

    async def _start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, self.address, 0, ssl=self.tls, limit=1 << 20, ssl_handshake_timeout=10 if self.tls else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while (request := await self._receive(reader)) is not None:
                exchange = Exchange(self, request, reader, writer)
                await self._answer(exchange)
                if not exchange.keep:
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            writer.transport.abort()  # the client went away, or the site closes
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _receive(self, reader: asyncio.StreamReader) -> Request | None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            self.bytes_received += len(error.partial)
            return None
        self.bytes_received += len(head)
        line, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = (*line.split(" ", 2), "", "")[:3]
        pairs = (text.partition(":") for text in lines if text)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if (length := int(headers.get("content-length", "0"))) > 0:
            body = await reader.readexactly(length)
            self.bytes_received += length
            head += body
        host = headers.get("host", "").rsplit(":", 1)[0]
        request = Request(method, path, host, headers, time.monotonic(), head)
        self.requests.append(request)
        return request

    async def _answer(self, exchange: Exchange) -> None:
        request = exchange.request
        bare = request.path.partition("?")[0]
        keys = (f"{request.host}{request.path}", f"{request.host}{bare}", request.path, bare)
        page: object = next((self.pages[key] for key in keys if key in self.pages), None)
        if inspect.iscoroutinefunction(page) or isinstance(page, Raw):
            await page(exchange)
            return
        given = page(request) if callable(page) else page
        if given is None:
            given = Response("<h1>Not found</h1>", 404)
        response = given if isinstance(given, Response) else Response(given)  # type: ignore[arg-type] # str or bytes
        if self.etags and not response.etag and response.status == 200:
            tag = '"' + hashlib.sha256(response.raw).hexdigest()[:16] + '"'
            response = Response(response.body, 200, response.content_type, response.headers, tag, "", response.compress)
        await exchange.respond(response)


@dataclass(frozen=True)
class Raw:
    """A page that sends exactly these bytes and then ends the connection, or keeps it open for a while."""

    data: bytes
    hold: float = 0.0  # seconds before closing

    async def __call__(self, exchange: Exchange) -> None:
        await exchange.send(self.data)
        if self.hold:
            await asyncio.sleep(self.hold)
