"""The verbs that set an installation up, run as a person runs them, against real files and a real site on loopback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faulty.http import Response, Site

from monitor.cli import main
from monitor.heartbeat import Heartbeat, write_heartbeat
from monitor.watchlist import load_watchlist

SENTENCES = (
    "This policy explains which personal data Larkspur collects when you use its services and with whom it is shared.",
    "We collect your name, your e-mail address and the payment details you give us when you open an account.",
    "We use personal data to provide the service, to answer requests and to keep accounts secure.",
    "We share personal data with service providers that host our systems under contract.",
    "We do not sell your personal data to anyone.",
    "You have the right to access your data, to correct it and to have it erased under data protection law.",
    "Log files are deleted thirty days after they were written, and backups after ninety days.",
    "The service is not meant for children under 13, and we do not knowingly collect their data.",
    "We may change this privacy policy; a new text is published here before it takes effect.",
    "Write to our data protection officer at privacy@larkspur.example with any question about it.",
)


def policy(title: str = "Privacy Policy", *, level: int = 1) -> str:
    """A text of two hundred words; no paragraph twice, as repeated ones are taken for an accident of the page."""
    body = "".join(
        f"<p>{opening} {sentence[0].lower()}{sentence[1:]}</p>"
        for opening in (f"As the {title.lower()} of Larkspur says,", f"In other words of the {title.lower()},")
        for sentence in SENTENCES
    )
    return f"<h{level}>{title}</h{level}><p>Last updated: March 1, 2026</p>{body}"


def page(body: str, *, title: str = "Larkspur", head: str = "", footer: str = "") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><main>{body}</main><footer>{footer}</footer></body></html>"
    )


HOME = page(
    "<h1>Larkspur grows</h1><p>Buy seeds from us. They grow well.</p>",
    head='<meta property="og:site_name" content="Larkspur &amp; Sons">',
    footer='<a href="/blog/privacy">Privacy week</a><a href="/terms">Terms</a><a href="/legal/p?utm_source=x">Privacy Policy</a>',
)


@dataclass
class Here:
    root: Path
    site: Site
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        self.monkeypatch.setattr(sys, "argv", ["policy-monitor", "--root", str(self.root), *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = self.capsys.readouterr()
        code = caught.value.code
        assert isinstance(code, int)
        return code, out, err

    def declare(self, path: str = "/privacy", more: str = "") -> None:
        self.watchlist.write_text(
            f'[[vendor]]\nid = "larkspur"\n[[vendor.document]]\nurl = "{self.site.url(path)}"\n{more}'
        )

    @property
    def watchlist(self) -> Path:
        return self.root / "watchlist.toml"


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    for name in [name for name in os.environ if name.startswith("POLICY_MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MONITOR_CHROMIUM", "/nowhere/chromium")  # only the test marked so starts a browser
    with Site() as site:
        root = tmp_path / "installation"
        root.mkdir()
        (root / "watchlist.toml").write_text("# ours\n")
        (root / "settings.toml").write_text(
            f'contact = "https://watch.example/"\nallow_networks = ["127.0.0.0/8"]\nallow_ports = [{site.port}]\ndelay = "0s"\n'
        )
        yield Here(root, site, capsys, monkeypatch)


def test_init_makes_an_installation_that_is_valid(here: Here, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "one"
    code, out, _ = here.run("init", str(folder))
    assert code == 0
    assert out.count("made") == 4
    assert "check" in out
    assert {path.name for path in folder.iterdir()} == {
        "watchlist.toml",
        "settings.toml.example",
        "snapshots",
        ".gitignore",
    }
    here.root = folder
    assert here.run("validate")[1] == "1 vendor, 1 document, no problem\n"


def test_the_example_of_settings_is_valid_as_it_is_and_with_every_line_taken_in(here: Here, tmp_path: Path) -> None:
    here.run("init", str(tmp_path / "new"))
    here.root = tmp_path / "new"
    example = (here.root / "settings.toml.example").read_text()
    for text in (
        example,
        "\n".join(line.removeprefix("# ") if " = " in line else line for line in example.splitlines()),
    ):
        (here.root / "settings.toml").write_text(text)
        assert here.run("validate")[0] == 0


def test_everything_commented_in_the_starter_is_valid_once_it_is_not(here: Here, tmp_path: Path) -> None:
    here.run("init", str(tmp_path / "new"))
    here.root = tmp_path / "new"
    lines = here.watchlist.read_text().splitlines()
    here.watchlist.write_text(
        "\n".join(line.removeprefix("# ") if " = " in line or "[[" in line else line for line in lines)
    )
    code, out, err = here.run("validate")
    assert (code, err) == (0, ""), out


def test_init_keeps_what_is_there(here: Here) -> None:
    before = here.watchlist.read_bytes()
    code, out, _ = here.run("init", str(here.root))
    assert code == 0
    assert "kept" in out
    assert here.watchlist.read_bytes() == before


def test_init_where_nothing_can_be_written_says_so(here: Here, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = here.run("init", str(tmp_path / "file" / "x"))
    assert code == 2
    assert "choose a folder" in err


def test_validate_tells_the_problems_of_both_files_at_once(here: Here) -> None:
    here.watchlist.write_text('[[vendor]]\nid = "Larkspur"\n')
    (here.root / "settings.toml").write_text("worker = 3\n")
    code, out, err = here.run("validate")
    assert (code, out) == (2, "")
    assert "line 2: watchlist.toml" in err
    assert "line 1: settings.toml: worker: unknown key (did you mean workers?)" in err
    code, out, _ = here.run("validate", "--json")
    assert code == 2
    assert [row["line"] for row in json.loads(out)["problems"]] == [2, 1]


def test_validate_shows_the_next_times_of_each_cron_line(here: Here) -> None:
    here.declare(more='cron = "30 6 * * mon"')
    code, out, _ = here.run("validate")
    assert code == 0
    assert out.count("Mon ") == 3
    assert "06:30" in out


def test_validate_knows_the_labels(here: Here) -> None:
    here.declare(
        more='[[severity]]\nlabel = "share.sael"\nseverity = "high"\n[[severity]]\nlabel = "share.*"\nseverity = "low"'
    )
    code, _, err = here.run("validate")
    assert code == 2
    assert 'line 6: severity "share.sael", label: no label of the taxonomy matches (did you mean share.sale?)' in err
    assert "share.*" not in err


def test_validate_fetches_nothing_unless_asked(here: Here) -> None:
    here.declare()
    assert here.run("validate")[0] == 0
    assert here.site.requests == []


def test_validate_live_says_what_each_page_shows_and_records_nothing(here: Here) -> None:
    here.site.pages = {"/privacy": page(policy()), "/gone": Response("<h1>Gone</h1>", 410)}
    here.declare(more=f'[[vendor.document]]\nkind = "terms"\nurl = "{here.site.url("/gone")}"')
    code, out, _ = here.run("validate", "--live")
    lines = out.splitlines()
    assert code == 3
    assert lines[0] == "1 vendor, 2 documents, no problem"
    assert lines[1].startswith("larkspur/privacy-policy: policy, ")
    assert " words, confidence 0." in lines[1] or " words, confidence 1." in lines[1]
    assert lines[2].startswith("larkspur/terms: failed: ")
    assert lines[3] == "1 of 2 documents show a policy; nothing was recorded"
    assert not (here.root / "snapshots").exists()


def test_validate_live_says_why_a_page_gives_no_text_and_goes_on(here: Here) -> None:
    here.site.pages = {
        "/privacy": Response(b"%PDF-1.7\nnothing of the kind", content_type="application/pdf"),
        "/terms": page(policy("Terms of Service")),
    }
    here.declare(more=f'[[vendor.document]]\nkind = "terms"\nurl = "{here.site.url("/terms")}"')
    code, out, _ = here.run("validate", "--live")
    assert code == 3
    assert "larkspur/privacy-policy: failed: " in out
    assert "larkspur/terms: policy" in out


def test_validate_live_of_one_document_as_json(here: Here) -> None:
    here.site.pages = {"/privacy": page(policy())}
    here.declare()
    code, out, _ = here.run("validate", "--live", "--json", "larkspur")
    assert code == 0
    row = json.loads(out)["live"][0]
    assert (row["document"], row["ok"], row["verdict"], row["language"]) == (
        "larkspur/privacy-policy",
        True,
        "policy",
        "en",
    )
    assert here.run("validate", "--live", "nobody")[0] == 2


def test_a_paused_document_is_not_fetched_and_doctor_says_that_it_is_paused(here: Here) -> None:
    here.watchlist.write_text('[[vendor]]\nid = "larkspur"\n[[vendor.document]]\npaused = "moved; under review"\n')
    assert here.run("validate", "--live")[:2] == (
        0,
        "1 vendor, 1 document, no problem\n0 of 0 documents show a policy; nothing was recorded\n",
    )
    assert "larkspur/privacy-policy is paused: moved; under review" in here.run("doctor")[1]


def test_add_finds_the_policy_from_the_home_page_and_writes_it(here: Here) -> None:
    here.site.pages = {"/": HOME, "/legal/p": page(policy(), title="Privacy Policy"), "/terms": page("<h1>Terms</h1>")}
    code, out, err = here.run("add", here.site.url("/"), "--id", "larkspur", "--tag", "seeds", "--yes")
    assert (code, err) == (0, "")
    assert "linked as 'Privacy Policy'" in out
    assert "language en" in out
    assert here.watchlist.read_text() == (
        "# ours\n\n"
        '[[vendor]]\nid = "larkspur"\nname = "Larkspur & Sons"\ntags = ["seeds"]\n\n'
        f'[[vendor.document]]\nkind = "privacy-policy"\nurl = "{here.site.url("/legal/p")}"\nlanguage = "en"\n'
    )
    assert [request.path for request in here.site.seen()] == ["/", "/legal/p"]


def test_add_takes_a_policy_given_by_its_own_address(here: Here) -> None:
    here.site.pages = {"/x": page(policy(), title="Privacy Policy")}
    code, out, _ = here.run("add", here.site.url("/x"), "--yes", "--json")
    assert code == 0
    row = json.loads(out)
    assert (row["ok"], row["why"]) == (True, "the address given")
    assert load_watchlist(here.watchlist).documents[0].urls == (here.site.url("/x"),)
    assert len(here.site.seen()) == 1


def test_add_with_dry_run_or_without_a_yes_writes_nothing(here: Here) -> None:
    here.site.pages = {"/x": page(policy(), title="Privacy Policy")}
    before = here.watchlist.read_bytes()
    assert here.run("add", here.site.url("/x"), "--dry-run")[0] == 0
    code, out, err = here.run("add", here.site.url("/x"))
    assert code == 2
    assert "[[vendor.document]]" in out
    assert "--yes" in err
    assert here.watchlist.read_bytes() == before


class Terminal(io.StringIO):
    """A person who types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code", "written"), [("y\n", 0, True), ("\n", 0, True), ("n\n", 2, False)])
