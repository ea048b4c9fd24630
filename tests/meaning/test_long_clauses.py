"""A clause as long as a page is read in time that grows with its length, and no word of it is empty."""

from __future__ import annotations

import pytest
from timing import least

from monitor.meaning.context import context
from monitor.meaning.practices import practices
from monitor.meaning.reading import read
from monitor.model import Clause

SAID = (
    "we do not share your data with partners nor sell it ",
    "we may collect and use names ",
    "only with consent we keep logs ",
)


def spent(said: str, times: int) -> float:
    clause = Clause(said * times, 0, len(said) * times, "sentence")

    def work() -> None:
        read.cache_clear()
        practices(read(clause.text), context(clause))

    return least(work)


@pytest.mark.parametrize("said", SAID)
def test_a_clause_four_times_as_long_takes_little_more_than_four_times_as_long(said: str) -> None:
    spent(said, 10)
    short, long = spent(said, 100), spent(said, 400)
    assert long < 0.1 or long < 8 * short


def test_a_contraction_without_its_verb_is_a_denial_and_no_empty_word() -> None:
    reading = read("We do](n't sell it.")
    assert "" not in reading.words
    assert reading.words.count("not") == 1
