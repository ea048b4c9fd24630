"""What becomes of a pinned sentence."""

from __future__ import annotations

import pytest

from monitor.meaning.promises import judge

SALE = "We do not sell your personal data."
REST = "# Policy\n\nWe collect your e-mail address.\n\n{}\n\nYou can write to help@elmshore.example.\n"


def state(sentence: str, clause: str) -> str:
    return judge(sentence, REST.format(clause))[0]


@pytest.mark.parametrize(
    "clause",
    [
        "We do not sell your personal data.",
        "**We do not sell your personal data**.",
        "We do **not** sell your [personal data](https://elmshore.example/data).",
        "Rest assured: we do not sell your personal data. We mean it.",
    ],
)
def test_a_promise_is_there_whatever_its_markup_and_company(clause: str) -> None:
    assert state(SALE, clause) == "there"


@pytest.mark.parametrize(
    "clause",
    [
        "We never sell your personal information.",
        "Your personal data is not sold to anybody.",
        "We don't sell personal data.",
    ],
)
def test_a_promise_in_other_words_is_reworded(clause: str) -> None:
    assert state(SALE, clause) == "reworded"


@pytest.mark.parametrize(
    "clause",
    [
        "We do not sell your personal data, except as described below.",
        "We do not knowingly sell your personal data.",
        "We generally do not sell your personal data.",
        "We do not sell your personal data unless you agree.",
        "We do not currently sell your personal data.",
    ],
)
def test_a_promise_with_a_hedge_is_weakened(clause: str) -> None:
    assert state(SALE, clause) == "weakened"


@pytest.mark.parametrize(
    "clause", ["We sell your personal data.", "We may sell your personal data to partners.", "Our shop sells maps.", ""]
)
def test_a_promise_that_is_denied_or_not_made_is_gone(clause: str) -> None:
    assert state(SALE, clause) == "gone"


def test_the_clause_that_comes_closest_is_named() -> None:
    found = judge(SALE, REST.format("We never sell your personal data to anybody."))
    assert found == ("reworded", "We never sell your personal data to anybody.")


@pytest.mark.parametrize(("sentence", "text"), [("", "text"), (SALE, ""), ("…", "We do not sell."), ("", "")])
def test_nothing_keeps_no_promise(sentence: str, text: str) -> None:
    assert judge(sentence, text)[0] == "gone"
