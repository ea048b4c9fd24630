"""Clauses with their places, headings and lead-ins."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text.normalise import normalise
from monitor.text.segment import segment
from monitor.text.sentences import boundaries

DOCUMENT = """\
# Policy of Larkfield

Last updated: 3 March 2026

## What we collect

We collect data. When you sign up, we ask for the following:

- your name
- payment details, such as:
  - a card
  - an address. It may be a P.O. box.
  more on payments
- nothing else

### By cookies

| Data | Kept |
| --- | --- |
| Routes | 24 months |
| Visits | 1 day |

After the table.

**Retention:**

1. We delete it.
2. We forget it.
"""


def test_every_kind_of_clause_with_its_headings_and_lead_in() -> None:
    found = [(c.kind, c.text, c.headings, c.lead_in) for c in segment(DOCUMENT)]
    top = ("Policy of Larkfield",)
    collect = (*top, "What we collect")
    cookies = (*collect, "By cookies")
    retention = (*cookies, "Retention")
    asked = "When you sign up, we ask for the following:"
    assert found == [
        ("heading", "Policy of Larkfield", (), ""),
        ("sentence", "Last updated: 3 March 2026", top, ""),
        ("heading", "What we collect", top, ""),
        ("sentence", "We collect data.", collect, ""),
        ("sentence", asked, collect, ""),
        ("item", "your name", collect, asked),
        ("item", "payment details, such as:", collect, asked),
        ("item", "a card", collect, f"{asked} payment details, such as:"),
        ("item", "an address.", collect, f"{asked} payment details, such as:"),
        ("item", "It may be a P.O. box.", collect, f"{asked} payment details, such as:"),
        ("item", "more on payments", collect, f"{asked} payment details, such as:"),
        ("item", "nothing else", collect, asked),
        ("heading", "By cookies", collect, ""),
        ("row", "Data | Kept", cookies, ""),
        ("row", "Routes | 24 months", cookies, "Data | Kept"),
        ("row", "Visits | 1 day", cookies, "Data | Kept"),
        ("sentence", "After the table.", cookies, ""),
        ("heading", "**Retention:**", cookies, ""),
        ("item", "1. We delete it.", retention, ""),
        ("item", "2. We forget it.", retention, ""),
    ]


def test_a_deeper_heading_ends_at_the_next_of_its_level() -> None:
    paths = [c.headings for c in segment("# a\n\n### b\n\nx.\n\n## c\n\ny.\n\n# d\n\nz.\n") if c.kind == "sentence"]
    assert paths == [("a", "b"), ("a", "c"), ("d",)]


def test_in_a_text_without_marked_headings_short_lines_above_prose_are_titles() -> None:
    prose = "We collect what you tell us about your routes, and we keep it for as long as you like."
    text = f"Policy\n\nWhat we collect\n\n{prose}\n\nYour rights?\n\n{prose[:-1]} it.\n"
    assert [c.headings for c in segment(text) if c.kind == "sentence" and c.text != "Policy"] == [
        ("What we collect",),
        ("Your rights?",),
    ]
    assert [c.kind for c in segment("# T\n\n" + text)].count("heading") == 1


def test_a_bold_sentence_is_no_heading() -> None:
    assert segment("**We do not sell your data.**\n")[0].kind == "sentence"


def test_a_long_row_is_cut_into_what_its_cells_say() -> None:
    long = "We use it to draw maps. We also use it to answer you.<br>- for billing<br>- for safety " + "and so on " * 30
    rows = segment(f"| Data | Purpose |\n| --- | --- |\n| Routes | {long} |\n")[1:]
    assert [row.text for row in rows][:5] == [
        "Routes",
        "We use it to draw maps.",
        "We also use it to answer you.",
        "- for billing",
        rows[4].text,
    ]
    assert rows[1].lead_in == "Routes | Purpose"
    assert all(len(row.text.split()) < 120 for row in rows)


@pytest.mark.parametrize(
    ("row", "clause"),
    [
        ("| Routes | 24 months |", "Routes | 24 months"),
        ("| maps\\|routes | C:\\ | 24 months |", "maps\\|routes | C:\\ | 24 months"),
        ("| Routes | in C:\\ |", "Routes | in C:\\"),
        ("|  | Routes |  | 24 months |  |", "Routes |  | 24 months"),
        ("| <br>Routes<br>by foot | 24 months |", "Routes<br>by foot | 24 months"),
        ("| Routes || 24 months", "Routes |  | 24 months"),
        ("Routes | 24 months", "Routes | 24 months"),
    ],
)
def test_a_row_holds_every_cell_whatever_stands_in_them(row: str, clause: str) -> None:
    text = normalise(f"| Data | More |\n| --- | --- |\n{row}\n")
    assert segment(text)[-1].text == clause


def test_a_table_whose_head_is_empty_has_its_rows_under_the_sentence_above() -> None:
    rows = segment(normalise("We keep:\n\n|  |  |\n| --- | --- |\n| Routes | 24 months |\n"))
    assert [(one.text, one.lead_in) for one in rows] == [("We keep:", ""), ("Routes | 24 months", "We keep:")]


def test_a_line_that_says_nothing_is_no_clause() -> None:
    for line in ("| > |", "| <br> |"):
        assert [one.text for one in segment(f"{line}\n\nWe keep it.\n")] == ["We keep it."]


SENTENCES = {
    "plain": ["We collect data. ", "We keep it! ", "Do you mind? ", "No."],
    "abbreviations": ["We (e.g. Acme Inc. and others) keep data for 30 days. ", "Under the U.S. Privacy Act it is 16. ", "We do not sell."],
    "company at the end": ["We sell to Acme, Inc. ", "We do not sell to B Corp. ", "The end."],
    "etc": ["Data etc. are kept. ", "It includes names, etc. ", "We share it."],
    "german": ["Siehe z. B. Art. 6 Abs. 1 lit. f DSGVO. ", "Am 25. Mai 2018 trat sie in Kraft. ", "Die Frist endet nach § 5. ", "Danach löschen wir."],
    "french": ["Conformément à l'art. 6 du RGPD, vous avez des droits. ", "M. Dupont est DPO."],
    "address": ["Visit https://a.test/x.html. ", "Write to P.O. Box 5, St. Louis. ", "We answer."],
    "numbers before": ["1. Who we are"],
    "escaped numbers before": ["1\\. Who we are"],
    "roman numbers before": ["iv. Who we are"],
    "section numbers": ["See Section 3.2. ", "Your rights follow."],
    "quoted": ["“We do not.” ", "“We may.”"],
    "bold": ["**Sale.** ", "We do not sell."],
    "hyphenated abbreviation": ["It is the EU-U.S. DPF. ", "It applies."],
    "chinese": ["我们收集信息。", "您可以删除。"],
    "initials": ["Ask J. R. Smith about it."],
    "lower case goes on": ["See no. 5 and p. 7 of it."],
    "ellipsis": ["We collect… ", "You know."],
    "url alone": ["www.larkfield.example"],
}  # fmt: skip


@pytest.mark.parametrize("sentences", SENTENCES.values(), ids=SENTENCES)
def test_where_sentences_end(sentences: list[str]) -> None:
    text = "".join(sentences)
    cuts = [0, *boundaries(text), len(text)]
    assert [text[a:b] for a, b in pairwise(cuts)] == sentences


MARKUP = st.text(st.sampled_from("aB1.?!:-*#|>[]()“”<br> \n\n\\é。"), max_size=300)


@settings(derandomize=True, max_examples=400)
@given(st.one_of(MARKUP, st.text(max_size=120)))
def test_clauses_stand_where_they_say_and_no_word_is_lost(source: str) -> None:
    text = normalise(source)
    at = 0
    for clause in segment(text):
        assert text[clause.start : clause.end] == clause.text
        assert clause.text.strip() == clause.text != ""
        assert clause.start >= at
        assert not re.search(r"\w", re.sub(r"<br/?>|\d{1,3}[.)]", "", text[at : clause.start], flags=re.IGNORECASE))
        at = clause.end
    assert not re.search(r"\w", re.sub(r"<br/?>", "", text[at:], flags=re.IGNORECASE))


def test_the_same_text_gives_the_same_clauses() -> None:
    assert segment(DOCUMENT) == segment(DOCUMENT)


@pytest.mark.clocked
def test_five_thousand_words_are_cut_in_a_few_milliseconds(slack: float) -> None:
    text = normalise(
        "\n\n".join(f"Clause {n} says what we do with data of kind {n}. It is kept for {n} days." for n in range(280))
    )
    best = min(_spent(text) for _ in range(5))
    assert best < 0.02 * slack  # 5 ms on an idle machine


def _spent(text: str) -> float:
    began = time.process_time()
    segment(text)
    return time.process_time() - began
