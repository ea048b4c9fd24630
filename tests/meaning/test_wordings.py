"""Constructions that state a practice in other words than the usual ones: what one clause is read as."""

from __future__ import annotations

import pytest
from invented import policy, said

from monitor.meaning.context import context
from monitor.meaning.practices import practices
from monitor.meaning.reading import read
from monitor.model import Clause

ABOUT = 1.45  # weight from which a clause is about a practice


def told(text: str, *, lead: str = "", kind: str = "sentence", heading: str = "") -> dict[str, str]:
    """Labels that a clause is about, each with its polarity."""
    headings = (heading,) if heading else ()
    clause = Clause(text, 0, len(text), kind, headings, lead)  # type: ignore[arg-type]
    found = practices(read(text), context(clause))
    return {one.label: one.polarity for one in reversed(found) if one.weight >= ABOUT}


STATED = {
    "a period although disputes are mentioned": (
        "We retain invoices for as long as we need them to resolve disputes.",
        "retention",
        "practice",
    ),
    "a period that ends with a withdrawn consent": (
        "Your answers are stored until you withdraw your consent.",
        "retention",
        "practice",
    ),
    "a period that lasts while something is switched on": (
        "We store your voice sample while you have this feature enabled.",
        "retention",
        "practice",
    ),
    "data that are deleted with an account that you close": (
        "If the account is closed, by you or by us, your personal data will be deleted.",
        "retention",
        "practice",
    ),
    "nothing is retained": ("The recordings are not retained.", "retention", "commitment"),
    "what counts as a sale": ('In some states this may be considered a "sale".', "share.sale", "practice"),
    "a sale denied beside a merger": (
        "Except in a merger, we will not sell your personal information to anybody.",
        "share.sale",
        "commitment",
    ),
    "a sale denied by the vendor's own name beside a right": (
        "Right to opt out of sale: Trailhead does not sell your personal information.",
        "share.sale",
        "commitment",
    ),
    "a sale in the passive, of data that you gave": (
        "The data that you give us are sold to data brokers.",
        "share.sale",
        "practice",
    ),
    "consent that must be explicit": (
        "These tags are only placed with your explicit consent.",
        "rights.consent_model",
        "practice",
    ),
    "those who decide together": (
        "For joint campaigns Trailhead acts as a joint controller with Summit AS.",
        "controller",
        "practice",
    ),
    "data that nobody is made out in again": (
        "We will not try to re-identify anybody in these figures.",
        "other",
        "commitment",
    ),
    "how long a request takes": (
        "We will acknowledge receipt of your request within ten days.",
        "rights.access_edit_delete",
        "practice",
    ),
    "the law that governs": (
        "This policy is governed by the laws of Norway.",
        "rights.complaint_dispute",
        "practice",
    ),
}


@pytest.mark.parametrize(("text", "label", "polarity"), STATED.values(), ids=STATED)
def test_a_clause_states(text: str, label: str, polarity: str) -> None:
    assert told(text).get(label) == polarity


UNSTATED = {
    "a sale that is only supposed": ("If we ever sell your data, we will tell you first.", "share.sale"),
    "the name of a link": (
        "Visit our website and click the Do Not Sell/Share My Personal Information link.",
        "share.sale",
    ),
    "a denial that says what is done instead": (
        "Passwords are not retained; instead they are exchanged for keys.",
        "retention",
    ),
    "what others may do is no right": (
        "Account administrators may access and control your account.",
        "rights.access_edit_delete",
    ),
    "reporting a breach is no analysis": (
        "They are responsible for reporting personal data breaches in their systems.",
        "purpose.analytics",
    ),
}


@pytest.mark.parametrize(("text", "label"), UNSTATED.values(), ids=UNSTATED)
def test_a_clause_does_not_state(text: str, label: str) -> None:
    assert label not in told(text)


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ("Correct what is wrong about you;", "rights.access_edit_delete"),
        ("Object to how we work with it;", "rights.object_optout"),
        ("Appeal when we say no.", "rights.complaint_dispute"),
    ],
)
def test_an_item_of_a_list_of_rights_is_a_right(item: str, label: str) -> None:
    assert label in told(item, lead="You have the following rights:", kind="item")
    assert label not in told(item, lead="Our editors are asked to:", kind="item")


def test_an_item_of_a_list_of_sources_is_a_source() -> None:
    lead = "We receive personal data from other sources such as:"
    assert "data.source_thirdparty" in told("The club that organises your trip", lead=lead, kind="item")
    assert "data.source_thirdparty" not in told("The club that organises your trip", lead="You can name:", kind="item")


def test_an_item_that_only_names_an_aim_is_a_purpose() -> None:
    assert "purpose.security" in told("Detecting fraudulent orders before they are paid", kind="item")
    assert "purpose.security" not in told("A leaflet on fraud is in every box", kind="item")


TABLE = """
| Category | Collected? | Disclosed? |
| --- | --- | --- |
| Browsing history and search history | {} | No |
| Precise location | No | No |
"""


def test_a_category_that_a_table_now_says_is_collected() -> None:
    before, after = policy(collect=TABLE.format("NO")), policy(collect=TABLE.format("YES"))
    assert said(before, after) == ["data.usage added practice worse"]
    assert said(after, before) == ["data.usage removed practice better"]


def test_an_officer_who_is_gone_is_told_of_beside_an_address_that_changed() -> None:
    officer = "Our data protection officer is Ms Lund, who can be reached by letter.\n\n"
    before = policy(rest=f"{officer}Brackenfell AS, Storgata 1, 0155 Oslo\n")
    after = policy(rest="Brackenfell AS, Kirkegata 20, 0153 Oslo\n")
    found = said(before, after)
    assert "controller removed practice neutral" in found
    assert "controller changed practice neutral" in found


def test_a_period_is_new_although_other_data_have_one() -> None:
    old = "We retain crash reports for 30 days."
    assert said(policy(rest=old), policy(rest=f"{old}\n\nWe retain voice notes for three years.\n")) == [
        "retention added practice neutral"
    ]


DENIED = {
    "each of two denials joined by 'and'": (
        "Health data is not used for advertising and is never shared with insurers.",
        "share.processor",
    ),
    "a purpose that is taken out": (
        "We use your e-mail address to log you in, not for marketing.",
        "purpose.marketing",
    ),
    "what training leaves out": (
        "Inputs sent in private mode are excluded from model training.",
        "purpose.ai_training",
    ),
    "demands that are fought": ("We will challenge overbroad government demands.", "share.authorities"),
}


@pytest.mark.parametrize(("text", "label"), DENIED.values(), ids=DENIED)
def test_a_denial_is_a_promise(text: str, label: str) -> None:
    assert told(text).get(label) == "commitment"


def test_a_period_that_is_not_fixed_is_no_promise() -> None:
    assert told("There is no fixed period for which we store your data.").get("retention") == "practice"
