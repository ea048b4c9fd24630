"""A page that needs scripts is rendered, and nothing it asks for leaves but through the gate."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from faulty.gates import MakeGate, loopback_gate
from faulty.http import Page, Raw, Response, Site

from monitor.errors import BadResponse, FetchError, Refused, Unreachable
from monitor.fetch import Gate, browser
from monitor.fetch.rendering import site_of
from monitor.model import Capture, FetchRequest, Validators

SCRIPT = "text/javascript"
SHELL = '<!doctype html><title>Privacy</title><script src="/app.js"></script><div id="root"></div>'
APP = """
fetch("/api/policy.json").then((answer) => answer.json()).then((policy) => {
  document.getElementById("root").innerHTML = `<h1>${policy.title}</h1><p>${policy.text}</p>`;
});
"""
DATA = '{"title": "Privacy policy", "text": "We keep your data for thirty days."}'


def single_page_site() -> dict[str, Page]:
    return {
        "/privacy": SHELL,
        "/app.js": Response(APP, content_type=SCRIPT),
        "/api/policy.json": Response(DATA, content_type="application/json"),
    }


def render(gate: Gate, site: Site, path: str, **options: object) -> Capture:
    url = site.url(path, host="www.acme.example")
    capture = gate.fetch(FetchRequest(url, render="browser", **options))  # type: ignore[arg-type]  # the fields' own
    assert isinstance(capture, Capture)
    return capture


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site({}) as made:
        yield made


@pytest.fixture(scope="module")
def gate(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """One gate for many tests: starting Chromium takes longer than most of them."""
    made = loopback_gate(tmp_path_factory.mktemp("root"), site, deadline=25)
    yield made
    made.close()


@pytest.fixture(scope="module")
def hurried(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """The same with a short deadline."""
    made = loopback_gate(tmp_path_factory.mktemp("root"), site, deadline=4)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> None:
    if "site" in request.fixturenames:
        served = request.getfixturevalue("site")
        served.pages.clear()
        served.requests.clear()


@pytest.mark.browser
def test_a_page_built_by_a_script_from_fetched_data_is_captured(gate: Gate, site: Site) -> None:
    site.pages |= single_page_site()
    capture = render(gate, site, "/privacy", validators=Validators('"old"', ""))
    assert b"<h1>Privacy policy</h1><p>We keep your data for thirty days.</p>" in capture.body
    assert capture.rendered
    assert capture.status == 200
    assert capture.header("content-type") == "text/html; charset=utf-8"
    assert capture.final_url == site.url("/privacy", host="www.acme.example")
    assert all(request.headers["user-agent"].startswith("policy-monitor/") for request in site.requests)
    assert all("if-none-match" not in request.headers for request in site.requests)


@pytest.mark.browser
def test_the_shell_alone_does_not_show_the_policy(gate: Gate, site: Site) -> None:
    """The control: without the browser there is nothing to read."""
    site.pages |= single_page_site()
    capture = gate.fetch(FetchRequest(site.url("/privacy", host="www.acme.example")))
    assert isinstance(capture, Capture)
    assert b"thirty days" not in capture.body
    assert not capture.rendered


ESCAPES = """
const inner = "INNER", foreign = "FOREIGN", name = "inner.acme.example:PORT";
const quietly = (step) => { try { const done = step(); if (done && done.catch) done.catch(() => {}); } catch {} };
const tag = (kind, fields) => document.head.append(Object.assign(document.createElement(kind), fields));
for (const place of [inner, foreign, "http://" + name]) {
  quietly(() => fetch(place + "/fetch"));
  quietly(() => fetch(place + "/no-cors", {mode: "no-cors"}));
  quietly(() => fetch(place + "/post", {method: "POST", body: "x", mode: "no-cors"}));
  quietly(() => { const asked = new XMLHttpRequest(); asked.open("GET", place + "/xhr"); asked.send(); });
  quietly(() => navigator.sendBeacon(place + "/beacon", "x"));
  quietly(() => new WebSocket(place.replace("http", "ws") + "/socket"));
  quietly(() => new WebTransport(place.replace("http:", "https:") + "/transport"));
  quietly(() => new EventSource(place + "/events"));
  quietly(() => { new Image().src = place + "/image"; });
  quietly(() => new Worker(URL.createObjectURL(new Blob([`fetch("${place}/worker")`]))));
  quietly(() => navigator.serviceWorker.register("/sw.js"));
  quietly(() => window.open(place + "/popup"));
  for (const rel of ["stylesheet", "prefetch", "preload", "preconnect", "dns-prefetch", "icon", "modulepreload"])
    quietly(() => tag("link", {rel, href: place + "/" + rel, as: "fetch"}));
  quietly(() => tag("script", {src: place + "/script"}));
  quietly(() => tag("iframe", {src: place + "/frame"}));
  quietly(() => tag("object", {data: place + "/object"}));
  quietly(() => { const form = document.createElement("form"); form.action = place + "/form"; form.target = "_blank";
                  form.method = "post"; document.documentElement.append(form); form.submit(); });
}
const frame = document.createElement("iframe");  // an untouched set of names, if there is one
quietly(() => { document.documentElement.append(frame); });
for (const names of [window, frame.contentWindow])
quietly(() => { const peer = new names.RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:UDP"}]});
  peer.createDataChannel("x"); return peer.createOffer().then((offer) => peer.setLocalDescription(offer)); });
