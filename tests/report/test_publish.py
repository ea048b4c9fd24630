"""The site made from a real archive: all of it, or only what a change touches."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from report.kept import FIRST, PARLEY, RIVAL, SECOND, TERMS, THIRD, Kept, extraction
from report.outline import outline

from monitor.meaning import assess
from monitor.model import Event, PinnedPromise, Watchlist
from monitor.ports import Relabelled
from monitor.publish import newsletter
from monitor.publish.forgetting import REMEMBERED
from monitor.report import paths
from monitor.report.environment import makers_digest


def changed(kept: Kept, before: dict[str, bytes]) -> set[str]:
    return {path for path in kept.site.paths() if kept.site.read(path) != before.get(path)}


def files(kept: Kept) -> dict[str, bytes]:
    return {path: kept.site.read(path) or b"" for path in kept.site.paths()}


def test_every_document_version_and_change_has_its_page(two_vendors: Kept) -> None:
    two_vendors.publish()
    there = set(two_vendors.site.paths())
    for key in (PARLEY, RIVAL):
        assert paths.document(key) in there
        for version in two_vendors.archive.versions(key):
            assert paths.version(version) in there
        for change in two_vendors.archive.changes(key):
            assert paths.change(change) in there
    assert paths.document(TERMS) in there, "a document without history has a page that says so"
    assert {"index.html", "vendors.html", "watch.html", "topics.html", "months.html", "style.css", "site.js"} <= there


def test_every_link_of_every_page_leads_to_a_page_and_a_place_on_it(two_vendors: Kept) -> None:
    two_vendors.publish()
    ids = {path: set(outline(page).ids()) for path, page in files(two_vendors).items() if path.endswith(".html")}
    for path in ids:
        for link in outline(two_vendors.site.read(path) or b"").links():
            if link.startswith("https://"):
                continue
            target, _, place = link.partition("#")
            page = str((Path("/") / path).parent.joinpath(target).resolve().relative_to("/")) if target else path
            assert two_vendors.site.read(page) is not None, f"{path} → {link}"
            assert not place or place in ids.get(page, set()), f"{path} → {link}"


def test_a_publication_leaves_nothing_of_the_texts_in_memory(two_vendors: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    two_vendors.publish()
    assert [cached.cache_info().currsize for cached in REMEMBERED] == [0] * len(REMEMBERED)
    monkeypatch.setattr("monitor.publish.forget", lambda: None)  # the negative control
    two_vendors.publish()
    assert any(cached.cache_info().currsize for cached in REMEMBERED)


def test_publishing_again_writes_nothing_but_what_tells_the_time(two_vendors: Kept) -> None:
    two_vendors.publish()
    again = two_vendors.publish()
    assert again.written == 0
    assert again.removed == 0


def test_a_touched_document_renders_only_the_pages_it_touches(two_vendors: Kept) -> None:
    two_vendors.publish()
    before = files(two_vendors)
    older = paths.change(two_vendors.archive.changes(PARLEY)[0])
    two_vendors.see(PARLEY, FIRST, kind="withdrawal")
    two_vendors.publish(PARLEY)
    touched = changed(two_vendors, before)
    assert paths.change(two_vendors.archive.changes(PARLEY)[-1]) in touched
    assert older not in touched
    assert not {path for path in touched if "rival" in path}
    assert {"index.html", "watch.html", "vendors.html", paths.vendor("parley"), paths.document(PARLEY)} <= touched


def test_incremental_and_whole_publishing_give_the_same_site(two_vendors: Kept, tmp_path: Path) -> None:
    two_vendors.publish()
    two_vendors.see(PARLEY, SECOND)
    two_vendors.publish(PARLEY)
    step_by_step = files(two_vendors)
    two_vendors.publish()
    whole = files(two_vendors)
    head = re.compile(rb"[0-9a-f]{64}|<time[^>]*>[^<]*</time>|\d+ (?:minute|hour|day|week|month)s?")
    assert set(step_by_step) == set(whole)
    for path, page in whole.items():
        if "/rival" not in path:  # its pages were written before and print the head of that time
            assert head.sub(b"", page) == head.sub(b"", step_by_step[path]), path


def test_a_pass_that_found_nothing_new_brings_only_the_state_of_the_watch_up_to_date(two_vendors: Kept) -> None:
    two_vendors.publish()
    before = files(two_vendors)
    two_vendors.miss(PARLEY, "unchanged")
    two_vendors.refresh()
    assert changed(two_vendors, before) == {"index.html", "watch.html", "vendors.html"}


def test_the_first_publishing_makes_the_whole_site_whatever_was_touched(two_vendors: Kept) -> None:
    two_vendors.publish(PARLEY)
    assert two_vendors.site.read(paths.document(RIVAL)) is not None


def test_a_site_that_another_program_made_is_made_anew(two_vendors: Kept) -> None:
    two_vendors.publish()
    index, other = two_vendors.page("index.html"), paths.document(RIVAL)
    two_vendors.site.write("index.html", index.replace(makers_digest(), "0123456789ab").encode())
    two_vendors.site.write(other, b"as an older program made it")
    two_vendors.refresh()
    assert "Rival" in two_vendors.page(other)


def test_the_page_after_a_change_links_to_its_neighbours(two_vendors: Kept) -> None:
    two_vendors.publish()
    first, second = two_vendors.archive.changes(PARLEY)
    assert f'rel="next" href="../../../{paths.change(second)}"' in two_vendors.page(paths.change(first))
    assert f'rel="prev" href="../../../{paths.change(first)}"' in two_vendors.page(paths.change(second))


def test_a_review_reaches_the_page_of_an_older_change(two_vendors: Kept) -> None:
    two_vendors.publish()
    first = two_vendors.archive.changes(PARLEY)[0]
    two_vendors.archive.review(first.id, state="noted", who="Anna", why="we wrote to them", at=two_vendors.clock.now())
    two_vendors.publish(PARLEY)
    assert "noted by Anna: we wrote to them" in two_vendors.page(paths.change(first))
    assert "✎ noted by Anna" in two_vendors.page("index.html")


def test_a_note_stands_on_the_vendors_timeline(two_vendors: Kept) -> None:
    two_vendors.archive.note("parley", "2026-04-01", "they blogged about it", at=two_vendors.clock.now())
    two_vendors.publish(PARLEY)
    assert "they blogged about it" in two_vendors.page(paths.vendor("parley"))


def test_a_correction_stands_on_the_page_of_its_change(two_vendors: Kept) -> None:
    change = two_vendors.archive.changes(PARLEY)[0]
    event = Event(
        "correction", two_vendors.clock.now(), key=PARLEY, summary="It had been there before.", change=change.id
    )
    two_vendors.publish()
    two_vendors.archive.announce([event], lambda _event, _subscriptions: ())
    two_vendors.publish(PARLEY)
    assert "It had been there before." in two_vendors.page(paths.change(change))


def test_the_same_new_wording_at_two_vendors_is_found(two_vendors: Kept) -> None:
    two_vendors.publish()
    month = two_vendors.page(paths.month("2026-04"))
    assert "The same new wording at several vendors" in month
    assert "advertisers who show you what they think you want" in month
    assert "<bdi>Rival &amp; Sons</bdi>, privacy policy" in month


def test_exceptions_of_the_operator_are_printed_on_every_page(two_vendors: Kept) -> None:
    two_vendors.publish()
    for path, page in files(two_vendors).items():
        if path.endswith(".html"):
            text = outline(page).text
            assert "10.0.0.0/8" in text
            assert "requests to one host may follow each other after 1" in text
            assert "parley/terms: “they said we may”" in text
            assert two_vendors.archive.head() in text


def test_a_damaged_text_leaves_out_its_pages_and_nothing_else(two_vendors: Kept) -> None:
    victim = two_vendors.archive.versions(PARLEY)[0]
    path = two_vendors.folder / "snapshots" / victim.path
    path.chmod(0o644)
    path.write_text(path.read_text().replace("Parley", "Parlay"))
    done = two_vendors.publish()
    assert len(done.damaged) == 1
    assert victim.path in done.damaged[0]
    first, second = two_vendors.archive.changes(PARLEY)
    assert two_vendors.site.read(paths.change(first)) is None
    assert two_vendors.site.read(paths.change(second)) is not None
    assert two_vendors.site.read(paths.document(RIVAL)) is not None


def test_pages_of_what_is_gone_are_swept_and_other_peoples_files_stay(two_vendors: Kept) -> None:
    two_vendors.publish()
    two_vendors.site.write("vendor/gone.html", b"old")
    two_vendors.site.write("since/2026-01-01.html", b"a newsletter")
    two_vendors.site.write("robots.txt", b"their own")
    assert two_vendors.publish().removed == 1
    assert two_vendors.site.read("vendor/gone.html") is None
    assert two_vendors.site.read("since/2026-01-01.html")
    assert two_vendors.site.read("robots.txt")


def test_permalinks_survive_a_rebuild_that_reads_the_text_differently(two_vendors: Kept) -> None:
    two_vendors.publish()
    change = two_vendors.archive.changes(PARLEY)[1]
    before = set(outline(two_vendors.page(paths.change(change)).encode()).ids())
    version = two_vendors.archive.version(change.after)
    older = two_vendors.archive.version(change.before)
    assert version
    assert older
    old, new = (extraction(text.replace("data", "**data**") + "\nA new last line.\n") for text in (SECOND, THIRD))
    two_vendors.archive.relabel(
        [Relabelled(older, old, None, None), Relabelled(version, new, change.id, assess(old, new))]
    )
    two_vendors.publish()
    after = set(outline(two_vendors.page(paths.change(change)).encode()).ids())
    kept_places = {name for name in before if re.match(r"[ab]-[0-9a-f]{10}$", name)}
    assert kept_places
    assert kept_places <= after


def test_a_lost_search_index_is_made_anew_for_all_documents(two_vendors: Kept) -> None:
    two_vendors.publish()
    index = two_vendors.page(paths.SEARCH_INDEX)
    two_vendors.site.write(paths.SEARCH_INDEX, b"broken")
    two_vendors.publish(PARLEY)
    assert two_vendors.page(paths.SEARCH_INDEX) == index


def test_a_document_that_is_no_longer_declared_keeps_its_pages(two_vendors: Kept) -> None:
    two_vendors.watchlist = Watchlist(two_vendors.watchlist.vendors[:1])
    two_vendors.publish()
    assert "no longer in it; this is its history" in two_vendors.page(paths.document(RIVAL))


def test_a_document_that_is_not_to_be_checked_says_why(two_vendors: Kept) -> None:
    vendor = two_vendors.watchlist.vendors[1]
    paused = replace(vendor.documents[0], paused="their site closed")
    vendors = (two_vendors.watchlist.vendors[0], replace(vendor, documents=(paused,)))
    two_vendors.watchlist = Watchlist(vendors)
    two_vendors.publish()
    text = outline(two_vendors.page(paths.document(RIVAL)).encode()).text
    assert "‖ paused" in text
    assert "their site closed" in text


def test_failures_are_explained_where_people_look(kept: Kept) -> None:
    kept.see(PARLEY, FIRST, days=0)
    kept.miss(PARLEY, "refused", "A bot wall: it asks for a browser check.")
    kept.publish()
    for path in ("index.html", "watch.html", paths.document(PARLEY), paths.vendor("parley")):
        text = outline(kept.page(path).encode()).text
        assert "shows something else" in text, path
        assert "A bot wall: it asks for a browser check." in text, path


def test_a_text_that_waits_to_be_confirmed_is_shown_at_once_and_gone_when_it_is(two_vendors: Kept) -> None:
    two_vendors.publish()
    two_vendors.wait(PARLEY, THIRD.replace("365 days", "ten years"))
    two_vendors.publish(PARLEY)
    text = outline(two_vendors.page(paths.pending(PARLEY)).encode()).text
    assert "We keep your data for ten years after a meeting." in text
    assert "We keep your data for 365 days after a meeting." in text
    assert paths.pending(PARLEY).rpartition("/")[2] in two_vendors.page(paths.document(PARLEY))
    assert "… 1 pending" in outline(two_vendors.page("index.html").encode()).text
    two_vendors.see(PARLEY, THIRD.replace("365 days", "ten years"))
    two_vendors.publish(PARLEY)
    assert two_vendors.site.read(paths.pending(PARLEY)) is None


def test_a_pinned_promise_shows_whether_it_still_stands(two_vendors: Kept) -> None:
    promise = PinnedPromise(PARLEY, "We do not share your data.", "gone", two_vendors.clock.now())
    two_vendors.archive.keep_promises([promise])
    two_vendors.publish()
    text = " ".join(outline(two_vendors.page(paths.document(PARLEY)).encode()).text.split())
    assert "✕ gone since 7 April 2026: We do not share your data." in text


def test_an_empty_installation_has_a_site(kept: Kept) -> None:
    kept.publish()
    assert "No change has been recorded yet." in kept.page("index.html")
    assert "3 documents watched" in kept.page("index.html")


def test_a_newsletter_holds_what_changed_since_a_day_gravest_first(two_vendors: Kept) -> None:
    since = two_vendors.clock.now() - timedelta(days=5)
    page, text = newsletter(
        two_vendors.archive,
        two_vendors.site,
        watchlist=two_vendors.watchlist,
        settings=two_vendors.settings,
        now=two_vendors.clock.now(),
        since=since,
    )
    assert (page, text) == ("since/2026-04-02.html", "since/2026-04-02.md")
    assert two_vendors.page(page).count("<article") == 2
    assert two_vendors.page(text).count("\n## ") == 2
    assert "365" not in two_vendors.page(text), "what changed before is not in it"