def test_add_asks_the_person_at_the_terminal(here: Here, typed: str, code: int, written: bool) -> None:
    here.site.pages = {"/x": page(policy(), title="Privacy Policy")}
    before = here.watchlist.read_bytes()
    here.monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert here.run("add", here.site.url("/x"))[0] == code
    assert (here.watchlist.read_bytes() != before) is written


def test_add_follows_a_page_of_legal_texts(here: Here) -> None:
    legal = page(
        "<h1>Legal</h1><ul><li><a href='/doc/17'>Privacy notice</a></li><li><a href='/doc/18'>Terms</a></li></ul>"
    )
    here.site.pages = {
        "/": page("<h1>Larkspur</h1>", footer="<a href='/legal'>Legal</a>"),
        "/legal": legal,
        "/doc/17": page(policy("Privacy notice")),
    }
    assert here.run("add", here.site.url("/"), "--yes")[0] == 0
    assert load_watchlist(here.watchlist).documents[0].urls == (here.site.url("/doc/17"),)


def test_add_tries_usual_places_when_nothing_is_linked(here: Here) -> None:
    here.site.pages = {"/": page("<h1>Larkspur</h1>"), "/privacy-policy": page(policy())}
    assert here.run("add", here.site.url("/"), "--yes")[0] == 0
    assert load_watchlist(here.watchlist).documents[0].urls == (here.site.url("/privacy-policy"),)


