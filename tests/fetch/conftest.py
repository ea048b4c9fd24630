"""Gates that are closed after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faulty.gates import MakeGate, loopback_gate
from faulty.http import Site

from monitor.fetch import Gate


@pytest.fixture
def make_gate(tmp_path: Path) -> Iterator[MakeGate]:
    gates: list[Gate] = []

    def make(*sites: Site, **options: Any) -> Gate:
        gates.append(loopback_gate(tmp_path, *sites, **options))
        return gates[-1]

    yield make
    for gate in gates:
        gate.close()
