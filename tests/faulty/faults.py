"""Ways to break HTTP, one exchange each: ``Site(faults())`` serves them all, the path names the fault."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable

from faulty.http import Exchange, Page, Raw

Fault = Callable[[Exchange], Awaitable[None]]

PAGE = b"<html><body><h1>Privacy</h1>" + b"<p>We keep your data for thirty days.</p>" * 300 + b"</body></html>"
PACKED = gzip.compress(PAGE, mtime=0)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def answer(*headers: bytes, body: bytes = PAGE, status: bytes = b"HTTP/1.1 200 OK") -> Raw:
    """A raw answer with exactly these headers."""
    return Raw(b"\r\n".join([status, b"Content-Type: text/html", *headers, b"", b""]) + body)


def length(body: bytes) -> bytes:
    """A true Content-Length."""
    return b"Content-Length: %d" % len(body)


def packed(body: bytes) -> Raw:
    """A compressed body whose length is that of the bytes sent."""
    return answer(b"Content-Encoding: gzip", length(body), body=body)


def trickle(start: bytes, *, pause: float = 0.05) -> Fault:
    """Sends ``start`` at once, then a byte each ``pause`` seconds for ever."""

    async def fault(exchange: Exchange) -> None:
        await exchange.send(start)
        while True:
            await exchange.send(b"x")
            await asyncio.sleep(pause)

    return fault


def endless(start: bytes, piece: bytes) -> Fault:
    """Sends ``start``, then pieces as fast as they are taken."""

    async def fault(exchange: Exchange) -> None:
        await exchange.send(start)
        while True:
            await exchange.send(piece)

    return fault


def reset(start: bytes) -> Fault:
    """Sends ``start``, then resets the connection."""

    async def fault(exchange: Exchange) -> None:
        await exchange.send(start)
        sock = exchange.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        exchange.writer.transport.abort()

    return fault


def bomb(size: int) -> bytes:
    """A gzip of that many zeros, made piece by piece."""
    engine = zlib.compressobj(1, wbits=31)
    piece = bytes(1 << 20)
    return b"".join(engine.compress(piece) for _ in range(size >> 20)) + engine.flush()


def faults() -> dict[str, Page]:
    """Every fault under its path."""
    return {
        "/trickle-body": trickle(OK + b"Content-Length: 1000000\r\n\r\n"),
        "/trickle-head": trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        "/trickle-chunks": trickle(OK + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n"),
        "/half": Raw(OK + b"Content-Length: 2000\r\n\r\n" + PAGE[:1000], hold=30),
        "/silent": Raw(b"", hold=30),
        # ends too soon
        "/short": answer(b"Content-Length: 20000"),
        "/chunks-without-end": answer(b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n"),
        "/chunk-cut": answer(b"Transfer-Encoding: chunked", body=b"ff\r\nhello"),
        "/reset-in-body": reset(OK + b"Content-Length: 20000\r\n\r\n" + PAGE[:1000]),
        "/reset": reset(b""),
        "/hang-up": Raw(b""),
        # compression
        "/gzip": packed(PACKED),
        "/gzip-cut": packed(PACKED[:-20]),
        "/gzip-garbage": packed(PACKED + b"more"),
        "/gzip-two-members": packed(PACKED + PACKED),
        "/gzip-damaged": packed(PACKED[:40] + b"\x00\xff\x00\xff" + PACKED[44:]),
        "/gzip-not": packed(PAGE),
        "/gzip-in-gzip": answer(b"Content-Encoding: gzip, gzip", body=gzip.compress(PACKED)),
        "/gzip-twice-said": answer(b"Content-Encoding: gzip\r\nContent-Encoding: gzip", body=gzip.compress(PACKED)),
        "/deflate": answer(b"Content-Encoding: deflate", length(zlib.compress(PAGE)), body=zlib.compress(PAGE)),
        "/deflate-bare": answer(b"Content-Encoding: deflate", body=zlib.compress(PAGE, wbits=-15)),
        "/deflate-cut": answer(b"Content-Encoding: deflate", body=zlib.compress(PAGE)[:-9]),
        "/brotli": answer(b"Content-Encoding: br", body=b"\x1b\x00\x00"),
        "/unknown-coding": answer(b"Content-Encoding: rot13"),
        # framing
        "/length-negative": answer(b"Content-Length: -1"),
        "/length-words": answer(b"Content-Length: many"),
        "/length-plus": answer(b"Content-Length: +100"),
        "/length-list": answer(b"Content-Length: 10, 10"),
        "/length-twice": answer(length(PAGE), length(PAGE)),
        "/length-and-chunks": answer(length(PAGE), b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),
        "/coding-odd": answer(b"Transfer-Encoding: gzip, chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),
        "/no-length": answer(),
        "/too-long": answer(b"Content-Length: 100", b"Connection: close"),
        "/old": answer(status=b"HTTP/1.0 200 OK"),
        # size
        "/endless": endless(OK + b"\r\n", b"x" * 65536),
        "/endless-chunks": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        "/announced": Raw(OK + b"Content-Length: 100000000\r\n\r\n" + b"x" * 100_000, hold=5),
        "/large-header": Raw(b"HTTP/1.1 200 OK\r\nX-Large: " + b"x" * 5_000_000 + b"\r\n\r\n"),
        "/many-headers": Raw(b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 50_000 + b"\r\n"),
        "/interim-endless": endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100),
        "/continue-endless": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        # statuses and heads
        "/interim-only": Raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"),
        "/interim": Raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + length(PAGE) + b"\r\n\r\n" + PAGE),
        "/http-0.9": Raw(PAGE),
        "/http-2": Raw(b"HTTP/2.0 200 OK\r\n\r\n" + PAGE),
        "/garbage": Raw(bytes(range(256)) * 4),
        "/damaged-headers": answer(b"no colon here", length(PAGE)),
        "/status-words": answer(status=b"HTTP/1.1 abc OK"),
        "/redirect-nowhere": answer(status=b"HTTP/1.1 302 Found", body=b""),
    }
