"""Plain sentences about findings and changes. They say what the text says, never what a company does.

Each quotes the text: what a rule made of the words may be wrong, the words themselves are not.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.meaning.excerpt import excerpt, excerpts
from monitor.meaning.knowledge import labels
from monitor.meaning.severity import ORDER
from monitor.model import Direction, Finding

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


def sentence(finding: Finding, *, short: float = 1.0) -> str:
    """One plain sentence about a finding, with its words; ``short`` makes the quotations shorter."""
    return f"The text {_said(finding, short)} {_about(finding)}"


def _said(finding: Finding, short: float) -> str:
    before, after = finding.before, finding.after
    one, two = int(_ONE * short), int(_TWO * short)
    if finding.action == "changed" and before and after:
        if before.quote == after.quote:
            return f"now has “{excerpt(after.quote, finding.value, one)}” among other words, which turn what it says"
        old, new = excerpts(before.quote, after.quote, two)
        return f"said “{old}” and now says “{new}”"
    shown = before if finding.action == "removed" or not after else after
    words = excerpt(shown.quote, finding.value, one) if shown else finding.value
    if finding.action == "removed":
        return f"no longer says “{words}”"
    return f"now says “{words}”"


def _about(finding: Finding) -> str:
    """What the words are about, in brackets."""
    if finding.label == "unclassified":
        return "(no rule can say what that means)"
    about = labels()[finding.label].say
    if finding.polarity == "commitment":
        about = f"a promise about {about}"
    if finding.label in _TELLING and len(finding.value) <= _LONG:
        about = f"{about}: {finding.value}"
    if finding.novelty == "restated":
        about += (
            "; the earlier text spoke of it elsewhere" if finding.action == "added" else "; spoken of elsewhere still"
        )
    return f"({about})"


def change_summary(findings: Sequence[Finding], *, materiality: str) -> str:
    """One plain sentence about a change: what is gravest for the worse and for the better, and how much there is."""
    if not findings:
        return {
            "noise": "Nothing that concerns anybody's data differs",
            "editorial": "Wording differs; no practice, promise or right does",
        }.get(materiality, "The text differs; the rules cannot say what that means")
    ranked = sorted(findings, key=_rank)
    worse, better = ([one for one in ranked if one.direction == way] for way in ("worse", "better"))
    if worse and better:
        lead, other = (sentence(some[0], short=_BOTH).removeprefix("The text ") for some in (worse, better))
        made = f"For the worse, the text {lead}; for the better, it {other}"
        shown = 2
    else:
        made, shown = sentence(ranked[0]), 1
    return f"{made}; in all {tally(findings)}" if len(findings) > shown else made


def tally(findings: Sequence[Finding]) -> str:
    """How many findings there are in each direction: "4 for the worse, 1 neutral"."""
    counts = ((sum(one.direction == way for one in findings), words) for way, words in _DIRECTIONS)
    return ", ".join(f"{count} {words}" for count, words in counts if count)


def _rank(finding: Finding) -> tuple[int, int, int, int]:
    """Smaller is what a reader should hear of first: the gravest, and of those what is surest."""
    ways = {"worse": 0, "better": 1, "unclear": 2, "mixed": 2, "neutral": 3}
    doubt = 3 if finding.label == "unclassified" else _DOUBT.get(finding.rule, 0)
    grave = ORDER.index(finding.severity) - (doubt > 1)
    return -grave, int(finding.novelty != "new"), doubt, ways[finding.direction]
