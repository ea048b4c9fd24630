"""Whether a change of a policy is noise, editorial or substantive, by rules over aligned clauses.

``judge`` reads in this order: may the two documents be compared at all (``guards``), is a change one of the forms that
never count (``quiet``), does it touch what always counts (``stakes``). The words it knows are in ``materiality.toml``.
"""

from monitor.meaning.materiality.judgement import Judgement, judge

__all__ = ["Judgement", "judge"]
