"""Two invented vendors on loopback, a warm process to fork runs from, and an installation before each day of the story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from reliability.scene import DAYS, Internet, internet
from reliability.sweeping import Rehearsal
from reliability.warm import Warm


@pytest.fixture(scope="session")
def vendors() -> Iterator[Internet]:
    with internet() as both:
        yield both


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory, vendors: Internet, warm: Warm) -> Rehearsal:
    made = Rehearsal(tmp_path_factory.mktemp("rehearsal"), vendors, warm)
    made.prepare(max(DAYS.values()))
    return made
