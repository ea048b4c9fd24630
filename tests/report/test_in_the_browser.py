"""The report as people use it, in headless Chromium, opened by a double click."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from chromium import AXE, chromium, violations
from report import hostile, made, pages_made
from report.kept import FIRST, PARLEY, RIVAL, SECOND, THIRD, Kept, open_kept

from monitor.report import paths
from monitor.report.environment import static

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
MODULES = Path(os.environ.get("MONITOR_NODE_MODULES", AXE.parent.parent))
WIDTHS = (360, 800, 1440)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A published site of two vendors, and one page of every kind with all there is to show."""
    kept = open_kept(tmp_path_factory.mktemp("browser"))
    long = THIRD.replace("## Who", "".join(f"Sentence {n} stays as it is.\n\n" for n in range(40)) + "## Who")
    kept.see(PARLEY, FIRST, days=0)
    kept.see(RIVAL, FIRST.replace("Parley", "Rival"), days=0.1)
    kept.see(PARLEY, SECOND, days=3)
    kept.see(PARLEY, long, days=5)
    kept.see(PARLEY, long.replace("365 days", "10 days"), days=5)
    kept.publish()
    for path, page in pages_made.everything().items():
        kept.site.write(f"made/{path}", page)
    for name in ("style.css", "site.js"):
        kept.site.write(f"made/{name}", static(name))
    yield kept
    kept.archive.close()


class Tab:
    """One page with what it asked for and said."""

    def __init__(self, browser: Any, *, width: int = 1440, scheme: str = "light", script: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, bypass_csp=False
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Any) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def open(self, site: Kept, path: str, fragment: str = "") -> Any:
        self.page.goto((site.site.path / path).as_uri() + fragment)
        return self.page


def html(site: Kept) -> list[str]:
    """One page of every kind."""
    return [path for path in site.site.paths() if path.endswith(".html") and path.startswith("made/")]


