"""What the door withstands: guessing, probing, floods, forms from elsewhere, and requests that are none."""

from __future__ import annotations

import contextlib
import itertools
import resource
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from door import FORM, Served, served
from fakes import FixedClock
from forgeries import forged
from mailing import KEYS
from starlette.routing import Route

from monitor.alerts.tokens import Tokens
from monitor.site import FolderSite
from monitor.web import app
from monitor.web.limits import Limit, client_name


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One door for the tests that leave nothing behind."""
    with served(tmp_path_factory.mktemp("shared")) as made:
        yield made


def ledger(door: Served) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (door.room.root / "snapshots").glob("monitor.db*")
        if not path.name.endswith("-shm")
    }


# ---- the list of addresses (W12), GET (W6), headers (W11) ----


def test_the_addresses_are_exactly_those_of_the_list(door: Served) -> None:
    guarded = app.application(door.door, FolderSite(door.room.root / "report"), public_url="https://watch.example")
    routes = guarded._app.routes  # type: ignore[attr-defined]
    assert all(isinstance(route, Route) for route in routes)
    answered = {(route.path, method) for route in routes for method in route.methods}
    assert answered == {(way.path, method) for way in app.WAYS for method in way.methods}
    assert {(way.path, way.protection) for way in app.WAYS if "POST" in way.methods} == {
        ("/subscribe", "form token"),
        ("/confirm/{token}", "signed token"),
        ("/manage/{token}", "signed token"),
        ("/unsubscribe/{token}", "signed token"),
    }


def every_address(door: Served) -> list[str]:
    waiting = door.room.reader("new@reader.example", confirmed_at=None)
    reader = door.room.reader()
    number, address = reader.id or 0, reader.address
    (door.room.root / "report").mkdir(exist_ok=True)
    (door.room.root / "report" / "index.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
    return [
        "/",
        "/index.html",
        "/nothing.html",
        "/subscribe",
        "/door.css",
        f"/confirm/{door.grant('confirm', waiting.id or 0, address=waiting.address)}",
        f"/manage/{door.grant('manage', number, address=address)}",
        f"/unsubscribe/{door.grant('unsubscribe', number, address=address)}",
        "/confirm/nonsense",
        "/manage/nonsense",
        "/unsubscribe/nonsense",
        "/unsubscribe/nonsense/more",
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_nothing_but_post_changes_anything(door: Served, method: str) -> None:
    paths = every_address(door)
    before = ledger(door)
    for path in paths:
        reply = door.request(method, path)
        assert reply.status < 500, path
        if method not in {"GET", "HEAD"}:
            assert reply.status == 405, path
    door.settle()
    assert ledger(door) == before
    assert door.postbox.taken == []


def test_every_answer_carries_the_strict_headers(door: Served) -> None:
    for path, method in itertools.product(every_address(door), ("GET", "POST", "DELETE")):
        headers = door.request(method, path).headers
        csp = headers["content-security-policy"]
        assert csp.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in csp
        assert "unsafe" not in csp
        assert headers["strict-transport-security"].startswith("max-age=")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
        assert "set-cookie" not in headers
        if "/manage/" in path or "/confirm/" in path or "/unsubscribe/" in path or path == "/subscribe":
            assert headers["cache-control"] == "no-store"


def test_an_error_inside_shows_nothing_of_itself(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary: the inside of the program")

    monkeypatch.setattr(door.door, "sign_up", broken)
    monkeypatch.setattr("uvicorn.protocols.http.h11_impl.RequestResponseCycle.send_500_response", lambda _: None)
    reply = door.post("/subscribe", {"form": door.form_token()})
    assert reply.status == 500
    assert "canary" not in reply.text
    assert "Traceback" not in reply.text
    assert reply.headers["referrer-policy"] == "no-referrer"


# ---- tokens (W7) ----


def test_a_hundred_thousand_forged_tokens_open_nothing() -> None:
    tokens, now = Tokens(KEYS), FixedClock().now()
    good = tokens.grant("unsubscribe", (7,), "ann@reader.example", now=now)
    tried = accepted = 0
    for token in itertools.islice(forged(tokens, good, now=now), 100_000):
        tried += 1
        accepted += tokens.read("unsubscribe", token, now=now) is not None
    assert (tried, accepted) == (100_000, 0)
    assert tokens.read("unsubscribe", good, now=now) is not None  # negative control


def test_a_token_is_bound_to_its_purpose_its_owner_and_its_time() -> None:
    tokens, now = Tokens(KEYS), FixedClock().now()
    token = tokens.grant("confirm", (1, 2), "ann@reader.example", now=now)
    grant = tokens.read("confirm", token, now=now)
    assert grant
    assert grant.subscriptions == (1, 2)
    assert grant.covers("ann@reader.example")
    assert not grant.covers("bob@reader.example")
    assert tokens.read("manage", token, now=now) is None
    assert tokens.read("unsubscribe", token, now=now) is None
    assert tokens.read("confirm", token, now=now + timedelta(days=3)) is None
    assert tokens.read("confirm", token, now=now + timedelta(days=3, seconds=-1)) is not None
    assert not tokens.is_form(token, now=now)
    assert tokens.is_form(tokens.form(now=now), now=now)
    assert not tokens.is_form(tokens.form(now=now), now=now + timedelta(hours=12))
    assert "ann" not in repr(token)


def test_a_key_can_be_replaced_while_old_links_still_work() -> None:
    now = FixedClock().now()
    old, new = b"o" * 40, b"n" * 40
    token = Tokens((old,)).grant("manage", (1,), "ann@reader.example", now=now)
    path = Tokens((old,)).return_path("bounces@watch.example", 1, now=now)
    both = Tokens((new, old))
    assert both.read("manage", token, now=now)
    assert both.bounced(path, now=now) == 1
    assert Tokens((new,)).read("manage", token, now=now) is None
    assert Tokens((old,)).read("manage", both.grant("manage", (1,), "a@b.example", now=now), now=now) is None
    assert "oooo" not in repr(both)


def test_a_token_does_not_open_what_came_to_belong_to_somebody_else(door: Served) -> None:
    reader = door.room.reader()
    token = door.grant("unsubscribe", reader.id or 0)
    door.room.archive.amend(replace(reader, address="bob@reader.example"))
    assert door.post(f"/unsubscribe/{token}", {"do": "end"}).status == 404
    assert door.room.archive.subscriptions()[0].ended_at is None


# ---- forms from elsewhere (W6) ----


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "https://watch.example", "Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec_Fetch_Site": "same-origin"}, 200),  # what browsers send under no-referrer
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
    ],
    ids=str,
)
def test_a_form_works_from_its_own_page_only(door: Served, headers: dict[str, str], status: int) -> None:
    reader = door.room.reader()
    token = door.grant("manage", reader.id or 0)
    assert door.post(f"/manage/{token}", {"do": "end-all"}, **headers).status == status
    assert len(door.room.archive.subscriptions()) == (0 if status == 200 else 1)


def test_a_sign_up_without_its_pages_token_is_not_taken(door: Served) -> None:
    for token in ("", "nonsense", door.grant("manage", 1), Tokens((b"x" * 40,)).form(now=door.room.clock.now())):
        reply = door.post("/subscribe", {"form": token, "do": "subscribe", "address": "ann@reader.example"})
        assert reply.status == 422
    door.settle()
    assert door.postbox.taken == []


@pytest.mark.parametrize(
    ("body", "content_type", "ended"),
    [
        (b"List-Unsubscribe=One-Click", FORM, True),
        (b"List-Unsubscribe=One-Click", FORM + "; charset=utf-8", True),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            True,
        ),
        (b"do=end", FORM, True),
        (b"", FORM, False),
        (b"", "", False),
        (b"List-Unsubscribe=Two-Clicks", FORM, False),
        (b"List-Unsubscribe=One-Click", "text/plain", False),
        (b"do=confirm", FORM, False),
        (b"\xff\xfe", FORM, False),
    ],
    ids=str,
)
def test_one_click_needs_the_body_that_says_so(door: Served, body: bytes, content_type: str, ended: bool) -> None:
    reader = door.room.reader()
    path = f"/unsubscribe/{door.grant('unsubscribe', reader.id or 0)}"
    reply = door.request("POST", path, body, Content_Type=content_type, Sec_Fetch_Site="none")
    assert (reply.status == 200) is ended
    assert (door.room.archive.subscriptions() == ()) is ended


# ---- who is known (W8), how often (W9) ----


def test_a_known_an_unknown_and_a_blocked_address_get_the_same_answer_in_the_same_time(door: Served) -> None:
    door.room.reader("known@reader.example")
    door.room.archive.suppress("block@reader.example", reason="bounced", at=door.room.clock.now())
    times: dict[str, list[float]] = {"known": [], "other": [], "block": []}
    replies: set[tuple[int, bytes, frozenset[str]]] = set()
    for number in range(150):
        for name, taken in times.items():
            reply = door.sign_up(f"{name}@reader.example", client=f"198.51.{number}.{len(name)}")
            taken.append(reply.seconds)
            replies.add((reply.status, reply.body, frozenset(reply.headers)))
    assert len(replies) == 1
    middles = [statistics.median(taken) for taken in times.values()]
    assert max(middles) - min(middles) < 0.005


def test_a_victim_gets_one_question_a_day_whoever_asks(door: Served) -> None:
    for number in range(60):
        spelling = ("Ann@reader.example", "ann@reader.example", "ANN@Reader.example")[number % 3]
        assert door.sign_up(spelling, client=f"203.0.113.{number}").status == 200
        door.settle()
    assert len(door.postbox.taken) == 1
    door.room.clock.forward(hours=25)
    door.sign_up(client="203.0.113.250")
    door.settle()
    assert len(door.postbox.taken) == 2


def test_one_client_may_sign_up_a_few_times_an_hour_whatever_it_claims_to_be(door: Served) -> None:
    statuses = [door.sign_up(f"reader{number}@reader.example").status for number in range(30)]
    assert statuses == [200] * 20 + [429] * 10
    assert door.sign_up("again@reader.example", client="192.0.2.7").status == 200
    door.room.clock.forward(hours=2)
    assert door.sign_up("again@reader.example").status == 200


def test_one_client_may_try_links_so_often_an_hour(door: Served) -> None:
    statuses = {door.get("/manage/guess").status for _ in range(600)}
    assert statuses == {404}
    assert door.get("/manage/guess").status == 429


def test_limits_forget_the_longest_silent_and_never_grow() -> None:
    clock = FixedClock()
    limit = Limit(2, 60, clock, remembered=1000)
    for number in range(50_000):
        limit.allows(f"client {number}")
    assert len(limit) == 1000
    assert [limit.allows("a"), limit.allows("a"), limit.allows("a")] == [True, True, False]
    clock.forward(seconds=60)
    assert limit.allows("a")


def test_an_ipv6_customer_counts_as_one_client() -> None:
    assert client_name("2001:db8::1") == client_name("2001:db8::ffff:1:2:3:4"[:20]) == "2001:db8::"
    assert client_name("::ffff:192.0.2.1") == client_name("192.0.2.1") == "192.0.2.1"
    assert client_name("fe80::1%eth0") == "fe80::"
    assert client_name("nonsense") == "unknown"


# ---- requests that are none (W10) ----


def talk(port: int, data: bytes, *, wait: float = 5.0) -> bytes:
    """What the server says to raw octets until it hangs up or is silent."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as line, contextlib.suppress(OSError):
        line.sendall(data)
        while more := line.recv(65536):
            answer += more
    return answer


