"""What the current text of a document says it does: made once for a text, kept beside its page as JSON."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.meaning import REVISION
from monitor.model import Clause, DocumentKey, Quote, Version
from monitor.report.pages import named
from monitor.report.views import InventoryItem

LARGEST = 1_000_000  # characters; a text beyond that is no policy a person could read either


def inventory(text: str, clauses: Sequence[Clause]) -> tuple[InventoryItem, ...]:
    """The items of a text, each with the name of its place on the page of the text. Takes about 0.1 s a policy."""
    from monitor.meaning.inventory import inventory as items_of

    if len(text) > LARGEST:
        return ()
    items = (
        InventoryItem(item.group, item.label, item.value, item.quote, item.polarity, item.section)
        for item in items_of(text)
    )
    return _placed(items, clauses)


def _placed(items: Iterable[InventoryItem], clauses: Sequence[Clause]) -> tuple[InventoryItem, ...]:
    names = [name for _, name in named(clauses)]
    starts = [clause.start for clause in clauses]
    made: list[InventoryItem] = []
    for item in items:
        at = bisect_right(starts, item.quote.start) - 1
        made.append(replace(item, place=names[at] if at >= 0 else ""))
    return tuple(made)


def as_json(key: DocumentKey, version: Version, items: Sequence[InventoryItem]) -> bytes:
    """The inventory for other programs, and for the next time the page is made."""
    value = {
        "schema": "policy-inventory/1",
        "document": str(key),
        "version": version.seq,
        "seen_at": f"{version.seen_at:%Y-%m-%dT%H:%M:%SZ}",
        "text_sha256": version.text_digest,
        "rules": REVISION,
        "items": [
            {
                "group": item.group,
                "label": item.label,
                "polarity": item.polarity,
                "value": item.value,
                "section": list(item.section),
                "quote": item.quote.quote,
                "start": item.quote.start,
                "end": item.quote.end,
            }
            for item in items
        ],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def from_json(
    data: bytes | None, version: Version, text: str, clauses: Sequence[Clause]
) -> tuple[InventoryItem, ...] | None:
    """The items kept earlier; None when they are of another text or rules, or do not quote this text literally."""
    try:
        value = json.loads(data or b"")
        if value["text_sha256"] != version.text_digest or value["rules"] != REVISION:
            return None
        items = [
            InventoryItem(
                str(row["group"]),
                str(row["label"]),
                str(row["value"]),
                Quote(row["quote"], row["start"], row["end"]),
                "commitment" if row["polarity"] == "commitment" else "practice",
                tuple(map(str, row["section"])),
            )
            for row in value["items"]
        ]
        if any(text[item.quote.start : item.quote.end] != item.quote.quote for item in items):
            return None
    except (ValueError, KeyError, TypeError):
        return None
    return _placed(items, clauses)
