"""The door in a real browser: by keyboard, without JavaScript, with the mail of a real server read to find the link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chromium import chromium, violations
from door import PUBLIC, Served, served
from mailing import event
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


def reader(browser: Browser, door: Served, **options: object) -> BrowserContext:
    """A browser for which the public address leads to the door, and nothing else can be reached."""
    context = browser.new_context(**options)  # type: ignore[arg-type]  # options of Playwright

    def route(route: object) -> None:
        request = route.request  # type: ignore[attr-defined]
        assert request.url.startswith(PUBLIC), f"asked for {request.url}"
        answer = door.request(
            request.method,
            urlsplit(request.url).path,
            request.post_data_buffer,
            **{
                name.replace("-", "_"): value
                for name, value in request.all_headers().items()
                if not name.startswith(":")
            },
        )
        route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)  # type: ignore[attr-defined]

    context.route("**/*", route)
    return context


def focus_by_tab(page: Page, selector: str) -> None:
    """Press Tab until that element has the focus."""
    for _ in range(120):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def test_a_reader_without_javascript_signs_up_by_keyboard_confirms_from_the_mail_and_leaves(
    browser: Browser, door: Served
) -> None:
    context = reader(browser, door, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{PUBLIC}/subscribe")
    page.get_by_label("Your e-mail address").first.focus()
    page.keyboard.type("ann@reader.example")
    for name in ("Umbrella", "Who receives data", "Only what gets worse"):
        page.get_by_label(name).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Subscribe", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Look into your mail')")
    door.settle()
    page.goto(PUBLIC + door.link("confirm"))
    page.get_by_role("button", name="Yes, send them").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Done')")
    (subscription,) = door.room.archive.subscriptions()
    assert (subscription.vendors, subscription.labels, subscription.direction) == (("umbrella",), ("share",), "worse")

    assert door.room.announce(event("hooli"), event("umbrella")) == 1
    assert door.room.deliver().sent == 1
    page.goto(PUBLIC + door.link("manage"))
    page.get_by_label("One message a week").check()
    page.get_by_role("button", name="Save subscription").press("Enter")
    page.wait_for_selector("[role=status]:has-text('is changed')")
    assert door.room.archive.subscriptions()[0].every == "weekly"
    page.goto(PUBLIC + door.link("unsubscribe"))
    page.get_by_role("button", name="End them").press("Enter")
    page.wait_for_selector("h1:has-text('You get no more of these')")
    assert door.room.archive.subscriptions() == ()
    context.close()


def test_everything_on_the_sign_up_is_reached_with_the_tab_key(browser: Browser, door: Served) -> None:
    context = reader(browser, door)
    page = context.new_page()
    page.goto(f"{PUBLIC}/subscribe")
    for selector in (
        "a.skip",
        "#address",
        "input[name=vendors][value=umbrella]",
        "input[name=labels][value=share]",
        "input[name=direction]",
        "select[name=severity]",
        "input[name=every]",
        "input[name=zone]",
        "button[value=subscribe]",
        "button[value=example]",
        "button[value=link]",
    ):
        focus_by_tab(page, selector)
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_any_page_and_nothing_is_wider_than_the_screen(
    browser: Browser, door: Served, width: int, scheme: str
) -> None:
    context = reader(browser, door, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    first = door.room.reader(labels=("share.*",))
    door.room.reader(every="weekly")
    door.room.announce()
    waiting = door.room.reader("new@reader.example", confirmed_at=None)
    paths = [
        "/subscribe",
        f"/confirm/{door.grant('confirm', waiting.id or 0, address=waiting.address)}",
        f"/manage/{door.grant('manage', first.id or 0)}",
        f"/unsubscribe/{door.grant('unsubscribe', first.id or 0)}",
        "/unsubscribe/nonsense",
    ]
    for path in paths:
        page.goto(PUBLIC + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(f"{PUBLIC}/subscribe")
    page.fill("#address", "not an address", force=True)
    page.evaluate("document.querySelector('form').noValidate = true")
    page.click("button[value=subscribe]")
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page.fill("#address", "")
    page.click("button[value=example]")
    page.wait_for_selector(".example")
    assert violations(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert violations(page) != []  # negative control: a button without a name
    assert [text for text in messages if "404" not in text and "422" not in text] == []
    context.close()
