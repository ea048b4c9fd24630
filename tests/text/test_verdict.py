"""Whether a page shows the policy: walls, logins, errors, hubs and fragments are told from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

import pytest

from monitor.model import Extraction, ExtractOptions, Page, VerdictKind
from monitor.text import extract
from monitor.text.measures import Measures
from monitor.text.normalise import fold
from monitor.text.signatures import knowledge
from monitor.text.verdict import judge

Site = Callable[..., str]
Read = Callable[..., Extraction]

# kind, title, body of a whole page; %ID% is a request id that differs at every visit
PAGES: dict[str, tuple[str, str, str]] = {
    "just a moment": ("wall", "Just a moment...", "<h1>larkfield.example</h1><p>Verifying you are human. This may take a few seconds.</p><p>Ray ID: %ID%</p>"),
    "connection check": ("wall", "", "<h2>Checking if the site connection is secure</h2><p>larkfield.example needs to review the security of your connection before proceeding.</p><p>Ray ID: %ID%</p>"),
    "enable cookies": ("wall", "Just a moment...", "<noscript>x</noscript><p>Enable JavaScript and cookies to continue</p>"),
    "access denied": ("wall", "Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p><p>Reference #%ID%</p>"),
    "request blocked": ("wall", "ERROR: The request could not be satisfied", "<h1>403 ERROR</h1><h2>The request could not be satisfied.</h2><p>Request blocked. Request ID: %ID%</p>"),
    "incident": ("wall", "", "<p>Request unsuccessful. Incapsula incident ID: %ID%</p>"),
    "press and hold": ("wall", "Access to this page has been denied", "<p>Press &amp; Hold to confirm you are a human (and not a bot).</p><p>Reference ID %ID%</p>"),
    "ad blocker": ("wall", "larkfield.example", "<p>Please enable JS and disable any ad blocker</p>"),
    "captcha": ("wall", "Robot check", "<h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure you're not a robot.</p>"),
    "unusual traffic": ("wall", "", "<p>Our systems have detected unusual traffic from your computer network. Time: %ID%</p>"),
    "rate limit": ("wall", "429 Too Many Requests", "<h1>Too Many Requests</h1><p>Slow down.</p>"),
    "forbidden": ("wall", "403 Forbidden", "<h1>403 Forbidden</h1><hr><p>nginx</p>"),
    "firewall": ("wall", "Website Firewall - Access Denied", "<p>Block reason: request from an address on the list. ID %ID%</p>"),
    "checkpoint": ("wall", "Security Checkpoint", "<p>We're verifying your browser</p><p>%ID%</p>"),
    "interruption": ("wall", "Pardon Our Interruption", "<p>As you were browsing, something about your browser made us think you were a bot.</p>"),
    "human in german": ("wall", "", "<p>Bestätigen Sie bitte: Überprüfen Sie, dass Sie ein Mensch sind.</p><p>%ID%</p>"),
    "region": ("wall", "", "<h1>Sorry</h1><p>This content is not available in your region.</p>"),
    "451": ("wall", "", "<p>This site is unavailable for legal reasons to visitors from Europe.</p>"),
    "queue": ("wall", "Waiting room", "<p>You are now in line. Your estimated wait time is 4 minutes. %ID%</p>"),
    "old browser": ("wall", "", "<p>Your browser is not supported. Please upgrade your browser.</p>"),
    "login": ("login", "Sign in", "<h1>Sign in to continue</h1><form><label>E-mail</label><input><label>Password</label><input type='password'></form><a href='/f'>Forgot your password?</a>"),
    "login german": ("login", "Anmelden", "<h1>Bitte anmelden</h1><a href='/f'>Passwort vergessen?</a>"),
    "login french": ("login", "", "<p>Connectez-vous à votre espace</p><a href='/f'>Mot de passe oublié ?</a>"),
    "members": ("login", "", "<p>You must be logged in to view this page.</p>"),
    "consent": ("consent-wall", "Before you continue to Larkfield", "<h1>Before you continue to Larkfield</h1><p>We use cookies to deliver the service and to count visits.</p><p>Accept all or reject all.</p>"),
    "consent french": ("consent-wall", "", "<h1>Avant de continuer</h1><p>Nous et nos partenaires utilisons des cookies. Continuer sans accepter</p>"),
    "age": ("consent-wall", "", "<h1>Welcome</h1><p>Please confirm your age. You must be 18 or older to enter.</p>"),
    "404": ("not-found", "404 Not Found", "<h1>404</h1><p>Page not found</p>"),
    "404 in the title": ("not-found", "404 - Larkfield", "<h1>Oh no</h1><p>Nobody walks here.</p>"),
    "404 as a sentence": ("not-found", "", "<h1>404.</h1><p>Nobody walks here.</p>"),
    "soft 404": ("not-found", "Larkfield", "<h1>Oops!</h1><p>We can't find the page you are looking for. It may have moved. Try the search or go home.</p>"),
    "soft 404 with words": ("not-found", "", "<h1>Lost?</h1><p>Sorry, this page doesn't exist any more.</p><p>" + "Popular walks are the ridge and the lake, and many people like the hut as well. " * 6 + "</p>"),
    "404 german": ("not-found", "", "<h1>Seite nicht gefunden</h1><p>Diese Seite existiert nicht.</p>"),
    "404 french": ("not-found", "", "<h1>Page introuvable</h1><p>La page demandée n'existe plus.</p>"),
    "404 spanish": ("not-found", "", "<h1>Página no encontrada</h1>"),
    "404 chinese": ("not-found", "", "<h1>页面不存在</h1><p>返回首页看看其他内容，或者稍后再试一次吧。</p>"),
    "storage": ("not-found", "", "<p>NoSuchKey</p><p>The specified key does not exist. %ID%</p>"),
    "help article gone": ("not-found", "", "<h1>Article not found</h1><p>It may have been archived.</p>"),
    "parked": ("not-found", "larkfield.example", "<h1>This domain is for sale</h1><p>Make an offer today.</p>"),
    "suspended": ("not-found", "", "<h1>Account Suspended</h1><p>Contact your hosting provider.</p>"),
    "folder": ("not-found", "Index of /", "<h1>Index of /legal</h1><pre><a href='../'>Parent Directory</a> a.pdf</pre>"),
    "new server": ("not-found", "Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the web server works.</p>"),
    "maintenance": ("maintenance", "Larkfield", "<h1>We'll be back soon</h1><p>We are under maintenance and back in an hour.</p>"),
    "503": ("maintenance", "503 Service Unavailable", "<h1>Service Unavailable</h1><p>%ID%</p>"),
    "502": ("maintenance", "larkfield.example | 502: Bad gateway", "<h1>Bad gateway</h1><p>Ray ID: %ID%</p>"),
    "504": ("maintenance", "", "<h1>Gateway time-out</h1>"),
    "database": ("maintenance", "", "<h1>Error establishing a database connection</h1>"),
    "exception": ("maintenance", "", "<h2>Application error: a client-side exception has occurred (see the browser console).</h2>"),
    "500": ("maintenance", "Error 500", "<h1>Internal Server Error</h1><p>An unexpected error occurred. %ID%</p>"),
    "maintenance german": ("maintenance", "", "<h1>Wartungsarbeiten</h1><p>Wir sind bald zurück.</p>"),
    "maintenance french": ("maintenance", "", "<h1>Site en maintenance</h1><p>Revenez bientôt.</p>"),
    "construction": ("maintenance", "", "<h1>Coming soon</h1><p>Our new site is under construction.</p>"),
    "needs script": ("script-shell", "Larkfield", "<div id='root'></div><p>You need to enable JavaScript to run this app.</p>"),
    "shell": ("script-shell", "Larkfield", "<div id='root'></div><script src='/a.js'></script>"),
    "shell with a word": ("script-shell", "Larkfield", "<div id='root'>Loading…</div><script src='/a.js'></script>"),
    "nothing": ("empty", "Larkfield", "<div></div>"),
    "ten words": ("stub", "Larkfield", "<p>Our privacy policy is moving to a new place soon.</p>"),
    "stub": ("stub", "Privacy", "<h1>Privacy</h1><p>Privacy matters to Larkfield. Ask us for the policy in writing.</p>"),
    "hub": ("hub", "Legal", "<h1>Legal</h1><ul>" + "".join(f"<li><a href='/l{n}'>Policy for product number {n}</a></li>" for n in range(40)) + "</ul>"),
    "topics": ("hub", "Privacy basics", "<h1>Privacy basics</h1>" + "".join(f"<h2>What about topic {n} of our many maps</h2>" for n in range(30))),
    "home": ("home", "Larkfield", "<h1>Maps for walkers</h1>" + "".join(f"<p>Walk the ridge of valley {n} with our newest sheet and enjoy the view. <a href='/s{n}'>Buy sheet {n} in the shop</a></p>" for n in range(20))),
    "another text": ("stub", "Walks", "<h1>The ridge</h1>" + "<p>The path climbs through larch woods to a hut, where soup is served in summer. From there the ridge is easy.</p>" * 1 + "".join(f"<p>On day {n} we walked from hut {n} to the next lake, ate bread and cheese, and slept well under the stars.</p>" for n in range(20))),
    "spam": ("spam", "Larkfield", "<h1>Best online casino</h1>" + "<p>Play slot gacor at our casino. A casino bonus for you. Poker online in every casino. The casino pays. Casino!</p>"),
}  # fmt: skip


def whole(title: str, body: str, request: str = "8bbd8e9c5e27d001") -> str:
    page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return page.replace("%ID%", request)


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "after the policy"])
@pytest.mark.parametrize(("kind", "title", "body"), PAGES.values(), ids=PAGES)
def test_what_is_not_the_policy_is_never_taken_for_it(
    read: Read, site: Site, kind: str, title: str, body: str, beside: bool
) -> None:
    previous = read(site()).text if beside else None
    verdict = read(whole(title, body), previous=previous).verdict
    assert not verdict.ok
    assert verdict.reason
    assert verdict.signature
    if not beside:
        assert verdict.kind == kind


@pytest.mark.parametrize(("kind", "title", "body"), [page for page in PAGES.values() if "%ID%" in page[2]])
def test_the_same_wall_with_another_request_id_is_the_same_wall(read: Read, kind: str, title: str, body: str) -> None:
    first, second = (read(whole(title, body, request)).verdict for request in ("8bbd8e9c5e27d001", "17-a0 2f"))
    assert first == second


@pytest.mark.parametrize(("kind", "title", "body"), PAGES.values(), ids=PAGES)
def test_a_policy_that_speaks_of_such_things_stays_a_policy(
    read: Read, site: Site, policy: str, kind: str, title: str, body: str
) -> None:
    words = re.sub("<[^>]*>", " ", body)[:300]
    if kind == "spam":
        return  # tested below: what was injected is told from what stood there
    before = read(site()).text
    content = policy.replace("<h2>Who", f"<p>When somebody reads “{words}”, that is a message of ours.</p><h2>Who")
    long = content + "".join(f"<h3>Note {n}</h3><p>We process personal data of kind {n} for purpose {n} with your consent.</p>" for n in range(20))  # fmt: skip
    assert read(site(content), previous=before).verdict.ok
    assert read(site(long)).verdict.ok


def test_a_short_policy_with_that_number_in_it_is_a_policy(read: Read) -> None:
    body = (
        "<h1>Privacy policy</h1><p>We collect your name and e-mail address when you open account number 9404. We use "
        "them to provide the service, and share nothing with third parties.</p><p>Call 1-800-555-0404. Or write to us.</p>"
        "<p>We keep personal data for 12 months, see Sarbanes-Oxley, section 404: records. You may ask for access.</p>"
    )
    assert read(whole("Privacy policy", body)).verdict.ok


@pytest.mark.parametrize("number", ["error 5001", "http 4041", "order 1503 service", "form 7403 - forbidden"])
def test_a_phrase_with_a_number_is_not_found_within_a_longer_number(read: Read, number: str) -> None:
    body = (
        f"<h1>Privacy policy</h1><p>We collect your name and e-mail address when you report {number} to our desk. We "
        "use them to answer, and share nothing with third parties. We keep personal data for 12 months.</p><p>You may ask "
        "us for access to your data, or have it deleted. Write to us, and we answer within thirty days.</p>"
    )
    assert read(whole("Privacy policy", body)).verdict.ok


def test_the_policy_is_the_policy(read: Read, site: Site) -> None:
    assert read(site()).verdict.kind == "policy"
    assert read(site(), language="en").verdict.ok


def test_a_rewrite_of_the_same_length_is_a_policy(read: Read, site: Site, policy: str) -> None:
    before = read(site()).text
    after = "<h1>Privacy notice</h1>" + "".join(
        f"<p>In case {n} our company may now process personal information about visitors and disclose it to third parties "
        f"with consent, as law number {n} permits; your rights and our retention are told below.</p>"
        for n in range(12)
    )
    assert read(site(after), previous=before).verdict.ok


def test_what_is_left_of_a_policy_is_a_fragment(read: Read, site: Site, policy: str) -> None:
    before = read(site(policy + "".join(f"<h3>Part {n}</h3><p>Part {n} says how long we keep data of kind {n}, and why.</p>" for n in range(30)))).text  # fmt: skip
    cut = read(site(policy.partition("<h2>Who")[0]), previous=before).verdict
    assert (cut.kind, cut.signature) == ("fragment", "fragment")


def test_a_shorter_policy_under_a_newer_date_is_no_fragment(read: Read, site: Site, policy: str) -> None:
    long = policy + "".join(f"<h3>Part {n}</h3><p>Part {n} says how long we keep data of kind {n}, and why.</p>" for n in range(30))  # fmt: skip
    shorter = policy.replace("3 March 2026", "1 April 2026")
    assert read(site(shorter), previous=read(site(long)).text).verdict.ok


def test_another_language_than_declared_or_than_before_is_refused(read: Read, site: Site) -> None:
    german = site("<h1>Datenschutzerklärung</h1>" + "".join(f"<p>Wir verarbeiten personenbezogene Daten der Art {n} auf Grundlage Ihrer Einwilligung und löschen sie, wenn der Zweck entfällt; Sie haben das Recht auf Auskunft und Widerruf.</p>" for n in range(12)))  # fmt: skip
    assert read(german).verdict.ok
    assert read(german, language="de").verdict.ok
    assert read(german, language="en").verdict.kind == "other-language"
    beside = read(german, previous=read(site()).text).verdict
    assert (beside.kind, beside.signature) == ("other-language", "language-de")


def test_a_redirect_to_the_front_page_is_refused(read: Read) -> None:
    home = whole(
        "Larkfield", "<h1>Maps for walkers</h1><p>" + "Walk further with us and see more of every valley. " * 8 + "</p>"
    )
    moved = read(home, url="https://larkfield.example/legal/privacy", final_url="https://larkfield.example/en/").verdict
    assert (moved.kind, moved.signature) == ("home", "moved-home")


def test_beside_the_policy_a_front_page_and_a_shrunken_page_are_known(read: Read, site: Site, policy: str) -> None:
    previous = read(
        site(policy + "".join(f"<p>Part {n} tells how long we keep data of kind {n}.</p>" for n in range(40)))
    ).text
    other = "".join(
        f"<p>Our service number {n} processes personal information with consent under these terms.</p>"
        for n in range(8)
    )
    home = read(site(other), previous=previous, url="https://x.example/privacy", final_url="https://x.example/").verdict
    assert (home.kind, home.signature) == ("home", "moved-home")
    shrunk = read(site(other), previous=previous).verdict
    assert (shrunk.kind, shrunk.signature) == ("stub", "shrunk")
    assert not read(site(other), previous=previous, url="https://[x/a", final_url="https://x.example/").verdict.ok


def test_a_policy_that_a_redirect_found_elsewhere_is_a_policy(read: Read, site: Site) -> None:
    assert read(site(), url="https://larkfield.example/privacy", final_url="https://larkfield.example/").verdict.ok
    assert read(site(), url="https://larkfield.example/p", final_url="https://larkfield.example/legal/p").verdict.ok


def test_advertising_injected_into_a_policy_is_spam_and_a_casinos_own_policy_is_not(
    read: Read, site: Site, policy: str
) -> None:
    own = policy.replace("hiking maps", "casino games") + "<p>Our casino, this casino, that casino, each casino and casino rules.</p>"  # fmt: skip
    assert read(site(own)).verdict.ok
    assert read(site(own), previous=read(site(own)).text).verdict.ok
    assert read(site(own), previous=read(site()).text).verdict.kind == "spam"


def test_text_files_are_judged_by_signatures_but_may_be_excerpts() -> None:
    def file(text: str) -> str:
        return extract([Page(text.encode(), name="a.md")], ExtractOptions()).verdict.kind

    assert (
        file("## Sharing\n\nWe do not sell personal data. We never did. Nobody buys it from us, and nobody will, ever.")
        == "policy"
    )
    assert file("www.x.test\nVerifying you are human. This may take a few seconds.\nRay ID: 12\n") == "wall"
    assert file("Hello.") == "stub"


def test_a_page_that_scripts_would_fill_asks_for_a_browser(read: Read, site: Site) -> None:
    assert read(whole("Larkfield", "<div id='app'></div><script>boot()</script>")).needs_browser
    assert not read(site()).needs_browser


def test_without_phrases_of_the_language_length_decides(read: Read) -> None:
    finnish = (
        "<h1>Tietosuoja</h1>"
        + "<p>Keräämme tietoja, joita annat meille, ja käytämme niitä palvelun parantamiseen sinulle ja muille.</p>" * 1
    )
    finnish += "".join(f"<p>Kohta {n}: säilytämme tietoja enintään {n} kuukautta, ja sen jälkeen ne poistetaan kokonaan.</p>" for n in range(20))  # fmt: skip
    assert read(whole("", finnish)).verdict.ok


def test_a_list_of_subprocessors_may_be_nothing_but_links(read: Read) -> None:
    rows = "".join(f"<li><a href='https://v{n}.example'>Vendor {n} Hosting Inc. of Iceland</a></li>" for n in range(30))
    page = whole("", f"<h1>Subprocessors</h1><ul>{rows}</ul>")
    assert read(page, kind="subprocessors").verdict.ok
    assert read(page).verdict.kind == "hub"


def test_the_data_file_can_match_what_it_names() -> None:
    known = knowledge()
    ids = [signature.id for signature in known.signatures]
    assert len(ids) == len(set(ids))
    for signature in known.signatures:
        assert signature.kind in get_args(VerdictKind)
        for phrase in (*signature.any, *signature.all):
            assert fold(phrase + "x") == phrase + "x", f"{signature.id}: {phrase!r} can never stand in a folded text"
    for phrase in known.spam:
        assert not known.spam_words.isdisjoint(phrase.split()), phrase
    for lists in known.markers.values():
        for phrases in lists.values():
            assert all(phrase == phrase.lower() for phrase in phrases)


def test_a_signature_does_not_fit_a_longer_page() -> None:
    text = "Access denied. " + "word " * 400
    assert judge(text, Measures(words=402, markers=None)).ok
    assert not judge(text[:100], Measures(words=20, markers=None)).ok
