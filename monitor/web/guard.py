"""What surrounds every request: limits on its size and time before, strict headers after, whatever happens inside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 64_000  # octets: a form with every vendor ticked stays far below
BODY_SECONDS = 10.0
LONGEST_TARGET = 4_000
LARGEST_HEAD = 16_000

DOOR_CSP = (
    "default-src 'none'; style-src 'self'; form-action 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
)
REPORT_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
FILE_CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": DOOR_CSP,
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "no-referrer",  # addresses of pages hold tokens
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


class Guard:
    """The outermost layer. An application that answers has its own headers kept, the missing ones are added."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        sent = False

        async def strict(message: Message) -> None:
            nonlocal sent
            if message["type"] == "http.response.start":
                sent = True
                message["headers"] = _with_headers(message.get("headers", []))
            await send(message)

        if refusal := _malformed(scope):
            await _refuse(strict, *refusal)
            return
        try:
            body = await asyncio.wait_for(_read(receive), BODY_SECONDS)
        except TimeoutError:
            await _refuse(strict, 408, "The request took too long.")
            return
        except _TooLargeError:
            await _refuse(strict, 413, "The request is too large.")
            return
        except ConnectionError:
            return  # the client went away; there is nobody to answer
        try:
            await self._app(scope, _replay(body, receive), strict)
        except Exception:  # whatever it is, the client gets an answer, and the error goes on to the log
            if not sent:
                await _refuse(strict, 500, "Something went wrong here. It is not your fault.")
            raise  # the server logs it; the page shows nothing of it


def _malformed(scope: Scope) -> tuple[int, str] | None:
    """Why a request's head is not even looked at, None when it is fine."""
    if len(scope.get("raw_path", b"")) + len(scope.get("query_string", b"")) > LONGEST_TARGET:
        return 414, "The address is too long."
    headers = scope["headers"]
    if sum(len(name) + len(value) for name, value in headers) > LARGEST_HEAD:
        return 431, "The headers are too large."
    names = {name.lower() for name, _ in headers}
    if {b"content-length", b"transfer-encoding"} <= names:  # a proxy may have read the other one
        return 400, "The length of the request is given twice."
    return None


class _TooLargeError(Exception):
    pass


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body") or b""
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body that was read, then whatever the server says next."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(send: Send, status: int, words: str) -> None:
    content = f"{words}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _with_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    missing = [
        (name.lower().encode(), value.encode())
        for name, value in HEADERS.items()
        if name.lower().encode() not in present
    ]
    return [*headers, *missing]
