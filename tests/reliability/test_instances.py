"""Several processes on one installation: one checks, the others say who does, and readers and subscribers go on."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest
from faulty.http import Exchange, Site
from reliability.scene import ANNA, BERT, DAYS, OPERATOR, Internet, time_of
from reliability.sound import difference, opened, problems, whole
from reliability.sweeping import CASES, Rehearsal
from reliability.tracing import state
from reliability.warm import Warm, said

from monitor.model import Subscription

BY_NAME = {case.name: case for case in CASES}
CHANGED = BY_NAME["changed"]


def test_of_many_processes_one_checks_and_each_other_names_a_process(rehearsal: Rehearsal, warm: Warm) -> None:
    expected = rehearsal.undisturbed(CHANGED)
    root = rehearsal.copy(CHANGED, "crowd")
    job = rehearsal.job(CHANGED, root)
    warm.run(rehearsal.job(BY_NAME["changed"], root, verb="crowd"))
    *lines, last = said(root).splitlines()
    codes = json.loads(last)
    assert set(codes.values()) <= {0, 75}
    refused = [line for line in lines if "another instance is checking" in line]
    assert len(refused) == list(codes.values()).count(75)
    assert all(any(f"process {child}" in line for child in codes) or "just started" in line for line in refused)
    assert problems(root) == []
    warm.run(job)
    rehearsal.later(CHANGED, root)
    assert difference(expected, whole(root)) == []


def test_without_the_lock_they_would_get_in_each_others_way(rehearsal: Rehearsal, warm: Warm) -> None:
    """The negative control."""
    for _ in range(5):
        root = rehearsal.copy(CHANGED, "crowd")
        warm.run(rehearsal.job(CHANGED, root, verb="crowd", broken="no lock"))
        if problems(root):
            return
    pytest.fail("nobody would miss the lock")


def test_while_the_holder_hangs_reading_and_subscribing_work_and_checking_names_it(
    rehearsal: Rehearsal, warm: Warm
) -> None:
    root = rehearsal.copy(CHANGED, "held")
    holder = warm.start(rehearsal.job(CHANGED, root, verb="hold"))
    while state(holder) != "T":
        time.sleep(0.001)
    with Warm() as other:
        assert other.run(rehearsal.job(CHANGED, root)) == 75
        assert f"process {holder} since" in said(root)
    archive = opened(root)
    assert list(archive.verify()) == []
    assert archive.subscribe(Subscription("new@reader.example", confirmed_at=time_of(DAYS["changed"]))).id
    assert archive.owed(time_of(99)) == ()
    archive.close()
    os.kill(holder, signal.SIGCONT)
    assert warm.end() == 0
    assert problems(root) == []


def test_killed_while_it_checks_it_leaves_no_child_behind(warm: Warm, tmp_path: Path) -> None:
    async def stall(exchange: Exchange) -> None:
        await exchange.reader.read()

    from installation import policy
    from reliability.acting import Job

    with Site({"/privacy": policy()}) as quick, Site({"/privacy": stall}) as slow:
        Internet(quick.port, slow.port).write(tmp_path, 0)
        process = warm.start(Job(str(tmp_path), sandbox=True))
        end = time.monotonic() + 30
        while not (slow.seen("/privacy") and (tmp_path / "diary").exists() and (tmp_path / "diary").read_text()):
            assert time.monotonic() < end
            time.sleep(0.02)
        children = [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        assert children
        os.kill(process, signal.SIGKILL)
        assert warm.end() == -signal.SIGKILL
        while any(state(child) not in {"gone", "Z"} for child in children):
            assert time.monotonic() < end
            time.sleep(0.02)
    assert problems(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_at_any_moment_the_daemon_ends_soon_and_the_next_run_ends_alike(
    rehearsal: Rehearsal, warm: Warm, number: signal.Signals
) -> None:
    expected = rehearsal.undisturbed(CHANGED)
    for _ in range(6):
        root = rehearsal.copy(CHANGED, "stopped")
        process = warm.start(rehearsal.job(CHANGED, root, verb="run"))
        while '"started"' not in said(root) and "started" not in said(root):
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.4))
        if random.random() < 0.5:
            os.kill(process, signal.SIGHUP)
        asked = time.monotonic()
        os.kill(process, number)
        assert warm.end() == 0, said(root)
        assert time.monotonic() - asked < 10
        assert problems(root) == []
        warm.run(rehearsal.job(CHANGED, root))
        rehearsal.later(CHANGED, root)
        assert difference(expected, whole(root)) == []


def test_interrupted_by_the_keyboard_a_check_leaves_nothing_half_done(rehearsal: Rehearsal, warm: Warm) -> None:
    expected = rehearsal.undisturbed(CHANGED)
    for _ in range(5):
        root = rehearsal.copy(CHANGED, "interrupted")
        process = warm.start(rehearsal.job(CHANGED, root))
        time.sleep(random.uniform(0.005, 0.25))
        try:
            os.kill(process, signal.SIGINT)
        except ProcessLookupError:
            continue
        finally:
            warm.end()
        assert problems(root) == []
        warm.run(rehearsal.job(CHANGED, root))
        rehearsal.later(CHANGED, root)
        assert difference(expected, whole(root)) == []


def test_the_undisturbed_story_has_something_to_lose(rehearsal: Rehearsal) -> None:
    """What all these comparisons rest on."""
    archive = opened(rehearsal.folder / "living")
    assert {check.outcome for check in archive.checks()} == {
        "baseline", "unchanged", "version", "pending", "refused", "excursion", "failed", "withdrawal",
    }  # fmt: skip
    assert {event.kind for event in archive.events()} >= {"change", "promise", "trouble", "recovery", "withdrawal"}
    assert {one.recipient for one in archive.deliveries()} == {ANNA, BERT, OPERATOR}
    archive.close()


def test_a_clock_set_back_by_years_does_not_put_the_daemon_to_sleep(rehearsal: Rehearsal, warm: Warm) -> None:
    root = rehearsal.copy(CHANGED, "set back")
    process = warm.start(rehearsal.job(CHANGED, root, verb="set_back"))
    end = time.monotonic() + 30
    while said(root).count('"event": "pass"') < 2:
        assert time.monotonic() < end, said(root)
        assert state(process) != "gone", said(root)
        time.sleep(0.02)
    assert "the clock was set back" in said(root)
    os.kill(process, signal.SIGTERM)
    assert warm.end() == 0
    assert problems(root) == []
