"""Which words of a clause are compared: contractions, numbers of headings, hidden addresses and longer names are none."""

from __future__ import annotations

import pytest

from monitor.compare import compare, plain
from monitor.model import Clause

SAME = {
    "do not": ("We do not sell data.", "We don't sell data."),
    "typographic": ("We will not sell data.", "We won’t sell data."),
    "we will": ("We will tell you.", "We'll tell you."),
    "cannot": ("We cannot read it.", "We can not read it."),
    "they are": ("They are encrypted.", "They're encrypted."),
    "a link in a table of contents": ("Your rights", "[9. Your rights](#rights)"),
}
OTHER = {
    "a denial": ("We do sell data.", "We don't sell data."),
    "a possessive is no verb": ("The company's data", "The company is data"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_words(one: str, other: str) -> None:
    assert plain.key(one) == plain.key(other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_other_words(one: str, other: str) -> None:
    assert plain.key(one) != plain.key(other)


def heading(text: str) -> Clause:
    return Clause(text, 0, len(text), "heading")


@pytest.mark.parametrize("numbered", ["7. Children", "7) Children", "§ 7 Children", "7 Children", "3.2 Children"])
def test_a_heading_is_the_same_with_a_number(numbered: str) -> None:
    assert plain.key_of(heading(numbered)) == plain.key_of(heading("Children"))


@pytest.mark.parametrize("text", ["30 days of retention", "7 Years"])
def test_a_period_in_a_heading_is_no_number_of_it(text: str) -> None:
    assert plain.key_of(heading(text)) != plain.key_of(heading(text.partition(" ")[2]))


def test_the_number_at_the_start_of_a_sentence_stays() -> None:
    one, other = (Clause(text, 0, len(text), "sentence") for text in ("12 Harbour Road", "14 Harbour Road"))
    assert plain.key_of(one) != plain.key_of(other)


def test_a_clause_that_is_little_but_an_address_is_found_again_when_the_address_is_hidden() -> None:
    before = "# Contact\n\nTarnhost runs the site.\n\nWrite to help@tarnhost.example.\n"
    (change,) = compare(before, before.replace("help@tarnhost.example", "[email protected]")).changes
    assert change.kind == "reworded"


def test_two_addresses_that_both_are_shown_are_not_taken_for_one() -> None:
    before = "# Contact\n\nTarnhost runs the site.\n\nWrite to help@tarnhost.example.\n"
    comparison = compare(before, before.replace("help@tarnhost.example", "[email protected]"))
    other = compare(before, before.replace("help@tarnhost.example", "office@tarnhost.example"))
    assert comparison.changes != other.changes


def test_a_name_of_three_words_for_one_of_one_is_a_rename() -> None:
    before = "# Policy\n\nTarnhost keeps logs.\n\nTarnhost sells maps.\n\nThe team of Tarnhost reads mail.\n"
    comparison = compare(before, before.replace("Tarnhost", "Grey Gull Maps"))
    assert comparison.renames == (("tarnhost", "grey gull maps"),)
    assert comparison.changes == ()