def test_add_reads_the_sitemap_last(here: Here) -> None:
    index = f"<sitemapindex><sitemap><loc>{here.site.url('/pages.xml')}</loc></sitemap></sitemapindex>".replace(
        "pages", "page"
    )
    here.site.pages = {
        "/": page("<h1>Larkspur</h1>"),
        "/sitemap.xml": Response(index, content_type="application/xml"),
        "/page.xml": Response(
            f"<urlset><url><loc>{here.site.url('/info/privacy-notice-2')}</loc></url></urlset>",
            content_type="application/xml",
        ),
        "/info/privacy-notice-2": page(policy()),
    }
    code, _, err = here.run("add", here.site.url("/"), "--yes")
    assert (code, err) == (0, "")
    assert load_watchlist(here.watchlist).documents[0].urls == (here.site.url("/info/privacy-notice-2"),)


def test_add_asks_a_site_at_most_sixteen_times(here: Here) -> None:
    links = "".join(f"<a href='/privacy/{number}'>Privacy policy</a>" for number in range(100))
    hubs = "".join(f"<a href='/legal/{number}'>Legal</a>" for number in range(100))
    here.site.pages = {"/": page("<h1>Larkspur</h1>", footer=links + hubs)}
    code, _, err = here.run("add", here.site.url("/"), "--yes")
    assert code == 2
    assert "give the address of the document itself" in err
    assert len(here.site.seen()) <= 16


