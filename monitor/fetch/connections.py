"""Connections of urllib3 that go to vetted addresses alone, always verify, and keep a budget."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from monitor.errors import Refused
from monitor.fetch.address import Address, Network
from monitor.fetch.budget import Budget
from monitor.fetch.sockets import FinalResponse, MeteredSocket, MeteredTlsSocket, Resolve, connect, lookup
from monitor.fetch.tls import certificate_span, make_context, tls_failure

_POOLS = 32  # hosts whose connection is kept open


class Wire:
    """Where connections come from. The budget of the running request is the thread's: a fetch stays in its thread."""

    def __init__(
        self, *, resolve: Resolve, allowed: Sequence[Network], ports: Sequence[int], certificates: Path | None
    ) -> None:
        self.resolve = resolve
        self.allowed = allowed
        self.ports = ports
        self.certificates = certificates
        self._local = threading.local()

    @property
    def budget(self) -> Budget:
        """The budget of the request that this thread is making."""
        budget = self._local.budget
        assert isinstance(budget, Budget)
        return budget

    @budget.setter
    def budget(self, budget: Budget) -> None:
        self._local.budget = budget

    @property
    def opened(self) -> int:
        """How many connections this thread has opened."""
        return getattr(self._local, "opened", 0)

    @cached_property
    def context(self) -> ssl.SSLContext:
        """The TLS context, made at the first need: loading the authorities takes 20 ms."""
        return make_context(self.certificates)

    def open(self, host: str, port: int) -> tuple[MeteredSocket, Sequence[Address]]:
        """A connection to a vetted address of the host. Raises FetchError."""
        budget = self.budget
        self._local.opened = self.opened + 1
        if port not in self.ports:  # target.py said so already; this is the last gate before the network
            raise Refused(budget.url, "port", f"port {port} is not allowed")
        addresses = lookup(host, resolve=self.resolve, allowed=self.allowed, budget=budget)
        return connect(addresses, port, budget), addresses


def _hand_over(sock: object, wire: Wire) -> None:
    """Give a socket the running request's budget: it may be kept open since an earlier request."""
    if isinstance(sock, MeteredSocket | MeteredTlsSocket):
        sock.budget = wire.budget


class _Plain(HTTPConnection):
    response_class = FinalResponse

    def __init__(self, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wire = wire

    def _new_conn(self) -> MeteredSocket:
        return self._wire.open(self.host, self.port)[0]

    def request(self, *args: Any, **options: Any) -> None:
        _hand_over(self.sock, self._wire)
        super().request(*args, **options)


class _Tls(HTTPSConnection):
    response_class = FinalResponse

    def __init__(self, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wire = wire
        self._addresses: Sequence[Address] = ()

    def _new_conn(self) -> MeteredSocket:
        sock, self._addresses = self._wire.open(self.host, self.port)
        return sock

    def connect(self) -> None:
        budget = self._wire.budget
        try:
            super().connect()
        except TimeoutError as error:
            raise budget.expired() from error
        except ssl.SSLError as error:

            def validity() -> Any:
                return certificate_span(connect(self._addresses, self.port, budget), self.host, self._wire.certificates)

            raise tls_failure(budget.url, self.host, error, now=budget.clock.now(), validity=validity) from error

    def request(self, *args: Any, **options: Any) -> None:
        _hand_over(self.sock, self._wire)
        super().request(*args, **options)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class GateAdapter(HTTPAdapter):
    """urllib3 with the pools above; always verifies, whatever it is told."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(pool_connections=_POOLS, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - requests' signature
        """Make the pools' manager."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        wire = self._wire
        self.poolmanager.pool_classes_by_scheme = {
            "http": lambda host, port, **rest: _PlainPool(host, port, wire=wire, **rest),
            "https": lambda host, port, **rest: _TlsPool(host, port, wire=wire, ssl_context=wire.context, **rest),
        }

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """The pool's key: scheme, host and port; all pools share one TLS context."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to add: the context knows the authorities (to name them here loads them at each connection)."""
