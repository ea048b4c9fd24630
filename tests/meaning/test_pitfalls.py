"""What makes policies hard to read by rule: for each pitfall a pair that must be told and a twin that must not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from invented import HEAD, MIDDLE, TAIL, assessed, fits, policy, said


@dataclass(frozen=True)
class Pair:
    """Two versions; ``tells`` must all be said and ``never`` must not ("label action polarity direction")."""

    before: str
    after: str
    tells: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    quiet: bool = False  # nothing at all is said


def collect(before: str, after: str, *tells: str, never: tuple[str, ...] = (), quiet: bool = False) -> Pair:
    return Pair(policy(collect=before), policy(collect=after), tells, never, quiet)


def share(before: str, after: str, *tells: str, never: tuple[str, ...] = (), quiet: bool = False) -> Pair:
    return Pair(policy(share=before), policy(share=after), tells, never, quiet)


def rest(before: str, after: str, *tells: str, never: tuple[str, ...] = (), quiet: bool = False) -> Pair:
    return Pair(policy(rest=before), policy(rest=after), tells, never, quiet)


SALE = "share.sale * practice *"
THREE = "We use cookies to keep you signed in. We count visits with our own tool. We keep crash reports for 30 days."
PARTNERS = "We share your trails with rescue services, with the parks that you visit and with mapping companies."
AFFILIATES = "We share personal data with our affiliates."

MOVED = {
    "an edit inside a section that moved": Pair(
        f"{HEAD}We keep crash reports for 30 days.{MIDDLE}{TAIL}",
        f"{HEAD}{MIDDLE}{TAIL}\n## Crash reports\n\nWe keep crash reports for 90 days.\n",
        ("retention changed practice worse",),
    ),
    "TWIN a section that only moved": Pair(
        f"{HEAD}{MIDDLE}{TAIL}\n## Children\n\nThe app is not for children under 13.\n",
        f"{HEAD}\n## Children\n\nThe app is not for children under 13.\n{MIDDLE}{TAIL}",
        quiet=True,
    ),
    "a sentence split in two, one of which says more": share(
        "We share your trails with rescue services and with the parks that you visit.",
        "We share your trails with rescue services. We share them with the parks that you visit, and with advertisers.",
        "share.adpartners added practice worse",
    ),
    "TWIN a sentence split in two": share(
        "We share your trails with rescue services, and we tell the parks that you visit how many hikers to expect.",
        "We share your trails with rescue services. We tell the parks that you visit how many hikers to expect.",
        quiet=True,
    ),
    "TWIN two sentences merged": collect(
        "We use cookies to keep you signed in. We count visits with our own tool.",
        "We use cookies to keep you signed in, and we count visits with our own tool.",
        quiet=True,
    ),
    "TWIN sentences that become items": collect(THREE, "- " + "\n- ".join(THREE.split(". ")), quiet=True),
}

RENAMED = {
    "a term renamed throughout, and one more recipient": Pair(
        policy(
            collect="We store personal data on our servers. We back personal data up every night.",
            share="We share personal data with couriers.",
        ),
        policy(
            collect="We store personal data on our servers. We back personal data up every night.",
            share="We share personal data with couriers and advertising networks.",
        ).replace("personal data", "user records"),
        ("share.adpartners added practice worse",),
    ),
    "TWIN a term renamed throughout": Pair(
        policy(
            collect="We store personal data on our servers. We back personal data up every night.",
            share="We share personal data with couriers.",
        ),
        policy(
            collect="We store personal data on our servers. We back personal data up every night.",
            share="We share personal data with couriers.",
        ).replace("personal data", "personal information"),
        quiet=True,
    ),
    "TWIN the vendor renamed throughout": Pair(
        policy(
            collect="Brackenfell stores routes. Brackenfell counts visits.",
            share="Brackenfell shares routes with parks.",
        ),
        policy(
            collect="Brackenfell stores routes. Brackenfell counts visits.",
            share="Brackenfell shares routes with parks.",
        ).replace("Brackenfell", "Fernmoor"),
        quiet=True,
    ),
}

NEGATED = {
    "a practice that is now denied": share(
        AFFILIATES, "We do not share personal data with our affiliates.", "share.affiliates changed commitment better"
    ),
    "TWIN a denial in short form": share(
        "We do not share personal data with our affiliates.",
        "We don't share personal data with our affiliates.",
        quiet=True,
    ),
    "not only": share(
        "",
        "We not only share personal data with our affiliates, we also share it with advertisers.",
        "share.affiliates|share.adpartners added practice worse",
        never=("* * commitment *",),
    ),
    "TWIN not": share(
        "",
        "We do not share personal data with our affiliates.",
        "share.affiliates added commitment better",
        never=("* * practice *",),
    ),
    "a denial of a denial": share(
        "",
        "We do not refrain from sharing personal data with advertisers.",
        "share.adpartners added practice worse",
        never=("* * commitment *",),
    ),
    "TWIN refraining": share(
        "",
        "We refrain from sharing personal data with advertisers.",
        "share.adpartners added commitment better",
        never=("* * practice *",),
    ),
    "neither nor": share(
        "",
        "We share personal data with neither advertisers nor affiliates.",
        "share.adpartners|share.affiliates added commitment better",
        never=("* * practice *",),
    ),
    "a denial that reaches two verbs": share(
        "",
        "We do not sell or share personal data with advertisers.",
        "share.sale added commitment better",
        never=("share.* * practice *",),
    ),
    "a denial that a new subject ends": share(
        "",
        "We do not share personal data with advertisers, but we share it with our affiliates.",
        "share.affiliates added practice worse",
        "share.adpartners added commitment better",
    ),
    "without your consent": share(
        "We never share personal data with advertisers.",
        "We never share personal data with advertisers without your consent.",
        "share.adpartners changed commitment worse",
        never=("* * practice *",),
    ),
    "except as described": share(
        "We do not share personal data with advertisers.",
        "We do not share personal data with advertisers except as described below.",
        "share.adpartners changed commitment worse",
        never=("* * practice *",),
    ),
    "no object": collect(
        "",
        "We collect no biometric data.",
        "data.biometric added commitment better",
        never=("* * practice *",),
    ),
    "TWIN no later than": rest(
        "We delete crash reports within 30 days.",
        "We delete crash reports no later than 30 days.",
        never=("* * commitment *",),
    ),
}

SOLD = {
    "a denial": share("", "We do not sell personal data.", "share.sale added commitment better", never=(SALE,)),
    "a denial with a definition": share(
        "",
        "We do not sell personal data, as “sell” is defined in the laws of California.",
        "share.sale added commitment better",
        never=(SALE,),
    ),
    "quotes round the word": share(
        "", "We do not “sell” your personal data.", "share.sale added commitment better", never=(SALE,)
    ),
    "the passive": share("", "Your personal data is never sold.", "share.sale added commitment better", never=(SALE,)),
    "nobody sells": share(
        "", "Neither we nor our partners sell personal data.", "share.sale added commitment better", never=(SALE,)
    ),
    "TWIN may be considered a sale": share(
        "",
        "Some of this sharing may be considered a “sale” of personal data.",
        "share.sale added practice worse",
        never=("share.sale * commitment *",),
    ),
    "TWIN we sell": share("", "We sell personal data to publishers.", "share.sale added practice worse"),
    "a question that is answered with a denial": share(
        "",
        "### Do you sell my personal data?\n\nNo, we do not sell personal data.",
        "share.sale added commitment better",
        never=(SALE,),
    ),
    "a hedge": share(
        "We do not sell personal data.",
        "We do not sell personal data in the traditional sense.",
        "share.sale changed commitment worse",
        never=(SALE,),
    ),
    "a hedge that goes": share(
        "Whether we sell personal data depends on what you mean by that.",
        "We do not sell personal data.",
        "share.sale added|changed commitment better",
        never=(SALE,),
    ),
    "TWIN a shop that sells things": collect("", "We sell printed maps in our web shop.", never=("share.sale * * *",)),
    "TWIN the sale of the company": share(
        "",
        "In the event of a sale of our business, personal data will be transferred to the buyer.",
        "share.merger added practice worse",
        never=("share.sale * * *",),
    ),
}

RIGHT_NOT_SALE = {
    "a right against sale": rest(
        "",
        "## Rights\n\nYou have the right to opt out of the sale of your personal data.",
        "rights.object_optout added practice better",
        never=("share.sale * * *",),
    ),
    "a link against sale": rest(
        "",
        "## Rights\n\nClick “Do Not Sell My Personal Information” to opt out.",
        "rights.object_optout added practice better",
        never=("share.sale * * *",),
    ),
    "TWIN a sale with a right": share("", "We sell personal data to publishers.", "share.sale added practice worse"),
    "a right to have data deleted is no deletion": rest(
        "",
        "## Rights\n\nYou have the right to have your personal data deleted.",
        "rights.access_edit_delete added practice better",
        never=("retention * * *",),
    ),
    "TWIN a deletion": rest(
        "",
        "## Deletion\n\nWe delete personal data after two years.",
        "retention added practice better|neutral",
        never=("rights.access_edit_delete * * *",),
    ),
}

DEFINED = {
    "a definition that names data": rest(
        "",
        "## Definitions\n\n“Personal data” means information about a person, such as a name or a fingerprint.",
        "definition added practice *",
        never=("data.* * * *",),
    ),
    "TWIN the data collected": collect("", "We collect your fingerprint.", "data.biometric added practice worse"),
    "a definition that widens": rest(
        "“Partners” means companies in our group. By “personal data” we mean your name and e-mail address.",
        "“Partners” means companies in our group. By “personal data” we mean your name, e-mail address and routes.",
        "definition changed practice *",
    ),
}

LISTS = {
    "an item under a lead-in": collect(
        "We collect:\n\n- your name\n- your e-mail address",
        "We collect:\n\n- your name\n- your e-mail address\n- your heart rate",
        "data.health added practice worse",
    ),
    "an item under a denial": collect(
        "We do **not** collect:\n\n- your name\n- your income",
        "We do **not** collect:\n\n- your name\n- your income\n- your heart rate",
        "data.health added commitment better",
        never=("* * practice *",),
    ),
    "an item that leaves a denial": collect(
        "We do **not** collect:\n\n- your name\n- your income\n- your heart rate",
        "We do **not** collect:\n\n- your name\n- your income",
        "data.health removed commitment worse",
        never=("* * practice *",),
    ),
    "a lead-in that loses its denial, told once": collect(
        "We do not collect:\n\n- your income\n- your heart rate",
        "We collect:\n\n- your income\n- your heart rate",
        "data.health|data.financial changed practice worse",
        never=("* * commitment *",),
    ),
    "TWIN a lead-in in other words": collect(
        "We collect the following data:\n\n- your income\n- your heart rate",
        "We collect these data:\n\n- your income\n- your heart rate",
        quiet=True,
    ),
    "TWIN items in another order": collect(
        "We collect:\n\n- your income\n- your heart rate\n- your job title",
        "We collect:\n\n- your job title\n- your income\n- your heart rate",
        quiet=True,
    ),
}

VENDORS = "Our service providers are:\n\n| Company | Task |\n| --- | --- |\n| Tarnhost Ltd | Hosting |\n| Mailbeck | E-mail |\n"
CATEGORIES = (
    "| Category of personal information | Examples | Sold to |\n| --- | --- | --- |\n"
    "| Identifiers | Name, e-mail address | Nobody |\n"
)
TABLES = {
    "a vendor's row": share(
        VENDORS, f"{VENDORS}| Gullpost GmbH | Text messages |\n", "share.named added practice worse"
    ),
    "a vendor's row that goes": share(
        f"{VENDORS}| Gullpost GmbH | Text messages |\n", VENDORS, "share.named removed practice better"
    ),
    "one vendor for another": share(
        VENDORS,
        VENDORS.replace("Mailbeck", "Gullpost GmbH"),
        "share.named added practice neutral",
        "share.named removed practice neutral|better",
    ),
    "TWIN rows in another order": share(
        VENDORS,
        "Our service providers are:\n\n| Company | Task |\n| --- | --- |\n| Mailbeck | E-mail |\n| Tarnhost Ltd | Hosting |\n",
        quiet=True,
    ),
    "a category": collect(
        CATEGORIES,
        f"{CATEGORIES}| Biometric information | Fingerprints | Nobody |\n",
        "data.biometric added practice worse",
        never=(SALE,),
    ),
    "TWIN a category's example put otherwise": collect(
        CATEGORIES, CATEGORIES.replace("Name, e-mail address", "E-mail address, name"), quiet=True
    ),
}

NUMBERS = {
    "months": rest(
        "We keep order records for 13 months.",
        "We keep order records for 24 months.",
        "retention changed practice worse",
    ),
    "TWIN the same period in another unit": rest(
        "We keep order records for one (1) year.", "We keep order records for 12 months.", quiet=True
    ),
    "an age": rest(
        "You must be at least 16 to open an account.",
        "You must be at least 18 to open an account.",
        "children changed practice better",
    ),
    "TWIN an age in letters": rest(
        "You must be at least 16 to open an account.", "You must be at least sixteen to open an account.", quiet=True
    ),
    "a limit that vanishes": rest(
        "We keep order records for no longer than two years.",
        "We keep order records for as long as we need them.",
        "retention changed practice worse",
    ),
    "TWIN a number of customers": rest(
        "More than 20,000 people use our app.", "More than 35,000 people use our app.", quiet=True
    ),
}

SHARPER = {
    "approximate or precise": collect(
        "We collect your approximate location.",
        "We collect your approximate or precise location.",
        "data.location_precise added practice worse",
    ),
    "precise to approximate": collect(
        "We collect your precise location.",
        "We collect your approximate location.",
        "data.location_precise removed practice better",
    ),
    "TWIN approximate in other words": collect(
        "We collect your approximate location.",
        "We collect your general location.",
        never=("data.location_precise * * *",),
    ),
    "precise, although another section has it": Pair(
        policy(collect="We collect your approximate location.", rest="Rescue teams see your precise location."),
        policy(
            collect="We collect your approximate or precise location.", rest="Rescue teams see your precise location."
        ),
        ("data.location_precise added practice worse",),
    ),
}

PLACES = {
    "a section for one state": rest(
        "",
        "## Residents of Colorado\n\nIf you live in Colorado, you may appeal our decision about your request.",
        "jurisdiction|rights.complaint_dispute added practice better|neutral",
    ),
    "TWIN no section": rest("", "Our office is near the park.", quiet=True),
}

DETAIL = {
    "more detail about known recipients": share(
        "We share personal data with service providers.",
        "We share personal data with service providers, such as those that host our servers.",
        never=("* * * worse",),
    ),
    "TWIN further recipients": share(
        "We share personal data with service providers.",
        "We share personal data with service providers and advertisers.",
        "share.adpartners added practice worse",
    ),
    "more detail about a known period": rest(
        "We delete crash reports.", "We delete crash reports after 30 days.", never=("* * * worse",)
    ),
}

NOT_THE_POLICY = {
    "TWIN a menu": Pair(
        policy(), f"[Home](/) [Pricing](/p) [Log in](/l) [Contact sales](/s)\n\n{policy()}", quiet=True
    ),
    "TWIN a table of contents": Pair(
        policy(),
        policy().replace(
            "## What we collect",
            "- [What we collect](#1)\n- [How we share it](#2)\n- [How long we keep it](#3)\n- [Your choices](#4)\n\n## What we collect",
            1,
        ),
        quiet=True,
    ),
    "TWIN figures about requests": rest(
        "## Requests in 2022\n\nRequests to delete received: 410. Requests denied: 12.",
        "## Requests in 2023\n\nRequests to delete received: 533. Requests denied: 9.",
        quiet=True,
    ),
    "TWIN spam": Pair(policy(), policy(rest="Play at the best online casino with a no deposit bonus."), quiet=True),
    "TWIN an address that is hidden": Pair(
        policy(), policy().replace("help@brackenfell.example", "[email protected]"), quiet=True
    ),
    "TWIN a wall": Pair(
        policy(),
        "# Just a moment...\n\nChecking your browser before you reach brackenfell.example. Ray ID: 7d1f\n",
        quiet=True,
    ),
    "a heading that people read as a menu, with a practice below": rest(
        "", "## Home\n\nWe record the address of your home.", "data.contact added practice *"
    ),
}

PITFALLS = {
    "moved, merged and split": MOVED,
    "renamed": RENAMED,
    "negation": NEGATED,
    "sale": SOLD,
    "rights are no practices": RIGHT_NOT_SALE,
    "definitions": DEFINED,
    "lists under a lead-in": LISTS,
    "tables": TABLES,
    "numbers": NUMBERS,
    "sharper data": SHARPER,
    "places": PLACES,
    "detail": DETAIL,
    "not the policy": NOT_THE_POLICY,
}
CASES = [
    pytest.param(pair, id=f"{pitfall}: {name}") for pitfall, pairs in PITFALLS.items() for name, pair in pairs.items()
]


@pytest.mark.parametrize("pair", CASES)
def test_a_pair_is_told_and_its_twin_is_not(pair: Pair) -> None:
    sentences = said(pair.before, pair.after)
    if pair.quiet:
        assert assessed(pair.before, pair.after).materiality != "substantive", sentences
        return
    for pattern in pair.tells:
        assert any(fits(sentence, pattern) for sentence in sentences), (pattern, sentences)
    for pattern in pair.never:
        assert not any(fits(sentence, pattern) for sentence in sentences), (pattern, sentences)


def test_every_pitfall_has_a_twin() -> None:
    for pitfall, pairs in PITFALLS.items():
        assert any(pair.tells or pair.never for pair in pairs.values()), pitfall
        assert any(name.startswith("TWIN") or pair.never for name, pair in pairs.items()), pitfall


def test_what_is_said_elsewhere_too_is_marked_and_not_dropped() -> None:
    before = policy(collect="We collect your heart rate and other health data.")
    after = policy(
        collect="We collect your heart rate and other health data.",
        rest="## Watches\n\nWatches send us your heart rate and other health data.",
    )
    found = assessed(before, after).findings
    assert all(one.novelty != "new" for one in found)


def test_what_is_said_nowhere_else_is_new() -> None:
    before, after = policy(), policy(rest="## Watches\n\nWatches send us your heart rate, which we store.")
    assert [one.novelty for one in assessed(before, after).findings if one.label == "data.health"] == ["new"]


def test_a_text_in_another_language_is_compared_as_text_and_not_interpreted() -> None:
    start = (
        "# Datenschutzerklärung\n\nWir freuen uns über Ihren Besuch. Der Schutz Ihrer Daten ist uns wichtig.\n\n"
        "## Was wir erheben\n\nWir erheben Ihren Namen und Ihre Anschrift, wenn Sie etwas bestellen. Außerdem merken wir uns, "
        "welche Wege Sie gespeichert haben.\n\n## Wie lange wir Daten behalten\n\nWir löschen Bestellungen nach {} Jahren. "
        "Auf Anfrage erhalten Sie eine Kopie Ihrer Daten.\n"
    )
    result = assessed(start.format("zwei"), start.format("zehn"))
    assert {one.label for one in result.findings} <= {"unclassified"}
    assert any("German" in note or "de" in note for note in result.notes)
