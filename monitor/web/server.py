"""The server: HTTP/1.1 on one address, patient with nobody, silent about who asked for what."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from typing import Any, NoReturn

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.web.guard import App

HEAD_SECONDS = 10.0  # for a request's first line and headers
KEEP_ALIVE_SECONDS = 10
CONNECTIONS = 200
LONGEST_HEAD = 16_384


def serve(app: App, *, host: str, port: int, proxies: str = "127.0.0.1") -> None:
    """Serve until the process is told to end. ``proxies`` are the addresses whose X-Forwarded-For is believed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn raises the signal anew when it is done: then the caller tidies up
    server(app, host=host, port=port, proxies=proxies).run()


def server(app: App, *, host: str, port: int, proxies: str = "127.0.0.1") -> uvicorn.Server:
    """The server, not yet running."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_Patient,
        ws="none",
        lifespan="off",
        access_log=False,  # addresses of pages hold tokens
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    return uvicorn.Server(config)


def _leave(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - the signature of a handler
    raise SystemExit(0)


class _Patient(H11Protocol):
    """The protocol, but whoever does not finish a request's head in time is hung up on: uvicorn would wait for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base
        super().connection_made(transport)
        self._expect()

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr]  # None before the first
            self._relax()

    def on_response_complete(self) -> None:
        self._expect()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._relax()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._relax()
        self._late = self.loop.call_later(HEAD_SECONDS, self._hang_up)

    def _relax(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _hang_up(self) -> None:
        sock: Any = self.transport.get_extra_info("socket")
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RD)
        self.transport.close()
