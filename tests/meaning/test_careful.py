"""Wordings that look like more than they say, each with a twin that says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from invented import fits, policy, said

from monitor.meaning.aspects import brought
from monitor.meaning.bulk import fewer, joined, settle
from monitor.meaning.drafts import Draft
from monitor.meaning.quoting import quote
from monitor.meaning.reading import sides
from monitor.meaning.scene import Practice
from monitor.meaning.whole import choose, of_clause
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
    "what a general promise takes away is told by its own name": Pair(
        "We may use data about your trails to show you advertising that fits your interests.",
        "We do not use data from your trails, or anything else you tell us, for advertising.",
        "purpose.ads_targeted removed practice better",
    ),
    "TWIN and what its end brings": Pair(
        "We do not use data from your trails, or anything else you tell us, for advertising.",
        "We may use data about your trails to show you advertising that fits your interests.",
        "purpose.ads_targeted added practice worse",
    ),
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
    "what is encrypted by default asks nobody": Pair(
        "",
        "Your trails are encrypted by default.",
        "security added practice better",
        never="rights.consent_model * * *",
    ),
    "TWIN what is shared by default": Pair(
        "", "Your trails are shared with your club by default.", "rights.consent_model added practice *"
    ),
    "no logs": Pair("", "We keep no logs.", "retention added commitment better"),
    "TWIN no fixed period is no promise": Pair(
        "", "There is no fixed retention period for your trails.", never="retention * commitment *"
    ),
    "nobody listens": Pair("", "Nobody listens to your calls.", "data.communications added commitment better"),
    "TWIN somebody may": Pair("", "Our staff may listen to your calls.", "data.communications added practice worse"),
    "what a policy covers besides": Pair(
        "This policy applies to our app and to nothing else that we make.",
        "This policy applies to our app and website and to nothing else that we make.",
        "scope changed practice unclear",
    ),
    "TWIN what a policy describes": Pair(
        "This policy describes how we treat what you save in our app.",
        "This policy describes how we treat what you save in our website and app.",
        never="scope * * *",
    ),
    "shall is will": Pair(
        "We will protect your trails with locks and encryption.",
        "We shall protect your trails with locks and encryption.",
        never="* * * *",
    ),
    "TWIN may is less": Pair(
        "We will protect your trails with locks and encryption.",
        "We may protect your trails with locks and encryption.",
        "security changed practice worse",
    ),
    "the title of another text collects nothing": Pair(
        "When we collect your name, our house rules apply.",
        "When we collect your name, our house rules and our Health Data Privacy Policy apply.",
        never="data.* * * *",
    ),
    "TWIN data that are collected": Pair(
        "When we collect your name, our house rules apply.",
        "When we collect your name and your health data, our house rules apply.",
        "data.health added practice worse",
    ),
    "sensitive data under a name with capitals": Pair(
        "We collect your name to greet hikers.",
        "We collect your name and Health Data to greet hikers.",
        "data.health added practice worse",
    ),
    "TWIN anything else with capitals": Pair(
        "We collect your name to greet hikers.",
        "We collect your name and Trail Chatter to greet hikers.",
        never="* added * *",
    ),
    "an age that is stored": Pair(
        "",
        "We may store your age on our servers, for towns where local laws restrict access to certain content to people "
        "who are under 18.",
        "data.demographic added practice worse",
        never="children * * *",
    ),
    "TWIN an age that people must have": Pair(
        "", "We store trails of members who are at least 18 years old.", "children added practice better"
    ),
    "what laws restrict is no safeguard": Pair(
        "", "Local laws restrict access to certain content in some towns.", never="security * * *"
    ),
    "TWIN what the vendor restricts": Pair(
        "", "We restrict access to your trails to those who need them.", "security added practice better"
    ),
    "regions where laws differ are no location of anybody": Pair(
        "", "We collect your answers in regions where local laws allow it.", never="data.location_coarse * * *"
    ),
    "TWIN the region where people are": Pair(
        "", "We collect the region where you are.", "data.location_coarse added practice worse"
    ),
    "an advertising network is never used": Pair(
        "", "Brackenfell will never use any advertising network in its app.", "share.adpartners added commitment better"
    ),
    "TWIN people shall not use one": Pair(
        "", "You may never use an advertising network in the app.", never="share.adpartners * * *"
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


def worded(value: str, order: int, rule: str = "edit.words") -> Draft:
    return replace(draft("data.health", "added", order=order, term=value), action="changed", value=value, rule=rule)


SWAPS = ("recordings → videos", "my recordings (of hikes) → videos of hikes", "old recordings → videos and photos")
OTHERS = ("recordings → videos", "couriers → drones", "printed maps → posters")


@pytest.mark.parametrize(("values", "left"), [(SWAPS, 0), (OTHERS, 3)], ids=["one swap in three", "TWIN three swaps"])
def test_one_word_for_another_in_many_clauses_is_a_way_of_speaking(values: tuple[str, ...], left: int) -> None:
    assert len(settle([worded(value, n) for n, value in enumerate(values)])) == left


def test_a_condition_that_many_clauses_now_have_is_told_once() -> None:
    values = ("→ if you joined a club", "→ if you joined a club", "→ if you have joined a club")
    assert len(settle([worded(value, n, "edit.condition") for n, value in enumerate(values)])) == 1


def test_of_a_text_written_anew_the_uses_that_every_policy_states_are_left_out() -> None:
    several = [draft("purpose.improve", order=n) for n in range(4)] + [draft("data.health", order=9)]
    weak = [replace(one, weight=2.5) for one in several]
    assert [one.label for one in fewer(weak)] == ["data.health"]
    usage = [replace(one, label="data.usage") if one.label == "purpose.improve" else one for one in weak]
    assert [one.label for one in fewer(usage)] == ["data.usage", "data.health"]


@pytest.mark.parametrize(("label", "told"), [("data.health", 2), ("data.contact", 1)], ids=["grave", "TWIN plain"])
def test_what_is_grave_is_told_for_each_section(label: str, told: int) -> None:
    one = draft(label, term="heart rate")
    assert len(joined([one, replace(one, section=("For guides",), order=1)])) == told
    assert len(joined([one, replace(one, order=1)])) == 1


@pytest.mark.parametrize(("weight", "told"), [(2.3, True), (2.0, False)], ids=["plainly", "TWIN in passing"])
def test_what_is_grave_is_told_of_a_text_written_anew_when_it_is_said_plainly(weight: float, told: bool) -> None:
    several = [draft("rights.access_edit_delete"), replace(draft("data.health", order=1), weight=weight)]
    assert ("data.health" in {one.label for one in fewer(several)}) is told


def test_a_quotation_does_not_run_over_the_target_of_a_link() -> None:
    text = "We keep all of your recordings in the [Archive](https://x.example/?utm=1) and add whatever comes later on."
    clause = Clause(text, 0, len(text), "sentence", (), "")
    assert quote(clause, (8, len(text))).quote == "We keep all of your recordings in the [Archive"
    text = "We store (as [section 5](https://x.example/#5) says) all of your recordings on our servers for a month."
    clause = Clause(text, 0, len(text), "sentence", (), "")
    assert quote(clause, (50, len(text))).quote == "says) all of your recordings on our servers for a month."
    text = text.replace(" says", "")
    assert quote(Clause(text, 0, len(text), "sentence", (), ""), (50, len(text))).quote.startswith("all of your")
    short = Clause("See [us](https://x.example/?utm=1).", 0, 35, "sentence", (), "")
    assert quote(short).quote == short.text


@pytest.mark.parametrize(
    ("before", "after", "brings"),
    [
        ("Photos help us understand your trails better.", "Photos help us better understand your trails.", False),
        ("We save it when providing our services.", "We save it when providing these services.", False),
        ("Photos help us understand your trails.", "Photos help us improve and understand your trails.", True),
    ],
    ids=["another order", "another little word", "TWIN another word"],
)
def test_only_a_word_that_the_other_wording_has_nowhere_brings_something(before: str, after: str, brings: bool) -> None:
    old, new = sides(segment(before), segment(after))
    whole = Practice("purpose.ads_targeted", "practice", 0, len(new.reading.words), 3.0)
    assert brought(whole, new, old, ()) is brings
    assert brought(whole, new, old, [replace(whole, label="purpose.other")]) is brings
    assert brought(whole, new, old, [replace(whole, label="purpose.other", polarity="commitment")])
    assert new.fresh


@pytest.mark.parametrize(
    ("stated", "clause", "label", "told"),
    [
        (
            "We use your name for marketing.",
            "We use your trails for marketing and for usage analytics.",
            "purpose.analytics",
            True,
        ),
        (
            "We use your name to train our AI models.",
            "We use your trails to train our AI models and for usage analytics.",
            "purpose.analytics",
            False,
        ),
    ],
    ids=["nearly as much", "TWIN in passing"],
)
def test_what_is_new_beside_something_known_is_told_when_it_weighs_nearly_as_much(
    stated: str, clause: str, label: str, told: bool
) -> None:
    found = of_clause(segment(clause)[0], "added", 0, Text(segment(stated)))
    assert any(one.label == label and one.novelty == "new" for one in found) is told


@pytest.mark.parametrize(("weight", "chosen"), [(2.1, 2), (1.95, 1)], ids=["as much", "TWIN less"])
def test_what_stands_in_one_list_weighs_as_much(weight: float, chosen: int) -> None:
    one = Practice("data.usage", "practice", 0, 1, 2.2)
    assert len(choose([one, replace(one, label="data.contact", weight=weight)])) == chosen
