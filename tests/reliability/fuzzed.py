"""What is fed with mutated inputs, and what must hold of every answer; an error of ours is an answer too."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from reliability import seeds

from benchmarks.mutation.scoring import bases
from monitor.alerts.address import parse_address
from monitor.alerts.dsn import read_bounce
from monitor.alerts.header import header_line, header_text, phrase
from monitor.alerts.tokens import Tokens
from monitor.codec import from_json, to_json
from monitor.due import upcoming
from monitor.errors import ConfigError, ExtractionError, Refused
from monitor.fetch.robots import _parse as parse_robots
from monitor.fetch.target import parse_target
from monitor.meaning import assess
from monitor.meaning.context import context
from monitor.meaning.practices import practices
from monitor.meaning.reading import read
from monitor.model import Assessment, Extraction, ExtractOptions, HeadingRange, Page
from monitor.settings import parse_settings
from monitor.text import extract
from monitor.text.dates import parse_date, stated_dates
from monitor.text.decode import decode
from monitor.text.normalise import fold, normalise
from monitor.text.segment import segment
from monitor.watchlist import parse_watchlist
from monitor.watchlist.source import parse_source
from monitor.watchlist.table import Problems

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SAID = (
    "text/html; charset=utf-8", "text/html", "", "text/html; charset=gbk", "text/html; charset=windows-1252",
    "text/html; charset=utf-16", "text/html; charset=shift_jis", "text/html; charset=iso-2022-jp", "text/plain",
    "text/markdown; charset=euc-kr", "text/html; charset=utf-7",
)  # fmt: skip
OPTIONS = (
    ExtractOptions(),
    ExtractOptions(select=("main",), remove=("nav", ".menu")),
    ExtractOptions(headings=HeadingRange("what we collect", "your choices")),
    ExtractOptions(kind="terms"),
    ExtractOptions(kind="cookies", language="de"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes bytes from outside. ``share``: of a million inputs, in thousands."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    words: tuple[bytes, ...]
    share: int
    longest: int = 4_000  # bytes of a seed that are taken


def _pick(data: bytes, several: Sequence[T]) -> T:
    """One of several, by what the input is: the same input always goes the same way."""
    return several[zlib.crc32(data) % len(several)]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _decoding(data: bytes) -> None:
    for said in (_pick(data, SAID), ""):
        for markup in (True, False):
            decode(data, said, markup=markup).encode()  # no half of a pair: it could not be written down


def _extracting(data: bytes) -> None:
    said, options = _pick(data, SAID), _pick(data[::-1], OPTIONS)
    try:
        found = extract([Page(data, said, "https://a.example/p")], options, previous=_pick(data, (None, _base(0).text)))
    except ExtractionError as error:
        assert error.kind  # noqa: PT017 - one of the two possible ends
        return
    assert from_json(Extraction, to_json(found)) == found
    _clauses(found.text)
    assert found.dates.updated_quote in found.text
    assert found.dates.effective_quote in found.text


def _normalising(data: bytes) -> None:
    text = _text(data)
    once = normalise(text, wrapped=_pick(data, (True, False, None)))
    assert normalise(once) == once
    fold(text)


def _segmenting(data: bytes) -> None:
    _clauses(normalise(_text(data)))
    _clauses(_text(data))


def _clauses(text: str) -> None:
    at = 0
    for clause in segment(text):
        assert text[clause.start : clause.end] == clause.text
        assert clause.text.strip(" ") == clause.text != ""
        assert clause.start >= at
        at = clause.end


def _configuring(data: bytes) -> None:
    try:
        watchlist = parse_watchlist(data, path="w")
    except ConfigError as error:
        assert error.problems  # noqa: PT017 - one of the two possible ends
        assert all(str(problem).isprintable() for problem in error.problems)  # noqa: PT017
    else:
        for document in watchlist.documents:
            assert all(time > NOW for time in upcoming(document, now=NOW))
    try:
        source = parse_source(data, path="s")
        parse_settings(source, {}, root=Path("/nowhere"), problems=Problems(source))
    except ConfigError as error:
        assert error.problems  # noqa: PT017 - one of the two possible ends


def _dating(data: bytes) -> None:
    text = _text(data)
    found = stated_dates(text)
    assert found.updated_quote in text
    assert found.effective_quote in text
    parse_date(text[:60])


def _practising(data: bytes) -> None:
    for clause in segment(normalise(_text(data))):
        reading = read(clause.text)
        for practice in practices(reading, context(clause)):
            assert 0 <= practice.first <= practice.last <= len(reading.words)


def _assessing(data: bytes) -> None:
    before = _base(zlib.crc32(data))
    try:
        after = extract([Page(data, "text/markdown")], ExtractOptions())
    except ExtractionError:
        return
    said = assess(before, after)
    assert from_json(Assessment, to_json(said)) == said
    for finding in said.findings:
        for quote, text in ((finding.before, before.text), (finding.after, after.text)):
            assert quote is None or text[quote.start : quote.end] == quote.quote


def _addressing(data: bytes) -> None:
    text = _text(data)
    try:
        address = parse_address(text)
    except ValueError as error:
        assert len(text) < 20 or text not in str(error)  # noqa: PT017 - messages do not repeat what was typed
    else:
        assert parse_address(address) == address
        assert address.partition("@")[2].isascii()
    try:
        target = parse_target(text, allow_ports=(80, 443))
    except Refused:
        return
    assert str(target).isascii()


def _mailing(data: bytes) -> None:
    text = _text(data)
    assert header_text(text).isprintable()
    assert phrase(text).isprintable()
    assert header_line("Subject", header_text(text)).count(b"\r\n") <= 1 + len(data)
    read_bounce(data, Tokens((b"k" * 32,)), now=NOW)


def _asking(data: bytes) -> None:
    rules = parse_robots(data)
    if rules is not None:
        assert rules.can_fetch("https://a.example/privacy", "policy-monitor") in {True, False}


@cache
def _bases() -> tuple[Extraction, ...]:
    pages = [Page(document.markdown().encode(), "text/markdown") for document in bases()]
    return tuple(extract([page], ExtractOptions()) for page in pages)


def _base(number: int) -> Extraction:
    return _bases()[number % len(_bases())]


ALL = (
    Target("decode", _decoding, seeds.pages, seeds.MARKUP, 200),
    Target("normalise", _normalising, seeds.texts, seeds.MARKDOWN, 150),
    Target("segment", _segmenting, seeds.texts, seeds.MARKDOWN, 150),
    Target("dates", _dating, seeds.dates, seeds.FIGURES, 150),
    Target("watchlist", _configuring, seeds.tables, seeds.TOML, 100, longest=1_500),
    Target("addresses", _addressing, lambda: seeds.MAILS, seeds.HEADS, 60),
    Target("headers", _mailing, lambda: seeds.MAILS, seeds.HEADS, 40),
    Target("robots", _asking, lambda: seeds.ROBOTS, seeds.HEADS, 30),
    Target("extract", _extracting, seeds.pages, seeds.MARKUP, 80, longest=20_000),
    Target("practices", _practising, seeds.texts, seeds.MARKDOWN, 30, longest=1_500),
    Target("assess", _assessing, seeds.texts, seeds.MARKDOWN, 10, longest=20_000),
)
