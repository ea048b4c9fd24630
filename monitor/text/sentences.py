"""Where sentences end in a line of text, in English, German, French and the like."""

from __future__ import annotations

import re
from functools import cache

from monitor.text import language

# A possible end: the mark, what closes after it, space, and the start of what could be a new sentence.
_CANDIDATE = re.compile(r"[.!?…。！？][\"'”’»)\]*_]{0,4}(?:[ \n]+|(?<=[。！？]))(?=\S)")
_OPENING = '([“"„«*_'
_LONGEST = 24  # characters of an abbreviation
_OPENS = re.compile(r"[\"'“‘„«(\[*_¿¡]{0,5}")

_NOTHING = " *_([\"'“-#>"


@cache
def _words(name: str) -> frozenset[str]:
    """A list of the data file."""
    return frozenset(language.data()["sentences"][name].split())


def boundaries(text: str) -> list[int]:
    """Offsets at which a new sentence starts, without 0, in order."""
    found: list[int] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        if _ends(text, start, match.start(), match.end()):
            start = match.end()
            found.append(start)
    return found


def _ends(text: str, start: int, mark: int, after: int) -> bool:
    """Whether the mark at ``mark`` ends the sentence that began at ``start``; the next would begin at ``after``."""
    opens = _OPENS.match(text, after)
    first = opens.end() if opens else after
    following = text[first : first + 1]
    if not following or following.islower():
        return False
    if text[mark] != ".":
        return True
    window = max(start, mark - _LONGEST - 2)  # looking back to the start each time would be quadratic
    begin = max(text.rfind(" ", window, mark), window - 1) + 1
    word = text[begin:mark].lstrip(_OPENING).lower().rstrip(".\\")
    if not word or len(word) > _LONGEST:
        return True
    if begin - start < _LONGEST and _is_number(word) and not text[start:begin].strip(_NOTHING):
        return False  # "1. Who we are", "a. …", "iv. …": a number before its sentence
    if word.isdigit():
        return len(word) > 2 or _next_word(text, first) not in _words("months")  # "am 25. Mai 2018"
    last = word if word.isalpha() else word[max(map(word.rfind, "-'’/")) + 1 :]  # "EU-U.S.", "l'art."
    if len(last) == 1 and last.isalpha():
        return False  # an initial, or "z. B."
    if last in _words("may_end"):
        return _next_word(text, first) in _words("starters")
    return last not in _words("abbreviations")


def _is_number(word: str) -> bool:
    """Whether a word numbers a paragraph: 1, 2.3, a, iv."""
    return len(word) <= 6 and (word.replace(".", "").isdigit() or len(word) == 1 or set(word) <= set("ivxl"))


def _next_word(text: str, at: int) -> str:
    end = at
    limit = min(len(text), at + 30)
    while end < limit and (text[end].isalnum() or text[end] in "’'"):
        end += 1
    return text[at:end].lower()
