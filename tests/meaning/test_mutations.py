"""Edits of known meaning on policies of invented vendors: a sample of what ``benchmarks/mutations.py`` measures."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from benchmarks.mutation.case import Case, Expected
from benchmarks.mutation.cosmetic import EDITS as COSMETIC
from benchmarks.mutation.document import Document
from benchmarks.mutation.scoring import Outcome, bases, draw_case, judged, meaningful, read
from monitor.text.segment import segment

SEED, COUNT = 7, 60
ENOUGH = 0.95  # of the meaningful edits of so small a sample


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [judged(case) for case in (draw_case(SEED, number) for number in range(COUNT)) if case.kinds]


def edited(kind: str) -> Case | None:
    """The first case, over all policies and a few draws, that an edit of this kind makes."""
    edit = {**meaningful(), **COSMETIC}[kind]
    for document, seed in itertools.product(bases(), range(6)):
        case = edit(Case(document, document, ""), random.Random(seed))
        if case is not None:
            return case
    return None


def test_meaningful_edits_are_found_with_label_action_polarity_and_direction(outcomes: list[Outcome]) -> None:
    found = sum(len(one.found) for one in outcomes)
    missed = [expected for one in outcomes for expected in one.missed]
    assert found / (found + len(missed)) >= ENOUGH, missed


def test_no_denial_is_read_as_a_practice_nor_a_practice_as_a_denial(outcomes: list[Outcome]) -> None:
    assert [finding for one in outcomes for finding in one.inversions] == []


def test_cosmetic_edits_are_silent(outcomes: list[Outcome]) -> None:
    assert any(one.cosmetic for one in outcomes)
    assert [one.case.kinds for one in outcomes if one.alarm] == []


def test_every_quotation_stands_in_the_text(outcomes: list[Outcome]) -> None:
    assert all(one.quoted for one in outcomes)
    assert any(one.assessment.findings for one in outcomes)


@pytest.mark.parametrize("kind", [*meaningful(), *COSMETIC])
def test_every_kind_of_edit_fits_some_policy(kind: str) -> None:
    case = edited(kind)
    assert case is not None
    assert case.before.markdown() != case.after.markdown()
    assert bool(case.expected) == (kind in meaningful())


def test_there_are_forty_kinds_of_edit_and_eight_policies_of_many_clauses() -> None:
    assert len(meaningful()) >= 40
    assert len(COSMETIC) >= 20
    assert len(bases()) >= 8


@pytest.mark.parametrize("document", bases(), ids=lambda document: document.name)
def test_every_base_is_taken_for_a_policy_and_differs_in_nothing_from_itself(document: Document) -> None:
    extraction = read(document)
    assert extraction.verdict.ok
    assert extraction.language == "en"
    assert 40 <= len(segment(extraction.text)) <= 100
    outcome = judged(Case(document, document, ""))
    assert outcome.assessment.materiality == "noise"
    assert outcome.assessment.findings == ()


def test_the_same_seed_draws_the_same_case() -> None:
    first, again, other = draw_case(3, 17), draw_case(3, 17), draw_case(4, 17)
    assert first == again
    assert first.after.markdown() != other.after.markdown()


def test_both_halves_have_policies_and_wordings_of_their_own() -> None:
    names = {half: {draw_case(1, number).after.name for number in range(n, 60, 2)} for n, half in enumerate("ab")}
    assert names["a"]
    assert names["b"]
    assert names["a"].isdisjoint(names["b"])


def test_a_finding_of_the_opposite_polarity_counts_as_an_inversion() -> None:
    case = edited("sale_stated")
    assert case is not None
    right = judged(case)
    assert right.found
    assert not right.inversions
    wrong = judged(replace(case, expected=(Expected.parse("share.sale added commitment better"),)))
    assert not wrong.found
    assert wrong.inversions


def test_a_finding_of_another_direction_is_no_hit() -> None:
    case = edited("retention_longer")
    assert case is not None
    assert judged(replace(case, expected=(Expected.parse("retention changed practice worse"),))).found
    assert judged(replace(case, expected=(Expected.parse("retention changed practice better"),))).missed


def test_what_counts_in_an_edit_that_is_called_cosmetic_is_an_alarm() -> None:
    case = edited("retention_longer")
    assert case is not None
    assert judged(replace(case, expected=())).alarm
