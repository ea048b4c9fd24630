"""What an exception of requests, urllib3, http.client or the socket means, as an error of ours."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator

from monitor.errors import BadResponse, FetchError, Unreachable

_MAX_CAUSES = 20


def explain(url: str, error: BaseException, *, in_body: bool = False) -> FetchError:
    """The error to raise. A connection that breaks inside a body leaves a truncated answer, not an unreachable host."""
    for cause in _causes(error):
        match cause:
            case FetchError():
                return cause
            case TimeoutError():
                return Unreachable(url, "timeout", "no complete answer in time")
            case http.client.IncompleteRead():
                return BadResponse(url, "truncated", "the answer ends before it is complete")
            case ssl.SSLError() | ConnectionError() if in_body:
                return BadResponse(url, "truncated", "the connection broke before the answer was complete")
            case ssl.SSLError():
                return Unreachable(url, "tls", f"the TLS connection broke: {tls_reason(cause)}")
            case ConnectionError():  # includes RemoteDisconnected
                return Unreachable(url, "reset", "the server closed the connection without an answer")
            case http.client.HTTPException():
                return BadResponse(url, "malformed", f"the answer is not valid HTTP: {_short(cause)}")
            case OSError() if type(cause) is OSError:
                return Unreachable(url, "connect", f"the connection failed: {cause.strerror or cause}")
            case _:
                continue
    return BadResponse(url, "malformed", f"the answer cannot be read: {_short(error)}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The innermost causes last; urllib3 hides some in arguments, requests in others."""
    waiting, seen = [error], 0
    while waiting and seen < _MAX_CAUSES:
        current = waiting.pop(0)
        seen += 1
        yield current
        held = (*current.args, getattr(current, "reason", None), current.__cause__, current.__context__)
        waiting += [cause for cause in held if isinstance(cause, BaseException)]


def tls_reason(error: ssl.SSLError) -> str:
    """OpenSSL's words for it; errors that Python makes itself have none."""
    return (getattr(error, "reason", None) or _short(error)).replace("_", " ").lower()


def _short(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return "".join(letter if letter.isprintable() else "?" for letter in text[:120])
