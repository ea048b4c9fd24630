"""What is found over all clause changes: what only moved between clauses cancels, what belongs together is joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.meaning.drafts import Draft
from monitor.meaning.knowledge import table
from monitor.meaning.lexicon import LITTLE
from monitor.meaning.reading import read
from monitor.model import Direction


def joined(drafts: Sequence[Draft]) -> list[Draft]:
    """One draft for each fact: the weightiest of those that say the same with the same words.

    Of what is grave one for each section, since the sections of a policy are about different services and people.
    """
    kept: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        key: tuple[object, ...]
        if draft.label in {"share.named", "controller"}:
            key = (*draft.key, draft.value.lower())
        elif draft.label == "unclassified" or draft.rule in _WORDED:
            key = (*draft.key, draft.order)
        else:
            key = (*draft.key, frozenset(draft.terms), draft.section if _grave(draft) else None)
        known = kept.get(key)
        if known is None or draft.weight > known.weight:
            kept[key] = draft
    return sorted(kept.values(), key=lambda draft: draft.order)


def _grave(draft: Draft) -> bool:
    """Whether a label is grave: then each section that says it counts."""
    return table().labels[draft.label][1] == "grave"


def fewer(drafts: Sequence[Draft]) -> list[Draft]:
    """What a text that was written anew says most plainly: what several of its clauses say, and what weighs much.

    One draft for each label, action and polarity; names and addresses stay apart. What only one clause says in passing
    is left to the list of clauses.
    """
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        apart = draft.label in {"share.named", "controller", "unclassified"}
        key: tuple[object, ...] = (*draft.key, draft.order) if apart else draft.key
        groups.setdefault(key, []).append(draft)
    best: list[Draft] = []
    plain: list[Draft] = []
    for group in groups.values():
        ordered = sorted(group, key=lambda draft: -draft.weight)
        best.append(ordered[0])
        if (len(group) >= _OFTEN_SAID and not _usual(ordered[0])) or _plain(ordered[0]):
            most = _RIGHTS if ordered[0].label.startswith("rights.") else _EACH
            plain += [ordered[0], *(draft for draft in ordered[1:most] if _plain(draft))]
    return sorted(plain or best, key=lambda draft: draft.order)


def _usual(draft: Draft) -> bool:
    """Whether it is a use that every policy states, of which a text that was written anew says much in passing."""
    return table().labels[draft.label][0] == "routine" and draft.polarity == "practice"


_EACH = 3  # plain clauses told of one kind of thing
_RIGHTS = 8  # of rights, since to see, to correct and to delete are one kind
_OFTEN_SAID = 2  # clauses that say the same kind of thing
_PLAIN, _GRAVE = 2.9, 2.2  # weight of what one clause says plainly; of what is grave
_DOUBTFUL = frozenset({"edit.words", "edit.people", "edit.facet"})


def _plain(draft: Draft) -> bool:
    """Whether one clause alone says it so plainly, or it is so grave, that it is not said in passing."""
    return draft.weight >= (_GRAVE if _grave(draft) else _PLAIN) and draft.rule not in _DOUBTFUL


def settle(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of a pair, without what one clause lost and another gained, and without what is only restated."""
    kept = _exchanged(_cancelled(_kept_promises(_once(drafts))))
    kept = _addresses(kept)
    if len(kept) <= _FEW:
        return kept
    fresh = [draft for draft in kept if draft.novelty == "new"]
    return fresh or kept


_WORDED = frozenset({"edit.words", "edit.condition"})
_SAME = 0.5  # share of words that two mentions of one substitution have in common
_FEW = 4  # findings among which what is only restated need not give way
_OFTEN = 3  # clauses with the same substitution, from which it is a way of speaking and no change of a practice


