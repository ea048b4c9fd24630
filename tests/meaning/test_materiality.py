"""Which edits of a policy count and which do not: minimal pairs around one clause of an invented vendor's policy."""

from __future__ import annotations

import pytest

from monitor.compare import compare
from monitor.meaning.materiality import Judgement, judge
from monitor.model import Extraction, Verdict

HEAD = """# Quillmoor Privacy Policy

Last updated: 3 March 2024

Quillmoor runs a reading app. This policy explains how we treat personal data.

## What we collect

We collect your name and email address when you open an account.

We also record which books you open and how long you read.

## How we share it

We share order details with the couriers who deliver printed books.

"""
TAIL = """

## Your choices

You can download a copy of your reading history from the settings page.

If you think we handle your data badly, you may complain to the supervisory authority.

## Contact

Write to us at help@quillmoor.example.
"""


def extraction(text: str, **fields: object) -> Extraction:
    return Extraction(text, "test", Verdict("policy"), words=len(text.split()), language="en", **fields)  # type: ignore[arg-type]


def judged(before: str, after: str) -> Judgement:
    return judge(compare(before, after), extraction(before), extraction(after))


def around(clause: str) -> str:
    return f"{HEAD}{clause}{TAIL}"


TABLE = """Our processors are:

| Name | Purpose | Country |
| --- | --- | --- |
| Coinwell | payments | Ireland |
| Brightmeter | statistics | Ireland |
"""
LIST = "We share data with the following companies:\n\n- Coinwell\n- Brightmeter\n"
COLLECTED = "We collect the following:\n\n- your name\n- your address\n"

