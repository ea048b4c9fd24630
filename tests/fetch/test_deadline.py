"""A total deadline holds whatever the server does with time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
from faulty.faults import faults, trickle
from faulty.gates import MakeGate
from faulty.http import Exchange, Response, Site

from monitor.errors import FetchError, Unreachable
from monitor.fetch import Gate, sockets
from monitor.model import FetchRequest

DEADLINE = 0.6


def seconds_until_failure(gate: Gate, url: str) -> tuple[float, FetchError]:
    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        gate.fetch(FetchRequest(url, robots_ignore="tested elsewhere"))
    return time.monotonic() - began, caught.value


def test_a_trickle_of_single_bytes_ends_at_the_deadline(make_gate: MakeGate) -> None:
    with Site({"/": trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", pause=0.1)}) as site:
        took, error = seconds_until_failure(make_gate(site, deadline=DEADLINE), site.url("/"))
    assert isinstance(error, Unreachable)
    assert error.kind == "timeout"
    assert DEADLINE - 0.1 < took < DEADLINE + 0.5


@pytest.mark.parametrize("path", ["/trickle-body", "/trickle-head", "/trickle-chunks", "/half", "/silent"])
def test_a_slow_answer_ends_at_the_deadline(make_gate: MakeGate, path: str) -> None:
    with Site(faults()) as site:
        took, error = seconds_until_failure(make_gate(site, deadline=DEADLINE), site.url(path))
    assert error.kind == "timeout"
    assert took < DEADLINE + 0.5


def test_slow_redirects_share_one_deadline(make_gate: MakeGate) -> None:
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.25)
        step = int(exchange.request.path.rpartition("/")[2])
        await exchange.respond(Response(status=302, headers=(("Location", f"/hop/{step + 1}"),)))

    with Site({f"/hop/{step}": slow for step in range(10)}) as site:
        took, error = seconds_until_failure(make_gate(site, deadline=DEADLINE), site.url("/hop/0"))
    assert error.kind == "timeout"
    assert took < DEADLINE + 0.5


def test_a_slow_robots_txt_counts_too(make_gate: MakeGate) -> None:
    with Site({"/robots.txt": trickle(b"HTTP/1.1 200 OK\r\n\r\n"), "/": "page"}) as site:
        gate = make_gate(site, deadline=DEADLINE)
        began = time.monotonic()
        with pytest.raises(Unreachable, match="no complete answer within"):
            gate.fetch(FetchRequest(site.url("/")))
        assert time.monotonic() - began < DEADLINE + 0.5
        assert not site.seen()


def test_a_name_that_never_resolves_ends_at_the_deadline(make_gate: MakeGate) -> None:
    release = threading.Event()

    def hang(host: str) -> list[str]:
        release.wait(10)
        return []

    try:
        took, error = seconds_until_failure(make_gate(deadline=DEADLINE, resolve=hang), "http://slow.example/")
    finally:
        release.set()
    assert error.kind == "timeout"
    assert took < DEADLINE + 0.5


def test_a_stalled_tls_handshake_ends_at_the_deadline(make_gate: MakeGate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        gate = make_gate(deadline=DEADLINE, allow_ports=(port,))
        took, error = seconds_until_failure(gate, f"https://stalled.example:{port}/")
    assert error.kind == "timeout"
    assert took < DEADLINE + 0.5


def test_a_host_that_swallows_connections_ends_at_the_deadline(make_gate: MakeGate) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
        try:
            gate = make_gate(deadline=DEADLINE, allow_ports=(port,))
            took, error = seconds_until_failure(gate, f"http://full.example:{port}/")
        finally:
            for sock in waiting:
                sock.close()
    assert error.kind in {"timeout", "connect"}
    assert took < DEADLINE + 0.5


def test_closing_the_gate_ends_a_running_fetch(make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.fetch.budget._PATIENCE", 0.1)
    with Site(faults()) as site:
        gate = make_gate(site, deadline=30)
        threading.Timer(0.3, gate.close).start()
        took, error = seconds_until_failure(gate, site.url("/silent"))
    assert error.kind == "stopped"
    assert took < 2


def test_without_the_metered_receive_the_trickle_goes_on(make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: plain timeouts, one a receive, do not notice a server that sends a byte now and then."""

    def receive_with_plain_timeout(sock: socket.socket, receive: object) -> int:
        sock.settimeout(DEADLINE)
        assert callable(receive)
        count = receive()
        assert isinstance(count, int)
        return count

    monkeypatch.setattr(sockets, "_receive", receive_with_plain_timeout)
    done = threading.Event()
    with Site({"/": trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", pause=0.1)}) as site:
        gate = make_gate(site, deadline=DEADLINE)

        def fetch() -> None:
            with pytest.raises(FetchError):
                gate.fetch(FetchRequest(site.url("/"), robots_ignore="tested elsewhere"))
            done.set()

        thread = threading.Thread(target=fetch)
        thread.start()
        assert not done.wait(DEADLINE + 1.0)
    thread.join(5)
