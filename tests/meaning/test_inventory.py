"""The inventory of one text."""

from __future__ import annotations

from monitor.meaning.inventory import GROUPS, inventory

TEXT = """# Oxgate Maps privacy policy

## What we collect

We collect your name, your e-mail address and your precise location.

We do not collect your fingerprints.

## Who gets it

We share your location with advertising partners. We use the following service providers:

- Stripe (payments)
- Hollowpine Cloud GmbH (hosting)

## What for

We use your data to show you targeted advertising and to prevent fraud.

## How long

We keep server logs for 30 days. Invoices are stored for ten years.

## Rights

You can delete your account, opt out of targeted advertising, and lodge a complaint with the supervisory authority.
"""


def items() -> dict[tuple[str, str], str]:
    return {(item.label, item.polarity): item.quote.quote for item in inventory(TEXT) if item.label != "share.named"}


def test_each_label_stands_once_with_the_sentence_that_says_it() -> None:
    found = items()
    assert found["data.location_precise", "practice"].startswith("We collect your name")
    assert found["share.adpartners", "practice"].startswith("We share your location")
    assert found["purpose.ads_targeted", "practice"].startswith("We use your data to show")
    assert found["rights.access_edit_delete", "practice"].startswith("You can delete")


def test_a_denial_is_listed_as_a_promise_and_never_as_a_practice() -> None:
    assert items()["data.biometric", "commitment"] == "We do not collect your fingerprints."
    assert ("data.biometric", "practice") not in items()


def test_every_period_and_every_named_recipient_is_listed() -> None:
    found = inventory(TEXT)
    assert [item.value for item in found if item.label == "retention"] == ["30 days", "ten years"]
    assert {item.value for item in found if item.label == "share.named"} == {"Stripe", "Hollowpine Cloud GmbH"}


def test_quotations_are_literal_and_groups_are_in_order() -> None:
    found = inventory(TEXT)
    assert all(TEXT[item.quote.start : item.quote.end] == item.quote.quote for item in found)
    order = list(GROUPS.values())
    assert [order.index(item.group) for item in found] == sorted(order.index(item.group) for item in found)


def test_a_text_that_says_nothing_has_no_inventory() -> None:
    assert inventory("# Hello\n\nThe weather is fine today.\n") == ()
    assert inventory("") == ()
