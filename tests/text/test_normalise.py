"""The stored form of a text, and the key by which two texts are compared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text.links import clean_url, reveal_email
from monitor.text.normalise import fold, normalise

STORED = {
    "underlined headings": ("Title\n=====\n\nPart\n---\nWords.", "# Title\n\n## Part\n\nWords.\n"),
    "heading with closing marks": ("## Part ##\nWords.", "## Part\n\nWords.\n"),
    "heading in bold": ("## **Part one**", "## Part one\n"),
    "numbered underlined heading": ("1.  Intro\n    -----\nWords.", "# 1. Intro\n\nWords.\n".replace("# ", "## ", 1)),
    "bullets of all kinds": ("* a\n+ b\n•  c\n-   d", "- a\n- b\n- c\n- d\n"),
    "loose list": ("- a\n\n- b\n\n\n- c", "- a\n- b\n- c\n"),
    "nested by four": ("- a\n    - b\n        - c\n- d", "- a\n  - b\n    - c\n- d\n"),
    "paragraph within an item": ("- a\n\n  more\n- b", "- a\n  more\n- b\n"),
    "further paragraph of the outer item": ("- a\n    - b\n\n  more of a\n- c", "- a\n  - b\n  more of a\n- c\n"),
    "bare address": ("See https://x.test/a?utm_source=b&page=2 for it.", "See https://x.test/a?page=2 for it.\n"),
    "numbers stay": ("3) a\n4) b", "3) a\n4) b\n"),
    "hard breaks": ("One  \ntwo\\\nthree", "One\n\ntwo\n\nthree\n"),
    "rule": ("a\n\n* * *\n\nb\n\n---\n", "a\n\nb\n"),
    "table": ("|a|b|\n|:--|---:|\n|  1 | 2|", "| a | b |\n| --- | --- |\n| 1 | 2 |\n".replace("|:--|", "| --- |")),
    "table after words": ("Words:\n| a | b |\n| --- | --- |", "Words:\n\n| a | b |\n| --- | --- |\n"),
    "row of dashes is data": ("| a | b |\n| --- | --- |\n| - | - |", "| a | b |\n| --- | --- |\n| - | - |\n"),
    "escaped pipe": ("| a \\| b | c |", "| a \\| b | c |\n"),
    "image": ("Words ![logo](https://x.test/a.png?sig=1) more", "Words more\n"),
    "linked image": ("Words [![logo](a.png)](https://x.test) more", "Words more\n"),
    "anchor of a heading": ("## Part [¶](https://x.test/#part)", "## Part\n"),
    "quote": ("> a\n> b", "> a\n> b\n"),
    "fence": ("```\na\n```\nb", "a\n\nb\n"),
    "escapes stay": ("1\\. Who we are", "1\\. Who we are\n"),
    "typography stays": ("“Data” – it’s ours…", "“Data” – it’s ours…\n"),
    "markdown inside a line stays": ("**We** _may_ [ask](https://x.test/a).", "**We** _may_ [ask](https://x.test/a).\n"),
    "block right below itself": ("Same words.\n\nSame words.\n\nOther.", "Same words.\n\nOther.\n"),
    "counter": ("Updated 3 days ago\n\nWords.\n\n5 min read\n\n1,204 views", "Words.\n"),
    "a duration is no counter": ("We keep it for 30 days.\n\n12 months", "We keep it for 30 days.\n\n12 months\n"),
    "blank": (" \n\t\n\u200b\n", ""),
}  # fmt: skip


@pytest.mark.parametrize(("source", "stored"), STORED.values(), ids=STORED)
def test_the_stored_form(source: str, stored: str) -> None:
    if "|:--|" in source:
        source = source.replace("|:--|---:|", "|:---|---:|")
    assert normalise(source) == stored


INVISIBLE = {
    "nbsp": "per\u00a0sonal",
    "thin space": "per\u2009sonal",
    "tab": "per\tsonal",
    "two spaces": "per  sonal",
}


@pytest.mark.parametrize("spelling", INVISIBLE.values(), ids=INVISIBLE)
def test_kinds_of_space_are_one_space(spelling: str) -> None:
    assert normalise(spelling) == "per sonal\n"


@pytest.mark.parametrize(
    "mark", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200d", "\u200c", "\u200e", "\x00", "\x07", "\x9f"]
)
def test_what_cannot_be_seen_is_gone(mark: str) -> None:
    assert normalise(f"per{mark}sonal") == "personal\n"


def test_joiners_of_other_scripts_stay() -> None:
    assert "\u200c" in normalise("می\u200cخواهم")


def test_composed_and_decomposed_letters_are_one() -> None:
    assert normalise("Lo\u0308schung") == normalise("L\u00f6schung") == "L\u00f6schung\n"


@pytest.mark.parametrize("between", ["\u200b", "\x07", "\u200d", "\u00ad"])
def test_a_letter_and_its_accent_are_one_when_nothing_that_is_seen_stands_between(between: str) -> None:
    assert normalise(f"n{between}\u0303 words") == "\u00f1 words\n"


def test_lines_that_are_only_wrapped_become_paragraphs() -> None:
    sentence = "we collect what you tell us about your routes and keep it in our own cellar below the shop\n"
    wrapped = "# Policy\n\n" + ("When you walk\n" + sentence * 5 + "\n") * 4
    assert normalise(wrapped).count("\n\n") == 1  # the four paragraphs are the same, and one is kept
    assert "walk we collect" in normalise(wrapped)


def test_lines_that_mean_something_stay_apart() -> None:
    address = "Larkfield Ltd.\n12 Mill Lane\nOxbridge\nEngland"
    assert normalise(address) == address.replace("\n", "\n\n") + "\n"


def test_converted_html_has_soft_line_ends() -> None:
    assert normalise("one\ntwo\\\nthree\n\n- four\n  five", wrapped=True) == "one two\n\nthree\n\n- four five\n"


def test_a_long_passage_that_stands_twice_is_a_copy_of_the_page() -> None:
    passage = "\n\n".join(f"Sentence number {n} says something about the data of a hiker." for n in range(20))
    assert normalise(f"{passage}\n\n{passage}\n\nEnd.") == f"{passage}\n\nEnd.\n"
    changed = passage.replace("number 7", "number 77")
    assert "number 77" in normalise(f"{passage}\n\n{changed}")


WORDS = st.text(st.sampled_from("aB1.,:-*_#|>[]()!\\`~=+•  \n\n\t\u00a0\u200bé“—<&"), max_size=120)


@settings(derandomize=True, max_examples=400)
@given(st.one_of(WORDS, st.text(max_size=80)))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "## For how long # # #",
        "*" + " " * 30 + "item",
        "# **Your rights #**",
        "**Your rights #**\n===\n",
        "# __**Both** #__ #",
        "# \\#",
    ],
)
def test_what_is_unwrapped_is_unwrapped_at_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(("mark", "stored"), [("-", "-"), ("•", "-"), ("3.", "3.")])
def test_a_mark_alone_on_its_line_begins_the_item_that_stands_below_it(mark: str, stored: str) -> None:
    assert normalise(f"{mark}\none\n{mark} two", wrapped=True) == f"{stored} one\n{stored} two\n"


@settings(derandomize=True, max_examples=200)
@given(WORDS)
def test_no_letter_or_digit_is_invented_or_reordered(text: str) -> None:
    stored = iter(text)
    assert all(any(letter == wanted for letter in stored) for wanted in normalise(text) if wanted.isalnum())


SAME = [
    ("It’s “our” data – yours…", 'it\'s "OUR" data - yours...'),
    ("**Personal** _data_", "Personal data"),
    ("See [our list](https://x.test/a)", "See our list"),
    ("See [our list](https://x.test/a)", "See [our list](https://y.test/b)"),
    ("1\\. Who we are", "1. Who we are"),
    ("a<br>b", "a b"),
    ("a <span class='x'>b</span> c", "a b c"),
    ("## Your Rights", "Your rights"),
    ("privacy (at) larkfield (dot) example", "privacy@larkfield.example"),
    ("Visit https://x.test/a?utm_source=mail", "Visit https://x.test/a"),
    ("<https://x.test/a>", "https://x.test/a"),
    ("[[email protected]](/cdn-cgi/l/email-protection#422d2f02386c36)", "om@z.t"),
    ("[our protected list](https://x.test/a)", "our protected list"),
    ("ｆｕｌｌ width", "full width"),
    ("soft\u00adhyphen", "softhyphen"),
    ("Straße", "strasse"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_presentation_makes_no_difference_to_the_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


DIFFERENT = [
    ("We do not sell data.", "We do sell data."),
    ("30 days", "90 days"),
    ("16", "18"),
    ("may", "will"),
    ("privacy@larkfield.example", "dpo@larkfield.example"),
    ("https://x.test/a?page=1", "https://x.test/a?page=2"),
    ("personal data", "personal dаta"),
    ("résumé", "resume"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_is_said_makes_a_difference_to_the_key(one: str, other: str) -> None:
    assert fold(one) != fold(other)


URLS = {
    "https://x.test/a?utm_source=b&utm_medium=c": "https://x.test/a",
    "https://x.test/a?page=2&fbclid=zz#part": "https://x.test/a?page=2#part",
    "https://x.test/a;jsessionid=1F2?b=1": "https://x.test/a?b=1",
    "https://x.test/a?PHPSESSID=12&lang=de": "https://x.test/a?lang=de",
    "https://x.test/a.png?X-Amz-Signature=1&X-Amz-Date=2": "https://x.test/a.png",
    "/cdn-cgi/l/email-protection#422d2f02386c36": "mailto:om@z.t",
    "https://x.test/?policy_id=7": "https://x.test/?policy_id=7",
    "mailto:a@x.test": "mailto:a@x.test",
    "https://x.test/a?": "https://x.test/a",
}


@pytest.mark.parametrize(("url", "clean"), URLS.items())
def test_addresses_lose_only_what_changes_at_every_visit(url: str, clean: str) -> None:
    assert clean_url(url) == clean


@pytest.mark.parametrize("code", ["", "4", "zz", "42", "4200", "42386c36", "42ff"])
def test_a_broken_hidden_address_stays_hidden(code: str) -> None:
    assert reveal_email(code) == ""
