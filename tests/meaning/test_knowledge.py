"""The data files: complete, well formed, and true to the vocabulary they name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from monitor.meaning import knowledge
from monitor.meaning.knowledge import checked, explain, labels, table
from monitor.meaning.lexicon import FILES, entries, expand, lexicon

ACTIONS = {"added", "removed", "changed"}
DIRECTIONS = {"worse", "better", "neutral", "unclear"}
SEVERITIES = {"none", "low", "medium", "high"}


def test_there_are_sixty_labels_and_the_last_is_reserved() -> None:
    assert len(labels()) == 60
    assert list(labels())[-1] == "unclassified"


@pytest.mark.parametrize("label", list(labels()))
def test_a_label_says_what_it_means_and_has_a_place_in_the_table(label: str) -> None:
    entry = labels()[label]
    assert entry.name
    assert entry.say
    way, grade = table().labels[label]
    assert set(table().directions[way]) == {"practice", "commitment"}
    assert all(set(row) == ACTIONS for row in table().directions[way].values())
    assert all(value in DIRECTIONS for row in table().directions[way].values() for value in row.values())
    assert set(table().severities[grade]) == DIRECTIONS | {"withdrawn"}
    assert set(table().severities[grade].values()) <= SEVERITIES


def test_the_table_knows_no_label_that_the_taxonomy_has_not() -> None:
    assert set(table().labels) == set(labels())


def test_a_withdrawn_promise_about_a_grave_matter_is_the_gravest_there_is() -> None:
    assert table().severities["grave"]["withdrawn"] == "high"
    assert table().severities["weighty"]["withdrawn"] == "high"


def test_every_mapping_says_whether_it_was_checked() -> None:
    schemes = {scheme for entry in labels().values() for scheme, _ in entry.mappings}
    assert schemes <= set(checked())
    assert [scheme for scheme, done in checked().items() if done] == ["dpv"]


@pytest.mark.data
def test_every_term_of_the_vocabulary_stands_in_its_own_files(data: Path) -> None:
    known: set[str] = set()
    for path in (data / "dpv").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as rows:
            known |= {f"{row['vocab']}:{row['term']}" for row in csv.DictReader(rows) if row.get("vocab")}
    named = [
        term
        for entry in labels().values()
        for scheme, terms in entry.mappings
        if scheme == "dpv"
        for term in terms.split("; ")
    ]
    parts = [part for term in named for part in term.split(">") if not part.startswith("x:")]
    assert parts
    assert [part for part in parts if part not in known] == []


@pytest.mark.parametrize("file", FILES)
def test_a_lexicon_file_has_only_terms_that_can_be_read(file: str) -> None:
    for name, text in knowledge.read(file)["terms"].items():
        assert entries(text), name
        for entry in entries(text):
            assert entry.count("(") == entry.count(")"), f"{name}: {entry}"
            for row in expand(entry):
                words = row.split()
                assert words, f"{name}: {entry}"
                assert not words[0].startswith(".."), f"{name}: {entry} begins with a gap"
                assert not words[-1].startswith(".."), f"{name}: {entry} ends with a gap"
                assert not set("()") & set(row), f"{name}: {entry} has a group inside a group"
                assert all(part == part.lower() for part in words), f"{name}: {entry} has capitals"


def test_a_term_that_stands_for_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="stands for"):
        expand(" ".join(["(a b|c d|e f|g h|i j|k l)"] * 4))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("third-party advertising networks", "who.adpartners"),
        ("precise geolocation", "data.location_precise"),
        ("the general location", "data.location_coarse"),
        ("train our machine learning models", "purpose.ai_training"),
        ("lodge a complaint", "right.complaint"),
        ("standard contractual clauses", "topic.mechanism"),
    ],
)
def test_the_longest_term_of_a_group_wins(words: str, name: str) -> None:
    found = lexicon().find(words.replace("-", " ").split())
    assert name in {mention.name for mention in found}


@pytest.mark.parametrize(
    ("words", "group"),
    [("the domain name", "data"), ("at the point of sale", "act.sell"), ("links to third party websites", "who")],
)
def test_words_that_only_look_like_a_term_are_hidden(words: str, group: str) -> None:
    assert not [one for one in lexicon().find(words.split()) if one.name.startswith(group)]


def test_explain_prints_meaning_mappings_and_severities() -> None:
    text = explain("share.sale")
    assert text.startswith("share.sale: Sale of data")
    assert "dpv:SellDataToThirdParties\n" in text
    assert "(not checked against the source)" in text
    assert "promise not to removed        worse      high" in text


def test_explain_names_the_nearest_labels_of_a_wrong_one() -> None:
    with pytest.raises(KeyError, match=r"data\.location_precise"):
        explain("data.gps")
    with pytest.raises(KeyError, match=r"Did you mean retention\?"):
        explain("retentoin")
