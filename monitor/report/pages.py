"""Pages as bytes, each from its view record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from monitor.model import Assessment, Change, Clause, Finding, Quote, Version
from monitor.report import paths, wording
from monitor.report.across import Told, shared_wordings
from monitor.report.anchors import Anchors, anchor
from monitor.report.calendar import calendar
from monitor.report.environment import makers_digest, render, render_alone
from monitor.report.rows import Comparison, Line, Parts
from monitor.report.timeline import SHAPES, rows, timeline
from monitor.report.trend import charts, measures
from monitor.report.views import (
    ChangeLine,
    ChangeView,
    DocumentStatus,
    DocumentView,
    FindingGroup,
    Frame,
    FrontView,
    InventoryItem,
    ShownFinding,
    VendorLine,
    VendorView,
    Watch,
)

STATUS = {
    "unchanged": "unchanged",
    "stale": "not looked at lately",
    "paused": "paused",
    "pending": "pending",
    "failing": "failing",
    "refused": "shows something else",
    "unstable": "alternating",
    "never": "not seen yet",
}
SIGNS = {
    "unchanged": "✓",
    "stale": "○",
    "paused": "‖",
    "pending": "…",
    "failing": "!",
    "refused": "!",
    "unstable": "≈",
    "never": "∅",
}
SOURCES = {"check": "seen live", "import": "imported", "memento": "public archive"}
FRONT_LINES = 120
TOPIC_LINES = 200


def front(frame: Frame, view: FrontView, now: datetime) -> bytes:
    """The front page. ``view.lines`` are the candidates; the latest ones are listed, gravest first in each period."""
    latest = sorted(view.lines, key=lambda line: line.change.at, reverse=True)
    listed = [line for line in latest if line.change.materiality == "substantive"][:FRONT_LINES]
    return render(
        "index.html",
        paths.INDEX,
        stamp=makers_digest(),  # of the whole site: another program makes all of it anew
        frame=frame,
        STATUS=STATUS,
        view={
            "watch": view.watch,
            "attention": view.watch.of("failing", "refused", "unstable", "pending", "never", "stale"),
            "groups": tuple(_periods(listed, now)),
            "shown": len(listed),
            "total": view.total,
            "quiet": len(listed) < view.total,
            "vendors": view.vendors,
            "tags": view.tags,
            "families": tuple(wording.FAMILIES),
            "months": view.months,
            "calendar": calendar(view.days, now.date()),
        },
    )


def _periods(lines: Sequence[ChangeLine], now: datetime) -> Iterable[tuple[str, tuple[ChangeLine, ...]]]:
    rest = list(lines)
    for heading, days in (("The last seven days", 7), ("The last thirty days", 30), ("The last twelve months", 366)):
        since = now - timedelta(days=days)
        inside = [line for line in rest if line.change.at >= since]
        rest = [line for line in rest if line.change.at < since]
        if inside:
            yield heading, tuple(sorted(inside, key=lambda line: line.rank, reverse=True))
    by_year = groupby(rest, key=lambda line: line.change.at.year)
    for year, older in by_year:
        yield str(year), tuple(sorted(older, key=lambda line: line.rank, reverse=True))


def vendor(frame: Frame, view: VendorView, names: Mapping[str, str], now: datetime) -> bytes:
    """The page of a vendor."""
    trends = tuple(
        (wording.capital(wording.document_kind(doc.status.document_kind)), made)
        for doc in view.documents
        if (made := charts(doc.measured))
    )
    return render(
        "vendor.html",
        paths.vendor(view.id),
        frame=frame,
        view=view,
        names=names,
        tl=timeline(view, now),
        rows=rows(view),
        trends=trends,
        inventory_path=paths.inventory,
        grouped=_grouped,
        shapes=SHAPES,
        STATUS=STATUS,
        SIGNS=SIGNS,
    )


def _grouped(items: Sequence[InventoryItem]) -> list[tuple[str, list[InventoryItem]]]:
    """Items under the names of their groups, in the order in which they come."""
    return [(name, list(found)) for name, found in groupby(items, key=lambda item: item.group)]


def document(frame: Frame, view: DocumentView) -> bytes:
    """The page of a document."""
    path = paths.document(view.status.key)
    return render("document.html", path, frame=frame, view=view, STATUS=STATUS, SIGNS=SIGNS, SOURCES=SOURCES)


def change(frame: Frame, view: ChangeView, names: Mapping[str, str], *, alone: bool = False, stamp: str = "") -> bytes:
    """The page of a change; ``alone`` makes it one file that needs no other (for the evidence bundle)."""
    page = {name: getattr(view, name) for name in ChangeView.__slots__}
    page |= {
        "groups": finding_groups(view.assessment.findings, view.comparison),
        "measures": measures(view.assessment.transparency_before, view.assessment.transparency_after),
        "topics": view.line.families,
        "month": month_of(view.line.change),
    }
    if alone:
        return render_alone("change.html", frame=frame, view=page, names=names, SOURCES=SOURCES)
    path = paths.change(view.line.change)
    return render("change.html", path, stamp=stamp, frame=frame, view=page, names=names, SOURCES=SOURCES)


def pending(frame: Frame, status: DocumentStatus, comparison: Comparison) -> bytes:
    """A text that waits to be confirmed, beside the current one."""
    path = paths.pending(status.key)
    return render("pending.html", path, frame=frame, status=status, comparison=comparison)


def finding_groups(findings: Sequence[Finding], comparison: Comparison | None = None) -> tuple[FindingGroup, ...]:
    """Findings by direction, worse first; what no rule could label stands apart at the end.

    With the comparison they stand above, quotations are marked where it marks them.
    """
    anchors = Anchors()
    order = ("worse", "mixed", "better", "neutral", "unclear", "unclassified")
    rank = wording.SEVERITY_RANK
    placed: dict[str, list[ShownFinding]] = {name: [] for name in order}
    for finding in sorted(findings, key=lambda one: (-rank[one.severity], one.novelty != "new")):
        said = " ".join(quote.quote for quote in (finding.before, finding.after) if quote)
        name = anchors.give("f", f"{finding.label} {finding.action} {said}")
        before, after = finding.before, finding.after
        if comparison and before and after:  # a mark says nothing where one side is missing
            parts = comparison.parts("before", before), comparison.parts("after", after)
        else:
            parts = _valued(before, finding.value), _valued(after, finding.value)
        shown = ShownFinding(name, finding, *parts)
        placed["unclassified" if finding.label == "unclassified" else finding.direction].append(shown)
    return tuple(FindingGroup(name, tuple(found)) for name, found in placed.items() if found)  # type: ignore[arg-type]


def _valued(quote: Quote | None, value: str) -> Parts:
    """A quotation in parts, with the words marked that made a rule speak."""
    if quote is None:
        return ()
    before, found, after = quote.quote.partition(value) if value else (quote.quote, "", "")
    return (("", before), ("*", found), ("", after)) if found else (("", before),)


def month_of(change: Change) -> str:
    """The month a change belongs to: ``2026-03``."""
    return wording.day_iso(change.at)[:7]


def version_text(
    frame: Frame, version: Version, clauses: Sequence[Clause], vendor_name: str, kind: str, *, stamp: str = ""
) -> bytes:
    """The page with the whole text of a version; each clause has a name that can be linked."""
    return render(
        "text.html",
        paths.version(version),
        stamp=stamp,
        frame=frame,
        version=version,
        vendor_name=vendor_name,
        document_kind=kind,
        lines=[Line(clause.text, clause.kind, name) for clause, name in named(clauses)],
    )


def named(clauses: Sequence[Clause]) -> tuple[tuple[Clause, str], ...]:
    """Clauses with the names of their places on the page of the version's text."""
    counts: dict[str, int] = {}
    made = []
    for clause in clauses:
        name = anchor("c", clause.text)
        count = counts[name] = counts.get(name, 0) + 1
        made.append((clause, name if count == 1 else f"{name}-{count}"))
    return tuple(made)


