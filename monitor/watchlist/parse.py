"""From the tables of a watchlist to its records: shapes first, then what must hold between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.model import Document, DocumentKey, HeadingRange, Schedule, SeverityOverride, Vendor, Watchlist
from monitor.model.change import Action, Direction, Polarity, Severity
from monitor.model.watch import Render
from monitor.watchlist import values
from monitor.watchlist.address import url
from monitor.watchlist.cron import cron
from monitor.watchlist.selector import selector
from monitor.watchlist.source import Source
from monitor.watchlist.table import Problems, Table, Wrong, shown
from monitor.watchlist.unique import check_unique

KINDS = (
    "privacy-policy",
    "terms",
    "cookies",
    "subprocessors",
    "acceptable-use",
    "data-processing",
    "childrens-privacy",
    "health-privacy",
    "state-privacy",
    "community-guidelines",
    "transparency",
)
"""Kinds with a name that is known; others are possible."""

_HINTS = {
    "zone": "cron lines are read in UTC",
    "timezone": "cron lines are read in UTC",
    "schedule": 'interval = "1d" or cron = "30 6 * * mon"',
    "selector": 'select = ["…"]',
    "xpath": 'only CSS: select = ["…"]',
    "command": "a watchlist cannot run anything",
    "filter": "there is no expression language; select and remove take CSS",
    "allow_networks": "exceptions to the fetch rules stand in settings.toml",
    "delay": "exceptions to the fetch rules stand in settings.toml",
    "user_agent": "contact stands in settings.toml",
}
_RENDERS: tuple[Render, ...] = ("http", "browser")
_ACTIONS: tuple[Action, ...] = ("added", "removed", "changed")
_POLARITIES: tuple[Polarity, ...] = ("practice", "commitment")
_DIRECTIONS: tuple[Direction, ...] = ("worse", "better", "neutral", "unclear")
_SEVERITIES: tuple[Severity, ...] = ("none", "low", "medium", "high")
_LABEL = re.compile(r"[a-z*][a-z_*]{0,40}(?:\.[a-z_*]{1,40})?")
_SHORTEST = timedelta(hours=1)  # no document is asked for more often: it is somebody else's machine
_MOST_URLS = 20


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a document takes from its vendor and from the defaults, unless it says something itself."""

    schedule: Schedule = field(default_factory=Schedule)
    confirm: timedelta = timedelta(hours=12)
    language: str | None = None
    tags: tuple[str, ...] = ()
    render: Render = "http"


def build(source: Source) -> Watchlist:
    """The watchlist that a file declares.

    Raises:
        ConfigError: with everything that is wrong.
    """
    problems = Problems(source)
    root = Table(source.data, problems)
    defaults = root.table("defaults")
    inherited = _inherit(defaults, _Inherited())
    defaults.finish(_HINTS)
    promises: list[tuple[DocumentKey, str]] = []
    tables = root.tables("vendor", name="id")
    if not tables and not problems.found:
        root.wrong("", "no vendor is declared", "policy-monitor add URL writes one")
    vendors = tuple(_vendor(table, inherited, promises) for table in tables)
    severity = tuple(_severity(table) for table in root.tables("severity", name="label"))
    root.finish(_HINTS)
    check_unique(vendors, problems)
    problems.check()
    return Watchlist(vendors, severity, tuple(promises))


def _inherit(table: Table, above: _Inherited) -> _Inherited:
    interval = table.take("interval", values.duration(shortest=_SHORTEST), None)
    line = table.take("cron", cron, None)
    if interval is not None and line is not None:
        table.wrong("cron", "a document has an interval or a cron line, not both")
    schedule = above.schedule
    if interval is not None or line is not None:
        schedule = Schedule(None, line) if line is not None else Schedule(interval)
    own_tags = table.each("tags", values.identifier)
    return _Inherited(
        schedule,
        table.take("confirm", values.duration(longest=timedelta(days=30)), above.confirm),
        table.take("language", values.language, above.language),
        tuple(dict.fromkeys((*above.tags, *own_tags))),
        table.take("render", values.one_of(_RENDERS), above.render),
    )


def _vendor(table: Table, above: _Inherited, promises: list[tuple[DocumentKey, str]]) -> Vendor:
    vendor_id = table.need("id", values.identifier, "")
    name = table.take("name", values.text, vendor_id)
    formerly = table.each("formerly", values.identifier)
    inherited = _inherit(table, above)
    documents = []
    for inner in table.tables("document", name="kind"):
        document = _document(inner, vendor_id, inherited)
        documents.append(document)
        promises += [(document.key, sentence) for sentence in inner.each("promises", _promise)]
        inner.finish(_HINTS)
    table.finish(
        {"url": "[[vendor.document]] stands before it", "kind": "[[vendor.document]] stands before it", **_HINTS}
    )
    return Vendor(vendor_id, name, inherited.tags, tuple(documents), formerly)


def _document(table: Table, vendor: str, above: _Inherited) -> Document:
    kind = table.take("kind", lambda value: values.document_kind(value, KINDS), "privacy-policy")
    inherited = _inherit(table, above)
    return Document(
        vendor=vendor,
        id=table.take("id", values.identifier, kind),
        kind=kind,
        urls=_urls(table),
        select=table.each("select", selector),
        remove=table.each("remove", selector),
        headings=_headings(table),
        schedule=inherited.schedule,
        confirm=inherited.confirm,
        language=inherited.language,
        tags=inherited.tags,
        render=inherited.render,
        robots_ignore=table.take("robots", values.robots, None),
        paused=table.take("paused", values.text, None),
        formerly=table.each("formerly", values.identifier),
    )


def _urls(table: Table) -> tuple[str, ...]:
    one = table.take("url", url, "")
    several = table.each("urls", url)
    if "url" in table.data and "urls" in table.data:
        table.wrong("urls", "a document has url or urls, not both")
    elif not {"url", "paused"} & table.data.keys() and not table.data.get("urls"):
        table.wrong("", "url is missing", 'url = "https://…"')
    if len(several) > _MOST_URLS:
        table.wrong("urls", f"more than {_MOST_URLS} addresses")
    return (one,) if one else several


def _headings(table: Table) -> HeadingRange | None:
    start = table.take("from_heading", values.text, None)
    until = table.take("until_heading", values.text, None)
    if until is not None and "from_heading" not in table.data:
        table.wrong("until_heading", "needs from_heading")
    return HeadingRange(start, until) if start is not None else None


def _promise(value: object) -> str:
    return values.text(value, longest=1_000)


def _severity(table: Table) -> SeverityOverride:
    label = table.need("label", _label, "")
    override = SeverityOverride(
        label,
        table.take("action", values.one_of(_ACTIONS), None),
        table.take("polarity", values.one_of(_POLARITIES), None),
        table.take("direction", values.one_of(_DIRECTIONS), None),
        table.take("severity", values.one_of(_SEVERITIES), None),
    )
    if "direction" not in table.data and "severity" not in table.data:
        table.wrong("", "sets neither severity nor direction")
    table.finish()
    return override


def _label(value: object) -> str:
    label = values.text(value)
    if not _LABEL.fullmatch(label):
        raise Wrong(f"{shown(label)} is no label", 'for example "share.sale" or "share.*"')
    return label
