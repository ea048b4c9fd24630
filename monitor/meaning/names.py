"""Names of recipients in clauses: well-known ones from the list, others by their capitals where recipients stand."""

from __future__ import annotations

import re
from functools import cache

from monitor.meaning.context import Context
from monitor.meaning.knowledge import read
from monitor.meaning.reading import Side, mask
from monitor.meaning.values import legal_names
from monitor.model import Clause

_NOTE = 8  # words that a list says about one of its names
Name = tuple[int, int, str]  # first and last word (half-open) and the literal name
_FIRST = re.compile(r"[^\W_]+")
_HEAD = re.compile(
    r"(?<!Inc)[,:;](?! (?:Inc|LLC|Ltd|GmbH|Corp|S\.|B\.V|L\.))|\s[(–—-]|\s(?=which\b|who\b|that\b|for\b|to\b|\()"
)
_LINK = re.compile(r"\[([^\]\n]{1,200})\]")
_CAPITALISED = re.compile(r"[A-Z0-9][\w&.'’-]*")
_COMMON = frozenset(
    (
        "The A An We Our You Your They This These Those It If In On At By For From To As Or And Of With "
        "When Where While However Please All Any Some Such Other Personal Data Information Privacy Policy "
        "Notice Statement Terms Service Services Use Site Sites Website Websites App Apps Application "
        "Applications Company Companies Third Party Parties Section Article Account Accounts User Users "
        "Customer Customers Content Cookies Cookie Internet Web Email Online Mobile Platform Platforms "
        "Products Product Agreement Effective Date Last Updated Learn More Click Here Yes No Not January "
        "February March April May June July August September October November December Monday Sunday "
        "European Union Economic Area EU EEA UK US USA U.S United States Kingdom California Switzerland "
        "Swiss America American Europe Canada Australia Japan India Brazil China Germany France Ireland "
        "GDPR CCPA CPRA COPPA HIPAA FERPA IP ID URL API SDK PDF FAQ Standard Contractual Clauses "
        "Commission Authority Protection Officer Act Law Regulation Department Commerce Federal Trade "
        "State Framework Shield Principles Additionally Furthermore Also"
    ).split()
)


@cache
def known() -> dict[str, str]:
    """Well-known names, folded, with their role."""
    found = {}
    for role, text in read("names")["names"].items():
        for line in text.splitlines():
            for name in line.split(","):
                if name.strip():
                    found[name.strip().lower()] = role
    return found


@cache
def _first_words() -> frozenset[str]:
    return frozenset(found.group() for name in known() if (found := _FIRST.match(name)))


@cache
def _longest() -> int:
    return max(len(name.split()) for name in known())


def names(here: Side) -> list[Name]:
    """Well-known names in a side, in order."""
    reading = here.reading
    found: list[Name] = []
    n = 0
    while n < len(reading.words):
        start = reading.spans[n][0]
        if reading.words[n] not in _first_words() or not (
            reading.text[start] == reading.text[start].upper() or reading.words[n] in _LOWER
        ):
            n += 1
            continue
        for last in range(min(len(reading.words), n + _longest() + 1), n, -1):
            literal = reading.say(n, last)
            if literal.lower() in known() and not _part_of_longer(here, n, last):
                found.append((n, last, literal))
                n = last - 1
                break
        n += 1
    return found


_LOWER = frozenset({"hcaptcha", "recaptcha", "comscore", "mparticle", "ironsource"})


def _part_of_longer(here: Side, first: int, last: int) -> bool:
    """Whether a one-word name is an ordinary word: "block", "line", "front" at the start of a sentence."""
    return last - first == 1 and here.reading.words[first] in _ORDINARY and (first == 0 or first in here.reading.breaks)


_ORDINARY = frozenset(
    (
        "block line front box square notion segment heap branch adjust drift persona human castle render "
        "wise apple oracle split impact meta snap threads terminus sterling drip singular epsilon "
        "bandwidth plausible fathom elastic"
    ).split()
)


def row_name(clause: Clause, there: Context) -> Name | None:
    """The name in the first cell of a table row, or at the head of a list item, where recipients are listed."""
    if clause.kind not in {"row", "item"}:
        return None
    cell = clause.text.partition("|")[0].rstrip() if clause.kind == "row" else _HEAD.split(clause.text)[0]
    link = _LINK.match(cell.strip(" *_"))
    literal = (link.group(1) if link else cell).strip(" *_:.;,")
    words = literal.split()
    if not words or len(words) > 7:
        return None
    labels = clause.kind == "item" and len(clause.text.split()) > len(words) + _NOTE  # "Security: we protect …"
    if (not there.named or labels) and not (literal.lower() in known() or legal_names(literal)):
        return None
    if not _looks_like_name(literal):
        return None
    start = clause.text.find(literal)
    from monitor.meaning.reading import read as reading_of

    reading = reading_of(clause.text)
    inside = [n for n, (begin, end) in enumerate(reading.spans) if begin >= start and end <= start + len(literal)]
    if not inside:
        return None
    return inside[0], inside[-1] + 1, literal


_BARE = frozenset({"and", "of", "the", "for", "&", "plc", "mbh", "de", "der", "von", "van", "du", "la", "e.v", "s.r.l"})


def _looks_like_name(literal: str) -> bool:
    if literal.lower() in known():
        return True
    words = [word.strip("()[],.") for word in literal.split()]
    telling = [word for word in words if word and word.lower() not in _BARE]
    if not telling or not all(word[:1].isupper() or word[:1].isdigit() for word in telling):
        return False
    return legal_names(literal) or not all(word in _COMMON for word in telling)


def listed_names(here: Side, there: Context) -> list[Name]:
    """Well-known names in a clause that lists recipients or says that something is done by or through them."""
    reading = here.reading
    found = names(here)
    if not found:
        return []
    if there.named and here.clause.kind in {"item", "row"}:
        return found
    if reading.has("act.share", "who.processor", "who.adpartners", "who.thirdparty"):
        return found if len(reading.words) <= 40 * len(found) and not reading.has("right") else []
    return []


def capitalised(here: Side, first: int, last: int) -> list[Name]:
    """Rows of capitalised words inside a range that look like names.

    Not the first word of the clause, not common words.
    """
    reading = here.reading
    masked = mask(reading.text)
    found: list[Name] = []
    n = first
    while n < last:
        start, end = reading.spans[n]
        word = masked[start:end]
        if not _CAPITALISED.match(word) or word in _COMMON or n == 0 or n in reading.breaks:
            n += 1
            continue
        m = n + 1
        while m < last and m not in reading.breaks:
            gap = masked[reading.spans[m - 1][1] : reading.spans[m][0]]
            nxt = masked[reading.spans[m][0] : reading.spans[m][1]]
            if gap.strip(" .&'’") or not _CAPITALISED.match(nxt):
                break
            m += 1
        found.append((n, m, reading.say(n, m)))
        n = m
    return found
