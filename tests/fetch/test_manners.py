"""One request at a time to a host, with pauses; patience when asked for; nothing kept of a visit."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import FixedClock
from faulty.gates import MakeGate
from faulty.http import Exchange, Request, Response, Site

from monitor import __version__
from monitor.errors import ConfigError, FetchError, HttpStatus, Unreachable
from monitor.fetch.headers import user_agent
from monitor.fetch.status import retry_after
from monitor.model import Capture, FetchRequest, NotModified, Validators

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_we_say_who_we_are(make_gate: MakeGate) -> None:
    with Site({"/": "page"}) as site:
        make_gate(site).fetch(FetchRequest(site.url("/")))
        for request in site.requests:
            assert request.headers["user-agent"] == f"policy-monitor/{__version__} (+https://us.example/monitor)"
            assert request.headers["accept-encoding"] == "gzip"
            assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}


@pytest.mark.parametrize("contact", ["", "a@us.example", "x\r\nEvil: yes", "ünï(code)", "  "])
def test_a_contact_never_breaks_the_header(contact: str) -> None:
    agent = user_agent(contact)
    assert agent.isascii()
    assert agent.isprintable()
    assert agent.count("(") == agent.count(")") <= 1


def test_the_delay_lies_between_any_two_requests_to_a_host(make_gate: MakeGate) -> None:
    clock = FixedClock()
    with Site({"/a": Response("", 302, headers=(("Location", "/b"),)), "/b": "page", "/c": "page"}) as site:
        gate = make_gate(site, clock=clock, delay=7)
        gate.fetch(FetchRequest(site.url("/a")))  # robots.txt, the redirect, the page
        assert sum(clock.slept) == 14
        clock.forward(seconds=5)
        gate.fetch(FetchRequest(site.url("/c")))
        assert sum(clock.slept) == 16
        gate.fetch(FetchRequest(site.url("/c", host="other.example"), robots_ignore="tested elsewhere"))
        assert sum(clock.slept) == 16  # another host has not been asked yet


def test_waiting_is_not_counted_as_time_of_the_fetch(make_gate: MakeGate) -> None:
    with Site({"/a": "page"}) as site:
        gate = make_gate(site, clock=FixedClock(), delay=100, deadline=30)
        assert isinstance(gate.fetch(FetchRequest(site.url("/a"))), Capture)


def test_a_host_is_never_asked_twice_at_once_but_hosts_are_side_by_side(make_gate: MakeGate) -> None:
    import asyncio

    running: dict[str, int] = {}
    most: dict[str, int] = {}
    together: list[int] = []

    async def slow(exchange: Exchange) -> None:
        host = exchange.request.host
        running[host] = running.get(host, 0) + 1
        most[host] = max(most.get(host, 0), running[host])
        together.append(sum(running.values()))
        await asyncio.sleep(0.03)
        running[host] -= 1
        await exchange.respond(Response("page"))

    with Site({"/": slow}) as site:
        gate = make_gate(site)
        failures: list[BaseException] = []

        def fetch(host: str) -> None:
            try:
                gate.fetch(FetchRequest(site.url("/", host=host)))
            except FetchError as error:
                failures.append(error)

        threads = [threading.Thread(target=fetch, args=(f"{host}.example",)) for host in "abc" for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert not failures
    assert most == {"a.example": 1, "b.example": 1, "c.example": 1}
    assert max(together) > 1
    assert len(site.seen("/robots.txt")) == 3  # once a host, however many threads want it


def test_two_hosts_that_redirect_to_each_other_do_not_block_each_other(make_gate: MakeGate) -> None:
    with Site() as site:
        site.pages |= {
            "a.example/go": Response("", 302, headers=(("Location", site.url("/end", host="b.example")),)),
            "b.example/go": Response("", 302, headers=(("Location", site.url("/end", host="a.example")),)),
            "/end": "page",
        }
        gate = make_gate(site)
        threads = [
            threading.Thread(target=gate.fetch, args=(FetchRequest(site.url("/go", host=f"{host}.example")),))
            for host in "ab" * 5
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads)
        assert len(site.seen("/end")) == 10


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 60),
        ("5", 60),
        ("-5", 60),
        ("-" + "9" * 40, 60),
        ("86400", 86400),
        ("100000", 86400),
        ("9" * 40, 86400),
        ("Sun, 29 Mar 2026 12:10:00 GMT", 600),
        ("Sun, 29 Mar 2026 11:00:00 GMT", 60),
        ("Sun, 29 Mar 2099 11:00:00 GMT", 86400),
        ("Sunday, 29-Mar-26 12:10:00 GMT", 600),
        (" 120 ", 120),
        ("abc", None),
        ("", None),
        ("12abc", None),
        ("1.5", None),
        ("١٢٠", None),
        ("Sun, 99 Mar 2026 12:10:00 GMT", None),
    ],
)
def test_retry_after_is_read_with_a_floor_and_a_cap(value: str, seconds: int | None) -> None:
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert retry_after(value, now=NOW) == expected


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_patience_is_left_alone_until_then(make_gate: MakeGate, status: int) -> None:
    clock = FixedClock()
    busy = Response("", status, headers=(("Retry-After", "600"),))
    with Site({"/a": busy, "/b": "page"}) as site:
        gate = make_gate(site, clock=clock)
        with pytest.raises(HttpStatus) as caught:
            gate.fetch(FetchRequest(site.url("/a")))
        assert caught.value.retry_after == clock.at + timedelta(seconds=600)
        assert len(site.seen("/a")) == 1  # no attempts of our own before the time it named
        clock.forward(seconds=599)
        with pytest.raises(Unreachable) as other:
            gate.fetch(FetchRequest(site.url("/b")))
        assert other.value.kind == "retry-after"
        assert other.value.retry_after == caught.value.retry_after
        assert not site.seen("/b")
        clock.forward(seconds=2)
        assert isinstance(gate.fetch(FetchRequest(site.url("/b"))), Capture)


def test_an_unchanged_page_is_not_sent_again(make_gate: MakeGate) -> None:
    with Site({"/": Response("page", etag='"v1"', last_modified="Sun, 01 Mar 2026 00:00:00 GMT")}) as site:
        gate = make_gate(site)
        capture = gate.fetch(FetchRequest(site.url("/")))
        assert isinstance(capture, Capture)
        again = gate.fetch(FetchRequest(site.url("/"), capture.validators))
        assert isinstance(again, NotModified)
        assert again.final_url == site.url("/")
        sent = site.seen("/")[-1].headers
        assert sent["if-none-match"] == '"v1"'
        assert sent["if-modified-since"] == "Sun, 01 Mar 2026 00:00:00 GMT"
        site.pages["/"] = Response("new page", etag='"v2"')
        changed = gate.fetch(FetchRequest(site.url("/"), capture.validators))
        assert isinstance(changed, Capture)
        assert changed.body == b"new page"


def test_without_validators_the_whole_page_is_asked_for(make_gate: MakeGate) -> None:
    with Site({"/": Response("page", etag='"v1"')}) as site:
        gate = make_gate(site)
        for validators in (None, Validators(), Validators("\x00\r\nX: y", "ü")):
            assert isinstance(gate.fetch(FetchRequest(site.url("/"), validators)), Capture)
            assert not {"if-none-match", "if-modified-since"} & set(site.seen("/")[-1].headers)


def test_validators_are_sent_to_the_address_that_gave_them_alone(make_gate: MakeGate) -> None:
    """A date from the policy must not make the home page, to which a redirect now leads, look unchanged."""
    old = "Sun, 01 Mar 2026 00:00:00 GMT"
    with Site({"/privacy": Response("policy", last_modified=old), "/": Response("home", last_modified=old)}) as site:
        gate = make_gate(site)
        capture = gate.fetch(FetchRequest(site.url("/privacy")))
        assert isinstance(capture, Capture)
        site.pages["/privacy"] = Response("", 302, headers=(("Location", "/"),))
        again = gate.fetch(FetchRequest(site.url("/privacy"), capture.validators))
        assert isinstance(again, Capture)
        assert again.body == b"home"
        kept = gate.fetch(FetchRequest(site.url("/privacy"), again.validators))
        assert isinstance(kept, NotModified)
        assert kept.final_url == site.url("/")


def test_no_cookie_comes_back_or_is_kept(make_gate: MakeGate) -> None:
    cookies = (("Set-Cookie", "id=1; Path=/"), ("X-Kept", "yes"), ("Set-Cookie", "other=2; Domain=example"))
    with Site({"/": Response("page", headers=cookies)}) as site:
        gate = make_gate(site)
        for host in ("a.example", "a.example", "b.example"):
            capture = gate.fetch(FetchRequest(site.url("/", host=host)))
            assert isinstance(capture, Capture)
            assert ("x-kept", "yes") in capture.headers
            assert "id=1" not in str(capture.headers)
        assert all("cookie" not in request.headers for request in site.requests)


def test_proxies_and_netrc_of_the_environment_are_ignored(
    make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine secret.example login me password hunter2\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Site() as proxy, Site({"/": "page"}) as site:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        capture = make_gate(site).fetch(FetchRequest(site.url("/", host="secret.example")))
        assert isinstance(capture, Capture)
        assert proxy.connections == 0
        assert all("authorization" not in request.headers for request in site.requests)


def test_networks_that_are_none_are_a_mistake_in_the_settings(make_gate: MakeGate) -> None:
    with pytest.raises(ConfigError, match="allow_networks"):
        make_gate(allow_networks=("everything",))


def test_many_requests_share_one_connection(make_gate: MakeGate) -> None:
    def page(request: Request) -> Response:
        return Response("page of " + request.path)

    with Site({f"/{number}": page for number in range(20)}) as site:
        gate = make_gate(site)
        for number in range(20):
            assert isinstance(gate.fetch(FetchRequest(site.url(f"/{number}"))), Capture)
        assert site.connections == 1
