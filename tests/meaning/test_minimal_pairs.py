"""Each rule about edits by a minimal pair: one edit that it must tell, and its twin, as alike as can be, that it must not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from invented import assessed, fits, policy, said


@dataclass(frozen=True)
class Edit:
    """Two wordings in one place; every one of ``tells`` must be said, and nothing that fits ``never``."""

    before: str
    after: str
    tells: tuple[str, ...]
    never: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[str, str]:
        """The two policies."""
        return policy(rest=f"## More\n\n{self.before}"), policy(rest=f"## More\n\n{self.after}")


def told(before: str, after: str, *tells: str, never: tuple[str, ...] = ()) -> Edit:
    return Edit(before, after, tells, never)


def quiet(before: str, after: str) -> Edit:
    return Edit(before, after, ())


def lists(first: str, second: str, *, move: bool) -> str:
    """Two lists, with one item in the second, or moved to the first."""
    here, there = ("- your heart rate\n", "") if move else ("", "- your heart rate\n")
    return f"{first}\n\n- your income\n{here}\n{second}\n\n- your voice\n{there}"


WORSE, BETTER = "data.health changed practice worse", "data.health changed practice better"
SPARED = "data.health changed commitment better"
LISTS = {
    "an item leaves the list of what is not collected": told(
        lists("We collect:", "We do not collect:", move=False),
        lists("We collect:", "We do not collect:", move=True),
        WORSE,
    ),
    "an item joins the list of what is not collected": told(
        lists("We collect:", "We do not collect:", move=True),
        lists("We collect:", "We do not collect:", move=False),
        SPARED,
    ),
    "an item joins the list of what is sold": told(
        lists("We sell:", "We never sell:", move=False), lists("We sell:", "We never sell:", move=True), WORSE
    ),
    "an item joins the list of what is shared": told(
        lists("We share with advertisers:", "We collect:", move=False),
        lists("We share with advertisers:", "We collect:", move=True),
        WORSE,
    ),
    "an item leaves the list of what is shared": told(
        lists("We share with advertisers:", "We collect:", move=True),
        lists("We share with advertisers:", "We collect:", move=False),
        BETTER,
    ),
    "TWIN an item joins a list that says the same": quiet(
        lists("On the phone we collect:", "On the web we collect:", move=False),
        lists("On the phone we collect:", "On the web we collect:", move=True),
    ),
    "TWIN an item that says by itself what is done moves": quiet(
        "We collect:\n\n- your income\n\nWe share:\n\n- your voice\n- your title: we use your job title to greet you\n",
        "We collect:\n\n- your income\n- your title: we use your job title to greet you\n\nWe share:\n\n- your voice\n",
    ),
    "TWIN a lead-in without a list": quiet(
        "We do not collect the following:\n\nSee below.", "We collect the following:\n\nSee below."
    ),
}

DEFAULTS = {
    "who had to object is asked first": told(
        "We send you news by e-mail unless you opt out.",
        "We send you news by e-mail only if you opt in.",
        "rights.consent_model changed practice better",
    ),
    "who was asked first has to object": told(
        "We send you news by e-mail only if you opt in.",
        "We send you news by e-mail unless you opt out.",
        "rights.consent_model changed practice worse",
    ),
    "TWIN the same default in another order": quiet(
        "We send you news by e-mail unless you opt out.", "Unless you opt out, we send you news by e-mail."
    ),
}

NAMES = {
    "one more recipient": told(
        "We use service providers such as Stripe for payments.",
        "We use service providers such as Stripe and Adyen for payments.",
        "share.named added practice worse",
    ),
    "one recipient for another": told(
        "We share order details with Stripe, which takes payments.",
        "We share order details with Adyen, which takes payments.",
        "share.named added practice neutral",
        "share.named removed practice neutral",
    ),
    "one company for another that no list knows": told(
        "We share order details with Tarnhost Ltd, which prints the labels.",
        "We share order details with Gullpost Inc, which prints the labels.",
        "share.named added practice neutral",
        "share.named removed practice neutral",
        never=("controller * * *",),
    ),
    "one entry of a list for another": told(
        "Our service providers include:\n\n- Tarnhost Ltd for hosting\n- Mailbeck Inc for mail",
        "Our service providers include:\n\n- Tarnhost Ltd for hosting\n- Gullpost Inc for mail",
        "share.named added practice neutral",
        "share.named removed practice neutral",
        never=("controller * * *",),
    ),
    "a name inside a row": told(
        "| Company | Task |\n| --- | --- |\n| Tarnhost Ltd | Hosting by Mailbeck Inc |",
        "| Company | Task |\n| --- | --- |\n| Tarnhost Ltd | Hosting by Gullpost Inc |",
        "share.named added practice neutral",
        "share.named removed practice neutral",
        never=("controller * * *",),
    ),
    "an ordinary word that is a company": told(
        "We share order details with payment companies such as Stripe.",
        "We share order details with payment companies such as Stripe and Block.",
        "share.named added practice worse",
    ),
    "TWIN an ordinary word that is none": quiet(
        "We share trails with parks. Block the app to stop it.",
        "We share trails with parks. Block the app if you want to stop it.",
    ),
    "TWIN sites whose practices are not ours": quiet(
        "We are not responsible for the privacy practices of Facebook.",
        "We are not responsible for the privacy practices of Facebook and Twitter.",
    ),
}

RESPONSIBLE = {
    "another company": told(
        "The controller of your data is Brackenfell Ltd, 5 Fern Road, Leeds.",
        "The controller of your data is Fernmoor Holdings Inc, 5 Fern Road, Leeds.",
        "controller changed practice neutral",
        never=("share.named * * *",),
    ),
    "another address": told(
        "The controller is Brackenfell Ltd, 5 Fern Road, Leeds LS1 4AB.",
        "The controller is Brackenfell Ltd, 99 Moss Street, York YO1 7HH.",
        "controller changed practice neutral",
    ),
    "another e-mail address": told(
        "Our data protection officer is at dpo@brackenfell.example.",
        "Our data protection officer is at privacy@fernmoor.example.",
        "controller changed practice neutral",
    ),
    "TWIN an e-mail address that robots do not see": quiet(
        "Our data protection officer is at dpo@brackenfell.example.",
        "Our data protection officer is at [email protected].",
    ),
}

PERIODS = {
    "notice of changes comes later": told(
        "We will tell you of changes to this policy 30 days before they take effect.",
        "We will tell you of changes to this policy 7 days before they take effect.",
        "notice_change changed practice worse",
    ),
    "notice of changes comes earlier": told(
        "We will tell you of changes to this policy 7 days before they take effect.",
        "We will tell you of changes to this policy 30 days before they take effect.",
        "notice_change changed practice better",
    ),
    "requests are answered later": told(
        "We answer requests to access your personal data within 30 days.",
        "We answer requests to access your personal data within 60 days.",
        "rights.access_edit_delete changed practice worse",
    ),
    "requests are answered at no stated time": told(
        "We answer requests to access your personal data within 30 days.",
        "We answer requests to access your personal data.",
        "rights.access_edit_delete changed practice worse",
    ),
    "requests are now answered in time": told(
        "We answer requests to access your personal data.",
        "We answer requests to access your personal data within 30 days.",
        "rights.access_edit_delete changed practice better",
    ),
    "a right may be used once a year": told(
        "You can request a copy of your personal data.",
        "You can request a copy of your personal data once every 12 months.",
        "rights.access_edit_delete changed practice worse",
    ),
    "a right may be used as often as one likes": told(
        "You can request a copy of your personal data once every 12 months.",
        "You can request a copy of your personal data.",
        "rights.access_edit_delete changed practice better",
    ),
    "a right must be used in time": told(
        "You can object to the use of your data for research.",
        "You can object to the use of your data for research within 14 days.",
        "rights.object_optout changed practice worse",
    ),
    "a cookie lasts longer": told(
        "We use a session cookie that lasts 30 days.",
        "We use a session cookie that lasts 2 years.",
        "retention changed practice worse",
    ),
    "more of the past is used": told(
        "We use trails of the last 3 months to train our models.",
        "We use trails of the last 12 months to train our models.",
        "purpose.ai_training changed practice unclear",
    ),
    "a period gives way to none": told(
        "We keep crash reports for 30 days.", "We keep crash reports indefinitely.", "retention changed practice worse"
    ),
    "a younger age": told(
        "You must be at least 16 to open an account.",
        "You must be at least 13 to open an account.",
        "children changed practice worse",
    ),
    "TWIN the same age in other words": quiet(
        "You must be at least 16 to open an account.", "To open an account you must be at least 16."
    ),
    "TWIN the same period in another unit": quiet(
        "We answer requests to access your personal data within 2 weeks.",
        "We answer requests to access your personal data within 14 days.",
    ),
}

PEOPLE = {
    "people of one more place": told(
        "Residents of California are told what we disclose.",
        "Residents of California and Virginia are told what we disclose.",
        "jurisdiction added practice *",
    ),
    "people of one place fewer": told(
        "Residents of California and Virginia are told what we disclose.",
        "Residents of California are told what we disclose.",
        "jurisdiction removed practice *",
    ),
    "a right for people of more places": told(
        "Residents of California can request a copy of their personal data.",
        "Residents of California and Virginia can request a copy of their personal data.",
        "rights.access_edit_delete changed practice better",
    ),
    "a right for people of one place only": told(
        "You can request a copy of your personal data.",
        "If you live in California, you can request a copy of your personal data.",
        "rights.access_edit_delete changed practice worse",
    ),
    "TWIN the same places in another order": quiet(
        "Residents of California and Virginia are told what we disclose.",
        "Residents of Virginia and California are told what we disclose.",
    ),
}

CELLS = "| Category of personal information | Examples | Sold to |\n| --- | --- | --- |\n| Identifiers | Name | {} |"
SOLD = {
    "nobody gives way to somebody": told(
        CELLS.format("Nobody"), CELLS.format("Publishers"), "share.sale changed practice worse"
    ),
    "somebody gives way to nobody": told(
        CELLS.format("Publishers"), CELLS.format("Nobody"), "share.sale changed commitment better"
    ),
    "TWIN nobody in other words": quiet(CELLS.format("Nobody"), CELLS.format("No one")),
}

STRENGTH = {
    "who is told of requests may be told": told(
        "We notify you before we disclose your data to law enforcement.",
        "We may notify you before we disclose your data to law enforcement.",
        "share.authorities changed practice worse",
    ),
    "who is told of requests is told unless": told(
        "We notify you before we disclose your data to law enforcement.",
        "We notify you before we disclose your data to law enforcement, unless the law forbids it.",
        "share.authorities changed practice worse",
    ),
    "what may be disclosed will be": told(
        "We may disclose your data to law enforcement.",
        "We will disclose your data to law enforcement.",
        "share.authorities changed practice worse",
    ),
    "a safeguard that may be": told(
        "We encrypt your personal data.", "We may encrypt your personal data.", "security changed practice worse"
    ),
    "a safeguard that will be": told(
        "We may encrypt your personal data.",
        "We will encrypt your personal data.",
        "security changed practice better",
    ),
    "a right that costs": told(
        "You can request a copy of your personal data free of charge.",
        "You can request a copy of your personal data for a fee.",
        "rights.access_edit_delete changed practice worse",
    ),
    "a right that costs no more": told(
        "You can request a copy of your personal data for a fee.",
        "You can request a copy of your personal data free of charge.",
        "rights.access_edit_delete changed practice better",
    ),
    "a right at any time that has a condition": told(
        "You can delete your personal data at any time.",
        "You can delete your personal data if you close your account.",
        "rights.access_edit_delete changed practice worse",
    ),
    "notice that is only posted": told(
        "We will tell you of changes to this policy by email.",
        "We will tell you of changes to this policy by posting them on our website.",
        "notice_change changed practice worse",
    ),
    "notice that comes by mail": told(
        "We will tell you of changes to this policy by posting them on our website.",
        "We will tell you of changes to this policy by email.",
        "notice_change changed practice better",
    ),
    "TWIN a safeguard in the passive": quiet(
        "We encrypt your personal data.", "Your personal data is encrypted by us."
    ),
    "TWIN free of charge in other words": quiet(
        "You can request a copy of your personal data free of charge.",
        "You can request a copy of your personal data, free of charge.",
    ),
}

MATTERS = {
    "another mechanism": told(
        "For transfers outside of Europe we rely on the Privacy Shield.",
        "For transfers outside of Europe we rely on standard contractual clauses.",
        "transfer changed practice *",
    ),
    "a mechanism": told(
        "We transfer personal data outside of Europe.",
        "We transfer personal data outside of Europe under standard contractual clauses.",
        "transfer changed practice *",
        never=("* * * worse",),
    ),
    "another legal basis": told(
        "The legal basis for mailing you is your consent.",
        "The legal basis for mailing you is our legitimate interest.",
        "legal_basis changed practice *",
    ),
    "another article": told(
        "The legal basis for mailing you is Art. 6(1)(a) GDPR.",
        "The legal basis for mailing you is Art. 6(1)(f) GDPR.",
        "legal_basis changed practice neutral",
    ),
    "another use": told(
        "We use your e-mail address to answer you.",
        "We use your e-mail address to train our models.",
        "purpose.ai_training added practice worse",
    ),
    "TWIN what a policy describes": quiet(
        "This policy describes our app and what we do.", "This policy describes our services and what we do."
    ),
}

EDITS = {
    "lists": LISTS,
    "defaults": DEFAULTS,
    "names": NAMES,
    "who is responsible": RESPONSIBLE,
    "periods and ages": PERIODS,
    "people of places": PEOPLE,
    "columns about sale": SOLD,
    "strength": STRENGTH,
    "matters": MATTERS,
}
CASES = [pytest.param(edit, id=f"{rule}: {name}") for rule, edits in EDITS.items() for name, edit in edits.items()]


@pytest.mark.parametrize("edit", CASES)
def test_an_edit_is_told_and_its_twin_is_not(edit: Edit) -> None:
    sentences = said(*edit.sides)
    if not edit.tells:
        assert sentences == []
        assert assessed(*edit.sides).materiality != "substantive"
        return
    for pattern in edit.tells:
        assert any(fits(sentence, pattern) for sentence in sentences), (pattern, sentences)
    for pattern in edit.never:
        assert not any(fits(sentence, pattern) for sentence in sentences), (pattern, sentences)


def test_every_rule_has_a_twin() -> None:
    for rule, edits in EDITS.items():
        assert any(edit.tells for edit in edits.values()), rule
        assert any(not edit.tells and name.startswith("TWIN") for name, edit in edits.items()), rule


# What a new clause says, and what it must not be taken for.
STATED = {
    "We use your IP address to detect security incidents.": ("purpose.security added practice *", "security * * *"),
    "We show advertising in the app which is tailored to your interests.": (
        "purpose.ads_targeted added practice worse",
        "purpose.ads_contextual * * *",
    ),
    "Our models are not trained on your photos.": ("purpose.ai_training added commitment better", "* * practice *"),
    "We receive personal data about you from data brokers.": ("data.source_thirdparty added practice worse", "share.* * * *"),
    "Your profile is public and anyone on the internet can see it.": ("share.public added practice worse", "* * commitment *"),
    "We do not share your trails with the public.": ("share.public added commitment better", "* * practice *"),
    "We refuse requests for data by law enforcement.": ("share.authorities added commitment better", "* * practice *"),
    "We do not assist law enforcement.": ("share.authorities added commitment better", "* * practice *"),
    "We share your trails with third parties for advertising.": ("share.adpartners added practice worse", "share.processor * * *"),
    "We share your trails with third parties to run the app.": ("share.processor added practice *", "share.adpartners * * *"),
    "Advertisers never receive your personal data.": ("share.adpartners added commitment better", "* * practice *"),
    "We permit advertising networks to collect data on our website.": ("share.adpartners added practice worse", "* * commitment *"),
    "If we are acquired, personal data may be transferred to the buyer.": ("share.merger added practice worse", "share.sale * * *"),
    "We keep crash reports indefinitely.": ("retention added practice worse", "* * * better"),
    "We do not keep crash reports indefinitely.": ("retention added * *", "* * * worse"),
    "We keep crash reports for no longer than a week.": ("retention added practice *", "* * * worse"),
}  # fmt: skip


@pytest.mark.parametrize(("clause", "expected"), STATED.items(), ids=STATED)
def test_a_clause_says_one_thing_and_not_the_other(clause: str, expected: tuple[str, str]) -> None:
    sentences = said(policy(), policy(rest=f"## More\n\n{clause}"))
    says, never = expected
    assert any(fits(sentence, says) for sentence in sentences), sentences
    label, others = never.split(" ", 1)
    assert not any(
        fits(sentence, f"* {others}") and (label == "*" or sentence.startswith(label.rstrip("*")))
        for sentence in sentences
    ), sentences


UNSAID = (
    "The definition of selling personal data is wide in California.",
    "Do we sell personal data?",
    "We sell printed maps to clubs.",
)


@pytest.mark.parametrize("clause", UNSAID)
def test_a_clause_about_a_sale_of_nothing_tells_of_no_sale(clause: str) -> None:
    sentences = said(policy(), policy(rest=f"## More\n\n{clause}"))
    assert not any(sentence.startswith("share.sale") for sentence in sentences)
