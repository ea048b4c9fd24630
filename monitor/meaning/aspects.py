"""One practice in two wordings.

What differs beside the words (modality, conditions, hedges, places), and for better or worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.meaning.grammar import part
from monitor.meaning.knowledge import table
from monitor.meaning.lexicon import LITTLE
from monitor.meaning.places import places
from monitor.meaning.reading import Reading, Side
from monitor.meaning.scene import Practice
from monitor.model import Direction

_WEAKENING = ("cond.exception", "cond.consent", "modal.hedge", "cond.law")
_NARROWING = ("cond.exception", "cond.consent", "modal.only", "cond.if")
_STRENGTH = {"may": 0, "hedge": 0, "": 1, "will": 2, "must": 2}
_TELLS = frozenset({"tell", "notify", "inform", "notice", "informed", "notified"})
_COSTS = frozenset({"fee", "fees", "cost", "costs", "charge", "charges", "paid"})
_FREE = frozenset({"free", "gratis"})
_RARE = frozenset({"once", "twice"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two wordings of one practice. ``sure`` when it is more than other words."""

    direction: Direction
    sure: bool
    what: str  # "modality", "condition", "negation", "cost", "words"; "beside" when something was put to it


def difference(old: Side, new: Side, before: Practice, after: Practice) -> Difference | None:
    """How the later wording differs from the earlier one, None when only little words do."""
    kind = _kind(after, new.reading)
    for rule in (_people, _negation, _modality, _conditions, _cost, _channel, _matter):
        found = rule(old, new, before, after, kind)
        if found is not None:
            return found
    if not ((telling(old, new) or telling(new, old)) and (_weighs(old) or _weighs(new))):
        return None
    return Difference(_by_length(old, new, kind), sure=False, what="words")


def _kind(practice: Practice, reading: Reading) -> str:
    """Whether more of it is bad ("reach"), good ("guard"), neither ("fact"), or cannot be told ("open")."""
    if practice.polarity == "commitment":
        return "guard"
    if practice.label == "share.authorities" and _TELLS & set(reading.words):
        return "guard"
    way = table().labels[practice.label][0]
    if way == "fact":
        return "fact"
    if practice.label == "transfer" and not reading.has("topic.mechanism"):
        return "open"
    return {"reach": "reach", "routine": "reach", "guard": "guard", "limit": "guard"}.get(way, "open")


def _direction(kind: str, *, weaker: bool) -> Direction:
    """The direction of something that became weaker, or stronger."""
    if kind in {"open", "fact"}:
        return "unclear" if kind == "open" else "neutral"
    return "worse" if weaker == (kind == "guard") else "better"


def _count(side: Side, *names: str) -> int:
    return sum(side.is_fresh(one.first, one.last) for one in side.reading.of(*names))


