"""Plain sentences about findings and changes. They say what the text says, never what a company does."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.meaning.knowledge import labels
from monitor.meaning.severity import ORDER
from monitor.model import Action, Finding, Polarity

_LONG = 90  # characters of a value that still reads as part of a sentence


def sentence(label: str, action: Action, polarity: Polarity, value: str) -> str:
    """One plain sentence about a finding."""
    about = labels()[label].say
    detail = value if len(value) <= _LONG else value[: _LONG - 1].rsplit(" ", 1)[0] + "…"
    if label == "unclassified":
        return {
            "added": "The text now has a clause that the rules cannot interpret",
            "removed": "The text no longer has a clause that the rules cannot interpret",
            "changed": "The text of a clause differs in a way the rules cannot interpret",
        }[action] + (f": {detail}" if detail else "")
    promise = polarity == "commitment"
    opening = {
        ("added", False): "The text now states",
        ("removed", False): "The text no longer states",
        ("changed", False): "The text now says something else about",
        ("added", True): "The text now promises limits on",
        ("removed", True): "The text no longer promises limits on",
        ("changed", True): "The text changed its promise about",
    }[action, promise]
    return f"{opening} {about}" + (f": {detail}" if detail else "")


def change_summary(findings: Sequence[Finding], *, materiality: str) -> str:
    """One plain sentence about a change: how many findings for the worse and better, and the gravest."""
    if not findings:
        return {
            "noise": "Nothing that concerns anybody's data differs",
            "editorial": "Wording differs; no practice, promise or right does",
        }.get(materiality, "The text differs; the rules cannot say what that means")
    parts = []
    for direction, words in (
        ("worse", "for the worse"),
        ("better", "for the better"),
        ("neutral", "neutral"),
        ("unclear", "unclear"),
    ):
        count = sum(finding.direction == direction for finding in findings)
        if count:
            parts.append(f"{count} {words}")
    rank = {"worse": 0, "better": 1, "unclear": 2, "neutral": 3}
    worst = min(findings, key=lambda one: (-ORDER.index(one.severity), rank[one.direction]))
    return f"{', '.join(parts)}; gravest: {worst.summary[0].lower()}{worst.summary[1:]}"
