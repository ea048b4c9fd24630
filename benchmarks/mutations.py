"""Edits of known meaning on policies of invented vendors: how many are found, and whether cosmetic ones stay silent.

usage: python -m benchmarks.mutations [--count N] [--seed S] [--half a|b] [--kind NAME] [--errors] [--strict]

Each of N cases (1,000 unless told) puts one to three edits on one policy: meaningful ones, whose label, action, polarity
and direction are known, or cosmetic ones, of which nothing may be said. Policies and wordings are split in two halves,
printed apart. Prints one line for each kind of edit and the sums; with ``--strict`` the exit code is 1 below the reach:
.98 of the meaningful found, every cosmetic one silent, no inversion, every quotation literal. Complete in itself: it
needs no real data.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from benchmarks.mutation.scoring import Outcome, draw_case, judged

REACH = 0.98


def share(outcomes: Sequence[Outcome]) -> float:
    """The share of meaningful edits that were found."""
    found, missed = sum(len(one.found) for one in outcomes), sum(len(one.missed) for one in outcomes)
    return found / (found + missed) if found + missed else 1.0


def show(outcome: Outcome) -> None:
    """What went wrong with a case."""
    case = outcome.case
    for one in outcome.missed:
        print(f"MISSED {case.after.name} [{one.kind}] {'|'.join(one.labels)} {'|'.join(one.actions)}: {one.shown}")
    for finding in outcome.inversions:
        print(f"INVERTED {case.after.name} {finding.label} {finding.action} {finding.polarity}: {finding.value}")
    if outcome.alarm:
        print(f"ALARM {case.after.name} {case.kinds}")
        for change in outcome.assessment.clauses:
            if change.materiality == "substantive":
                texts = [clause.text[:160] if clause else "-" for clause in (change.before, change.after)]
                print(f"    {change.kind} ({change.reason}) {' → '.join(texts)}")
    if outcome.missed or outcome.inversions or outcome.alarm:
        for finding in outcome.assessment.findings:
            said = f"{finding.label} {finding.action} {finding.polarity} {finding.direction}"
            print(f"    said {said} ({finding.rule}) {finding.value[:80]}")


def summary(outcomes: Sequence[Outcome], name: str) -> None:
    """One line of figures."""
    meaningful = [one for one in outcomes if not one.cosmetic]
    quiet = [one for one in outcomes if one.cosmetic]
    extra = sum(len(one.extra) for one in meaningful)
    count = sum(len(one.found) + len(one.missed) for one in meaningful)
    print(
        f"{name:10} {len(outcomes)} cases: found {share(meaningful):.3f} of {count} meaningful edits, "
        f"{sum(one.alarm for one in outcomes)} alarms in {len(quiet)} cosmetic cases, "
        f"{sum(len(one.inversions) for one in outcomes)} inversions, {extra} further findings, "
        f"{sum(not one.quoted for one in outcomes)} cases with a quotation that is not literal"
    )


def table(outcomes: Sequence[Outcome]) -> None:
    """A line for each kind of edit, the weakest first."""
    found = Counter(one.kind for outcome in outcomes for one in outcome.found)
    missed = Counter(one.kind for outcome in outcomes for one in outcome.missed)
    alarms = Counter(kind for outcome in outcomes if outcome.alarm for kind in outcome.case.kinds)
    quiet = Counter(kind for outcome in outcomes if outcome.cosmetic for kind in outcome.case.kinds)
    for kind in sorted(found | missed, key=lambda kind: (found[kind] / (found[kind] + missed[kind]), kind)):
        print(f"  {kind:32} found {found[kind]:3} of {found[kind] + missed[kind]:3}")
    for kind in sorted(quiet, key=lambda kind: (-alarms[kind], kind)):
        print(f"  {kind:32} in {alarms[kind]:3} of {quiet[kind]:3} loud cases")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=["a", "b"], default="")
    parser.add_argument("--kind", default="", help="show the errors of one kind of edit only")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    outcomes = []
    for number in range(options.count):
        case = draw_case(options.seed, number)
        if case.kinds and options.half in {"", case.half} and (not options.kind or options.kind in case.kinds):
            outcomes.append(judged(case))
            if options.errors:
                show(outcomes[-1])
    table(outcomes)
    for half in "ab":
        summary([one for one in outcomes if one.case.half == half], f"half {half}")
    summary(outcomes, "all")
    right = (
        share(outcomes) >= REACH
        and all(one.quoted for one in outcomes)
        and not any(one.alarm or one.inversions for one in outcomes)
    )
    return int(options.strict and not right)


if __name__ == "__main__":
    sys.exit(main())
