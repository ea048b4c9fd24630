from __future__ import annotations

import pytest
from timing import least

from monitor.discover import find_parts, from_links, from_sitemap, guess_kind, name_vendor, well_known
from monitor.discover.words import fold, words
from monitor.watchlist.parse import KINDS
from monitor.watchlist.values import identifier

BASE = "https://www.larkspur.example/"


def page(*anchors: str) -> str:
    return "<html><body><nav>" + "\n".join(anchors) + "</nav></body></html>"


def first(*anchors: str, kind: str = "privacy-policy") -> str:
    found = from_links(page(*anchors), BASE, kind)
    return found[0].url if found else ""


NOISE = (
    '<a href="/">Home</a>',
    '<a href="/blog/privacy-week">Our privacy week</a>',
    '<a href="/privacy-choices">Your privacy choices</a>',
    '<a href="/careers/privacy-policy">Applicant privacy policy</a>',
    '<a href="/cookies">Cookie policy</a>',
    '<a href="/terms">Terms of service</a>',
    '<a href="/legal/privacy/california">California privacy notice</a>',
    '<a href="mailto:privacy@larkspur.example">privacy</a>',
    '<a href="javascript:openPrivacy()">Privacy policy</a>',
)


@pytest.mark.parametrize(
    ("anchor", "url"),
    [
        ('<a href="/privacy">Privacy Policy</a>', f"{BASE}privacy"),
        ("<a class=x href=/p/12 >Privacy  notice</a>", f"{BASE}p/12"),
        ("<a href='legal/privacy?utm_source=home#top'><span>Privacy</span></a>", f"{BASE}legal/privacy"),
        ("<a href='/#/privacy'>Privacy policy</a>", f"{BASE}#/privacy"),
        ('<A HREF="https://group.example/privacy-statement"><svg></svg></A>', "https://group.example/privacy-statement"),
        ('<a href="/x" title="Privacy policy"><img src="a.png"></a>', f"{BASE}x"),
        ('<a href="/datenschutz">Datenschutzerkl&auml;rung</a>', f"{BASE}datenschutz"),
        ('<a href="/confidentialite">Politique de confidentialité</a>', f"{BASE}confidentialite"),
        ('<a href="//cdn.larkspur.example/PrivacyPolicy.aspx">Read</a>', "https://cdn.larkspur.example/PrivacyPolicy.aspx"),
        ('<a href="/a&amp;b">Privacy &amp; Cookies Policy</a>', f"{BASE}a&b"),
    ],
)  # fmt: skip
def test_the_link_to_the_policy_comes_first_among_links_that_only_sound_like_it(anchor: str, url: str) -> None:
    assert first(*NOISE, anchor, *NOISE) == url


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("terms", "terms"),
        ("cookies", "cookies"),
        ("subprocessors", "trust/sub-processors"),
        ("press-rules", "rules/press-rules"),
    ],
)
def test_other_kinds_of_document_are_found_by_their_own_words(kind: str, path: str) -> None:
    more = ('<a href="/trust/sub-processors">Sub-processors</a>', '<a href="/rules/press-rules">Press rules</a>')
    anchors = (*NOISE, *more, '<a href="/privacy">Privacy policy</a>')
    assert first(*anchors, kind=kind) == f"{BASE}{path}"


def test_a_page_of_legal_texts_is_a_last_resort_and_known_as_such() -> None:
    found = from_links(page('<a href="/legal">Legal</a>', '<a href="/privacy">Privacy</a>'), BASE, "privacy-policy")
    assert [(one.url, one.hub) for one in found] == [(f"{BASE}privacy", False), (f"{BASE}legal", True)]


def test_the_same_address_is_offered_once_with_its_best_reason() -> None:
    anchors = [
        '<a href="/privacy?utm_medium=x">here</a>',
        '<a href="/privacy">Privacy policy</a>',
        '<a href="/privacy#a">Privacy</a>',
    ]
    found = from_links(page(*anchors), BASE, "privacy-policy")
    assert len(found) == 1
    assert found[0].why == "linked as 'Privacy policy'"


@pytest.mark.parametrize(
    "href",
    ["file:///etc/passwd", "data:text/html,privacy", "https://user:pw@x.example/privacy-policy", "http://[privacy-policy", "https://127.1/privacy-policy"],
)  # fmt: skip
def test_what_the_watchlist_would_refuse_is_not_offered(href: str) -> None:
    assert first(f'<a href="{href}">Privacy policy</a>') == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "<a " * 1_000_000,
        "<a href=" + "x" * 3_000_000,
        "<a href='" * 300_000,
        "<a href='/privacy'>" + "<b>" * 800_000,
        "<a href='/privacy'>" * 200_000,
        "<a x>" + "<" * 3_000_000,
        "<loc>" * 800_000,
        "<meta " * 500_000 + "property=og:site_name",
        "<a href='/privacy'>" + " " * 3_000_000 + "</a>",
    ],
    ids=["open", "long", "quote", "nested", "many", "angles", "loc", "meta", "spaces"],
)
def test_hostile_pages_take_linear_time(hostile: str) -> None:
    def work() -> None:
        from_links(hostile, BASE, "privacy-policy")
        from_sitemap(hostile, BASE, "privacy-policy")
        name_vendor(BASE, hostile)

    assert least(work, 2.5) < 2.5


