"""Word differences: whole words, few runs, exact concatenation."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.compare.words import diff_words
from monitor.model import WordDiff


def marked(parts: WordDiff) -> str:
    return "".join(text if op == "=" else f"[{op}{text}]" for op, text in parts)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("We keep it for 30 days.", "We keep it for 90 days.", "We keep it for[- 30][+ 90] days."),
        ("We share data.", "We do not share data.", "We[+ do not] share data."),
        ("We sell it.", "We don't sell it.", "We[+ don't] sell it."),
        (
            "Write to a@quill.example now.",
            "Write to b@quill.example now.",
            "Write to[- a@quill.example][+ b@quill.example] now.",
        ),
        ("Fee: 1.50 euros", "Fee: 1.80 euros", "Fee:[- 1.50][+ 1.80] euros"),
        ("logs, notes and drafts", "logs, notes, and drafts", "logs, notes[+,] and drafts"),
        ("one\ntwo", "one two", "one[-\n][+ ]two"),
        ("", "new words", "[+new words]"),
        ("same", "same", "same"),
        ("", "", ""),
    ],
)
def test_shows_whole_words(before: str, after: str, expected: str) -> None:
    assert marked(diff_words(before, after)) == expected


def test_a_large_edit_leaves_no_crumbs_of_equal_words() -> None:
    before = "We may give the data to a courier of the shop or to a printer in the town."
    after = "The notes that you write are read by nobody and stay on the phone."
    assert sum(op == "=" for op, _ in diff_words(before, after)) <= 3


def test_strikes_come_before_insertions_within_one_edit() -> None:
    ops = [op for op, _ in diff_words("a b c d e f g h", "a x c y z f g i")]
    assert all(pair != ("+", "-") for pair in pairwise(ops))


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_parts_concatenate_to_both_texts(before: str, after: str) -> None:
    parts = diff_words(before, after)
    assert "".join(text for op, text in parts if op != "+") == before
    assert "".join(text for op, text in parts if op != "-") == after
    assert all(text for _, text in parts)
    assert all(one[0] != two[0] for one, two in pairwise(parts))
