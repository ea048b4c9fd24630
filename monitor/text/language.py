"""The language of a text, by its commonest small words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000  # characters; enough to be sure, and the same work for every page
_CJK = ((re.compile(r"[぀-ヿ]"), "ja"), (re.compile(r"[가-힣]"), "ko"), (re.compile(r"[一-鿿]"), "zh"))
_SCRIPTS = (
    (re.compile(r"[Ѐ-ӿ]"), "ru"),
    (re.compile(r"[Ͱ-Ͽ]"), "el"),
    (re.compile(r"[֐-׿]"), "he"),
    (re.compile(r"[؀-ۿ]"), "ar"),
    (re.compile(r"[฀-๿]"), "th"),
    (re.compile(r"[ऀ-ॿ]"), "hi"),
)


@cache
def _tables() -> dict[str, frozenset[str]]:
    data = tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text("utf-8"))
    return {code: frozenset(words.split()) for code, words in data["words"].items()}


def detect(text: str) -> str:
    """The ISO 639-1 code of the language most of the text is in, "" when that cannot be told."""
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < 20:
        return ""
    for pattern, code in (*_CJK, *_SCRIPTS):
        if len(pattern.findall(sample)) > 0.3 * letters:
            return code
    words = [word.lower() for word in _WORD.findall(sample)]
    best, score, second = "", 0, 0
    for code, known in _tables().items():
        hits = sum(word in known for word in words)
        if hits > score:
            best, score, second = code, hits, score
        elif hits > second:
            second = hits
    enough = score >= 2 and score > second and score >= 0.06 * len(words)
    return best if enough else ""
