"""The keys that sign links: made once, for our eyes only, replaceable."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.send.keys import NAME, token_keys


def test_a_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    first = token_keys(tmp_path)
    assert token_keys(tmp_path) == first
    assert len(first[0]) == 64
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(token_keys, [tmp_path] * 16))) == 1


def test_the_environment_goes_first_and_may_hold_an_old_key_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_MONITOR_KEY", f"{'n' * 32} {'o' * 32}")
    assert token_keys(tmp_path) == (b"n" * 32, b"o" * 32)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("key", ["short", "n" * 32 + " short", " "])
def test_a_short_key_is_refused_without_being_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("POLICY_MONITOR_KEY", key)
    with pytest.raises(ConfigError, match="32 characters") as caught:
        token_keys(tmp_path)
    assert "short" not in str(caught.value).replace("POLICY_MONITOR_KEY", "")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    token_keys(tmp_path)
    (tmp_path / NAME).chmod(0o644)
    with pytest.raises(ConfigError, match="others can read it"):
        token_keys(tmp_path)


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("k" * 64, encoding="ascii")
    (tmp_path / "other").chmod(0o600)
    (tmp_path / NAME).symlink_to(tmp_path / "other")
    with pytest.raises(ConfigError):
        token_keys(tmp_path)
