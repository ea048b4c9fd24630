"""Pages made to hurt: limits hold, time stays linear, no word is lost without an error."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import least

from monitor.errors import ExtractionError
from monitor.model import Extraction, ExtractOptions, Page
from monitor.text import extract, html
from monitor.text.careful import flatten
from monitor.text.normalise import fold
from monitor.text.scan import count_words_exactly, scan, strip_raw
from monitor.text.segment import segment

Site = Callable[..., str]
Read = Callable[..., Extraction]
END = "<p>The last clause of the policy.</p>"

HARD = {
    "300 levels": "<div>" * 300 + "deep word" + "</div>" * 300 + END,
    "20,000 levels": "<div>" * 20_000 + "deep word" + "</div>" * 20_000 + END,
    "20,000 unclosed b": "<b>" * 20_000 + "deep word" + END,
    "5,000 nested tables": "<table><tr><td>" * 5_000 + "deep word" + "</td></tr></table>" * 5_000 + END,
    "stray closing tags hide no depth": "<div></span></span>" * 2_000 + "deep word" + END,
    "20,000 attributes": "<div " + " ".join(f"a{n}=1" for n in range(20_000)) + ">deep word</div>" + END,
    "attributes after a quoted >": '<div x=">" ' + " ".join(f"a{n}=1" for n in range(20_000)) + ">deep word</div>" + END,
    "20,000 unclosed p": "".join(f"<p>word{n} " for n in range(20_000)) + "deep word" + END,
    "nul": "<p>deep\x00 word</p>" + END,
    "entities": "<p>" + "&amp;" * 100_000 + "deep word</p>" + END,
    "script inside an attribute": '<p title="<script>">deep word</p>' + END,
    "tags in attributes": "<p data-x='<p>not text</p>'>deep word</p>" + END,
    "external entity": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>deep word &e;</p>' + END,
    "unclosed svg": "<p>deep word</p><svg>" + END,
    "odd comments": "<!--><p>deep word</p><!--->" + END,
    "odd declarations": "<p>deep word</p><![if x]><!foo><?php x ?>" + END,
    "unclosed quote": "<p title = 'x>deep word</p>" + END + "<p title='y'>deep word</p>" + END,
    "stray brackets": "<p>a < b, deep word > c <3</p>" + END,
    "frames": "<p>deep word</p><frameset><frame src=x></frameset>" + END,
}  # fmt: skip


@pytest.mark.parametrize("page", HARD.values(), ids=HARD)
def test_no_clause_is_lost_and_time_is_bounded(read: Read, page: str, slack: float) -> None:
    text = ""

    def work() -> None:
        nonlocal text
        text = read(f"<html><body>{page}</body></html>").text

    assert least(work, 5 * slack) < 5 * slack
    assert "deep word" in text
    assert "The last clause of the policy." in text


@pytest.mark.parametrize("opening", ["<!-- ", "<script>", "<style>", "<template>", "<title>", "<textarea>"])
def test_what_a_browser_would_not_show_is_not_counted_as_lost(read: Read, opening: str) -> None:
    text = read(f"<p>We collect data.</p>{opening}{END}").text
    assert text == "We collect data.\n"


def test_lost_words_are_an_error_and_no_shorter_policy(read: Read, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the conservation check: both parsers are made to lose the end."""
    page = site("".join(f"<p>Clause {n} says what we keep.</p>" for n in range(100)))
    read(page)
    from selectolax.lexbor import LexborHTMLParser

    cut = len(page) // 2
    monkeypatch.setattr("selectolax.lexbor.LexborHTMLParser", lambda source: LexborHTMLParser(source[:cut]))
    monkeypatch.setattr(html, "flatten", lambda source: source[:cut])
    with pytest.raises(ExtractionError) as caught:
        read(page)
    assert caught.value.kind == "lost-words"


