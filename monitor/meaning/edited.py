"""Clauses that were reworded: the facets of the two sides are compared, and only what the edit touched counts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import replace

from monitor.meaning import values, whole
from monitor.meaning.context import context
from monitor.meaning.grammar import limited
from monitor.meaning.drafts import Draft, quoted
from monitor.meaning.names import Name, capitalised, names
from monitor.meaning.practices import SENSITIVE, Practice, practices
from monitor.meaning.reading import Side, sides
from monitor.meaning.world import World
from monitor.model import ClauseChange, Direction

_MODAL = frozenset({"may", "can", "will", "must", "not", "no", "only", "any", "all"})
_LITTLE = frozenset(
    "that this these those with from into such other also which what when where while your ours their them they have been being "
    "were does will would could should about above below please further additionally furthermore moreover however finally make sure "
    "ensure certain various including include includes example following accordance respective applicable section policy notice "
    "statement page website site more most than then there here each every some very well information data personal service services".split()
)
_LIKE = 0.4  # share of the shorter side that two wordings of one clause have in common
_MAIN = 1.9  # weight from which another wording of a practice is a finding
_FACET = 1.2  # weight from which a facet that came or went is a finding
_LIMITING = ("cond.exception", "cond.consent", "modal.only")


def of_change(change: ClauseChange, order: int, world: World) -> list[Draft]:
    """What a reworded clause says differently."""
    assert change.before is not None
    assert change.after is not None
    old, new = sides((change.before, *change.also_before), (change.after, *change.also_after))
    if _unlike(old, new):
        found = whole.of_clause(change.before, "removed", order, world.new)
        return found + whole.of_clause(change.after, "added", order, world.old)
    return _Edit(change, old, new, order, world).drafts()


def _unlike(old: Side, new: Side) -> bool:
    """Whether two clauses that were put side by side share too few telling words to be one clause reworded."""
    left, right = (
        Counter(word for word in side.reading.words if word not in _LITTLE and len(word) > 2) for side in (old, new)
    )
    return sum((left & right).values()) < _LIKE * min(left.total(), right.total())


class _Edit:
    """One reworded clause on its way to drafts."""

    def __init__(self, change: ClauseChange, old: Side, new: Side, order: int, world: World) -> None:
        self.change, self.old, self.new, self.order, self.world = change, old, new, order, world
        self.there = (context(old.clause), context(new.clause))
        self.olds = practices(old.reading, self.there[0])
        self.news = practices(new.reading, self.there[1])

    def drafts(self) -> list[Draft]:
        """What differs, weightiest rules first; a later rule is asked only when no earlier one answers."""
        found = self._named()
        found += self._controller()
        values_ = self._durations() or self._ages()
        found += values_
        taken = {draft.label for draft in found}
        flips = [draft for draft in self._flips() if draft.label not in taken]
        found += flips
        taken |= {draft.label for draft in flips}
        facets = [draft for draft in self._facets() if draft.label not in taken]
        fresh = [draft for draft in facets if draft.novelty == "new"]
        return found + fresh or self._main() or facets[:1]

    def _draft(
        self,
        label: str,
        action: str,
        polarity: str,
        value: str,
        weight: float,
        rule: str,
        *,
        at_old: tuple[int, int] | None,
        at_new: tuple[int, int] | None,
        known: Direction | None = None,
        terms: tuple[str, ...] = (),
    ) -> Draft:
        return Draft(
            label,
            action,  # type: ignore[arg-type]  # callers pass literals
            polarity,  # type: ignore[arg-type]
            value,
            weight,
            rule,
            self.change.section,
            quoted(self.old, *at_old) if at_old else None,
            quoted(self.new, *at_new) if at_new else None,
            known,
            terms,
            self.order,
        )

    def _touched(self, here: Side) -> tuple[int, int] | None:
        return (min(here.fresh), max(here.fresh) + 1) if here.fresh else None

    def _somewhere(self, here: Side) -> tuple[int, int]:
        return self._touched(here) or (0, min(12, len(here.reading.words)))

    # --- recipients and who is responsible ------------------------------------------------------------------------------

    def _named(self) -> list[Draft]:
        old, new = self._fresh_names(self.old), self._fresh_names(self.new)
        gone = [name for name in old if not self.world.new.has(name[2])]
        came = [name for name in new if not self.world.old.has(name[2])]
        if not gone and not came:
            return []
        replaced = len(gone) == len(came) == 1
        known: Direction | None = "neutral" if replaced else None
        found = []
        for first, last, words in came:
            found.append(
                self._draft(
                    "share.named",
                    "added",
                    "practice",
                    words,
                    3.4,
                    "edit.named",
                    at_old=self._somewhere(self.old),
                    at_new=(first, last),
                    known=known,
                    terms=(words.lower(),),
                )
            )
        for first, last, words in gone:
            found.append(
                self._draft(
                    "share.named",
                    "removed",
                    "practice",
                    words,
                    3.4,
                    "edit.named",
                    at_old=(first, last),
                    at_new=self._somewhere(self.new),
                    known=known,
                    terms=(words.lower(),),
                )
            )
        return found

    def _fresh_names(self, here: Side) -> list[Name]:
        found = [name for name in names(here) if here.is_fresh(name[0], name[1])]
        there = self.there[1]
        lists = (
            there.named
            or here.reading.has("who.processor", "who.adpartners", "who.thirdparty", "who.affiliates")
            or bool(names(here))
        )
        if not lists:
            return []
        covered = {n for first, last, _ in found for n in range(first, last)}
        if self.there[1].named or self.there[0].named:
            for start, end in _runs(here.fresh):
                for first, last, words in capitalised(here, start, end):
                    if not covered & set(range(first, last)) and not here.reading.has("topic.controller"):
                        found.append((first, last, words))
        return found

    def _controller(self) -> list[Draft]:
        old, new = self.old.reading.text, self.new.reading.text
        touched = [here.reading.say(*self._round(here)) for here in (self.old, self.new)]
        gone, came = (
            set(values.emails(old)) - set(values.emails(new)),
            set(values.emails(new)) - set(values.emails(old)),
        )
        if gone and came and not any("protected" in mail for mail in gone | came):
            value = f"{', '.join(sorted(gone))} → {', '.join(sorted(came))}"
            return [
                self._draft(
                    "controller",
                    "changed",
                    "practice",
                    value,
                    3.0,
                    "edit.email",
                    at_old=self._somewhere(self.old),
                    at_new=self._somewhere(self.new),
                    known="neutral",
                )
            ]
        forms = [values.legal_names(text) for text in touched]
        addressed = [values.is_address(text) for text in touched]
        if (
            (forms[0] and forms[1])
            or (addressed[0] and addressed[1])
            or ((forms[0] or forms[1]) and self.new.reading.has("topic.controller"))
        ):
            return [
                self._draft(
                    "controller",
                    "changed",
                    "practice",
                    f"{touched[0][:80]} → {touched[1][:80]}",
                    3.0,
                    "edit.controller",
                    at_old=self._somewhere(self.old),
                    at_new=self._somewhere(self.new),
                    known="neutral",
                )
            ]
        return []

    def _mail(self, here: Side, mails: set[str]) -> tuple[int, int]:
        """The words next to the first of these addresses."""
        place = min(here.reading.text.lower().find(mail) for mail in mails)
        n = bisect_left([start for start, _ in here.reading.spans], place)
        return max(0, n - 1), max(1, min(n, len(here.reading.spans)))

    def _round(self, here: Side) -> tuple[int, int]:
        """The words the edit touched with the one after them: "Ember" before "AB"."""
        first, last = self._somewhere(here)
        return first, min(last + 1, len(here.reading.words))

    # --- values ---------------------------------------------------------------------------------------------------------

    def _durations(self) -> list[Draft]:
        old = [one for one in values.periods(self.old.reading)]
        new = [one for one in values.periods(self.new.reading)]
        gone = [one for one in old if not any(abs(one.days - other.days) < 0.05 * other.days for other in new)]
        came = [one for one in new if not any(abs(one.days - other.days) < 0.05 * other.days for other in old)]
        if not gone and not came:
            return []
        label, polarity = self._label_of_period(gone, came)
        value = " → ".join(
            here.reading.say(some[0].first, some[0].last) if some else "no period"
            for here, some in ((self.old, gone), (self.new, came))
        )
        longer = (came[0].days if came else 1e9) - (gone[0].days if gone else 1e9)
        known: Direction = "worse" if longer > 0 else "better"
        if label == "notice_change":
            known = "better" if longer > 0 else "worse"
        elif label != "retention":
            known = "unclear"
        at_old = (gone[0].first, gone[0].last) if gone else self._somewhere(self.old)
        at_new = (came[0].first, came[0].last) if came else self._somewhere(self.new)
        return [
            self._draft(
                label, "changed", polarity, value, 3.6, "edit.period", at_old=at_old, at_new=at_new, known=known
            )
        ]

    def _label_of_period(self, gone: list[values.Period], came: list[values.Period]) -> tuple[str, str]:
        for found in (self.news, self.olds):
            for one in found:
                if one.label in {"retention", "notice_change", "data.cookies"} or (
                    one.label.startswith("rights.") and found is self.news
                ):
                    return ("retention" if one.label == "data.cookies" else one.label), one.polarity
        main = self.news or self.olds
        return (main[0].label, main[0].polarity) if main else ("retention", "practice")

    def _ages(self) -> list[Draft]:
        old, new = values.ages(self.old.reading), values.ages(self.new.reading)
        gone = [one for one in old if one[0] not in {other[0] for other in new}]
        came = [one for one in new if one[0] not in {other[0] for other in old}]
        if not gone or not came:
            return []
        value = f"{gone[0][0]} → {came[0][0]}"
        known: Direction = "better" if came[0][0] > gone[0][0] else "worse"
        return [
            self._draft(
                "children",
                "changed",
                "practice",
                value,
                3.8,
                "edit.age",
                at_old=(gone[0][1], gone[0][1] + 1),
                at_new=(came[0][1], came[0][1] + 1),
                known=known,
            )
        ]

    # --- facets ---------------------------------------------------------------------------------------------------------

    def _flips(self) -> list[Draft]:
        """The same thing practised on one side and denied on the other."""
        found = []
        for one in self.news:
            if one.weight < 1.4:
                continue
            twin = next(
                (other for other in self.olds if other.label == one.label and other.polarity != one.polarity), None
            )
            same = any(other.key == one.key for other in self.olds)
            if (
                twin is None
                or same
                or twin.weight < 1.2
                or limited(self.new.reading, one.first)
                or any(other.key == twin.key for other in self.news)
            ):
                continue
            known: Direction = "better" if one.polarity == "commitment" else "worse"
            found.append(
                self._draft(
                    one.label,
                    "changed",
                    one.polarity,
                    one.value,
                    one.weight + 1,
                    "edit.flip",
                    at_old=(twin.first, twin.last),
                    at_new=(one.first, one.last),
                    known=known,
                    terms=one.terms,
                )
            )
        return found

    def _facets(self) -> list[Draft]:
        found = []
        old_labels = {one.label for one in self.olds}
        new_labels = {one.label for one in self.news}
        for one in self.news:
            if one.label not in old_labels and self.new.is_fresh(one.first, one.last):
                found.append(self._facet(one, "added"))
        for one in self.olds:
            if one.label not in new_labels and self.old.is_fresh(one.first, one.last):
                found.append(self._facet(one, "removed"))
        found = [draft for draft in found if draft.weight >= _FACET]
        found.sort(key=lambda draft: -draft.weight)
        kept: list[Draft] = []
        for draft in found:
            if not kept or draft.weight >= kept[0].weight - 1.0:
                kept.append(draft)
        return kept[:3]

    def _facet(self, one: Practice, action: str) -> Draft:
        weight = one.weight + (0.6 if one.label in SENSITIVE else 0.0)
        at_old = (one.first, one.last) if action == "removed" else self._somewhere(self.old)
        at_new = (one.first, one.last) if action == "added" else self._somewhere(self.new)
        draft = self._draft(
            one.label,
            action,
            one.polarity,
            one.value,
            weight,
            "edit.facet",
            at_old=at_old,
            at_new=at_new,
            terms=one.terms,
        )
        return draft

    def _main(self) -> list[Draft]:
        """The practice the clause is about, with another value, condition, scope or modality."""
        main = next((one for one in self.news if any(one.key == other.key for other in self.olds)), None)
        if (
            main is None
            or main.weight < 1.4
            or not (self._telling(self.old, self.new) or self._telling(self.new, self.old))
        ):
            return []
        twin = next(other for other in self.olds if other.key == main.key)
        known = self._way(main)
        value = f"{self.old.reading.say(*self._touched(self.old))[:80] if self.old.fresh else ''} → {self.new.reading.say(*self._touched(self.new))[:80] if self.new.fresh else ''}"  # type: ignore[misc]
        return [
            self._draft(
                main.label,
                "changed",
                main.polarity,
                value.strip(" →") if " → " == value[:3] else value,
                main.weight,
                "edit.main",
                at_old=self._touched(self.old) or (twin.first, twin.last),
                at_new=self._touched(self.new) or (main.first, main.last),
                known=known,
                terms=main.terms,
            )
        ]

    def _telling(self, here: Side, other: Side) -> bool:
        """Whether the edit touched a word here that says something and that the other side has in no form."""
        stems = {word[:5] for word in other.reading.words}
        return any(
            (len(word) > 3 and word not in _LITTLE and word[:5] not in stems) or word[0].isdigit() or word in _MODAL
            for word in (here.reading.words[n] for n in here.fresh)
        )

    def _way(self, main: Practice) -> Direction:
        """Better or worse, by what came and went: conditions narrow, further words widen."""
        from monitor.meaning.knowledge import table

        way = table().labels[main.label][0]
        came = sum(self.new.is_fresh(one.first, one.last) for one in self.new.reading.of(*_LIMITING))
        gone = sum(self.old.is_fresh(one.first, one.last) for one in self.old.reading.of(*_LIMITING))
        wider = len(self.new.fresh) - len(self.old.fresh)
        if came != gone:
            narrower = came > gone
        elif wider:
            narrower = wider < 0
        else:
            return "unclear"
        good = narrower if way in {"reach", "routine"} and main.polarity == "practice" else not narrower
        if way in {"fact", "open"}:
            return "neutral" if way == "fact" else "unclear"
        return "better" if good else "worse"


def _runs(places: frozenset[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring words."""
    runs: list[tuple[int, int]] = []
    for n in sorted(places):
        if runs and runs[-1][1] == n:
            runs[-1] = (runs[-1][0], n + 1)
        else:
            runs.append((n, n + 1))
    return runs