def test_add_never_takes_a_wall_for_the_policy(here: Here) -> None:
    wall = page(
        "<h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue. Ray ID: 1</p>",
        title="Just a moment...",
    )
    here.site.pages = {"/": HOME, "/legal/p": wall, "/privacy": wall}
    before = here.watchlist.read_bytes()
    assert here.run("add", here.site.url("/"), "--yes")[0] == 2
    assert here.watchlist.read_bytes() == before


def test_add_cuts_the_document_out_of_a_page_that_holds_several(here: Here) -> None:
    body = f"<h1>Legal</h1>{policy('Terms of Service', level=2)}{policy('Larkspur Privacy Policy', level=2)}{policy('Cookie Policy', level=2)}"
    here.site.pages = {"/legal": page(body, title="Legal")}
    code, out, _ = here.run("add", here.site.url("/legal"), "--yes")
    assert code == 0
    assert "several documents share the page" in out
    assert 'from_heading = "Larkspur Privacy Policy"\nuntil_heading = "Cookie Policy"' in here.watchlist.read_text()
    live = json.loads(here.run("validate", "--live", "--json")[1])["live"][0]
    whole = 3 * len(policy().split())
    assert live["verdict"] == "policy"
    assert live["words"] < whole / 2, "only its part is kept"


SHELL = "<!doctype html><title>Larkspur</title><body><div id=root></div><script src=/app.js></script><noscript>Please enable JavaScript.</noscript></body>"


def test_add_declares_a_page_that_is_empty_without_scripts_for_a_browser(here: Here) -> None:
    here.site.pages = {"/": HOME, "/legal/p": SHELL, "/privacy": SHELL}
    code, out, _ = here.run("add", here.site.url("/"), "--yes")
    document = load_watchlist(here.watchlist).documents[0]
    assert code == 0
    assert document.render == "browser"
    assert document.urls == (here.site.url("/legal/p"),), "what was linked, not what was guessed"
    assert "validate --live 127-0-0-1/privacy-policy" in out


def test_add_does_not_guess_where_a_site_of_scripts_keeps_its_policy(here: Here) -> None:
    here.site.pages = dict.fromkeys(("/", "/privacy", "/privacy-policy", "/legal/privacy", "/sitemap.xml"), SHELL)
    assert here.run("add", here.site.url("/"), "--yes")[0] == 2
    assert here.run("add", here.site.url("/privacy"), "--kind", "privacy-policy", "--dry-run")[0] == 2
    code, out, _ = here.run("add", here.site.url("/privacy-policy"), "--dry-run")
    assert code == 0
    assert 'render = "browser"' in out
    assert "not seen yet" in out


@pytest.mark.browser
def test_add_finds_the_policy_of_a_site_of_scripts_with_a_browser(here: Here) -> None:
    here.monkeypatch.delenv("MONITOR_CHROMIUM")
    here.site.pages = {
        "/": HOME,
        "/legal/p": SHELL,
        "/app.js": Response(
            f"document.getElementById('root').innerHTML = {json.dumps(policy())}", content_type="text/javascript"
        ),
    }
    code, out, _ = here.run("add", here.site.url("/"), "--yes")
    assert code == 0
    assert "policy, " in out
    document = load_watchlist(here.watchlist).documents[0]
    assert (document.render, document.urls) == ("browser", (here.site.url("/legal/p"),))


