"""Versions to clause changes: what was added, removed, reworded or moved between two normalised texts."""

from monitor.compare.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
