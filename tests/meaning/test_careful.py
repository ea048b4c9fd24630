"""Wordings that look like more than they say, each with a twin that says it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from invented import fits, policy, said

from monitor.meaning.bulk import fewer, settle
from monitor.meaning.drafts import Draft
from monitor.meaning.quoting import quote
from monitor.meaning.whole import of_clause
from monitor.meaning.world import Text
from monitor.model import Action, Clause
from monitor.text.segment import segment


@dataclass(frozen=True)
class Pair:
    """Two texts; every one of ``tells`` must be said, and nothing that fits ``never`` ("label action polarity direction")."""

    before: str
    after: str
    tells: str = ""
    never: str = "nothing"


PAIRS = {
    "what is available where is no condition": Pair(
        "This policy applies to hikers who move to the new app, where available.",
        "This policy applies to hikers who move to the new app.",
        never="scope * * *",
    ),
    "TWIN an exception": Pair(
        "This policy applies to hikers who move to the new app.",
        "This policy applies to hikers who move to the new app unless their club has its own.",
        "scope changed practice unclear",
    ),
    "ads that are fitted to people are ads": Pair(
        "We use your trails to personalise ads.",
        "We use your trails to personalise ads if we show you ads.",
        never="purpose.ads_contextual added * *",
    ),
    "TWIN ads where none were": Pair(
        "We use your trails to improve our maps.",
        "We use your trails to improve our maps and to show you ads.",
        "purpose.ads_contextual added practice worse",
    ),
    "a billing address is no purpose": Pair(
        "", "If that happens, we only share the bare minimum, such as billing addresses.", never="purpose.* * * *"
    ),
    "TWIN billing is one": Pair("", "We use your card number for billing.", "* added practice *"),
    "what a vendor writes to people is no message of theirs": Pair(
        "", "We record how you react to our marketing and communications with you.", never="data.communications * * *"
    ),
    "TWIN what people write": Pair(
        "", "We record your communications with other hikers.", "data.communications added practice worse"
    ),
    "a service is now called by its name": Pair(
        "We share your e-mail address with a third-party newsletter service.",
        "We share your e-mail address with Mailchimp.",
        "share.named added practice neutral",
    ),
    "TWIN a name where nobody was spoken of": Pair(
        "We share your e-mail address to send the newsletter.",
        "We share your e-mail address with Mailchimp to send the newsletter.",
        "share.named added practice worse",
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_what_is_said_and_what_only_looks_like_it(pair: Pair) -> None:
    sentences = said(policy(rest=pair.before), policy(rest=pair.after))
    if pair.tells:
        assert any(fits(sentence, pair.tells) for sentence in sentences), sentences
    assert not any(fits(sentence, pair.never) for sentence in sentences), sentences


WRITES = "Adobe collects your name. Adobe may use your name. Adobe also stores it."
OTHER = "Brackenfell collects your name. Brackenfell may use your name. Brackenfell also stores it."
NAMES = "Service providers see what Adobe Analytics counts."


@pytest.mark.parametrize(("text", "named"), [(WRITES, False), (OTHER, True)], ids=["its own", "TWIN somebody else's"])
def test_a_product_of_those_who_write_is_no_recipient(text: str, named: bool) -> None:
    (clause,) = segment(NAMES)
    found = of_clause(clause, "added", 0, Text(segment(text)))
    assert any(one.label == "share.named" for one in found) is named


@pytest.mark.parametrize("bulk", [True, False], ids=["a fuller capture", "TWIN a text of the same length"])
def test_a_name_said_in_passing_is_new_only_when_the_text_did_not_double(bulk: bool) -> None:
    (clause,) = segment("Our service providers are Mailchimp and Zendesk.")
    found = of_clause(clause, "added", 0, Text(segment(OTHER)), bulk=bulk)
    assert any(one.label == "share.named" for one in found) is not bulk


_SENTENCES = ("Hikers find her office in Bergen", "Ask whoever answers our telephone")


def draft(label: str, action: Action = "added", *, order: int = 0, term: str = "") -> Draft:
    shown = quote(segment(f"{_SENTENCES[order % 2]} ({order}).")[0])
    came = action == "added"
    before, after = (None, shown) if came else (shown, None)
    return Draft(label, action, "practice", term, 3.1, "clause.stated", (), before, after, terms=(term,), order=order)


def test_of_a_long_list_rights_are_told_one_by_one_and_other_things_three_times() -> None:
    labels = ["rights.access_edit_delete"] * 10 + ["data.health"] * 10
    kept = [one.label for one in fewer([draft(label, order=n) for n, label in enumerate(labels)])]
    assert kept == ["rights.access_edit_delete"] * 8 + ["data.health"] * 3


def test_an_officer_who_took_the_place_of_another_is_one_change() -> None:
    gone = draft("controller", "removed", term="data protection officer")
    came = draft("controller", order=1, term="privacy officer of the group")
    (one,) = settle([gone, came])
    assert (one.action, one.known) == ("changed", "neutral")
    assert [one.action for one in settle([came])] == ["added"]


def test_a_sentence_of_usual_length_is_quoted_whole() -> None:
    words = " ".join(f"word{n}" for n in range(45))
    clause = Clause(f"We keep {words}.", 0, len(words) + 9, "sentence", (), "")
    assert quote(clause).quote == clause.text
    longer = Clause(f"We keep {words} {words}.", 0, 2 * len(words) + 10, "sentence", (), "")
    assert quote(longer).quote != longer.text
