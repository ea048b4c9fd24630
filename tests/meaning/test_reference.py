"""The reference case: a hedged answer about selling gives way to a plain denial, and advertising is denied but on marketing sites."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import fits

from monitor.meaning import assess
from monitor.model import Assessment, ExtractOptions, Finding, Page
from monitor.text import extract

BEFORE = """# Larkhall Calls privacy policy

Last updated: March 18, 2020

## Does Larkhall sell personal data?

It depends on what you mean by "sell". We do not let marketing firms, or anybody else, have personal data in exchange for payment. We do not let third parties use personal data that they got from us for their own purposes, unless you agree. So we do not think that most people would say that we sell their information, as that word is commonly understood.
"""
AFTER = """# Larkhall Calls privacy policy

Last updated: March 29, 2020

We do not sell your personal data. Whether you are a company, a school or a person, we do not sell your data.

We do not use data from your calls, or from your use of our services, for any advertising. We do use data that we obtain when you visit our marketing websites. You can change your cookie settings when you visit our marketing websites.
"""


def line(finding: Finding) -> str:
    return f"{finding.label} {finding.action} {finding.polarity} {finding.direction}"


def said(before: str, after: str) -> Assessment:
    texts = [extract((Page(text.encode(), name="p.md"),), ExtractOptions()) for text in (before, after)]
    return assess(texts[0], texts[1])


def test_the_plain_denial_is_told_and_never_read_as_a_sale() -> None:
    found = said(BEFORE, AFTER).findings
    sale = [one for one in found if one.label == "share.sale"]
    assert any(one.polarity == "commitment" and one.direction == "better" for one in sale)
    assert not [one for one in sale if one.polarity == "practice" and one.action == "added"]


def test_advertising_is_denied_for_the_service_and_not_altogether() -> None:
    found = said(BEFORE, AFTER).findings
    assert any(fits(line(one), "purpose.ads_contextual|purpose.ads_targeted added commitment better") for one in found)
    assert not any(fits(line(one), "purpose.ads_targeted|purpose.ads_contextual added practice *") for one in found)


def test_the_text_became_less_vague() -> None:
    found = said(BEFORE, AFTER)
    assert found.transparency_after.vague_per_1000 < found.transparency_before.vague_per_1000
    assert "It is less vague" in found.transparency_summary


@pytest.mark.data
def test_the_real_pair_comes_out_right(data: Path) -> None:
    folder = data / "zoom" / "march-2020"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("before.md", "after.md")]
    found = said(*texts)
    assert any(
        one.label == "share.sale" and one.polarity == "commitment" and one.direction == "better"
        for one in found.findings
    )
    assert any(
        fits(line(one), "purpose.ads_contextual|purpose.ads_targeted added commitment better") for one in found.findings
    )
    assert not any(one.label == "share.sale" and one.polarity == "practice" for one in found.findings)
    assert found.transparency_summary