def test_a_sitemap_offers_addresses_that_say_what_they_are() -> None:
    sitemap = (
        "<urlset><url><loc>\n https://www.larkspur.example/shop/1 </loc></url>"
        "<url><loc>https://www.larkspur.example/legal/privacy-policy?a=1&amp;b=2</loc></url></urlset>"
    )
    found, more = from_sitemap(sitemap, BASE, "privacy-policy")
    assert [one.url for one in found] == ["https://www.larkspur.example/legal/privacy-policy?a=1&b=2"]
    assert more == ()


def test_an_index_of_sitemaps_offers_those_of_pages_only() -> None:
    index = "<sitemapindex>" + "".join(
        f"<sitemap><loc>https://www.larkspur.example/sitemap_{part}.xml</loc></sitemap>"
        for part in ("products_1", "products_2", "pages_1", "page", "legal", "blog")
    )
    found, more = from_sitemap(index, BASE, "privacy-policy")
    assert found == ()
    assert [place.rpartition("_")[2] for place in more] == ["page.xml", "legal.xml"]


def test_usual_places_are_on_the_host_of_the_page() -> None:
    places = [one.url for one in well_known("https://larkspur.example/shop/?x", "privacy-policy")]
    assert places[0] == "https://larkspur.example/privacy"
    assert all(place.startswith("https://larkspur.example/") for place in places)
    assert [one.url for one in well_known(BASE, "press-rules")] == [f"{BASE}press-rules", f"{BASE}legal/press-rules"]


@pytest.mark.parametrize(
    ("heading", "address", "kind"),
    [
        ("Larkspur Privacy Policy", "", "privacy-policy"),
        ("Terms of Service", "https://x.example/privacy-policy", "terms"),
        ("Welcome", "https://x.example/legal/cookie-policy", "cookies"),
        ("Children’s privacy policy", "", "childrens-privacy"),
        ("Data Processing Addendum", "", "data-processing"),
        ("Datenschutzerklärung", "", "privacy-policy"),
        ("About us", "https://x.example/about", ""),
    ],
)
def test_the_kind_is_read_from_the_heading_then_from_the_address(heading: str, address: str, kind: str) -> None:
    assert guess_kind(heading, address) == kind


WORDS = "We tell here at length what we do and what we do not do with what you give us. " * 12


def test_documents_that_share_a_page_are_cut_out_by_their_headings() -> None:
    text = f"# Legal\n\n{WORDS}\n\n## Terms of Service\n\n{WORDS}\n\n### Privacy\n\n{WORDS}\n\n## Larkspur Privacy Policy\n\n{WORDS}\n\n### Cookies\n\n{WORDS}\n\n## Cookie Policy\n\n{WORDS}\n"
    parts = find_parts(text)
    assert [(part.kind, part.range.start, part.range.until) for part in parts] == [
        ("terms", "Terms of Service", "Larkspur Privacy Policy"),
        ("privacy-policy", "Larkspur Privacy Policy", "Cookie Policy"),
        ("cookies", "Cookie Policy", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"# Privacy Policy\n\n{WORDS}\n\n## Cookie Policy\n\n{WORDS}\n",
        f"# Privacy Policy\n\n{WORDS}\n\n# Privacy Notice for California\n\n{WORDS}\n",
        f"# Privacy Policy\n\n{WORDS}\n\n# Cookie Policy\n\nSee there.\n",
        f"# Privacy Policy\n\n{WORDS}\n\n# Changes to our cookie policy\n\n{WORDS}\n",
        f"# Privacy Policy\n\n{WORDS}\n\n# How our terms of service and this policy fit together\n\n{WORDS}\n",
        "no headings at all",
        "",
    ],
    ids=["inner", "one kind", "mention", "changes", "sentence", "plain", "empty"],
)
def test_a_policy_that_mentions_other_documents_is_one_document(text: str) -> None:
    assert find_parts(text) == ()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.larkspur.example/privacy", ("larkspur", "Larkspur")),
        ("https://legal.larkspur.co.uk/", ("larkspur", "Larkspur")),
        ("https://help.blue-bell.com.au/x", ("blue-bell", "Blue Bell")),
        ("https://bücher.example/", ("bucher", "Bücher")),
        ("https://privacy.com/", ("privacy", "Privacy")),
        ("http://127.0.0.1:8080/", ("127-0-0-1", "127.0.0.1")),
        ("http://localhost/", ("localhost", "Localhost")),
        ("https://con.example/", ("con-1", "Con")),
    ],
)
def test_a_vendor_gets_an_id_and_a_name_from_its_address(address: str, name: tuple[str, str]) -> None:
    assert name_vendor(address) == name
    assert identifier(name[0]) == name[0]


def test_what_a_site_calls_itself_is_the_better_name() -> None:
    html = '<head><meta content="x"><meta property="og:site_name" content="Larkspur &amp; Sons"></head>'
    assert name_vendor(BASE, html) == ("larkspur", "Larkspur & Sons")
    assert name_vendor(BASE, html.replace("Larkspur &amp; Sons", "a&#8238;b"))[1] == "Larkspur"
    assert name_vendor(BASE, "<meta content='Bell' property=og:site_name>")[1] == "Bell"


def test_the_words_are_written_in_the_form_that_is_compared() -> None:
    known = words()
    phrases = [*known.hub, *known.away, *known.sitemap_part]
    phrases += [phrase for kind in known.kinds.values() for phrase in (*kind.name, *kind.hint)]
    assert [phrase for phrase in phrases if fold(phrase) != phrase] == []
    assert all(path.startswith("/") for kind in known.kinds.values() for path in kind.path)
    assert set(known.kinds) <= set(KINDS)
