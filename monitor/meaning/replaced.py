"""Who is named in an edited clause: recipients that came or went, and the company that is responsible."""

from __future__ import annotations

from bisect import bisect_left

from monitor.meaning import values
from monitor.meaning.context import Context
from monitor.meaning.names import Name, capitalised, names, row_name
from monitor.meaning.reading import Side
from monitor.meaning.world import World

Span = tuple[int, int]


def recipients(old: Side, new: Side, there: tuple[Context, Context], world: World) -> tuple[list[Name], list[Name]]:
    """Names that the edit took out and put in, and that the other version has nowhere."""
    gone = [name for name in _fresh(old, there) if not world.new.has(name[2])]
    came = [name for name in _fresh(new, there) if not world.old.has(name[2])]
    return gone, came


def _fresh(here: Side, there: tuple[Context, Context]) -> list[Name]:
    listed = there[0].named or there[1].named
    reading = here.reading
    if "responsible" in reading.words and reading.has("neg", "topic.scope"):
        return []  # whose practices are not the vendor's own
    head = row_name(here.clause, there[1] if there[1].named else there[0]) if listed else None
    if head and here.is_fresh(head[0], head[1]):
        return [head]
    speaks = reading.has("who.processor", "who.adpartners", "who.thirdparty", "who.affiliates", "act.share", "act.use")
    if not listed and not speaks:
        return []
    found = [name for name in names(here) if here.is_fresh(name[0], name[1])]
    covered = {n for first, last, _ in found for n in range(first, last)}
    others = [name for start, end in runs(here.fresh) for name in capitalised(here, start, end)]
    return found + [
        name
        for name in others
        if covered.isdisjoint(range(name[0], name[1])) and (listed or values.legal_names(name[2]))
    ]


def runs(places: frozenset[int]) -> list[Span]:
    """Runs of neighbouring words."""
    found: list[Span] = []
    for n in sorted(places):
        if found and found[-1][1] == n:
            found[-1] = (found[-1][0], n + 1)
        else:
            found.append((n, n + 1))
    return found


def controller(old: Side, new: Side) -> tuple[str, Span, Span] | None:
    """Another address or company, as a value with the words of both sides that show it."""
    spans = [touched(side, around=1) for side in (old, new)]
    texts = [side.reading.say(*span) for side, span in zip((old, new), spans, strict=True)]
    if not all(texts):
        return None
    forms = [values.legal_names(text) for text in texts]
    addressed = [values.is_address(text) for text in texts]
    speaks = new.reading.has("topic.controller") or old.reading.has("topic.controller")
    if all(forms) or all(addressed) or (any(forms) and speaks):
        return f"{texts[0][:80]} → {texts[1][:80]}", spans[0], spans[1]
    return None


def addresses(old: Side, new: Side) -> tuple[str, Span, Span] | None:
    """Another e-mail address, as a value with the words of both sides that show it."""
    before, after = values.emails(old.reading.text), values.emails(new.reading.text)
    gone = [mail for mail in before if mail not in after]
    came = [mail for mail in after if mail not in before]
    if not gone or not came or any("protected" in mail for mail in (*gone, *came)):
        return None
    return f"{gone[0]} → {came[0]}", _mail(old, gone[0]), _mail(new, came[0])


def _mail(here: Side, mail: str) -> Span:
    """The word before an address."""
    place = here.reading.text.lower().find(mail)
    n = bisect_left([start for start, _ in here.reading.spans], place)
    n = max(1, min(n, len(here.reading.spans)))
    return n - 1, n


def touched(here: Side, *, around: int = 0) -> Span:
    """The words the edit touched, with some after them; the beginning where it touched none."""
    size = len(here.reading.words)
    if not here.fresh:
        return 0, min(12, size)
    return min(here.fresh), min(max(here.fresh) + 1 + around, size)
