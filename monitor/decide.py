"""Whether a sighting is a baseline, nothing new, pending, a version, an excursion or a withdrawal: as a value.

Texts are told apart up to noise before this is asked: ``Sighting.text`` says which known text was seen, so that a
counter that differs at every visit can neither hide a real change nor hold up its confirmation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.model import CheckOutcome, WatchState

ALTERNATION_WINDOW = timedelta(days=30)
ALTERNATIONS_BEFORE_UNSTABLE = 3
SETTLED_AFTER = timedelta(days=7)  # without an alternation, an unstable document's text counts again

PATIENCE = 2  # transient failures in a row before anybody is told: the fetch itself has tried again already
GONE_AFTER = timedelta(days=3)
DAMAGE = "damage"  # the failure of a document whose stored text is not what it was


@dataclass(frozen=True, slots=True)
class Sighting:
    """Which text was seen: the current version's, the pending one, or another.

    ``earlier``: a version before the current one had it. ``date_forward``: it states a later date than the current one.
    """

    text: Literal["current", "pending", "other"]
    digest: str
    earlier: bool = False
    date_forward: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sighting amounts to, and the state that follows (times and pending only; the caller adds the rest).

    ``announce`` is set for what subscribers may hear; ``notice`` for the one "unstable" notice; ``second_look_at`` is
    when the pending text should be seen again.
    """

    outcome: CheckOutcome
    state: WatchState
    announce: bool = False
    notice: bool = False
    accepts: Literal["", "sighting", "pending"] = ""  # which text becomes the version
    second_look_at: datetime | None = None


def decide(state: WatchState, sighting: Sighting, *, now: datetime, confirm: timedelta) -> Decision:
    """What a sighting of the policy amounts to."""
    state = _settle(state, now)
    if state.current is None:
        return Decision("baseline", _without_pending(state), accepts="sighting")
    if sighting.text == "current":
        if not state.pending_digest:
            return Decision("unchanged", state)
        after, notice = _alternate(_without_pending(state), now)
        return Decision("excursion", after, notice=notice)
    if sighting.text == "pending":
        return _seen_again(state, sighting, now=now, confirm=confirm)
    notice = False
    if state.pending_digest:  # another text came instead of the one that was waiting
        state, notice = _alternate(_without_pending(state), now)
    if sighting.date_forward and not sighting.earlier:
        return Decision("version", _without_pending(state), announce=True, notice=notice, accepts="sighting")
    if not confirm and not state.unstable:
        return _accept(state, sighting, accepts="sighting", now=now, notice=notice)
    wait = _wait(state, confirm)
    state = replace(state, pending_digest=sighting.digest, pending_since=now, pending_snapshot=None)
    return Decision("unstable" if state.unstable else "pending", state, notice=notice, second_look_at=now + wait)


def _seen_again(state: WatchState, sighting: Sighting, *, now: datetime, confirm: timedelta) -> Decision:
    due = (state.pending_since or now) + _wait(state, confirm)
    if now < due:
        return Decision("unstable" if state.unstable else "pending", state, second_look_at=due)
    return _accept(state, sighting, accepts="pending", now=now, notice=False)


def _accept(
    state: WatchState, sighting: Sighting, *, accepts: Literal["sighting", "pending"], now: datetime, notice: bool
) -> Decision:
    """The text becomes the version: a withdrawal when it is an earlier one, which also counts as an alternation."""
    after = _without_pending(state)
    if not sighting.earlier:
        return Decision("version", after, announce=True, notice=notice, accepts=accepts)
    after, third = _alternate(after, now)
    return Decision("withdrawal", after, announce=not third, notice=notice or third, accepts=accepts)


def _wait(state: WatchState, confirm: timedelta) -> timedelta:
    return max(confirm, SETTLED_AFTER) if state.unstable else confirm


def _alternate(state: WatchState, now: datetime) -> tuple[WatchState, bool]:
    """The state after one more alternation, and whether this one calls for the notice."""
    recent = tuple(at for at in state.alternations if now - at <= ALTERNATION_WINDOW)
    recent = (*recent, now)[-ALTERNATIONS_BEFORE_UNSTABLE:]
    third = len(recent) >= ALTERNATIONS_BEFORE_UNSTABLE and not state.unstable
    return replace(state, alternations=recent, unstable=state.unstable or third), third


def _settle(state: WatchState, now: datetime) -> WatchState:
    """The state, no longer unstable when it has not alternated for a while."""
    if not state.unstable or not state.alternations or now - state.alternations[-1] < SETTLED_AFTER:
        return state
    return replace(state, unstable=False, alternations=())


def _without_pending(state: WatchState) -> WatchState:
    return replace(state, pending_digest="", pending_since=None, pending_snapshot=None)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the policy was not seen. ``kind`` names the error or verdict, ``signature`` the same trouble next time."""

    kind: str
    signature: str
    transient: bool
    gone: bool = False  # the server says the page does not exist (404, 410)


@dataclass(frozen=True, slots=True)
class Setback:
    """What a failure amounts to. ``tell``: the operator event it calls for, once an episode; ``keep``: its evidence."""

    state: WatchState
    newly: bool  # the first failure of this episode
    tell: Literal["", "trouble", "gone", "archive-damaged"] = ""
    keep: bool = False


def set_back(state: WatchState, failure: Failure, *, now: datetime) -> Setback:
    """What not seeing the policy amounts to; the pending text and the current version stay as they were."""
    failures = state.failures + 1
    since = state.failing_since or now
    after = replace(state, failures=failures, failing_since=since)
    told = state.trouble
    if failure.gone and now - since >= GONE_AFTER and not told.startswith("gone:"):
        after = replace(after, trouble=f"gone:{failure.signature}")
        return Setback(after, newly=failures == 1, tell="gone")
    if failure.kind == DAMAGE and not told.startswith(f"{DAMAGE}:"):  # ours to mend, whatever else is known
        after = replace(after, trouble=f"{DAMAGE}:{failure.signature}")
        return Setback(after, newly=failures == 1, tell="archive-damaged")
    if told or (failure.transient and failures < PATIENCE):
        return Setback(after, newly=failures == 1)
    after = replace(after, trouble=f"{failure.kind}:{failure.signature}")
    return Setback(after, newly=failures == 1, tell="trouble", keep=True)


def recover(state: WatchState) -> tuple[WatchState, bool]:
    """The state after the policy was seen again, and whether a recovery is to be told (only if the trouble was)."""
    after = replace(state, failures=0, failing_since=None, trouble="", last_error="")
    return after, bool(state.trouble)
