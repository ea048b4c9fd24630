"""A body is taken whole or not at all."""

from __future__ import annotations

import gzip
import random
import resource
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest
from faulty.faults import PACKED, PAGE, answer, bomb, faults, packed
from faulty.gates import MakeGate
from faulty.http import Response, Site

from monitor.errors import BadResponse, FetchError, Unreachable
from monitor.fetch import body as body_module
from monitor.fetch.body import inflate
from monitor.fetch.budget import MAX_BODY, MAX_HEAD
from monitor.model import Capture, FetchRequest

SMALL = gzip.compress(random.Random(7).randbytes(275), mtime=0)


def fetch(make_gate: MakeGate, site: Site, path: str) -> Capture:
    capture = make_gate(site).fetch(FetchRequest(site.url(path), robots_ignore="tested elsewhere"))
    assert isinstance(capture, Capture)
    return capture


@pytest.mark.parametrize("path", ["/gzip", "/deflate", "/deflate-bare", "/interim"])
def test_a_whole_page_arrives_as_it_was(make_gate: MakeGate, path: str) -> None:
    with Site(faults()) as site:
        assert fetch(make_gate, site, path).body == PAGE


REFUSED = {
    "/short": "truncated",
    "/chunks-without-end": "truncated",
    "/chunk-cut": "truncated",
    "/reset-in-body": "truncated",
    "/gzip-cut": "truncated",
    "/deflate-cut": "truncated",
    "/gzip-garbage": "bad-encoding",
    "/gzip-two-members": "bad-encoding",
    "/gzip-damaged": "bad-encoding",
    "/gzip-not": "bad-encoding",
    "/gzip-in-gzip": "bad-encoding",
    "/gzip-twice-said": "bad-encoding",
    "/brotli": "bad-encoding",
    "/unknown-coding": "bad-encoding",
    "/length-negative": "bad-framing",
    "/length-words": "bad-framing",
    "/length-plus": "bad-framing",
    "/length-list": "bad-framing",
    "/length-twice": "bad-framing",
    "/length-and-chunks": "bad-framing",
    "/coding-odd": "bad-framing",
    "/http-0.9": "malformed",
    "/http-2": "malformed",
    "/garbage": "malformed",
    "/status-words": "malformed",
    "/damaged-headers": "malformed",
    "/many-headers": "malformed",
    "/interim-only": "bad-status",
    "/interim-endless": "bad-status",
    "/continue-endless": "too-large",
    "/large-header": "malformed",
    "/endless": "too-large",
    "/endless-chunks": "too-large",
    "/redirect-nowhere": "bad-redirect",
}


@pytest.mark.parametrize(("path", "kind"), REFUSED.items())
def test_an_answer_that_cannot_be_trusted_is_refused(make_gate: MakeGate, path: str, kind: str) -> None:
    with Site(faults()) as site:
        with pytest.raises(BadResponse) as caught:
            fetch(make_gate, site, path)
        assert site.bytes_sent < 4 * MAX_BODY  # the server's and the kernel's buffers included, for three attempts
    assert caught.value.kind == kind
    assert caught.value.transient
    assert path in str(caught.value)


@pytest.mark.parametrize("path", ["/reset", "/hang-up"])
def test_a_connection_that_ends_without_an_answer_leaves_the_host_unreachable(make_gate: MakeGate, path: str) -> None:
    with Site(faults()) as site, pytest.raises(Unreachable) as caught:
        fetch(make_gate, site, path)
    assert caught.value.kind == "reset"


@pytest.mark.parametrize(("path", "framed"), [("/no-length", False), ("/old", False), ("/gzip", True)])
def test_a_body_that_ends_with_the_connection_is_marked_as_such(make_gate: MakeGate, path: str, framed: bool) -> None:
    with Site(faults()) as site:
        capture = fetch(make_gate, site, path)
    assert capture.body == PAGE
    assert capture.framed is framed


def test_a_body_longer_than_announced_is_not_taken_for_complete(make_gate: MakeGate) -> None:
    with Site(faults()) as site:
        assert not fetch(make_gate, site, "/too-long").framed


def test_a_server_that_counts_letters_instead_of_bytes_is_found_out(make_gate: MakeGate) -> None:
    text = "Datenschutzerklärung für Gäste. " * 100
    page = Response(text, headers=(("Content-Length", str(len(text))),))
    with Site({"/": page}) as site:
        assert not fetch(make_gate, site, "/").framed


