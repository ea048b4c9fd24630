"""What the dates that two versions state of themselves say about the change."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.meaning.dates import days_of_notice, notes, silent
from monitor.model import Extraction, StatedDates, Verdict

MARCH, APRIL, MAY = date(2024, 3, 18), date(2024, 4, 2), date(2024, 5, 1)


def version(updated: date | None = None, effective: date | None = None) -> Extraction:
    return Extraction("text\n", "1", Verdict("policy"), dates=StatedDates(updated, "", effective, ""))


def test_a_change_of_substance_under_an_unchanged_date_is_silent() -> None:
    assert silent(version(MARCH), version(MARCH), "substantive")
    assert notes(version(MARCH), version(MARCH), "substantive") == (
        "The text changed while its stated date stayed 2024-03-18.",
    )


@pytest.mark.parametrize(
    ("before", "after", "materiality"),
    [
        (version(MARCH), version(APRIL), "substantive"),
        (version(MARCH), version(MARCH), "editorial"),
        (version(), version(), "substantive"),
        (version(MARCH), version(MARCH, MAY), "substantive"),
    ],
)
def test_what_moved_its_date_or_states_none_is_not_silent(
    before: Extraction, after: Extraction, materiality: str
) -> None:
    assert not silent(before, after, materiality)  # type: ignore[arg-type]  # parametrised literals


def test_a_date_that_moves_without_a_change_is_said() -> None:
    assert "without a change of substance" in notes(version(MARCH), version(APRIL), "editorial")[0]


def test_a_date_that_goes_back_is_said() -> None:
    assert notes(version(APRIL), version(MARCH), "substantive") == (
        "The stated date went back: 2024-04-02 → 2024-03-18.",
    )


def test_a_text_that_loses_its_date_is_said() -> None:
    assert notes(version(MARCH), version(), "substantive") == ("The text no longer states when it was last changed.",)


def test_a_text_that_comes_into_force_later_says_in_how_many_days() -> None:
    assert notes(version(MARCH), version(APRIL, MAY), "substantive") == (
        "In force from 2024-05-01, 29 days after the stated date.",
    )


def test_days_of_notice_count_from_the_day_it_was_seen() -> None:
    assert days_of_notice(StatedDates(effective=MAY), APRIL) == 29
    assert days_of_notice(StatedDates(effective=MAY), MAY) is None
    assert days_of_notice(StatedDates(), APRIL) is None
