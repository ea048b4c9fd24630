"""What a careful reader does not report, or reports once: each with a twin that must be told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from invented import assessed, findings, fits, policy, said


@dataclass(frozen=True)
class Case:
    """Two versions; ``tells`` must all be said and ``never`` must not ("label action polarity direction")."""

    before: str
    after: str
    tells: tuple[str, ...] = ()
    never: tuple[str, ...] = ("* * * *",)


def rest(before: str, after: str, *tells: str, never: tuple[str, ...] = ()) -> Case:
    return Case(policy(rest=before), policy(rest=after), tells, never or (() if tells else ("* * * *",)))


CASES = {
    "a date is no address": rest(
        "In force since July 27, 2023 (earlier version below).", "In force since September 9, 2025 (earlier version)."
    ),
    "TWIN an address": rest(
        "Our registered office is at 12 Mill Lane, Leeds LS1 4AP.",
        "Our registered office is at 7 High Street, Leeds LS2 8BB.",
        "controller changed practice neutral",
    ),
    "an address over several lines that moved": rest(
        "Write to:\n\nBrackenfell Maps Ltd\n\n12 Mill Lane\n\nLeeds LS1 4AP\n\nEngland",
        "Write to:\n\nBrackenfell Trails GmbH\n\nAm Markt 3\n\n10117 Berlin\n\nGermany",
        "controller changed practice neutral",
        never=("controller added * *", "controller removed * *", "unclassified * * *"),
    ),
    "TWIN the same address in other lines": rest(
        "Write to:\n\nBrackenfell Maps Ltd\n\n12 Mill Lane\n\nLeeds LS1 4AP",
        "Write to:\n\nBrackenfell Maps Ltd, 12 Mill Lane\n\nLeeds LS1 4AP",
        never=("controller * * *",),
    ),
    "one more framework beside another": rest(
        "We adhere to the EU-US Privacy Shield Framework when we transfer personal data to the United States.",
        "We adhere to the EU-US and Swiss-US Privacy Shield Frameworks when we transfer personal data to the United States.",
        "transfer added practice better",
        never=("transfer changed * *",),
    ),
    "advertising by the page and not by the person": rest(
        "",
        "We show you ads based on the content of the page that you are viewing.",
        "purpose.ads_contextual added practice *",
        never=("purpose.ads_targeted * * *",),
    ),
    "TWIN advertising by the person": rest(
        "", "We show you ads based on your activity in our app.", "purpose.ads_targeted added practice worse"
    ),
    "fighting abuse collects nothing of children": rest(
        "", "We use personal data to detect online child sexual abuse.", never=("data.children * * *", "children * * *")
    ),
    "an estimate that somebody is grown up is no data of children": rest(
        "",
        "We use information about your activity to estimate whether you are over 18.",
        never=("data.children * * *",),
    ),
    "a customer service team is where to ask": rest(
        "You can read the notice of your product by visiting its page.",
        "You can read the notice of your product by visiting its page, or you can contact the customer services team.",
        never=("purpose.service * * *",),
    ),
    "we ask first": rest(
        "", "When ads are personalised, we ask for your consent.", "rights.consent_model added practice better"
    ),
    "a document that we ask for": rest(
        "",
        "We can request other information to verify your age, like your passport.",
        "data.gov_id added practice worse",
    ),
    "a title states nothing": rest(
        "How to access your personal data\n\nOpen the settings page.",
        "How to access your personal data How to access your personal data module\n\nOpen the settings page.",
    ),
    "a pointer states nothing": rest(
        "", "For more information about the data that Zoom collects and shares with advertisers, see its own policy."
    ),
    "TWIN a statement that ends with a pointer": rest(
        "",
        "We share your trails with advertisers; for more information, see our list.",
        "share.adpartners added practice worse",
    ),
    "rights that are only said to be there": rest("", "Your privacy rights are important to us."),
    "TWIN rights that are named": rest(
        "", "You have the right to have your trails erased.", "rights.access_edit_delete added practice better"
    ),
    "a reference to a definition defines nothing": rest(
        "",
        "The app sends diagnostic data (as defined in the online terms) to us.",
        never=("definition * * *",),
    ),
    "TWIN a definition": rest(
        "",
        "## Terms\n\nPersonal data means any information that could identify a hiker.",
        "definition added practice unclear",
    ),
    "sensitive information without a name is no trait": rest(
        "", "We collect no sensitive information during the sign-in.", never=("data.sensitive_traits * * *",)
    ),
    "TWIN a trait": rest("", "We collect your religion.", "data.sensitive_traits added practice worse"),
    "a period is a plain fact": rest("", "We keep crash reports for 30 days.", "retention added practice neutral"),
    "a longest period binds": rest(
        "", "We delete crash reports no later than 30 days after we got them.", "retention added practice better"
    ),
    "data kept for ever": rest("", "We keep crash reports indefinitely.", "retention added practice worse"),
    "data no longer kept for ever": rest(
        "We keep crash reports indefinitely.", "", "retention removed practice better"
    ),
    "an age limit protects": rest("", "Members must be at least 16 years of age.", "children added practice better"),
    "rights of one place are good for its people": rest(
        "",
        "## Residents of Oregon\n\nResidents of Oregon may ask us for a list of the companies that got their data.",
        "jurisdiction added practice better",
    ),
    "TWIN a reference to terms of one place is a plain fact": rest(
        "",
        "For individuals in Oregon, please see our separate notice under Oregon state privacy law.",
        "jurisdiction added practice neutral",
    ),
    "that a policy may change stands in every policy": rest(
        "", "We may update this policy from time to time and post the new version on this page."
    ),
    "TWIN people are told of changes": rest(
        "", "We tell you of changes to this policy by e-mail 30 days in advance.", "notice_change added practice better"
    ),
    "consent as a ground is no question of asking": rest(
        "## Legal bases\n\nWe map trails because that is our legitimate interest.",
        "## Legal bases\n\nWe map trails because that is our legitimate interest. We send tips with your consent.",
        "legal_basis added practice *",
        never=("rights.consent_model * * *",),
    ),
    "where data come from is no recipient": rest(
        "",
        "From advertising networks we receive your age.",
        "data.source_thirdparty added practice worse",
        never=("share.* * * *",),
    ),
    "TWIN a recipient": rest(
        "", "Advertising networks receive your age from us.", "share.adpartners added practice worse"
    ),
    "who answers for people of a place gives them no terms": rest(
        "## Contact us\n\nWrite to our office.",
        "## Contact us\n\nWrite to our office. Residents of Norway write to our representative, Fjellkart AS, Oslo.",
        "controller added practice neutral",
        never=("jurisdiction * * *",),
    ),
    "the first cell of a row is what the row is about": rest(
        "| Category of data | Purpose |\n|---|---|\n| Photos | To show them |\n| Maps | To show them |",
        "| Category of data | Purpose |\n|---|---|\n| Photos | To show them |\n| Maps | To show them |\n"
        "| Employment history | Targeted advertising |",
        "data.professional added practice worse",
    ),
    "another mechanism for transfers": rest(
        "We rely on the Privacy Shield when we transfer data to the United States.",
        "We rely on standard contractual clauses when we transfer data to the United States.",
        "transfer changed practice unclear",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_told_and_what_is_not(case: Case) -> None:
    sentences = said(case.before, case.after)
    for pattern in case.tells:
        assert any(fits(sentence, pattern) for sentence in sentences), (pattern, sentences)
    for pattern in case.never:
        assert not any(fits(sentence, pattern) for sentence in sentences), (pattern, sentences)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("You can (1) call us or (2) write to us about your data.", "You can call us or write to us about your data."),
        (
            "We follow version 2 of the code on how you share your data.",
            "We follow version 3 of the code on how you share your data.",
        ),
        ("We help to ensure that no one uses your data.", "We help make sure that no one uses your data."),
    ],
    ids=["how items are counted", "a number of something else", "other little words"],
)
def test_an_edit_that_says_nothing_is_not_told(before: str, after: str) -> None:
    assert not assessed(policy(rest=before), policy(rest=after)).findings


def test_a_use_that_every_policy_has_is_nothing_new() -> None:
    before = policy(collect="We use your trails to prevent fraud.")
    after = policy(
        collect="We use your trails to prevent fraud.", rest="We use your ratings to keep our service secure."
    )
    assert all(one.novelty == "restated" for one in findings(before, after) if one.label == "purpose.security")
    assert [one.novelty for one in findings(policy(), after) if one.label == "purpose.security"] != ["restated"]


def test_of_a_text_written_anew_only_what_it_says_plainly_is_told() -> None:
    """Much is said in passing; the sale and what several clauses say is told."""
    passing = [
        f"Part {n} of the app, the {word} page, helps us to improve our service." for n, word in enumerate(_PAGES)
    ]
    old = "\n\n".join(f"The {word} page shows what you saved as {word}." for word in _PAGES)
    new = "\n\n".join([*passing, "We sell your trails to advertisers.", *_MANY])
    found = findings(policy(rest=old), policy(rest=new))
    assert any(one.label == "share.sale" and one.action == "added" for one in found)
    assert len(found) <= 25


_PAGES = tuple("amber birch cedar dune ember fjord grove heath inlet jetty".split())
_MANY = tuple(
    f"We collect your {what}."
    for what in (
        "heart rate",
        "fingerprints",
        "passport number",
        "religion",
        "precise location",
        "photos",
        "voice recordings",
        "address book",
        "credit card number",
        "purchase history",
        "job title",
        "age",
        "IP address",
        "search history",
        "text messages",
        "DNA",
        "sexual orientation",
        "date of birth",
        "browsing history",
        "employment history",
        "blood pressure",
        "face prints",
        "driving licence number",
        "ethnicity",
        "GPS position",
        "videos",
        "contacts",
    )
)
