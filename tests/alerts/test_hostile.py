"""Hostile text in every slot of a mail: no header, no link, no markup of its own; and in a browser no script, no request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain
from xml.etree import ElementTree as ET

import pytest
from besieged import KEY, hostile_feed, hostile_mail, look
from mailing import html_of, parsed, text_of
from payloads import payloads
from playwright.sync_api import Browser

from monitor.alerts.safe import clip, inert, link, visible
from monitor.alerts.views import Sight

TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "p",
    "h1",
    "h2",
    "h3",
    "span",
    "strong",
    "blockquote",
    "ul",
    "li",
    "a",
    "wbr",
}
ATTRIBUTES = {"style", "class", "lang", "charset", "name", "content", "role", "aria-label", "dir", "href"}
OURS = ("https://watch.example/", "https://www.umbrella.example/privacy")


class Strict(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def test_a_hostile_text_is_text_wherever_a_mail_shows_it() -> None:
    for text in payloads(200):
        message = hostile_mail([text])
        names = [
            line.partition(b":")[0]
            for line in message.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")
        ]
        assert len(names) == len(set(names)) == 13, names
        mail = parsed(message.raw)
        assert mail.defects == []
        assert not mail.get_content_type().startswith("multipart/mixed")
        page = html_of(mail)
        strict = Strict()
        strict.feed(page)
        assert strict.tags <= TAGS
        assert strict.attributes <= ATTRIBUTES
        assert all(link.startswith(OURS) for link in strict.links), strict.links
        assert "evil.example" not in "".join(strict.links)
        for part in (page.partition("</title>")[2], text_of(mail)):  # a title makes no links
            assert "://evil" not in part
            assert "www.evil" not in part
            assert "@evil" not in part


def test_a_mail_of_one_event_withstands_the_same() -> None:
    for text in payloads(60):
        made = hostile_mail([text])
        one = parsed(made.raw)
        strict = Strict()
        strict.feed(html_of(one))
        assert strict.tags <= TAGS


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from chromium import chromium

    with chromium() as made:
        yield made


@pytest.mark.browser
def test_five_hundred_hostile_texts_in_every_slot_run_no_script_and_ask_for_nothing(browser: Browser) -> None:
    texts = payloads(500)
    chunks = [texts[at : at + 10] for at in range(0, len(texts), 10)]
    ran, asked, shown = look(browser, [html_of(parsed(hostile_mail(chunk).raw)) for chunk in chunks])
    assert ran == []
    assert asked == []
    for chunk, content in zip(chunks, shown, strict=True):
        for text in chunk:
            expected = visible(text.replace("\r\n", "\n").replace("\r", "\n")).replace("\0", "")
            assert expected in content.replace("\\r\n", "\n"), text


@pytest.mark.browser
def test_five_hundred_hostile_texts_in_every_slot_of_a_feed_run_no_script_and_ask_for_nothing(browser: Browser) -> None:
    texts = payloads(500)
    feeds = [hostile_feed(texts[at : at + 10]) for at in range(0, len(texts), 10)]
    assert look(browser, [feed.decode() for feed in feeds], "application/atom+xml")[:2] == ([], [])
    entries = [[entry.text or "" for entry in ET.fromstring(feed).findall(".//{*}content")] for feed in feeds]
    assert len(list(chain.from_iterable(entries))) == 1000
    ran, asked, shown = look(browser, ["<!doctype html>" + "".join(some) for some in entries])  # as a feed reader does
    assert (ran, asked) == ([], [])
    assert "<script>pwn()</script>" in "".join(shown)


@pytest.mark.browser
def test_the_same_texts_unescaped_do_run_and_do_ask(browser: Browser) -> None:
    """Negative control: the browser would have told."""
    ran, asked, _ = look(browser, [f"<!doctype html><p>{text}</p>" for text in payloads(40)])
    assert len(ran) > 5
    assert len(asked) > 5


def test_text_is_cut_at_a_word_and_controls_are_shown() -> None:
    assert clip("one two three", 9) == "one two …"
    assert clip("one", 3) == "one"
    assert visible("a\u202eb\0c\ud800\n") == "a\\u202eb\\x00c\\ud800\n"
    assert inert("see https://a.example, www.b.example") == "see https://\u200ba.example, www.\u200bb.example"
    assert replace(Sight(KEY, "x", None), name="y").name == "y"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://www.umbrella.example/privacy?a=b#c", True),
        ("http://umbrella.example", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https:///path", False),
        ("https://[::1", False),
        ("https://a.example/'onmouseover=x", False),
        ("https://a.example/two words", False),
        ("https://ä.example/", False),
        ("https://a.example/" + "x" * 2000, False),
        ("//a.example/", False),
        ("", False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_only_a_plain_address_of_a_page_becomes_a_link(url: str, kept: bool) -> None:
    assert link(url) == (url if kept else "")
