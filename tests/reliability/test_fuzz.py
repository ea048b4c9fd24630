"""Mutated policies, pages, watchlists, dates and mails end in an answer or in an error of ours; a sample of the long form."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest
from reliability import hunting
from reliability.fuzzed import ALL, Target
from reliability.hunting import hunt
from reliability.mutating import mutated

SEED = 20260329
EACH = {"extract": 300, "practices": 200, "assess": 40}  # slower than the rest
BY_NAME = {target.name: target for target in ALL}


@pytest.mark.parametrize("target", ALL, ids=lambda target: target.name)
def test_every_mutated_input_gives_an_answer_that_holds_or_an_error_of_ours(target: Target) -> None:
    assert list(hunt(target, 0, EACH.get(target.name, 1_000), seed=SEED)) == []


def test_the_same_numbers_give_the_same_input_and_others_another() -> None:
    target = BY_NAME["extract"]
    made = [mutated(target, SEED, number) for number in range(50)]
    assert made == [mutated(target, SEED, number) for number in range(50)]
    assert len({*made}) > 45


def planted(bug: str) -> Target:
    """A target with a bug that one input in some hundreds meets."""

    def run(data: bytes) -> None:
        if b"\xff" not in data:
            return
        match bug:
            case "error":
                raise KeyError(data[:1])
            case "slow":
                until = time.process_time() + 60
                while time.process_time() < until:
                    pass
            case _:
                os.abort()

    return replace(BY_NAME["decode"], run=run)


@pytest.mark.parametrize(("bug", "what"), [("error", "KeyError"), ("slow", "s of CPU"), ("death", "died")])
def test_a_planted_bug_is_found_and_the_hunt_goes_on(bug: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(hunting, "SLOW", 0.1)
    first = next(number for number in range(1, 5_000) if b"\xff" in mutated(BY_NAME["decode"], SEED, number))
    found = list(hunt(planted(bug), first - 1, 12, seed=SEED))
    assert found[0].number == first
    assert what in found[0].what
    struck = [number for number in range(first, first + 11) if b"\xff" in mutated(BY_NAME["decode"], SEED, number)]
    assert [find.number for find in found] == struck


def test_without_the_net_for_half_pairs_the_hunt_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of what must hold of an answer."""
    monkeypatch.setattr(
        "reliability.fuzzed.decode", lambda body, said="", *, markup=True: body.decode("utf-8", "surrogateescape")
    )
    assert any("surrogates" in find.what for find in hunt(BY_NAME["decode"], 1, 300, seed=SEED))
