from __future__ import annotations

import os
import random
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.model import DocumentKey, HeadingRange, Schedule, SeverityOverride
from monitor.watchlist import load_watchlist, parse_watchlist

GOOD = """\
[defaults]
interval = "2d"
confirm = "6h"
language = "en"
tags = ["watched"]

[[vendor]]
id = "acme"
name = "Acme"
tags = ["video"]
formerly = ["acme-corp"]

[[vendor.document]]
kind = "privacy-policy"
url = "https://acme.example/privacy"
select = ["main", "div.policy > section"]
remove = [".banner"]
tags = ["privacy"]
promises = ["We do not sell your data."]
formerly = ["privacy"]

[[vendor.document]]
kind = "terms"
urls = ["https://acme.example/terms", "https://acme.example/terms/more"]
from_heading = "Terms"
until_heading = "Cookies"
cron = "30 6 * * mon"
confirm = "0s"
language = "de"
render = "browser"
robots = "ignore: we have their permission"

[[vendor]]
id = "bolt-2"
name = "Bolt"
interval = "1w"
[[vendor.document]]
url = "http://127.0.0.1:8080/privacy"
[[vendor.document]]
id = "privacy-kids"
url = "https://bücher.example/%7ekids?a=1#top"

[[severity]]
label = "share.*"
action = "added"
severity = "high"
"""


def problems(source: str | bytes) -> list[str]:
    """Every problem of a watchlist, as it is printed."""
    raw = source.encode() if isinstance(source, str) else source
    with pytest.raises(ConfigError) as caught:
        parse_watchlist(raw, path="watchlist.toml")
    return [str(problem) for problem in caught.value.problems]


def only_problem(source: str | bytes) -> str:
    found = problems(source)
    assert len(found) == 1, found
    return found[0]


def with_document(*lines: str) -> str:
    return "\n".join(['[[vendor]]\nid = "acme"\n[[vendor.document]]\nurl = "https://acme.example/privacy"', *lines])


def with_url(value: str) -> str:
    return f'[[vendor]]\nid = "acme"\n[[vendor.document]]\nurl = {value}\n'


def test_everything_that_can_be_declared_arrives_in_the_records() -> None:
    watchlist = parse_watchlist(GOOD.encode(), path="w")
    acme, bolt = watchlist.vendors
    privacy, terms = acme.documents
    assert (acme.id, acme.name, acme.tags, acme.formerly) == ("acme", "Acme", ("watched", "video"), ("acme-corp",))
    assert privacy.key == DocumentKey("acme", "privacy-policy")
    assert privacy.tags == ("watched", "video", "privacy")
    assert privacy.select == ("main", "div.policy > section")
    assert privacy.remove == (".banner",)
    assert (privacy.schedule, privacy.confirm) == (Schedule(timedelta(days=2)), timedelta(hours=6))
    assert (privacy.language, privacy.formerly) == ("en", ("privacy",))
    assert terms.urls == ("https://acme.example/terms", "https://acme.example/terms/more")
    assert terms.headings == HeadingRange("Terms", "Cookies")
    assert (terms.schedule, terms.confirm) == (Schedule(None, "30 6 * * mon"), timedelta(0))
    assert (terms.language, terms.render, terms.robots_ignore) == ("de", "browser", "we have their permission")
    assert bolt.name == "Bolt"
    assert [document.id for document in bolt.documents] == ["privacy-policy", "privacy-kids"]
    assert bolt.documents[0].schedule == Schedule(timedelta(weeks=1))
    assert watchlist.severity == (SeverityOverride("share.*", "added", None, None, "high"),)
    assert watchlist.promises == ((privacy.key, "We do not sell your data."),)


def test_a_vendor_without_documents_and_a_document_without_kind_are_possible() -> None:
    assert parse_watchlist(b'[[vendor]]\nid = "acme"', path="w").vendors[0].name == "acme"
    assert parse_watchlist(with_document().encode(), path="w").documents[0].kind == "privacy-policy"


@pytest.mark.parametrize("change", [lambda s: "\ufeff" + s, lambda s: s.replace("\n", "\r\n")], ids=["bom", "crlf"])
def test_files_saved_on_windows_are_read(change: Any) -> None:
    assert parse_watchlist(change(GOOD).encode(), path="w") == parse_watchlist(GOOD.encode(), path="w")


