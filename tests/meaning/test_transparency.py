"""Measures of one text, and what two of them say."""

from __future__ import annotations

from monitor.compare import compare as compare_texts
from monitor.meaning.transparency import compare, measure
from monitor.model import Extraction, Transparency, Verdict
from monitor.text.segment import segment

OPEN = """# Fernwick privacy notice

Last updated: 2 February 2025

Fernwick Ltd, 4 Mill Lane, Hartmoor, is the controller; our data protection officer answers at dpo@fernwick.example.

We collect your name and e-mail address to send your orders.

The legal basis is the contract with you (Art. 6(1)(b) GDPR).

We share your address with our courier, and payment data with Stripe and PayPal.

We keep invoices for 7 years and server logs for 30 days.

You have the right of access, to rectification and erasure of your data, and to data portability.

You can object to direct marketing and withdraw your consent at any time.

You may lodge a complaint with the supervisory authority.
"""
VAGUE = """# Fernwick privacy notice

We may collect certain information such as your name, and may from time to time use it for various purposes, including but not limited to marketing, as appropriate.

We may share information with partners and others where reasonable.

We keep data as long as necessary, and we may update this notice from time to time.
"""


def measured(text: str, language: str = "en") -> Transparency:
    return measure(Extraction(text, "1", Verdict("policy"), language=language), segment(text))


def present(text: str) -> set[str]:
    return {one.id for one in measured(text).disclosures if one.present}


def test_disclosures_are_found_with_a_literal_quotation() -> None:
    found = [one for one in measured(OPEN).disclosures if one.present]
    assert {one.id for one in found} >= {
        "gdpr.13-1-a", "gdpr.13-1-b", "gdpr.13-1-c-basis", "gdpr.13-1-e", "gdpr.13-2-a", "gdpr.13-2-b",
        "gdpr.13-2-c", "gdpr.13-2-d", "ccpa.updated",
    }  # fmt: skip
    for one in found:
        assert one.quote is not None
        assert OPEN[one.quote.start : one.quote.end] == one.quote.quote


def test_what_a_text_does_not_speak_of_is_not_present() -> None:
    assert not {"gdpr.13-2-d", "gdpr.13-1-b", "ccpa.sale", "gdpr.13-1-c-basis"} & present(VAGUE)


def test_named_recipients_and_concrete_periods_are_listed_as_written() -> None:
    found = measured(OPEN)
    assert found.named_recipients == ("Stripe", "PayPal")
    assert found.durations == ("7 years", "30 days")


def test_a_vague_text_has_a_higher_rate_and_shows_its_worst_sentence() -> None:
    plain, vague = measured(OPEN), measured(VAGUE)
    assert vague.vague_per_1000 > 5 * plain.vague_per_1000
    assert vague.vague[0].quote.startswith("We may collect certain information such as")


def test_short_words_in_short_sentences_read_easier() -> None:
    easy = measured("We keep your name. We use it to mail you. We do not sell it to any firm.\n")
    hard = measured(
        "Notwithstanding the aforementioned considerations, organisational representatives predominantly administer "
        "individualised documentation pertaining to contractual obligations.\n"
    )
    assert easy.readability > 80
    assert hard.readability < 0


def test_other_languages_get_no_measure_that_only_english_has() -> None:
    german = measured("Wir speichern Ihre Daten nur so lange, wie es nötig ist.\n", language="de")
    assert german.words > 0
    assert german.readability == german.vague_per_1000 == 0
    assert german.disclosures == ()


def test_the_comparison_says_what_became_vaguer_and_what_was_dropped() -> None:
    said = compare(measured(OPEN), measured(VAGUE))
    assert "no longer names Stripe, PayPal" in said
    assert "no longer states 7 years, 30 days" in said
    assert "It is vaguer" in said
    assert "It no longer speaks of" in said


def test_a_text_compared_with_itself_says_nothing() -> None:
    assert compare(measured(OPEN), measured(OPEN)) == ""


def test_an_empty_text_has_measures_too() -> None:
    assert measured("\n").words == 0
    assert compare(measured("\n"), measured(OPEN))


def test_every_clause_of_a_comparison_can_be_measured() -> None:
    comparison = compare_texts(OPEN, VAGUE)
    assert measure(Extraction(OPEN, "1", Verdict("policy")), comparison.before).words == measured(OPEN).words
