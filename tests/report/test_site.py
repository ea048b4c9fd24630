"""The folder of the report."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from monitor.errors import SiteError
from monitor.site import FolderSite


@pytest.fixture
def site(tmp_path: Path) -> FolderSite:
    return FolderSite(tmp_path / "report")


def test_a_file_is_written_read_listed_and_removed(site: FolderSite) -> None:
    assert site.write("vendor/acme/index.html", b"one")
    assert site.read("vendor/acme/index.html") == b"one"
    assert site.paths() == ("vendor/acme/index.html",)
    site.remove("vendor/acme/index.html")
    assert site.read("vendor/acme/index.html") is None
    assert site.paths() == ()


def test_writing_tells_whether_anything_differed(site: FolderSite) -> None:
    assert site.write("a.html", b"one") is True
    assert site.write("a.html", b"one") is False
    assert site.write("a.html", b"two") is True


def test_what_is_not_there_reads_as_none_and_can_be_removed(site: FolderSite) -> None:
    assert site.read("a.html") is None
    assert site.read("a/b.html") is None
    site.remove("a/b.html")
    assert site.paths() == ()


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "..", "a/.", "a/..", "a\x00b", "a\nb", ".hidden", "a/.x",
     "-rf", "a\\b", "é", "a b", "x" * 300],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(site: FolderSite, path: str) -> None:
    with pytest.raises(ValueError, match="not a path of the site"):
        site.write(path, b"x")
    assert not site.path.exists()


def test_a_planted_link_is_replaced_not_followed(site: FolderSite, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"untouched")
    site.write("a.html", b"one")
    (site.path / "a.html").unlink()
    (site.path / "a.html").symlink_to(secret)
    assert site.read("a.html") is None
    assert site.write("a.html", b"two")
    assert secret.read_bytes() == b"untouched"
    assert not (site.path / "a.html").is_symlink()


def test_a_planted_folder_link_stops_the_write(site: FolderSite, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    site.write("a.html", b"one")
    (site.path / "vendor").symlink_to(elsewhere)
    with pytest.raises(SiteError, match=r"vendor/x\.html"):
        site.write("vendor/x.html", b"two")
    assert list(elsewhere.iterdir()) == []
    assert site.read("vendor/x.html") is None


def test_a_planted_pipe_does_not_hang_anybody(site: FolderSite) -> None:
    site.path.mkdir()
    os.mkfifo(site.path / "a.html")
    assert site.read("a.html") is None
    assert site.write("a.html", b"one")
    assert site.read("a.html") == b"one"


def test_a_full_disk_is_told_with_the_file_and_a_remedy(site: FolderSite, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("a.html", b"one")

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(SiteError, match=r"a\.html: cannot be written: No space left on device\. Make room") as raised:
        site.write("a.html", b"two")
    assert isinstance(raised.value.__cause__, OSError)
    assert site.read("a.html") == b"one"
    assert sorted(path.name for path in site.path.iterdir()) == ["a.html"], "nothing half-written stays"


def test_the_folder_being_a_file_is_told(site: FolderSite) -> None:
    site.path.write_bytes(b"")
    with pytest.raises(SiteError):
        site.write("a.html", b"one")


def test_what_a_killed_writer_left_is_swept_and_a_living_ones_is_not(site: FolderSite) -> None:
    site.write("v/a.html", b"one")
    dead, living = site.path / "v" / ".a.html.4194303.part", site.path / "v" / f".b.html.{os.getpid()}.part"
    dead.write_bytes(b"ha")
    living.write_bytes(b"ha")
    assert site.paths() == ("v/a.html",)
    assert not dead.exists()
    assert living.exists()


def test_readers_never_see_half_a_file(site: FolderSite) -> None:
    bodies = [bytes([65 + number]) * 200_000 for number in range(4)]
    site.write("a.html", bodies[0])
    stop = threading.Event()
    seen: set[bytes] = set()

    def read() -> None:
        while not stop.is_set():
            seen.add((site.path / "a.html").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        site.write("a.html", bodies[number % 4])
    stop.set()
    reader.join()
    assert seen <= set(bodies)


def test_files_are_readable_by_a_web_server(site: FolderSite) -> None:
    old = os.umask(0o022)
    try:
        site.write("v/a.html", b"one")
    finally:
        os.umask(old)
    assert (site.path / "v" / "a.html").stat().st_mode & 0o777 == 0o644
    assert (site.path / "v").stat().st_mode & 0o777 == 0o755