def _negation(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:  # noqa: ARG001 - one signature for all
    came, gone = _count(new, "neg"), _count(old, "neg")
    if (
        came == gone
        or after.polarity == "commitment"
        or not after.label.startswith(("rights.", "notice_change", "security"))
    ):
        return None
    return Difference("worse" if came > gone else "better", sure=True, what="negation")


def _modality(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:
    was, now = _modal(old, before), _modal(new, after)
    strength = _STRENGTH[now] - _STRENGTH[was]
    if not strength or "may" not in {was, now}:
        return None
    return Difference(_direction(kind, weaker=strength < 0), sure=True, what="modality")


_TITLED = 3  # characters after the word of a title within which its colon stands


def _modal(side: Side, practice: Practice) -> str:
    """The modal word that only this side has where it states the practice, "" when there is none."""
    start, end = part(side.reading, practice.first)
    if end < len(side.reading.words) and ":" in side.reading.text[side.reading.spans[end - 1][1] :][:_TITLED]:
        end = part(side.reading, end)[1]  # "Transfers: we may …"
    found = [
        one.name.partition(".")[2]
        for one in side.reading.within("modal", start, end)
        if side.is_fresh(one.first, one.last)
    ]
    return next((name for name in found if name in {"may", "will", "must"}), "")


def _conditions(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:  # noqa: ARG001 - one signature for all
    names: tuple[str, ...] = _WEAKENING if kind == "guard" else _NARROWING
    if after.label.startswith("rights.") and "any" in {old.reading.words[n] for n in old.fresh}:
        names = (*names, "cond.if")  # "at any time" gave way to "if …"
    came, gone = _count(new, *names), _count(old, *names)
    if came == gone:
        return None
    return Difference(_direction(kind, weaker=came > gone), sure=True, what="condition")


def _cost(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:  # noqa: ARG001 - one signature for all
    if not after.label.startswith("rights."):
        return None
    left = {old.reading.words[n] for n in old.fresh}
    right = {new.reading.words[n] for n in new.fresh}
    dearer = bool(_FREE & left) or (bool((_COSTS | _RARE) & right) and not _FREE & right)
    cheaper = bool(_FREE & right) or (bool((_COSTS | _RARE) & left) and not _FREE & left)
    if dearer == cheaper:
        return None
    return Difference("worse" if dearer else "better", sure=True, what="cost")


def _people(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:  # noqa: ARG001 - one signature for all
    """A right that now is given to the people of more, or of fewer places."""
    if not after.label.startswith("rights."):
        return None
    was, now = ({name for name, _, _ in places(side.reading)} for side in (old, new))
    if was == now:
        return None
    narrower = not was or (bool(now) and now < was)
    return Difference("worse" if narrower else "better", sure=True, what="people")


_DIRECT = frozenset({"email", "mail", "notify", "directly", "message", "letter"})
_POSTED = frozenset({"post", "posting", "website", "site", "page", "publish"})


def _channel(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:  # noqa: ARG001 - one signature for all
    """Changes that were told to everybody and now are only posted, or the other way round."""
    if after.label != "notice_change":
        return None
    left = {old.reading.words[n] for n in old.fresh}
    right = {new.reading.words[n] for n in new.fresh}
    if left & _DIRECT and right & _POSTED and not right & _DIRECT:
        return Difference("worse", sure=True, what="channel")
    if right & _DIRECT and left & _POSTED and not left & _DIRECT:
        return Difference("better", sure=True, what="channel")
    return None


_PLACES = frozenset("website websites site sites app apps application applications product products".split())
_EXTENDS = frozenset({"cover", "covers", "apply", "applies", "governs", "extends"})
_MATTERS = {
    "transfer": ("topic.mechanism",),
    "legal_basis": ("topic.basis", "right.consent"),
    "definition": (),
    "scope": (),
}


def _matter(old: Side, new: Side, before: Practice, after: Practice, kind: str) -> Difference | None:  # noqa: ARG001 - one signature for all
    """Another mechanism, another legal basis, another meaning of a word."""
    classes = _MATTERS.get(after.label)
    if classes is None:
        return None
    if after.label == "scope" and _EXTENDS.isdisjoint(new.reading.words):
        return None  # "this policy describes", not what it covers
    if after.label == "scope" and not _PLACES.isdisjoint(_touched(old) ^ _touched(new)):
        return Difference("unclear", sure=True, what="matter")
    if not classes:
        return Difference("unclear", sure=True, what="meaning") if telling(old, new) or telling(new, old) else None
    if after.label == "legal_basis" and {"art", "article"} & set(new.reading.words) and old.fresh and new.fresh:
        return Difference("neutral", sure=True, what="matter")
    was = {
        one.name + " ".join(old.reading.words[one.first : one.last])
        for one in old.reading.of(*classes)
        if old.is_fresh(one.first, one.last)
    }
    now = {
        one.name + " ".join(new.reading.words[one.first : one.last])
        for one in new.reading.of(*classes)
        if new.is_fresh(one.first, one.last)
    }
    if was == now or not now:
        return None
    if after.label == "transfer" and old.reading.has("topic.mechanism") and not telling(old, new):
        return Difference("better", sure=True, what="beside")  # one more mechanism beside those that stood there
    return Difference("unclear" if was and after.label == "transfer" else "neutral", sure=True, what="matter")


_WEIGHS = ("data", "who", "purpose", "right", "topic", "act", "unit", "criterion")


def _weighs(here: Side) -> bool:
    """Whether a word that only this side has belongs to a term of the lexicon, is a number, or names something."""
    if any(here.is_fresh(one.first, one.last) for one in here.reading.of(*_WEIGHS)):
        return True
    spans, text = here.reading.spans, here.reading.text
    return any(here.reading.words[n][0].isdigit() or (n and text[spans[n][0]].isupper()) for n in here.fresh)


def telling(here: Side, other: Side) -> bool:
    """Whether the edit touched a word here that says something and that the other side has in no form."""
    stems = {word[:5] for word in other.reading.words}
    laws = {n for one in here.reading.of("topic.law") for n in range(one.first, one.last)}
    return any(
        (len(word) > 2 and word not in LITTLE and word[:5] not in stems) or (word[0].isdigit() and not _counts(here, n))
        for n, word in ((n, here.reading.words[n]) for n in here.fresh - laws)
    )


def brought(one: Practice, here: Side, other: Side, others: Sequence[Practice]) -> bool:
    """Whether the edit brought a practice that the other side has no label for.

    It brought a word of it: another little word, or another order of the same, brings none. Or the other side denies
    what is of its kind: "we do not use data for advertising" takes "we may show you advertising that fits" away.
    """
    words = {here.reading.words[n] for n in range(one.first, one.last) if n in here.fresh}
    kind = one.label.partition(".")[0]
    denied = any(it.label.partition(".")[0] == kind and it.polarity != one.polarity for it in others)
    return bool(words if denied else words - LITTLE - set(other.reading.words))


_NUMBERED = frozenset("section sections paragraph clause chapter part annex schedule appendix item step point".split())
_MONTHS = frozenset("january february march april may june july august september october november december".split())


def _counts(here: Side, n: int) -> bool:
    """Whether a number only counts items or parts of a text, or belongs to a date: "(1)", "section 4", "May 2024"."""
    start, end = here.reading.spans[n]
    text, words = here.reading.text, here.reading.words
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return True
    near = {*words[max(0, n - 2) : n], *words[n + 1 : n + 3]}
    return (n > 0 and words[n - 1] in _NUMBERED) or bool(near & _MONTHS)


def _touched(side: Side) -> set[str]:
    """The words of a side that the other has not."""
    return {side.reading.words[n] for n in side.fresh}


def _by_length(old: Side, new: Side, kind: str) -> Direction:
    """A longer wording reaches further; one that only has other words cannot be told."""
    came = sum(new.reading.words[n] not in LITTLE for n in new.fresh)
    gone = sum(old.reading.words[n] not in LITTLE for n in old.fresh)
    if kind == "fact":
        return "neutral"
    if kind == "open" or came == gone:
        return "unclear"
    return _direction(kind, weaker=came < gone)
