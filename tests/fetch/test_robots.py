"""robots.txt is obeyed as RFC 9309 says."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from fakes import FixedClock
from faulty.faults import faults
from faulty.gates import HastyClock, MakeGate
from faulty.http import Request, Response, Site
from timing import least

from monitor.errors import FetchError, HttpStatus, Refused, Unreachable
from monitor.fetch.robots import _ours, _parse
from monitor.model import Capture, FetchRequest

ALLOWED = "allowed"


def verdict(make_gate: MakeGate, robots: object, path: str = "/privacy") -> str:
    with Site({path: "page"}) as site:
        site.pages["/robots.txt"] = robots  # type: ignore[assignment]  # a page of whatever kind
        try:
            make_gate(site).fetch(FetchRequest(site.url(path)))
        except FetchError as error:
            return error.kind if error.url == site.url(path) and not site.seen(path) else "fetched"
        return ALLOWED


RULES = [
    ("", ALLOWED),
    ("User-agent: *\nDisallow:\n", ALLOWED),
    ("User-agent: *\nDisallow: /\n", "robots"),
    ("User-agent: *\nDisallow: /privacy\n", "robots"),
    ("User-agent: *\nDisallow: /priv*\n", "robots"),
    ("User-agent: *\nDisallow: /*acy$\n", "robots"),
    ("User-agent: *\nDisallow: /privacy/\n", ALLOWED),
    ("User-agent: *\nDisallow: /\nAllow: /privacy\n", ALLOWED),
    ("User-agent: *\nDisallow: /privacy\nAllow: /priv\n", "robots"),
    ("User-agent: *\nDisallow: /privacy\nAllow: /privacy\n", ALLOWED),
    ("User-agent: otherbot\nDisallow: /\n", ALLOWED),
    ("User-agent: otherbot\nUser-agent: *\nDisallow: /\n", "robots"),
    ("User-agent: *\nUser-agent: otherbot\nDisallow: /\n", "robots"),
    ("User-agent: *\nDisallow: /\n\nUser-agent: policy-monitor\nAllow: /\n", ALLOWED),
    ("User-agent: policy-monitor\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "robots"),
    ("USER-AGENT: Policy-Monitor/2.0\nDISALLOW: /\n", "robots"),
    ("user agent: *\ndisallow: /\n", "robots"),
    ("User-agent: * # all of them\nDisallow: / # everything\n", "robots"),
    ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "robots"),
    ("Disallow: /\n", ALLOWED),
    ("User-agent: *\nSitemap: https://x.example/s.xml\nDisallow: /\n", "robots"),
    ("<html><body>Not found</body></html>", ALLOWED),
]


@pytest.mark.parametrize(("robots", "expected"), RULES)
def test_rules_are_obeyed(make_gate: MakeGate, robots: str, expected: str) -> None:
    assert verdict(make_gate, robots) == expected


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_robots_txt_allows_everything(make_gate: MakeGate, status: int) -> None:
    assert verdict(make_gate, Response("User-agent: *\nDisallow: /\n", status)) == ALLOWED


@pytest.mark.parametrize("status", [429, 500, 502, 503, 204, 999])
def test_a_robots_txt_that_cannot_be_had_forbids_everything_for_now(make_gate: MakeGate, status: int) -> None:
    assert verdict(make_gate, Response("", status)) == "robots"


@pytest.mark.parametrize("fault", ["/gzip-cut", "/short", "/garbage", "/length-twice"])
def test_a_damaged_robots_txt_forbids_everything_for_now(make_gate: MakeGate, fault: str) -> None:
    assert verdict(make_gate, faults()[fault]) == "robots"


def test_a_ban_is_permanent_and_names_the_remedy_a_failure_is_not(make_gate: MakeGate) -> None:
    with Site({"/robots.txt": "User-agent: *\nDisallow: /"}) as site, pytest.raises(Refused) as banned:
        make_gate(site).fetch(FetchRequest(site.url("/")))
    assert "robots.txt of 127.0.0.1 forbids it" in banned.value.reason
    assert "ignore" in banned.value.remedy
    with Site({"/robots.txt": Response("", 503)}) as site, pytest.raises(Unreachable) as failed:
        make_gate(site).fetch(FetchRequest(site.url("/")))
    assert failed.value.transient
    assert "503 Service Unavailable" in failed.value.reason


def test_a_declared_reason_ignores_robots_txt_unread(make_gate: MakeGate) -> None:
    with Site({"/robots.txt": "User-agent: *\nDisallow: /", "/": "page"}) as site:
        capture = make_gate(site).fetch(FetchRequest(site.url("/"), robots_ignore="we asked them"))
        assert isinstance(capture, Capture)
        assert not site.seen("/robots.txt")


@pytest.mark.parametrize(("hops", "expected"), [(5, "robots"), (6, ALLOWED)])
def test_five_redirects_of_robots_txt_are_followed(make_gate: MakeGate, hops: int, expected: str) -> None:
    def step(request: Request) -> Response:
        number = int(request.path.rpartition("?")[2] or 0) if "?" in request.path else 0
        if number == hops:
            return Response("User-agent: *\nDisallow: /\n")
        return Response("", 302, headers=(("Location", f"/robots.txt?{number + 1}"),))

    assert verdict(make_gate, step) == expected


def test_robots_txt_is_asked_once_a_day(make_gate: MakeGate) -> None:
    clock = FixedClock()
    with Site({"/a": "page", "/b": "page"}) as site:
        gate = make_gate(site, clock=clock)
        gate.fetch(FetchRequest(site.url("/a")))
        clock.forward(hours=23)
        gate.fetch(FetchRequest(site.url("/b")))
        assert len(site.seen("/robots.txt")) == 1
        site.pages["/robots.txt"] = "User-agent: *\nDisallow: /b\n"
        clock.forward(hours=1, seconds=1)
        gate.fetch(FetchRequest(site.url("/a")))
        assert len(site.seen("/robots.txt")) == 2
        with pytest.raises(Refused):
            gate.fetch(FetchRequest(site.url("/b")))


def test_known_rules_outlive_a_failing_server(make_gate: MakeGate) -> None:
    clock = FixedClock()
    with Site({"/a": "page", "/b": "page", "/robots.txt": "User-agent: *\nDisallow: /b\n"}) as site:
        gate = make_gate(site, clock=clock)
        gate.fetch(FetchRequest(site.url("/a")))
        site.pages["/robots.txt"] = Response("", 500)
        clock.forward(hours=25)
        gate.fetch(FetchRequest(site.url("/a")))
        with pytest.raises(Refused):
            gate.fetch(FetchRequest(site.url("/b")))


def test_a_failing_robots_txt_is_not_asked_again_for_each_document(make_gate: MakeGate) -> None:
    clock = FixedClock()
    with Site({"/robots.txt": Response("", 500)}) as site:
        gate = make_gate(site, clock=clock)
        for path in ("/a", "/b", "/c"):
            with pytest.raises(Unreachable):
                gate.fetch(FetchRequest(site.url(path)))
        assert len(site.seen("/robots.txt")) == 1
        site.pages |= {"/robots.txt": "", "/a": "page"}
        clock.forward(minutes=11)
        assert isinstance(gate.fetch(FetchRequest(site.url("/a"))), Capture)


def test_each_origin_has_its_own_rules(make_gate: MakeGate) -> None:
    with Site({"a.example/robots.txt": "User-agent: *\nDisallow: /\n", "/": "page"}) as site:
        gate = make_gate(site)
        with pytest.raises(Refused):
            gate.fetch(FetchRequest(site.url("/", host="a.example")))
        assert isinstance(gate.fetch(FetchRequest(site.url("/", host="b.example"))), Capture)


def test_only_the_first_500_kib_count(make_gate: MakeGate) -> None:
    filler = "# " + "x" * 97 + "\n"
    early = "User-agent: *\n" + filler * 5000 + "Disallow: /privacy\n"
    late = "User-agent: *\n" + filler * 5200 + "Disallow: /privacy\n"
    assert len(early) < 500 * 1024 < len(late) - 20
    assert verdict(make_gate, early) == "robots"
    assert verdict(make_gate, late) == ALLOWED
    assert verdict(make_gate, early * 7) == "robots"  # 3 MB


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: bot{number}\n" for number in range(15_000)) + "Disallow: /a\n" * 20_000,
        "User-agent: *\n" + "".join(f"Disallow: /{number}*a*b*c*d*e*f*g*h*i*j$\n" for number in range(13_000)),
        "User-agent: *\nDisallow: /" + "*a" * 250_000,
        "User-agent: *\n" + "Disallow: /$\n" * 40_000,
        "*" * 500_000,
        " " * 500_000,
        "User-agent:" + " " * 400_000 + "*",
        "\x00\xff" * 200_000,
    ],
    ids=["agents", "wildcards", "one-long-rule", "dollars", "stars", "blanks", "blank-agent", "binary"],
)
def test_hostile_rules_are_read_in_a_moment(text: str) -> None:
    def work() -> None:
        rules = _parse(text.encode())
        if rules is not None:
            rules.can_fetch("https://example.com/" + "a" * 200 + "bcdefghij", "policy-monitor")

    assert least(work, 3) < 3


def test_the_parser_alone_is_slow_with_many_agents() -> None:
    """The control: why groups that are not for us are folded into one before the parser sees them."""
    from protego import Protego

    def seconds(read: Callable[[str], object], count: int) -> float:
        text = "".join(f"User-agent: bot{number}\n" for number in range(count)) + "Disallow: /a\n" * count
        began = time.process_time()
        read(text)
        return time.process_time() - began

    assert seconds(Protego.parse, 800) > 5 * seconds(lambda text: _parse(text.encode()), 800)


def test_folding_keeps_who_is_meant() -> None:
    text = "User-agent: a\nUser-agent: b\nUser-agent: *\nDisallow: /\nUser-agent: Policy-Monitor\nAllow: /"
    assert _ours(text) == [
        "User-agent: another",
        "User-agent: *",
        "Disallow: /",
        "User-agent: policy-monitor",
        "Allow: /",
    ]


@pytest.mark.parametrize(("asked", "waited"), [("10", 10), ("0.5", 0.5), ("1e9", 300), ("nan", 0), ("-5", 0), ("x", 0)])
def test_a_crawl_delay_lies_between_two_documents(make_gate: MakeGate, asked: str, waited: float) -> None:
    clock = FixedClock()
    with Site({"/robots.txt": f"User-agent: *\nCrawl-delay: {asked}\n", "/a": "page", "/b": "page"}) as site:
        gate = make_gate(site, clock=clock)
        gate.fetch(FetchRequest(site.url("/a")))
        assert sum(clock.slept) == 0
        gate.fetch(FetchRequest(site.url("/b")))
        assert sum(clock.slept) == pytest.approx(waited)


def test_a_host_that_is_down_is_reported_as_such_not_as_robots(make_gate: MakeGate) -> None:
    def resolve(host: str) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(Unreachable) as caught:
        make_gate(resolve=resolve).fetch(FetchRequest("https://down.example/privacy"))
    assert (caught.value.kind, caught.value.url) == ("dns", "https://down.example/privacy")


def test_a_robots_txt_that_asks_for_patience_is_given_it(make_gate: MakeGate) -> None:
    clock = FixedClock()
    busy = Response("", 503, headers=(("Retry-After", "600"),))
    with Site({"/robots.txt": busy}) as site:
        gate = make_gate(site, clock=clock)
        for _ in range(3):
            with pytest.raises(Unreachable) as caught:
                gate.fetch(FetchRequest(site.url("/")))
            assert caught.value.retry_after is not None
        assert len(site.requests) == 1


def test_robots_txt_may_be_compressed(make_gate: MakeGate) -> None:
    assert verdict(make_gate, Response("User-agent: *\nDisallow: /\n", compress=True)) == "robots"


def test_the_page_itself_may_be_missing(make_gate: MakeGate) -> None:
    with Site() as site, pytest.raises(HttpStatus):
        make_gate(site, clock=HastyClock()).fetch(FetchRequest(site.url("/")))
