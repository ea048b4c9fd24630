"""A fresh installation for each test; the sandbox is shared, for its children start slowly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FixedClock
from faulty.http import Site
from installation import Installation, policy

from monitor.archive import open_archive
from monitor.fetch import Gate
from monitor.model import Document, Settings, Subscription
from monitor.sandbox import SandboxPool


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxPool]:
    pool = SandboxPool()
    yield pool
    pool.close()


@pytest.fixture
def installation(tmp_path: Path, sandbox: SandboxPool) -> Iterator[Installation]:
    clock = FixedClock()
    with Site({"/privacy": policy()}) as site:
        settings = Settings(
            tmp_path, allow_networks=("127.0.0.0/8",), allow_ports=(site.port,), delay=timedelta(), contact="test"
        )
        document = Document("larkspur", "privacy-policy", "privacy-policy", (site.url("/privacy"),))
        archive = open_archive(settings.snapshots, clock=clock)
        gate = Gate(settings, clock=clock)
        archive.subscribe(Subscription("anna@example.org", confirmed_at=clock.now()))
        archive.subscribe(Subscription("ops@example.org", operator=True, confirmed_at=clock.now()))
        yield Installation(site, archive, gate, sandbox, clock, (document,), settings)
        gate.close()
        archive.close()