HEAD = b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (
            HEAD + b"Content-Length: 10000000\r\n\r\n" + b"a" * 10_000_000,
            {0, 413},
        ),  # 0: the line was cut while we talked
        (HEAD + b"Content-Length: 60000\r\nConnection: close\r\n\r\n" + b"a=&" * 20_000, {400}),
        (HEAD + b"Content-Length: 5\r\nConnection: close\r\n\r\na=%ff", {422, 400}),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\na=%ff", {400}),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n", {400, 501}),
        (HEAD + b"Content-Length: -1\r\n\r\n", {400}),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", {400}),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", {400, 414}),
        (b"GET /" + b"a" * 8_000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {414}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\nConnection: close\r\n\r\n", {431}),
        (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00", {400}),
        (b"GET / HTTP/1.1\r\n Folded: x\r\nHost: x\r\n\r\n", {400}),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404, 400}),
    ],
    ids=lambda value: value[:40].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_malformed_or_oversized_request_is_refused(shared: Served, data: bytes, statuses: set[int]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = talk(shared.port, data)
    assert int(answer.split(b" ", 2)[1] if answer else 0) in statuses
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
    assert shared.get("/subscribe").status == 200


def test_a_slow_request_is_ended(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.guard.BODY_SECONDS", 0.3)
    monkeypatch.setattr("monitor.web.server.HEAD_SECONDS", 0.3)
    began = time.monotonic()
    assert b" 408 " in talk(door.port, HEAD + b"Content-Length: 100\r\n\r\nform=")
    assert talk(door.port, b"GET / HTT") == b""
    assert talk(door.port, b"") == b""
    kept = b"GET /door.css HTTP/1.1\r\nHost: x\r\n\r\nGET / HT"
    assert talk(door.port, kept).count(b"HTTP/1.1 200") == 1
    assert time.monotonic() - began < 8


# ---- the report's files (W5, P1) ----


def test_files_are_served_as_what_they_are_and_nothing_else_runs(door: Served) -> None:
    report = door.room.root / "report"
    (report / "vendor").mkdir(parents=True)
    for name in ("index.html", "site.js", "style.css", "feed.xml", "raw.txt", "data.json", "odd.svg", "noext"):
        (report / "vendor" / name).write_text("<script>alert(1)</script>", encoding="utf-8")
    kinds = {name: door.get(f"/vendor/{name}") for name in ("index.html", "site.js", "style.css", "feed.xml")}
    assert [reply.headers["content-type"].partition(";")[0] for reply in kinds.values()] == [
        "text/html",
        "text/javascript",
        "text/css",
        "application/atom+xml",
    ]
    assert door.get("/vendor/").body == kinds["index.html"].body
    for name in ("raw.txt", "data.json", "odd.svg", "noext"):
        headers = door.get(f"/vendor/{name}").headers
        assert headers["content-type"].startswith("text/plain")
        assert headers["content-disposition"].startswith("attachment")
        assert "sandbox" in headers["content-security-policy"]
    again = door.get("/vendor/index.html", If_None_Match=kinds["index.html"].headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/%2e%2e%2fsecret",
        "/..%2fsecret",
        "/..%5csecret",
        "//etc/passwd",
        "/vendor/../../secret",
        "/vendor//../secret",
        "/.policy-monitor-key",
        "/./index.html",
        "/index.html%00.txt",
        "/index.html/",
        "/link",
        "/linked/secret",
        "/%c0%ae%c0%ae/secret",
        "/vendor/%2e%2e/%2e%2e/secret",
        "/index.html?x=../secret/../../",
        "/~root",
        "/-",
    ],
)
def test_nothing_outside_the_report_is_served(shared: Served, path: str) -> None:
    report = shared.room.root / "report"
    (report / "vendor").mkdir(parents=True, exist_ok=True)
    (report / "index.html").write_text("front", encoding="utf-8")
    (shared.room.root / "secret").write_text("canary", encoding="utf-8")
    for name, target in (("link", "secret"), ("linked", ".")):
        if not (report / name).is_symlink():
            (report / name).symlink_to(shared.room.root / target)
    reply = shared.get(path)
    assert "canary" not in reply.text
    assert reply.status == (200 if path.startswith("/index.html?") else 404)
