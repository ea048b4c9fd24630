"""One request over a verified connection to a vetted address, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

import requests
from urllib3.exceptions import HTTPError

from monitor.fetch.body import Framing, Headers, content_coding, framing, inflate
from monitor.fetch.budget import Budget
from monitor.fetch.connections import GateAdapter, Wire
from monitor.fetch.failure import explain
from monitor.fetch.target import Target

_CHUNK = 64 * 1024
_DRAIN = 16 * 1024  # a body up to this size is read to keep the connection, a larger one is cut off


class Answer:
    """Status and headers of one response; the body is still on the wire."""

    def __init__(self, response: requests.Response, budget: Budget) -> None:
        self._response = response
        self._budget = budget
        self.status = response.status_code
        self.headers: Headers = tuple((name.lower(), value) for name, value in response.raw.headers.items())
        self.complete = False  # the body was read, and its end was marked as it should be

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    @cached_property
    def framing(self) -> Framing:
        """How the body's end is marked. Raises BadResponse."""
        return framing(self._budget.url, self.headers)

    def read(self, *, limit: int, cut: bool = False) -> bytes:
        """The whole body, inflated; with ``cut`` at most ``limit`` bytes of it.

        Raises:
            FetchError: it is not whole, too large, or time is up.
        """
        coding = content_coding(self._budget.url, self.headers)
        framing = self.framing
        body = inflate(self._budget.url, self._chunks(), coding, limit=limit, cut=cut)
        if framing.chunked:
            # http.client takes the connection's end for the last chunk, and "00" of "0012" for its size
            self.complete = not self._budget.ended
        elif framing.length is not None:
            # some servers announce the number of letters and send more bytes than that; what was read is cut
            self.complete = self._budget.received - self._budget.head <= framing.length
        return body

    def drain(self) -> None:
        """Read a short body that nobody needs, so that the connection can serve the next request."""
        length = self.framing.length
        if length is not None and length <= _DRAIN:
            for _ in self._chunks():
                pass

    def _chunks(self) -> Iterator[bytes]:
        raw = self._response.raw
        try:
            while chunk := raw.read(_CHUNK, decode_content=False):
                yield chunk
        except (HTTPError, OSError) as error:
            raise explain(self._budget.url, error, in_body=True) from error


class Transport:
    """Makes requests one by one; keeps nothing between them but open connections."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        # no Session: it keeps cookies, reads proxies and .netrc, and follows (or at least looks at) redirects
        self._adapter = GateAdapter(wire)

    @contextmanager
    def get(self, target: Target, headers: Mapping[str, str], budget: Budget) -> Iterator[Answer]:
        """The answer to a GET; leave the block when its body was read, else the connection is dropped.

        Raises:
            FetchError: there is none.
        """
        url = str(target)
        self.wire.budget = budget
        budget.start(url)
        try:
            with self._send(url, headers, budget) as response:
                yield Answer(response, budget)
        finally:
            budget.stop()

    def _send(self, url: str, headers: Mapping[str, str], budget: Budget) -> requests.Response:
        request = requests.Request("GET", url, headers=headers).prepare()
        while True:
            opened = self.wire.opened
            try:
                return self._adapter.send(request, stream=True)
            except (requests.RequestException, HTTPError, OSError) as error:
                failure = explain(url, error)
                kept_open = self.wire.opened == opened and not budget.received
                if not kept_open or failure.kind != "reset":
                    raise failure from error
                # the server had ended a connection that was kept open: a new one tells how it is now

    def close(self) -> None:
        """Drop all connections."""
        self._adapter.close()