COUNTS = {
    # numbers, ages, durations, however small
    "a retention period": ("We keep chat logs for 30 days.", "We keep chat logs for 90 days."),
    "a retention period in words": ("We keep chat logs for one (1) year.", "We keep chat logs for two (2) years."),
    "a unit": ("We keep chat logs for 6 weeks.", "We keep chat logs for 6 months."),
    "a limit that goes": ("We delete chat logs after 30 days.", "We delete chat logs when we no longer need them."),
    "a limit that comes": ("We delete chat logs.", "We delete chat logs after 30 days."),
    "an age": ("You must be at least 16 to open an account.", "You must be at least 18 to open an account."),
    "an age in words": ("Children under thirteen may not register.", "Children under sixteen may not register."),
    "an amount": (
        "We may charge a fee of 5 euros for a second copy.",
        "We may charge a fee of 15 euros for a second copy.",
    ),
    "a time to answer": ("We answer requests within 30 days.", "We answer requests within 45 days."),
    # modality, negation, conditions
    "may to will": (
        "We may share your data with publishers.",
        "We will share your data with publishers and may ask you first.",
    ),
    "does to may": ("We transfer your data outside the region.", "We may transfer your data outside the region."),
    "may to must": ("You may give us your phone number.", "You must give us your phone number."),
    "a denial": (
        "We share your reading history with publishers.",
        "We do not share your reading history with publishers.",
    ),
    "a denial that goes": ("We never sell your personal data.", "We sell your personal data."),
    "a contraction": ("We don't record calls.", "We record calls."),
    "an exception": ("We do not share your notes.", "We do not share your notes unless the law requires it."),
    "a consent": ("We use your location with your consent.", "We use your location."),
    "only": ("We use your address only to deliver orders.", "We use your address to deliver orders."),
    "opt-in to opt-out": ("We send offers if you opt in.", "We send offers until you opt out."),
    "by default": ("Reading clubs can see your shelf.", "Reading clubs can see your shelf by default."),
    # recipients, named or not
    "a kind of recipient": ("We share your data with couriers.", "We share your data with couriers and advertisers."),
    "a named recipient": (
        "We use analytics services from Brightmeter.",
        "We use analytics services from Brightmeter and Plumbob.",
    ),
    "a named recipient replaced": ("Our payment processor is Coinwell.", "Our payment processor is Ledgerly."),
    "affiliates": (
        "We share your data within Quillmoor.",
        "We share your data within Quillmoor and with our affiliates.",
    ),
    # data and purposes
    "a kind of data": ("We collect your approximate location.", "We collect your approximate or precise location."),
    "a device identifier": (
        "We collect the model of your device.",
        "We collect the model of your device and its advertising identifier.",
    ),
    "biometric data": ("We check your photo.", "We check your photo and derive a face print."),
    "an unknown kind of data": (
        "We store the comments you marked as wrong.",
        "We store the comments you marked as wrong or as missed doodles.",
    ),
    "AI training": (
        "We use your notes to show them to you.",
        "We use your notes to show them to you and to train our models.",
    ),
    "targeted advertising": (
        "We use your history to suggest books.",
        "We use your history to suggest books and for targeted advertising.",
    ),
    "sale": ("We share your data with partners.", "We sell your data to partners."),
    # rights
    "a right more": (
        "You may ask for access to your data.",
        "You may ask for access to your data or object to its use.",
    ),
    "a right less": (
        "You have the right to correct, delete and port your data.",
        "You have the right to correct your data.",
    ),
    # places, contacts, controller, mechanism
    "a country": ("Your data is stored in Ireland.", "Your data is stored in Ireland and India."),
    "a region": (
        "This section applies to residents of California.",
        "This section applies to residents of California and Oregon.",
    ),
    "an e-mail address": (
        "Our data protection officer is at dpo@quillmoor.example.",
        "Our data protection officer is at dpo@quillmoor-group.example.",
    ),
    "a postal address": ("Our office is 12 Harbour Street, Dublin 2.", "Our office is 70 Orchard Road, Dublin 18."),
    "a telephone number": ("Call us at +1-555-0100.", "Call us at +1-555-0199."),
    "a legal form": ("The controller is Quillmoor, Inc.", "The controller is Quillmoor, LLC."),
    "another company": ("Quillmoor is run by Quillmoor Books Ltd.", "Quillmoor is run by Papermill Holdings Ltd."),
    "a second company": (
        "Our legal name is Quillmoor Ltd.",
        "Our legal name is Quillmoor Ltd (in the UK) and Quillmoor Ireland Limited (in Ireland).",
    ),
    "a representative": ("You can reach us by post.", "You can reach us or our EU representative by post."),
    "a transfer mechanism": ("We rely on standard contractual clauses.", "We rely on the Data Privacy Framework."),
    "a framework more": (
        "We take part in the EU-US Privacy Shield.",
        "We take part in the EU-US and Swiss-US Privacy Shield.",
    ),
    "a legal basis": (
        "We do this to perform our contract with you.",
        "We do this because of our legitimate interest in growth.",
    ),
    "encryption": ("Your notes are encrypted on our servers.", "Your notes are stored on our servers."),
    "a row of a table of processors": (TABLE, TABLE + "| Plumbob | e-mail | Ireland |\n"),
    "a processor replaced in a table": (TABLE, TABLE.replace("Brightmeter", "Plumbob")),
    "a company in a list": (LIST, LIST + "- Plumbob\n"),
    "a company replaced in a list": (LIST, LIST.replace("Brightmeter", "Plumbob")),
    "an unknown kind of data in a list": (COLLECTED, COLLECTED + "- your shoe size\n"),
    "an item that says more": (COLLECTED, COLLECTED.replace("your address", "your address and shoe size")),
    "a lead-in that denies": (COLLECTED, COLLECTED.replace("We collect", "We do not collect")),
    "a lead-in that allows": (COLLECTED, COLLECTED.replace("We collect", "We may collect")),
    "how express a consent is": (
        "We use health data with your explicit consent.",
        "We use health data with your consent.",
    ),
    "a limit of little words": ("We keep logs for 30 days.", "We keep logs for up to 30 days."),
    "whether data is anonymous": ("We share anonymous totals with publishers.", "We share totals with publishers."),
    "how precise a location is": ("We use your location.", "We use your precise location."),
    "a retention without end": ("We keep logs as long as necessary.", "We keep logs indefinitely."),
    "a reservation about selling": ("We do not sell data.", "We do not sell data as defined by state law."),
    "a denial that becomes a maybe": ("We do not sell data.", "Some of this may count as a sale under state law."),
    "other people": ("We collect data about readers.", "We collect data about readers and job applicants."),
    "what a parent may ask": (
        "We delete a child's data when we learn of it.",
        "We delete a child's data when a parent asks for it.",
    ),
    "a purpose more": (
        "We use your email address to send receipts.",
        "We use your email address to send receipts and newsletters.",
    ),
    "a purpose less": (
        "We use your email address to send receipts and surveys.",
        "We use your email address to send receipts.",
    ),
    "the police": (
        "We disclose data when a court orders it.",
        "We disclose data when a court or the police asks for it.",
    ),
    "a buyer of the company": (
        "We share data with couriers.",
        "We share data with couriers and, in a merger, with the buyer.",
    ),
    "which signal is heard": (
        "We do not respond to Do Not Track signals.",
        "We respond to Global Privacy Control signals.",
    ),
    "arbitration": ("Disputes go to the courts of Dublin.", "Disputes go to binding arbitration."),
    "how changes are told": ("We will email you before changes take effect.", "We will post changes on this page."),
    "a time of notice": ("We give 30 days' notice of changes.", "We give notice of changes."),
    "a time to tell of a breach": (
        "We tell you of a breach within 72 hours.",
        "We tell you of a breach without undue delay.",
    ),
    "how long a cookie lives": ("The cookie lasts for one session.", "The cookie lasts for one year."),
    "whether a person reads": ("No human reads your notes.", "Our staff may read your notes."),
    "a promise about AI that goes": (
        "We do not use your notes to train AI.",
        "We use your notes to train AI unless you object.",
    ),
    "automated decisions": ("We do not make automated decisions.", "We make automated decisions about credit."),
    "combining data": ("We do not combine this with other data.", "We combine this with other data."),
    "another source of data": ("We collect data from you.", "We collect data from you and from data brokers."),
    "an address book": ("You can invite friends.", "You can upload your address book to invite friends."),
    "another sensor": ("The app uses the camera.", "The app uses the camera and the microphone."),
    "an age that comes": ("The app is for readers of all ages.", "The app is for readers over 13."),
    "another controller": ("The data controller is Quillmoor Ltd.", "The data controller is Quillmoor Norge AS."),
    "an officer who goes": (
        "Our data protection officer is Ada Lund, dpo@quillmoor.example.",
        "Write to us about privacy.",
    ),
    "another state": ("If you live in Virginia, you may appeal.", "If you live in Virginia or Texas, you may appeal."),
    "where data is stored": ("We store data in the European Union.", "We store data in the United States."),
    "what the policy covers": (
        "This policy covers our website.",
        "This policy covers our website and our voice assistant.",
    ),
    "a fee": ("Access is free of charge.", "We may charge a fee for access."),
    "a proof of identity": ("We answer requests.", "We answer requests after checking your identity document."),
    "an appeal": ("You may appeal our decision.", "Our decision is final."),
    "can to cannot": ("You can opt out of the newsletter.", "You cannot opt out of the newsletter."),
    "optional to required": ("A phone number is optional.", "A phone number is required."),
    "how passwords are kept": ("Passwords are stored as hashes.", "Passwords are stored."),
    "a hedge": ("We share data with partners.", "We share limited data with partners."),
    "only, that goes": ("Only our support team can see messages.", "Our support team can see messages."),
    "an address of a device": ("We do not log IP addresses.", "We log IP addresses."),
    "never, that goes": ("We have never sold data.", "We have sold data."),
}

