"""Cases drawn from a seed, and how what the program says of them compares with what was meant."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from benchmarks.mutation import cosmetic, lists, pairs
from benchmarks.mutation.case import Case, Edit, Expected, half_of
from benchmarks.mutation.document import Document, policies
from monitor.meaning import assess
from monitor.model import Assessment, Extraction, ExtractOptions, Finding, Page
from monitor.text import extract

_QUIET = 0.3  # share of cases with cosmetic edits only
_DRESSED = 0.4  # share of the others with a cosmetic edit beside


@cache
def meaningful() -> dict[str, Edit]:
    """Edits that must be found, by kind."""
    return {**pairs.edits(), **lists.EDITS}


@cache
def bases() -> tuple[Document, ...]:
    """All base policies."""
    return tuple(policies())


def draw_case(seed: int, number: int) -> Case:
    """A case: one to three edits of one policy. The number decides which kinds come first, so that all have their turn."""
    rng = random.Random(f"{seed}/{number}")
    half = "ab"[number % 2]
    document = rng.choice([one for one in bases() if half_of(one.name) == half] or list(bases()))
    case = Case(document, document, half)
    quiet = rng.random() < _QUIET
    first, others = (cosmetic.EDITS, meaningful()) if quiet else (meaningful(), cosmetic.EDITS)
    names = list(first)
    wanted = [names[(number // 2) % len(names)], *rng.sample(names, 8)]
    many = rng.randint(1, 3)
    for name in wanted:
        if len(case.kinds) < many:
            case = applied(case, name, first[name], rng)
    if not quiet and rng.random() < _DRESSED:
        name = rng.choice(list(others))
        case = applied(case, name, others[name], rng)
    return case


def applied(case: Case, name: str, edit: Edit, rng: random.Random) -> Case:
    """The case after an edit, the same when the edit does not fit."""
    done = edit(case, rng) if name not in case.kinds else None
    return Case(done.before, done.after, done.half, done.expected, (*case.kinds, name), done.touched) if done else case


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said about a case."""

    case: Case
    assessment: Assessment
    found: tuple[Expected, ...]
    missed: tuple[Expected, ...]
    inversions: tuple[Finding, ...]
    extra: tuple[Finding, ...]
    quoted: bool  # every quotation stands literally in its text

    @property
    def cosmetic(self) -> bool:
        """Whether nothing may be said."""
        return not self.case.expected

    @property
    def alarm(self) -> bool:
        """Whether a case without meaning would be announced."""
        return self.cosmetic and self.assessment.materiality == "substantive"


def read(document: Document) -> Extraction:
    """The text of a version as a check would see it."""
    return extract((Page(document.markdown().encode(), name="policy.md"),), ExtractOptions())


def judged(case: Case) -> Outcome:
    """The outcome of a case."""
    before, after = read(case.before), read(case.after)
    assessment = assess(before, after)
    said = [one for one in assessment.findings if one.label != "unclassified"]
    left, found, missed = list(said), [], []
    for expected in case.expected:
        hit = next((one for one in left if fits(one, expected)), None)
        if hit is None:
            missed.append(expected)
        else:
            found.append(expected)
            left.remove(hit)
    inversions = tuple(
        one
        for one in left
        if any(fits(one, expected, polarity=False) for expected in case.expected)
        and not any(fits(one, expected, direction=False) for expected in case.expected)
    )
    sides = ((before.text, "before"), (after.text, "after"))
    quoted = all(
        text[quote.start : quote.end] == quote.quote
        for one in assessment.findings
        for text, side in sides
        if (quote := getattr(one, side)) is not None
    )
    return Outcome(case, assessment, tuple(found), tuple(missed), inversions, tuple(left), quoted)


def fits(finding: Finding, expected: Expected, *, polarity: bool = True, direction: bool = True) -> bool:
    """Whether a finding says what was expected; without polarity, whatever its polarity and direction."""
    return (
        finding.label in expected.labels
        and finding.action in expected.actions
        and (not polarity or finding.polarity in expected.polarities)
        and (not polarity or not direction or finding.direction in expected.directions)
    )
