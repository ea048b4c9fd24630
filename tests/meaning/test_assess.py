"""What is said about two texts as a whole: the same every time, nothing about nothing, and proved by the texts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from invented import assessed, findings, policy, said

from monitor.meaning import assess
from monitor.meaning.quoting import LIMIT as WORDS
from monitor.meaning.severity import ORDER
from monitor.model import Extraction, ExtractOptions, Page, SeverityOverride
from monitor.text import extract

SELLS = policy(share="We sell personal data.")
SELLS_NOT = policy(share="We do not sell personal data.")
MANY = {
    "a sale": policy(share="We sell personal data to publishers."),
    "a limit": policy(rest="We keep crash reports for 30 days."),
    "a right": policy(rest="You may object to the use of your trails for research."),
    "a recipient": policy(share="We share personal data with our affiliates."),
    "data": policy(collect="We record your heart rate."),
    "a promise": policy(collect="We never record your heart rate."),
    "a transfer": policy(rest="For transfers we use the standard contractual clauses."),
}


def extraction(text: str, **options: Any) -> Extraction:
    return replace(extract((Page(text.encode(), name="policy.md"),), ExtractOptions()), **options)


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_a_text_differs_in_nothing_from_itself(text: str) -> None:
    result = assessed(text, text)
    assert (result.materiality, result.findings, result.clauses) == ("noise", (), ())
    assert (result.severity, result.silent) == ("none", False)


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_what_is_added_one_way_is_removed_the_other_way(text: str) -> None:
    there = {(one.label, one.action, one.polarity) for one in findings(policy(), text)}
    back = {(one.label, one.action, one.polarity) for one in findings(text, policy())}
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert there
    assert {(label, turned[action], polarity) for label, action, polarity in there} == back


def test_what_is_worse_one_way_is_better_the_other_way() -> None:
    assert said(SELLS_NOT, SELLS) == ["share.sale changed practice worse"]
    assert said(SELLS, SELLS_NOT) == ["share.sale changed commitment better"]


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_quotations_stand_where_they_say(text: str) -> None:
    for before, after in ((policy(), text), (text, policy()), (SELLS, text)):
        old, new = extraction(before), extraction(after)
        for finding in assess(old, new).findings:
            assert finding.before or finding.after
            for quote, source in ((finding.before, old.text), (finding.after, new.text)):
                if quote is not None:
                    assert source[quote.start : quote.end] == quote.quote
                    assert len(quote.quote.split()) <= WORDS


def test_an_added_finding_quotes_the_new_text_and_a_removed_one_the_old() -> None:
    (came,) = findings(policy(), MANY["data"])
    assert came.after is not None
    assert "heart rate" in came.after.quote
    (went,) = findings(MANY["data"], policy())
    assert went.before is not None
    assert "heart rate" in went.before.quote


def test_the_same_texts_give_the_same_findings() -> None:
    old, new = extraction(SELLS_NOT), extraction(policy(collect="We record your heart rate.", share="We sell data."))
    assert assess(old, new) == assess(old, new)


def test_a_change_for_the_worse_and_one_for_the_better_are_mixed() -> None:
    before = policy(share="We do not sell personal data.", rest="We keep crash reports for 90 days.")
    after = policy(share="We sell personal data.", rest="We keep crash reports for 30 days.")
    result = assessed(before, after)
    assert result.direction == "mixed"
    assert result.severity == "high"
    assert result.summary == (
        "For the worse, the text said “We do not sell personal data.” and now says “We sell personal data.” (the sale "
        "of personal data); for the better, it said “We keep crash reports for 90 days.” and now says “We keep crash "
        "reports for 30 days.” (how long data are kept)"
    )


def test_the_severity_of_a_change_is_that_of_its_gravest_finding() -> None:
    result = assessed(policy(), policy(collect="We record your heart rate.", rest="We keep crash reports for 30 days."))
    assert result.severity == max((one.severity for one in result.findings), key=ORDER.index)


def test_summaries_say_what_the_text_says_and_never_what_the_company_does() -> None:
    for text in MANY.values():
        for finding in findings(policy(), text):
            assert finding.summary.startswith("The text ")
            assert "Brackenfell" not in re.sub("“[^”]*”", "", finding.summary)


def test_a_withdrawn_promise_not_to_sell_is_grave() -> None:
    (finding,) = findings(SELLS_NOT, policy())
    assert (finding.label, finding.action, finding.polarity) == ("share.sale", "removed", "commitment")
    assert (finding.direction, finding.severity) == ("worse", "high")


def test_the_operators_own_table_wins() -> None:
    row = SeverityOverride("share.*", None, None, "unclear", "low")
    (finding,) = assess(extraction(SELLS_NOT), extraction(SELLS), (row,)).findings
    assert (finding.direction, finding.severity) == ("unclear", "low")


def test_a_row_for_another_action_does_not_apply() -> None:
    row = SeverityOverride("share.*", "removed", None, "unclear", "low")
    (finding,) = assess(extraction(SELLS_NOT), extraction(SELLS), (row,)).findings
    assert finding.direction == "worse"


def test_a_change_of_substance_under_an_unchanged_date_is_silent() -> None:
    assert assessed(SELLS_NOT, SELLS).silent
    assert not assessed(SELLS_NOT, SELLS.replace("9 May 2024", "12 June 2024")).silent


def test_a_date_that_moves_without_a_change_is_no_change_of_substance() -> None:
    result = assessed(SELLS, SELLS.replace("9 May 2024", "12 June 2024"))
    assert result.materiality == "noise"
    assert not result.silent
    assert any("without a change" in note for note in result.notes)


def test_what_no_rule_can_read_is_shown_unclassified() -> None:
    result = assessed(policy(), policy(collect="We may set the tone of your whistle on account of your data."))
    assert [one.label for one in result.findings] in ([], ["unclassified"])
    assert result.materiality in {"editorial", "substantive"}


def test_a_new_text_of_a_hundred_practices_gives_at_most_twenty_five_findings_and_keeps_the_gravest() -> None:
    words = ("heart rate", "income", "passport number", "fingerprint", "address book", "browsing history", "voice")
    clauses = "\n\n".join(
        f"## Partner {n}\n\nWe share your {words[n % len(words)]} with advertisers for service number {n}."
        for n in range(100)
    )
    result = assessed(policy(), policy(share="We sell personal data to publishers.", rest=clauses))
    assert 1 <= len(result.findings) <= 25
    assert any(one.label == "share.sale" for one in result.findings)


def test_renamed_terms_are_reported_once_and_are_editorial() -> None:
    text = policy(
        collect="Brackenfell stores personal data. We back personal data up.",
        share="We send personal data to couriers.",
    )
    result = assessed(text, text.replace("personal data", "user information"))
    assert result.materiality == "editorial"
    assert result.findings == ()
    assert len(result.renames) == 1