SAME = {
    "a date": ("Last reviewed on 3 March 2024.", "Last reviewed on 17 June 2024."),
    "a date written otherwise": ("Effective 03/03/2024.", "Effective: June 17th, 2024"),
    "another stamp": ("Effective date: 3 March 2024", "Last updated: 17 June 2024"),
    "a list of archived versions": (
        "Archived versions: 1 May 2020, 2 June 2021",
        "Archived versions: 3 March 2024, 1 May 2020, 2 June 2021",
    ),
    "punctuation": ("We keep logs, notes and drafts.", "We keep logs, notes, and drafts."),
    "case": ("We use Openshelf to host Notes.", "We use OpenShelf to host notes."),
    "quotation marks": ('We do not "sell" data.', "We do not ‘sell’ data."),
    "emphasis": ("We **never** sell data.", "We never _sell_ data."),
    "a link": ("Read our [cookie page](https://a.example/c).", "Read our [cookie page](https://b.example/d)."),
    "a printed link": ("See https://a.example/cookies for more.", "See https://www.a.example/legal/cookies for more."),
    "a hidden address": (
        "Write to [email protected] about cookies.",
        "Write to cookies@quillmoor.example about cookies.",
    ),
    "a linked hidden address": (
        r"Write to [\[email protected\]](/cdn-cgi/l/email-protection#aa) now.",
        "Write to [cookies@quillmoor.example](mailto:cookies@quillmoor.example) now.",
    ),
    "an address that extraction lost": (
        "To opt out, email us at cookies@quillmoor.example.",
        "To opt out, email us at .",
    ),
    "a line break": ("We keep logs. We\nkeep notes.", "We keep logs. We keep notes."),
    "a lost space": ("We keep logs and notes for you.", "We keep logs andnotes for you."),
    "a spelling": ("We analyse your behaviour to organise shelves.", "We analyze your behavior to organize shelves."),
    "a typing mistake": (
        "We recieve your orders by post from the shop.",
        "We receive your orders by post from the shop.",
    ),
    "a plural": ("We share your data with our service provider.", "We share your data with our service providers."),
    "a hyphen": ("We share data with third party couriers.", "We share data with third-party couriers."),
    "tense": ("We will collect the titles you read.", "We collect the titles you read."),
    "another word for it": (
        "We disclose your personal information to couriers.",
        "We share your personal data with couriers.",
    ),
    "politeness": ("You can ask us for a copy.", "Please feel free to ask us for a copy."),
    "a country's adjective": ("Residents of the EU may object.", "Residents of the European Union may object."),
    "a number written otherwise": ("We keep logs for twelve months.", "We keep logs for 12 months."),
    "a number in brackets": ("We keep logs for 12 months.", "We keep logs for twelve (12) months."),
    "a telephone number written otherwise": ("Call us at +1 (555) 010-0199.", "Call us at 1-555-010-0199."),
    "a section's number": ("As section 4.2 says, we keep logs.", "As section 5.1 says, we keep logs."),
    "a file's size": (
        "[Terms for schools (PDF, 326 KB)](https://a.example/1.pdf)",
        "[Terms for schools (PDF, 331 KB)](https://a.example/2.pdf)",
    ),
    "a counter": ("We and our 842 partners store cookies.", "We and our 857 partners store cookies."),
    "a counter of countries": (
        "Readers in 150+ countries use the shop.",
        "Readers in 170+ different countries use the shop.",
    ),
    "one in words": ("Choose one of the three methods.", "Choose 1 of the 3 methods."),
    "a product's name": ("You can use Quillmoor Notes on any phone.", "You can use Quillmoor Jotter on any phone."),
    "an order of words": ("We collect names, titles and notes.", "We collect titles, notes and names."),
    "reading on": ("Please read this policy carefully.", "Please take a moment to read this policy with care."),
    "figures about requests": (
        "In 2023 we received 120 requests to delete and denied 4 of them.",
        "In 2024 we received 215 requests to delete and denied 9 of them.",
    ),
    "a median": (
        "The median number of days in which we answered requests was 12.",
        "The median number of days in which we answered requests was 15.",
    ),
    "a date in passing": ("Last updated 3 days ago", "Last updated 2 weeks ago"),
    "the year of the copyright": ("© 2023 Quillmoor Ltd.", "© 2024 Quillmoor Ltd."),
    "a version": ("Version 3.1", "Version 3.2"),
    "where a control is": (
        "Go to Settings > Privacy to object to suggestions.",
        "Go to Account > Data Choices to object to suggestions.",
    ),
    "an adjective of praise": (
        "We share your address with our trusted couriers.",
        "We share your address with our couriers.",
    ),
    "another word for improving": (
        "We use cookies to improve your experience.",
        "We use cookies to enhance your experience.",
    ),
    "ways of contact in another order": (
        "You can contact us by email or by phone.",
        "You can reach us by phone or email.",
    ),
    "two sentences joined": ("We keep your logs. We keep your notes.", "We keep your logs and your notes."),
    "a list written as a sentence": (
        "We collect the following:\n\n- your name\n- your address\n- your notes",
        "We collect the following: your name, your address, your notes.",
    ),
    "letters and numbers of a list": (
        "We collect the following:\n\n(a) your name\n\n(b) your address",
        "We collect the following:\n\n1. your name\n\n2. your address",
    ),
    "the number of a heading": ("## 2. Sharing with couriers", "## 3. Sharing with couriers"),
    "the words of a heading": ("## How we share data with couriers", "## Sharing of your data with couriers"),
    "what the policy is called": (
        "This policy explains how we treat personal data.",
        "This Privacy Notice describes how Quillmoor handles personal information.",
    ),
    "a slip in a plural": ("We store these informations on our servers.", "We store this information on our servers."),
    "a slip in grammar": ("Quillmoor collect your name.", "Quillmoor collects your name."),
    "a link to the top": ("We keep logs.", "We keep logs.\n\n[Back to top](#top)"),
    "a name for the policy": (
        "This Privacy Policy applies to the app.",
        "This Privacy Policy (“Policy”) applies to the app.",
    ),
    "the mark of a footnote": ("We keep your logs on our servers.", "We keep your logs on our servers [1]."),
    "an entity of HTML": ("Terms &amp; conditions apply to the shop.", "Terms & conditions apply to the shop."),
    "a wrong decoding": ("We donâ€™t sell your data to publishers.", "We don’t sell your data to publishers."),
    "the head of a table": (
        "| Purpose | Data |\n| --- | --- |\n| Billing | card number |",
        "| Purpose of processing | Categories of data |\n| --- | --- |\n| Billing | card number |",
    ),
    "a line with the date it takes effect": (
        "We keep logs.",
        "We keep logs.\n\nThis policy is effective as of 5 May 2024.",
    ),
    "a summary of changes": (
        "We keep logs.",
        "## Summary of changes\n\nWe have rewritten the section on cookies to make it easier to read.\n\n## Logs\n\nWe keep logs.",
    ),
    "who the vendor says it is": (
        "We are Quillmoor, a maker of reading apps.",
        "We are Quillmoor and we make apps for readers.",
    ),
    "another word for buying": ("We collect data when you purchase a book.", "We collect data when you buy a book."),
    "another word for using": ("We utilise your email to contact you.", "We use your email to contact you."),
    "the passive voice": ("Your data is collected by us when you register.", "We collect your data when you register."),
    "another word for according to": (
        "We keep receipts pursuant to tax law.",
        "We keep receipts in accordance with tax law.",
    ),
    "another word for such as": ("We collect data such as your name.", "We collect data, including your name."),
    "in order to": ("We use cookies in order to remember you.", "We use cookies to remember you."),
    "how serious privacy is": ("We take your privacy seriously.", "Your privacy is very important to us."),
    "a name for the vendor": (
        "Quillmoor (“we”) respects your privacy.",
        "Quillmoor (“we”, “us”) respects the privacy of its readers.",
    ),
    "an abbreviation in brackets": (
        "Contact our Data Protection Officer by post.",
        "Contact our data protection officer (DPO) by post.",
    ),
    "an abbreviation": ("We use tools, e.g. for statistics.", "We use tools, for example for statistics."),
    "figures for words": ("You have thirty days to appeal.", "You have 30 days to appeal."),
    "a website in one word": (
        "When you visit our web site we set cookies.",
        "When you visit our website we set cookies.",
    ),
    "from time to time": ("We may change this policy from time to time.", "We may change this policy occasionally."),
    "whom to ask": ("If you have questions, please contact us.", "Should you have any questions, contact us."),
    "what a linked page is called": (
        "Read more in our [Cookie Policy](https://x.example/c).",
        "Read more in our [Cookie Notice](https://x.example/d).",
    ),
    "a tracking parameter": ("[Read](https://x.example/?utm=1)", "[Read](https://x.example/?utm=2)"),
    "the name of one of its products": (
        "This policy covers Quillmoor Notes and Quillmoor Shop.",
        "This policy covers Quillmoor Notes and Quillmoor Store.",
    ),
}


