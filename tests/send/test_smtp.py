"""The way to an SMTP server: encrypted and verified, one recipient, and what is sure when the line breaks."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword
from fakes import FixedClock
from mailing import Postbox, message, smtp_server, smtp_settings

from monitor.errors import SendError
from monitor.model import Settings
from monitor.send.smtp import SmtpSender


@contextmanager
def sender(settings: Settings, **limits: float) -> Iterator[SmtpSender]:
    limits = {"step": 3.0, "total": 6.0} | limits
    made = SmtpSender(settings, clock=FixedClock(), **limits)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return authority, path


def server_context(authority: trustme.CA, name: str = "127.0.0.1", **kwargs: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **kwargs).configure_cert(context)
    return context


def test_a_message_arrives_byte_for_byte_under_its_own_return_path() -> None:
    with smtp_server() as (postbox, port), sender(smtp_settings(port)) as way:
        way.send(message())
        way.send(message("bob@reader.example"))
    first = postbox.taken[0]
    assert (first.mail_from, first.rcpt_tos) == ("bounces@watch.example", ["ann@reader.example"])
    assert first.content == message().raw
    assert postbox.taken[1].rcpt_tos == ["bob@reader.example"]


@pytest.mark.parametrize(
    "address", ["o'brien+tag@reader.example", "a{b}c@reader.example", "x=y&z@reader.example", "_dash-@r-2.example"]
)
def test_an_odd_but_good_address_is_not_changed_on_the_way(address: str) -> None:
    with smtp_server() as (postbox, port), sender(smtp_settings(port)) as way:
        way.send(message(address))
    assert postbox.taken[0].rcpt_tos == [address]


def test_an_international_address_needs_a_server_that_knows_them() -> None:
    with smtp_server() as (postbox, port), sender(smtp_settings(port)) as way:
        way.send(message("jörg@reader.example"))
        way.send(message())
    assert postbox.taken[0].rcpt_tos == ["jörg@reader.example"]
    assert "SMTPUTF8" in postbox.taken[0].mail_options
    assert "SMTPUTF8" not in postbox.taken[1].mail_options
    with smtp_server(enable_SMTPUTF8=False) as (postbox, port), sender(smtp_settings(port)) as way:
        with pytest.raises(SendError, match="international") as caught:
            way.send(message("jörg@reader.example"))
        assert caught.value.permanent
        way.send(message())
    assert len(postbox.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_line_is_encrypted_and_the_certificate_verified(security: Any, authority: tuple[trustme.CA, Path]) -> None:
    ca, path = authority
    context = server_context(ca)
    options: dict[str, Any] = (
        {"tls": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    )
    with smtp_server(**options) as (postbox, port):
        settings = smtp_settings(port, certificate_file=path)
        settings = replace(settings, smtp_security=security)
        with sender(settings) as way:
            way.send(message())
        with (
            sender(replace(settings, certificate_file=None)) as way,
            pytest.raises(SendError, match="certificate") as caught,
        ):
            way.send(message())
        assert caught.value.server
    assert len(postbox.taken) == 1


def test_a_certificate_for_another_name_is_refused(authority: tuple[trustme.CA, Path]) -> None:
    ca, path = authority
    context = server_context(ca, "mail.elsewhere.example")
    with smtp_server(tls_context=context, require_starttls=True) as (postbox, port):
        settings = replace(smtp_settings(port, certificate_file=path), smtp_security="starttls")
        with sender(settings) as way, pytest.raises(SendError, match="certificate"):
            way.send(message())
    assert postbox.taken == []


def test_a_server_without_starttls_gets_nothing_in_the_clear() -> None:
    with smtp_server() as (postbox, port):
        settings = replace(smtp_settings(port), smtp_security="starttls")
        with sender(settings) as way, pytest.raises(SendError, match="STARTTLS"):
            way.send(message())
    assert postbox.recipients == []


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data.login == b"monitor" and data.password == b"s3cret-canary", handled=False)


def test_the_login_comes_from_the_environment_and_its_password_is_never_repeated(
    authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, path = authority
    options: dict[str, Any] = {"tls_context": server_context(ca), "authenticator": login, "auth_required": True}
    with smtp_server(**options) as (postbox, port):
        settings = replace(smtp_settings(port, certificate_file=path), smtp_security="starttls")
        monkeypatch.setenv("POLICY_MONITOR_SMTP_USER", "monitor")
        monkeypatch.setenv("POLICY_MONITOR_SMTP_PASSWORD", "s3cret-canary")
        with sender(settings) as way:
            way.send(message())
        assert len(postbox.taken) == 1
        monkeypatch.setenv("POLICY_MONITOR_SMTP_PASSWORD", "wr0ng-canary")
        with sender(settings) as way, pytest.raises(SendError, match="login was refused") as caught:
            way.send(message())
        assert caught.value.server
        assert "canary" not in repr(caught.value)


def test_no_password_goes_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_MONITOR_SMTP_USER", "monitor")
    settings = replace(smtp_settings(25), smtp_host="mail.elsewhere.example")
    with sender(settings) as way, pytest.raises(SendError, match="not encrypted"):
        way.send(message())


@pytest.mark.parametrize(
    ("script", "permanent", "server"),
    [
        ({"rcpt": {"ann@reader.example": "550 5.1.1 no such user"}}, True, False),
        ({"rcpt": {"ann@reader.example": "551 moved"}}, True, False),
        ({"rcpt": {"ann@reader.example": "553 not allowed"}}, True, False),
        ({"rcpt": {"ann@reader.example": "550 5.7.1 your network is blocked"}}, False, False),
        ({"rcpt": {"ann@reader.example": "552 mailbox full"}}, False, False),
        ({"rcpt": {"ann@reader.example": "451 greylisted"}}, False, False),
        ({"rcpt": {"ann@reader.example": "421 closing"}}, False, True),
        ({"mail": "550 sender unknown"}, False, True),
        ({"mail": "451 try later"}, False, True),
        ({"data": "554 looks like spam"}, False, False),
        ({"data": "451 try later"}, False, False),
        ({"data": "421 closing"}, False, True),
    ],
    ids=str,
)
def test_an_answer_tells_whether_the_recipient_the_message_or_the_server_is_the_trouble(
    script: dict[str, Any], permanent: bool, server: bool
) -> None:
    with smtp_server(Postbox(**script)) as (postbox, port), sender(smtp_settings(port)) as way:
        with pytest.raises(SendError) as caught:
            way.send(message())
        assert (caught.value.permanent, caught.value.server) == (permanent, server)
        postbox.rcpt, postbox.mail, postbox.data = {}, "250 OK", "250 OK"
        way.send(message("bob@reader.example"))  # the next one goes, on this line or a new one
        assert [one.rcpt_tos for one in postbox.taken] == [["bob@reader.example"]]


def test_a_server_that_hangs_up_between_two_messages_is_called_again() -> None:
    taken: list[bytes] = []
    with raw_server(lambda line: talk(line, taken, messages=1)) as port, sender(smtp_settings(port)) as way:
        for number in range(3):
            way.send(message(f"reader{number}@reader.example"))
    assert len(taken) == 3


# ---- a server that cuts the dialogue ----


@contextmanager
def raw_server(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serves each connection in a thread of its own; ends with the test."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()
    threads: list[threading.Thread] = []

    def connection(line: socket.socket) -> None:
        with line:
            line.settimeout(10)
            with contextlib.suppress(OSError):
                serve(line)

    def accept() -> None:
        while not stopped.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=connection, args=(line,), daemon=True)
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(5)
        for thread in threads:
            thread.join(12)


class CutError(OSError):
    pass


def talk(line: socket.socket, taken: list[bytes], *, messages: int = 99, cut_after: int = 10**9) -> None:
    """A plain SMTP dialogue that ends after so many messages, or after so many octets of answers."""
    left = cut_after

    def say(text: bytes) -> None:
        nonlocal left
        line.sendall(text[: max(0, left)])
        left -= len(text)
        if left <= 0:
            raise CutError

    say(b"220 loopback\r\n")
    file = line.makefile("rb")
    while command := file.readline(2000):
        verb = command[:4].upper()
        if verb == b"DATA":
            say(b"354 go on\r\n")
            body = b""
            while not body.endswith(b"\r\n.\r\n"):
                more = file.readline()
                if not more:
                    return
                body += more
            taken.append(body)
            say(b"250 taken\r\n")
            messages -= 1
            if not messages:
                return
        elif verb == b"QUIT":
            say(b"221 bye\r\n")
            return
        else:
            say(b"250 fine\r\n")


WHOLE = len(b"220 loopback\r\n250 fine\r\n250 fine\r\n250 fine\r\n354 go on\r\n250 taken\r\n")

SURE = WHOLE - len(b" taken\r\n")  # with these three digits the server has taken it over


def test_the_line_may_break_at_any_octet_of_the_dialogue_and_it_is_never_taken_for_sent() -> None:
    for cut in range(SURE):
        taken: list[bytes] = []

        def serve(line: socket.socket, cut: int = cut, taken: list[bytes] = taken) -> None:
            talk(line, taken, cut_after=cut)

        with raw_server(serve) as port, sender(smtp_settings(port), step=2.0, total=4.0) as way:
            with pytest.raises(SendError) as caught:
                way.send(message())
            assert caught.value.server, cut
            assert not caught.value.permanent
            assert len(taken) <= 1


@pytest.mark.parametrize("stall_after", [0, 1, 2, 3, 4, 5])
def test_a_server_that_stalls_at_a_step_is_left_when_the_time_is_up(stall_after: int) -> None:
    """It sends a line a second that goes on and on, so that no single answer is late."""
    ended = threading.Event()

    def serve(line: socket.socket) -> None:
        answers = [
            b"220 loopback\r\n",
            b"250 fine\r\n",
            b"250 fine\r\n",
            b"250 fine\r\n",
            b"354 go on\r\n",
            b"250 taken\r\n",
        ]
        file = line.makefile("rb")
        for number, answer in enumerate(answers):
            if number == stall_after:
                while not ended.wait(0.1):
                    line.sendall(answer[:3] + b"-more\r\n")
            line.sendall(answer)
            if number == len(answers) - 2:
                while file.readline() not in {b".\r\n", b""}:
                    pass
            elif number < len(answers) - 1:
                file.readline()

    with raw_server(serve) as port:
        try:
            with sender(smtp_settings(port), step=0.5, total=0.6) as way:
                began = time.monotonic()
                with pytest.raises(SendError) as caught:
                    way.send(message())
                assert caught.value.server
                assert time.monotonic() - began < 3
        finally:
            ended.set()


@pytest.mark.parametrize(
    "greeting",
    [
        b"554 no service\r\n",
        b"garbage\r\n",
        b"\x00\xff\xfe\r\n",
        b"220 " + b"a" * 20_000 + b"\r\n",
        b"",
        b"421 busy\r\n",
    ],
    ids=["554", "garbage", "binary", "long", "silence", "421"],
)
def test_what_is_no_mail_server_is_an_error_of_the_server(greeting: bytes) -> None:
    with raw_server(lambda line: line.sendall(greeting)) as port, sender(smtp_settings(port)) as way:
        with pytest.raises(SendError) as caught:
            way.send(message())
        assert caught.value.server
        assert len(str(caught.value)) < 500


def test_no_server_at_all_is_an_error_of_the_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with sender(smtp_settings(port)) as way, pytest.raises(SendError, match="refused") as caught:
        way.send(message())
    assert caught.value.server
