"""Whatever a policy, a server or a watchlist says is shown as text, on every page and in every place."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from report import hostile, made, pages_made
from report.outline import Outline, outline

import monitor.report
from monitor.report import environment, exports, feed, markup, paths, search
from monitor.report.markup import web_link
from monitor.report.text import assessment_text

HERE = Path(monitor.report.__file__).parent
ALL = " ".join(hostile.payloads())
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe]")


def pages_with(text: str) -> dict[str, bytes]:
    frame = hostile.poisoned(made.frame(), text)
    change = hostile.poisoned(made.change_view(), text)
    return pages_made.everything(frame, change)


def shape(page: Outline) -> set[tuple[str, tuple[str, ...]]]:
    return {(element.name, tuple(sorted(element.attributes))) for element in page.elements}


@pytest.fixture(scope="module")
def harmless() -> dict[str, Outline]:
    return {
        path: outline(page)
        for path, page in pages_with("a harmless text of more than nine words, so that it counts as wording").items()
    }


@pytest.fixture(scope="module")
def hostile_pages() -> dict[str, Outline]:
    return {path: outline(page) for path, page in pages_with(ALL).items()}


@pytest.mark.parametrize("path", list(pages_made.everything()))
def test_no_payload_makes_an_element_or_an_attribute(
    path: str, harmless: dict[str, Outline], hostile_pages: dict[str, Outline]
) -> None:
    allowed = shape(harmless[path]) | {("span", ("class",))}  # addresses and marks inside a text are set smaller
    assert shape(hostile_pages[path]) <= allowed
    assert len(hostile_pages[path].all("script")) == len(harmless[path].all("script"))


@pytest.mark.parametrize("path", list(pages_made.everything()))
def test_every_payload_is_shown_as_it_was_typed(path: str, hostile_pages: dict[str, Outline]) -> None:
    if path in {paths.MONTHS, paths.TOPICS}:
        return
    assert FORBIDDEN.sub("\ufffd", ALL) in hostile_pages[path].text


def test_the_check_would_notice_text_that_is_not_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.environment.cache_clear()
    made_unsafe = environment.environment()
    made_unsafe.autoescape = False
    try:
        page = outline(pages_with("<b onclick=x>")[paths.INDEX])
    finally:
        environment.environment.cache_clear()
        environment._foots.clear()
    assert ("b", ("onclick",)) in shape(page)


def test_clauses_are_escaped_piece_by_piece() -> None:
    for payload in hostile.payloads():
        for made_by in (markup.said(payload), markup.parts((("-", payload), ("+", payload), ("", payload)))):
            names = {element.name for element in outline(str(made_by).encode("utf-8", "replace")).elements}
            assert names <= {"span", "del", "ins"}


def test_marks_of_the_program_itself_are_elements() -> None:
    shown = outline(
        str(
            markup.parts([("", "We **may** "), ("-", "keep "), ("+", "sell "), ("", "[it](https://x.example/)")])
        ).encode()
    )
    assert [element.name for element in shown.elements] == ["span", "span", "del", "ins", "span"]
    assert shown.text == "We **may** keep sell [it](https://x.example/)"


def test_no_payload_becomes_an_address() -> None:
    assert [payload for payload in hostile.payloads() if web_link(payload)] == []


def test_templates_never_switch_escaping_off() -> None:
    for template in (HERE / "templates").iterdir():
        text = template.read_text()
        for forbidden in ("|safe", "| safe", "autoescape", "Markup", "|xmlattr", "|tojson", "|urlize", "|striptags"):
            assert forbidden not in text, template.name


def test_every_template_is_escaped_whatever_its_name() -> None:
    for template in (HERE / "templates").iterdir():
        assert environment.environment().get_template(template.name).environment.autoescape is True


def test_attributes_with_values_are_quoted_in_every_template() -> None:
    for template in (HERE / "templates").iterdir():
        assert not re.search(r"<[a-z][^<>]*\s[a-z-]+=\{\{", template.read_text()), template.name


@pytest.mark.parametrize("path", sorted(HERE.parent.rglob("*.py")), ids=lambda path: str(path.relative_to(HERE.parent)))
def test_markup_is_made_by_hand_in_one_module_and_no_template_comes_from_data(path: Path) -> None:
    if HERE not in path.parents:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name != "from_string", path
            assert name != "Markup" or path.name == "markup.py", path
            assert name != "ours" or path.name in {"environment.py", "marks.py", "side_by_side.py"}, path


def test_feeds_are_xml_that_holds_every_payload_as_text() -> None:
    line = hostile.poisoned(made.line(), ALL)
    findings = [hostile.poisoned(one, ALL) for one in made.findings()]
    data = feed.atom("feed/all.xml", ALL, [feed.change_entry(line, findings)], updated=made.NOW)
    root = ET.fromstring(data)
    names = {element.tag.partition("}")[2] for element in root.iter()}
    assert names == {
        "feed", "id", "title", "updated", "link", "author", "name", "generator", "entry", "published", "category",
        "summary", "content",
    }  # fmt: skip
    content = root.find(".//{*}content")
    assert content is not None
    assert {element.name for element in outline((content.text or "").encode()).elements} <= {"p", "ul", "li", "br", "q"}


def test_search_scripts_hold_texts_as_data_only() -> None:
    kept = [search.Kept(payload, 1, 2, "c-1") for payload in hostile.payloads()]
    version = replace(made.version(2, made.AFTER, made.NOW), title=ALL)
    for script in (
        search.document_script(made.KEY, kept, {2: version}).decode(),
        search.index_script([search.index_row(made.KEY, ALL, kept)]).decode(),
    ):
        assert script.isascii()
        assert "<" not in script
        inside = script[script.index("(") + 1 : script.rindex(")")]
        json.loads(f"[{inside}]")


def test_a_spreadsheet_runs_no_cell() -> None:
    for first in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
        row = list(exports.as_csv([(hostile.poisoned(made.line(), first), made.assessment())]))[1]
        assert not re.search(r'(^|,)"?[=+\-@\t\r]', row)


def test_markdown_has_no_live_markup() -> None:
    text = assessment_text(ALL, hostile.poisoned(made.assessment(), ALL), markdown=True)
    assert not re.search(r"(?<!\\)[<\[]", text)
    assert not re.search(r"(?<!\\)`", text)
