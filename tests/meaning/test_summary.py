"""Sentences about findings and changes: what they quote, and that no denial is lost where they are cut."""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import replace

import pytest

from monitor.meaning.excerpt import excerpt, excerpts, words_of
from monitor.meaning.knowledge import table
from monitor.meaning.summary import change_summary, sentence, told_apart
from monitor.model import Action, Assessment, Direction, Finding, Polarity, Quote, Severity

TURNS = ("not", "never", "unless", "except", "only", "without", "cannot", "nor", "if")


def finding(
    before: str | None,
    after: str | None,
    *,
    label: str = "share.sale",
    action: Action = "added",
    polarity: Polarity = "practice",
    direction: Direction = "worse",
    severity: Severity = "high",
    value: str = "",
    rule: str = "clause.share",
) -> Finding:
    old, new = (Quote(text, 0, len(text)) if text is not None else None for text in (before, after))
    return Finding(label, action, polarity, direction, severity, value, (), "new", rule, "", old, new)


def test_what_came_is_quoted_with_what_it_is_about() -> None:
    said = sentence(finding(None, "We may sell your trails.", value="sell"))
    assert said == "The text now says “We may sell your trails.” (the sale of personal data)"


def test_of_two_documents_none_is_the_earlier_one() -> None:
    worse = finding(None, "We may sell your trails.", value="sell")
    better = finding("We keep your trails.", "We keep your trails for a day.", action="changed", direction="better")
    gone = replace(finding("We ask first.", None, action="removed"), novelty="restated")
    same = finding("We keep it.", "We keep it.", action="changed")
    told = told_apart(
        Assessment("substantive", "high", "mixed", "The text now …", (worse, better, gone, same), (), "1", silent=True)
    )
    assert [one.summary.partition(" (")[0] for one in told.findings] == [
        "Only the second text says “We may sell your trails.”",
        "The first text says “We keep your trails.” and the second “We keep your trails for a day.”",
        "Only the first text says “We ask first.”",
        "Both texts have “We keep it.”, among words that differ and turn what it says",
    ]
    assert told.findings[2].summary.endswith("; the other text speaks of it elsewhere)")
    assert told.summary.startswith("Worse in the second: only the second text says “We may sell your trails.” (")
    assert "; better there: the first text says “We keep your trails.” and the second “" in told.summary
    assert not re.search(r"\b(now|no longer|earlier)\b", told.summary)
    assert not told.silent, "which date moved is no question between two documents"


def test_what_went_is_quoted_too() -> None:
    gone = finding("We never sell your trails.", None, action="removed", polarity="commitment")
    assert (
        sentence(gone)
        == "The text no longer says “We never sell your trails.” (a promise about the sale of personal data)"
    )


def test_what_changed_is_quoted_before_and_after() -> None:
    said = sentence(finding("Kept for 30 days.", "Kept for 90 days.", label="retention", action="changed"))
    assert said == "The text said “Kept for 30 days.” and now says “Kept for 90 days.” (how long data are kept)"


def test_words_that_stay_but_mean_something_else_are_quoted_once() -> None:
    said = sentence(finding("Your trails", "Your trails", action="changed", value="Your trails"))
    assert said.startswith("The text now has “Your trails” among other words")


def test_names_and_places_are_told_beside_the_quotation() -> None:
    said = sentence(finding(None, "Our hosts include Grindle Ltd.", label="share.named", value="Grindle Ltd"))
    assert said.endswith("(a named recipient: Grindle Ltd)")


def test_a_restated_practice_is_said_to_have_been_there() -> None:
    again = replace(finding(None, "We sell trails."), novelty="restated")
    assert sentence(again).endswith("(the sale of personal data; the earlier text spoke of it elsewhere)")


def test_what_no_rule_can_read_is_quoted_all_the_same() -> None:
    said = sentence(finding(None, "Trails are weighed on Mondays.", label="unclassified"))
    assert said == "The text now says “Trails are weighed on Mondays.” (no rule can say what that means)"


