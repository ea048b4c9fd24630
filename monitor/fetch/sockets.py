"""Sockets that ask a Budget before each receive, and the connecting of them to vetted addresses alone."""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from monitor.errors import BadResponse, Unreachable
from monitor.fetch.address import Address, Network, vet
from monitor.fetch.body import framing
from monitor.fetch.target import literal_address

if TYPE_CHECKING:
    from monitor.fetch.budget import Budget

Resolve = Callable[[str], Sequence[str]]
"""The IP addresses of a host name, most wanted first. Raises OSError when there are none."""

CONNECT_SECONDS = 10.0  # for all addresses of a host together
_MAX_TRIED = 6  # addresses of one host
_MAX_INTERIM = 20  # 1xx answers before the final one


def _receive(sock: MeteredSocket | MeteredTlsSocket, receive: Callable[[], int]) -> int:
    budget = sock.budget
    while True:
        sock.settimeout(budget.patience())
        try:
            count = receive()
        except TimeoutError:
            continue
        budget.count(count)
        return count


class MeteredSocket(socket.socket):
    """A socket whose receives and sends together keep a deadline."""

    budget: Budget

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """As of socket. Raises the budget's errors."""
        return _receive(self, lambda: super(MeteredSocket, self).recv_into(buffer, nbytes, flags))

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As of socket."""
        self.settimeout(self.budget.remaining())
        super().sendall(data, flags)


class MeteredTlsSocket(ssl.SSLSocket):
    """The same inside TLS. Its handshake keeps, in total, the timeout that the plain socket had."""

    budget: Budget

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """As of SSLSocket. Raises the budget's errors."""
        return _receive(self, lambda: super(MeteredTlsSocket, self).recv_into(buffer, nbytes, flags))

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As of SSLSocket."""
        self.settimeout(self.budget.remaining())
        super().sendall(data, flags)


class FinalResponse(http.client.HTTPResponse):
    """Skips interim answers (103 Early Hints and the like) and tells the budget where the head ends."""

    def __init__(self, sock: MeteredSocket | MeteredTlsSocket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self._budget = sock.budget

    def begin(self) -> None:
        """Read the head of the final answer."""
        for interim in range(_MAX_INTERIM):
            try:
                super().begin()
            except http.client.RemoteDisconnected:
                if not interim:
                    raise
                raise BadResponse(self._budget.url, "bad-status", "only an interim answer") from None
            if not 101 < self.status < 200:
                break
            self.headers = None  # type: ignore[assignment]  # how http.client marks "not begun"
        else:
            raise BadResponse(self._budget.url, "bad-status", f"more than {_MAX_INTERIM} interim answers")
        if (
            self.headers.defects or self.headers.get_payload()
        ):  # the rest of the headers is lost, the length may be among it; urllib3 only logs this
            raise BadResponse(self._budget.url, "malformed", "the answer's headers are damaged")
        # here, and not later: urllib3 raises at a contradictory length and leaves the socket open
        framing(self._budget.url, [(name.lower(), value) for name, value in self.headers.items()])
        # what was read of the body already, to tell later whether more came than was announced
        ahead = len(self.fp.peek(1)) if self.length else 0
        self._budget.head_read(ahead)


def system_resolve(host: str) -> list[str]:
    """What the system's resolver says."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def lookup(host: str, *, resolve: Resolve, allowed: Sequence[Network], budget: Budget) -> tuple[Address, ...]:
    """The vetted addresses of a host, at least one. Names are looked up in a thread: no resolver keeps a deadline.

    Raises:
        Refused: one of the addresses is not public and not allowed.
        Unreachable: there is none (``dns``), or time is up.
    """
    if literal := literal_address(host):
        return vet(budget.url, host, [str(literal)], allowed)
    answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host))
        except (OSError, UnicodeError) as error:  # getaddrinfo raises UnicodeError for over-long labels
            answers.put(error)

    threading.Thread(target=ask, name=f"lookup {host}", daemon=True).start()
    answer = None
    while answer is None:
        with suppress(queue.Empty):
            answer = answers.get(timeout=budget.patience())
    if isinstance(answer, OSError | UnicodeError):
        text = answer.strerror if isinstance(answer, OSError) and answer.strerror else str(answer)
        raise Unreachable(budget.url, "dns", f"the name {host} cannot be resolved: {text}") from answer
    if not answer:
        raise Unreachable(budget.url, "dns", f"the name {host} has no address")
    return vet(budget.url, host, answer, allowed)


def connect(addresses: Sequence[Address], port: int, budget: Budget) -> MeteredSocket:
    """A connection to the first of the vetted addresses that answers.

    Raises:
        Unreachable: none does (``connect``), or time is up.
    """
    last: OSError | None = None
    left = CONNECT_SECONDS
    for index, address in enumerate(tried := addresses[:_MAX_TRIED]):
        share = min(budget.remaining(), max(left / (len(tried) - index), 1.0))
        began = budget.clock.monotonic()
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        sock = MeteredSocket(family, socket.SOCK_STREAM)
        try:
            sock.budget = budget
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(share)
            sock.connect((str(address), port))
            sock.settimeout(budget.remaining())
        except OSError as error:
            sock.close()
            last = error
            left -= budget.clock.monotonic() - began
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    budget.remaining()
    where = ", ".join(f"{address}:{port}" for address in tried)
    why = "no answer in time" if isinstance(last, TimeoutError) else (last.strerror if last else "") or str(last)
    raise Unreachable(budget.url, "connect", f"no connection to {where}: {why}") from last
