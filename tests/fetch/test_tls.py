"""TLS is verified, always, and a failure says in plain words why."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faulty.gates import HastyClock, MakeGate
from faulty.http import Raw, Site
from faulty.tls import Authority

from monitor.errors import BadResponse, ConfigError, Unreachable
from monitor.fetch import tls
from monitor.model import Capture, FetchRequest

NAME = "safe.example"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def failure(make_gate: MakeGate, context: ssl.SSLContext, trusted: Path | None) -> Unreachable:
    with Site({"/": "page"}, tls=context) as site:
        with pytest.raises(Unreachable) as caught:
            make_gate(site, certificate_file=trusted).fetch(FetchRequest(site.url("/", host=NAME)))
        assert site.requests == []  # nothing was asked over an unverified connection
    assert caught.value.kind == "tls"
    assert caught.value.transient
    return caught.value


def test_a_page_comes_over_a_verified_connection(make_gate: MakeGate, authority: Authority) -> None:
    with Site({"/": "page"}, tls=authority.server(NAME)) as site:
        gate = make_gate(site, certificate_file=authority.file)
        for _ in range(3):
            capture = gate.fetch(FetchRequest(site.url("/", host=NAME)))
            assert isinstance(capture, Capture)
        assert site.connections == 1  # kept open


def test_an_address_in_the_url_is_verified_too(make_gate: MakeGate, authority: Authority) -> None:
    with Site({"/": "page"}, tls=authority.server("127.0.0.1")) as site:
        capture = make_gate(site, certificate_file=authority.file).fetch(FetchRequest(site.url("/")))
        assert isinstance(capture, Capture)


def test_an_expired_certificate_says_since_when(make_gate: MakeGate, authority: Authority) -> None:
    now = HastyClock().now()
    context = authority.server(NAME, since=now - timedelta(days=90), until=now - timedelta(days=3, hours=1))
    error = failure(make_gate, context, authority.file)
    assert error.reason == "the certificate of safe.example expired 3 days ago"


def test_a_certificate_of_the_future_says_from_when(make_gate: MakeGate, authority: Authority) -> None:
    context = authority.server(NAME, since=datetime(2099, 1, 2, tzinfo=UTC), until=datetime(2099, 2, 1, tzinfo=UTC))
    error = failure(make_gate, context, authority.file)
    assert error.reason == "the certificate of safe.example is not valid yet (from 2099-01-02 on)"


def test_a_certificate_for_another_host_is_told(make_gate: MakeGate, authority: Authority) -> None:
    error = failure(make_gate, authority.server("other.example"), authority.file)
    assert error.reason == "the certificate is not one for safe.example"


def test_an_expired_certificate_for_another_host_is_refused(make_gate: MakeGate, authority: Authority) -> None:
    now = HastyClock().now()
    context = authority.server("other.example", since=now - timedelta(days=9), until=now - timedelta(days=3))
    error = failure(make_gate, context, authority.file)
    assert "expired" in error.reason or "not one for" in error.reason


def test_an_unknown_authority_is_told_with_a_remedy(make_gate: MakeGate, authority: Authority) -> None:
    error = failure(make_gate, authority.server(NAME), None)
    assert error.reason == "the certificate of safe.example comes from an unknown authority"
    assert "certificate_file" in error.remedy


def test_a_self_signed_certificate_is_told(make_gate: MakeGate, authority: Authority, tmp_path: Path) -> None:
    error = failure(make_gate, authority.self_signed(tmp_path), None)
    assert error.reason == "the certificate of safe.example is self-signed"


@contextmanager
def listener(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """The port of a server that answers each connection like this; asyncio's would swallow the TLS alert."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                with suppress(OSError):
                    connection, _ = server.accept()
                    with connection:
                        connection.settimeout(2)
                        with suppress(OSError):
                            answer(connection)
                            connection.recv(4096)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        done.set()
        thread.join(5)


def test_tls_1_0_is_told(make_gate: MakeGate, authority: Authority) -> None:
    context = authority.outdated(NAME)
    with listener(lambda sock: context.wrap_socket(sock, server_side=True)) as port:
        gate = make_gate(allow_ports=(port,), certificate_file=authority.file)
        with pytest.raises(Unreachable) as caught:
            gate.fetch(FetchRequest(f"https://{NAME}:{port}/"))
    assert caught.value.reason == "safe.example offers no TLS version that is still safe (1.2 or newer)"
    assert caught.value.kind == "tls"


def test_plain_http_where_tls_is_expected_is_told(make_gate: MakeGate) -> None:
    with listener(lambda sock: sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        gate = make_gate(allow_ports=(port,))
        with pytest.raises(Unreachable) as caught:
            gate.fetch(FetchRequest(f"https://{NAME}:{port}/"))
    assert caught.value.reason == "safe.example does not speak TLS on this port"
    assert caught.value.kind == "tls"


def test_an_end_during_the_handshake_is_told(make_gate: MakeGate) -> None:
    with listener(lambda sock: sock.shutdown(socket.SHUT_WR)) as port, pytest.raises(Unreachable) as caught:
        make_gate(allow_ports=(port,)).fetch(FetchRequest(f"https://{NAME}:{port}/"))
    assert caught.value.reason == "safe.example ended the connection while TLS was set up"
    assert caught.value.kind == "reset"


def test_a_body_cut_by_the_end_of_tls_is_noticed(make_gate: MakeGate, authority: Authority) -> None:
    cut = Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npage")
    with Site({"/": cut}, tls=authority.server(NAME)) as site, pytest.raises(BadResponse) as caught:
        make_gate(site, certificate_file=authority.file).fetch(FetchRequest(site.url("/", host=NAME)))
    assert caught.value.kind == "truncated"


def test_the_name_is_told_to_the_server(make_gate: MakeGate, authority: Authority) -> None:
    asked: list[str | None] = []
    context = authority.server(NAME)
    context.sni_callback = lambda connection, name, _: asked.append(name)
    with Site({"/": "page"}, tls=context) as site:
        make_gate(site, certificate_file=authority.file).fetch(FetchRequest(site.url("/", host=NAME)))
    assert asked == [NAME]


def test_a_certificate_file_that_is_not_there_is_a_mistake_in_the_settings(make_gate: MakeGate, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"certificate_file: .*missing\.pem is no file"):
        make_gate(certificate_file=tmp_path / "missing.pem")


def test_with_verification_off_a_bad_certificate_would_pass(
    make_gate: MakeGate, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the refusals above come from the context."""

    def careless(extra: Path | None) -> ssl.SSLContext:
        context = tls.make_context(extra)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    monkeypatch.setattr("monitor.fetch.connections.make_context", careless)
    monkeypatch.setattr("urllib3.connection.resolve_cert_reqs", lambda candidate: ssl.CERT_NONE)
    with Site({"/": "page"}, tls=authority.server("other.example")) as site:
        gate = make_gate(site)
        with pytest.warns(match="Unverified HTTPS"):
            capture = gate.fetch(FetchRequest(site.url("/", host=NAME), robots_ignore="tested elsewhere"))
        assert isinstance(capture, Capture)
