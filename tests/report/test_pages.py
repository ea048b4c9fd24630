"""What pages hold, whoever reads them with whatever browser."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from report import made, pages_made
from report.outline import Outline, outline

from monitor.model import Change, Review
from monitor.report import pages, paths
from monitor.report.comparison import compare_pages
from monitor.report.comparison_page import finding_quotes
from monitor.report.environment import encode, static
from monitor.report.views import FrontView, Watch
from monitor.text.segment import segment

PAGES = {path: outline(page) for path, page in pages_made.everything().items()}
ALONE = ("alone.html", "pair.html")
SITE = [path for path in PAGES if path not in ALONE]


@pytest.fixture
def change() -> Outline:
    return PAGES[paths.change(made.change())]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere(path: str) -> None:
    for element in PAGES[path].elements:
        for name in ("src", "srcset", "poster", "data", "action", "background", "style", "ping"):
            value = element.attributes.get(name, "")
            assert name != "style" or not value, "the policy of the page forbids style attributes"
            assert not re.match(r"[a-z]+:|//", value), f"{element}"
        if element.name == "link":
            assert not re.match(r"[a-z]+://|//", element.attributes["href"])
    assert not PAGES[path].all("iframe", "object", "embed", "base", "img", "meta refresh")


@pytest.mark.parametrize("path", SITE)
def test_links_between_pages_stay_below_the_site(path: str) -> None:
    for link in PAGES[path].links():
        if link.startswith(("https://", "#")):
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link.split("#")[0]))
        assert not target.startswith(("..", "/"))
        assert target.endswith((".html", ".xml", ".json"))


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_there_once_and_links_within_a_page_lead_somewhere(path: str) -> None:
    ids = PAGES[path].ids()
    assert len(ids) == len(set(ids))
    assert all(ids)
    for link in PAGES[path].links():
        assert not link.startswith("#") or link[1:] in ids


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_first_heading_and_skips_no_level(path: str) -> None:
    levels = [int(element.name[1]) for element in PAGES[path].all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1


@pytest.mark.parametrize("path", SITE)
def test_every_page_prints_the_chain_head_and_the_exceptions(path: str) -> None:
    text = PAGES[path].text
    assert "ab" * 32 in text
    assert "Addresses in 10.0.0.0/8 may be fetched." in text
    assert "parley/privacy-policy: “we asked and were allowed”" in text


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_of_a_page_forbids_everything_it_does_not_need(path: str) -> None:
    policy = next(
        e.attributes["content"] for e in PAGES[path].all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert ("'self'" in policy) == (path not in ALONE)


def test_a_page_for_itself_carries_its_style_and_script_as_they_are() -> None:
    page = pages_made.everything()["alone.html"].decode()
    assert static("style.css").decode() in page
    assert static("site.js").decode() in page
    assert "</script" not in static("site.js").decode().lower()
    assert "</style" not in static("style.css").decode().lower()


def test_a_change_shows_findings_worse_first_and_the_unclassified_last(change: Outline) -> None:
    heads = [text.strip() for text in change.texts if text.strip().startswith(("↓ W", "↑ B", "= N", "? U"))]
    assert heads == [
        "↓ Worse for people", "↑ Better for people", "= Neutral", "? Unclassified: no rule can say what it means",
    ]  # fmt: skip


def test_a_finding_quotes_both_texts_and_links_each_quotation_to_its_place(change: Outline) -> None:
    text = " ".join(change.text.split())
    assert "Before Whether we sell data depends on what selling means." in text
    assert "The earlier text has no such words." in text
    assert sum(link.startswith(("#a-", "#b-")) for link in change.links()) >= 6


def test_a_quotation_is_marked_where_the_comparison_marks_it() -> None:
    view = made.change_view()
    finding = made.finding(
        before=made.quote(made.BEFORE, "for as long as you"), after=made.quote(made.AFTER, "for ninety days")
    )
    layout = compare_pages(
        segment(made.BEFORE), segment(made.AFTER), view.assessment.clauses, finding_quotes((finding,))
    )
    shown = pages.finding_groups([finding], layout)[0].findings[0]
    assert shown.before == (("", "for "), ("-", "as long as you"))
    assert shown.after == (("", "for "), ("+", "ninety days"))
    assert pages.finding_groups([finding])[0].findings[0].before == (("", "for as long as you"),)


def test_a_change_says_where_it_comes_from_and_how_to_verify_it(change: Outline) -> None:
    text = change.text
    for said in (
        "https://www.parley.example/legal/privacy", made.digest("raw 1"), made.digest("raw 2"), made.digest(made.AFTER),
        "rules-1", "02" * 32, "01" * 32, "policy-monitor verify --head", "sha256sum snapshots/", "export --evidence",
    ):  # fmt: skip
        assert said in text, said


def test_a_silent_change_says_that_the_date_did_not_move(change: Outline) -> None:
    assert "18 March 2026 → 18 March 2026 (not moved by this change)" in " ".join(change.text.split())


def test_a_review_is_shown_on_the_page_and_in_lists() -> None:
    review = Review(1, 1, "noted", "Anna", "asked them about it", made.NOW)
    view = replace(made.change_view(), reviews=(review,), line=replace(made.line(), review=review))
    text = outline(pages.change(made.frame(), view, {})).text
    assert "✎ noted by Anna" in text
    assert "2 April 2026: noted by Anna: asked them about it" in text
    assert "✕ dismissed by Anna" in PAGES[paths.INDEX].text


def test_a_correction_is_shown_on_the_page() -> None:
    view = replace(made.change_view(), corrections=((made.NOW, "The sentence had been there before."),))
    assert "Corrected on 2 April 2026: The sentence had been there before." in outline(
        pages.change(made.frame(), view, {})
    ).text  # fmt: skip


def kinds_of(page: Outline) -> list[Change]:
    return [line.change for line in pages_made.lines() if line.path in page.links()]


def test_the_front_page_lists_the_gravest_first_within_each_period() -> None:
    changes = kinds_of(PAGES[paths.INDEX])
    assert changes
    page = pages_made.everything()[paths.INDEX].decode()
    recent = page[page.index("The last thirty days") : page.index("The last twelve months")]
    ranks = [re.findall(r'data-s="(\w+)"', recent)]
    order = ["high", "medium", "low", "none"]
    assert all(found == sorted(found, key=order.index) for found in ranks)


def test_the_front_page_leaves_out_what_is_not_substantive_and_says_so() -> None:
    text = " ".join(PAGES[paths.INDEX].text.split())
    assert "12 of 40 recorded changes are listed here" in text
    assert "editorial" not in text


def test_the_front_page_explains_silence() -> None:
    text = " ".join(PAGES[paths.INDEX].text.split())
    assert "4 documents watched: ✓ 1 unchanged, … 1 pending, ! 1 failing, ∅ 1 not seen yet" in text
    assert "failing since 1 March 2026: Now says" in text


def test_an_empty_site_says_that_there_is_nothing_yet() -> None:
    text = outline(pages.front(made.frame(), FrontView((), 0, Watch(()), {}), made.NOW)).text
    assert "No change has been recorded yet." in text


def test_a_vendor_shows_changes_gaps_excursions_and_notes_on_one_axis() -> None:
    text = " ".join(PAGES[paths.vendor("parley")].text.split())
    rows = text[text.index("When Document What") :]
    order = [
        "1 April 2026 Note 1",
        "29 March 2026 Privacy policy Now says",
        "22 March 2026 to 23 March 2026 Privacy policy Something else than the policy was served (2 times): a bot wall",
        "20 March 2026 Privacy policy A new text was seen and went away again before it was confirmed",
        "18 March 2026 Privacy policy First version kept, dated 18 March 2026 by itself",
        "1 March 2026 to 4 March 2026 Privacy policy Not seen (3 times): no answer within 30 seconds",
    ]
    places = [rows.index(said) for said in order]
    assert places == sorted(places)
    assert PAGES[paths.vendor("parley")].all("svg")


def test_a_vendor_shows_its_inventory_with_quotations() -> None:
    text = " ".join(PAGES[paths.vendor("parley")].text.split())
    assert "data.contact: name, address your name and address in the text" in text
    assert "promise not to share.sale" in text


def test_a_month_groups_the_same_new_wording_of_several_vendors() -> None:
    month = PAGES[paths.month("2026-03")]
    assert "The same new wording at several vendors" in month.text
    assert "We keep your name and address for ninety days after you close your account." in month.text


def test_colour_is_never_alone() -> None:
    for path, page in pages_made.everything().items():
        for name in re.findall(rb'<span class="dir d-(\w+)">(.*?)</span> (\w+)</span>', page):
            assert name[0] == name[2], path


def test_an_address_that_no_browser_should_open_is_text() -> None:
    snapshot = made.snapshot(1, made.NOW)
    capture = replace(snapshot.captures[0], url="javascript:alert(1)", final_url="data:text/html,x")
    view = replace(made.change_view(), before_snapshot=replace(snapshot, captures=(capture,)))
    page = outline(pages.change(made.frame(), view, {}))
    assert "javascript:alert(1)" in page.text
    assert not [link for link in page.links() if link.startswith(("javascript", "data"))]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://parley.example/privacy", True),
        ("http://parley.example/?a=b#c", True),
        ("HTTPS://parley.example/", True),
        ("javascript:alert(1)", False),
        ("jAvAsCrIpT:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
        ("//parley.example/", False),
        ("/etc/passwd", False),
        ("https://", False),
        ("https://[::1", False),
        ("file:///etc/passwd", False),
        ("https://parley.example/\u0000", False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, *, linked: bool) -> None:
    from monitor.report.markup import web_link

    assert bool(web_link(url)) is linked


def test_pages_say_what_texts_say_never_what_companies_do() -> None:
    for path, page in PAGES.items():
        assert not re.search(r"\bthe compan(y|ies) (sells?|shares?|collects?|uses?)\b", page.text, re.IGNORECASE), path
        assert path in ALONE or "says what the texts say, not what the companies do" in page.text


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x08",
        "\x0b",
        "\x1f",
        "\x7f",
        "\x80",
        "\x9f",
        "\ufdd0",
        "\ufdef",
        "\ufffe",
        "\uffff",
        "\ud800",
    ],
)
def test_a_character_that_html_forbids_is_replaced(char: str) -> None:
    assert encode(f"a\xa0·{char}é") == "a\xa0·\ufffdé".encode()


@pytest.mark.parametrize("char", ["\t", "\n", " ", "~", "\xa0", "·", "→", "\ufdcf", "\ufffd", "𝒳", "\u202e"])
def test_every_other_character_stays(char: str) -> None:
    assert encode(f"a{char}b") == f"a{char}b".encode()
