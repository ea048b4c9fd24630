"""What a comparison says: edits, moves, splits, merges, renames, each clause once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.compare import Comparison, compare, plain
from monitor.model import Clause

PARAGRAPHS = (
    "We keep order details for two years so that we can answer complaints.",
    "Couriers receive the address of every parcel they carry for us.",
    "Readers may ask for a copy of everything that is stored about them.",
    "Highlights and notes stay on the device unless the backup is switched on.",
    "A payment company checks the card and tells us whether it was accepted.",
    "The app measures which pages are opened and how long they are read.",
)


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def kinds(comparison: Comparison) -> list[str]:
    return [change.kind for change in comparison.changes]


def clauses(comparison: Comparison) -> tuple[list[Clause], list[Clause]]:
    """Every clause of both sides that is accounted for, as often as it is."""
    old = [comparison.before[i] for i, _ in comparison.same] + [comparison.before[i] for i in comparison.reflowed[0]]
    new = [comparison.after[j] for _, j in comparison.same] + [comparison.after[j] for j in comparison.reflowed[1]]
    for change in comparison.changes:
        if change.kind == "moved":
            continue  # a moved clause is among the same ones
        old += [clause for clause in (change.before, *change.also_before) if clause]
        new += [clause for clause in (change.after, *change.also_after) if clause]
    return old, new


def test_the_same_text_has_no_changes() -> None:
    assert compare(text(*PARAGRAPHS), text(*PARAGRAPHS)).changes == ()


def test_presentation_is_no_change() -> None:
    before = text(
        "# How we share data",
        "We share **order details** with [couriers](https://a.example/c).",
        "- one thing",
        "- two things",
    )
    after = text("## How we share data", "We share order details with couriers.", "* one thing\n* two things")
    assert compare(before, after).changes == ()


def test_a_new_sentence_is_added_where_it_stands() -> None:
    found = compare(text(*PARAGRAPHS[:3]), text(PARAGRAPHS[0], PARAGRAPHS[4], *PARAGRAPHS[1:3]))
    assert [(change.kind, change.after.text if change.after else "") for change in found.changes] == [
        ("added", PARAGRAPHS[4])
    ]


def test_changes_stand_in_the_order_of_the_new_text_with_removed_ones_at_their_place() -> None:
    after = text(
        "A new opening line about nothing in particular.",
        PARAGRAPHS[0],
        PARAGRAPHS[2].replace("copy", "list"),
        PARAGRAPHS[3],
    )
    assert kinds(compare(text(*PARAGRAPHS[:4]), after)) == ["added", "removed", "reworded"]


def test_an_edit_shows_the_words_that_went_and_came() -> None:
    (change,) = compare(
        text(*PARAGRAPHS[:2]), text(PARAGRAPHS[0].replace("two years", "90 days"), PARAGRAPHS[1])
    ).changes
    assert change.kind == "reworded"
    assert ("-", " two years") in change.words
    assert ("+", " 90 days") in change.words


def test_a_moved_paragraph_is_moved_and_not_edited() -> None:
    order = (PARAGRAPHS[5], *PARAGRAPHS[:5])
    found = compare(text(*PARAGRAPHS), text(*order))
    assert [(change.kind, change.after.text if change.after else "") for change in found.changes] == [
        ("moved", PARAGRAPHS[5])
    ]


def test_a_moved_paragraph_that_was_also_edited_is_reworded() -> None:
    order = (PARAGRAPHS[5].replace("how long", "how often"), *PARAGRAPHS[:5])
    (change,) = compare(text(*PARAGRAPHS), text(*order)).changes
    assert change.kind == "reworded"


def test_a_sentence_cut_in_two_is_one_change() -> None:
    before = text(
        PARAGRAPHS[0], "We store your notes on our servers in Ireland and we read them to fix faults.", PARAGRAPHS[1]
    )
    after = text(
        PARAGRAPHS[0],
        "We store your notes on our servers in Ireland. We read them to fix faults.",
        PARAGRAPHS[1],
    )
    (change,) = compare(before, after).changes
    assert (change.kind, len(change.also_after)) == ("reworded", 1)
    assert (
        "".join(part for op, part in change.words if op != "+")
        == "We store your notes on our servers in Ireland and we read them to fix faults."
    )


def test_two_sentences_joined_are_one_change() -> None:
    before = text(
        PARAGRAPHS[0],
        "We store your notes on our servers in Ireland. We read them to fix faults.",
        PARAGRAPHS[1],
    )
    after = text(
        PARAGRAPHS[0],
        "We store your notes on our servers in Ireland and we read them to fix faults.",
        PARAGRAPHS[1],
    )
    (change,) = compare(before, after).changes
    assert (change.kind, len(change.also_before)) == ("reworded", 1)


def test_lines_that_extraction_joined_without_a_space_are_no_change() -> None:
    before = text(PARAGRAPHS[0], "We may use your notes,\nfor instance to\nfix faults.", PARAGRAPHS[1])
    after = text(PARAGRAPHS[0], "We may use your notes,for instance tofix faults.", PARAGRAPHS[1])
    found = compare(before, after)
    assert found.changes == ()
    assert found.reflowed[0]


def test_a_term_that_is_replaced_everywhere_is_one_rename_and_no_change() -> None:
    before = text(*(paragraph.replace("Readers", "Members") + " The Bookvault holds it." for paragraph in PARAGRAPHS))
    after = before.replace("Bookvault", "Shelfhouse")
    found = compare(before, after)
    assert found.renames == (("bookvault", "shelfhouse"),)
    assert found.changes == ()


def test_what_changes_beside_a_rename_is_still_found() -> None:
    before = text(*(f"{paragraph} The Bookvault holds it." for paragraph in PARAGRAPHS))
    after = before.replace("Bookvault", "Shelfhouse").replace("two years", "five years")
    (change,) = compare(before, after).changes
    assert ("-", " two") in change.words


def test_a_word_with_a_meaning_of_its_own_is_never_a_rename() -> None:
    before = text(
        *(
            f"Every {name} may be shared with advertisers of our choice."
            for name in ("note", "photo", "address", "order", "page")
        )
    )
    found = compare(before, before.replace("may", "will"))
    assert found.renames == ()
    assert kinds(found) == ["reworded"] * 5


def test_a_rename_is_not_believed_when_the_old_term_stays() -> None:
    before = text(*(f"The Bookvault {paragraph}" for paragraph in PARAGRAPHS))
    after = before.replace("Bookvault", "Shelfhouse", 3)
    assert compare(before, after).renames == ()


def test_equal_clauses_in_lists_are_matched_in_order() -> None:
    rows = "\n".join("- Yes" if n % 2 else f"- Category {n}" for n in range(20))
    found = compare(rows, rows.replace("- Category 8\n- Yes\n", ""))
    assert kinds(found) == ["removed", "removed"]


words = st.sampled_from(
    ["we", "share", "keep", "data", "with", "courier", "for", "days", "and", "may", "not", "notes", "year"]
)
sentences = st.lists(words, min_size=2, max_size=8).map(lambda parts: " ".join(parts).capitalize() + ".")
documents = st.lists(sentences, max_size=12).map(lambda parts: "\n\n".join(parts) + "\n")


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_every_clause_is_accounted_for_exactly_once(before: str, after: str) -> None:
    found = compare(before, after)
    old, new = clauses(found)
    assert Counter(old) == Counter(clause for clause in found.before if plain.key(clause.text))
    assert Counter(new) == Counter(clause for clause in found.after if plain.key(clause.text))


@given(documents)
@settings(max_examples=60, deadline=None)
def test_a_text_against_itself_changes_nothing(document: str) -> None:
    assert compare(document, document + "\n").changes == ()


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_words_concatenate_to_both_texts(before: str, after: str) -> None:
    for change in compare(before, after).changes:
        if change.kind == "reworded" and change.before and change.after:
            old = " ".join(clause.text for clause in (change.before, *change.also_before))
            new = " ".join(clause.text for clause in (change.after, *change.also_after))
            assert "".join(part for op, part in change.words if op != "+") == old
            assert "".join(part for op, part in change.words if op != "-") == new
        else:
            assert change.words == ()


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_backwards_what_was_added_is_removed(before: str, after: str) -> None:
    there, back = Counter(kinds(compare(before, after))), Counter(kinds(compare(after, before)))
    assert there["added"] - there["removed"] == back["removed"] - back["added"]


COLLECTED, NOT_COLLECTED = "We collect:", "We do not collect:"


def lists(collected: str, spared: str) -> str:
    return "\n\n".join(
        f"{lead}\n\n{items}"
        for lead, words in ((COLLECTED, collected), (NOT_COLLECTED, spared))
        if (items := "\n".join(f"- your {word}" for word in words.split()))
    )


def test_an_item_that_stays_while_the_lead_in_of_another_list_passes_it_has_moved() -> None:
    """It is in the same place as before, but under another sentence: what it says was turned."""
    for before, after in (
        (lists("income", "pulse voice"), lists("income pulse", "voice")),
        (lists("income pulse", "voice"), lists("income", "pulse voice")),
    ):
        moved = [
            (change.before.lead_in, change.after.lead_in)
            for change in compare(before, after).changes
            if change.before and change.after and change.after.text == "your pulse"
        ]
        assert len(moved) == 1
        assert set(moved[0]) == {COLLECTED, NOT_COLLECTED}


def test_items_of_a_list_that_is_gone_and_that_now_stand_in_another_have_moved() -> None:
    found = compare(lists("income", "pulse"), lists("income pulse", ""))
    assert sorted(kinds(found)) == ["moved", "removed"]


def test_items_whose_lead_in_gave_way_to_quite_another_one_have_moved() -> None:
    before = lists("", "income pulse")
    after = before.replace("We do not collect:", "What you tell us on the first day is:")
    assert sorted(kinds(compare(before, after))) == ["added", "moved", "moved", "removed"]


def test_items_whose_lead_in_is_put_otherwise_have_not_moved() -> None:
    before = lists("income pulse", "")
    assert kinds(compare(before, before.replace("We collect:", "We may collect:"))) == ["reworded"]
    nested = "We collect the following:\n\n- your card, such as:\n  - its number\n  - its name\n"
    assert kinds(compare(nested, nested.replace("card, such as", "bank card, such as"))) == ["reworded"]
    assert kinds(compare(nested, nested.replace("the following", "all of the following"))) == ["reworded"]
    joined = "Hikers ask us for maps. We collect:\n\n- your income\n"
    assert kinds(compare(joined, joined.replace("maps. We", "maps, we"))) in (["reworded"], [])


def test_of_hundreds_of_reworded_clauses_each_finds_its_own() -> None:
    """So many that not all are compared with all: words that few clauses have tell which may be which."""
    names = [
        f"{first}{second}{third}"
        for first in "bdfgklmn"
        for second in "aeiou"
        for third in ("rk", "rn", "nd", "lm", "sp", "rt", "mp")
    ]
    old = [f"Hut {name} keeps the list of its guests for two winters and then burns it." for name in names]
    new = [f"The hut {name} keeps a list of guests for three winters, and burns it after that." for name in names]
    found = compare(text(*old), text(*reversed(new))).changes
    pairs = {(change.before.text, change.after.text) for change in found if change.before and change.after}
    assert pairs == set(zip(old, new, strict=True))
    assert len(found) == len(names)


def test_clauses_that_share_no_word_with_any_other_are_not_paired() -> None:
    old = [f"Hut {n:03}a keeps lists." for n in range(250)]
    new = [f"Yonder cabin{n:03}b burns papers!" for n in range(250)]
    assert Counter(kinds(compare(text(*old), text(*new)))) == {"removed": 250, "added": 250}
