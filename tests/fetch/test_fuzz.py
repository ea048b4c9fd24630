"""Whatever comes over the wire or stands in a watchlist, the gate gives a capture or an error of ours."""

from __future__ import annotations

import os
import random
from urllib.parse import urlsplit

import pytest
from faulty.faults import PACKED, PAGE
from faulty.gates import MakeGate
from faulty.http import Raw, Site
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.util import parse_url

from monitor.errors import FetchError, Refused
from monitor.fetch.robots import _parse
from monitor.fetch.target import parse_target
from monitor.model import Capture, FetchRequest

ROUNDS = int(os.environ.get("MONITOR_FUZZ", "300"))
PORTS = (80, 443, 8080)
PIECES = st.sampled_from(
    [*"/\\?#@:.%[]&=;-_~ \t\r\n\0", "//", "http", "https://", "a", "B", "1", "0x7f", "127", "::1", "%00", "%2e"]
)
URLS = st.builds(
    lambda start, rest: start + "".join(rest),
    st.sampled_from(["http://", "https://", ""]),
    st.lists(PIECES | st.characters(), max_size=25),
)

HEADS = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE[:600]),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n258\r\n",
    b"HTTP/1.0 200 OK\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED),
    b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n\r\n",
]
WORDS = [
    b"\r\n",
    b"\n",
    b"\0",
    b": ",
    b"Content-Length: ",
    b"-1",
    b"99999999999999999999",
    b"chunked",
    b"gzip",
    b"HTTP/",
    b"\xff\xfe",
    b"0\r\n\r\n",
    b" ",
    b",",
]


def mutated(chance: random.Random) -> bytes:
    head = chance.choice(HEADS)
    data = bytearray(head + (PACKED if b"gzip" in head else PAGE[:600]))
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(min(len(data), 200) or 1)
        match chance.randrange(4):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at:at] = chance.choice(WORDS)
            case 2:
                del data[at : at + chance.randrange(1, 20)]
            case _:
                del data[chance.randrange(len(data) or 1) :]
    return bytes(data)


def test_mutated_answers_give_a_capture_or_an_error_of_ours(make_gate: MakeGate) -> None:
    chance = random.Random(20260329)
    with Site() as site:
        gate = make_gate(site, deadline=2)
        outcomes = {"capture": 0, "error": 0}
        for number in range(ROUNDS):
            host = f"h{number}.example"  # a Retry-After of one case must not silence the next
            site.pages[f"{host}/"] = Raw(mutated(chance))
            try:
                capture = gate.fetch(FetchRequest(site.url("/", host=host), robots_ignore="tested elsewhere"))
            except FetchError as error:
                outcomes["error"] += 1
                assert error.kind  # noqa: PT017 - one of the two possible ends
                assert error.reason.isprintable()  # noqa: PT017
            else:
                assert isinstance(capture, Capture)
                outcomes["capture"] += 1
    assert min(outcomes.values()) > ROUNDS // 20


@settings(max_examples=ROUNDS, deadline=None)
@given(URLS)
def test_what_is_read_as_a_target_is_read_alike_by_others(url: str) -> None:
    try:
        target = parse_target(url, allow_ports=PORTS)
    except Refused:
        return
    text = str(target)
    assert text.isascii()
    assert parse_target(text, allow_ports=PORTS) == target
    theirs = parse_url(text)
    assert (theirs.host or "").strip("[]") == target.host == urlsplit(text).hostname
    assert (theirs.port or {"http": 80, "https": 443}[target.scheme]) == target.port
    assert (urlsplit(text).username, theirs.auth) == (None, None)


@settings(max_examples=ROUNDS // 2, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: ("User-agent: *\n" + text).encode("utf-8", "replace"))
)
def test_any_robots_txt_can_be_read(content: bytes) -> None:
    rules = _parse(content)
    if rules is not None:
        assert rules.can_fetch("https://example.com/privacy", "policy-monitor") in {True, False}
        assert (rules.crawl_delay("policy-monitor") or 0) >= 0


@pytest.mark.parametrize(
    "url", ["http://a/\udcff", "http://\udcff/", "http://a\u2028b/", "http://xn--/", "http://xn--a.example/"]
)
def test_strange_letters_are_no_bug(url: str) -> None:
    try:
        target = parse_target(url, allow_ports=PORTS)
    except Refused:
        return
    assert str(target).isascii()
