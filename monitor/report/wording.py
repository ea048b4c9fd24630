"""The words, signs and dates that pages show for the values of records. A sign always stands beside its word."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from monitor.model import Finding

DIRECTIONS = {
    "worse": ("↓", "worse"),
    "better": ("↑", "better"),
    "mixed": ("↕", "mixed"),
    "neutral": ("=", "neutral"),
    "unclear": ("?", "unclear"),
}
SEVERITY_RANK = {"none": 0, "low": 1, "medium": 2, "high": 3}
MATERIALITY = {
    "substantive": "substantive",
    "editorial": "editorial: the words changed, no practice did",
    "noise": "noise: dates, links or punctuation",
}
CHANGE_KINDS = {"change": "change", "withdrawal": "withdrawal", "technical": "technical upgrade"}
CLAUSE_KINDS = {
    "added": ("+", "added"),
    "removed": ("−", "removed"),
    "reworded": ("~", "reworded"),
    "moved": ("⇅", "moved"),
}
OUTCOMES = {
    "baseline": "first version kept",
    "unchanged": "unchanged",
    "pending": "new text, waiting to be confirmed",
    "version": "new version",
    "excursion": "the new text went away again",
    "withdrawal": "an earlier text came back",
    "unstable": "keeps alternating: recorded, not announced",
    "refused": "not the policy",
    "failed": "could not be read",
}
PROMISES = {
    "unknown": "? not looked for yet",
    "there": "✓ still there",
    "reworded": "~ reworded",
    "weakened": "↓ weakened",
    "gone": "✕ gone",
}
NOVELTY = {"new": "", "restated": "said elsewhere in the other version too", "moved": "moved"}
FAMILIES = {
    "data": "What is collected",
    "share": "Who receives data",
    "purpose": "What data is used for",
    "retention": "How long data is kept",
    "rights": "Rights and choices",
    "security": "Security",
    "transfer": "International transfer",
    "legal_basis": "Legal basis",
    "children": "Children",
    "jurisdiction": "Countries and states",
    "controller": "Who is responsible",
    "notice_change": "Notice of changes",
    "scope": "What the policy covers",
    "definition": "Definitions",
    "other": "Other",
    "unclassified": "Unclassified",
}
_DOCUMENT_KINDS = {
    "privacy-policy": "privacy policy",
    "terms": "terms of service",
    "cookies": "cookie policy",
    "subprocessors": "list of subprocessors",
    "dpa": "data processing agreement",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def day(value: datetime | date | str | None) -> str:
    """A day for people: ``29 March 2020``; "" for None; an ISO day in a string is read."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value[:10]))
        except ValueError:
            return value
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


@lru_cache(maxsize=20_000)
def day_iso(value: datetime) -> str:
    """The UTC day for machines: ``2020-03-29``."""
    return value.astimezone(UTC).date().isoformat()


@lru_cache(maxsize=20_000)
def month(year_month: str) -> str:
    """``March 2020`` for ``2020-03``."""
    return f"{_MONTHS[int(year_month[5:7]) - 1]} {year_month[:4]}"


@lru_cache(maxsize=20_000)
def moment(value: datetime | None) -> str:
    """A time for people, in UTC: ``29 March 2020, 12:00 UTC``."""
    return f"{day(value)}, {value.astimezone(UTC):%H:%M} UTC" if value else ""


@lru_cache(maxsize=20_000)
def iso(value: datetime | date | None) -> str:
    """The same for machines (``datetime`` attributes, exports)."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def ago(value: datetime | None, now: datetime) -> str:
    """How long ago, roughly: ``3 hours``, ``12 days``, ``2 years``."""
    if value is None:
        return "never"
    seconds = max(0.0, (now - value).total_seconds())
    for size, name in ((31_557_600, "year"), (2_629_800, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= (2 * size if name in {"year", "month"} else size):
            count = int(seconds // size)
            return f"{count} {name}{'s' if count != 1 else ''}"
    return "a moment"


def document_kind(kind: str) -> str:
    """What a document is called: ``privacy policy`` for ``privacy-policy``."""
    return _DOCUMENT_KINDS.get(kind, kind.replace("-", " ").replace("_", " "))


_TOLD_BY_VALUE = frozenset({"share.named", "jurisdiction"})
_RULES_OF_VALUES = frozenset({"edit.period", "edit.age", "edit.email", "edit.controller", "edit.cell"})


def telling_value(finding: Finding) -> str:
    """The value of a finding where it says more than its label: a name, a place, "30 days → 90 days"; else ""."""
    return finding.value if finding.label in _TOLD_BY_VALUE or finding.rule in _RULES_OF_VALUES else ""


def quoted(finding: Finding) -> bool:
    """Whether a finding has quotations: they stand beside it then, and say what its summary would say again."""
    return finding.before is not None or finding.after is not None


def family(name: str) -> str:
    """The heading of a family of labels."""
    return FAMILIES.get(name, name.replace("_", " ").capitalize())


def plural(count: int, one: str, many: str = "") -> str:
    """``1 change``, ``2 changes``; thousands get a thin separator."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """The text with its first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]
