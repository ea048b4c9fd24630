"""Nothing of ours reaches an address that is not public, however it is spelled or resolved."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from faulty.gates import MakeGate
from faulty.http import Response, Site

from monitor.errors import FetchError, Refused, Unreachable
from monitor.fetch import address
from monitor.fetch.sockets import MeteredSocket
from monitor.model import Capture, FetchRequest

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "3fff::1",
    "2001:db8::1",
]
PUBLIC = ["8.8.8.8", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1"]

# {port} is the canary's. Read by some program as loopback, or as a name that the resolver of the test sends there
SPELLINGS = [
    "http://name.example:{port}/",
    "http://NAME.example.:{port}/",
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0x7F.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://0:{port}/",
    "http://00000127.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:7f00:0001]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://127.0.0.1:{port}\\@name.example/",
    "http://name.example\\@127.0.0.1:{port}/",
    "http://name.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@name.example/",
    "http://１２７.０.０.１:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127.0.0.1:{port}/\r\nHost: name.example",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1%00.name.example:{port}/",
    "http://127.0.0.1%2ename.example:{port}/",
    "http:127.0.0.1:{port}",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
]


@pytest.fixture
def contacted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a connection was asked for; none but loopback ones are let through."""
    asked: list[str] = []
    connect = MeteredSocket.connect

    def watched(self: MeteredSocket, place: Any) -> None:
        asked.append(place[0])
        if place[0] != "127.0.0.1":
            raise OSError("not in a test")
        connect(self, place)

    monkeypatch.setattr(MeteredSocket, "connect", watched)
    return asked


@pytest.mark.parametrize("text", PRIVATE)
def test_addresses_that_are_not_public_are_refused(text: str) -> None:
    assert address.refusal(ipaddress.ip_address(text), ()) == f"{ipaddress.ip_address(text)} is not a public address"


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_not_refused(text: str) -> None:
    assert address.refusal(ipaddress.ip_address(text), ()) == ""


def test_networks_of_the_settings_are_the_only_exception() -> None:
    allowed = address.allowed_networks(["10.1.0.0/16", "fd00::/8"])
    assert address.refusal(ipaddress.ip_address("10.1.2.3"), allowed) == ""
    assert address.refusal(ipaddress.ip_address("fd00::7"), allowed) == ""
    assert address.refusal(ipaddress.ip_address("10.2.0.1"), allowed)
    assert address.refusal(ipaddress.ip_address("::ffff:10.1.2.3"), allowed)


@pytest.mark.parametrize("answer", PRIVATE)
def test_no_spelling_reaches_a_private_address(make_gate: MakeGate, contacted: list[str], answer: str) -> None:
    with Site({"/": "secret"}) as canary:
        gate = make_gate(canary, allow_networks=(), resolve=lambda host: [answer])
        for spelling in SPELLINGS:
            with pytest.raises(Refused):
                gate.fetch(FetchRequest(spelling.format(port=canary.port), robots_ignore="tested elsewhere"))
        assert contacted == []
        assert (canary.connections, canary.bytes_received) == (0, 0)


@pytest.mark.parametrize("spelling", SPELLINGS[2:])
def test_the_systems_own_resolver_leads_nowhere_else(make_gate: MakeGate, contacted: list[str], spelling: str) -> None:
    from monitor.fetch.sockets import system_resolve

    with Site({"/": "secret"}) as canary:
        gate = make_gate(canary, allow_networks=(), resolve=system_resolve)
        with pytest.raises(Refused):
            gate.fetch(FetchRequest(spelling.format(port=canary.port), robots_ignore="tested elsewhere"))
        assert contacted == []
        assert canary.connections == 0