def _once(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without what one substitution, made in many clauses, seems to change in each of them.

    Where it is a condition that so many clauses now have, or no longer have, the weightiest of them tells it.
    """
    groups: dict[int, list[Draft]] = {}
    marks: list[tuple[frozenset[str], int]] = []
    often: set[int] = set()
    for draft in drafts:
        if draft.rule not in _WORDED:
            continue
        words = _telling(draft.value)
        group = next(
            (n for mark, n in marks if len(mark & words) >= _SAME * max(1, min(len(mark), len(words)))), len(marks)
        )
        marks.append((words, group))
        groups.setdefault(group, []).append(draft)
    for same in groups.values():
        if len(same) >= _OFTEN:
            conditions = [draft for draft in same if draft.rule == "edit.condition"]
            told = max(conditions, key=lambda draft: draft.weight, default=None)
            often |= {id(draft) for draft in same if draft is not told}
    return [draft for draft in drafts if id(draft) not in often]


def _telling(value: str) -> frozenset[str]:
    """What an edit took out and put in, without the little words."""
    return frozenset(word for word in read(value).words if word not in LITTLE and len(word) > 2)


_HEDGES = ("cond.exception", "cond.consent", "modal.hedge", "cond.law")


def _kept_promises(drafts: list[Draft]) -> list[Draft]:
    """One change of a promise that one clause no longer makes and another now does; better when it lost its hedges."""
    out = list(drafts)
    for label in dict.fromkeys(draft.label for draft in drafts if draft.polarity == "commitment"):
        mine = [draft for draft in drafts if draft.label == label and draft.polarity == "commitment"]
        gone = [draft for draft in mine if draft.action == "removed" and draft.before]
        came = [draft for draft in mine if draft.action == "added" and draft.after]
        if not gone or not came:
            continue
        old, new = (max(some, key=lambda draft: (_hedges(draft), draft.weight)) for some in (gone, came))
        hedges = _hedges(new) - _hedges(old)
        known: Direction = "worse" if hedges > 0 else "better" if hedges < 0 else "unclear"
        joined = replace(
            min(came, key=_hedges), action="changed", before=old.before, known=known, rule="promise", novelty="new"
        )
        out = [joined if draft is came[0] else draft for draft in out if draft not in gone and draft not in came[1:]]
    return out


def _hedges(draft: Draft) -> int:
    """How many conditions, exceptions and hedges the quotation of a promise has."""
    shown = draft.after if draft.action == "added" else draft.before
    return len(read(shown.quote).of(*_HEDGES)) if shown else 0


def _cancelled(drafts: list[Draft]) -> list[Draft]:
    """Drafts whose counterpart is not here.

    The same label and polarity removed with one clause and added with another.
    """
    gone = [
        draft
        for draft in drafts
        if draft.action == "removed" and draft.rule.startswith("clause.") and draft.label != "share.named"
    ]
    out: set[int] = set()
    for old in gone:
        twin = next(
            (
                new
                for new in drafts
                if new.action == "added"
                and new.rule.startswith("clause.")
                and (new.label, new.polarity) == (old.label, old.polarity)
                and id(new) not in out
                and _alike(old, new)
            ),
            None,
        )
        if twin is not None:
            out |= {id(old), id(twin)}
    return [draft for draft in drafts if id(draft) not in out]


def _alike(old: Draft, new: Draft) -> bool:
    """Whether two drafts say the same in other words: they share a term, or a good part of their quotations."""
    if set(old.terms) & set(new.terms):
        return True
    left = set((old.before.quote if old.before else "").lower().split())
    right = set((new.after.quote if new.after else "").lower().split())
    return len(left & right) >= 0.4 * max(1, min(len(left), len(right)))


def _exchanged(drafts: list[Draft]) -> list[Draft]:
    """The drafts with the direction of a recipient that took the place of another in the same list."""
    out = list(drafts)
    for section in {draft.section for draft in drafts if draft.label == "share.named"}:
        here = [draft for draft in drafts if draft.label == "share.named" and draft.section == section]
        if sorted(draft.action for draft in here) == ["added", "removed"]:
            out = [replace(draft, known="neutral") if draft in here else draft for draft in out]
    return out


_OFFICERS = frozenset({"officer", "dpo", "representative", "representatives"})


def _officer(draft: Draft) -> bool:
    """Whether a draft tells of somebody appointed, which stands whatever becomes of addresses."""
    return any(not _OFFICERS.isdisjoint(term.split()) for term in draft.terms)


def _addresses(drafts: list[Draft]) -> list[Draft]:
    """One change of the address where its lines were compared one by one."""
    mine = [draft for draft in drafts if draft.label == "controller" and not _officer(draft)]
    officers = [draft for draft in drafts if draft.label == "controller" and _officer(draft)]
    return _one_change(_one_change(drafts, officers), mine)


def _one_change(drafts: list[Draft], mine: list[Draft]) -> list[Draft]:
    """The drafts, of which what was removed and what was added of these is one change, or part of one that is told."""
    gone = [draft for draft in mine if draft.action == "removed"]
    came = [draft for draft in mine if draft.action == "added"]
    told = {draft.section for draft in mine if draft.action == "changed"}
    if told:
        return [draft for draft in drafts if not (draft in gone or draft in came) or draft.section not in told]
    if not gone or not came:
        return drafts
    joined = replace(
        came[0],
        action="changed",
        before=gone[0].before,
        value=f"{gone[0].value} → {came[0].value}",
        known="neutral",
    )
    return [joined if draft is came[0] else draft for draft in drafts if draft not in gone and draft not in came[1:]]
