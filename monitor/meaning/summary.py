"""Plain sentences about findings and changes. They say what the text says, never what a company does.

Each quotes the text: what a rule made of the words may be wrong, the words themselves are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.meaning.excerpt import excerpt, excerpts
from monitor.meaning.knowledge import labels, table
from monitor.meaning.severity import ORDER
from monitor.model import Assessment, Direction, Finding

_ONE, _TWO = 170, 80  # characters of one quotation in a sentence, and of each of two
_BOTH = 0.7  # of these lengths where a sentence tells of two findings
_LONG = 60  # characters of a value that still reads as part of a sentence
_TELLING = frozenset({"share.named", "jurisdiction"})  # labels whose value tells more than their name
# Where a rule is less sure that a practice changed: only other words, or a condition read from single words.
_DOUBT = {"edit.words": 2, "edit.condition": 1, "edit.modality": 1, "edit.facet": 1}
_DIRECTIONS: tuple[tuple[Direction, str], ...] = (
    ("worse", "for the worse"),
    ("better", "for the better"),
    ("mixed", "mixed"),
    ("neutral", "neutral"),
    ("unclear", "unclear"),
)


def sentence(finding: Finding, *, short: float = 1.0, apart: bool = False) -> str:
    """One plain sentence about a finding, with its words.

    Args:
        finding: What is told.
        short: How much shorter the quotations are to be.
        apart: Of two documents side by side, where nothing was before and nothing is now.
    """
    said = _said_apart(finding, short) if apart else f"The text {_said(finding, short)}"
    return f"{said} {_about(finding, apart=apart)}"


def _said(finding: Finding, short: float) -> str:
    before, after = finding.before, finding.after
    one, two = int(_ONE * short), int(_TWO * short)
    if finding.action == "changed" and before and after:
        if before.quote == after.quote:
            return f"now has “{excerpt(after.quote, finding.value, one)}” among other words, which turn what it says"
        old, new = excerpts(before.quote, after.quote, two)
        return f"said “{old}” and now says “{new}”"
    words = _words(finding, one)
    return f"no longer says “{words}”" if finding.action == "removed" else f"now says “{words}”"


def _said_apart(finding: Finding, short: float) -> str:
    before, after = finding.before, finding.after
    if finding.action == "changed" and before and after:
        if before.quote == after.quote:
            words = excerpt(after.quote, finding.value, int(_ONE * short))
            return f"Both texts have “{words}”, among words that differ and turn what it says"
        first, second = excerpts(before.quote, after.quote, int(_TWO * short))
        return f"The first text says “{first}” and the second “{second}”"
    which = "first" if finding.action == "removed" else "second"
    return f"Only the {which} text says “{_words(finding, int(_ONE * short))}”"


def _words(finding: Finding, length: int) -> str:
    shown = finding.before if finding.action == "removed" or not finding.after else finding.after
    return excerpt(shown.quote, finding.value, length) if shown else finding.value


def _about(finding: Finding, *, apart: bool) -> str:
    """What the words are about, in brackets."""
    if finding.label == "unclassified":
        return "(no rule can say what that means)"
    about = labels()[finding.label].say
    if finding.polarity == "commitment":
        about = f"a promise about {about}"
    if finding.label in _TELLING and len(finding.value) <= _LONG:
        about = f"{about}: {finding.value}"
    if finding.novelty == "restated" and apart:
        about += "; the other text speaks of it elsewhere"
    elif finding.novelty == "restated":
        about += (
            "; the earlier text spoke of it elsewhere" if finding.action == "added" else "; spoken of elsewhere still"
        )
    return f"({about})"


def told_apart(assessment: Assessment) -> Assessment:
    """What differs between two documents, in sentences that speak of a first and a second text, not of a change."""
    findings = tuple(replace(one, summary=sentence(one, apart=True)) for one in assessment.findings)
    summary = change_summary(findings, materiality=assessment.materiality, apart=True)
    return replace(assessment, findings=findings, summary=summary, silent=False)


def change_summary(findings: Sequence[Finding], *, materiality: str, apart: bool = False) -> str:
    """One plain sentence about a change: what is gravest for the worse and for the better, and how much there is."""
    if not findings:
        return {
            "noise": "Nothing that concerns anybody's data differs",
            "editorial": "Wording differs; no practice, promise or right does",
        }.get(materiality, "The text differs; the rules cannot say what that means")
    ranked = sorted(findings, key=_rank)
    worse, better = ([one for one in ranked if one.direction == way] for way in ("worse", "better"))
    if worse and better:
        lead, other = (sentence(some[0], short=_BOTH, apart=apart) for some in (worse, better))
        if apart:
            made = f"Worse in the second: {_lower(lead)}; better there: {_lower(other)}"
        else:
            lead, other = lead.removeprefix("The text "), other.removeprefix("The text ")
            made = f"For the worse, the text {lead}; for the better, it {other}"
        shown = 2
    else:
        made, shown = sentence(ranked[0], apart=apart), 1
    return f"{made}; in all {tally(findings)}" if len(findings) > shown else made


def _lower(text: str) -> str:
    """The sentence as a part of another."""
    return text[:1].lower() + text[1:]


def tally(findings: Sequence[Finding]) -> str:
    """How many findings there are in each direction: "4 for the worse, 1 neutral"."""
    counts = ((sum(one.direction == way for one in findings), words) for way, words in _DIRECTIONS)
    return ", ".join(f"{count} {words}" for count, words in counts if count)


def _rank(finding: Finding) -> tuple[int, int, int, int, int]:
    """Smaller is what a reader should hear of first: the gravest, of those what is surest, of those what people ask."""
    first = table().first
    ways = {"worse": 0, "better": 1, "unclear": 2, "mixed": 2, "neutral": 3}
    doubt = 3 if finding.label == "unclassified" else _DOUBT.get(finding.rule, 0)
    grave = ORDER.index(finding.severity) - (doubt > 1)
    asked = first.index(finding.label) if finding.label in first else len(first)
    return -grave, int(finding.novelty != "new"), doubt, ways[finding.direction], asked
