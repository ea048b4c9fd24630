"""How sure an extraction is of holding the policy and nothing else, and why not more."""

from __future__ import annotations

import re

from monitor.model import Confidence, Verdict
from monitor.text.html import HtmlText

_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_UNUSUAL = re.compile(r"[\u0370-\u04ff\u202a-\u202e\u2066-\u2069]")
_MIXED = re.compile(r"[A-Za-z][\u0400-\u04ff\u0370-\u03ff]|[\u0400-\u04ff\u0370-\u03ff][A-Za-z]")


def assess(text: str, pages: tuple[HtmlText, ...], verdict: Verdict, *, part: str, kept: float | None) -> Confidence:
    """The confidence of an extraction. ``part`` is the heading of the document chosen among several on the page."""
    score = 1.0
    reasons: list[str] = []

    def less(factor: float, reason: str) -> None:
        nonlocal score
        score *= factor
        reasons.append(reason)

    if not verdict.ok:
        less(0.2, verdict.reason)
    for page in pages:
        if page.careful:
            less(0.8, "the page is malformed: read by the careful parser")
        if page.selected:
            continue
        if page.picked.share < 0.5:
            less(0.7, f"only {page.picked.share:.0%} of the page's words were taken for the text")
        if page.picked.link_share > 0.3:
            less(0.7, f"{page.picked.link_share:.0%} of its words are links")
    if part:
        less(0.8, f"the page holds several documents: kept the one headed {part!r}")
    if kept is not None and kept < 0.5:
        less(0.6, f"only {kept:.0%} of the version before is still there")
    if _UNUSUAL.search(text) and (_BIDI.search(text) or _MIXED.search(text)):
        less(0.9, "suspicious characters: letters of two scripts in one word, or marks that turn the direction of text")
    return Confidence(round(score, 2), tuple(reasons))
