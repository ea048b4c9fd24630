"""What a mail says, before it is text or HTML: the parts of one event, and the sections under all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from monitor.alerts.digest import severity_rank
from monitor.alerts.safe import clip, link
from monitor.alerts.views import Batch, House, Item, Sight, Told
from monitor.alerts.wording import direction_words, document_name, label_name, wish
from monitor.model import Finding, Quote
from monitor.report.wording import ago, moment, plural, quoted, telling_value

Depth = Literal["digest", "alert", "full"]
LIMITS: dict[Depth, tuple[int, int]] = {"digest": (3, 280), "alert": (15, 700), "full": (40, 5000)}  # findings, quote
BEFORE = {"added": "Said before", "removed": "No longer there", "changed": "Before"}
AFTER = {"added": "New", "removed": "Says now", "changed": "Now"}
_TOLD_WHOLE = frozenset({"trouble", "gone"})  # their summary ends with the reason; what is left is a word of ours
MANY = 10  # lines of a list before it says how many more there are


@dataclass(frozen=True, slots=True)
class Said:
    """One finding, in the words of a mail."""

    direction: str
    words: str
    label: str
    severity: str
    section: str
    summary: str
    before: str
    before_caption: str
    after: str
    after_caption: str


@dataclass(frozen=True, slots=True)
class Part:
    """One event, in the words of a mail."""

    name: str
    summary: str
    detail: str
    meta: str
    findings: tuple[Said, ...]
    rest_caption: str
    rest: tuple[str, ...]
    sure: tuple[str, ...]
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of ours."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a few lines, and perhaps links."""

    heading: str
    lines: tuple[str, ...] = ()
    links: tuple[Anchor, ...] = ()


def part(item: Item, told: Told, *, depth: Depth) -> Part:
    """What a mail says about one event."""
    count, length = LIMITS[depth]
    asked = sorted(item.findings or item.event.findings, key=severity_rank, reverse=True)
    rest = [*asked[count:], *(item.rest if item.findings else ())]
    lines = tuple(f"{label_name(one.label)} ({direction_words(one.direction)}): {one.summary}" for one in rest)
    shown = MANY if depth != "digest" else 0
    more = (f"and {len(lines) - shown} more",) if len(lines) > shown else ()
    event = item.event
    return Part(
        name=document_name(event),
        summary=event.summary,
        detail="" if event.kind in _TOLD_WHOLE else clip(event.detail, length),
        meta=""
        if event.operator or not event.findings
        else f"{direction_words(event.direction)}, {event.severity} severity",
        findings=tuple(_said(one, length) for one in asked[:count]),
        rest_caption="Also in this change" if shown else "",
        rest=(*lines[:shown], *more),
        sure=() if depth == "digest" else _sure(told),
        url=link(told.url),
        source=link(told.source),
    )


def sections(
    batch: Batch, house: House, *, sights: Sequence[Sight], total: int, links: Sequence[Anchor], now: datetime
) -> tuple[Section, ...]:
    """What stands under the events: what was seen and what not, and why somebody gets this."""
    seen = [sight for sight in sights if sight.seen]
    unseen = [sight for sight in sights if not sight.seen]
    lines = [f"{sight.name}: last seen {moment(sight.seen_at)}" for sight in seen[:MANY]]
    if len(seen) > MANY:
        lines.append(f"and {len(seen) - MANY} more")
    made = [Section("When we last looked", tuple(lines))] if lines else []
    if unseen:
        missing = [_unseen(sight, now) for sight in unseen[:MANY]]
        if len(unseen) > MANY:
            missing.append(f"and {len(unseen) - MANY} more")
        made.append(Section(f"What could not be seen ({len(unseen)} of {plural(total, 'document')})", tuple(missing)))
    made.append(Section("Why you get this", tuple(_reason(batch, house)), tuple(links)))
    made.append(Section("What this is", ("We report what the texts say, not what the companies do.",)))
    return tuple(made)


def leave_by_mail(batch: Batch, house: House) -> str:
    """The mailto: address that ends the subscriptions of a mail where no web page can; "" when nobody reads mail."""
    if not house.operator:
        return ""
    numbers = " ".join(str(one.id) for one in batch.subscriptions)
    return f"mailto:{quote(house.operator, safe='@')}?subject={quote(f'unsubscribe {numbers}')}"


def _said(finding: Finding, length: int) -> Said:
    return Said(
        direction=finding.direction,
        words=direction_words(finding.direction),
        label=label_name(finding.label) + (f": {clip(told, 120)}" if (told := telling_value(finding)) else ""),
        severity=f"{finding.severity} severity" if finding.severity != "none" else "for information",
        section=clip(" › ".join(finding.section), 120),
        summary="" if quoted(finding) else clip(finding.summary, 600),
        before=_quotation(finding.before, length),
        before_caption=BEFORE[finding.action],
        after=_quotation(finding.after, length),
        after_caption=AFTER[finding.action],
    )


def _quotation(quotation: Quote | None, length: int) -> str:
    return f"“{clip(quotation.quote, length)}”" if quotation else ""


def _sure(told: Told) -> tuple[str, ...]:
    """How sure, and since when."""
    event, lines = told.event, []
    if event.kind not in {"change", "withdrawal"}:
        return ()
    if told.first_seen_at and event.at > told.first_seen_at:
        lines.append(
            f"Seen twice: first {moment(told.first_seen_at)}, and again {moment(event.at)}, so it is no passing glitch."
        )
    elif told.first_seen_at:
        lines.append(f"First seen {moment(told.first_seen_at)} and told at once, without waiting for a second look.")
    if told.before_seen_at:
        lines.append(f"The earlier text was kept since {moment(told.before_seen_at)}.")
    if any(one.direction == "unclear" or one.label == "unclassified" for one in event.findings):
        lines.append("For some of it the rules cannot tell what it means for you: judge by the quotation.")
    if not told.doubts:
        lines.append(
            "The quotations are literal; the direction and severity come from published rules, not from a person."
        )
    lines.extend(f"The page was hard to read: {doubt}." for doubt in told.doubts)
    return tuple(lines)


def _unseen(sight: Sight, now: datetime) -> str:
    if sight.paused:
        last = moment(sight.seen_at) or "never"
        return f"{sight.name}: not looked at, on purpose ({clip(sight.paused, 160)}), last seen {last}"
    since = f"failing for {ago(sight.failing_since, now)}" if sight.failing_since else "not seen yet"
    last = f", last seen {moment(sight.seen_at)}" if sight.seen_at and sight.failing_since else ""
    return f"{sight.name}: {since}{last}{f' ({clip(sight.reason, 160)})' if sight.reason else ''}"


def _reason(batch: Batch, house: House) -> list[str]:
    if any(item.event.kind == "correction" for item in batch.items):
        return ["You got the message that this corrects."]
    if all(one.source == "settings" for one in batch.subscriptions):
        return [f"You run {house.title}: its settings name you as operator."]
    return [f"You asked for {wish(one)}." for one in batch.subscriptions]
