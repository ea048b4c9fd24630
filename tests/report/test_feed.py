"""Atom feeds."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

from report import made
from report.kept import PARLEY, Kept

from monitor.model import Event, EventKind
from monitor.report import feed, paths
from monitor.report.views import ChangeLine

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entry(line: ChangeLine) -> feed.Entry:
    return feed.change_entry(line, made.findings())


def parsed(entries: list[feed.Entry], *, public_url: str = "") -> ET.Element:
    return ET.fromstring(feed.atom("feed/all.xml", "All", entries, updated=made.NOW, public_url=public_url))


def texts(root: ET.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.findall(path, ATOM)]


def test_a_feed_has_what_the_standard_asks_for() -> None:
    root = parsed([entry(made.line())])
    for name in ("id", "title", "updated", "author", "entry"):
        assert root.find(f"a:{name}", ATOM) is not None
    for name in ("id", "title", "updated", "link", "summary", "content"):
        assert root.find(f"a:entry/a:{name}", ATOM) is not None
    assert texts(root, "a:updated") == ["2026-03-29T10:00:00Z"]


def test_the_newest_come_first_and_the_oldest_fall_off() -> None:
    lines = [made.line(n, at=made.NOW - timedelta(days=n), slug=f"s-{n}") for n in range(feed.ENTRIES + 10)]
    root = parsed([entry(line) for line in lines])
    found = texts(root, "a:entry/a:updated")
    assert found == sorted(found, reverse=True)
    assert len(found) == feed.ENTRIES


def test_an_entry_keeps_its_id_whatever_is_said_about_it_later() -> None:
    again = made.line(summary="Other words.", severity="low", labels=("retention",))
    assert texts(parsed([entry(made.line())]), "a:entry/a:id") == texts(parsed([entry(again)]), "a:entry/a:id")
    other = made.line(slug="2026-03-30-v9")
    assert texts(parsed([entry(made.line())]), "a:entry/a:id") != texts(parsed([entry(other)]), "a:entry/a:id")


def test_links_are_relative_until_the_site_is_published_somewhere() -> None:
    page = paths.change(made.change())
    local = parsed([entry(made.line())])
    assert [link.get("href") for link in local.findall("a:entry/a:link", ATOM)] == [f"../{page}"]
    assert local.find("a:link[@rel='self']", ATOM) is None
    public = parsed([entry(made.line())], public_url="https://watch.example/p/")
    assert [link.get("href") for link in public.findall("a:entry/a:link", ATOM)] == [f"https://watch.example/p/{page}"]
    own = public.find("a:link[@rel='self']", ATOM)
    assert own is not None
    assert own.get("href") == "https://watch.example/p/feed/all.xml"


def test_an_entry_says_what_changed_with_its_quotations() -> None:
    content = texts(parsed([entry(made.line())]), "a:entry/a:content")[0]
    assert "now: <q>We do not sell your data to anyone.</q>" in content
    assert "The date that the text gives itself did not move." in content


def test_readers_can_filter_by_label_severity_and_direction() -> None:
    root = parsed([entry(made.line())])
    terms = {element.get("term") for element in root.findall("a:entry/a:category", ATOM)}
    assert {"share.sale", "severity:high", "direction:mixed"} <= terms


def test_characters_that_xml_forbids_are_replaced() -> None:
    line = made.line(summary="\x00 \x0b \ud800 \ufffe ok")
    assert "ok" in texts(parsed([entry(line)]), "a:entry/a:title")[0]


def test_there_is_a_feed_for_everything_each_vendor_document_and_topic(two_vendors: Kept) -> None:
    two_vendors.publish()
    there = set(two_vendors.site.paths())
    assert {"feed/all.xml", "feed/vendor/parley.xml", "feed/document/parley/privacy-policy.xml"} <= there
    assert "feed/topic/share.xml" in there
    everything = ET.fromstring(two_vendors.page("feed/all.xml"))
    assert len(everything.findall("a:entry", ATOM)) == 3
    assert len(ET.fromstring(two_vendors.page("feed/vendor/rival.xml")).findall("a:entry", ATOM)) == 1


def test_promises_corrections_and_dates_that_came_are_told_and_trouble_is_not(two_vendors: Kept) -> None:
    now = two_vendors.clock.now()
    kinds: tuple[EventKind, ...] = ("promise", "effective", "correction", "unstable", "trouble", "recovery", "gone")
    events = [Event(kind, now, key=PARLEY, vendor_name="Parley", summary=f"It is <{kind}>.") for kind in kinds]
    two_vendors.archive.announce(events, lambda _event, _subscriptions: ())
    two_vendors.publish()
    for path in ("feed/all.xml", "feed/vendor/parley.xml", "feed/document/parley/privacy-policy.xml"):
        root = ET.fromstring(two_vendors.page(path))
        told = {term.get("term") for term in root.findall("a:entry/a:category", ATOM)}
        assert {"event:promise", "event:effective", "event:correction", "event:unstable"} <= told
        assert not {"event:trouble", "event:recovery", "event:gone"} & told
        titles = texts(root, "a:entry/a:title")
        assert any("pinned promise: It is <promise>." in title for title in titles)
        ids = texts(root, "a:entry/a:id")
        assert len(set(ids)) == len(ids)


def test_our_own_upgrades_and_mere_wording_are_not_told(two_vendors: Kept) -> None:
    two_vendors.publish()
    before = two_vendors.page("feed/document/parley/privacy-policy.xml")
    text = two_vendors.archive.text(two_vendors.archive.versions(PARLEY)[-1])
    two_vendors.see(PARLEY, text.replace("18 March 2026", "19 March 2026"))
    two_vendors.publish(PARLEY)
    assert two_vendors.archive.changes(PARLEY)[-1].materiality != "substantive"
    assert two_vendors.page("feed/document/parley/privacy-policy.xml") == before
