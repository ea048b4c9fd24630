"""The words of the rules: stems, synonyms, figures, dates and places."""

from __future__ import annotations

import pytest

from monitor.meaning.materiality.figures import dates, emails, in_figures, numbers
from monitor.meaning.materiality.lexicon import lexicon, stem


@pytest.mark.parametrize(
    "forms",
    [
        "collect collects collected collecting",
        "share shares shared sharing",
        "company companies",
        "cookie cookies",
        "sell sells sold selling",
        "survey surveys",
        "process processes processing",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("policy", "police"),
        ("other", "others"),
        ("note", "not"),
        ("information", "inform"),
        ("us", "use"),
        ("party", "part"),
        ("opt", "option"),
    ],
)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("our web site", "our website"),
        ("personal information", "personal data"),
        ("third-party cookies", "third party cookies"),
        ("prior to use", "before use"),
        ("in the eu", "in the european union"),
        ("swiss residents", "switzerland residents"),
        ("including your name", "such as your name"),
    ],
)
def test_synonyms_are_uniform(one: str, other: str) -> None:
    assert lexicon().uniform(one.split()) == lexicon().uniform(other.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kept for 30 days", {"30 day": 1}),
        ("kept for twelve months", {"1 year": 1}),
        ("kept for 24 months", {"2 year": 1}),
        ("within 48 hours", {"2 day": 1}),
        ("for one year", {"1 year": 1}),
        ("one of them", {}),
        ("see section 7 and 9", {}),
        ("as 4.2 says", {}),
        ("4.5 million euros", {"4.5": 1}),
        ("326 kb", {}),
        ("our 842 partners", {}),
        ("12,500 users", {}),
        ("under 16", {"16": 1}),
        ("children under thirteen", {"13": 1}),
        ("a fee of $ 5", {"5": 1}),
    ],
)
def test_numbers_that_say_something(text: str, expected: dict[str, int]) -> None:
    assert dict(numbers(text.split())) == expected


def test_a_number_given_both_ways_is_given_once() -> None:
    assert in_figures(["twelve", "12", "months"]) == ("12", "months")
    assert in_figures(["no", "one", "may"]) == ("no", "one", "may")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("updated 3 march 2024", "3 march 2024"),
        ("updated march 3rd 2024", "march 3rd 2024"),
        ("updated 03/03/2024 by us", "03/03/2024"),
        ("in may 2018 we", "may 2018"),
        ("children under 13 may not register", ""),
        ("you may keep 5 notes", ""),
        ("2024年5月1日", "2024年5月1日"),
    ],
)
def test_dates_are_found_and_may_is_a_verb(text: str, expected: str) -> None:
    words = text.split()
    assert " ".join(words[n] for n in sorted(dates(words))) == expected


def test_a_hidden_address_is_no_address() -> None:
    assert emails(["a@quillmoor.example", "address@hidden", "quillmoor.example"]) == {"a@quillmoor.example"}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("residents of the european union", {"european union"}),
        ("the eu and the uk", {"european union", "united kingdom"}),
        ("contact us today", set()),
        ("stored in the u.s and ireland", {"united states", "ireland"}),
        ("the eu-us privacy shield", {"eu-us"}),
    ],
)
def test_places_are_named_once(text: str, places: set[str]) -> None:
    lex = lexicon()
    assert lex.named_places(lex.uniform(text.split())) == places


def test_every_group_that_the_kinds_name_exists() -> None:
    lex = lexicon()
    known = {name for options in lex.facets._by_first.values() for _, name in options}
    groups = {name.partition(".")[0] for name in known}
    assert lex.hard <= groups
    assert lex.counted <= groups
    assert lex.states <= groups
    assert lex.weak <= known
    assert lex.soft <= known