setTimeout(() => { document.getElementById("root").innerHTML = "<p>tried everything</p>"; }, 300);
"""


@pytest.mark.browser
@pytest.mark.parametrize("guarded", [True, False])
def test_nothing_a_page_asks_for_reaches_a_foreign_or_private_place(make_gate: MakeGate, guarded: bool) -> None:
    """``inner.acme.example`` is of the page's own site but private; with the gate's rules off it is the control."""
    with (
        Site({"/": "secret"}) as canary,
        Site({"/": "secret"}, address="127.0.0.3") as foreign,
        Site(address="127.0.0.2") as site,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stun,
    ):
        stun.bind(("127.0.0.1", 0))
        stun.settimeout(0.01)
        script = ESCAPES.replace("INNER", canary.url("")).replace("FOREIGN", foreign.url("", host="127.0.0.3"))
        script = script.replace("PORT", str(canary.port)).replace("UDP", str(stun.getsockname()[1]))
        site.pages |= {"/privacy": SHELL, "/app.js": Response(script, content_type=SCRIPT)}
        places = {"www.acme.example": "127.0.0.2", "inner.acme.example": "127.0.0.1"}
        gate = make_gate(
            site,
            canary,
            foreign,
            deadline=15,
            allow_networks=("127.0.0.2/32",) if guarded else ("127.0.0.0/8",),
            resolve=lambda host: [places[host]],
        )
        capture = render(gate, site, "/privacy")
        assert b"tried everything" in capture.body
        assert (foreign.connections, foreign.bytes_received) == (0, 0)
        if guarded:
            assert (canary.connections, canary.bytes_received) == (0, 0)
        else:
            assert {request.path for request in canary.requests} >= {"/fetch", "/script"}
            assert not {"/post", "/beacon", "/form", "/image", "/socket"} & {r.path for r in canary.requests}
        with pytest.raises(TimeoutError):
            stun.recv(100)


@pytest.mark.browser
def test_robots_txt_counts_for_the_parts_of_a_page(gate: Gate, site: Site) -> None:
    pages = single_page_site()
    other = {"/robots.txt": "User-agent: *\nDisallow: /api/\n"}
    site.pages |= {f"kept.example{path}": page for path, page in {**pages, **other}.items()}
    url = site.url("/privacy", host="kept.example")
    capture = gate.fetch(FetchRequest(url, render="browser"))
    assert isinstance(capture, Capture)
    assert b"thirty days" not in capture.body
    assert not site.seen("/api/policy.json")
    ignoring = gate.fetch(FetchRequest(url, render="browser", robots_ignore="we asked them"))
    assert isinstance(ignoring, Capture)
    assert b"thirty days" in ignoring.body


@pytest.mark.browser
def test_a_part_that_fails_for_now_fails_the_page(gate: Gate, site: Site) -> None:
    """Half a page is not a shorter policy."""
    site.pages |= {**single_page_site(), "/api/policy.json": Response("busy", 500)}
    with pytest.raises(FetchError) as caught:
        render(gate, site, "/privacy")
    assert caught.value.kind == "http-500"
    assert caught.value.url.endswith("/api/policy.json")


@pytest.mark.browser
def test_a_part_that_is_not_there_leaves_the_rest(gate: Gate, site: Site) -> None:
    site.pages |= {**single_page_site(), "/privacy": SHELL + '<script src="/gone.js"></script>'}
    assert b"thirty days" in render(gate, site, "/privacy").body


@pytest.mark.browser
def test_redirects_of_the_page_and_of_its_parts_are_followed_by_the_gate(gate: Gate, site: Site) -> None:
    def moved(place: str) -> Response:
        return Response("", 302, headers=(("Location", place),))

    site.pages |= {**single_page_site(), "/": moved("/privacy"), "/app.js": moved("/app-2.js")}
    site.pages["/app-2.js"] = Response(APP, content_type=SCRIPT)
    capture = render(gate, site, "/")
    assert b"thirty days" in capture.body
    assert capture.final_url.endswith("/privacy")
    assert len(capture.redirects) == 1


@pytest.mark.browser
def test_a_script_may_go_on_to_another_page_of_its_site(gate: Gate, site: Site) -> None:
    site.pages |= {**single_page_site(), "/": "<script>location.replace('/privacy')</script>"}
    capture = render(gate, site, "/")
    assert b"thirty days" in capture.body
    assert capture.final_url.endswith("/privacy")


@pytest.mark.browser
def test_modules_and_data_of_other_hosts_of_the_site_are_loaded(gate: Gate, site: Site) -> None:
    static, api = site.url("/app.mjs", host="static.acme.example"), site.url("/policy", host="api.acme.example")
    script = f"""
        const asked = await fetch("{api}", {{headers: {{Accept: "application/json", "X-Tenant": "acme"}}}});
        document.getElementById("root").textContent = (await asked.json()).text;
    """
    site.pages |= {
        "/privacy": f'<div id="root"></div><script type="module" crossorigin src="{static}"></script>',
        "static.acme.example/app.mjs": Response(script, content_type=SCRIPT),
        "api.acme.example/policy": Response(DATA, content_type="application/json"),
    }
    assert b"thirty days" in render(gate, site, "/privacy").body
    sent = site.seen("/policy")[0].headers
    assert (sent["accept"], sent["x-tenant"]) == ("application/json", "acme")
    assert sent["user-agent"].startswith("policy-monitor/")
    assert not {"cookie", "origin", "referer"} & set(sent)


@pytest.mark.browser
def test_a_script_that_goes_on_to_another_site_shows_no_page(gate: Gate, site: Site) -> None:
    site.pages["/"] = "<p>words</p><script>location.replace('http://other.example/')</script>"
    with pytest.raises(BadResponse) as caught:
        render(gate, site, "/")
    assert caught.value.kind == "off-site"
    assert all(request.host == "www.acme.example" for request in site.requests)


@pytest.mark.browser
def test_shadow_roots_and_style_sheets_are_no_obstacle(gate: Gate, site: Site) -> None:
    script = """
        const link = Object.assign(document.createElement("link"), {rel: "stylesheet", href: "/style.css"});
        link.onload = () => {
          const host = document.createElement("section");
          host.attachShadow({mode: "open"}).innerHTML = "<p>We never sell your data.</p>";
          document.getElementById("root").append(host);
        };
        document.head.append(link);
    """
    site.pages |= {"/privacy": SHELL, "/app.js": Response(script, content_type=SCRIPT)}
    assert b"<p>We never sell your data.</p>" in render(gate, site, "/privacy").body
    assert not site.seen("/style.css")


@pytest.mark.browser
def test_a_page_that_polls_is_taken_when_its_text_stands_still(hurried: Gate, site: Site) -> None:
    script = APP + "setInterval(() => fetch('/api/poll').catch(() => {}), 100);"
    site.pages |= {**single_page_site(), "/app.js": Response(script, content_type=SCRIPT), "/api/poll": "{}"}
    assert b"thirty days" in render(hurried, site, "/privacy").body
    assert site.seen("/api/poll")


@pytest.mark.browser
@pytest.mark.parametrize(
    "page",
    [
        "<script>while (true) {}</script>",
        "<p>0</p><script>setInterval(() => { document.querySelector('p').textContent++ }, 20)</script>",
    ],
    ids=["busy", "counter"],
)
def test_a_page_that_never_comes_to_rest_ends_at_the_deadline_and_the_next_is_rendered(
    hurried: Gate, site: Site, page: str
) -> None:
    site.pages |= {**single_page_site(), "/restless": page}
    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        render(hurried, site, "/restless")
    assert caught.value.kind in {"timeout", "too-large"}
    assert time.monotonic() - began < 15  # Chromium's own start is not counted
    assert b"thirty days" in render(hurried, site, "/privacy").body


@pytest.mark.browser
def test_a_slow_part_ends_at_the_deadline(hurried: Gate, site: Site) -> None:
    site.pages |= {**single_page_site(), "/api/policy.json": Raw(b"", hold=30)}
    with pytest.raises(Unreachable) as caught:
        render(hurried, site, "/privacy")
    assert caught.value.kind == "timeout"


@pytest.mark.browser
def test_each_page_starts_without_what_an_earlier_one_left(gate: Gate, site: Site) -> None:
    page = """<p id="seen"></p><script>
        document.getElementById("seen").textContent = "before: " + (localStorage.getItem("id") || document.cookie);
        localStorage.setItem("id", "1"); document.cookie = "id=1; max-age=9999";
    </script>"""
    site.pages["/privacy"] = page
    for _ in range(2):
        assert b'id="seen">before: </p>' in render(gate, site, "/privacy").body


@pytest.mark.browser
def test_a_killed_browser_is_replaced(gate: Gate, site: Site) -> None:
    site.pages |= single_page_site()
    render(gate, site, "/privacy")
    assert gate._browser is not None
    browser.kill_marked(gate._browser._mark)
    assert b"thirty days" in render(gate, site, "/privacy").body


@pytest.mark.browser
def test_closing_ends_the_browser(make_gate: MakeGate) -> None:
    with Site(single_page_site()) as site:
        gate = make_gate(site)
        render(gate, site, "/privacy")
        assert gate._browser is not None
        mark = gate._browser._mark
        found: list[int] = []
        browser.kill_marked(mark, kill=lambda pid, sign: found.append(pid))
        assert found
        gate.close()
        found.clear()
        browser.kill_marked(mark, kill=lambda pid, sign: found.append(pid))
        assert not found


def test_what_is_no_html_needs_no_browser(make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site({"/privacy": Response(b"%PDF-1.7 words", content_type="application/pdf")}) as site:
        capture = render(make_gate(site), site, "/privacy")
    assert capture.body == b"%PDF-1.7 words"
    assert not capture.rendered


def test_without_chromium_the_error_names_the_remedy(make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_CHROMIUM", "/nowhere/chromium")
    with Site(single_page_site()) as site, pytest.raises(Refused) as caught:
        render(make_gate(site), site, "/privacy")
    assert caught.value.kind == "no-browser"
    assert "/nowhere/chromium is not there" in caught.value.reason
    assert "MONITOR_CHROMIUM" in caught.value.remedy


def test_without_playwright_the_error_names_the_remedy(make_gate: MakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with Site(single_page_site()) as site, pytest.raises(Refused) as caught:
        render(make_gate(site), site, "/privacy")
    assert caught.value.kind == "no-browser"
    assert "[js]" in caught.value.remedy


def test_only_processes_with_our_mark_are_ended() -> None:
    code = "import time; time.sleep(30)"
    ours = subprocess.Popen([sys.executable, "-c", code, "--policy-monitor=test-mark"])
    other = subprocess.Popen([sys.executable, "-c", code, "--policy-monitor=test-mark-2"])
    try:
        deadline = time.monotonic() + 5
        while b"test-mark" not in Path(f"/proc/{ours.pid}/cmdline").read_bytes() and time.monotonic() < deadline:
            time.sleep(0.01)
        browser.kill_marked("--policy-monitor=test-mark")
        assert ours.wait(5) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        other.kill()
        other.wait(5)


@pytest.mark.parametrize(
    ("url", "together"),
    [
        ("https://www.acme.example/x", "acme.example"),
        ("https://ACME.example:8443?x", "acme.example"),
        ("https://a.b.acme.co.uk/", "acme.co.uk"),
        ("https://acme.co/", "acme.co"),
        ("https://www.t.co/", "www.t.co"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://[::1]:80/", "[::1]:80"),
        ("http://acme.example@evil.example/", "evil.example"),
        ("data:text/html,x", "data:text/html,x"),
        ("about:blank", "about:blank"),
    ],
)
def test_hosts_of_one_site_belong_together(url: str, together: str) -> None:
    assert site_of(url) == together


def test_chromium_is_found_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MONITOR_CHROMIUM", str(tmp_path))
    assert browser._executable() == str(tmp_path)
    monkeypatch.delenv("MONITOR_CHROMIUM")
    assert browser._executable() == (shutil.which("chromium") or shutil.which("chromium-browser"))
