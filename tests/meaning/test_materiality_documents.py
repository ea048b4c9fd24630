"""When the difference of two documents is none of the policy's, and how the whole follows from its parts."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.compare import compare
from monitor.meaning.materiality import Judgement, judge
from monitor.model import Extraction, StatedDates, Verdict, VerdictKind

SECTIONS = {
    "What we collect": (
        "We collect your name and your email address when you open an account.",
        "We record which books you open, how long you read and where you stop.",
        "The app stores the notes and highlights that you make in a book.",
        "If you pay by card, our payment company tells us whether the card was accepted.",
        "We derive reading levels from the titles that you finish.",
    ),
    "How we use it": (
        "We use your reading history to suggest other books.",
        "We use your email address to send receipts and news about your account.",
        "We use crash reports to repair the app on your device.",
        "We use totals that name nobody to plan which titles to license.",
    ),
    "How we share it": (
        "We share your postal address with the couriers who deliver printed books.",
        "Publishers receive totals of pages read, without any personal data.",
        "We disclose data to the police when a court orders us to.",
        "We do not sell your personal data to anyone.",
    ),
    "How long we keep it": (
        "We keep your reading history for as long as you have an account.",
        "We erase your account and everything in it 60 days after you close it.",
        "Receipts are kept for seven years because tax law asks for that.",
    ),
    "Your rights": (
        "You may ask for a copy of the personal data that we hold about you.",
        "You may correct your name and your address in the settings.",
        "You may object to suggestions and we will stop making them.",
        "You may complain to the supervisory authority of your country.",
    ),
}
DATES = StatedDates(updated=date(2024, 3, 3), updated_quote="3 March 2024")


def policy(sections: dict[str, tuple[str, ...]] | None = None) -> str:
    parts = ["# Quillmoor Privacy Policy", "Last updated: 3 March 2024"]
    for title, sentences in (SECTIONS if sections is None else sections).items():
        parts += [f"## {title}", *sentences]
    return "\n\n".join(parts) + "\n"


def extraction(
    text: str, verdict: VerdictKind = "policy", language: str = "en", dates: StatedDates = DATES
) -> Extraction:
    return Extraction(text, "test", Verdict(verdict), language=language, dates=dates, words=len(text.split()))


def judged(before: Extraction, after: Extraction) -> Judgement:
    return judge(compare(before.text, after.text), before, after)


PAGE = "# Page not found\n\nThe page may have been removed.\n\nGo back to the shop.\n"


def test_nothing_that_differs_is_noise() -> None:
    assert judged(extraction(policy()), extraction(policy())) == Judgement("noise", ())


@pytest.mark.parametrize(
    "kind", ["wall", "not-found", "home", "hub", "login", "maintenance", "empty", "other-language"]
)
def test_another_page_is_noise_in_both_directions(kind: VerdictKind) -> None:
    for before, after in (("policy", kind), (kind, "policy")):
        texts = [policy() if verdict == "policy" else PAGE for verdict in (before, after)]
        found = judged(extraction(texts[0], before), extraction(texts[1], after))  # type: ignore[arg-type]
        assert found.materiality == "noise"
        assert "another page captured" in found.notes[0]
        assert {change.materiality for change in found.changes} == {"noise"}


def test_an_error_page_that_no_verdict_recognised_is_noise() -> None:
    found = judged(
        extraction(PAGE),
        extraction(
            policy(
                {
                    **SECTIONS,
                    **{
                        f"{title} (more)": tuple(
                            f"{line} We share personal data, number {n}." for n, line in enumerate(lines)
                        )
                        for title, lines in SECTIONS.items()
                    },
                }
            )
        ),
    )
    assert found.materiality == "noise"


def test_two_short_excerpts_may_be_compared() -> None:
    before, after = "We share your data with printers.\n", "We do not share your data with printers.\n"
    assert judged(extraction(before, "stub"), extraction(after, "stub")).materiality == "substantive"


def test_a_stub_beside_a_policy_is_another_page() -> None:
    assert judged(extraction(policy()), extraction("We share your data.\n", "stub")).materiality == "noise"


def test_another_language_is_noise() -> None:
    french = policy({"Vos droits": ("Vous pouvez demander une copie de vos données.",)})
    assert judged(extraction(policy()), extraction(french, language="fr")).materiality == "noise"


def test_scrambled_and_doubled_paragraphs_under_the_same_date_are_noise() -> None:
    order = list(SECTIONS)
    scrambled = {title: SECTIONS[title] for title in (order[3], order[0], order[4], order[2])}
    text = policy(scrambled) + "\n" + policy({"Once more": (*SECTIONS[order[0]], *SECTIONS[order[4]])})
    found = judged(extraction(policy()), extraction(text))
    assert found.materiality == "noise"


def test_text_lost_by_extraction_is_noise() -> None:
    kept = dict(list(SECTIONS.items())[:2])
    found = judged(extraction(policy()), extraction(policy(kept)))
    assert found.materiality == "noise"
    assert "lost" in found.notes[0]


def test_one_promise_that_goes_silently_is_substantive() -> None:
    cut = {**SECTIONS, "How we share it": SECTIONS["How we share it"][:3]}
    found = judged(extraction(policy()), extraction(policy(cut)))
    assert found.materiality == "substantive"
    assert [change.kind for change in found.changes] == ["removed"]


def test_much_that_goes_under_a_new_date_is_substantive() -> None:
    kept = dict(list(SECTIONS.items())[:2])
    moved = StatedDates(updated=date(2024, 6, 1), updated_quote="1 June 2024")
    assert judged(extraction(policy()), extraction(policy(kept), dates=moved)).materiality == "substantive"


def test_the_order_of_sections_is_editorial() -> None:
    backwards = dict(reversed(SECTIONS.items()))
    found = judged(extraction(policy()), extraction(policy(backwards)))
    assert found.materiality == "editorial"
    assert {change.kind for change in found.changes} == {"moved"}


def test_a_product_renamed_throughout_is_editorial_and_said_once() -> None:
    named = {title: tuple(f"{line} Bookvault does this." for line in lines) for title, lines in SECTIONS.items()}
    before = policy(named)
    found = judged(extraction(before), extraction(before.replace("Bookvault", "Shelfhouse")))
    assert found.materiality == "editorial"
    assert found.changes == ()
    assert found.notes == ("renamed throughout: bookvault → shelfhouse",)


def test_five_thousand_words_of_nothing_are_not_substantive() -> None:
    posts = "\n\n".join(f"- [Reading tip {n}](https://quillmoor.example/tips/{n})" for n in range(1_500))
    found = judged(extraction(policy()), extraction(f"{policy()}\n## From the blog\n\n{posts}\n"))
    assert found.materiality != "substantive"


def test_two_words_of_retention_are_substantive_among_five_thousand_of_nothing() -> None:
    posts = "\n\n".join(f"- [Reading tip {n}](https://quillmoor.example/tips/{n})" for n in range(1_500))
    changed = policy().replace("60 days", "90 days")
    found = judged(extraction(policy()), extraction(f"{changed}\n## From the blog\n\n{posts}\n"))
    assert found.materiality == "substantive"
    assert [change.reason for change in found.changes if change.materiality == "substantive"] == ["duration"]


def test_a_language_that_the_rules_do_not_read_is_reported_and_not_interpreted() -> None:
    before = (
        "# Confidentialité\n\nNous conservons vos messages dans nos locaux.\n\nVous pouvez nous écrire à tout moment.\n"
    )
    after = before.replace("dans nos locaux", "chez nos partenaires")
    found = judged(extraction(before, language="fr"), extraction(after, language="fr"))
    assert found.materiality == "substantive"
    assert found.changes[0].reason == "not interpreted"


def test_a_date_in_a_language_that_the_rules_do_not_read_is_noise() -> None:
    before = "# Confidentialité\n\nDernière mise à jour : 3 mars 2024\n\nNous conservons vos messages.\n"
    found = judged(extraction(before, language="fr"), extraction(before.replace("3 mars", "7 juin"), language="fr"))
    assert found.materiality == "noise"


def test_an_item_moved_under_a_denial_counts() -> None:
    before = "## Data\n\nWe collect the following:\n\n- your name\n- your notes\n- your photo\n\nWe never collect the following:\n\n- your voice\n- your weight\n"
    after = "## Data\n\nWe collect the following:\n\n- your name\n- your notes\n\nWe never collect the following:\n\n- your voice\n- your photo\n- your weight\n"
    found = judged(extraction(before), extraction(after))
    assert found.materiality == "substantive"


def test_items_in_another_order_are_no_change_that_counts() -> None:
    before = "## Data\n\nWe collect the following:\n\n- your name\n- your notes\n- your photo\n"
    after = "## Data\n\nWe collect the following:\n\n- your photo\n- your name\n- your notes\n"
    assert judged(extraction(before), extraction(after)).materiality == "editorial"


def test_a_table_that_becomes_a_list_is_no_change_that_counts() -> None:
    before = "## Data\n\nWhat we collect and why:\n\n| Enquiries: your name, your company, your message | To answer you when you write to us. |\n| --- | --- |\n"
    after = "## Data\n\nWhat we collect and why:\n\nEnquiries:\n\n- your name\n- your company\n- your message\n\nTo answer you when you write to us.\n"
    assert judged(extraction(before), extraction(after)).materiality != "substantive"


def test_every_change_is_given_a_reason() -> None:
    after = policy().replace("60 days", "90 days").replace("other books", "further books").replace("3 March", "4 May")
    found = judged(extraction(policy()), extraction(after))
    assert [(change.materiality, bool(change.reason)) for change in found.changes] == [
        ("noise", True),
        ("editorial", True),
        ("substantive", True),
    ]


def test_without_the_words_that_matter_nothing_would_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the rules, not the difference itself, decide."""
    monkeypatch.setattr("monitor.meaning.materiality.stakes.EDITED", ())
    found = judged(extraction(policy()), extraction(policy().replace("60 days", "90 days")))
    assert found.materiality == "editorial"
