"""TLS that is always verified, and plain words for why a verification failed."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.errors import Unreachable
from monitor.fetch.failure import tls_reason
from monitor.fetch.sockets import MeteredTlsSocket

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which ssl.VerifyFlags lacks
_EXPIRED, _NOT_YET, _SELF_SIGNED, _SELF_SIGNED_CHAIN = 10, 9, 18, 19
_UNKNOWN_ISSUER = {2, 20, 21, 27}
_WRONG_NAME = {62, 64}


def make_context(extra: Path | None) -> ssl.SSLContext:
    """A context that trusts certifi's authorities and those of the file ``extra``; TLS 1.2 at least."""
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies chain and name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_verify_locations(certifi.where())
    if extra is not None:
        context.load_verify_locations(extra)
    context.sslsocket_class = MeteredTlsSocket
    return context


def tls_failure(
    url: str,
    host: str,
    error: ssl.SSLError,
    *,
    now: datetime,
    validity: Callable[[], tuple[datetime, datetime] | None],
) -> Unreachable:
    """The reason of a failed handshake; ``validity`` is asked only when the certificate's time is what is wrong."""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Unreachable(url, "reset", f"{host} ended the connection while TLS was set up")
    failure = Unreachable(url, "tls", _reason(host, error, now, validity))
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0
    if code in _UNKNOWN_ISSUER | {_SELF_SIGNED, _SELF_SIGNED_CHAIN}:
        failure.remedy = "If you trust it, put its authority into certificate_file in the settings"
    return failure


def _reason(
    host: str, error: ssl.SSLError, now: datetime, validity: Callable[[], tuple[datetime, datetime] | None]
) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        text = tls_reason(error)
        if text in {"wrong version number", "record layer failure", "http request"}:
            return f"{host} does not speak TLS on this port"
        if "version" in text or "unsupported protocol" in text:
            return f"{host} offers no TLS version that is still safe (1.2 or newer)"
        return f"no TLS connection with {host}: {text}"
    code = error.verify_code
    if code in {_EXPIRED, _NOT_YET}:
        span = validity()
        if code == _EXPIRED:
            return f"the certificate of {host} expired" + (f" {_ago(now - span[1])} ago" if span else "")
        return f"the certificate of {host} is not valid yet" + (f" (from {span[0]:%Y-%m-%d} on)" if span else "")
    if code in _WRONG_NAME:
        return f"the certificate is not one for {host}"
    if code == _SELF_SIGNED:
        return f"the certificate of {host} is self-signed"
    if code in _UNKNOWN_ISSUER or code == _SELF_SIGNED_CHAIN:
        return f"the certificate of {host} comes from an unknown authority"
    return f"the certificate of {host} cannot be verified: {error.verify_message}"


def certificate_span(sock: socket.socket, host: str, extra: Path | None) -> tuple[datetime, datetime] | None:
    """From when until when the certificate at the other end is valid, None when it cannot be told.

    A failed handshake does not show the certificate. This shakes hands once more with chain and name verified, only
    without the check of the time, reads the two dates and hangs up: nothing is sent or received over it.
    """
    context = make_context(extra)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    try:
        with ssl.SSLContext.wrap_socket(context, sock, server_hostname=host) as wrapped:
            shown = wrapped.getpeercert() or {}
    except OSError:
        return None
    dates = [shown.get(key) for key in ("notBefore", "notAfter")]
    first, last = (
        datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if isinstance(text, str) else None for text in dates
    )
    return (first, last) if first and last else None


def _ago(span: timedelta) -> str:
    days = span.days
    if days >= 1:
        return f"{days} day{'s' if days != 1 else ''}"
    hours = max(1, round(span.total_seconds() / 3600))
    return f"{hours} hour{'s' if hours != 1 else ''}"
