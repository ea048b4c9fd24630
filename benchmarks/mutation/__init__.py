"""Policies of invented vendors and edits whose meaning is known: what ``benchmarks/mutations.py`` is made of."""
