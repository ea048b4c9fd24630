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
    current: Extraction | None,
    extraction: Extraction,
    vendor: Vendor,
    document: Document,
    now: datetime,
) -> tuple[tuple[PinnedPromise, ...], tuple[Event, ...]]:
    """The pinned sentences as the new text keeps them, and an event for each that is kept less well than before.

    A sentence pinned since the last version is judged against that first; the first text of all tells nobody anything.

    Raises:
        SandboxError: a limit was reached.
    """
    before = {promise.sentence: promise for promise in known}
    pins, events = [], []
    for sentence in sentences:
        state, found = _judge(sandbox, sentence, extraction)
        old = before.get(sentence)
        since = old.since if old and old.state == state else now
        pins.append(PinnedPromise(document.key, sentence, state, since, found))
        was = old.state if old else _judge(sandbox, sentence, current)[0] if current else state
        if WORSE[state] > WORSE[was]:
            summary = f"{name(vendor, document)}: a pinned promise is {state}: “{sentence}”"
            detail = f"The text that comes closest now: “{found}”" if found and state != "gone" else ""
            events.append(document_event("promise", vendor, document, now, summary=summary, detail=detail))
    return tuple(pins), tuple(events)


def _judge(sandbox: Sandbox, sentence: str, extraction: Extraction) -> tuple[PromiseState, str]:
    said, found = sandbox.promise(sentence, extraction.text)
    return next(word for word in get_args(PromiseState) if word == said), found