@pytest.mark.parametrize("mixed", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8"] * 999 + ["::1"]])
def test_one_private_answer_refuses_the_name(make_gate: MakeGate, contacted: list[str], mixed: list[str]) -> None:
    gate = make_gate(allow_networks=(), resolve=lambda host: mixed)
    with pytest.raises(Refused, match="is not a public address"):
        gate.fetch(FetchRequest("http://mixed.example/"))
    assert contacted == []


def test_a_name_that_changes_its_answer_is_asked_once_a_connection(make_gate: MakeGate, contacted: list[str]) -> None:
    """Rebinding: public when it is checked, private when it is used. What was checked is what is used."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]])
    with Site({"/": "secret"}) as canary:
        gate = make_gate(canary, allow_networks=(), resolve=lambda host: next(answers))
        with pytest.raises(FetchError):  # first the connection to 8.8.8.8 fails, then the next attempt is refused
            gate.fetch(FetchRequest(f"http://rebind.example:{canary.port}/", robots_ignore="tested elsewhere"))
        assert contacted == ["8.8.8.8"]
        assert canary.connections == 0


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/secret",
        "http://inner.example:{port}/secret",
        "//inner.example:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://user:word@inner.example:{port}/secret",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/_x",
        "data:text/html,secret",
        "javascript:alert(1)",
        "ftp://inner.example/secret",
        "http://outer.example:22/",
        "http://outer.example:6379/",
    ],
)
def test_a_redirect_to_a_forbidden_place_is_refused_before_anything_is_sent(make_gate: MakeGate, location: str) -> None:
    with Site({"/secret": "secret"}) as canary:
        moved = Response(status=302, headers=(("Location", location.format(port=canary.port)),))
        # the outer site is reached at 127.0.0.2, which the settings allow; the canary lives at 127.0.0.1
        with Site({"/": moved}, address="127.0.0.2") as outer:
            places = {"outer.example": ["127.0.0.2"], "inner.example": ["127.0.0.1"]}
            gate = make_gate(outer, canary, allow_networks=("127.0.0.2/32",), resolve=lambda host: places[host])
            with pytest.raises(Refused):
                gate.fetch(FetchRequest(outer.url("/", host="outer.example")))
            assert len(outer.seen("/")) == 1
        assert (canary.connections, canary.bytes_received) == (0, 0)


def test_a_redirected_robots_txt_obeys_the_same_rules(make_gate: MakeGate) -> None:
    with Site({"/robots.txt": ""}) as canary:
        moved = Response(status=302, headers=(("Location", f"http://127.0.0.1:{canary.port}/robots.txt"),))
        with Site({"/robots.txt": moved, "/": "page"}, address="127.0.0.2") as outer:
            gate = make_gate(outer, canary, allow_networks=("127.0.0.2/32",), resolve=lambda host: ["127.0.0.2"])
            with pytest.raises(Refused, match="not a public address"):
                gate.fetch(FetchRequest(outer.url("/", host="outer.example")))
            assert not outer.seen()
        assert canary.connections == 0


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 0, 65535])
def test_other_ports_are_refused(make_gate: MakeGate, contacted: list[str], port: int) -> None:
    with pytest.raises(Refused) as caught:
        make_gate().fetch(FetchRequest(f"http://name.example:{port}/"))
    assert caught.value.kind == "port"
    assert contacted == []


def test_the_last_gate_before_the_network_checks_the_port_itself(make_gate: MakeGate) -> None:
    gate = make_gate()
    from monitor.clock import SystemClock
    from monitor.fetch.budget import Budget

    gate._wire.budget = Budget(SystemClock(), 1)
    with pytest.raises(Refused, match="port 22"):
        gate._wire.open("name.example", 22)


@pytest.mark.parametrize("answer", ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0"])
def test_with_the_guard_removed_the_canary_is_reached(
    make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """The control: the tests above fail when the guard is gone."""
    monkeypatch.setattr(address, "refusal", lambda found, allowed: "")
    with Site({"/": "secret"}) as canary:
        gate = make_gate(canary, allow_networks=(), resolve=lambda host: [answer])
        capture = gate.fetch(FetchRequest(f"http://name.example:{canary.port}/"))
        assert isinstance(capture, Capture)
        assert capture.body == b"secret"


def test_a_refusal_says_what_to_do(make_gate: MakeGate) -> None:
    gate = make_gate(allow_networks=(), resolve=lambda host: ["10.0.0.7"])
    with pytest.raises(Refused) as caught:
        gate.fetch(FetchRequest("https://intranet.example/privacy"))
    assert str(caught.value) == (
        "10.0.0.7 is not a public address; intranet.example resolves to it; nothing was sent "
        "(https://intranet.example/privacy)"
    )
    assert "allow_networks" in caught.value.remedy
    assert caught.value.kind == "address"
    assert not caught.value.transient


def test_a_host_without_a_working_address_is_tried_at_each_of_them(make_gate: MakeGate) -> None:
    with Site({"/": "page"}) as site:
        answers = ["127.0.0.9", "127.0.0.8", "127.0.0.1"]
        gate = make_gate(site, resolve=lambda host: answers)
        assert isinstance(gate.fetch(FetchRequest(site.url("/", host="name.example"))), Capture)


@pytest.mark.parametrize("raised", [OSError(-2, "Name or service not known"), UnicodeError("label too long"), None])
def test_a_name_that_cannot_be_resolved_is_unreachable(make_gate: MakeGate, raised: Exception | None) -> None:
    def resolve(host: str) -> list[str]:
        if raised:
            raise raised
        return []

    with pytest.raises(Unreachable) as caught:
        make_gate(resolve=resolve).fetch(FetchRequest("https://gone.example/"))
    assert caught.value.kind == "dns"
    assert "gone.example" in caught.value.reason
    assert caught.value.url == "https://gone.example/"


def test_a_port_where_nobody_listens_is_unreachable(make_gate: MakeGate) -> None:
    with Site() as site:
        url = site.url("/")
        gate = make_gate(site)
    with pytest.raises(Unreachable) as caught:
        gate.fetch(FetchRequest(url))
    assert caught.value.kind == "connect"
    assert "refused" in caught.value.reason
    assert caught.value.transient
