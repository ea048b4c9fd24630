"""The bytes of an answer: where they end, and what they are when they are inflated.

Well-known clients accept a gzip body that was cut when Content-Length matches the cut (9,817 of 12,000 bytes, status
200, no error), and some inflate without bound. A page without its end is for us a company that deleted its last
clauses. So we inflate here, with a limit, and require the stream to end, and nothing behind it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.errors import BadResponse

MAX_INFLATED = 20_000_000

Headers = Sequence[tuple[str, str]]
"""Names in lower case."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How the end of a body is marked: by a length, by chunks, or (neither) by the end of the connection."""

    length: int | None
    chunked: bool


def framing(url: str, headers: Headers) -> Framing:
    """What the headers say about the body's end.

    Raises:
        BadResponse: they contradict themselves or each other (``bad-framing``).
    """
    lengths = [value.strip() for name, value in headers if name == "content-length"]
    codings = [value.strip().lower() for name, value in headers if name == "transfer-encoding"]
    if lengths and codings:
        raise BadResponse(url, "bad-framing", "the answer has both a Content-Length and a Transfer-Encoding")
    if codings:
        if codings != ["chunked"]:
            raise BadResponse(url, "bad-framing", f"the answer has an unusual Transfer-Encoding: {codings[0][:60]!r}")
        return Framing(None, chunked=True)
    if len(lengths) > 1:
        raise BadResponse(url, "bad-framing", "the answer has more than one Content-Length")
    if lengths:
        if not (lengths[0].isascii() and lengths[0].isdigit() and len(lengths[0]) < 16):
            raise BadResponse(url, "bad-framing", f"the answer's Content-Length is no number: {lengths[0][:60]!r}")
        return Framing(int(lengths[0]), chunked=False)
    return Framing(None, chunked=False)


def content_coding(url: str, headers: Headers) -> str:
    """How the body is compressed: ``""``, ``gzip`` or ``deflate``.

    Raises:
        BadResponse: in a way that was not asked for, or twice (``bad-encoding``).
    """
    values = [value for name, value in headers if name == "content-encoding"]
    codings = [part.strip().lower() for value in values for part in value.split(",")]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if not codings:
        return ""
    if len(codings) > 1 or codings[0] not in {"gzip", "x-gzip", "deflate"}:
        raise BadResponse(
            url, "bad-encoding", f"the body is compressed in a way we did not ask for: {', '.join(codings)[:60]!r}"
        )
    return codings[0].removeprefix("x-")


def inflate(url: str, chunks: Iterable[bytes], coding: str, *, limit: int = MAX_INFLATED, cut: bool = False) -> bytes:
    """The inflated body. With ``cut`` a body over the limit is cut there; else it is an error.

    Raises:
        BadResponse: ``too-large``, ``truncated`` or ``bad-encoding``.
    """
    engine = None
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        if coding and engine is None:
            engine = _engine(coding, chunk)
        if engine is None:
            data = chunk
        elif engine.eof:
            break  # whatever this is, it stands behind the end
        else:
            try:
                data = engine.decompress(chunk, limit - size + 1)
            except zlib.error as error:
                raise BadResponse(url, "bad-encoding", f"the compressed body is damaged ({error})") from error
        parts.append(data)
        size += len(data)
        if size > limit:
            if cut:
                return b"".join(parts)[:limit]
            raise BadResponse(url, "too-large", f"the body is larger than {limit:,} bytes")
    else:
        if engine is None or (engine.eof and not engine.unused_data):
            return b"".join(parts)
        if not engine.eof:
            raise BadResponse(url, "truncated", "the compressed body ends before it is complete")
    raise BadResponse(url, "bad-encoding", "bytes stand behind the end of the compressed body")


def _engine(coding: str, start: bytes) -> zlib._Decompress:
    if coding == "gzip":
        return zlib.decompressobj(wbits=31)
    # "deflate" means zlib's format, but some servers send the bare stream; a zlib header is a multiple of 31
    zlib_header = len(start) >= 2 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return zlib.decompressobj(wbits=15 if zlib_header else -15)