def test_a_change_tells_of_both_directions() -> None:
    worse = finding(None, "We may sell your trails.")
    better = finding("We keep trails for ever.", None, label="retention", action="removed", direction="better")
    assert change_summary([better, worse], materiality="substantive") == (
        "For the worse, the text now says “We may sell your trails.” (the sale of personal data); for the better, it no "
        "longer says “We keep trails for ever.” (how long data are kept)"
    )


def test_a_change_in_one_direction_tells_of_the_gravest_and_counts_the_rest() -> None:
    low = finding(None, "We like maps.", label="data.contact", severity="low")
    said = change_summary([low, finding(None, "We may sell your trails."), low], materiality="substantive")
    assert said == "The text now says “We may sell your trails.” (the sale of personal data); in all 3 for the worse"


def test_of_equally_grave_ones_what_people_ask_first_is_told_first() -> None:
    listens = finding(None, "We do not listen in.", label="data.communications", direction="better", severity="medium")
    sells = finding(None, "We do not sell data.", direction="better", severity="medium")
    graver = replace(listens, severity="high")
    assert "sell data" in change_summary([listens, sells], materiality="substantive")
    assert "listen in" in change_summary([sells, graver], materiality="substantive")


def test_every_label_that_is_told_first_is_a_label() -> None:
    assert set(table().first) <= set(table().labels)


def test_a_change_in_other_words_comes_after_one_that_is_sure() -> None:
    words = finding("We note calls.", "We note all calls.", action="changed", rule="edit.words")
    sure = finding(None, "We may sell your trails.", severity="medium")
    assert "sell your trails" in change_summary([words, sure], materiality="substantive")


def test_an_excerpt_shows_what_a_rule_saw() -> None:
    quote = " ".join(["Here", "is", *["much"] * 60, "about", "voiceprints", "of", "yours", *["more"] * 60])
    said = excerpt(quote, "voiceprints of", 80)
    assert "voiceprints of yours" in said
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) < 100


def test_an_excerpt_leaves_out_marks_and_targets_of_links() -> None:
    assert (
        excerpt("**See [our *long* list](https://x.example/a?b=c) of “friends”.**", "", 99)
        == "See our *long* list of ‘friends’."
    )


def test_two_excerpts_show_what_differs() -> None:
    same = " ".join(f"word{n}" for n in range(20))
    old, new = excerpts(f"{same} for thirty days {same}", f"{same} for ninety days {same}", 60)
    assert "thirty" in old
    assert "ninety" in new


def test_quotations_without_a_common_word_are_shown_from_their_beginnings() -> None:
    assert excerpts("Alpha beta.", "Gamma delta.", 60) == ("Alpha beta.", "Gamma delta.")


@pytest.mark.parametrize("turn", [*TURNS, "don’t", "won't"])
def test_no_word_that_turns_what_is_said_is_ever_cut_away(turn: str) -> None:
    for place, focus in itertools.product(range(0, 60, 7), range(0, 60, 11)):
        words = [f"w{n}" for n in range(60)]
        words[place] = turn
        for said in (
            excerpt(" ".join(words), f"w{focus}", 60),
            *excerpts(" ".join(words), " ".join([*words, "x"]), 60),
        ):
            assert turn in said.split(), (place, focus, said)


def test_an_excerpt_has_only_words_of_its_quotation_in_their_order() -> None:
    chance = random.Random(7)
    pool = [
        "we",
        "do",
        "not",
        "sell",
        "data",
        "unless",
        "you",
        "agree,",
        "only",
        "where",
        "(see",
        "below)",
        "**so**",
        "|",
    ]
    for _ in range(500):
        quote = " ".join(chance.choices(pool, k=chance.randrange(1, 70)))
        said = excerpt(quote, " ".join(chance.choices(pool, k=3)), chance.randrange(20, 150))
        rest = iter([re.sub("[,;:]$", "", word) for word in words_of(quote)])
        kept = [re.sub("[,;:]$", "", word) for word in said.split() if word != "…"]
        assert all(word in rest for word in kept), (quote, said)
