"""Read a URL in the one way that everybody agrees on, and refuse the rest.

Parsers disagree about odd URLs (of 31 spellings 13 were read differently by four parsers, 7 as two different hosts), so
what is asked of robots.txt, looked up and connected to must come from one reading, and leave no room for another: the
result is plain ASCII, without user name, backslash, blank or fragment, and its host is a name or a usual IP address.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, urljoin, urlsplit

from monitor.errors import Refused

DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_URL = 8000
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")  # one label; "_" is no host name, but in use
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_SAFE = "%/:?#[]@!$&'()*+,;=~"  # what is left as it is when a path is made ASCII


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. ``str()`` is the whole URL without a fragment."""

    scheme: str
    host: str  # lower-case ASCII, IPv6 without brackets
    port: int
    path: str  # with the query, starts with "/"

    @property
    def origin(self) -> str:
        """Scheme, host and port, e.g. ``https://example.com``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return self.origin + self.path


def parse_target(url: str, *, allow_ports: tuple[int, ...]) -> Target:
    """The one reading of an absolute URL.

    Raises:
        Refused: ``scheme``, ``credentials``, ``port``, ``address`` or ``url``, with the reason.
    """
    if len(url) > _MAX_URL:
        raise Refused(url[:200] + "…", "url", f"the address is longer than {_MAX_URL} characters")
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in DEFAULT_PORTS:
        name = f"{scheme[1].lower()}:" if scheme else "no scheme"
        raise Refused(url, "scheme", f"only http and https are fetched, this has {name}")
    if bad := next((letter for letter in url if letter <= " " or letter in '\\\x7f<>"'), None):
        raise Refused(url, "url", f"the address holds the character {bad!r}, which programs read differently")
    try:
        url.encode()  # half a surrogate is no letter
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(url, "url", f"the address cannot be read: {error}") from error
    if "@" in parts.netloc:
        shown = f"{parts.scheme}://…@{parts.netloc.rpartition('@')[2]}"  # never the password, in no message
        raise Refused(shown, "credentials", "the address holds a user name or a password; remove them")
    if not host or not url[len(parts.scheme) :].startswith("://"):
        raise Refused(url, "url", "the address names no host")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in allow_ports:
        raise Refused(url, "port", f"port {port} is not allowed; allow_ports in the settings lists those that are")
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return Target(parts.scheme, _host(url, host, bracketed="[" in parts.netloc), port, path)


def join_target(base: Target, location: str, *, allow_ports: tuple[int, ...]) -> Target:
    """Where a redirect from ``base`` leads; its fragment is dropped.

    Raises:
        Refused: as of ``parse_target``.
    """
    with suppress(UnicodeError):  # servers send UTF-8 in a header that is read as Latin-1
        location = location.encode("latin-1").decode()
    location = location.strip(" \t").replace(" ", "%20")
    try:
        url = urljoin(str(base), location)
    except ValueError as error:
        raise Refused(str(base), "url", f"the redirect's address cannot be read: {error}") from error
    return parse_target(url, allow_ports=allow_ports)


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a target's host is, None when it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _host(url: str, host: str, *, bracketed: bool) -> str:
    if bracketed:
        address = literal_address(host)
        if not isinstance(address, IPv6Address) or "%" in host:
            raise Refused(url, "address", f"[{host}] is no plain IPv6 address")
        return str(address)
    if not host.isascii():
        host = _ascii(url, host)
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        # 127.1, 0x7f.1, 2130706433, 0177.0.0.1: the system's resolver takes these for addresses
        address = literal_address(".".join(labels))
        if not isinstance(address, IPv4Address):
            raise Refused(url, "address", f"{host} is an unusual spelling of an IP address")
        return str(address)
    if len(host) > 253 or not all(_NAME.fullmatch(label) for label in labels):
        raise Refused(url, "url", f"{host!r} is no host name")
    return ".".join(labels)


def _ascii(url: str, host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
    except idna.IDNAError as error:
        raise Refused(url, "url", f"{host!r} is no host name: {error}") from error
