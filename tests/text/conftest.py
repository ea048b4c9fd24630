"""An invented vendor's policy and the site it stands on, for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Extraction, ExtractOptions, Page
from monitor.text import extract

POLICY = """
<h1>Larkfield Privacy Policy</h1>
<p>Last updated: 3 March 2026</p>
<p>Larkfield Maps Ltd. (“Larkfield”, “we”) makes hiking maps. This policy says what personal data we collect when you use
the Larkfield app, why we use it, and which rights you have.</p>
<h2>What we collect</h2>
<p>When you make an account we collect the following information:</p>
<ul>
  <li>your name and e-mail address;</li>
  <li>the routes that you record, with their places and times;</li>
  <li>payment details, such as:
    <ul><li>the last four digits of a card</li><li>a billing address</li></ul></li>
</ul>
<p>We do not collect your contacts. We also receive the IP address and the type of your device from cookies.</p>
<h2>Why we use it</h2>
<p>We process this data to draw your map, to answer you, and to keep the service safe. The legal basis is our contract with
you and, for cookies, your consent. We do not sell personal data.</p>
<table>
  <tr><th>Data</th><th>Purpose</th><th>Kept for</th></tr>
  <tr><td>Routes</td><td>Showing your history</td><td>24 months</td></tr>
  <tr><td>Payments</td><td>Accounting duties</td><td>10 years</td></tr>
</table>
<h2>Who receives it</h2>
<p>We share data with service providers, e.g. Birchhost Inc. for hosting, and with law enforcement where applicable law asks
for it. Third parties may not use it for anything else.</p>
<h3>Your rights</h3>
<p>You have the right to access, correct and delete your data, and to opt out of marketing. Write to
<a href="mailto:privacy@larkfield.example">privacy@larkfield.example</a>. Children under 16 may not use the app.</p>
"""


def site(content: str = POLICY, *, before: str = "", after: str = "", head: str = "", wrap: str = "main") -> str:
    """A whole page around some content, with a menu above and a footer below it."""
    return f"""<!doctype html><html lang="en"><head><title>Privacy Policy | Larkfield</title>{head}</head><body>
<header><a href="/">Larkfield</a><nav><ul><li><a href="/maps">Maps</a></li><li><a href="/shop">Shop</a></li>
<li><a href="/login">Log in</a></li></ul></nav></header>{before}
<{wrap}>{content}</{wrap}>{after}
<footer><p>© 2026 Larkfield Maps Ltd. All rights reserved.</p><a href="/jobs">Jobs</a> <a href="/press">Press</a></footer>
<script>console.log("never shown");</script></body></html>"""


@pytest.fixture(name="site")
def _site() -> Callable[..., str]:
    return site


@pytest.fixture
def policy() -> str:
    """The HTML of the policy without the site around it."""
    return POLICY


Reader = Callable[..., Extraction]


@pytest.fixture
def read() -> Reader:
    """Extract from HTML given as text."""

    def reader(
        html: str, *, previous: str | None = None, url: str = "", final_url: str = "", **options: object
    ) -> Extraction:
        page = Page(html.encode(), "text/html; charset=utf-8", url, final_url)
        return extract([page], ExtractOptions(**options), previous=previous)  # type: ignore[arg-type] # tests name fields

    return reader


@pytest.fixture
def slack() -> float:
    """By how much a limit on time is stretched while coverage traces every line."""
    import sys

    return 8.0 if sys.gettrace() is not None else 1.0
