"""The static site's search, as far as it needs no browser."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st
from report import made

from monitor.model import Clause, Version
from monitor.report import search
from monitor.text.segment import segment

OLD = "# Policy\n\nWe keep logs.\n\nWe share data.\n"
NEW = "# Policy\n\nWe keep logs.\n\nWe sell data.\n"


def versions() -> list[tuple[Version, tuple[Clause, ...]]]:
    texts = (OLD, NEW)
    return [(made.version(n, text, made.NOW), segment(text)) for n, text in enumerate(texts, 1)]


def holds(bloom: str, word: str) -> bool:
    bits = base64.b64decode(bloom)
    size = len(bits) * 8
    first, second = search._hash(word, 0x811C9DC5), search._hash(word, 0x01000193) | 1
    places = [(first + number * second) % size for number in range(6)]
    return all(bits[place >> 3] & (1 << (place & 7)) for place in places)


def test_each_clause_is_kept_once_with_the_versions_it_runs_through() -> None:
    kept = {one.text: (one.first, one.last) for one in search.kept_clauses(versions())}
    assert kept == {"Policy": (1, 2), "We keep logs.": (1, 2), "We share data.": (1, 1), "We sell data.": (2, 2)}


@given(st.sets(st.text(min_size=1, max_size=12), min_size=1, max_size=60))
def test_no_word_is_ever_missed(words: set[str]) -> None:
    made_filter = search.bloom(words)
    assert all(holds(made_filter, word) for word in words)


def test_few_words_are_found_where_they_are_not() -> None:
    made_filter = search.bloom(f"word{number}" for number in range(1500))
    assert sum(holds(made_filter, f"other{number}") for number in range(5_000)) < 150
    assert len(made_filter) < 1500 * 2


def test_words_are_compared_without_case_accents_or_plain_endings() -> None:
    assert list(search.stems("Selling sells SELL, résumés!")) == ["sell", "sell", "sell", "resum"]
    assert list(search.stems("shares shared sharing share")) == ["shar"] * 4
    assert list(search.stems("is us bed as")) == ["is", "us", "bed", "as"]


def test_a_line_of_the_index_can_be_replaced_without_reading_the_other_documents() -> None:
    rows = {str(key): search.index_row(key, "Title", search.kept_clauses(versions())) for key in (made.KEY,)}
    script = search.index_script(rows.values())
    assert search.index_rows(script) == rows
    for broken in (
        None,
        b"",
        b"something else",
        b"policyMonitor.index([\n{\n]);\n",
        b"policyMonitor.index([\n[]\n]);\n",
    ):
        assert search.index_rows(broken) is None
    assert search.index_rows(search.index_script([])) == {}
