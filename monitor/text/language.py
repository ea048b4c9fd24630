"""The language of a text, by its commonest small words. Reads ``languages.toml``."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 2_000  # characters from the middle of the first part; enough to be sure, and the same work for every page
_LETTERS_OF = (
    (re.compile(r"[\u3040-\u30ff]"), 0.1, "ja"),  # before Chinese, whose characters Japanese uses as well
    (re.compile(r"[\uac00-\ud7a3]"), 0.3, "ko"),
    (re.compile(r"[\u4e00-\u9fff]"), 0.3, "zh"),
    (re.compile(r"[\u0370-\u03ff]"), 0.3, "el"),
    (re.compile(r"[\u0590-\u05ff]"), 0.3, "he"),
    (re.compile(r"[\u0600-\u06ff]"), 0.3, "ar"),
    (re.compile(r"[\u0e00-\u0e7f]"), 0.3, "th"),
    (re.compile(r"[\u0900-\u097f]"), 0.3, "hi"),
    (re.compile(r"[\u0456\u0457\u0454\u0491]"), 0.02, "uk"),
    (re.compile(r"[\u0400-\u04ff]"), 0.3, "ru"),
)


@cache
def data() -> dict[str, Any]:
    """The data file."""
    return tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text("utf-8"))


@cache
def _languages_of() -> dict[str, tuple[str, ...]]:
    """The languages that each small word belongs to."""
    found: dict[str, list[str]] = {}
    for code, words in data()["words"].items():
        for word in dict.fromkeys(words.split()):
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}


def detect(text: str) -> str:
    """The ISO 639-1 code of the language most of the text is in, "" when that cannot be told."""
    sample = text[:_SAMPLE] if len(text) < 3 * _SAMPLE else text[_SAMPLE // 2 : _SAMPLE // 2 + _SAMPLE]
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if letters < 20:
        return ""
    if len(sample.encode("utf-8", "replace")) > 1.25 * len(sample):
        for pattern, share, code in _LETTERS_OF:
            if len(pattern.findall(sample)) > share * letters:
                return code
    scores: Counter[str] = Counter()
    known = _languages_of()
    for word, times in Counter(words).items():
        for code in known.get(word, ()):
            scores[code] += times
    (code, best), (_, second) = (*scores.most_common(2), ("", 0), ("", 0))[:2]
    return code if best >= 2 and best > second and best >= 0.08 * len(words) else ""