@pytest.mark.parametrize("pair", COUNTS.values(), ids=COUNTS.keys())
def test_counts_however_small(pair: tuple[str, str]) -> None:
    for before, after in (pair, pair[::-1]):
        found = judged(around(before), around(after))
        assert found.materiality == "substantive", [(change.kind, change.reason) for change in found.changes]


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME.keys())
def test_never_counts(pair: tuple[str, str]) -> None:
    for before, after in (pair, pair[::-1]):
        found = judged(around(before), around(after))
        assert found.materiality != "substantive", [(change.kind, change.reason) for change in found.changes]


ADDED = {
    "a practice": "We read the notes you write in the margins.",
    "a recipient": "Publishers receive the addresses of people who order from them.",
    "a named processor": "Brightmeter stores the recordings of our support calls.",
    "a retention rule": "Recordings of calls are erased after ninety days.",
    "a promise": "We never sell your personal data.",
    "a right": "You may withdraw your consent at any time.",
    "a duty": "You must tell us when your address changes.",
    "an age": "Nobody under 16 may open an account.",
    "a purpose": "We use what you read to suggest other books.",
    "a country": "If you live in Norway, your contract is with Quillmoor Norge AS.",
    "a mechanism": "Transfers rest on the standard contractual clauses.",
    "a contact": "For anything about privacy, write to privacy@quillmoor.example.",
    "an officer": "Our data protection officer is Ada Lund.",
    "cookies": "Our partners set cookies to measure how you move through the shop.",
    "AI": "Your highlights are used to train language models.",
    "a scope": "This policy does not apply to the apps of other companies.",
    "a notice": "We will tell you by email before we change this policy.",
    "a call to use a right": "Download a copy of your data in the settings.",
    "a call to complain": "Follow this form to lodge a complaint with the supervisory authority.",
    "an opt-out": "Turn off reading statistics in the settings to object.",
    "a sale": "Under some laws this may be considered a sale.",
}

