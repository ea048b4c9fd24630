"""Archives for the tests of the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from report.kept import FIRST, PARLEY, RIVAL, SECOND, THIRD, Kept, open_kept


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """An archive without anything in it."""
    found = open_kept(tmp_path)
    yield found
    found.archive.close()


@pytest.fixture
def two_vendors(kept: Kept) -> Kept:
    """Three versions of one vendor's policy, two of another's that takes over the same sentence in the same month."""
    kept.see(PARLEY, FIRST, days=0)
    kept.see(RIVAL, FIRST.replace("Parley", "Rival"), days=0.1)
    kept.see(PARLEY, SECOND, days=3)
    kept.see(PARLEY, THIRD, days=5)
    kept.see(RIVAL, FIRST.replace("Parley", "Rival").replace(SHARED_OLD, SHARED_NEW), days=1)
    return kept


SHARED_OLD = "We do not share your data with advertisers."
SHARED_NEW = "We share your name and the names of your meetings with advertisers who show you what they think you want."
