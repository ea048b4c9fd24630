"""A run killed, or met by a failing disk, at any system call: nothing lost, nothing twice, and the next run ends alike."""

from __future__ import annotations

import os
import random

import pytest
from reliability.sweeping import CASES, Case, Rehearsal, Swept
from reliability.tracing import FILES, OTHERS, points

EVERY_POINT = bool(os.environ.get("MONITOR_EVERY_POINT"))  # half an hour instead of a minute
BY_NAME = {case.name: case for case in CASES}
CHANGED = BY_NAME["changed"]
KILL = "signal=KILL:when={}"

pytestmark = pytest.mark.strace


def sample(rehearsal: Rehearsal, case: Case, number: int, calls: tuple[str, ...] = FILES) -> list[tuple[str, int]]:
    """Some points of a case, or all."""
    every = list(points(rehearsal.count(case, calls)))
    return every if EVERY_POINT else random.sample(every, min(number, len(every)))


def all_of(rehearsal: Rehearsal, case: Case, chosen: list[tuple[str, int]], fault: str) -> Swept:
    return rehearsal.sweep(case, chosen, fault=fault, every=1 if EVERY_POINT else 5)


def test_a_changed_check_killed_whenever_a_file_becomes_durable_gets_a_name_or_loses_one(rehearsal: Rehearsal) -> None:
    counts = rehearsal.count(CHANGED, ("fsync", "fdatasync", "renameat", "link", "mkdirat", "unlink", "ftruncate"))
    swept = all_of(rehearsal, CHANGED, list(points(counts)), KILL)
    assert swept.wrong == []
    assert swept.killed == swept.points > 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_killed_at_any_call_that_changes_a_file_the_next_run_ends_as_if_nothing_had_happened(
    rehearsal: Rehearsal, case: Case
) -> None:
    swept = all_of(rehearsal, case, sample(rehearsal, case, 4), KILL)
    assert swept.wrong == []
    assert swept.killed == swept.points


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("when", ["{}", "{}+"], ids=["once", "for ever"])
def test_a_disk_that_fails_at_any_call_ends_in_a_clear_error_and_the_next_run_ends_as_if_nothing_had_happened(
    rehearsal: Rehearsal, error: str, when: str
) -> None:
    calls = tuple(call for call in FILES if call != "unlink")  # SQLite's and Python's own; see the next test
    swept = all_of(rehearsal, CHANGED, sample(rehearsal, CHANGED, 5, calls), f"error={error}:when={when}")
    assert swept.wrong == []


GONE_BAD = "error=EIO:when={}+"


@pytest.mark.parametrize("case", [BY_NAME["first"], BY_NAME["confirmed"]], ids=lambda case: case.name)
def test_a_disk_that_goes_bad_at_a_commit_takes_no_file_that_a_row_may_name(rehearsal: Rehearsal, case: Case) -> None:
    """The rows of a commit that failed may have reached the disk; the other documents of the pass come after it."""
    chosen = list(points(rehearsal.count(case, ("fdatasync",))))
    swept = rehearsal.sweep(case, chosen, fault=GONE_BAD, every=0)
    assert swept.wrong == []
    assert swept.failed > 2


@pytest.mark.parametrize("case", [BY_NAME["changed"], BY_NAME["rebuild"]], ids=lambda case: case.name)
def test_what_cannot_be_opened_read_or_reached_for_once_is_told_and_nothing_is_half_done(
    rehearsal: Rehearsal, case: Case
) -> None:
    """A document may fail by that, so only what must always hold is asked for."""
    chosen = sample(rehearsal, case, 8, OTHERS)
    swept = rehearsal.sweep(case, chosen, fault="error=EIO:when={}", every=0)
    assert swept.wrong == []


@pytest.mark.parametrize(
    "broken", ["rows before files", "files in place", "two transactions", "mail under random names"]
)
def test_without_one_of_its_nets_the_same_sweep_finds_what_the_net_is_for(rehearsal: Rehearsal, broken: str) -> None:
    """The negative controls."""
    calls = {
        "rows before files": ("renameat",),
        "files in place": ("fsync",),
        "two transactions": ("fdatasync",),
        "mail under random names": ("fdatasync",),
    }[broken]
    case = BY_NAME["deliver"] if "mail" in broken else CHANGED
    every = points(rehearsal.count(case, calls))
    assert rehearsal.sweep(case, every, broken=broken, to_the_end=False).wrong


def test_without_the_net_for_commits_that_failed_files_are_missing(rehearsal: Rehearsal) -> None:
    """The negative control of what a disk gone bad may take."""
    case = BY_NAME["first"]
    every = points(rehearsal.count(case, ("fdatasync",)))
    assert rehearsal.sweep(case, every, fault=GONE_BAD, broken="tidy when unsure", to_the_end=False).wrong
