"""Pinned sentences judged against a new version: what became of each, and the event when one got worse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from monitor.model import Document, Event, Extraction, PinnedPromise, PromiseState, Vendor
from monitor.ports import Sandbox
from monitor.tell import document_event, name

WORSE: dict[str, int] = {"unknown": 0, "there": 0, "reworded": 1, "weakened": 2, "gone": 3}


def judge_promises(
    sandbox: Sandbox,
    sentences: Sequence[str],
    *,
    known: Sequence[PinnedPromise],
    extraction: Extraction,
    vendor: Vendor,
    document: Document,
    now: datetime,
) -> tuple[tuple[PinnedPromise, ...], tuple[Event, ...]]:
    """The pinned sentences as the new text keeps them, and an event for each that is kept less well than before.

    Raises:
        SandboxError: a limit was reached.
    """
    before = {promise.sentence: promise for promise in known}
    pins, events = [], []
    for sentence in sentences:
        said, found = sandbox.promise(sentence, extraction.text)
        state: PromiseState = next(word for word in get_args(PromiseState) if word == said)
        old = before.get(sentence)
        since = old.since if old and old.state == state else now
        pins.append(PinnedPromise(document.key, sentence, state, since, found))
        if WORSE[state] > WORSE[old.state if old else "there"]:
            summary = f"{name(vendor, document)}: a pinned promise is {state}: “{sentence}”"
            detail = f"The text that comes closest now: “{found}”" if found and state != "gone" else ""
            events.append(document_event("promise", vendor, document, now, summary=summary, detail=detail))
    return tuple(pins), tuple(events)
