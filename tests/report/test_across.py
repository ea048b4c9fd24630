"""The same new wording at several vendors."""

from __future__ import annotations

from dataclasses import replace

from report import made

from monitor.model import Clause, ClauseChange, DocumentKey
from monitor.report.across import SharedWording, Wording, new_wordings, shared_wordings

TEXT = "Acme may use recordings of your calls to train models that answer questions of other customers."


def wording(vendor: str, text: str, *, number: int = 0) -> Wording:
    key = DocumentKey(vendor, "privacy-policy")
    line = made.line(number or abs(hash(vendor)) % 10_000, vendor_name=vendor.title())
    return Wording(replace(line, change=replace(line.change, key=key)), text)


def vendors(group: SharedWording) -> set[str]:
    return {line.change.key.vendor for line, _ in group.uses}


def test_the_same_sentence_with_the_vendors_own_name_in_it_is_the_same() -> None:
    found = shared_wordings([wording("acme", TEXT), wording("bolt", TEXT.replace("Acme", "Bolt"))])
    assert [vendors(group) for group in found] == [{"acme", "bolt"}]


def test_a_sentence_with_a_few_other_words_is_nearly_the_same() -> None:
    longer = TEXT.replace("questions", "questions and requests")
    assert len(shared_wordings([wording("acme", TEXT), wording("bolt", longer.replace("Acme", "Bolt"))])) == 1


def test_sentences_that_only_share_common_words_are_not() -> None:
    other = "Bolt may use recordings of your calls where a court orders us to hand them over to the police."
    assert shared_wordings([wording("acme", TEXT), wording("bolt", other)]) == ()


def test_one_vendor_alone_shares_nothing() -> None:
    assert shared_wordings([wording("acme", TEXT, number=1), wording("acme", TEXT, number=2)]) == ()


def test_a_sentence_that_everybody_takes_over_is_one_group() -> None:
    names = [f"vendor{number}" for number in range(60)]
    found = shared_wordings([wording(name, TEXT.replace("Acme", name), number=n) for n, name in enumerate(names, 1)])
    assert [len(vendors(group)) for group in found] == [60]


def test_the_widest_group_comes_first() -> None:
    other = "Backups of deleted messages may be kept by us for up to three more years in cold storage."
    found = shared_wordings(
        [
            wording("acme", other, number=1), wording("bolt", other, number=2),
            wording("acme", TEXT, number=3), wording("bolt", TEXT, number=4), wording("cola", TEXT, number=5),
        ]
    )  # fmt: skip
    assert [len(vendors(group)) for group in found] == [3, 2]


def test_a_place_on_the_page_of_the_change_comes_with_each_use() -> None:
    view = made.change_view()
    words = new_wordings(view.line, view.assessment.clauses)
    assert [word.text for word in words] == [
        "We keep your name and address for ninety days after you close your account."
    ]
    anchors = {row.after.anchor for s in view.comparison.sections for row in s.items if getattr(row, "after", None)}  # type: ignore[union-attr]
    assert words[0].place in anchors


def test_what_is_short_or_not_substantive_is_no_wording() -> None:
    clause = Clause("We sell it to everybody who asks for it in writing.", 0, 50, "sentence")
    for change in (
        ClauseChange("added", None, Clause("We sell it.", 0, 11, "sentence")),
        ClauseChange("added", None, clause, materiality="editorial"),
        ClauseChange("removed", clause, None),
        ClauseChange("moved", clause, clause),
    ):
        assert new_wordings(made.line(), [change]) == ()
