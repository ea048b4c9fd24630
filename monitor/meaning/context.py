"""What a clause inherits: the verb, the denial and the subject of its lead-in, its table header and its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.meaning.grammar import Act, acts
from monitor.meaning.reading import Reading, read
from monitor.model import Clause

# What a heading is about, by the first class of terms that it has; the order decides.
_SUBJECTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rights", ("right.signals", "right.complaint", "right.object", "right.access")),
    ("children", ("topic.children",)),
    ("retain", ("act.retain",)),
    ("delete", ("act.delete",)),
    ("transfer", ("topic.mechanism", "topic.transfer")),
    ("basis", ("topic.basis",)),
    ("notice", ("topic.notice",)),
    ("sell", ("act.sell",)),
    ("share", ("act.share", "who.adpartners", "who.processor", "who.affiliates", "who.thirdparty", "who.authorities")),
    ("collect", ("act.collect",)),
    ("use", ("act.use",)),
    ("security", ("topic.security", "purpose.security")),
    ("controller", ("topic.controller",)),
    ("collect", ("data",)),
)


# A list under a lead-in or heading with one of these words may be one of recipients; its items must look like names
# too.
_WHO_GETS = re.compile(
    r"(?:who (?:else )?(?:can |may |will |do |does )?(?:gets?|receives?|sees?|has|have)|(?:with )?whom (?:do )?we)\b",
    re.IGNORECASE,
)
_LISTED = frozenset(
    (
        "companies firms businesses helpers providers suppliers partners vendors contractors tools "
        "subprocessors processors recipients subprocessor vendor provider supplier recipient"
    ).split()
)


# Heads of columns that hold names of companies, and of columns in tables of something else.
_HEADS = frozenset(
    "company entity organisation organization vendor provider supplier subprocessor recipient partner tool".split()
)
_NO_NAMES = frozenset("cookie cookies category categories expiry data information right law state".split())
_BY_NAME = frozenset("subprocessors subprocessor subcontractors list".split())


@dataclass(frozen=True, slots=True)
class Context:
    """What stands above a clause.

    ``kind`` is what the lead-in, else the heading says is done; ``denied`` whether the lead-in denies it;
    ``subjects`` what
    all headings are about, nearest first; ``who`` and ``purposes`` are classes that the lead-in names for all its
    items.
    """

    kind: str = ""
    denied: bool = False
    only: bool = False
    lead: Reading | None = None
    subjects: tuple[str, ...] = ()
    named: bool = False  # stands in a list or table of recipients
    heading: str = ""
    row: bool = False  # is a row of a table


def context(clause: Clause) -> Context:
    """The context of a clause."""
    return _context(clause.lead_in, clause.headings[-3:], clause.kind)


@lru_cache(maxsize=8192)
def _context(lead_in: str, headings: tuple[str, ...], kind: str) -> Context:
    subjects = tuple(subject for heading in reversed(headings) if (subject := subject_of(heading)))
    named = _lists_recipients(lead_in, kind) or any(_lists_recipients(heading, kind) for heading in headings[-2:])
    heading = headings[-1] if headings else ""
    if kind == "row":
        named = named or _registers(lead_in)
    if not lead_in:
        first = subjects[0] if subjects else ""
        return Context(first, subjects=subjects, named=named, heading=heading, row=kind == "row")
    lead = read(lead_in[-600:])
    act = _leading(lead)
    if act is None or kind == "row":
        heads = subjects[0] if subjects else ""
        found = _table(lead) or heads if kind == "row" else subject_of(lead_in) or heads
        return Context(found, lead=lead, subjects=subjects, named=named, heading=heading, row=kind == "row")
    excepted = any(one.first > act.first for one in lead.of("cond.exception"))  # "…, except in the following cases:"
    denied = act.denied and not excepted
    return Context(act.kind, denied, act.only and not excepted, lead, subjects, named, heading)


_ORGANISATIONS = frozenset(
    "company entity firm organisation organization name vendor partner recipient provider tool party".split()
)
_TASKS = frozenset("task purpose purposes service services role location country seat place function activity".split())


def _registers(header: str) -> bool:
    """Whether a table with this header lists companies: one column names them, another says what they do or where."""
    first, *others = [set(read(cell).words) for cell in header.split("|")]
    return bool(first & _ORGANISATIONS) and any(cell & _TASKS for cell in others)


def _table(header: Reading) -> str:
    """What the rows of a table with this header are about."""
    words = set(header.words)
    if words & {"category", "categories", "example", "examples"} and words & {
        "data",
        "information",
        "collected",
        "category",
        "categories",
    }:
        return "collect"
    return ""


def _leading(lead: Reading) -> Act | None:
    """The act of a lead-in that its items belong to: the last one, but "use" after "collect … for" too."""
    found = acts(lead)
    return found[-1] if found else None


@lru_cache(maxsize=8192)
def subject_of(heading: str) -> str:
    """What a heading is about, "" when that cannot be told."""
    reading = read(heading[:300])
    for subject, names in _SUBJECTS:
        if reading.has(*names):
            return subject
    return ""


@lru_cache(maxsize=8192)
def _lists_recipients(text: str, kind: str) -> bool:
    """Whether what stands under a lead-in or heading is a list of recipients by name.

    A lead-in must introduce them, a heading must be that of such a list or stand over a table.
    """
    words = set(read(text[:600]).words)
    if kind == "row" and words & _HEADS and not words & _NO_NAMES:
        return True
    listed = bool(words & _LISTED) or {"third", "party"} <= words or {"third", "parties"} <= words
    if not listed and not _WHO_GETS.match(text):
        return False
    return kind == "row" or text.rstrip(" *_").endswith(":") or bool(words & _BY_NAME)
