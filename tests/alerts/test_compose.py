"""What a mail says and carries: alert, digest, empty digest, correction, notice to the operator, question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mailing import KEYS, event, finding, html_of, parsed, text_of

from monitor.alerts.compose import Account, Composer
from monitor.alerts.mime import Attachment
from monitor.alerts.tokens import Tokens
from monitor.alerts.views import Batch, House, Item, Sight, Told
from monitor.alerts.wording import wish
from monitor.model import DocumentKey, Event, Message, Quote, Subscription

AT = datetime(2026, 3, 29, 18, 0, tzinfo=UTC)
ANN = Subscription("ann@reader.example", labels=("share.*",), confirmed_at=AT, id=1)
HOUSE = House(
    "Policy watch",
    "monitor@watch.example",
    "op@watch.example",
    "https://watch.example",
    "bounces@watch.example",
)
MINE = finding()
OTHER = finding(
    "retention",
    severity="low",
    direction="better",
    summary="Recordings go after 30 days.",
    before="kept for 90 days",
    after="deleted after 30 days",
)
CHANGE = replace(event(at=AT, findings=(OTHER, MINE), direction="mixed"), id=7, change=3)
SIGHTS = (
    Sight(DocumentKey("umbrella", "privacy-policy"), "Umbrella privacy policy", AT),
    Sight(
        DocumentKey("hooli", "terms"),
        "Hooli terms of service",
        AT - timedelta(days=9),
        AT - timedelta(days=9),
        "asks for a login",
    ),
)


def compose(
    *items: Event,
    house: House = HOUSE,
    subscription: Subscription = ANN,
    asked: Any = None,
    told: dict[int, Told] | None = None,
    **fields: Any,
) -> Message:
    batch = Batch(
        subscription.address,
        subscription.every,
        (subscription,),
        tuple(Item(one, tuple(range(len(one.findings))) if asked is None else asked, (one.id or 0,)) for one in items),
        **fields,
    )
    known = {
        one.id or 0: Told(
            one,
            url="https://watch.example/c/3.html",
            source="https://www.umbrella.example/privacy",
            first_seen_at=AT - timedelta(hours=12),
            before_seen_at=AT - timedelta(days=100),
        )
        for one in items
    }
    return Composer(house, Tokens(KEYS)).alert(batch, told or known, Account(SIGHTS, 42, "ab" * 32), now=AT)


def words(message: Message) -> str:
    return " ".join(text_of(parsed(message.raw)).replace("\u200b", "").replace("\n  > ", " ").split())


def test_an_alert_says_what_changed_for_whom_with_the_words_before_and_after() -> None:
    message = compose(CHANGE, asked=(1,))
    assert message.subject == "Umbrella privacy policy: 1 change for the worse (sale of data)"
    said = words(message)
    for expected in (
        "[↓ worse] Sale of data · high severity · Sharing",
        "Before: “We never sell your personal data.”",
        "Now: “We may sell your personal data where the law allows it.”",
        "Also in this change: * Retention period or criterion (↑ better): Recordings go after 30 days.",
        "Seen twice: first 29 March 2026, 06:00 UTC, and again 29 March 2026, 18:00 UTC",
        "The earlier text was kept since 19 December 2025, 18:00 UTC.",
        "When we last looked: Umbrella privacy policy: last seen 29 March 2026, 18:00 UTC",
        "What could not be seen (1 of 42 documents): Hooli terms of service: failing for 9 days, last seen 20 March 2026, 18:00 UTC (asks for a login)",
        "Why you get this: You asked for changes about “Who receives data”, at once.",
        "https://watch.example/c/3.html",
        "what the texts say, not what the companies do",
        f"Chain head: {'ab' * 32}",
    ):
        assert expected in said
    assert "kept for 90 days" not in said  # not asked for: its summary is enough


def test_both_parts_say_the_same() -> None:
    mail = parsed(compose(CHANGE).raw)
    assert mail.get_content_type() == "multipart/alternative"
    html = html_of(mail)
    for text in (
        "We never sell your personal data.",
        "Sale of data",
        "deleted after 30 days",
        "Hooli terms of service",
        "ab" * 32,
    ):
        assert text in html
    assert 'style="' in html
    assert "prefers-color-scheme: dark" in html
    assert "http-equiv" not in html


def test_the_headers_are_those_of_a_list_that_can_be_left_with_one_click() -> None:
    mail = parsed(compose(CHANGE).raw)
    assert mail["From"] == "Policy watch <monitor@watch.example>"
    assert mail["To"] == "ann@reader.example"
    assert mail["Reply-To"] == "op@watch.example"
    assert mail["List-Id"] == '"Policy watch" <alerts.watch.example>'
    assert mail["List-Unsubscribe"].startswith("<https://watch.example/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["Date"].datetime == AT
    assert mail["Cc"] is mail["Bcc"] is mail["Sender"] is None
    token = mail["List-Unsubscribe"].removeprefix("<https://watch.example/unsubscribe/").removesuffix(">")
    grant = Tokens(KEYS).read("unsubscribe", token, now=AT)
    assert grant
    assert grant.subscriptions == (1,)


def test_the_return_path_is_signed_and_short_enough() -> None:
    message = compose(CHANGE, subscription=replace(ANN, id=999_999_999))
    assert len(message.return_path.partition("@")[0]) <= 64
    assert Tokens(KEYS).bounced(message.return_path, now=AT) == 999_999_999
    assert compose(CHANGE, house=replace(HOUSE, bounce_address="")).return_path == "monitor@watch.example"


def test_the_message_id_comes_from_the_alerts_and_stays() -> None:
    assert compose(CHANGE).message_id == compose(CHANGE).message_id == parsed(compose(CHANGE).raw)["Message-ID"]
    assert compose(CHANGE).message_id != compose(replace(CHANGE, id=8)).message_id
    assert compose(CHANGE, message_id="<fixed@watch.example>").message_id == "<fixed@watch.example>"


def test_without_a_published_report_the_page_comes_along_and_leaving_is_a_mail() -> None:
    page = Attachment("umbrella-privacy-policy-3.html", "text/html; charset=utf-8", b"<p>the whole change</p>")
    long = "word " * 400
    change = replace(CHANGE, findings=(finding(before=long, after=long),))
    message = compose(change, house=replace(HOUSE, public_url=""), told={7: Told(change, page=page)})
    mail = parsed(message.raw)
    assert mail["List-Unsubscribe"] == "<mailto:op@watch.example?subject=unsubscribe%201>"
    assert mail["List-Unsubscribe-Post"] is None
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename() == "umbrella-privacy-policy-3.html"
    assert attachment.get_content().strip() == "<p>the whole change</p>"
    assert words(message).count("word") == 800  # in full
    assert 'href="mailto:op@watch.example?subject=unsubscribe%201"' in html_of(mail)
    nobody = compose(CHANGE, house=replace(HOUSE, public_url="", operator=""))
    assert "List-Unsubscribe" not in parsed(nobody.raw)


def test_where_the_report_is_published_over_plain_http_no_one_click_is_promised() -> None:
    mail = parsed(compose(CHANGE, house=replace(HOUSE, public_url="http://watch.example")).raw)
    assert mail["List-Unsubscribe"].startswith("<http://watch.example/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        (replace(CHANGE, findings=(MINE, MINE)), "Umbrella privacy policy: 2 changes for the worse (sale of data)"),
        (
            replace(CHANGE, findings=(OTHER,)),
            "Umbrella privacy policy: 1 change for the better (retention period or criterion)",
        ),
        (
            replace(CHANGE, findings=(finding(direction="unclear"), OTHER)),
            "Umbrella privacy policy: 2 changes (sale of data)",
        ),
        (
            replace(CHANGE, findings=(finding("unclassified", direction="unclear"),)),
            "Umbrella privacy policy: 1 change (not classified)",
        ),
        (
            replace(CHANGE, findings=(OTHER, finding("unclassified", direction="unclear"))),
            "Umbrella privacy policy: 1 change for the better, 1 not classified (retention period or criterion)",
        ),
        (replace(CHANGE, kind="withdrawal"), "Umbrella privacy policy: an earlier text is back"),
        (
            replace(
                CHANGE,
                kind="promise",
                findings=(),
                summary="Umbrella privacy policy: a pinned promise is gone: “We never sell.”",
            ),
            "Umbrella privacy policy: a pinned promise is gone: “We never sell.”",
        ),
        (
            replace(CHANGE, kind="effective", findings=(), summary="takes effect on 1 May 2026"),
            "Umbrella privacy policy: takes effect on 1 May 2026",
        ),
        (
            replace(CHANGE, kind="correction", findings=(), summary="On … we told you …"),
            "Correction: Umbrella privacy policy: what we told you was wrong",
        ),
        (
            replace(CHANGE, kind="mail-failing", key=None, findings=(), summary="No mail has gone out"),
            "No mail has gone out",
        ),
        (
            replace(CHANGE, document_kind="terms", vendor_name=""),
            "umbrella terms of service: 1 change for the worse (sale of data)",
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Event) else "",
)
def test_the_subject_tells_what_it_is(told: Event, subject: str) -> None:
    assert compose(told).subject == subject


def test_a_digest_is_grouped_by_vendor_the_gravest_first() -> None:
    mild = replace(CHANGE, id=1, findings=(OTHER,), vendor_name="Aardvark", key=DocumentKey("aardvark", "terms"))
    grave = replace(
        CHANGE, id=2, findings=(MINE,), vendor_name="Zebra", key=DocumentKey("zebra", "terms"), document_kind="terms"
    )
    second = replace(mild, id=3, vendor_name="Zebra", key=DocumentKey("zebra", "cookies"), document_kind="cookies")
    message = compose(mild, second, grave, subscription=replace(ANN, every="weekly"))
    assert message.subject == "Weekly: 3 changes at 2 vendors, 1 for the worse (Zebra)"
    said = words(message)
    places = [said.index(name) for name in ("Zebra terms of service", "Zebra cookie policy", "Aardvark privacy policy")]
    assert places == sorted(places)
    assert message.alerts == (2, 3, 1) or set(message.alerts) == {1, 2, 3}


def test_a_large_digest_stays_below_what_clients_cut_and_still_names_every_change() -> None:
    many = [
        replace(
            CHANGE,
            id=number,
            findings=(replace(MINE, summary="x" * 300),) * 3,
            vendor_name=f"Vendor {number:03}",
            key=DocumentKey(f"v{number}", "privacy"),
        )
        for number in range(1, 91)
    ]
    mail = parsed(compose(*many, subscription=replace(ANN, every="daily")).raw)
    html = html_of(mail)
    assert len(html.encode()) < 102_000
    for number in range(1, 91):
        assert f"Vendor {number:03}" in html
        assert f"Vendor {number:03}" in text_of(mail)
    huge = compose(
        *[replace(one, id=(one.id or 0) + 1000 * turn) for turn in range(10) for one in many],
        subscription=replace(ANN, every="daily"),
    )
    assert "more: see the report" in text_of(parsed(huge.raw))
    assert len(huge.alerts) == 900


def test_an_empty_digest_says_how_much_was_seen() -> None:
    message = compose(subscription=replace(ANN, every="weekly", empty_digest=True), period=AT)
    assert message.subject == "Weekly: nothing changed, 41 of 42 documents seen"
    assert "Hooli terms of service: failing for 9 days" in words(message)


def test_what_is_not_looked_at_on_purpose_says_so() -> None:
    paused = Sight(DocumentKey("globex", "terms"), "Globex terms of service", AT, paused="the vendor closed")
    batch = Batch(ANN.address, "now", (ANN,), (Item(CHANGE, (0,), (7,)),))
    message = Composer(HOUSE, Tokens(KEYS)).alert(batch, {}, Account((paused,), 3), now=AT)
    assert (
        "Globex terms of service: not looked at, on purpose (the vendor closed), last seen 29 March 2026, 18:00 UTC"
        in words(message)
    )


def test_a_correction_says_what_was_told_and_what_was_wrong() -> None:
    wrong = replace(
        CHANGE,
        kind="correction",
        findings=(),
        summary="On 29 March 2026 we told you: “sold.” That was wrong.",
        detail="The page was a test of theirs.",
    )
    said = words(compose(wrong))
    assert "That was wrong. The page was a test of theirs." in said
    assert "You got the message that this corrects." in said


def test_an_operator_of_the_settings_is_told_why_and_needs_no_link_to_leave() -> None:
    trouble = replace(
        CHANGE, kind="trouble", findings=(), summary="Umbrella privacy policy cannot be seen: timeout", detail=""
    )
    message = compose(
        trouble, subscription=Subscription("op@watch.example", operator=True, source="settings", confirmed_at=AT, id=2)
    )
    assert "its settings name you as operator" in words(message)
    assert "unsubscribe" not in message.raw.decode().lower()


def test_doubts_about_the_page_are_told() -> None:
    said = words(compose(CHANGE, told={7: Told(CHANGE, first_seen_at=AT, doubts=("two main parts",))}))
    assert "told at once, without waiting for a second look" in said
    assert "The page was hard to read: two main parts." in said
    assert "judge by the quotation" in words(compose(replace(CHANGE, findings=(finding(direction="unclear"),))))


def test_the_question_behind_a_sign_up_holds_its_link_and_no_unsubscribe() -> None:
    message = Composer(HOUSE, Tokens(KEYS)).confirmation(
        [ANN, replace(ANN, id=2, every="weekly")],
        url="https://watch.example/confirm/t",
        identity="<ask.1@watch.example>",
        now=AT,
    )
    mail = parsed(message.raw)
    assert (mail["Subject"], mail["Message-ID"]) == ("Please confirm: Policy watch", "<ask.1@watch.example>")
    assert "https://watch.example/confirm/t" in text_of(mail)
    assert "List-Unsubscribe" not in mail


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "changes, at once"),
        ({"vendors": ("a", "b", "c"), "kinds": ("terms",)}, "changes of every terms of service at a, b or c, at once"),
        (
            {"labels": ("share", "purpose.ai_training", "*.ai*")},
            "changes about “Who receives data”, “Training or improving AI models” or *.ai*, at once",
        ),
        (
            {"severity": "medium", "direction": "worse", "every": "daily", "hour": 7, "zone": "Asia/Tokyo"},
            "changes, of medium severity or more, only for the worse, daily at 7:00 (Asia/Tokyo)",
        ),
        (
            {"every": "weekly", "weekday": 4, "events": ("promise", "correction")},
            "pinned promises, corrections, weekly on Friday at 8:00 (UTC)",
        ),
        ({"operator": True, "tags": ("video",)}, "trouble of this monitor tagged video, at once"),
        ({"vendors": tuple("abcdefghijkl")}, "changes at a, b, c, d, e, f, g, h or 4 more, at once"),
    ],
)
def test_a_wish_is_said_in_words(fields: dict[str, Any], said: str) -> None:
    assert wish(Subscription("ann@reader.example", **fields)) == said


def test_a_reminder_says_what_an_address_gets_and_where_to_change_it() -> None:
    message = Composer(HOUSE, Tokens(KEYS)).reminder(
        [ANN, replace(ANN, id=2, every="weekly")],
        url="https://watch.example/manage/t",
        identity="<again.1@watch.example>",
        now=AT,
    )
    mail = parsed(message.raw)
    assert (mail["Subject"], mail["Message-ID"]) == ("Your subscriptions: Policy watch", "<again.1@watch.example>")
    said = words(message)
    assert "Changes about “Who receives data”, at once" in said
    assert "Changes about “Who receives data”, weekly on Monday at 8:00 (UTC)" in said
    assert "https://watch.example/manage/t" in said
    assert "nothing has changed" in said
    assert "List-Unsubscribe" not in mail


def test_long_lists_of_what_was_seen_and_what_was_not_say_how_many_more_there_are() -> None:
    sights = tuple(
        Sight(DocumentKey(f"v{number}", "terms"), f"V{number} terms of service", AT if number < 14 else None)
        for number in range(26)
    )
    batch = Batch(ANN.address, "now", (ANN,), (Item(CHANGE, (0,), (7,)),))
    said = words(Composer(HOUSE, Tokens(KEYS)).alert(batch, {}, Account(sights, 26), now=AT))
    assert "V9 terms of service: last seen 29 March 2026, 18:00 UTC * and 4 more" in said
    assert "What could not be seen (12 of 26 documents)" in said
    assert "V23 terms of service: not seen yet * and 2 more" in said


def test_a_change_with_many_findings_shows_the_gravest_and_counts_the_others() -> None:
    milder = tuple(
        replace(OTHER, summary=f"Detail {number}.", before=None, after=Quote(f"Detail {number}.", 0, 9))
        for number in range(30)
    )
    said = words(compose(replace(CHANGE, findings=(*milder, MINE))))
    assert said.index("Sale of data · high severity") < said.index("Detail 0.")
    assert said.count("Detail ") == 14 + 10  # in full, then one line each
    assert "and 6 more" in said


def test_how_sure_we_are_is_said_of_changes_only() -> None:
    trouble = replace(CHANGE, kind="promise", findings=(), summary="A pinned promise is gone.")
    assert "How sure" in words(compose(CHANGE))
    assert "How sure" not in words(compose(trouble))


def test_one_composer_writes_to_many_readers_what_it_writes_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendered events are remembered, but not without end: what is forgotten is made again, and is the same."""
    from monitor.alerts import compose as module

    many = [
        replace(CHANGE, id=number, vendor_name=f"V{number}", findings=(replace(MINE, summary="x" * 500),))
        for number in range(1, 120)
    ]
    items = tuple(Item(one, (0,), (one.id or 0,)) for one in many)
    daily = replace(ANN, every="daily")
    batch = Batch(ANN.address, "daily", (daily,), items)
    first = Composer(HOUSE, Tokens(KEYS)).alert(batch, {}, Account(), now=AT).raw
    for remembered in (4000, 2):
        monkeypatch.setattr(module, "REMEMBERED", remembered)
        composer = Composer(HOUSE, Tokens(KEYS))
        assert [composer.alert(batch, {}, Account(), now=AT).raw for _ in range(2)] == [first, first]
