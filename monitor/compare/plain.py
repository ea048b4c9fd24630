"""The words of a clause as they are compared: no markup, link targets, case, typography or enumeration.

Two clauses are the same when these words are the same, so that bold type, a link that moved, an obfuscated address or a
new numbering is no difference at all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.model import Clause
from monitor.text.normalise import fold

_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^()\n]{0,2000}\)")
_LINK_TARGET = re.compile(r"\]\([^()\n]{0,2000}(?:\([^()\n]{0,300}\)[^()\n]{0,300})?\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>")
_HIDDEN_EMAIL = re.compile(r"[\w.]{0,60}\[{0,2}e-?mail protected\]{0,2}")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s|<>\"]{1,2000}")
# the country, not the pronoun in "CONTACT US"
_COUNTRY = re.compile(r"(?<![A-Z] )(?<![\w.-])US\b(?![.-]? ?[A-Z]{2})")
_ENUMERATION = re.compile(r"[ \[>|+-]{0,20}(?:\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivx]{1,5})[.)](?= )|[▪‣])")
_NUMBERED = re.compile(
    r"[ \[#*]{0,9}(?:§{1,2} ?\d{1,3}[.:)]?|\d{1,2}(?:\.\d{1,2}){0,3}[.:)]?) (?!(?:hour|day|week|month|year)s?\b)(?=\S)",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(
    r"\b(?:(wo|ca|sha)n't|(\w{2,})n't|(i|you|we|they|that|it|who|there|what|he|she)'(ll|re|ve|d|s|m))\b|\bcannot\b"
)
_SHORTENED = {"wo": "will not", "ca": "can not", "sha": "shall not"}
_ENDINGS = {"ll": "will", "re": "are", "ve": "have", "d": "would", "s": "is", "m": "am"}
_FOOTNOTE = re.compile(r"\\?\[\d{1,3}\\?\](?!\()")
_WORD = re.compile(r"\w+(?:[.@'&/:-]\w+|,\d+)*|[%$€£¥+]")
_NO_LETTER = re.compile(r"[\W_]+")
EMAIL = "address@hidden"
"""Stands for an address that the page hides from robots."""
LINK = "page@link"
"""Stands for an address of a page that is printed in the text: where links lead is no statement about data."""


def visible(text: str) -> str:
    """What a reader sees of a piece of Markdown: link texts without targets, no images and tags."""
    if "](" in text:
        text = _LINK_TARGET.sub("]", _IMAGE.sub(" ", text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return text


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The compared words of a clause, in order: folded, without markup, punctuation and enumeration."""
    text = visible(text)
    if "â€" in text or "Ã" in text:
        text = _undamaged(text)
    if "[" in text:
        text = _FOOTNOTE.sub("", text)
    if "US" in text:
        text = _COUNTRY.sub("U.S", text)
    folded = fold(text)
    if "protected" in folded:
        folded = _HIDDEN_EMAIL.sub(EMAIL, folded)
    if "'" in folded or "cannot" in folded:
        folded = _CONTRACTED.sub(_written_out, folded)
    if "://" in folded or "www." in folded:
        folded = _URL.sub(LINK, folded)
    start = _ENUMERATION.match(folded)
    if start and start.end() < len(folded):
        folded = folded[start.end() :]
    return tuple(_WORD.findall(folded.replace("e-mail", "email")))


def _written_out(match: re.Match[str]) -> str:
    """A contraction as the words it stands for: "don't" is "do not"."""
    shortened, negated, person, ending = match.groups()
    if shortened:
        return _SHORTENED[shortened]
    if negated:
        return f"{negated} not"
    return f"{person} {_ENDINGS[ending]}" if person else "can not"


def _undamaged(text: str) -> str:
    """The text as it was before UTF-8 was read as windows-1252, when it can be told."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def key(text: str) -> str:
    """The compared words joined by spaces: equal for clauses that say the same in the same words."""
    return " ".join(words(text))


def key_of(clause: Clause) -> str:
    """The key of a clause: that of a heading has no number, with a sign of its kind or without."""
    text = clause.text
    if clause.kind == "heading" and (number := _NUMBERED.match(text)):
        text = text[number.end() :]
    return key(text)


def letters(keys: Iterable[str]) -> str:
    """The letters and digits of several keys run together: equal when only spaces and line ends differ."""
    return _NO_LETTER.sub("", "".join(keys))
