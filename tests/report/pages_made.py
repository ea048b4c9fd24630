"""Every kind of page of the invented vendor, by its path in the site."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from report import made

from monitor.model import Extraction, Note, PinnedPromise, Review, Verdict
from monitor.report import pages, paths
from monitor.report.across import told
from monitor.report.comparison_page import comparison_page
from monitor.report.views import (
    ChangeLine,
    ChangeView,
    DocumentView,
    Episode,
    Frame,
    FrontView,
    InventoryItem,
    Measured,
    VendorLine,
    VendorView,
    Watch,
)
from monitor.text.segment import segment


def at(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def document_view(change: ChangeView) -> DocumentView:
    episodes = (
        Episode("gap", at(1), at(4), made.KEY, "no answer within 30 seconds", 3),
        Episode("excursion", at(20), at(20), made.KEY),
        Episode("refused", at(22), at(23), made.KEY, "a bot wall", 2),
    )
    return made.document_view(
        lines=(change.line,),
        episodes=episodes,
        measured=(
            Measured(change.before, change.assessment.transparency_before),
            Measured(change.after, change.assessment.transparency_after),
        ),
        inventory=(
            InventoryItem("Data", "data.contact", "name, address", made.quote(made.AFTER, "your name and address")),
            InventoryItem(
                "Recipients", "share.sale", "", made.quote(made.AFTER, "We do not sell your data"), "commitment"
            ),
        ),
    )


def lines() -> list[ChangeLine]:
    found = []
    for number in range(1, 13):
        line = made.line(
            number,
            at=made.NOW - timedelta(days=number * 17),
            direction=("worse", "better", "neutral", "unclear", "mixed")[number % 5],
            severity=("high", "medium", "low")[number % 3],
            materiality="editorial" if number == 7 else "substantive",
            kind="withdrawal" if number == 5 else "change",
        )
        found.append(line)
    seen = Review(1, 3, "dismissed", "Anna", "a typo", made.NOW)
    found[2] = replace(found[2], review=seen)
    return found


def everything(frame: Frame | None = None, change: ChangeView | None = None) -> dict[str, bytes]:
    """All pages; ``change`` and ``frame`` can be given with other words in them."""
    frame = frame or made.frame()
    change = change or made.change_view()
    status = replace(made.status(), vendor_name=change.line.vendor_name)
    promise = PinnedPromise(made.KEY, change.assessment.summary, "weakened", at(1), change.assessment.summary)
    doc = replace(document_view(change), status=status, promises=(promise,), pending_page=True)
    listed = [change.line, *lines()]
    watch = Watch(
        (
            status,
            replace(status, status="failing", reason=change.assessment.summary, since=at(1)),
            replace(status, status="pending", declared=False),
            replace(status, status="never", seen_at=None, next_at=None, versions=0),
        )
    )
    vendor = VendorView(
        made.KEY.vendor,
        change.line.vendor_name,
        (doc,),
        (Note(1, made.KEY.vendor, "2026-04-01", change.assessment.summary, made.NOW),),
        ("meetings",),
    )
    other = replace(change.line, change=replace(change.line.change, id=99, key=replace(made.KEY, vendor="rival")))
    month = [told(line, change.assessment) for line in (*listed, other)]
    days = {line.change.at.date(): (1, int(line.change.severity == "high")) for line in listed}
    front = FrontView(tuple(listed), 40, watch, days, ((made.KEY.vendor, vendor.name),), ("meetings",), ("2026-03",))
    before, after = (Extraction(text, "1", Verdict("policy")) for text in (made.BEFORE, made.AFTER))
    waiting = replace(status, status="pending")
    return {
        paths.pending(made.KEY): pages.pending(frame, waiting, change.comparison),
        paths.INDEX: pages.front(frame, front, made.NOW),
        paths.WATCH: pages.watch(frame, watch),
        paths.VENDORS: pages.vendors(frame, [VendorLine("parley", vendor.name, ("meetings",), (status,), change.line)]),
        paths.vendor("parley"): pages.vendor(frame, vendor, {}, made.NOW),
        paths.document(made.KEY): pages.document(frame, doc),
        paths.change(change.line.change): pages.change(frame, change, {}),
        paths.version(change.after): pages.version_text(
            frame, change.after, segment(made.AFTER), vendor.name, "privacy-policy"
        ),
        paths.month("2026-03"): pages.month(frame, "2026-03", month),
        paths.MONTHS: pages.months(frame, [("2026-03", 3)]),
        paths.topic("share"): pages.topic(frame, "share", listed),
        paths.TOPICS: pages.topics(frame, [("share", 3), ("data", 0)]),
        "since/2026-03-01.html": pages.since(
            frame, "since/2026-03-01.html", at(1), [(change.line, change.assessment)], {}
        ),
        "alone.html": pages.change(frame, change, {}, alone=True),
        "pair.html": comparison_page(change.line.vendor_name, before, after, change.assessment),
    }
