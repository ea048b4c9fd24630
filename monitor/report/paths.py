"""Where each page of the site lives, relative to its root; whatever a name holds, it stays one plain segment."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.model import Change, DocumentKey, Version

INDEX = "index.html"
VENDORS = "vendors.html"
WATCH = "watch.html"
TOPICS = "topics.html"
MONTHS = "months.html"
SEARCH_INDEX = "search/index.js"
STYLE = "style.css"
SCRIPT = "site.js"

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


@lru_cache(maxsize=20_000)
def safe(name: str) -> str:
    """The name as one plain path segment: never empty, hidden, or able to leave its folder."""
    return _ODD.sub("-", name).strip(".-")[:120] or "x"


def vendor(vendor_id: str) -> str:
    """The vendor's page."""
    return f"vendor/{safe(vendor_id)}.html"


def document(key: DocumentKey) -> str:
    """The document's page."""
    return f"vendor/{safe(key.vendor)}/{safe(key.document)}.html"


def change(record: Change) -> str:
    """The change's page; ``slug`` keeps it the same through every rebuild."""
    return f"vendor/{safe(record.key.vendor)}/{safe(record.key.document)}/{safe(record.slug)}.html"


def version(record: Version) -> str:
    """The page with the text of a version."""
    return f"vendor/{safe(record.key.vendor)}/{safe(record.key.document)}/text-{record.seq}.html"


def month(year_month: str) -> str:
    """Everything that changed in a month (``2026-03``)."""
    return f"month/{safe(year_month)}.html"


def topic(family: str) -> str:
    """The latest changes of one family of labels."""
    return f"topic/{safe(family)}.html"


def since(day: str) -> str:
    """The newsletter of changes since a day, without its extension."""
    return f"since/{safe(day)}"


def pending(key: DocumentKey) -> str:
    """A new text that waits to be confirmed."""
    return f"vendor/{safe(key.vendor)}/{safe(key.document)}/pending.html"


def inventory(key: DocumentKey) -> str:
    """What the current text says, as JSON."""
    return f"vendor/{safe(key.vendor)}/{safe(key.document)}/inventory.json"


def search(key: DocumentKey) -> str:
    """The script with the clauses of all versions of a document."""
    return f"search/{safe(key.vendor)}/{safe(key.document)}.js"


def feed(kind: str, name: str = "") -> str:
    """An Atom feed: ``all``, or ``vendor``/``document``/``topic`` with a name."""
    if kind == "all":
        return "feed/all.xml"
    return f"feed/{kind}/{'/'.join(safe(part) for part in name.split('/'))}.xml"


def root(path: str) -> str:
    """The relative way from a page back to the site's root: ``""`` or ``"../"`` as often as it is deep."""
    return "../" * path.count("/")
