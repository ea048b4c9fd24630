"""Clocks that jump, repeat an hour or were wrong from the start: no day is checked twice, none is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import FixedClock, SandboxHere
from faulty.http import Site
from installation import RETENTION, Installation, policy

from monitor.alerts.match import match
from monitor.archive import open_archive
from monitor.check import check
from monitor.fetch import Gate
from monitor.model import Document, Schedule, Settings, Subscription


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    clock = FixedClock()
    with Site({"/privacy": policy()}) as site:
        settings = Settings(
            tmp_path, allow_networks=("127.0.0.0/8",), allow_ports=(site.port,), delay=timedelta(), contact="test"
        )
        document = Document("larkspur", "privacy-policy", "privacy-policy", (site.url("/privacy"),))
        archive, gate = open_archive(settings.snapshots, clock=clock), Gate(settings, clock=clock)
        archive.subscribe(Subscription("anna@example.org", confirmed_at=clock.now()))
        yield Installation(site, archive, gate, SandboxHere(), clock, (document,), settings)
        gate.close()
        archive.close()


def hourly(installation: Installation, days: float) -> list[float]:
    """A pass every hour, as from cron; after how many hours of real time a check was made."""
    made: list[float] = []
    for hour in range(int(days * 24)):
        passed = check(
            installation.watchlist, archive=installation.archive, fetcher=installation.gate,
            sandbox=installation.sandbox, clock=installation.clock, match=match,
        )  # fmt: skip
        if passed.due:
            made.append(hour)
        installation.clock.forward(hours=1)
    return made


@pytest.mark.parametrize("cron", [None, "30 6 * * *"], ids=["every day", "at half past six"])
@pytest.mark.parametrize(
    "jump", [1 / 24, -1 / 24, 0.5, -0.5, 1, -1, 40, -40, 3653, -3653], ids=lambda days: f"{days:+.2f} d"
)
def test_after_a_jump_of_the_clock_it_goes_on_daily(installation: Installation, jump: float, cron: str | None) -> None:
    if cron:
        document = installation.documents[0]
        schedule = Schedule(interval=None, cron=cron)
        installation.documents = (
            Document(document.vendor, document.id, document.kind, document.urls, schedule=schedule),
        )
    before = hourly(installation, 3)
    assert len(before) in {3, 4}
    installation.clock.at += timedelta(days=jump)
    after = hourly(installation, 5)
    assert 4 <= len(after) <= 6
    assert after[0] <= 48
    assert all(20 <= later - earlier <= 48 for earlier, later in pairwise(after[1:]))
    numbers = [row.id for row in installation.archive.checks()]
    assert numbers == sorted(numbers)
    assert installation.outcome(policy(RETENTION, date="December 31, 2049")) == "version"
    assert [version.seq for version in installation.versions] == [1, 2]
    assert list(installation.archive.verify()) == []


@pytest.mark.parametrize("year", [1970, 2038, 2099])
def test_in_any_year_a_check_is_recorded_and_the_chain_holds(installation: Installation, year: int) -> None:
    installation.clock.at = datetime(year, 1, 19, 3, 14, 7, tzinfo=installation.clock.at.tzinfo)
    assert installation.outcome() == "baseline"
    assert installation.outcome() == "unchanged"
    assert list(installation.archive.verify()) == []


def test_an_hour_that_comes_twice_brings_no_second_check(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is UTC: the zone of the machine, and its change in October, do not matter."""
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        installation.clock.at = datetime(2026, 10, 23, 0, 30, tzinfo=installation.clock.at.tzinfo)
        made = hourly(installation, 5)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(made) == 5
    assert all(later - earlier == 24 for earlier, later in pairwise(made[1:]))