NOTHING = {
    "a date": "Last updated: 12 May 2024",
    "a welcome": "Welcome to our new reading room!",
    "reading on": "For more information, see the section below.",
    "a heading": "### Good to know",
    "a button": "[Get started for free](https://quillmoor.example/start)",
    "a copyright line": "© 2024 Quillmoor Ltd. All rights reserved.",
    "a banner": "Get started for free, or request a demo",
    "an image": "![A shelf](https://quillmoor.example/shelf.png)",
    "a bare link": "https://quillmoor.example/blog/2024/05",
    "what stands there already": "You can download a copy of your reading history from the settings page.",
    "a table of contents": "- [What we collect](#what)\n- [How we share it](#share)\n- [Your choices](#choices)",
    "a menu": "- Home\n- Products\n- Pricing\n- Blog\n- Careers",
    "a menu of books": "- Novels\n- Gift cards\n- Reading clubs",
    "an invitation": "Join thousands of readers and get the best offers in your inbox.",
    "a box for the newsletter": "Subscribe to our newsletter for product updates.",
    "a banner about cookies": "We use cookies to measure visits and to show you ads.\n\n[Accept all](#)\n\n[Reject all](#)",
    "a browser's complaint": "Please enable JavaScript to view this page.",
    "a video's length": "5 min read",
    "an old date in words": "Last updated two weeks ago",
    "a question": "Was this helpful?",
    "spam": "Play at the best online casino with free spins and no deposit bonus today.",
    "a change log": "## Change log\n\n- 3 March 2024: Clarified how we share order details with couriers.",
    "a row of a change log": "| Version | Change | Date |\n| --- | --- | --- |\n| 2.3 | We share data with couriers | 13 Jan 2026 |",
    "request statistics": "| Requests in 2023 | Requests received | Requests denied |\n| --- | --- | --- |\n| Requests to delete | 214 | 3 |",
}


@pytest.mark.parametrize("clause", ADDED.values(), ids=ADDED.keys())
def test_a_clause_that_comes_or_goes_counts_when_it_states(clause: str) -> None:
    for before, after in (("", clause), (clause, "")):
        found = judged(around(before), around(after))
        assert found.materiality == "substantive", [(change.kind, change.reason) for change in found.changes]


@pytest.mark.parametrize("clause", NOTHING.values(), ids=NOTHING.keys())
def test_a_clause_that_comes_or_goes_does_not_count_when_it_states_nothing(clause: str) -> None:
    for before, after in (("", clause), (clause, "")):
        found = judged(f"{before}\n\n{around('')}", f"{after}\n\n{around('')}")
        assert found.materiality != "substantive", [(change.kind, change.reason) for change in found.changes]
