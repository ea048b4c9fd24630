"""Addresses of the web in a configuration: which are possible, and when two are the same."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from monitor.watchlist.table import Wrong
from monitor.watchlist.values import text

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){0,30}[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?")


def url(value: object) -> str:
    """An http or https address as it was written, but for spaces around it."""
    address = text(value, longest=2_000)
    parts = _split(address)
    if parts.scheme not in {"http", "https"}:
        hint = f'for example "https://{address}"' if not parts.scheme and not address.startswith("/") else ""
        raise Wrong("only http and https addresses can be watched", hint)
    if parts.username is not None or parts.password is not None:
        raise Wrong("an address must not hold a user name or password")
    if " " in address or "\\" in address or '"' in address:
        raise Wrong("holds a space, a quote or a backslash", "write %20 for a space")
    try:
        port = parts.port
    except ValueError as error:
        raise Wrong("has no valid port") from error
    if port == 0:
        raise Wrong("has no valid port")
    _check_host(parts.hostname or "", bracketed="[" in parts.netloc)
    return address


def host(value: object) -> str:
    """The name or address of a machine."""
    name = text(value, longest=253)
    _check_host(name.removeprefix("[").removesuffix("]"), bracketed=":" in name)
    return name


def same_url(address: str) -> str:
    """What two spellings of one address have in common (of an address that ``url`` accepted)."""
    parts = urlsplit(address)
    host = _ascii((parts.hostname or "").rstrip("."))
    port = parts.port
    standing = {"http": 80, "https": 443}.get(parts.scheme)
    at = host if port in {None, standing} else f"{host}:{port}"
    path = re.sub(r"%[0-9a-f]{2}", lambda match: match.group().upper(), parts.path or "/", flags=re.IGNORECASE)
    return f"{parts.scheme}://{at}{path}" + (f"?{parts.query}" if parts.query else "")


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.hostname
    except ValueError as error:
        raise Wrong("is no address") from error
    return parts


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError as error:
        raise Wrong("has no valid host name") from error


def _check_host(host: str, *, bracketed: bool) -> None:
    name = _ascii(host)
    if not name:
        raise Wrong("has no host name")
    if bracketed:
        try:
            ipaddress.IPv6Address(name)
        except ValueError as error:
            raise Wrong("has no valid host name") from error
        return
    if len(name) > 253 or not _HOST.fullmatch(name):
        raise Wrong("has no valid host name")
    last = name.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):  # a number as the last label makes it an IPv4 address to browsers
        try:
            ipaddress.IPv4Address(name)
        except ValueError as error:
            raise Wrong("is a disguised numeric address", "write it as four numbers, or the name") from error