def test_add_a_second_kind_goes_below_its_vendor(here: Here) -> None:
    here.declare(more='\n# the next one\n[[vendor]]\nid = "other"\n')
    here.site.pages = {"/terms": page(policy("Terms of Service"), title="Terms of Service")}
    code, _, err = here.run("add", here.site.url("/terms"), "--kind", "terms", "--id", "larkspur", "--yes")
    assert (code, err) == (0, "")
    watchlist = load_watchlist(here.watchlist)
    assert [document.kind for document in watchlist.vendors[0].documents] == ["privacy-policy", "terms"]
    assert "# the next one\n[[vendor]]" in here.watchlist.read_text()


def test_add_refuses_what_is_watched_already_before_it_fetches(here: Here) -> None:
    here.declare()
    code, _, err = here.run("add", here.site.url("/privacy"), "--yes")
    assert code == 2
    assert "watched already, as larkspur/privacy-policy" in err
    assert here.site.requests == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://user:pw@x.example/", "javascript:alert(1)", "https://x y/"]
)
def test_add_takes_web_addresses_only(here: Here, url: str) -> None:
    code, _, err = here.run("add", url, "--yes")
    assert code == 2
    assert "pw@" not in err.replace(url, "")


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--kind", "privcy-policy", "did you mean"),
        ("--id", "../x", "no id"),
        ("--document", "A", '"a"'),
        ("--tag", "a b", '"a-b"'),
    ],
)
def test_add_checks_its_options_before_it_fetches(here: Here, option: str, value: str, hint: str) -> None:
    code, _, err = here.run("add", here.site.url("/"), option, value, "--yes")
    assert code == 2
    assert f"{option}: " in err
    assert hint in err
    assert here.site.requests == []


def test_add_says_why_an_address_cannot_be_fetched(here: Here) -> None:
    code, _, err = here.run("add", "http://127.0.0.1:1/", "--yes")
    assert code == 2
    assert "check the address in a browser" in err
    here.site.pages = {"/robots.txt": Response("User-agent: *\nDisallow: /", content_type="text/plain")}
    code, _, err = here.run("add", here.site.url("/"), "--yes")
    assert code == 2
    assert "robots.txt" in err


def test_hostile_text_from_a_page_reaches_the_terminal_and_the_file_as_text_only(here: Here) -> None:
    evil = 'Privacy policy \u202e\x1b[31m" ]\n[[vendor]]'
    home = page(
        "x", head='<meta property="og:site_name" content="A&quot;&#10;[[vendor]]">', footer=f"<a href='/p'>{evil}</a>"
    )
    here.site.pages = {"/": home, "/p": page(policy())}
    code, out, _ = here.run("add", here.site.url("/"), "--yes")
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    watchlist = load_watchlist(here.watchlist)
    assert len(watchlist.vendors) == 1


def test_doctor_of_a_fresh_installation_has_nothing_to_complain_about(here: Here) -> None:
    here.declare()
    code, out, _ = here.run("doctor")
    assert code == 0, out
    assert not [line for line in out.splitlines() if line.startswith("!")]
    assert "networks that are not public may be fetched from: 127.0.0.0/8" in out
    assert "requests to one host may follow each other after 0s" in out
    assert not (here.root / "snapshots").exists(), "looking makes nothing"


def test_doctor_hides_secrets(here: Here) -> None:
    here.declare()
    with (here.root / "settings.toml").open("a") as file:
        file.write('notify = ["ntfys://hunter2@ntfy.example/hunter2"]\n')
    here.monkeypatch.setenv("POLICY_MONITOR_SMTP_PASSWORD", "hunter2")
    here.monkeypatch.setenv("POLICY_MONITOR_KEY", "hunter2" * 10)
    for arguments in (["doctor"], ["doctor", "--json"], ["doctor", "--mail", "a@b.example"], ["validate", "--json"]):
        _, out, err = here.run(*arguments)
        assert "hunter2" not in out + err
    assert "ntfys://…" in here.run("doctor")[1]
    assert "POLICY_MONITOR_SMTP_PASSWORD (its password): set" in here.run("doctor")[1]


