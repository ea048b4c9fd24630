"""A rehearsal of an upgrade of html-to-markdown: another release formats otherwise, and no policy has changed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from monitor.model import ExtractOptions, Page
from monitor.text import REVISION, convert, extract
from monitor.text.normalise import fold
from monitor.text.segment import segment

Site = Callable[..., str]


def later_release(markdown: str) -> str:
    """What a later release might write: other bullets, deeper indents, loose lists, underlined titles, other emphasis."""
    markdown = re.sub(r"^( *)- ", lambda m: f"{m.group(1) * 2}*   ", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"^# (.+)$", r"\1\n=====", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"^(\|[- |]+\|)$", lambda m: m.group(1).replace("---", ":-------"), markdown, flags=re.MULTILINE)
    return markdown.replace("**", "__").replace("\n\n", "\n\n\n").replace("| ", "|   ").replace("\\\n", "  \n")


@pytest.fixture(name="upgraded")
def _upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room as it would be under the later release."""
    original = convert.to_markdown
    monkeypatch.setattr(convert, "VERSION", "99.0.0")
    monkeypatch.setattr(convert, "to_markdown", lambda html, base_url="": later_release(original(html, base_url)))


def extraction(page: str) -> tuple[str, str]:
    found = extract([Page(page.encode(), "text/html")], ExtractOptions())
    return found.extractor, found.text


@pytest.mark.usefixtures("upgraded")
def test_under_another_release_the_revision_is_another_one(site: Site) -> None:
    revision, _ = extraction(site())
    assert revision != REVISION
    assert revision.endswith("+html-to-markdown-99.0.0")


@pytest.mark.usefixtures("upgraded")
def test_both_sides_read_under_the_new_release_say_the_same(site: Site, policy: str) -> None:
    old_raw, new_raw = site(), site(policy.replace("<p>", "\n<p>"))  # kept raw, read again
    assert extraction(old_raw) == extraction(new_raw)


@pytest.mark.usefixtures("upgraded")
def test_and_a_change_of_the_policy_is_still_one(site: Site, policy: str) -> None:
    assert extraction(site())[1] != extraction(site(policy.replace("24 months", "36 months")))[1]


def test_what_a_release_only_sets_otherwise_does_not_even_reach_the_stored_text(site: Site) -> None:
    current = convert.to_markdown(site())
    assert later_release(current) != current
    assert keys(later_release(current)) == keys(current)


def keys(markdown: str) -> list[str]:
    from monitor.text.normalise import normalise

    return [fold(clause.text) for clause in segment(normalise(markdown, wrapped=True))]


def test_this_release_writes_what_it_wrote_when_it_was_pinned() -> None:
    """A golden file: when it differs, the pin has moved, and the revision with it."""
    html = """<h1>T</h1><p>a <b>b</b> <a href="/x">c</a><br>d</p><ul><li>e<ul><li>f</li></ul></li></ul>
<table><tr><th>g</th><th>h</th></tr><tr><td>i<br>j</td><td>k|l</td></tr></table><ol start="3"><li>m</li></ol>
<details><summary>n</summary>o</details><div hidden>p</div>"""
    assert convert.VERSION == "3.21.2"
    assert convert.to_markdown(html, "https://x.test/").split("\n") == [
        "# T", "", "a **b** [c](https://x.test/x)\\", "d", "", "- e", "  - f", "", "| g | h |", "| --- | --- |",
        "| i<br>j | k\\|l |", "", "3. m", "", "**n**", "", "o", "", "p", "",
    ]  # fmt: skip
