from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.model import Document, HeadingRange, Vendor
from monitor.watchlist import parse_watchlist
from monitor.watchlist.write import declare, save

FILE = """\
# ours
[defaults]
interval = "2d"  # twice a week would do

[[vendor]]
id = "acme"   # the first
name = "Acme"
[[vendor.document]]
urls = [ # two
  "https://acme.example/a",
  "https://acme.example/b",
]

# the second
[[vendor]]
id = "bolt"
name = "Bolt"

[[vendor.document]]
url = "https://bolt.example/privacy"

[[severity]]  # ours too
label = "share.*"
severity = "high"
"""


def terms(vendor: str, **more: str) -> Document:
    return Document(vendor, more.get("id", "terms"), "terms", (f"https://{vendor}.example/terms",))


def test_a_new_vendor_is_written_at_the_end_and_nothing_else_changes() -> None:
    document = Document(
        "cloud",
        "privacy-eu",
        "privacy-policy",
        ("https://cloud.example/privacy", 'https://cloud.example/"quoted"'.replace('"', "%22")),
        select=("main", '[data-x="y"]'),
        remove=(".banner",),
        headings=HeadingRange('The "Privacy" part', "Cookies — and \\ more"),
        language="de",
        render="browser",
    )
    vendor = Vendor("cloud", 'Cloud "9" Ünternehmen', ("storage",), (document,))
    new = declare(FILE.encode(), vendor, path="w")
    assert new.startswith(FILE.encode())
    after = parse_watchlist(new, path="w")
    written = after.documents[-1]
    assert after.vendor("cloud") is not None
    assert after.vendors[-1].name == 'Cloud "9" Ünternehmen'
    assert (written.id, written.kind, written.urls, written.select, written.remove) == (
        document.id,
        document.kind,
        document.urls,
        document.select,
        document.remove,
    )
    assert (written.headings, written.language, written.render) == (document.headings, "de", "browser")
    assert written.schedule == after.documents[0].schedule, "the defaults hold for it"


@pytest.mark.parametrize(("vendor", "line"), [("acme", 13), ("bolt", 21)])
def test_a_document_of_a_known_vendor_is_written_below_it(vendor: str, line: int) -> None:
    new = declare(FILE.encode(), Vendor(vendor, "ignored", (), (terms(vendor),)), path="w").decode()
    added = ["", "[[vendor.document]]", 'kind = "terms"', f'url = "https://{vendor}.example/terms"']
    lines = new.splitlines()
    start = lines.index('kind = "terms"') - 2
    assert lines[start : start + 4] == added
    assert [*lines[:start], *lines[start + 4 :]] == FILE.splitlines()
    assert start + 1 == line


def test_line_ends_of_windows_and_a_byte_order_mark_do_not_get_mixed() -> None:
    raw = b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()
    new = declare(raw, Vendor("acme", "", (), (terms("acme"),)), path="w")
    assert new.count(b"\n") == new.count(b"\r\n")
    assert len(parse_watchlist(new, path="w").documents) == 3


@pytest.mark.parametrize("raw", [b"", b"\n", b"# nothing yet\n", b'[defaults]\ninterval = "3d"', b"\n\n# x"])
def test_an_empty_file_gets_its_first_vendor(raw: bytes) -> None:
    new = declare(raw, Vendor("acme", "Acme", (), (terms("acme"),)), path="w")
    assert parse_watchlist(new, path="w").vendors[0].id == "acme"
    assert new.startswith(raw.rstrip(b"\n"))


def test_a_vendor_can_be_declared_without_a_document() -> None:
    assert parse_watchlist(declare(b"", Vendor("acme", "Acme"), path="w"), path="w").documents == ()


@pytest.mark.parametrize(
    "document",
    [
        Document("acme", "privacy-policy", "privacy-policy", ("https://acme.example/new",)),
        Document("acme", "terms", "terms", ("https://bolt.example/privacy",)),
        Document("acme", "Terms", "terms", ("https://acme.example/terms",)),
        Document("acme", "terms", "terms", ("file:///etc/passwd",)),
    ],
)
def test_what_would_make_the_file_wrong_is_not_written(document: Document) -> None:
    with pytest.raises(ConfigError):
        declare(FILE.encode(), Vendor("acme", "Acme", (), (document,)), path="w")


def test_a_file_that_is_wrong_already_is_not_touched() -> None:
    with pytest.raises(ConfigError, match="did you mean"):
        declare(b"[defaults]\nintervall = 1\n[[vendor]]\nid='a'", Vendor("b", "B"), path="w")


def test_a_layout_that_cannot_be_added_to_is_refused() -> None:
    inline = b'vendor = [{ id = "acme", document = [{ url = "https://acme.example/" }] }]\n'
    with pytest.raises(ConfigError):
        declare(inline, Vendor("acme", "Acme", (), (terms("acme"),)), path="w")


def test_saving_keeps_the_mode_and_leaves_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    save(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["watchlist.toml"]  # noqa: PTH208 - names only


def test_a_link_to_the_watchlist_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_bytes(b"old")
    link = tmp_path / "watchlist.toml"
    link.symlink_to("real.toml")
    save(link, b"old", b"new")
    assert link.is_symlink()
    assert link.read_bytes() == b"new"


def test_a_file_that_was_changed_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_bytes(b"newer")
    with pytest.raises(ConfigError, match="in the meantime"):
        save(path, b"old", b"new")
    assert path.read_bytes() == b"newer"


def test_a_folder_that_is_gone_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        save(tmp_path / "gone" / "watchlist.toml", b"", b"new")
