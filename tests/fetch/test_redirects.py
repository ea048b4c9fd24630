"""Redirects are followed by hand, a few, and never to less protection."""

from __future__ import annotations

from pathlib import Path

import pytest
from faulty.faults import faults
from faulty.gates import MakeGate
from faulty.http import Response, Site
from faulty.tls import Authority

from monitor.errors import BadResponse, FetchError, HttpStatus, Refused
from monitor.model import Capture, FetchRequest


def moved(location: str, status: int = 302) -> Response:
    return Response("moved", status, headers=(("Location", location),))


def hops(count: int) -> dict[str, Response | str]:
    pages: dict[str, Response | str] = {f"/{step}": moved(f"/{step + 1}") for step in range(count)}
    return {**pages, f"/{count}": "arrived"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_each_kind_of_redirect_is_followed_and_recorded(make_gate: MakeGate, status: int) -> None:
    with Site({"/old": moved("/new#part", status), "/new": "page"}) as site:
        capture = make_gate(site).fetch(FetchRequest(site.url("/old#here")))
    assert isinstance(capture, Capture)
    assert capture.url == site.url("/old#here")
    assert capture.final_url == site.url("/new")
    assert capture.redirects == (site.url("/old"),)
    assert capture.body == b"page"


def test_ten_redirects_are_followed(make_gate: MakeGate) -> None:
    with Site({**hops(10)}) as site:
        capture = make_gate(site).fetch(FetchRequest(site.url("/0")))
    assert isinstance(capture, Capture)
    assert capture.body == b"arrived"
    assert len(capture.redirects) == 10


def test_the_eleventh_redirect_is_not(make_gate: MakeGate) -> None:
    with Site({**hops(21)}) as site:
        with pytest.raises(BadResponse) as caught:
            make_gate(site).fetch(FetchRequest(site.url("/0")))
        assert caught.value.kind == "too-many-redirects"
        assert len(site.seen()) == 11


def test_a_circle_is_left_at_once(make_gate: MakeGate) -> None:
    with Site({"/a": moved("/b"), "/b": moved("/a")}) as site:
        with pytest.raises(BadResponse) as caught:
            make_gate(site).fetch(FetchRequest(site.url("/a")))
        assert caught.value.kind == "redirect-loop"
        assert len(site.seen()) == 2


def test_a_redirect_to_itself_is_a_circle(make_gate: MakeGate) -> None:
    with Site({"/a": moved("/a#x")}) as site, pytest.raises(BadResponse) as caught:
        make_gate(site).fetch(FetchRequest(site.url("/a")))
    assert caught.value.kind == "redirect-loop"


def test_another_host_is_recorded_and_asked_for_its_own_robots_txt(make_gate: MakeGate) -> None:
    with Site() as site:
        site.pages |= {
            "old.example/privacy": moved(site.url("/legal", host="new.example")),
            "new.example/legal": "page",
            "new.example/robots.txt": "User-agent: *\nDisallow: /legal\n",
        }
        gate = make_gate(site)
        with pytest.raises(Refused) as caught:
            gate.fetch(FetchRequest(site.url("/privacy", host="old.example")))
        assert caught.value.kind == "robots"
        site.pages["new.example/robots.txt"] = "User-agent: *\nAllow: /\n"
        capture = make_gate(site).fetch(FetchRequest(site.url("/privacy", host="old.example")))
        assert isinstance(capture, Capture)
        assert capture.final_url == site.url("/legal", host="new.example")


def test_from_https_to_http_is_refused(make_gate: MakeGate, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Site({"/": "page"}) as plain, Site(tls=authority.server("safe.example")) as safe:
        safe.pages["/"] = moved(plain.url("/", host="safe.example"))
        gate = make_gate(plain, safe, certificate_file=authority.file)
        with pytest.raises(Refused) as caught:
            gate.fetch(FetchRequest(safe.url("/", host="safe.example")))
        assert caught.value.kind == "downgrade"
        assert plain.connections == 0


def test_from_http_to_https_is_followed(make_gate: MakeGate, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Site() as plain, Site({"/": "page"}, tls=authority.server("safe.example")) as safe:
        plain.pages["/"] = moved(safe.url("/", host="safe.example"))
        capture = make_gate(plain, safe, certificate_file=authority.file).fetch(
            FetchRequest(plain.url("/", host="safe.example"))
        )
        assert isinstance(capture, Capture)
        assert capture.final_url.startswith("https://")


@pytest.mark.parametrize(
    "page",
    [
        Response('<meta http-equiv="refresh" content="0;url=/other">'),
        Response("page", headers=(("Refresh", "0; url=/other"),)),
        Response("page", headers=(("Location", "/other"),)),
    ],
)
def test_only_redirect_statuses_redirect(make_gate: MakeGate, page: Response) -> None:
    with Site({"/": page, "/other": "other"}) as site:
        capture = make_gate(site).fetch(FetchRequest(site.url("/")))
        assert isinstance(capture, Capture)
        assert capture.body == page.raw
        assert not site.seen("/other")


@pytest.mark.parametrize("status", [201, 202, 203, 204, 205, 206, 226, 300, 304, 305, 306, 999])
def test_no_other_success_is_content(make_gate: MakeGate, status: int) -> None:
    with Site({"/": Response("", status)}) as site, pytest.raises(BadResponse) as caught:
        make_gate(site).fetch(FetchRequest(site.url("/")))
    assert caught.value.kind == "bad-status"
    assert str(status) in caught.value.reason


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 410, 418, 425, 429, 451])
def test_a_refusal_by_the_server_is_told_and_not_repeated(make_gate: MakeGate, status: int) -> None:
    with Site({"/": Response("no", status)}) as site:
        with pytest.raises(HttpStatus) as caught:
            make_gate(site).fetch(FetchRequest(site.url("/")))
        assert len(site.seen("/")) == 1
    assert (caught.value.kind, caught.value.status) == (f"http-{status}", status)


@pytest.mark.parametrize(("status", "times"), [(500, 3), (501, 1), (502, 3), (503, 3), (504, 3), (505, 1)])
def test_a_passing_failure_is_tried_three_times(make_gate: MakeGate, status: int, times: int) -> None:
    with Site({"/": Response("no", status)}) as site:
        with pytest.raises(HttpStatus) as caught:
            make_gate(site).fetch(FetchRequest(site.url("/")))
        assert len(site.seen("/")) == times
    assert caught.value.transient is (status not in {501, 505})


def test_a_page_that_comes_at_the_second_attempt_is_taken(make_gate: MakeGate) -> None:
    answers = iter([Response("no", 502), Response("page")])
    with Site({"/": lambda request: next(answers)}) as site:
        capture = make_gate(site).fetch(FetchRequest(site.url("/")))
    assert isinstance(capture, Capture)
    assert capture.body == b"page"


def test_a_connection_kept_open_and_ended_by_the_server_costs_no_attempt(make_gate: MakeGate) -> None:
    with Site({**faults(), "/": "page"}) as site:
        gate = make_gate(site)
        for _ in range(5):
            gate.fetch(FetchRequest(site.url("/gzip"), robots_ignore="tested elsewhere"))
        assert len(site.seen("/gzip")) == 5


def test_errors_carry_what_is_needed(make_gate: MakeGate) -> None:
    with Site({"/gone": Response("", 410)}) as site, pytest.raises(FetchError) as caught:
        make_gate(site).fetch(FetchRequest(site.url("/gone")))
    assert str(caught.value) == f"the server answered 410 Gone ({site.url('/gone')})"
    assert caught.value.remedy