def test_an_empty_page_is_no_page(make_gate: MakeGate) -> None:
    with Site({"/": ""}) as site, pytest.raises(BadResponse) as caught:
        fetch(make_gate, site, "/")
    assert caught.value.kind == "empty"


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "font/woff2", "text/css; charset=utf-8"])
def test_what_cannot_be_a_document_is_refused_unread(make_gate: MakeGate, kind: str) -> None:
    with Site({"/": Response(b"x" * 100, content_type=kind)}) as site, pytest.raises(BadResponse) as caught:
        fetch(make_gate, site, "/")
    assert caught.value.kind == "content-type"


@pytest.mark.parametrize("kind", ["", "text/plain", "application/pdf", "application/octet-stream", "application/json"])
def test_what_may_be_a_document_is_left_to_extraction(make_gate: MakeGate, kind: str) -> None:
    with Site({"/": Response(b"words", content_type=kind)}) as site:
        assert fetch(make_gate, site, "/").header("content-type") == kind


def chunked(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 64 * 1024])
def test_every_cut_of_a_gzip_body_is_noticed(size: int) -> None:
    assert 295 <= len(SMALL) <= 310
    assert len(inflate("u", chunked(SMALL, size), "gzip")) == 275
    for end in range(1, len(SMALL)):
        with pytest.raises(BadResponse):
            inflate("u", chunked(SMALL[:end], size), "gzip")


def test_every_cut_of_a_gzip_body_with_matching_length_is_noticed_on_the_wire(make_gate: MakeGate) -> None:
    pages = {f"/{end}": packed(SMALL[:end]) for end in range(len(SMALL) - 30, len(SMALL))}
    with Site({**pages, "/whole": packed(SMALL)}) as site:
        assert len(fetch(make_gate, site, "/whole").body) == 275
        gate = make_gate(site)
        for path in pages:
            with pytest.raises(FetchError) as caught:
                gate.fetch(FetchRequest(site.url(path), robots_ignore="tested elsewhere"))
            assert caught.value.kind == "truncated"


def test_an_inflater_that_does_not_ask_for_the_end_takes_the_cut_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: this is what well-known clients do."""

    class Careless:
        eof, unused_data = False, b""

        def __init__(self) -> None:
            self._engine = zlib.decompressobj(wbits=31)

        def decompress(self, data: bytes, limit: int) -> bytes:
            self.eof = True
            return self._engine.decompress(data, limit)

    monkeypatch.setattr(body_module, "_engine", lambda coding, start: Careless())
    taken = inflate("u", [PACKED[:-20]], "gzip")
    assert PAGE.startswith(taken)
    assert 0 < len(taken) < len(PAGE)


def test_each_cut_of_a_chunked_body_is_noticed(make_gate: MakeGate) -> None:
    whole = b"5\r\nhello\r\n0006\r\n world\r\n0\r\n\r\n"
    ends = range(1, len(whole))
    with Site(
        {f"/{end}": answer(b"Transfer-Encoding: chunked", body=whole[:end]) for end in (*ends, len(whole))}
    ) as site:
        gate = make_gate(site)
        for end in ends:
            try:
                capture = gate.fetch(FetchRequest(site.url(f"/{end}"), robots_ignore="tested elsewhere"))
            except BadResponse as error:
                assert error.kind in {"truncated", "empty"}  # noqa: PT017 - either this or what stands below
            else:
                assert isinstance(capture, Capture)
                assert not capture.framed
        capture = gate.fetch(FetchRequest(site.url(f"/{len(whole)}"), robots_ignore="tested elsewhere"))
        assert isinstance(capture, Capture)
        assert (capture.body, capture.framed) == (b"hello world", True)


def test_a_page_over_the_limit_is_given_up_soon_after_it(make_gate: MakeGate) -> None:
    with Site(faults()) as site:
        gate = make_gate(site)
        with pytest.raises(BadResponse, match="larger than 10,000,000 bytes"):
            gate.fetch(FetchRequest(site.url("/endless"), robots_ignore="tested elsewhere"))
        assert site.connections == 1  # too large stays too large: no second attempt
        assert site.bytes_sent < MAX_BODY + MAX_HEAD + 8_000_000  # what the kernel's buffers took beside


def test_a_bomb_is_defused_in_little_memory(tmp_path: Path) -> None:
    """In a child, for the peak of memory never falls again."""
    (tmp_path / "bomb.gz").write_bytes(bomb(1 << 28))
    code = """
        import resource, sys, threading
        from monitor.errors import BadResponse
        from monitor.fetch.body import inflate
        data = open(sys.argv[1], "rb").read()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            inflate("u", (data[i:i + 65536] for i in range(0, len(data), 65536)), "gzip")
        except BadResponse as error:
            print(error.kind, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "bomb.gz")]
    kind, grown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert kind == "too-large"
    assert int(grown) < 80_000  # KiB; the page itself may have 20 MB, twice while its parts are joined
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
