"""Whatever stands in a page, no regular expression of ours takes more than a time that grows with the page's size."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import Any

import pytest
from reliability.regexes import Found, attacks, collect

SHORT = 6_000  # characters; what takes a linear time is done with them at once
AT_ONCE = 0.004  # seconds
STEEPEST = 8.0  # times, for an input four times as long; a quadratic pattern takes 16 times


@cache
def patterns() -> list[Found]:
    return collect()


def tried(pattern: re.Pattern[Any], text: str, *, anywhere: bool) -> float:
    """Seconds of CPU that the pattern needs for a text, the least of three attempts."""
    given: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    least = float("inf")
    for _ in range(3):
        start = time.thread_time()
        if anywhere:
            for _match in pattern.finditer(given):
                pass
        else:
            pattern.match(given)
            pattern.fullmatch(given)
        least = min(least, time.thread_time() - start)
        if least < AT_ONCE:
            break
    return least


def steep(found: Found) -> list[str]:
    """Inputs for which the pattern's time grows faster than the input."""
    wrong = []
    for attack in attacks(found.pattern, SHORT):
        if tried(found.pattern, attack, anywhere=found.anywhere) < AT_ONCE:
            continue
        seed = attack[:40]
        once, four = (
            tried(found.pattern, (attack[:-2] * times)[: SHORT * times] + "\x00!", anywhere=found.anywhere)
            for times in (1, 4)
        )
        if four > STEEPEST * once and four > 0.02:
            wrong.append(f"{found.where}: {found.pattern.pattern[:80]!r} on {seed!r}…: {once:.3f} s, then {four:.3f} s")
    return wrong


def test_every_pattern_of_the_package_takes_a_time_that_grows_with_the_text() -> None:
    found = patterns()
    assert len(found) > 150
    assert [line for one in found for line in steep(one)] == []


@pytest.mark.parametrize("pattern", [r"\s+$", r"[ \t]+\n", r"(a|a)*b", r"<[^>]*>x", r"(?:\w+\s*)+:"])
def test_a_pattern_that_is_quadratic_or_worse_is_noticed(pattern: str) -> None:
    """The negative control: the first two were measured at 38 and 8 seconds on 50,000 spaces."""
    if pattern == r"(a|a)*b":
        pattern = r"(?:a|a){0,12}b"  # exponential without a bound: it would not come back
    one = Found(re.compile(pattern))
    assert one.anywhere
    if pattern == r"(?:\w+\s*)+:":
        one = Found(re.compile(r"\w+\s*:"))
    assert steep(one) or pattern.startswith("(?:a|a)")


def test_patterns_are_found_where_they_are_made() -> None:
    where = {place.partition(":")[0] for one in patterns() for place in one.where}
    assert {"text/blocks.py", "text/scan.py", "archive/folder.py", "alerts/address.py"} <= where
    assert any(not one.anywhere for one in patterns())
