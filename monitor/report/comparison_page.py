"""Any two texts side by side: two files, two dates of a document, or the documents of two jurisdictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.model import Assessment, Extraction, Finding, Quote
from monitor.report.comparison import compare_pages
from monitor.report.environment import render_alone
from monitor.report.pages import finding_groups
from monitor.report.trend import measures
from monitor.text.segment import segment


SIDES = {"in time": ("Before", "Now"), "apart": ("First text", "Second text")}
"""What stands over the two columns."""


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    written_at: None = None  # the page of two texts belongs to no site


def comparison_page(
    title: str,
    before: Extraction,
    after: Extraction,
    assessment: Assessment,
    *,
    names: Mapping[str, str] | None = None,
    apart: bool = False,
    site_title: str = "Policy comparison",
) -> bytes:
    """One HTML file that needs no other: the findings, then both texts in full, what is equal folded.

    Args:
        title: What is compared, e.g. two file names; shown as it is.
        before: The text on the left.
        after: The text on the right.
        assessment: What differs between exactly these two.
        names: What labels are called.
        apart: They are two documents, of which neither was before the other.
        site_title: Printed at the top of the page.
    """
    comparison = compare_pages(
        segment(before.text), segment(after.text), assessment.clauses, finding_quotes(assessment.findings)
    )
    return render_alone(
        "pair.html",
        frame=_Frame(site_title),
        title=title,
        before=before,
        after=after,
        assessment=assessment,
        comparison=comparison,
        groups=finding_groups(assessment.findings, comparison),
        measures=measures(assessment.transparency_before, assessment.transparency_after),
        names=names or {},
        apart=apart,
        sides=SIDES["apart" if apart else "in time"],
    )


def finding_quotes(findings: tuple[Finding, ...]) -> list[tuple[Literal["before", "after"], Quote]]:
    """The quotations of findings with the side they stand on."""
    made: list[tuple[Literal["before", "after"], Quote]] = []
    for finding in findings:
        if finding.before:
            made.append(("before", finding.before))
        if finding.after:
            made.append(("after", finding.after))
    return made