def test_no_request_leaves_any_page_and_nothing_is_blocked_or_broken(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        for path in (*html(site), "index.html", paths.vendor("rival")):
            tab.open(site, path)
        assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []
        assert tab.said == []


def test_pages_fit_every_width_in_light_and_dark(browser: Any, site: Kept) -> None:
    for width in WIDTHS:
        with Tab(browser, width=width, scheme="dark" if width == 800 else "light") as tab:
            for path in html(site):
                page = tab.open(site, path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def sideways(page: Any) -> list[str]:
    """The tables that are wider than their place, and what stands in them beyond its edge."""
    return page.evaluate(  # type: ignore[no-any-return]
        "Array.from(document.querySelectorAll('table.stack')).map(t => t.parentElement)"
        ".filter(box => box.scrollWidth > box.clientWidth).map(box => box.getAttribute('aria-label'))"
    )


def test_on_a_phone_every_row_of_a_table_is_read_without_scrolling_sideways(browser: Any, site: Kept) -> None:
    seen = set()
    with Tab(browser, width=360) as tab:
        for path in html(site):
            page = tab.open(site, path)
            assert sideways(page) == [], path
            seen |= set(page.locator("table.stack").evaluate_all("all => all.map(t => t.parentElement.ariaLabel)"))
            for narrow in page.locator("table.stack td").evaluate_all("all => all.map(e => e.clientWidth)"):
                assert narrow == 0 or narrow > 200, path
        shown = {"Documents", "Vendors", "Timeline as a table", "Versions", "Provenance", "The texts"}
        assert shown <= seen
        page = tab.open(site, "made/watch.html")
        assert "Last seen: " in page.locator("#documents td").nth(2).evaluate(
            "e => getComputedStyle(e, '::before').content.replaceAll('\"', '')"
        ) + "Last seen: " * (page.locator("#documents td").nth(2).get_attribute("data-of") == "Last seen")
        page.fill("#find", "failing")
        assert visible(page, "#documents tbody tr") == 1
    with Tab(browser, width=1440) as tab:
        page = tab.open(site, "made/watch.html")
        assert visible(page, "#documents thead th") == 5


def test_the_words_in_a_drawing_can_be_read_at_every_width(browser: Any, site: Kept) -> None:
    for width in WIDTHS:
        with Tab(browser, width=width) as tab:
            page = tab.open(site, "made/" + paths.vendor("parley"))
            least = page.locator(".tl > text").filter(visible=True).evaluate_all(
                "all => Math.min(...all.map(e => parseFloat(getComputedStyle(e).fontSize) * e.getCTM().a))"
            )
            assert least >= 9, width


def test_a_drawing_wider_than_the_screen_begins_at_its_end(browser: Any, site: Kept) -> None:
    with Tab(browser, width=360) as tab:
        for path in ("made/index.html", "made/" + paths.vendor("parley")):
            page = tab.open(site, path)
            box = page.locator(".scroll:has(> svg)").first
            left, wide, seen = box.evaluate("e => [e.scrollLeft, e.scrollWidth, e.clientWidth]")
            assert wide > seen
            assert left == wide - seen
        names = page.locator(".tl .lane.far").filter(visible=True)
        assert names.count() >= 1
        for name in names.all():
            box = name.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
    with Tab(browser, width=1440) as tab:
        assert visible(tab.open(site, "made/" + paths.vendor("parley")), ".tl .lane.far") == 0


def test_axe_finds_nothing(browser: Any, site: Kept) -> None:
    everything = html(site)
    shown = ["made/index.html", "made/" + paths.change(made.change()), "made/" + paths.vendor("parley")]
    for width, scheme, some in ((1440, "light", everything), (360, "dark", shown)):
        with Tab(browser, width=width, scheme=scheme) as tab:
            for path in some:
                page = tab.open(site, path)
                assert violations(page) == [], (path, width, scheme)


def test_pages_are_valid_html(site: Kept, tmp_path: Path) -> None:
    checker = MODULES / "html-validate" / "bin" / "html-validate.mjs"
    if not checker.is_file() or not shutil.which("node"):
        pytest.skip("html-validate is not installed (npm install --prefix .cache html-validate)")
    rules = tmp_path / ".htmlvalidate.json"
    rules.write_text('{"extends": ["html-validate:standard"], "root": true}')
    pages = [str(site.site.path / path) for path in html(site)]
    command = ["node", str(checker), "--config", str(rules), "--formatter", "json", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = {message["message"] for result in json.loads(done.stdout or "[]") for message in result["messages"]}
    assert told == set(), done.stderr
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><html><p><div></p>")
    assert subprocess.run([*command[:6], str(broken)], capture_output=True, check=False).returncode != 0


def visible(page: Any, selector: str) -> int:
    return int(page.locator(selector).filter(visible=True).count())


def test_without_scripts_everything_is_there_and_no_dead_control(browser: Any, site: Kept) -> None:
    with Tab(browser, script=False) as tab:
        page = tab.open(site, "index.html")
        assert visible(page, ".change") >= 3
        assert visible(page, "#narrow") == visible(page, "#search") == 0
        page = tab.open(site, paths.change(site.archive.changes(PARLEY)[1]))
        assert visible(page, ".row") >= 1
        assert visible(page, ".tools") == visible(page, ".only-js") == 0
        page.locator(".fold summary").first.click()
        assert visible(page, ".fold p") > 0


def test_filters_narrow_the_list_and_the_address_keeps_them(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, "made/index.html")
        page.click("#narrow summary")
        everything = visible(page, ".change")
        page.select_option("#fd", "worse")
        worse = visible(page, ".change")
        assert 0 < worse < everything
        assert set(page.locator(".change").filter(visible=True).evaluate_all("all => all.map(e => e.dataset.d)")) == {
            "worse"
        }
        assert page.inner_text("#count") == f"{worse} of {everything} shown"
        page.select_option("#fs", "high")
        narrow = visible(page, ".change")
        assert narrow <= worse
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        assert visible(page, ".change") == narrow
        assert page.input_value("#fd") == "worse"
        page.click("text=Show all")
        page.wait_for_timeout(100)
        assert visible(page, ".change") == everything


@pytest.mark.parametrize(
    ("field", "value"), [("#fv", "parley"), ("#ft", "meetings"), ("#ff", "share"), ("#fa", "2026-03-01"), ("#fb", "2026-02-01")]
)  # fmt: skip
def test_every_filter_does_what_it_says(browser: Any, site: Kept, field: str, value: str) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, "made/index.html")
        page.click("#narrow summary")
        page.select_option(field, value) if field in {"#fv", "#ft", "#ff"} else page.fill(field, value)
        shown = page.locator(".change").filter(visible=True).evaluate_all("all => all.map(e => ({...e.dataset}))")
        assert shown
        for data in shown:
            match field:
                case "#fv":
                    assert data["v"] == value
                case "#ft":
                    assert value in data["t"].split()
                case "#ff":
                    assert value in data["f"].split()
                case "#fa":
                    assert data["on"] >= value
                case _:
                    assert data["on"] <= value


def test_search_finds_clauses_of_all_versions_and_links_to_their_place(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, "index.html")
        page.fill("#q", "sharing with ADVERTISER")
        page.wait_for_selector("#hits li")
        told = page.inner_text("#hits")
        assert "We do not share your data with advertisers." in told
        assert "gone: in versions of 2026-03-29 to 2026-04-01" in told
        assert "Rival & Sons, privacy policy" in told
        assert page.locator("#hits mark").count() > 2
        page.locator("#hits a").first.click()
        target = page.evaluate("location.hash.slice(1)")
        assert "advertisers" in page.inner_text(f"#{target}")
        assert tab.said == []


def test_search_says_when_nothing_holds_all_words(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, "index.html")
        page.fill("#q", "zeppelin")
        page.locator("#hits", has_text="No clause of any version holds all these words.").wait_for()


def test_the_browser_and_the_index_reduce_words_alike(browser: Any, site: Kept) -> None:
    from monitor.report.search import bloom, index_script, stems

    words = (
        "Selling",
        "déjà-vu",
        "ﬁle",
        "İstanbul",
        "straße",
        "日本",
        "Ωμέγα",
        "news'",
        "buses",
        "aa_bb",
        "30days",
        "naïve",
    )
    row = json.dumps(
        ["k", "t", "f", "../search/parley/privacy-policy.js", bloom(s for word in words for s in stems(word))]
    )
    site.site.write("made/search/index.js", index_script([row]))
    with Tab(browser) as tab:
        page = tab.open(site, "made/index.html")
        for word in words:
            page.fill("#q", word)
            page.wait_for_timeout(350)
            asked = [url for url in tab.requests if "search/parley" in url]
            assert asked, f"{word}: the index was read as not holding it"
            tab.requests.clear()
            page = tab.open(site, "made/index.html")


def test_keys_walk_through_the_changes_and_unfold_what_is_folded(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, paths.change(site.archive.changes(PARLEY)[1]))
        rows = page.locator(".row").evaluate_all("all => all.map(e => e.id)")
        assert len(rows) > 2
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == rows[1]
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.id") == rows[0]
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.id") == rows[0], "there is nothing before the first"
        closed = page.locator("details.fold:not([open])").count()
        page.keyboard.press("e")
        assert closed > 0
        assert page.locator("details.fold:not([open])").count() == 0
        page.click("text=Next change")
        assert page.evaluate("document.activeElement.id") == rows[1]


def test_a_link_to_a_clause_shows_it_even_inside_folded_text(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        path = paths.change(site.archive.changes(PARLEY)[1])
        page = tab.open(site, path)
        target = page.locator(".fold p").nth(1)
        target.evaluate("e => { e.id = 'a-folded'; location.hash = '#a-folded'; }")
        page.locator("#a-folded").wait_for(state="visible")
        name = page.locator(".row").last.get_attribute("id")
        page = tab.open(site, path, f"#{name}")
        assert page.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top < innerHeight")


def test_a_quotation_leads_to_its_place(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, "made/" + paths.change(made.change()))
        page.locator(".finding .place a").first.click()
        target = page.evaluate("location.hash.slice(1)")
        assert "the town you join from" in page.inner_text(f"#{target}")


def test_a_comparison_stands_side_by_side_when_there_is_room_and_inline_when_not(browser: Any, site: Kept) -> None:
    path = "made/" + paths.change(made.change())
    with Tab(browser, width=1440) as tab:
        page = tab.open(site, path)
        left, right = (page.locator(f".row.reworded > .{side}").bounding_box() for side in "ba")
        assert left["x"] + left["width"] <= right["x"]
        assert left["y"] == right["y"]
        assert visible(page, ".row.reworded > .i") == 0
    with Tab(browser, width=360) as tab:
        page = tab.open(site, path)
        assert visible(page, ".row.reworded > .a") == visible(page, ".row.reworded > .b") == 0
        inline = page.inner_text(".row.reworded > .i")
        assert inline.startswith("We keep your name and address for as long as you have an")
        assert "ninety days" in inline


def test_printing_gives_a_pdf_without_controls_and_side_by_side(browser: Any, site: Kept) -> None:
    with Tab(browser) as tab:
        page = tab.open(site, "made/" + paths.change(made.change()))
        page.emulate_media(media="print")
        assert visible(page, ".tools") == visible(page, ".top nav") == visible(page, ".pager a") == 0
        assert visible(page, ".only-js") == 0, "paper has no keys"
        assert visible(page, ".row.reworded > .b") == visible(page, ".row.reworded > .a") == 1
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        grave = "getComputedStyle(document.querySelector('.sev.s-high'))"
        assert page.evaluate(f"{grave}.color") == "rgb(0, 0, 0)", "printers leave grounds out: no white words on them"
        pdf = page.pdf(format="A4")
        assert pdf.startswith(b"%PDF")
        assert 2 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page>") <= 6


def test_hostile_text_runs_nothing_and_asks_for_nothing(browser: Any, site: Kept) -> None:
    text = " ".join(hostile.payloads())
    pages = pages_made.everything(hostile.poisoned(made.frame(), text), hostile.poisoned(made.change_view(), text))
    with Tab(browser) as tab:
        tab.page.add_init_script("window.hit = () => { throw new Error('hit') }")
        for path, content in pages.items():
            site.site.write(f"made/hostile/{path}", content)
        for name in ("style.css", "site.js"):
            site.site.write(f"made/hostile/{name}", static(name))
        for path in pages:
            page = tab.open(site, f"made/hostile/{path}")
            assert page.title() != "hit"
            assert page.evaluate("typeof window.hit") == "function"
            page.locator("body").hover()
        assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []
        assert tab.said == []
    for path in pages:
        site.site.remove(f"made/hostile/{path}")


def test_the_check_for_hostile_text_would_notice_a_script(browser: Any, site: Kept) -> None:
    site.site.write("made/bad.html", b"<!doctype html><title>x</title><img src=x onerror=alert(1)>")
    with Tab(browser) as tab:
        page = tab.open(site, "made/bad.html")
        page.wait_for_timeout(200)
        assert any(said.startswith("dialog") for said in tab.said)
    site.site.remove("made/bad.html")