def test_doctor_goes_on_after_a_problem_and_says_all(here: Here) -> None:
    here.watchlist.write_text('[[vendor]]\nid = "Larkspur"\n')
    (here.root / ".heartbeat.json").write_text(
        '{"pid": 4194304, "at": "2026-01-01T00:00:00+00:00", "doing": "waiting"}'
    )
    code, out, _ = here.run("doctor", "--json")
    rows = json.loads(out)
    problems = [(row["about"], row["text"]) for row in rows if row["level"] == "problem"]
    assert code == 2
    assert [about for about, _ in problems] == ["watchlist", "running"]
    assert "is gone since 2026-01-01" in problems[1][1]


@pytest.mark.parametrize(
    ("age", "problem", "says"),
    [
        (timedelta(), "", "is waiting, next check 2026-12-24 07:00 UTC"),
        (timedelta(hours=1), "", "gave no sign of life for 1:00:0"),
        (timedelta(), "watchlist.toml: 1 problem", "the daemon says: watchlist.toml: 1 problem"),
    ],
)
def test_doctor_reads_the_sign_of_life_of_the_daemon(here: Here, age: timedelta, problem: str, says: str) -> None:
    here.declare()
    at = datetime.now(UTC) - age
    write_heartbeat(here.root, Heartbeat(os.getpid(), at, "waiting", datetime(2026, 12, 24, 7, tzinfo=UTC), problem))
    code, out, _ = here.run("doctor")
    assert says in out
    assert code == (2 if age or problem else 0)
    write_heartbeat(here.root, Heartbeat(os.getpid(), at, "stopped"))
    assert "no daemon runs here" in here.run("doctor")[1]


def test_doctor_says_when_the_report_is_older_than_the_newest_change(here: Here) -> None:
    here.declare()
    settings = here.root / "settings.toml"
    settings.write_text(settings.read_text() + 'public_url = "https://watch.example"\n')
    (here.root / "report").mkdir()
    (here.root / "report" / "index.html").write_text("<h1>x</h1>")
    _, out, _ = here.run("doctor")
    assert f"{here.root / 'report' / 'index.html'}, of 20" in out
    assert "public_url = https://watch.example" in out


def test_doctor_sees_an_archive_that_is_none(here: Here) -> None:
    here.declare()
    (here.root / "snapshots").mkdir()
    (here.root / "snapshots" / "monitor.db").write_bytes(b"this is no database" * 100)
    code, out, _ = here.run("doctor")
    assert code == 4
    assert "! archive: " in out


def test_doctor_names_who_is_checking(here: Here) -> None:
    here.declare()
    (here.root / "snapshots").mkdir()
    lock = here.root / "snapshots" / ".lock"
    lock.write_text(f"process {os.getpid()} since 2026-03-29T12:00:00Z\n")
    assert f"checking now: process {os.getpid()} since" in here.run("doctor")[1]
    lock.write_text("process 4194304 since 2026-03-29T12:00:00Z\n")
    assert "nobody is checking" in here.run("doctor")[1]


def test_doctor_sends_a_test_message_the_way_alerts_go(here: Here) -> None:
    here.declare()
    code, out, _ = here.run("doctor", "--mail", "anna@example.org")
    assert code == 0
    assert "the test message was taken by the maildir" in out
    mails = [path for path in (here.root / "mail").rglob("*") if path.is_file()]
    assert len(mails) == 1
    raw = mails[0].read_bytes()
    assert b"To: anna@example.org" in raw
    assert b"Auto-Submitted: auto-generated" in raw
    code, out, _ = here.run("doctor", "--mail", "anna@example.org, eve@example.org")
    assert code == 2
    assert "no mail address" in out


def test_doctor_after_a_check_tells_what_the_archive_knows(here: Here) -> None:
    here.site.pages = {"/privacy": page(policy())}
    here.declare(
        more=f'robots = "ignore: we were asked to"\n[[vendor.document]]\nkind = "terms"\nurl = "{here.site.url("/gone")}"'
    )
    command = [sys.executable, "-m", "monitor", "--root", str(here.root), "check", "--no-mail", "--no-report"]
    subprocess.run(command, check=False, capture_output=True)  # newly failed: exits with 3
    code, out, _ = here.run("doctor")
    assert code == 0, out
    assert "1 documents have a text; chain head " in out
    assert "larkspur/terms: failing since " in out
    assert "larkspur/privacy-policy ignores robots.txt: we were asked to" in out
