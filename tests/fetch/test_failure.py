"""What libraries raise becomes an error of ours that says what happened."""

from __future__ import annotations

import http.client
import ssl

import pytest
import requests
from urllib3.exceptions import MaxRetryError, ProtocolError

from monitor.errors import BadResponse, FetchError, Refused, Unreachable
from monitor.fetch.failure import explain

URL = "https://acme.example/"


@pytest.mark.parametrize(
    ("error", "in_body", "kind", "made"),
    [
        (TimeoutError("timed out"), False, "timeout", Unreachable),
        (ConnectionResetError(104, "reset"), False, "reset", Unreachable),
        (ConnectionResetError(104, "reset"), True, "truncated", BadResponse),
        (http.client.RemoteDisconnected("no answer"), False, "reset", Unreachable),
        (http.client.IncompleteRead(b"half", 10), True, "truncated", BadResponse),
        (http.client.LineTooLong("header line"), False, "malformed", BadResponse),
        (ssl.SSLError(1, "[SSL: BAD_RECORD_MAC] bad record mac"), False, "tls", Unreachable),
        (ssl.SSLError(1, "bad record mac"), True, "truncated", BadResponse),
        (OSError(113, "No route to host"), False, "connect", Unreachable),
        (ValueError("who knows"), False, "malformed", BadResponse),
        (
            requests.ConnectionError(ProtocolError("aborted", ConnectionResetError(104, "reset"))),
            False,
            "reset",
            Unreachable,
        ),
        (requests.ConnectionError(MaxRetryError(None, URL, TimeoutError("x"))), False, "timeout", Unreachable),  # type: ignore[arg-type] # no pool
    ],
)
def test_each_cause_has_its_kind(error: Exception, in_body: bool, kind: str, made: type[FetchError]) -> None:
    told = explain(URL, error, in_body=in_body)
    assert (told.kind, type(told), told.url) == (kind, made, URL)
    assert told.reason.isprintable()


def test_an_error_of_ours_is_found_among_the_causes() -> None:
    ours = Refused(URL, "address", "10.0.0.1 is not a public address")
    wrapped = requests.ConnectionError("outer")
    wrapped.__cause__ = ProtocolError("inner", ours)
    assert explain(URL, wrapped) is ours


def test_causes_that_go_in_circles_come_to_an_end() -> None:
    first, second = ValueError("a\n\x1b[31m"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    told = explain(URL, first)
    assert told.kind == "malformed"
    assert told.reason.isprintable()
