"""An archive in a folder of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive.made import Recorder, open_recorder


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = open_recorder(tmp_path)
    yield made
    made.archive.close()