def test_every_problem_is_told_at_once_with_key_line_and_hint() -> None:
    bad = (
        GOOD.replace('interval = "2d"', 'intervall = "2d"').replace('"video"', '"Video"').replace('"6h"', '"6 parsecs"')
    )
    bad = bad.replace("https://acme.example/privacy", "acme.example/privacy").replace("30 6 * * mon", "61 * * * *")
    assert problems(bad) == [
        "line 2: defaults, intervall: unknown key (did you mean interval?)",
        'line 3: defaults, confirm: \'6 parsecs\' is no length of time (for example "12h", "1d" or "2w")',
        (
            "line 10: vendor \"acme\", tags: number 1: 'Video' is no id: a to z, 0 to 9 and hyphens, at most 63, no hyphen "
            'first (for example "video")'
        ),
        (
            'line 15: vendor "acme", document "privacy-policy", url: only http and https addresses can be watched '
            '(for example "https://acme.example/privacy")'
        ),
        (
            'line 27: vendor "acme", document "terms", cron: \'61 * * * *\' is no cron line (minute) '
            '(five fields in UTC, for example "30 6 * * mon" for Mondays at 06:30)'
        ),
    ]


def test_several_syntax_errors_are_told_at_once() -> None:
    assert problems("[[vendor]]\nid = acme\nname = “Acme”\ntags = [1 2]\n") == [
        "line 2: TOML: Invalid value (text stands in double quotes)",
        'line 3: TOML: Invalid value (use straight quotes: ")',
        "line 4: TOML: Unclosed array",
    ]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "no vendor is declared"),
        (b"# only a comment\n", "no vendor is declared"),
        (b"[[vendor]\n", "TOML"),
        (b"a = 1\na = 2\n", "line 2"),
        (b'[[vendor]]\nid = "a\x00b"\n', "line 2"),
        (b'[[vendor]]\nid = "a\\u0000b"\n', "cannot be printed"),
        (b'[[vendor]]\nname = "caf\xe9"\n', "line 2: file: byte 0xe9 is not UTF-8"),
        ("[[vendor]]\n".encode("utf-16"), "UTF-16"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"a = " + b"{b=" * 2000, "nested too deeply"),
        (b"#" * 4_000_001, "larger than 4 MB"),
        (b"\na" + b".a" * 5_000 + b" = 1", "line 2: file: a line of more than 10000 characters"),
        (b'[[vendor]]\nid = "A"\n' * 600, "and 100 more problems"),
        (b'defaults = 3\n[[vendor]]\nid = "a"', "expected a table, found a number"),
        (b'[vendor]\nid = "a"\n', "write [[vendor]]"),
        (b'[[vendor]]\nid = "a"\n[vendor.document]\nurl = "https://a.example"\n', "write [[vendor.document]]"),
        (b'[[vendor]]\nid = "a"\ndocument = ["x"]\n', "expected tables, found an array"),
        (b"[[vendor]]\nid = 2020-01-01\n", "expected text, found a date or time"),
        (b"[[vendor]]\nid = true\n", "expected text, found true or false"),
        (b'[[vendor]]\nid = "a"\ninterval = inf\n', "no length of time"),
        (b'[[vendor]]\nid = "a"\nconfirm = nan\n', "no length of time"),
        (b'[[vendor]]\nid = "a"\ninterval = 3\n', "a number is no length of time"),
        (b'[[vendor]]\nid = "a"\n[[vendor.documents]]\n', "did you mean document?"),
        (b'[[vendor]]\nid = "a"\nurl = "https://a.example"\n', "[[vendor.document]] stands before it"),
        (b'[[vendor]]\nname = "a"\n', "id is missing"),
        (b'[[vendors]]\nid = "a"\n', "did you mean vendor?"),
        (b'# two\n[vendors.a]\nid = "a"\n', "line 2: vendors: unknown key (did you mean vendor?)"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_meant_says_what_is_wrong(raw: bytes, says: str) -> None:
    assert any(says in problem for problem in problems(raw)), problems(raw)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('interval = "30m"', "'30m' is too short (at least 1h)"),
        ('interval = "2y"', "no length of time"),
        ('interval = "99999d"', "too long"),
        ('confirm = "31d"', "too long (at most 30d)"),
        ('interval = "1d"\ncron = "0 6 * * *"', "an interval or a cron line, not both"),
        ('cron = "@yearly"', 'write "0 0 1 1 *"'),
        ('cron = "0 0 31 2 *"', "no cron line (day-of-month)"),
        ('cron = "0 0 */31 2 sun#2"', "never comes due"),
        ('cron = "0 0 * * * *"', "no cron line"),
        ('cron = "*/5 * * * *"', "more than once an hour"),
        ('cron = "0 0 * * montag"', "no cron line (day-of-week)"),
        ('cron = "9999999999999999999 0 * * *"', "no cron line"),
        ('zone = "Europe/Berlin"', "cron lines are read in UTC"),
        ('timezone = "Mars"', "cron lines are read in UTC"),
        ('language = "english"', '"en"?'),
        ('language = "xx"', "no language code"),
        ('render = "chromium"', "one of http, browser"),
        ('robots = "ignore"', "needs a reason"),
        ('robots = "ignore: "', "needs a reason"),
        ('robots = "allow: all"', "needs a reason"),
        ('select = "main"', 'write select = ["…"]'),
        ('select = ["div["]', "number 1: 'div[' is no CSS selector"),
        ('select = ["main", "//div"]', "number 2: '//div' is no CSS selector"),
        ('select = ["//div"]', "CSS is expected, not XPath"),
        ('select = ["p:nonsense"]', "no CSS selector"),
        ('select = ["p:-soup-contains(x)"]', "no CSS selector that can be used here"),
        ('remove = [""]', "is empty"),
        ('until_heading = "Cookies"', "needs from_heading"),
        ('paused = ""', "is empty"),
        ('from_heading = "a\\nb"', "line break"),
        ('kind = "privcy-policy"', "did you mean privacy-policy?"),
        ('kind = "privacy"', "did you mean privacy-policy?"),
        ('kind = "Privacy Policy"', 'for example "privacy-policy"'),
        ('command = "rm -rf /"', "cannot run anything"),
        ('filter = "len(text) > 3"', "no expression language"),
        ('allow_networks = ["10.0.0.0/8"]', "settings.toml"),
        ('selector = "main"', "select ="),
        ('formerly = ["../x"]', "no id"),
        ('urls = ["https://acme.example/x"]', "url or urls, not both"),
        ('promises = [""]', "is empty"),
        ('tags = ["a b"]', "no id"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_named(lines: str, says: str) -> None:
    assert says in only_problem(with_document(lines))


NO_URLS = [
    "file:/etc/passwd", "file:///etc/passwd", "FILE:///etc/passwd", "file:../x", "javascript:alert(1)", "data:text/html,x",
    "source:file:///x", "unix:/run/x.sock", "gopher://a.example/", "ftp://a.example/", "ws://a.example/", "mailto:a@b.example",
    "//a.example/privacy", "/privacy", "a.example", "http:", "http://", "https:///privacy", "http://?x", "http://#x",
    "https://user@a.example/", "https://user:pass@a.example/", "https://@a.example/", "https://a.example:0/",
    "https://a.example:99999/", "https://a.example:x/", "https://a..example/", "https://-a.example/", "https://a.example\\\\@b/",
    "https://a b.example/", "https://a.example/a b", "https://[::1/", "https://[x]/", "https://2130706433/", "https://127.1/",
    "https://0x7f.0.0.1/", "https://0x7f000001/", "https://0177.0.0.1/", "https://a.example/\\u0000", "https://a.example/\\n",
    "https://a.example/\\u202e", "https://%61.example/", "https://a_$.example/", f"https://{'a' * 64}.example/",
    f"https://{'a.' * 130}example/", f"https://a.example/{'x' * 2000}", "https://\\u2024.example/", "",
]  # fmt: skip


@pytest.mark.parametrize("written", NO_URLS)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    only_problem(with_url(f'"{written}"'))


@pytest.mark.parametrize(
    "written",
    ["https://a.example", " https://a.example/x ", "HTTPS://A.Example:8443/x?y=1#z", "http://127.0.0.1:8080/", "http://[::1]:80/",
     "https://xn--bcher-kva.example/", "https://bücher.example/", "https://a_b.example./", "https://a.example/%20(x)'&*"],
)  # fmt: skip
def test_a_web_address_is_kept_as_it_was_written(written: str) -> None:
    watchlist = parse_watchlist(with_url(f'"{written}"').encode(), path="w")
    assert watchlist.documents[0].urls == (written.strip(),)


def test_the_password_of_an_address_is_not_repeated() -> None:
    assert "hunter2" not in only_problem(with_url('"https://user:hunter2@a.example/"'))


def test_an_id_cannot_leave_its_folder() -> None:
    odd = [
        "../a",
        "/a",
        "..",
        ".",
        "a/b",
        "a\\\\b",
        "con",
        "lpt1",
        "A",
        "a.",
        "-a",
        "a\\nb",
        "%2e",
        "ä",
        "a" * 64,
        "a b",
        "a\\u0000",
    ]
    for written in odd:
        assert "vendor" in only_problem(f'[[vendor]]\nid = "{written}"')


@given(st.text(max_size=70))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_accepted_as_an_id_is_a_harmless_folder_name(written: str) -> None:
    quoted = "".join(f"\\U{ord(char):08x}" for char in written if not 0xD800 <= ord(char) <= 0xDFFF)
    try:
        vendor = parse_watchlist(f'[[vendor]]\nid = "{quoted}"'.encode(), path="w").vendors[0]
    except ConfigError:
        return
    assert vendor.id.isascii()
    assert vendor.id.replace("-", "").isalnum()
    assert vendor.id == vendor.id.lower()
    assert 1 <= len(vendor.id) <= 63


DUPLICATES = {
    "vendor id": ('[[vendor]]\nid = "a"\nname = "x"\n[[vendor]]\nid = "a"\nname = "y"', 5, "this id is taken (line 2,"),
    "vendor name by case": (
        '[[vendor]]\nid = "a"\nname = "Straße"\n[[vendor]]\nid = "b"\nname = "STRASSE"', 6, "a vendor of this name is declared (line 3,",
    ),
    "vendor name by composition": (
        '[[vendor]]\nid = "a"\nname = "Caf\u00e9"\n[[vendor]]\nid = "b"\nname = "Cafe\u0301"', 6, "(line 3,",
    ),
    "document": (
        '[[vendor]]\nid = "a"\n[[vendor.document]]\nurl = "https://a.example/1"\n[[vendor.document]]\nurl = "https://a.example/2"',
        5, "the vendor has a document of this id (line 3,",
    ),
    "address": (
        ('[[vendor]]\nid = "a"\n[[vendor.document]]\nurl = "https://a.example/x%7e"\n'
        '[[vendor]]\nid = "b"\n[[vendor.document]]\nurl = "HTTPS://A.example:443/x%7E#part"'),
        8, "this address is watched already (line 4,",
    ),
    "address within a document": (
        '[[vendor]]\nid = "a"\n[[vendor.document]]\nurls = [\n  "https://a.example",\n  "https://a.example/",\n]',
        4, "number 2: the same address twice",
    ),
    "earlier name": ('[[vendor]]\nid = "a"\n[[vendor]]\nid = "b"\nformerly = ["a"]', 5, "is the name of a vendor (line 2,"),
    "earlier name twice": (
        '[[vendor]]\nid = "a"\nformerly = ["c"]\n[[vendor]]\nid = "b"\nformerly = ["c"]', 6, "(line 3,",
    ),
    "earlier document": (
        ('[[vendor]]\nid = "a"\n[[vendor.document]]\nurl = "https://a.example/1"\n[[vendor.document]]\nkind = "terms"\n'
        'url = "https://a.example/2"\nformerly = ["privacy-policy"]'),
        8, "is the name of a document (line 3,",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DUPLICATES)
def test_what_is_declared_twice_names_both_lines(case: str) -> None:
    source, line, says = DUPLICATES[case]
    problem = only_problem(source)
    assert problem.startswith(f"line {line}: ")
    assert says in problem


def test_only_a_paused_document_may_have_no_address() -> None:
    assert "url is missing" in only_problem('[[vendor]]\nid = "a"\n[[vendor.document]]\nkind = "terms"')
    paused = parse_watchlist(b'[[vendor]]\nid = "a"\n[[vendor.document]]\npaused = "imported"', path="w")
    assert (paused.documents[0].urls, paused.documents[0].paused) == ((), "imported")


def test_two_documents_may_share_a_page_when_each_names_its_part() -> None:
    source = (
        '[[vendor]]\nid = "a"\n[[vendor.document]]\nurl = "https://a.example/legal"\nfrom_heading = "Privacy"\n'
        '[[vendor.document]]\nkind = "terms"\nurl = "https://a.example/legal"\nfrom_heading = "Terms"'
    )
    assert len(parse_watchlist(source.encode(), path="w").documents) == 2


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('label = "share.sale"', "sets neither severity nor direction"),
        ('severity = "high"', "label is missing"),
        ('label = "Share Sale"\nseverity = "high"', "no label"),
        ('label = "share.sale"\nseverity = "hgih"', "did you mean high?"),
        ('label = "share.sale"\nseverity = "high"\naction = "add"', "did you mean added?"),
        ('label = "share.sale"\ndirection = "mixed"', "one of worse, better, neutral, unclear"),
        ('label = "share.sale"\nseverity = "high"\nwhen = "1"', "unknown key"),
    ],
)
def test_a_row_of_the_severity_table_is_checked(table: str, says: str) -> None:
    assert says in only_problem(f'[[vendor]]\nid = "a"\n[[severity]]\n{table}')


def test_a_selector_that_only_the_parsers_can_judge_is_asked_of_them() -> None:
    odd = ["main:not(.x) > p:nth-child(2n+1)", ":is(main, article)", "section[data-x^='a b'] ~ div", "div:has(> h1)"]
    lines = "select = [" + ", ".join(f'"{css}"' for css in odd) + "]"
    assert parse_watchlist(with_document(lines).encode(), path="w").documents[0].select == tuple(odd)


def mutations(seed: int) -> list[tuple[str, str]]:
    """The good file with one key deleted, misspelt or given another type: (what was done, file)."""
    lines = GOOD.splitlines()
    made = []
    chance = random.Random(seed)
    for number, line in enumerate(lines):
        key, equals, _value = line.partition(" = ")
        if not equals:
            continue
        at = chance.randrange(len(key))
        for what, new in (("misspelt", f"{key[:at]}x{key[at:]} = {_value}"), ("retyped", f"{key} = 1979-05-27")):
            made.append((f"{what} {key} on line {number + 1}", "\n".join([*lines[:number], new, *lines[number + 1 :]])))
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_every_misspelt_key_and_every_wrong_type_is_found_on_its_line(seed: int) -> None:
    for what, source in mutations(seed):
        number = what.rpartition(" ")[2]
        assert any(problem.startswith(f"line {number}: ") for problem in problems(source)), what


@given(st.data())
@settings(max_examples=150)
def test_any_damage_to_a_file_is_a_configuration_error_or_a_watchlist(data: st.DataObject) -> None:
    raw = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[at] = data.draw(st.integers(0, 255))
        else:
            del raw[at : at + data.draw(st.integers(1, 40))]
    try:
        parse_watchlist(bytes(raw), path="w")
    except ConfigError as error:
        told = str(error)
    else:
        told = "w: 1"
    assert told.startswith("w: ")
    assert any(char.isdigit() for char in told)


def test_lines_are_found_whatever_the_layout() -> None:
    source = """
# [[vendor]] in a comment
[[ vendor ]]
"id" = 'a'
name = '''
[[vendor]]
id = "no"
'''
document = [ { url = "https://a.example/", kind = "terms", colour = 1 },
  { url = "https://a.example/2", x = "[", y = "]" } ]
[[vendor]]
id = "b" # id = "c"
document = []
tags = [ # [
  "a", "]",
]
colour = 1
"""
    tomllib.loads(source)
    assert [problem.partition(": ")[0] for problem in problems(source)] == [
        "line 5", "line 9", "line 9", "line 9", "line 14", "line 17",
    ]  # fmt: skip


def test_a_folder_a_pipe_and_nothing_are_no_watchlist(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path, says in (
        (tmp_path, "no regular file"),
        (pipe, "no regular file"),
        (tmp_path / "none.toml", "is not there"),
        (Path("/dev/zero"), "no regular file"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ):
        with pytest.raises(ConfigError, match=says):
            load_watchlist(path)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.toml"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(ConfigError, match="larger than 4 MB"):
        load_watchlist(path)


def test_a_file_on_disk_is_named_in_its_problems(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_text(GOOD)
    assert load_watchlist(path) == parse_watchlist(GOOD.encode(), path="w")
    path.write_text("x = 1")
    with pytest.raises(ConfigError) as caught:
        load_watchlist(path)
    assert str(caught.value).startswith(f"{path}: 2 problems")
