"""Our own upgrades: history is redone, nobody is told, and the next real change still counts once."""

from __future__ import annotations

import importlib

import pytest
from fakes import SandboxHere
from installation import RETENTION, SALE, Installation, policy

from monitor.rebuild import rebuild


def history(installation: Installation) -> None:
    installation.check()
    installation.check(policy(RETENTION, date="April 1, 2026"))
    installation.check(policy(RETENTION, SALE, date="May 1, 2026"))


def redo(installation: Installation) -> tuple[int, int]:
    done = rebuild(installation.watchlist, archive=installation.archive, sandbox=installation.sandbox)
    return sum(one.texts_differ for one in done), sum(one.changes for one in done)


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of html-to-markdown that writes bullets and emphasis differently, as its releases do."""
    from monitor.text import convert

    before = convert.to_markdown
    monkeypatch.setattr(convert, "to_markdown", lambda *a, **k: before(*a, **k).replace("## ", "### "))
    monkeypatch.setattr(convert, "VERSION", "99.0.0")
    monkeypatch.setattr("monitor.text.REVISION", importlib.import_module("monitor.text.extract").revision())


def test_a_rebuild_under_the_same_revisions_changes_nothing(installation: Installation) -> None:
    history(installation)
    before = [(c.id, c.slug, c.summary) for c in installation.archive.changes()]
    assert redo(installation) == (0, 2)
    assert [(c.id, c.slug, c.summary) for c in installation.archive.changes()] == before
    assert list(installation.archive.verify()) == []


def test_an_upgrade_of_the_converter_is_told_to_nobody(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(installation)
    told, slugs = installation.events(), [c.slug for c in installation.archive.changes()]
    installation.archive.review(1, state="noted", who="anna", why="talked to them", at=installation.clock.now())
    installation.sandbox = SandboxHere()
    upgrade(monkeypatch)
    texts, changes = redo(installation)
    assert (texts, changes) == (3, 2)
    assert installation.events() == told
    assert [c.slug for c in installation.archive.changes()] == slugs
    assert installation.archive.reviews(1)[0].who == "anna"
    assert {version.extractor for version in installation.versions} == {
        importlib.import_module("monitor.text.extract").revision()
    }
    assert "### Part" in installation.archive.text(installation.versions[0])
    assert list(installation.archive.verify()) == []


def test_without_a_rebuild_the_next_check_upgrades_silently(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(installation)
    told = installation.events()
    installation.sandbox = SandboxHere()
    upgrade(monkeypatch)
    assert installation.outcome(policy(RETENTION, SALE, date="May 1, 2026", menu="<li>Other menu")) == "unchanged"
    assert installation.events() == told
    assert len(installation.versions) == 3


def test_the_next_real_change_counts_once_after_an_upgrade(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(installation)
    told = len(installation.events())
    installation.sandbox = SandboxHere()
    upgrade(monkeypatch)
    assert installation.outcome(policy(SALE, date="June 1, 2026")) == "version"
    assert installation.events()[told:] == ["change"]
    assert installation.outcome() == "unchanged"


def test_a_comparison_across_revisions_would_have_reported(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the texts of the two revisions do differ."""
    installation.check()
    before = installation.archive.text(installation.versions[0])
    upgrade(monkeypatch)
    from monitor.model import ExtractOptions, Page

    after = SandboxHere().extract([Page(policy().encode(), "text/html", "http://x.example/")], ExtractOptions())
    assert after.text != before