def month(frame: Frame, year_month: str, changes: Sequence[Told]) -> bytes:
    """Everything that changed in a month: shared wording, by topic, and all of it, gravest first."""
    lines = [one.line for one in changes]
    families = [(name, [(one.line, found) for one in changes if (found := one.of(name))]) for name in wording.FAMILIES]
    view = {
        "month": year_month,
        "lines": sorted(lines, key=lambda line: (line.change.materiality == "substantive", *line.rank), reverse=True),
        "vendors": len({line.change.key.vendor for line in lines}),
        "filter_vendors": sorted({(line.change.key.vendor, line.vendor_name) for line in lines}),
        "filter_tags": sorted({tag for line in lines for tag in line.tags}),
        "filter_families": [name for name, found in families if found],
        "families": [(name, found) for name, found in families if found],
        "wordings": shared_wordings([word for one in changes for word in one.wordings]),
    }
    return render("month.html", paths.month(year_month), frame=frame, view=view)


def months(frame: Frame, counts: Sequence[tuple[str, int]]) -> bytes:
    """The list of months."""
    return render("months.html", paths.MONTHS, frame=frame, months=counts)


def topic(frame: Frame, name: str, lines: Sequence[ChangeLine]) -> bytes:
    """The latest changes of one family, month by month."""
    latest = sorted(lines, key=lambda line: line.change.at, reverse=True)[:TOPIC_LINES]
    by_month = [
        (key, sorted(found, key=lambda line: line.rank, reverse=True))
        for key, found in groupby(latest, key=lambda line: month_of(line.change))
    ]
    return render("topic.html", paths.topic(name), frame=frame, name=name, months=by_month)


def topics(frame: Frame, counts: Sequence[tuple[str, int]]) -> bytes:
    """The list of families."""
    return render("topics.html", paths.TOPICS, frame=frame, families=counts)


def vendors(frame: Frame, lines: Sequence[VendorLine]) -> bytes:
    """The list of vendors."""
    return render("vendors.html", paths.VENDORS, frame=frame, view={"vendors": lines}, STATUS=STATUS)


def watch(frame: Frame, state: Watch) -> bytes:
    """The state of every document."""
    return render("watch.html", paths.WATCH, frame=frame, view=state, STATUS=STATUS, SIGNS=SIGNS)


def since(
    frame: Frame,
    path: str,
    start: datetime,
    found: Sequence[tuple[ChangeLine, Assessment]],
    names: Mapping[str, str],
) -> bytes:
    """The newsletter: changes since a day with their findings, in the order given."""
    return render("since.html", path, frame=frame, since=start, found=found, names=names, groups=finding_groups)
