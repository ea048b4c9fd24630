"""The text of the policy and nothing else, on pages of every build."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.errors import ExtractionError
from monitor.model import Extraction, ExtractOptions, HeadingRange, Page
from monitor.text import extract

Site = Callable[..., str]
Read = Callable[..., Extraction]
FIRST, LAST = "Larkfield Maps Ltd. (“Larkfield”, “we”) makes hiking maps.", "Children under 16 may not use the app."


@pytest.mark.parametrize("wrap", ["main", "article", "div", "section", "div role='main'"])
def test_the_whole_policy_is_kept_and_the_site_around_it_is_not(read: Read, site: Site, wrap: str) -> None:
    text = read(site(wrap=wrap)).text
    assert FIRST in text
    assert LAST in text
    assert "Last updated: 3 March 2026" in text
    for word in ("Shop", "Jobs", "Press", "All rights reserved", "never shown", "Log in"):
        assert word not in text


CHROME = {
    "cookie banner with buttons": "<div><div><p>We use cookies to improve the site. See our cookie notice for more.</p><button>Accept all</button><button>Reject all</button></div></div>",
    "cookie banner with links": "<div class='x1'><p>This site uses cookies.</p><a href='#'>Got it!</a></div>",
    "named cookie banner": "<div id='cookie-banner-wrapper'><p>Cookies make this site work, and some count visits.</p></div>",
    "breadcrumb": "<ol class='breadcrumb'><li><a href='/'>Home</a></li><li><a href='/legal'>Legal</a></li><li>Privacy policy</li></ol>",
    "labelled breadcrumb": "<div aria-label='Breadcrumbs'><a href='/'>Home</a> / <a href='/legal'>Legal</a> / Privacy</div>",
    "skip link": "<a class='skip-link' href='#main'>Skip to content</a>",
    "share buttons": "<div class='share-buttons'><a href='https://x.com/intent/tweet?u=1'>X</a><a href='mailto:?subject=y'>Mail</a></div>",
    "share links without a class": "<p><a href='https://www.facebook.com/sharer.php?u=1'>Facebook</a><a href='https://wa.me/?text=1'>Chat app</a></p>",
    "language list": "<ul><li><a href='/de'>Deutsch</a></li><li><a href='/fr'>Français</a></li><li><a href='/es'>Español</a></li><li><a href='/en'>English</a></li></ul>",
    "language choice": "<form><label>Choose language</label><select><option>Deutsch</option><option>Suomi</option></select></form>",
    "was this helpful": "<div><p>Was this page helpful?</p><button>Yes</button><button>No</button></div>",
    "related articles": "<section><h3>Related articles</h3><ul><li><a href='/a'>How to draw a summit</a></li><li><a href='/b'>How to find a hut</a></li><li><a href='/c'>Ten fine valleys</a></li></ul></section>",
    "newsletter": "<div class='newsletter'><h4>Join our newsletter</h4><input type='email'><button>Subscribe</button></div>",
    "dialog": "<div role='dialog'><h2>Leaving the site</h2><p>You are about to leave this site. Continue at your own risk.</p><button>Continue</button></div>",
    "menu in divs": "<div><a href='/one'>Products</a> <a href='/two'>Solutions</a> <a href='/three'>Pricing</a> <a href='/four'>Support</a></div>",
    "search": "<div role='search'><label>Search the site</label><input><button>Search</button></div>",
    "chat": "<div class='chat-widget'>Hi there! How can we help?</div>",
    "announcement": "<div class='announcement-bar'>New: maps of Norway. <a href='/no'>Take a look</a></div>",
    "noscript": "<noscript>Please enable JavaScript to see the whole site.</noscript>",
}  # fmt: skip


@pytest.mark.parametrize("place", ["before", "after", "before a div", "after a div", "first in main", "last in main"])
@pytest.mark.parametrize("chrome", CHROME.values(), ids=CHROME)
def test_what_stands_around_a_policy_goes_wherever_it_stands(
    read: Read, site: Site, policy: str, chrome: str, place: str
) -> None:
    plain = read(site()).text
    match place:
        case "before" | "after":
            page = site(**{place: chrome})
        case "before a div" | "after a div":
            parts = [f"<div>{chrome}</div>", f"<div><div>{policy}</div></div>"]
            page = (
                f"<html><body><div>{''.join(parts if place == 'before a div' else reversed(parts))}</div></body></html>"
            )
        case "first in main":
            page = site(f"{chrome}<div>{policy}</div>")
        case _:
            page = site(f"<div>{policy}</div>{chrome}")
    assert read(page).text == plain


KEPT = {
    "details": "<details><summary>Retention in short</summary><p>We keep crash reports for 90 days.</p></details>",
    "accordion": "<div class='accordion'><button aria-expanded='false'>Retention in short</button><div class='panel' hidden><p>We keep crash reports for 90 days.</p></div></div>",
    "hidden tab": "<div role='tablist'><button role='tab'>Short</button></div><div role='tabpanel' style='display:none'><p>We keep crash reports for 90 days.</p></div>",
    "section named like a widget": "<section id='newsletter'><h2>Newsletter</h2><p>We keep crash reports for 90 days.</p></section>",
    "class named like a widget": "<div class='banner'><p>We keep crash reports for 90 days.</p></div>",
    "button of the text": "<section><h2>Cookies</h2><p>We keep crash reports for 90 days. You can change cookies here.</p><button>Cookie settings</button></section>",
    "note in an aside": "<aside><p>Please note: we keep crash reports for 90 days, and no longer than that, unless a court has ordered us in writing to keep them for a longer time than this.</p></aside>",
    "list of links to recipients": "<ul><li><a href='https://birchhost.example/privacy'>Birchhost: crash reports for 90 days</a></li><li><a href='https://alderpay.example'>Alderpay</a></li></ul>",
    "short paragraph": "<p>We keep crash reports for 90 days.</p>",
    "definition list": "<dl><dt>Crash reports</dt><dd>We keep crash reports for 90 days.</dd></dl>",
    "layout table": "<table><tr><td><h2>Reports</h2><p>We keep crash reports for 90 days.</p></td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("part", KEPT.values(), ids=KEPT)
def test_what_belongs_to_the_policy_stays_however_it_is_marked_up(
    read: Read, site: Site, policy: str, part: str
) -> None:
    for content in (f"{policy}{part}", f"{part}{policy}", policy.replace("<h2>Who", f"{part}<h2>Who")):
        text = read(site(content)).text
        assert "crash reports for 90 days" in text
        assert LAST in text


@pytest.mark.parametrize(
    "head",
    ["<h1>Larkfield Privacy Policy</h1>", "<div><h1>Larkfield Privacy Policy</h1></div>", "<header><h1>Larkfield Privacy Policy</h1></header>", "<div role='banner'><h1>Larkfield Privacy Policy</h1><a href='/x'>Start</a></div>"],
)  # fmt: skip
def test_the_title_above_the_main_content_is_kept(read: Read, site: Site, policy: str, head: str) -> None:
    body = policy.replace("<h1>Larkfield Privacy Policy</h1>", "")
    assert read(site(body, before=head)).text.startswith("# Larkfield Privacy Policy\n")


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_date_beside_the_article_is_kept(read: Read, policy: str, place: str) -> None:
    date = "<div class='meta'>Effective date: 5 April 2026</div>"
    article = f"<article>{policy}</article>"
    body = date + article if place == "before" else article + date
    extraction = read(f"<html><body><div><div>{body}</div></div></body></html>")
    assert "Effective date: 5 April 2026" in extraction.text
    assert str(extraction.dates.effective) == "2026-04-05"


def test_text_in_a_script_without_spaces_between_words_weighs_what_it_says(read: Read, site: Site) -> None:
    prose = "".join(f"<div class='p'>第{n}条，我们会在您同意后收集您的个人信息，并按照本政策保护您的隐私与权利。</div>" for n in range(40))  # fmt: skip
    text = read(site(f"<h1>隐私政策</h1>{prose}")).text
    assert text.count("个人信息") == 40


def test_what_two_selectors_fit_or_one_fits_inside_itself_is_taken_once(read: Read) -> None:
    page = (
        "<body><p>Menu.<main class=a><h2>Whole</h2><p>One.<div class=a><p>Two.<div><p class=b>Three.</div></div></main>"
    )
    once = "## Whole\n\nOne.\n\nTwo.\n\nThree.\n"
    assert read(page, select=("main", ".a", ".b")).text == once
    assert read(page, select=(".b", ".a")).text == once
    nested = "<main>" * 900 + "<p>Words." + "</main>" * 900
    assert read(nested, select=("main",)).text == "Words.\n"


def test_a_declared_selection_is_taken_as_it_is(read: Read, site: Site) -> None:
    page = site(
        "<div id='terms'><p>Terms of the shop.</p></div><div id='privacy'><p>Words on privacy. <i class='x'>Ad!</i></p></div>"
    )
    assert read(page, select=("#privacy",), remove=(".x",)).text == "Words on privacy.\n"


@pytest.mark.parametrize(("field", "kind"), [({"select": ("#gone",)}, "nothing-selected"), ({"select": ("p[",)}, "bad-selector"), ({"remove": ("p[",)}, "bad-selector"), ({"headings": HeadingRange("Cookies")}, "heading-missing")])  # fmt: skip
def test_a_declaration_that_does_not_fit_is_an_error_with_its_kind(
    read: Read, site: Site, field: dict[str, object], kind: str
) -> None:
    with pytest.raises(ExtractionError) as caught:
        read(site(), **field)
    assert caught.value.kind == kind


def test_a_range_of_headings_cuts_one_document_out(read: Read, site: Site) -> None:
    text = read(site(), headings=HeadingRange("why we use it", "Who receives it")).text
    assert text.startswith("## Why we use it\n")
    assert text.endswith("| Payments | Accounting duties | 10 years |\n")


def _shelf(policy: str) -> str:
    terms = (
        "<h2>Terms of Service</h2>"
        + "<p>You may use the maps on foot and on skis, at your own risk, as long as you pay.</p>" * 1
    )
    terms += "".join(f"<h3>Rule {n}</h3><p>Rule number {n} of this agreement binds you and us in every valley and on each ridge.</p>" for n in range(14))  # fmt: skip
    return f"<h1>Legal</h1>{terms}{policy.replace('h3>', 'h4>').replace('h2>', 'h3>').replace('h1>', 'h2>')}"


@pytest.mark.parametrize(("kind", "title", "foreign"), [("privacy-policy", "## Larkfield Privacy Policy", "Rule 3"), ("terms", "## Terms of Service", "hiking maps")])  # fmt: skip
def test_of_several_documents_on_a_page_the_declared_kind_is_kept(
    read: Read, site: Site, policy: str, kind: str, title: str, foreign: str
) -> None:
    shelf = _shelf(policy).replace("Larkfield Privacy Policy", "Privacy Policy")
    extraction = read(site(shelf), kind=kind)
    assert extraction.text.startswith(title.replace("Larkfield ", ""))
    assert foreign not in extraction.text
    assert any("several documents" in reason for reason in extraction.confidence.reasons)


def test_a_section_on_terms_inside_a_policy_makes_no_second_document(read: Read, site: Site, policy: str) -> None:
    content = policy + "<h2>Terms of Service</h2><p>Our terms apply as well.</p>"
    assert "Our terms apply as well." in read(site(content)).text


def test_two_short_documents_are_one_page_of_one(read: Read, site: Site, policy: str) -> None:
    """What names two documents and says little of one of them is no shelf: nothing of it may be lost."""
    content = policy.replace("Larkfield Privacy Policy", "Privacy Policy") + "<h1>Terms of Service</h1><p>Be kind.</p>"
    text = read(site(content), kind="privacy-policy").text
    assert LAST in text
    assert "Be kind." in text


def test_a_copy_for_narrow_screens_goes_and_a_short_repeated_list_stays(read: Read, site: Site, policy: str) -> None:
    assert read(site(f"<div class='wide'>{policy}</div><div class='narrow'>{policy}</div>")).text == read(site()).text
    for state in ("Utah", "Iowa"):
        policy += f"<h2>{state}</h2><ul><li>access</li><li>deletion</li><li>opt-out</li></ul>"
    assert read(site(policy)).text.count("- deletion\n") == 2


def test_several_pages_make_one_text_in_their_order(site: Site) -> None:
    pages = [Page(site(f"<h1>Part {n}</h1><p>Words of part {n}.</p>").encode(), "text/html") for n in (1, 2)]
    assert extract(pages, ExtractOptions()).text == "# Part 1\n\nWords of part 1.\n\n# Part 2\n\nWords of part 2.\n"


def test_confidence_says_why_it_is_low(read: Read, site: Site) -> None:
    assert read(site()).confidence.score == 1.0
    links = "".join(f"<li><a href='/p{n}'>Policy number {n} of the many</a></li>" for n in range(30))
    doubtful = read(site(f"<h1>Policies</h1><ul>{links}</ul><p>We wrote these with care. Read them.</p>")).confidence
    assert doubtful.score < 0.5
    assert any("links" in reason for reason in doubtful.reasons)
    assert any(
        "suspicious characters" in r
        for r in read(site("<p>Priv\u0430cy of pe\u043eple: we collect data.</p>" * 9)).confidence.reasons
    )


def test_hidden_e_mail_addresses_are_shown(read: Read, site: Site) -> None:
    code = "42" + "".join(f"{ord(letter) ^ 0x42:02x}" for letter in "dpo@larkfield.example")
    html = f'<p>Write to <a href="/cdn-cgi/l/email-protection#{code}"><span class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</span></a> now.</p>'  # fmt: skip
    assert "Write to [dpo@larkfield.example](mailto:dpo@larkfield.example) now." in read(site(html)).text


BESIDE = {
    "a title in a box": ("<div><div><h2>About this policy</h2></div></div>", True),
    "a document's name": ("<div><span>Privacy policy</span></div>", True),
    "an introduction": ("<div><p>This page tells, in plain words, what we do with your data.</p></div>", True),
    "words of a site": ("<div><span>Best maps ever</span></div>", False),
    "a form": ("<div><p>Tell us where you walk, and we send a map.</p><input type='text'></div>", False),
    "a menu of links": (
        "<div><a href='/a'>Summer walks in the Alps.</a><a href='/b'>Winter walks in Norway.</a></div>",
        False,
    ),
}


@pytest.mark.parametrize(("block", "kept"), BESIDE.values(), ids=BESIDE)
def test_blocks_above_the_text_are_judged_one_by_one(read: Read, policy: str, block: str, kept: bool) -> None:
    page = f"<html><body><div>{block}<div><div>{policy}</div></div></div></body></html>"
    plain = read(f"<html><body><div><div><div>{policy}</div></div></div></body></html>").text
    assert (read(page).text != plain) is kept


def test_a_foot_line_and_a_menu_inside_the_text_go(read: Read, policy: str) -> None:
    menu = "<div><a href='/a'>Alps</a> <a href='/b'>Andes</a> <a href='/c'>Atlas</a></div>"
    page = f"<html><body>{menu}{policy}<p>© 2026 Larkfield. All rights reserved.</p></body></html>"
    assert read(page).text == read(f"<html><body>{policy}</body></html>").text


def test_a_table_with_headings_in_its_cells_is_no_table(read: Read, site: Site) -> None:
    cells = "<tr><td><h2>Left</h2><p>We collect data.</p></td><td><h2>Right</h2><p>We keep it.</p></td></tr>"
    assert read(site(f"<table>{cells}</table>")).text == "## Left\n\nWe collect data.\n\n## Right\n\nWe keep it.\n"


def test_a_consent_banner_with_input_buttons_goes(read: Read, site: Site) -> None:
    banner = "<div><p>We set cookies.</p><form><input type='submit' value='Accept all'></form></div>"
    assert read(site(before=banner)).text == read(site()).text


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        ("<p>Some of our walkers asked how long a route is kept when its owner is gone. We keep it for thirty days, and after that nobody of us can bring it back, not even on request, and not even for a fee.</p>", True),
        ("<p>A short word of ours. See you!</p>", False),
        ("<div>Back to top</div>", False),
        ("<div class='related'><p>Some of our walkers asked how to draw a summit. We wrote it down for all, with many drawings, in the winter magazine that comes with every map, and here is how it begins.</p></div>", False),
        ("<p>© 2026 Larkfield Maps Ltd., of the valley and of the ridge, with many thanks to all who drew, who walked, and who wrote to us over the long winters. All rights reserved.</p>", False),
    ],
    ids=["prose", "a few words", "a widget", "named as something else", "a foot line"],
)  # fmt: skip
def test_blocks_below_the_text_are_judged_one_by_one(read: Read, policy: str, block: str, kept: bool) -> None:
    page = f"<html><body><div><div><div>{policy}</div></div>{block}</div></body></html>"
    plain = read(f"<html><body><div><div><div>{policy}</div></div></div></body></html>").text
    assert (read(page).text != plain) is kept


@pytest.mark.parametrize("wrapper", ["<div>", "<div><p></p>"], ids=["alone", "beside an empty paragraph"])
def test_a_text_many_boxes_deep_is_found(read: Read, policy: str, wrapper: str) -> None:
    page = f"<html><body>{wrapper * 230}{policy}{'</div>' * 230}</body></html>"
    assert FIRST in read(page).text
    assert LAST in read(page).text


def test_a_date_beside_the_article_among_many_other_words_is_not_the_texts(read: Read, site: Site) -> None:
    other = "Our shop was last updated on 9 June 2025. " + "It has maps for all who walk, and for all who ride. " * 6
    assert str(read(site(before=f"<div>{other}</div>")).dates.updated) == "2026-03-03"


@pytest.mark.parametrize(
    "control",
    [
        "<button>Print <select><option>large</option></select></button>",
        "<button>Print<button>Print</button></button>",
        "<p><a href='#top'>Back to top</a></p>",
        "<aside><p>Please tell us where you walk, and we will send you a map of it. It is free for all who ask.</p><form><input></form></aside>",
        "<nav><a href='/a'>Alps</a></nav>",
        "<a class='breadcrumb' href='/x'>Home</a>",
    ],
)
def test_controls_within_the_text_go(read: Read, site: Site, policy: str, control: str) -> None:
    assert read(site(f"{policy}{control}")).text == read(site()).text


def test_a_table_with_a_head_and_many_cells_is_a_table_whatever_its_cells_hold(read: Read, site: Site) -> None:
    rows = "<tr><th>Data</th><th>Purpose</th></tr><tr><td><h3>Routes</h3>by foot</td><td>Your history</td></tr>"
    assert read(site(f"<table>{rows}</table>")).text.endswith("| Routes<br>by foot | Your history |\n")


def test_a_hidden_address_that_cannot_be_read_stays_as_it_is(read: Read, site: Site, policy: str) -> None:
    text = read(site(f"{policy}<p>Write to <span data-cfemail='zz'>[email&#160;protected]</span> now.</p>")).text
    assert "Write to [email protected] now." in text


def test_a_range_of_headings_without_an_end_runs_to_the_end(read: Read, site: Site) -> None:
    text = read(site(), headings=HeadingRange("Who receives it")).text
    assert text.startswith("## Who receives it\n")
    assert LAST in text
