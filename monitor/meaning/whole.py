"""Clauses that only one text has: every practice they state was added or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.meaning import values
from monitor.meaning.context import context
from monitor.meaning.drafts import Draft, quoted, shown
from monitor.meaning.grammar import points
from monitor.meaning.names import Name, listed_names, row_name
from monitor.meaning.places import own_terms, places
from monitor.meaning.practices import practices
from monitor.meaning.reading import Side, alone
from monitor.meaning.scene import SENSITIVE, Practice
from monitor.meaning.values import is_address, legal_names
from monitor.meaning.world import Text
from monitor.model import Action, Clause, Direction, Polarity

ENOUGH = 1.45  # weight below which a practice is not what the clause is about
STRONG = 2.9  # weight from which a second practice of one clause is a finding of its own
_EQUAL = 0.15  # how far apart practices of one list may weigh
_NEARLY = 0.55  # how far below what is only restated something new may weigh
_MOST = 3  # practices of one clause
_LINES = 40  # words of a clause that says no more than who is where
_OWN: dict[Polarity, float] = {"practice": 1.8, "commitment": 2.2}  # weight from which sensitive data are told apart
_PURPOSE = 2.2  # weight from which a further purpose is one of its own


def of_clause(clause: Clause, action: Action, order: int, other: Text, *, bulk: bool = False) -> list[Draft]:
    """What an unmatched clause says that the other text does not; what that says too is marked as restated."""
    there = context(clause)
    here = alone((clause,))
    if clause.kind == "heading":
        place = _place(here, (), action, order, other)
        return [place] if place else []
    name = row_name(clause, there)
    names = [name] if name else [] if points(here.reading) else listed_names(here, there)
    fresh = [one for one in names if not other.has(one[2]) and not other.own(one[2])]
    if bulk and not name:
        fresh = []  # a fuller capture of a text names in passing what it named before
    if fresh:
        return [_named(here, one, action, order) for one in fresh]
    found = practices(here.reading, there)
    place = _place(here, found, action, order, other)
    if place is not None:
        return [place]
    drafts = [_draft(here, one, action, order) for one in choose(found)]
    new = [draft for draft in drafts if not _stated(draft, other)]
    if bulk:
        return [draft for draft in new if (draft.label, draft.polarity) not in other.keys]
    if (new and new[0].weight >= drafts[0].weight - _NEARLY) or not drafts:
        return new
    return [replace(drafts[0], novelty="restated")]


_ELSEWHERE = frozenset({"transfer", "controller", "share.named", "rights.complaint_dispute"})
_NAMED = 2.0  # weight from which a clause says who is responsible, whatever else it says


def responsible(found: Sequence[Practice]) -> bool:
    """Whether a clause says who is responsible: "our representative in the EU" gives nobody terms of their own."""
    return any(one.label == "controller" and one.weight >= _NAMED for one in found)


def _place(here: Side, found: Sequence[Practice], action: Action, order: int, other: Text) -> Draft | None:
    """A draft when the clause gives people of a place terms of their own that the other version names nowhere."""
    contact = context(here.clause).subjects[:1] == ("controller",) and not here.reading.has("right", "topic.law")
    other_matter = any(one.label in _ELSEWHERE for one in found[:1]) or responsible(found) or contact
    if not own_terms(here.reading) or other_matter or _seated(here, found):
        return None
    new = [place for place in places(here.reading) if not other.has(place[0])]
    if not new:
        return None
    first, last = new[0][1:]
    evidence = quoted(here, first, last)
    return Draft(
        "jurisdiction",
        action,
        "practice",
        ", ".join(dict.fromkeys(name for name, _, _ in new)),
        3.2,
        "clause.place",
        here.clause.headings,
        before=None if action == "added" else evidence,
        after=evidence if action == "added" else None,
        known=("better" if action == "added" else "worse") if _gives_rights(here) else None,
        terms=(new[0][0].lower(),),
        order=order,
    )


def _seated(here: Side, found: Sequence[Practice]) -> bool:
    """Whether the clause says who is responsible and where they are: "For people in Norway: Acme AS, Storgata 1"."""
    return (
        len(here.reading.words) <= _LINES
        and any(one.label == "controller" for one in found[:_MOST])
        and (legal_names(here.reading.text) or is_address(here.reading.text))
    )


_ROUTINE = frozenset({"purpose.service", "purpose.security", "purpose.legal", "purpose.improve"})


def _stated(draft: Draft, other: Text) -> bool:
    """Whether the other version says it too; of what every policy says of its uses, in whatever words."""
    if draft.label in _ROUTINE and draft.polarity == "practice" and (draft.label, "practice") in other.keys:
        return True
    return other.states(draft.label, draft.polarity, draft.terms)


def choose(found: Sequence[Practice]) -> list[Practice]:
    """The practices that a clause is mainly about: the weightiest, and what stands beside it on its own."""
    chosen: list[Practice] = []
    for one in found:
        if one.weight < ENOUGH or len(chosen) >= _MOST:
            break
        if not chosen:
            chosen.append(one)
            continue
        top = chosen[0]
        family = one.label.partition(".")[0]
        listed = (
            family == top.label.partition(".")[0] and family in {"data", "share"} and top.weight - one.weight <= _EQUAL
        )
        several = family == "purpose" == top.label.partition(".")[0] and one.weight >= _PURPOSE
        apart = several or one.weight >= STRONG or (one.label in SENSITIVE and one.weight >= _OWN[one.polarity])
        if (listed or apart) and one.label not in {two.label for two in chosen}:
            chosen.append(one)
    return chosen


def _draft(here: Side, one: Practice, action: Action, order: int) -> Draft:
    evidence = shown(here, one)
    return Draft(
        one.label,
        action,
        one.polarity,
        one.value,
        one.weight + 0.05 * len(one.terms),
        f"clause.{one.action or 'stated'}",
        here.clause.headings,
        before=None if action == "added" else evidence,
        after=evidence if action == "added" else None,
        known=_known(one, here, action),
        terms=one.terms,
        order=order,
    )


_GUARDING = frozenset({"parental", "parent", "parents", "guardian", "guardians"})
_CHECKING = ("verif", "estimat", "assur", "check")  # how an age is checked protects, and costs data
_LIMITS = frozenset({"event", "later", "maximum", "most", "beyond", "longer", "immediately"})
_ENDLESS = frozenset({"indefinitely", "indefinite", "permanently", "forever", "perpetually"})


def _known(one: Practice, here: Side, action: Action) -> Direction | None:
    """The direction where the words of the clause tell more than its label."""
    words = set(here.reading.words)
    good: Direction = "better" if action == "added" else "worse"
    if one.label == "children":
        checked = any(word.startswith(_CHECKING) for word in words)
        return good if words & _GUARDING or (values.ages(here.reading) and not checked) else None
    if one.label == "transfer" and one.polarity == "practice" and not here.reading.has("topic.mechanism"):
        return "neutral" if action == "added" else None
    if one.label == "retention" and one.polarity == "practice":
        if words & _ENDLESS and not here.reading.has("neg"):
            return "worse" if action == "added" else "better"
        return good if words & _LIMITS else None
    if one.label == "jurisdiction" and _gives_rights(here):
        return good
    return None


_ENTITLED = frozenset({"residents", "consumers"})


def _gives_rights(here: Side) -> bool:
    """Whether terms of one place are rights of its people and not only a reference to another text."""
    return not points(here.reading) and (
        here.clause.kind == "heading"
        or not _ENTITLED.isdisjoint(here.reading.words)
        or here.reading.has("right")
        or "rights" in context(here.clause).subjects
    )


def _named(here: Side, name: Name, action: Action, order: int) -> Draft:
    first, last, words = name
    evidence = quoted(here, first, last)
    return Draft(
        "share.named",
        action,
        "practice",
        words,
        3.0,
        "clause.named",
        here.clause.headings,
        before=None if action == "added" else evidence,
        after=evidence if action == "added" else None,
        terms=(words.lower(),),
        order=order,
    )
