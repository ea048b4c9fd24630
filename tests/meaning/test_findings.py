"""What every finding is, whatever it is about: quoted, ranked, overridable, said once, in plain words."""

from __future__ import annotations

import pytest
from invented import assessed, policy

from monitor.meaning import REVISION, assess
from monitor.meaning.findings import LIMIT
from monitor.meaning.quoting import LIMIT as WORDS
from monitor.meaning.quoting import quote
from monitor.model import Assessment, Clause, ExtractOptions, Page, SeverityOverride
from monitor.text import extract

NEW = "We may sell your trails to advertisers. We keep your trails for 24 months. We record your heart rate."


def of(before: str, after: str, overrides: tuple[SeverityOverride, ...] = ()) -> Assessment:
    texts = [extract((Page(text.encode(), name="p.md"),), ExtractOptions()) for text in (before, after)]
    return assess(texts[0], texts[1], overrides)


def test_an_assessment_carries_the_rules_revision() -> None:
    assert assessed(policy(), policy(share=NEW)).rules == REVISION


def test_the_same_two_texts_give_the_same_assessment() -> None:
    assert of(policy(), policy(share=NEW)) == of(policy(), policy(share=NEW))


def test_a_text_compared_with_itself_gives_nothing() -> None:
    same = of(policy(share=NEW), policy(share=NEW))
    assert (same.materiality, same.findings, same.severity, same.direction) == ("noise", (), "none", "neutral")


@pytest.mark.parametrize("pair", [(policy(), policy(share=NEW)), (policy(share=NEW), policy())])
def test_quotations_are_literal_and_short(pair: tuple[str, str]) -> None:
    texts = [extract((Page(text.encode(), name="p.md"),), ExtractOptions()).text for text in pair]
    found = of(*pair).findings
    assert found
    for one in found:
        assert one.before or one.after
        for text, shown in zip(texts, (one.before, one.after), strict=True):
            if shown:
                assert text[shown.start : shown.end] == shown.quote
                assert len(shown.quote.split()) <= WORDS


def test_a_long_clause_is_quoted_round_what_matters() -> None:
    text = (
        " ".join(f"word{n}" for n in range(80))
        + " we sell your heart rate to anyone, "
        + " ".join(f"tail{n}" for n in range(80))
    )
    clause = Clause(text, 100, 100 + len(text), "sentence")
    at = text.index("sell")
    shown = quote(clause, (at, at + 4))
    assert "sell your heart rate" in shown.quote
    assert len(shown.quote.split()) <= WORDS
    assert text[shown.start - 100 : shown.end - 100] == shown.quote


def test_a_quotation_stops_at_the_target_of_a_link() -> None:
    text = "We share your heart rate with clinics, see [the list](https://x.example/?utm_source=mail) for details of each of them."
    clause = Clause(text, 0, len(text), "sentence")
    assert "utm_source" not in quote(clause, (3, 8)).quote


def test_an_override_changes_severity_or_direction_and_leaves_the_other() -> None:
    usual = {one.label: one for one in of(policy(), policy(share=NEW)).findings}
    raised = of(policy(), policy(share=NEW), (SeverityOverride("retention", None, None, None, "high"),))
    turned = of(policy(), policy(share=NEW), (SeverityOverride("share.*", "added", "practice", "neutral", None),))
    assert {one.label: one.severity for one in raised.findings}["retention"] == "high"
    assert {one.label: one.direction for one in raised.findings}["retention"] == usual["retention"].direction
    assert {one.label: one.direction for one in turned.findings}["share.sale"] == "neutral"
    assert {one.label: one.severity for one in turned.findings}["share.sale"] == usual["share.sale"].severity


def test_an_override_for_another_action_or_polarity_does_not_count() -> None:
    rows = (
        SeverityOverride("share.sale", "removed", None, None, "none"),
        SeverityOverride("share.sale", None, "commitment", None, "none"),
    )
    assert {one.label: one.severity for one in of(policy(), policy(share=NEW), rows).findings}["share.sale"] == "high"


def test_summaries_say_what_the_text_says_and_never_what_a_company_does() -> None:
    found = of(policy(), policy(share=NEW))
    for one in found.findings:
        assert one.summary.startswith("The text ")
    assert "text now says “We may sell your trails to advertisers.” (the sale of personal data)" in found.summary
    assert "; in all 3 for the worse" in found.summary


def test_a_change_that_is_better_and_worse_is_mixed() -> None:
    assert (
        of(policy(share=NEW), policy(share="We train artificial intelligence with your trails.")).direction == "mixed"
    )


def test_there_are_never_more_findings_than_people_read() -> None:
    things = [
        "heart rate",
        "fingerprints",
        "income",
        "religious beliefs",
        "DNA",
        "job title",
        "purchase history",
        "date of birth",
    ]
    many = "\n\n".join(
        f"We collect your {thing} for project number {n} of department {n}." for n in range(12) for thing in things
    )
    assert len(of(policy(), policy(collect=many)).findings) <= LIMIT


def test_a_clause_that_binds_and_fits_no_rule_is_shown_as_unclassified() -> None:
    odd = "We must not lend your hiking boots, and you may not record our guides while they sing to you."
    found = of(policy(), policy(share=odd))
    assert [one.label for one in found.findings if one.label == "unclassified"] or found.materiality != "substantive"


def test_another_language_is_compared_as_text_and_said_so() -> None:
    before = "# Datenschutz\n\nWir speichern Ihre Daten für 30 Tage. Wir verkaufen Ihre Daten nicht an Dritte.\n\nSie können der Verarbeitung jederzeit widersprechen.\n"
    after = before.replace(
        "Wir verkaufen Ihre Daten nicht an Dritte.",
        "Wir verkaufen Ihre Daten an Dritte und teilen sie mit Werbenetzwerken.",
    )
    found = of(before, after)
    assert {one.label for one in found.findings} <= {"unclassified"}
    assert "The text is in German: compared as text, not interpreted." in found.notes


def test_a_date_below_an_address_is_no_line_of_it() -> None:
    old = "Write to:\n\nQuillmoor Ltd\n\n12 Mill Lane\n\nLeeds LS1 4AP\n\n1 April 2021"
    new = "Write to:\n\nFennbeck GmbH\n\nAm Markt 3\n\n10117 Berlin\n\n28 June 2021"
    told = assessed(policy(rest=old), policy(rest=new))
    assert [finding.value for finding in told.findings] == [
        "Quillmoor Ltd, 12 Mill Lane, Leeds LS1 4AP → Fennbeck GmbH, Am Markt 3, 10117 Berlin"
    ]
    assert {clause.materiality for clause in told.clauses if clause.reason == "date"} == {"noise"}
