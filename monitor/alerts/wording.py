"""The words of subjects and mails: what happened, for whom it is worse, and why somebody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from monitor.alerts.digest import severity_rank, vendor_of
from monitor.alerts.header import header_text
from monitor.alerts.views import Item
from monitor.model import Event, Finding, Subscription
from monitor.report.wording import DIRECTIONS, FAMILIES, document_kind, plural

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVENTS = {
    "change": "changes",
    "withdrawal": "an earlier text that comes back",
    "promise": "pinned promises",
    "unstable": "a text that keeps alternating",
    "effective": "changes that take effect",
    "correction": "corrections",
    "trouble": "pages that cannot be seen",
    "recovery": "pages seen again",
    "gone": "pages that are gone",
    "moved": "pages that moved to another site",
    "mail-failing": "mail that cannot be delivered",
    "archive-damaged": "damage to the archive",
}
ADVERB = {"now": "at once", "daily": "daily", "weekly": "weekly"}


def subject(item: Item) -> str:
    """The subject of a mail about one event: "Acme privacy policy: 2 changes for the worse (sale of data)"."""
    event, name = item.event, document_name(item.event)
    if event.kind == "change" and (item.findings or event.findings):
        return header_text(f"{name}: {tally(item.findings or event.findings)}")
    if event.kind == "withdrawal":
        return header_text(f"{name}: an earlier text is back")
    if event.kind == "correction":
        return header_text(f"Correction: {name}: what we told you was wrong")
    return header_text(f"{name}: {event.summary}" if name and name not in event.summary else event.summary)


def digest_subject(items: Sequence[Item], rhythm: str) -> str:
    """The subject of a digest: "Weekly: 5 changes at 3 vendors, 2 for the worse (Acme, Umbrella)"."""
    lead = {"daily": "Daily: ", "weekly": "Weekly: "}.get(rhythm, "")
    vendors = list(dict.fromkeys(vendor for item in items if (vendor := vendor_of(item.event))))
    changes = sum(item.event.kind in {"change", "withdrawal"} for item in items)
    what = plural(changes, "change") if changes == len(items) else plural(len(items), "event")
    where = f" at {plural(len(vendors), 'vendor')}" if vendors else ""
    worse = [item for item in items if any(finding.direction == "worse" for finding in item.findings)]
    grave = list(dict.fromkeys(vendor_of(item.event) for item in worse))
    named = ", ".join(header_text(name, limit=40) for name in grave[:3]) + (", …" if len(grave) > 3 else "")
    tail = f", {len(worse)} for the worse ({named})" if worse else ""
    return header_text(f"{lead}{what}{where}{tail}")


def tally(findings: Sequence[Finding]) -> str:
    """How many findings, for whom, and the gravest's name: "2 changes for the worse (sale of data)".

    What no rule could classify is counted apart, and gives its name only while there is nothing else.
    """
    named = [finding for finding in findings if finding.label != "unclassified"] or list(findings)
    worse = [finding for finding in named if finding.direction == "worse"]
    better = all(finding.direction == "better" for finding in named)
    counted = worse or named
    which = " for the worse" if worse else " for the better" if better else ""
    rest = 0 if worse else len(findings) - len(named)
    name = lower(label_name(max(counted, key=severity_rank).label))
    return f"{plural(len(counted), 'change')}{which}{f', {rest} not classified' if rest else ''} ({name})"


def label_name(label: str) -> str:
    """What a label is called for people; its own words when it has no name."""
    return label_names().get(label) or label.replace(".", ": ").replace("_", " ")


def lower(text: str) -> str:
    """The text with a small first letter, unless its first word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def document_name(event: Event) -> str:
    """How the event's document is called: "Acme privacy policy"; "" for the installation."""
    if event.key is None:
        return ""
    return header_text(f"{vendor_of(event)} {document_kind(event.document_kind or event.key.document)}")


def direction_words(direction: str) -> str:
    """The direction with its sign: "↓ worse"."""
    return " ".join(DIRECTIONS[direction])


def wish(subscription: Subscription) -> str:
    """What a subscription asks for: "changes at acme about who receives data, only for the worse, at once"."""
    what = ", ".join(EVENTS[kind] for kind in subscription.events if kind in EVENTS) or _any(subscription)
    if subscription.kinds:
        what += f" of every {' and '.join(document_kind(kind) for kind in subscription.kinds)}"
    if subscription.vendors:
        what += f" at {_either(subscription.vendors)}"
    if subscription.tags:
        what += f" tagged {_either(subscription.tags)}"
    if subscription.labels:
        what += f" about {_either([_topic(pattern) for pattern in subscription.labels])}"
    parts = [what]
    if subscription.severity != "none":
        parts.append(f"of {subscription.severity} severity{' or more' if subscription.severity != 'high' else ''}")
    if subscription.direction == "worse":
        parts.append("only for the worse")
    parts.append(rhythm_words(subscription))
    return ", ".join(parts)


def _topic(pattern: str) -> str:
    """A family or a label by its name, any other pattern as it was written."""
    name = FAMILIES.get(pattern.removesuffix(".*")) or label_names().get(pattern)
    return f"“{name}”" if name else pattern


@lru_cache(maxsize=1)
def label_names() -> Mapping[str, str]:
    """What each label is called in a sentence: its name without what stands in brackets."""
    from monitor.meaning.knowledge import labels

    names = {label.id: label.name.partition(" (")[0] for label in labels().values()}
    return {**names, "unclassified": "not classified"}


def _either(names: Sequence[str]) -> str:
    shown = list(names[:8]) + ([f"{len(names) - 8} more"] if len(names) > 8 else [])
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def rhythm_words(subscription: Subscription) -> str:
    """When mail comes: "weekly on Monday at 8:00 (Europe/Berlin)"."""
    if subscription.every == "now":
        return "at once"
    day = f" on {DAYS[subscription.weekday]}" if subscription.every == "weekly" else ""
    return f"{ADVERB[subscription.every]}{day} at {subscription.hour}:00 ({subscription.zone})"


def _any(subscription: Subscription) -> str:
    return "trouble of this monitor" if subscription.operator else "changes"