def test_when_the_fast_parser_loses_words_the_careful_one_reads(
    read: Read, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selectolax.lexbor import LexborHTMLParser

    page = site("".join(f"<p>Clause {n} says what we keep.</p>" for n in range(100)))
    cut = page.index("Clause 30")
    monkeypatch.setattr(
        "selectolax.lexbor.LexborHTMLParser",
        lambda source: LexborHTMLParser(source[:cut] if source.startswith("<!doctype html><html lang") else source),
    )
    extraction = read(page)
    assert "Clause 99" in extraction.text
    assert any("malformed" in reason for reason in extraction.confidence.reasons)


def test_when_the_converter_loses_words_the_careful_way_is_tried_and_else_it_is_an_error(
    read: Read, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from monitor.text import convert

    page = site("".join(f"<p class='c'>Clause {n} says what we keep.</p>" for n in range(100)))
    original = convert.to_markdown

    def loses_classes(html: str, base_url: str = "") -> str:
        return original(html if "class=" not in html else html[:900], base_url)

    monkeypatch.setattr(html, "flatten", lambda source: source.replace(" class='c'", ""))
    monkeypatch.setattr(convert, "to_markdown", loses_classes)
    assert "Clause 99" in read(page).text
    monkeypatch.setattr(convert, "to_markdown", lambda html, base_url="": original(html[:900], base_url))
    with pytest.raises(ExtractionError, match="the converter kept"):
        read(page)


def test_an_error_of_the_converter_is_an_extraction_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.text import convert

    monkeypatch.setattr("html_to_markdown.convert", lambda *_: 1 / 0)
    with pytest.raises(ExtractionError) as caught:
        convert.to_markdown("<p>x</p>")
    assert caught.value.kind == "conversion"


@pytest.mark.parametrize(("size", "kind"), [(20_000_001, "too-large"), (5_100_000, "too-large")])
def test_pages_beyond_the_limits_are_refused_before_they_are_parsed(size: int, kind: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract([Page(b"<p>" + b"word " * (size // 5), "text/html")], ExtractOptions())
    assert caught.value.kind == kind


def test_scripts_do_not_count_towards_the_limit(read: Read, site: Site) -> None:
    assert "hiking maps" in read(site(head="<script>" + "x = 1; " * 900_000 + "</script>")).text


def test_the_careful_parser_keeps_structure_and_escapes_what_it_writes() -> None:
    flat = flatten(
        "<main><h1 id='a'>T</h1><ul><li>a &lt;b&gt;</li></ul><a href='/x?a=1&amp;b=2'>link</a><span>s</span></main>"
    )
    assert (
        flat
        == '<!doctype html><html><body><main><h1 id="a">T</h1><ul><li>a &lt;b&gt;</li></ul><a href="/x?a=1&amp;b=2">link</a>s</main></body></html>'
    )


@given(st.text(st.sampled_from("ab <>/!-=\"'&; p\n"), max_size=200))
def test_counting_words_never_fails_and_the_exact_count_never_exceeds_the_text(page: str) -> None:
    bare, _ = strip_raw(page)
    assert scan(page).words >= 0
    assert count_words_exactly(bare) <= len(page)
    assert scan(page).depth <= len(page)


TAGS = ["<p>", "</p>", "<div>", "</div>", "<b>", "<table>", "<tr>", "<td>", "<li>", "<ul>", "</ul>", "<h1>", "<main>", "</main>", "<script>", "</script>", "<!--", "-->", "<a href='x'>", "<nav>", "<svg>", "<template>", "<button>Accept all</button>", "<footer>", "&amp;", "&#x;", "\x00", "word ", "data. ", "\u202e", "é", "|", "#", "[a](b)"]  # fmt: skip


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(TAGS), max_size=80).map("".join),
    st.sampled_from(["text/html", "text/plain", "text/markdown", "", "application/pdf"]),
)
def test_any_page_gives_an_extraction_or_an_extraction_error(body: str, said: str) -> None:
    try:
        found = extract([Page(body.encode(), said)], ExtractOptions(), previous="We collect data. " * 9)
    except ExtractionError as error:
        assert error.kind  # noqa: PT017 - either way is right, but no other error is
    else:
        segment(found.text)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["text/html", "", "application/pdf", "text/html; charset=gbk"]))
def test_any_bytes_give_an_extraction_or_an_extraction_error(body: bytes, said: str) -> None:
    try:
        extract([Page(body, said)], ExtractOptions())
    except ExtractionError as error:
        assert error.kind  # noqa: PT017 - either way is right, but no other error is


LONG = [" ", "a", "()", "a ", ". A", "1.", "-", "[a](b)", "[", "](", "|", "*a*", "#", "<a ", "<", "&", '"', "\\", "\n", "> ", "- x\n", "same line of words\n", "https://", "a@", " at (at)", "updated 2020 ", "\u200b", "\u202e", "é", "![", "<br>"]  # fmt: skip


@pytest.mark.clocked
@pytest.mark.parametrize("unit", LONG, ids=ascii)
@pytest.mark.parametrize("said", ["text/html", "text/markdown"])
def test_a_hundred_thousand_characters_of_one_thing_take_less_than_half_a_second(
    unit: str, said: str, slack: float
) -> None:
    body = (
        f"<p>{unit * (215_000 // len(unit))}</p>" if "html" in said else unit * (215_000 // len(unit)) + "!"
    ).encode()

    def work() -> None:
        try:
            text = extract([Page(body, said)], ExtractOptions()).text
        except ExtractionError:
            text = ""
        segment(text)
        fold(text)

    limit = 0.5 * slack  # linear, so a megabyte takes less than five
    assert least(work, limit) < limit


@pytest.mark.clocked
def test_thousands_of_equal_items_and_as_many_different_ones(read: Read, slack: float) -> None:
    for items in ("<li>equal words here</li>" * 15_000, "".join(f"<li>words number {n}</li>" for n in range(15_000))):
        limit = 2 * slack
        assert least(lambda items=items: segment(read(f"<ul>{items}</ul>").text), limit) < limit  # type: ignore[misc]  # bound now


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of the room, from its modules and its data files."""
    import importlib
    import pkgutil

    from monitor import text as room
    from monitor.text import chrome, dates, sections

    def within(where: str, value: object, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield where, value
        elif depth < 3 and isinstance(value, dict):
            for part in value.values():
                yield from within(where, part, depth + 1)
        elif depth < 3 and isinstance(value, tuple | list):
            for part in value:
                yield from within(where, part, depth + 1)

    modules: list[ModuleType] = [
        importlib.import_module(f"monitor.text.{m.name}") for m in pkgutil.iter_modules(room.__path__)
    ]
    for module in modules:
        for name, value in vars(module).items():
            yield from within(f"{module.__name__}.{name}", value)
    known = chrome.knowledge()
    for name in ("about_consent", "begins", "share", "dated", "foot", "counters"):
        yield f"chrome.toml {name}", getattr(known, name)
    for kind, pattern in sections._kinds():
        yield f"kinds.toml {kind}", pattern
    for name in ("updated", "effective"):
        yield f"languages.toml {name}", dates._pattern(name)


@pytest.mark.clocked
def test_every_pattern_takes_linear_time_on_hostile_text() -> None:
    slow = []
    seen = set()
    for where, pattern in patterns():
        if pattern in seen:
            continue
        seen.add(pattern)
        for unit in LONG:
            small, large = (_spent(pattern, unit, size) for size in (2_000, 8_000))
            if large > 0.03:
                small, large = (min(_spent(pattern, unit, size) for _ in range(3)) for size in (2_000, 8_000))
            if large > 0.03 and large > 7 * small:
                slow.append(f"{where} on {unit!r}: {small:.3f} s, then {large:.3f} s")
    assert len(seen) > 50
    assert slow == []


def _spent(pattern: re.Pattern[str], unit: str, size: int) -> float:
    text = (unit * (size // len(unit) + 1))[:size] + "!"
    began = time.process_time()
    for _ in pattern.finditer(text):
        pass
    pattern.match(text)
    return time.process_time() - began


def test_the_net_for_slow_patterns_catches_one() -> None:
    small, large = (_spent(re.compile(r"\s+$"), " ", size) for size in (2_000, 8_000))
    assert large > 0.03
    assert large > 7 * small


@pytest.mark.parametrize(
    "page",
    [
        "<p>one two</p><![ three",
        "<p>one two</p><![foo[x]]> three",
        "<p>one <span>two</span> <a name='x'>three</a></p>",
        "<p>one<br>two</p><custom-box>three</custom-box>",
    ],
)
def test_the_careful_parser_reads_what_the_standard_library_refuses(page: str) -> None:
    words = re.sub("<[^>]*>", " ", flatten(page)).split()
    assert [word for word in ("one", "two", "three") if word in words] == ["one", "two", "three"]


def test_a_tag_ends_where_a_browser_ends_it() -> None:
    assert count_words_exactly("<a title = 'x > y'>one two</a> three") == 3
    assert count_words_exactly("<a title=x > y > one</a>") == 3  # without quotes the first > ends it


def test_closing_tags_that_close_nothing_hide_no_depth() -> None:
    assert scan("</b>" * 7000 + "<i>" * 300).depth == 300
    assert scan("</b>" * 7000 + "<i></i>" * 300).depth == 1
