"""How open a text is: length, readability, vagueness, what it discloses and how specific it is.

And two of them compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from monitor.meaning import values
from monitor.meaning.knowledge import read as data
from monitor.meaning.names import names
from monitor.meaning.quoting import quote
from monitor.meaning.reading import Reading, alone, read
from monitor.model import Clause, Disclosure, Extraction, Quote, Transparency

_WORDS_A_MINUTE = 238  # silent reading of non-fiction in English (Brysbaert 2019, mean of 190 studies)
_VAGUE_SHOWN = 5
_VAGUE_LEAST = 3  # vague terms of a sentence that is shown
_VOWELS = re.compile(r"[aeiouy]{1,3}")


def measure(extraction: Extraction, clauses: Sequence[Clause]) -> Transparency:
    """The measures of one text."""
    readings = [read(clause.text) for clause in clauses]
    words = sum(len(reading.words) for reading in readings)
    vague = [(len(reading.of("vague")), n) for n, reading in enumerate(readings)]
    total = sum(count for count, _ in vague)
    worst = sorted((item for item in vague if item[0] >= _VAGUE_LEAST), key=lambda item: (-item[0], item[1]))
    english = extraction.language in {"en", ""}
    return Transparency(
        words=words,
        reading_minutes=round(words / _WORDS_A_MINUTE, 1),
        readability=_flesch(readings, clauses) if english else 0.0,
        vague_per_1000=round(1000 * total / words, 1) if words and english else 0.0,
        vague=tuple(quote(clauses[n]) for _, n in worst[:_VAGUE_SHOWN]) if english else (),
        named_recipients=_named(clauses, readings),
        durations=_durations(readings),
        disclosures=_disclosures(clauses, readings) if english else (),
    )


def _flesch(readings: Sequence[Reading], clauses: Sequence[Clause]) -> float:
    """Flesch reading ease over sentences and items; higher is easier, 60 to 70 is plain English."""
    sentences = words = syllables = 0
    for reading, clause in zip(readings, clauses, strict=True):
        if clause.kind in {"heading", "row"} or len(reading.words) < 4:
            continue
        sentences += 1
        words += len(reading.words)
        syllables += sum(_syllables(word) for word in reading.words)
    if not sentences:
        return 0.0
    return round(206.835 - 1.015 * words / sentences - 84.6 * syllables / words, 1)


@lru_cache(maxsize=32_768)
def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(1, count)


def _named(clauses: Sequence[Clause], readings: Sequence[Reading]) -> tuple[str, ...]:
    """Well-known recipients that clauses about sharing, tools and providers name, in order."""
    found: dict[str, str] = {}
    for clause, reading in zip(clauses, readings, strict=True):
        if reading.has("who", "act.share", "data.cookies", "purpose.analytics", "act.use"):
            for _, _, name in names(alone((clause,))):
                found.setdefault(name.lower(), name)
    return tuple(found.values())


def _durations(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Concrete periods of clauses that say how long something is kept, as written."""
    found: dict[str, None] = {}
    for reading in readings:
        if reading.has("act.retain", "act.delete"):
            for period in values.periods(reading):
                found.setdefault(reading.say(period.first, period.last))
    return tuple(found)


@cache
def _wanted() -> tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]:
    """Each disclosure: id, name, the classes that show it, and those that must stand beside them."""
    return tuple(
        (
            row["id"],
            row["name"],
            (f"{row['id'].replace('.', '-')}.disclosure", *row.get("classes", ())),
            tuple(row.get("also", ())),
        )
        for row in data("transparency")["disclosure"]
    )


def _disclosures(clauses: Sequence[Clause], readings: Sequence[Reading]) -> tuple[Disclosure, ...]:
    found: dict[str, Quote] = {}
    for clause, reading in zip(clauses, readings, strict=True):
        if clause.kind == "heading" or len(reading.words) < 3:
            continue
        for key, _, classes, also in _wanted():
            if key not in found and reading.has(*classes):
                shown = _shows(clause, reading, classes, also)
                if shown:
                    found[key] = shown
    return tuple(Disclosure(key, name, key in found, found.get(key)) for key, name, _, _ in _wanted())


def _shows(clause: Clause, reading: Reading, classes: tuple[str, ...], also: tuple[str, ...]) -> Quote | None:
    """The quotation of a clause that makes a disclosure."""
    if also and not reading.has(*also) and not ("contact" in also and _contact(clause.text)):
        return None
    mention = reading.of(*classes)[0]
    return quote(clause, reading.span(mention.first, mention.last))


def _contact(text: str) -> bool:
    return bool(values.emails(text)) or values.is_address(text) or bool(values.PHONE.search(text))


def compare(before: Transparency, after: Transparency) -> str:
    """What became more specific, what vaguer, what was dropped, in plain sentences.

    "" when nothing worth saying did.
    """
    parts = [
        _set("names", before.named_recipients, after.named_recipients, "recipient"),
        _set("states", before.durations, after.durations, "period"),
        _rate(before, after),
        _disclosed(before, after),
        _length(before, after),
    ]
    return " ".join(part for part in parts if part)


def _set(verb: str, before: Sequence[str], after: Sequence[str], what: str) -> str:
    came = [item for item in after if item.lower() not in {other.lower() for other in before}]
    gone = [item for item in before if item.lower() not in {other.lower() for other in after}]
    said = []
    if came:
        said.append(f"newly {verb} the {what}{'s' if len(came) > 1 else ''} {_some(came)}")
    if gone:
        said.append(f"no longer {verb} {_some(gone)}")
    return f"The text {' and '.join(said)}." if said else ""


def _some(items: Sequence[str]) -> str:
    return ", ".join(items[:4]) + (f" and {len(items) - 4} more" if len(items) > 4 else "")


def _rate(before: Transparency, after: Transparency) -> str:
    old, new = before.vague_per_1000, after.vague_per_1000
    if min(before.words, after.words) < 50 or abs(old - new) < max(1.0, 0.1 * old):
        return ""
    return f"It is {'vaguer' if new > old else 'less vague'}: {old} → {new} vague terms per 1,000 words."


def _disclosed(before: Transparency, after: Transparency) -> str:
    old = {one.id for one in before.disclosures if one.present}
    came = [one.name for one in after.disclosures if one.present and one.id not in old]
    gone = [one.name for one in after.disclosures if not one.present and one.id in old]
    said = []
    if came:
        said.append(f"It now speaks of {_some(came)}.")
    if gone:
        said.append(f"It no longer speaks of {_some(gone)}.")
    return " ".join(said)


def _length(before: Transparency, after: Transparency) -> str:
    if not before.words or not after.words:
        return ""
    said = []
    ratio = after.words / before.words
    if not 0.9 <= ratio <= 1.1:
        said.append(f"{'longer' if ratio > 1 else 'shorter'} ({before.words:,} → {after.words:,} words)")
    if before.readability and after.readability and abs(before.readability - after.readability) >= 3:
        easier = after.readability > before.readability
        said.append(
            f"{'easier' if easier else 'harder'} to read (Flesch {before.readability:.0f} → {after.readability:.0f})"
        )
    return f"It is {' and '.join(said)}." if said else ""
