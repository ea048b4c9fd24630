"""Two texts laid out as rows."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report import made

from monitor.compare import compare
from monitor.model import Clause, ClauseChange, Quote
from monitor.report import folding
from monitor.report.anchors import anchor
from monitor.report.comparison import compare_pages
from monitor.report.comparison_page import finding_quotes
from monitor.report.rows import Comparison, Fold, Row
from monitor.text.segment import segment

WORDS = [
    "we",
    "keep",
    "your",
    "name",
    "and",
    "share",
    "data",
    "with",
    "partners",
    "for",
    "ads",
    "until",
    "you",
    "ask",
    "us",
    "to",
    "stop",
    "please",
]


def laid_out(before: str, after: str) -> Comparison:
    return compare_pages(segment(before), segment(after), compare(before, after).changes)


def rows(layout: Comparison) -> list[Row]:
    return [item for section in layout.sections for item in section.items if isinstance(item, Row)]


def folds(layout: Comparison) -> list[Fold]:
    return [item for section in layout.sections for item in section.items if isinstance(item, Fold)]


def text_of(row: Row, side: str) -> str:
    cell = row.before if side == "before" else row.after
    return "".join(piece for _, piece in cell.parts) if cell else ""


def reading(layout: Comparison) -> list[str]:
    """What stands on the page, top to bottom."""
    found = []
    for section in layout.sections:
        for item in section.items:
            if isinstance(item, Row):
                found.append(f"{item.kind}: {text_of(item, 'after') or text_of(item, 'before')}")
            else:
                found.extend(line.text for line in item.lines)
    return found


@pytest.fixture
def layout() -> Comparison:
    said = made.assessment()
    clauses = segment(made.BEFORE), segment(made.AFTER)
    return compare_pages(*clauses, said.clauses, finding_quotes(said.findings))


def test_every_change_stands_there_once_and_a_move_at_both_its_ends(layout: Comparison) -> None:
    assert sorted(row.kind for row in rows(layout)) == [
        "added", "added", "moved-away", "moved-here", "removed", "removed", "reworded",
    ]  # fmt: skip


def test_the_ends_of_a_move_link_to_each_other(layout: Comparison) -> None:
    here, away = (next(row for row in rows(layout) if row.kind == kind) for kind in ("moved-here", "moved-away"))
    assert here.after
    assert away.before
    assert (here.link, away.link) == (away.before.anchor, here.after.anchor)


def test_a_removed_clause_stands_after_what_preceded_it(layout: Comparison) -> None:
    found = reading(layout)
    at = found.index("removed: We may show you advertisements chosen by what you say in meetings.")
    assert found[at - 1] == "Companies that run our servers receive what they need."


def test_what_did_not_change_is_folded_but_for_its_neighbours(layout: Comparison) -> None:
    closed = [line.text for fold in folds(layout) if not fold.open for line in fold.lines]
    opened = [line.text for fold in folds(layout) if fold.open for line in fold.lines]
    assert "Parley runs meetings for people who are not in one room." in closed
    assert "Companies that run our servers receive what they need." in opened


def test_rows_stand_under_the_headings_of_their_text(layout: Comparison) -> None:
    for section in layout.sections:
        for item in section.items:
            if isinstance(item, Row) and item.kind == "added":
                assert section.path == ("Parley privacy policy", "What we collect")


def test_a_quotation_has_a_place_also_in_unchanged_text() -> None:
    clauses = segment(made.BEFORE), segment(made.AFTER)
    quotes = [
        ("after", made.quote(made.AFTER, "for people who are not")),
        ("before", made.quote(made.BEFORE, "for people who are not")),
        ("before", made.quote(made.BEFORE, "depends on what selling")),
    ]
    layout = compare_pages(*clauses, made.clause_changes(), quotes)  # type: ignore[arg-type] # literals
    unchanged = anchor("a", "Parley runs meetings for people who are not in one room.")
    assert layout.place("after", quotes[0][1]) == layout.place("before", quotes[1][1]) == unchanged
    assert layout.place("before", quotes[2][1]) == anchor("b", "Whether we sell data depends on what selling means.")
    assert any(line.anchor == unchanged for fold in folds(layout) for line in fold.lines)


def test_a_place_does_not_depend_on_markup_punctuation_or_spaces() -> None:
    assert anchor("a", "We **do not** sell, your data.") == anchor("a", "we do not sell your\n data")
    assert anchor("a", "We do not sell your data.") != anchor("a", "We do sell your data.")


def test_equal_clauses_have_places_of_their_own() -> None:
    layout = laid_out("One.\n\nTwo.\n", "One.\n\nNew words here.\n\nTwo.\n\nNew words here.\n")
    names = [row.after.anchor for row in rows(layout) if row.after]
    assert len(set(names)) == len(names) == 2


def test_a_change_whose_clause_is_not_in_the_text_is_shown_at_the_end_rather_than_nowhere() -> None:
    stray = Clause("Nowhere to be found.", 90_000, 90_020, "sentence", ("Somewhere",))
    clauses = segment(made.BEFORE), segment(made.AFTER)
    changes = (ClauseChange("added", None, stray), ClauseChange("removed", stray, None))
    assert {row.kind for row in rows(compare_pages(*clauses, changes))} == {"added", "removed"}


def test_a_reworded_clause_shows_each_side_only_its_own_words(layout: Comparison) -> None:
    row = next(row for row in rows(layout) if row.kind == "reworded")
    assert row.before
    assert row.after
    assert {op for op, _ in row.before.parts} == {"", "-"}
    assert {op for op, _ in row.after.parts} == {"", "+"}
    assert text_of(row, "before").endswith("as long as you have an account.")
    assert {op for op, _ in row.inline} == {"", "-", "+"}


def test_word_differences_that_do_not_give_the_text_are_not_shown() -> None:
    before, after = segment("We keep it.\n")[0], segment("We sell it.\n")[0]
    changes = [ClauseChange("reworded", before, after, words=(("=", "other words"),))]
    row = rows(compare_pages([before], [after], changes))[0]
    assert (text_of(row, "before"), text_of(row, "after")) == ("We keep it.", "We sell it.")


def test_a_split_clause_is_one_row() -> None:
    before = segment("We keep your name and we keep your address for a year.\n")
    after = segment("We keep your name.\n\nWe keep your address for a year.\n")
    changes = [ClauseChange("reworded", before[0], after[0], also_after=(after[1],))]
    layout = compare_pages(before, after, changes)
    assert [text_of(row, "after") for row in rows(layout)] == ["We keep your name. We keep your address for a year."]
    assert layout.unchanged == 0


def test_a_page_that_would_be_too_large_says_how_much_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "PAGE_LIMIT", 12_000)
    monkeypatch.setattr(folding, "LEAST_FOLDED", 1_000)
    same = "\n\n".join(f"Sentence number {n} says that nothing changes." for n in range(300))
    new = "\n\n".join(f"Clause {n} speaks of entirely other matters, {n * 7}." for n in range(60))
    layout = laid_out(same + "\n", f"{same}\n\n{new}\n")
    assert layout.left_out > 0
    assert len(rows(layout)) + layout.left_out == layout.rows == 60
    left = sum(fold.left_out for fold in folds(layout))
    assert left > 0
    assert left + sum(len(fold.lines) for fold in folds(layout)) == layout.unchanged == 300


sentences = st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(" ".join), max_size=14)


@given(sentences, st.integers(0, 2**32))
def test_whatever_the_texts_are_all_words_of_the_new_one_are_there_in_order(kept: list[str], seed: int) -> None:
    dice = random.Random(seed)
    before = [f"{text.capitalize()}." for text in kept]
    after = [text for text in before if dice.random() < 0.8]
    dice.shuffle(after) if dice.random() < 0.3 else None
    for _ in range(dice.randrange(3)):
        after.insert(dice.randrange(len(after) + 1), " ".join(dice.sample(WORDS, 4)).capitalize() + ".")
    old, new = "\n\n".join(before) + "\n", "\n\n".join(after) + "\n"
    layout = laid_out(old, new)
    shown = [
        text_of(item, "after") if isinstance(item, Row) else [line.text for line in item.lines]
        for section in layout.sections
        for item in section.items
    ]
    flat = " ".join(" ".join(part) if isinstance(part, list) else part for part in shown)
    assert flat.split() == new.split()
    gone = [text_of(row, "before") for row in rows(layout) if row.kind in {"removed", "moved-away", "reworded"}]
    assert len(gone) == sum(change.before is not None for change in compare(old, new).changes)


def test_a_quotation_outside_any_clause_has_no_place() -> None:
    layout = compare_pages((), (), (), [("after", Quote("x", 5, 6))])
    assert layout.place("after", Quote("x", 5, 6)) == ""
