"""No text makes comparing slow: what grows four times takes little more than four times as long."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import pytest
from timing import least

from monitor.compare import compare
from monitor.compare.words import diff_words
from monitor.meaning.materiality import judge
from monitor.model import Extraction, Verdict

SLOWER = 1 if sys.gettrace() is None else 5  # while coverage counts lines
RANDOM = random.Random(7)
VOCABULARY = [f"word{RANDOM.randrange(10**6)}" for _ in range(3_000)]

pytestmark = pytest.mark.clocked


def sentences(count: int) -> list[str]:
    return [f"We collect {' '.join(RANDOM.choice(VOCABULARY) for _ in range(8))}." for _ in range(count)]


def equal_items(size: int) -> tuple[str, str]:
    return "- the same item\n" * size, "- the same item\n" * (size - 10) + "- another item\n"


def reversed_document(size: int) -> tuple[str, str]:
    parts = sentences(size // 10)
    return "\n\n".join(parts), "\n\n".join(reversed(parts))


def equal_tokens(size: int) -> tuple[str, str]:
    return f"{'word ' * (size * 2 // 5)}.", f"{'word ' * (size * 2 // 5 - 50)}end."


def reversed_words(size: int) -> tuple[str, str]:
    words = [RANDOM.choice(VOCABULARY) for _ in range(size // 5)]
    return f"{' '.join(words)}.", f"{' '.join(reversed(words))}."


def one_word(size: int) -> tuple[str, str]:
    return "a" * size * 20, "a" * size * 20 + "b"


def brackets(size: int) -> tuple[str, str]:
    return "()" * size * 5, "()" * size * 5 + " b"


def broken_links(size: int) -> tuple[str, str]:
    return "](" * size * 5, "](" * size * 5 + " b"


def broken_tags(size: int) -> tuple[str, str]:
    return " <b" * size, " <b" * size + " c"


def spaces(size: int) -> tuple[str, str]:
    return f"a{' ' * size * 20}b", f"a{' ' * size * 20}c"


SHAPES = (
    equal_items,
    reversed_document,
    equal_tokens,
    reversed_words,
    one_word,
    brackets,
    broken_links,
    broken_tags,
    spaces,
)


def seconds(shape: Callable[[int], tuple[str, str]], size: int) -> float:
    before, after = shape(size)
    started = time.process_time()
    comparison = compare(before, after)
    judge(comparison, Extraction(before, "test", Verdict("policy")), Extraction(after, "test", Verdict("policy")))
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_hostile_shapes_take_two_seconds_at_most(shape: Callable[[int], tuple[str, str]]) -> None:
    small = min(seconds(shape, 12_500) for _ in range(3))
    large = least(lambda: seconds(shape, 50_000), min(2.0 * SLOWER, max(0.4 * SLOWER, 8 * small)))
    assert large <= 2.0 * SLOWER
    assert large <= max(0.4 * SLOWER, 8 * small)


def test_one_edit_of_twenty_thousand_equal_words_is_found_at_once() -> None:
    before, after = "word " * 20_000, "word " * 10_000 + "other " + "word " * 10_000
    parts = diff_words(before, after)
    assert least(lambda: diff_words(before, after), 2.0 * SLOWER) <= 2.0 * SLOWER
    assert sum(op == "+" for op, _ in parts) == 1


def test_a_policy_that_is_written_anew_takes_a_second_at_most() -> None:
    before, after = "\n\n".join(sentences(500)), "\n\n".join(sentences(500))
    assert least(lambda: compare(before, after), 1.0 * SLOWER) <= 1.0 * SLOWER
