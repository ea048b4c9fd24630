"""What labels are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


@cache
def label_names() -> Mapping[str, str]:
    """The taxonomy's name of each label."""
    from monitor.meaning.knowledge import labels

    return {label: known.name for label, known in labels().items()}
