"""The long forms of the reliability tests; they share the scene, the faults and the invariants of ``tests/reliability``."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).parents[2] / "tests"
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))
