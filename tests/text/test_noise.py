"""What differs at every visit gives the same text, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from monitor.model import Extraction

Site = Callable[..., str]
Read = Callable[..., Extraction]


def mutate(page: str, seed: int) -> str:
    """The same page at another visit: nonces, tokens, tracking, counters, signed images, order of a menu, hidden e-mail."""
    dice = random.Random(seed)
    token = f"{dice.getrandbits(64):x}"
    key = dice.randrange(1, 255)
    code = f"{key:02x}" + "".join(f"{ord(letter) ^ key:02x}" for letter in "dpo@larkfield.example")
    menu = ["<li><a href='/a'>Alps</a></li>", "<li><a href='/b'>Andes</a></li>", "<li><a href='/c'>Atlas</a></li>"]
    dice.shuffle(menu)
    noise = f"""<div class="x{token}"><input type="hidden" name="csrf" value="{token}"></div>
<p><a href="/terms?utm_source={token}&amp;sid={token}&amp;page=2">Terms</a> apply.</p>
<p>Mail <a href="/cdn-cgi/l/email-protection#{code}"><span data-cfemail="{code}">[email&#160;protected]</span></a>.</p>
<img src="https://cdn.example/a.png?X-Amz-Signature={token}&Expires={seed}" alt="summit {seed}">
<p>{dice.randrange(2, 50)} min read</p><p>Updated {dice.randrange(2, 20)} days ago</p>
<p>{dice.randrange(100)} out of {dice.randrange(100, 999)} found this helpful</p>"""
    page = page.replace("<h2>Who", noise + "<h2>Who")
    return page.replace(
        "<script>", f"<!-- built {token} --><nav><ul>{''.join(menu)}</ul></nav><script nonce='{token}'>"
    )


def test_fifty_visits_to_a_page_that_never_stands_still_give_one_text(read: Read, site: Site) -> None:
    texts = {read(mutate(site(), seed)).text for seed in range(50)}
    assert len(texts) == 1
    text = texts.pop()
    assert "[Terms](/terms?page=2) apply." in text
    assert "mailto:dpo@larkfield.example" in text


def test_and_one_changed_word_among_the_noise_is_another_text(read: Read, site: Site) -> None:
    changed = mutate(site(), 7).replace("24 months", "36 months")
    assert read(changed).text != read(mutate(site(), 3)).text


@pytest.mark.parametrize(
    "spelling",
    ["utf-8", "utf-16", "nbsp", "soft hyphen", "zero width", "nfd", "crlf", "indent", "comments"],
)
def test_another_encoding_or_invisible_characters_are_no_change(read: Read, site: Site, spelling: str) -> None:
    from unicodedata import normalize

    from monitor.model import ExtractOptions, Page
    from monitor.text import extract

    page = site("<p>Die Löschung Ihrer Daten erfolgt nach 30 Tagen. Wir verkaufen keine Daten.</p>")
    plain = read(page).text
    match spelling:
        case "utf-16":
            body = page.encode("utf-16")
        case "nbsp":
            body = page.replace("30 Tagen", "30\u00a0Tagen").encode()
        case "soft hyphen":
            body = page.replace("Löschung", "Lö\u00adschung").encode()
        case "zero width":
            body = page.replace("Daten.", "Da\u200bten.\ufeff").encode()
        case "nfd":
            body = normalize("NFD", page).encode()
        case "crlf":
            body = page.replace("erfolgt ", "erfolgt\r\n").encode()
        case "indent":
            body = page.replace("<p>", "\n\t  <p>\n\t  ").encode()
        case "comments":
            body = page.replace("Wir ", "Wir<!-- x --> ").encode()
        case _:
            body = page.encode()
    assert extract([Page(body, "text/html; charset=utf-8")], ExtractOptions()).text == plain


def test_marks_that_turn_the_direction_of_text_are_a_change_and_are_named(read: Read, site: Site) -> None:
    page = site("<p>We keep data for 30 days. We do not sell it.</p>" * 3)
    turned = read(page.replace("30", "\u202e30\u202c"))
    assert turned.text != read(page).text
    assert any("suspicious characters" in reason for reason in turned.confidence.reasons)
