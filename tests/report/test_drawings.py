"""Timeline, calendar, charts, and the words beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from report import made, pages_made

from monitor.model import Note, Transparency
from monitor.report import wording
from monitor.report.calendar import calendar
from monitor.report.timeline import rows, timeline
from monitor.report.trend import charts, measures
from monitor.report.views import Measured, VendorView


def vendor(**values: object) -> VendorView:
    doc = pages_made.document_view(made.change_view())
    made_view = VendorView(
        "parley", "Parley", (doc,), (Note(1, "parley", "2026-04-01", "They wrote a blog.", made.NOW),)
    )
    return replace(made_view, **values)  # type: ignore[arg-type] # names checked by replace


def test_everything_on_the_axis_is_inside_the_drawing_and_in_order_of_time() -> None:
    drawn = timeline(vendor(), made.NOW)
    lane = drawn.lanes[0]
    xs = [x for x, *_ in drawn.ticks] + [mark.x for mark in lane.marks] + list(lane.versions)
    xs += [x for x, _, _ in lane.gaps] + [x for x, _ in lane.crosses] + [x for x, _, _ in drawn.notes]
    assert all(0 <= x <= drawn.width for x in xs)
    gap, cross, mark, note = lane.gaps[0][0], lane.crosses[0][0], lane.marks[0].x, drawn.notes[0][0]
    assert gap < cross < mark < note


def test_a_graver_change_is_drawn_higher_and_larger() -> None:
    doc = made.document_view(
        lines=tuple(made.line(n, severity=s) for n, s in enumerate(("none", "low", "medium", "high")))
    )
    marks = timeline(vendor(documents=(doc,)), made.NOW).lanes[0].marks
    assert [mark.size for mark in marks] == sorted({mark.size for mark in marks})
    assert [mark.y for mark in marks] == sorted({mark.y for mark in marks}, reverse=True)


def test_a_vendor_without_history_has_an_axis() -> None:
    drawn = timeline(VendorView("x", "X", ()), made.NOW)
    assert drawn.lanes == ()
    assert rows(VendorView("x", "X", ())) == ()


@pytest.mark.parametrize(("days", "labels"), [(20, "23 Mar"), (300, "Jan"), (1000, "2025"), (4000, "2020")])
def test_ticks_fit_the_length_of_the_history(days: int, labels: str) -> None:
    old = made.version(1, made.BEFORE, made.NOW - timedelta(days=days))
    drawn = timeline(vendor(documents=(made.document_view(versions=(old,)),)), made.NOW)
    assert 3 <= len(drawn.ticks) <= 16
    assert any(label.startswith((labels[:3], "20")) for _, label, _ in drawn.ticks)


def test_the_table_says_the_same_as_the_drawing() -> None:
    found = rows(vendor())
    assert [row.kind for row in found] == ["note", "change", "refused", "excursion", "baseline", "gap"]
    assert [row.at for row in found] == sorted((row.at for row in found), reverse=True)


def test_the_calendar_has_a_square_a_day_for_a_year() -> None:
    drawn = calendar({date(2026, 3, 29): (3, 1), date(2026, 3, 30): (1, 0), date(2020, 1, 1): (9, 9)}, date(2026, 4, 2))
    assert 365 <= len(drawn.cells) <= 371
    assert sorted(title for *_, title in drawn.cells if title) == [
        "29 March 2026: 3 changes, 1 grave",
        "30 March 2026: 1 change",
    ]
    levels = {title: level for _, _, level, title in drawn.cells}
    assert levels["29 March 2026: 3 changes, 1 grave"] == 5
    assert levels["30 March 2026: 1 change"] == 1
    assert drawn.totals == (("2026-03", 4, 1),)
    assert drawn.title.startswith("4 substantive changes between 31 March 2025 and 2 April 2026")
    assert all(x < drawn.width and y < drawn.height for x, y, _, _ in drawn.cells)


def test_charts_show_what_is_known_of_two_versions_or_more() -> None:
    view = made.change_view()
    one, two = (
        Measured(view.before, Transparency(words=100)),
        Measured(view.after, Transparency(words=150, durations=("a",))),
    )
    assert charts([one]) == ()
    found = {chart.name: (chart.first, chart.last) for chart in charts([one, two])}
    assert found == {"Words": ("100", "150"), "Retention periods given": ("0", "1")}
    assert charts([one, replace(two, transparency=Transparency(words=100))])[0].points.count("30") >= 2


def test_measures_that_neither_text_has_are_left_out() -> None:
    assert measures(Transparency(words=1200), Transparency(words=900)) == (("Words", "1,200", "900"),)


def test_words_for_times() -> None:
    at = datetime(2026, 3, 29, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert wording.day(at) == "30 March 2026"
    assert wording.moment(at) == "30 March 2026, 04:30 UTC"
    assert wording.iso(at) == "2026-03-30T04:30:00Z"
    assert wording.iso(date(2026, 3, 1)) == "2026-03-01"
    assert (wording.day(None), wording.moment(None), wording.iso(None)) == ("", "", "")
    assert (wording.day("2026-03-01"), wording.day("soon")) == ("1 March 2026", "soon")
    assert wording.month("2026-03") == "March 2026"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "a moment"), (60, "1 minute"), (7300, "2 hours"), (86_400, "1 day"), (86_400 * 40, "40 days"),
     (86_400 * 90, "2 months"), (86_400 * 800, "2 years"), (-5, "a moment")],
)  # fmt: skip
def test_words_for_how_long_ago(seconds: int, words: str) -> None:
    assert wording.ago(made.NOW - timedelta(seconds=seconds), made.NOW) == words


def test_words_for_names_and_numbers() -> None:
    assert wording.ago(None, made.NOW) == "never"
    assert (wording.document_kind("dpa"), wording.document_kind("cookie_notice")) == (
        "data processing agreement", "cookie notice",
    )  # fmt: skip
    assert (wording.family("share"), wording.family("new_thing")) == ("Who receives data", "New thing")
    assert (wording.plural(1, "change"), wording.plural(2000, "change")) == ("1 change", "2,000 changes")
