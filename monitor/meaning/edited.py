"""Clauses that were reworded: the facets of the two sides are compared, and only what the edit touched counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from monitor.meaning import values, whole
from monitor.meaning.aspects import brought, difference
from monitor.meaning.consent import default_turned
from monitor.meaning.context import Context, context
from monitor.meaning.drafts import Draft, quoted
from monitor.meaning.grammar import limited
from monitor.meaning.lexicon import LITTLE
from monitor.meaning.places import places
from monitor.meaning.practices import practices
from monitor.meaning.reading import Side, sides, titled
from monitor.meaning.replaced import Span, addresses, controller, recipients, touched
from monitor.meaning.scene import SENSITIVE, Practice
from monitor.meaning.tables import collection_turned, sale_turned
from monitor.meaning.weighing import as_one, spoken_of, weightiest
from monitor.meaning.world import Text, World
from monitor.model import Action, ClauseChange, Direction, Polarity

_LIKE = 0.4  # share of the shorter side's telling words that two wordings of one clause have in common
_FACET = 1.2  # weight from which a facet that came or went is a finding
_SURE, _OTHER = 1.4, 1.9  # weight from which another value, and from which other words of a practice are a finding
_BOUNDED = 3.0  # weight of retention for a stated time
_OFTEN = frozenset({"every", "per", "once", "twice", "each"})  # what people may do so often, no time in which we answer


def of_change(change: ClauseChange, order: int, world: World) -> list[Draft]:
    """What a reworded clause says differently."""
    assert change.before is not None
    assert change.after is not None
    old, new = sides((change.before, *change.also_before), (change.after, *change.also_after))
    edit = Edit(change, old, new, order, world)
    return edit.apart() if edit.unlike() else edit.drafts()


@dataclass(frozen=True)
class Edit:
    """One reworded clause on its way to drafts."""

    change: ClauseChange
    old: Side
    new: Side
    order: int
    world: World

    @cached_property
    def there(self) -> tuple[Context, Context]:
        """What both sides inherit."""
        return context(self.old.clause), context(self.new.clause)

    @cached_property
    def olds(self) -> tuple[Practice, ...]:
        """Practices of the old wording."""
        return practices(self.old.reading, self.there[0])

    @cached_property
    def news(self) -> tuple[Practice, ...]:
        """Practices of the new wording."""
        return practices(self.new.reading, self.there[1])

    def unlike(self) -> bool:
        """Whether the two sides share too few telling words to be one clause reworded."""
        left, right = (
            Counter(word for word in side.reading.words if word not in LITTLE and len(word) > 2)
            for side in (self.old, self.new)
        )
        return sum((left & right).values()) < _LIKE * min(left.total(), right.total())

    def apart(self) -> list[Draft]:
        """Both sides read as clauses of their own; what both are about was changed."""
        assert self.change.before is not None
        assert self.change.after is not None
        gone = whole.of_clause(self.change.before, "removed", self.order, self.world.new)
        came = whole.of_clause(self.change.after, "added", self.order, self.world.old)
        for one in list(came):
            twin = next((other for other in gone if other.label == one.label and one.label != "share.named"), None)
            if twin is not None:
                gone.remove(twin)
                came[came.index(one)] = as_one(twin, one)
        return gone + came

    def drafts(self) -> list[Draft]:
        """What differs: values first, then what was turned, then what came or went.

        Else the practice in other words.
        """
        named = self._named()
        if titled(self.old.clauses) or titled(self.new.clauses):
            return self._places() or named + self._controller(named=bool(named))
        found = named + self._controller(named=bool(named)) + (self._periods() or self._ages())
        found += self._default() + self._places() + self._cells()
        taken = {draft.label for draft in found}
        turned = [draft for draft in self._flips() if draft.label not in taken]
        found += turned
        taken |= {draft.label for draft in turned}
        sure = self._aspects(sure=True) if not found else []
        found += [draft for draft in sure if draft.label not in taken]
        taken |= {draft.label for draft in found}
        facets = [draft for draft in self._facets() if draft.label not in taken]
        if any(draft.polarity == "commitment" for draft in found):
            facets = [draft for draft in facets if draft.label != "rights.consent_model"]
        fresh = [draft for draft in facets if draft.novelty == "new" or draft is facets[0]]
        if not any(draft.novelty == "new" for draft in fresh):
            fresh = []
        return found + fresh or self._aspects(sure=False) or facets[:1]

    def _draft(
        self,
        label: str,
        action: Action,
        polarity: Polarity,
        value: str,
        *,
        weight: float,
        rule: str,
        at: tuple[Span | None, Span | None],
        known: Direction | None = None,
        terms: tuple[str, ...] = (),
    ) -> Draft:
        return Draft(
            label,
            action,
            polarity,
            value,
            weight,
            rule,
            self.change.section,
            quoted(self.old, *(at[0] or touched(self.old))),
            quoted(self.new, *(at[1] or touched(self.new))),
            known,
            terms,
            self.order,
        )

    def _named(self) -> list[Draft]:
        gone, came = recipients(self.old, self.new, self.there, self.world)
        known: Direction | None = "neutral" if len(gone) == len(came) == 1 else None
        if not gone and any(self.old.is_fresh(one.first, one.last) for one in self.old.reading.of("who")):
            known = "neutral"  # "a third-party service" is now called by its name
        found = [
            self._draft(
                "share.named",
                "added",
                "practice",
                words,
                weight=3.4,
                rule="edit.named",
                at=(None, (first, last)),
                known=known,
            )
            for first, last, words in came
        ]
        found += [
            self._draft(
                "share.named",
                "removed",
                "practice",
                words,
                weight=3.4,
                rule="edit.named",
                at=((first, last), None),
                known=known,
            )
            for first, last, words in gone
        ]
        return found

    def _controller(self, *, named: bool) -> list[Draft]:
        mail = addresses(self.old, self.new)
        found = mail or controller(self.old, self.new)
        if found is None or (not mail and (named or any(one.named for one in self.there))):
            return []  # another company that gets data, not the one that is responsible
        value, before, after = found
        return [
            self._draft(
                "controller",
                "changed",
                "practice",
                value,
                weight=3.0,
                rule="edit.email" if mail else "edit.controller",
                at=(before, after),
                known="neutral",
            )
        ]

    def _periods(self) -> list[Draft]:
        old, new = values.periods(self.old.reading), values.periods(self.new.reading)
        gone = [one for one in old if not any(abs(one.days - other.days) < 0.05 * other.days for other in new)]
        came = [one for one in new if not any(abs(one.days - other.days) < 0.05 * other.days for other in old)]
        main = self._timed()
        if (not gone and not came) or main is None:
            return []
        value = " → ".join(
            side.reading.say(some[0].first, some[0].last) if some else "no period"
            for side, some in ((self.old, gone), (self.new, came))
        )
        longer = (came[0].days if came else 1e9) > (gone[0].days if gone else 1e9)
        known: Direction = "worse" if longer else "better"
        if main.label == "notice_change":
            known = "better" if longer else "worse"
        elif main.label.startswith("rights.") and not (gone and came):
            here, one = (self.new, came[0]) if came else (self.old, gone[0])
            words = here.reading.words[: one.first]
            promised = ("we" in words or "you" not in words) and _OFTEN.isdisjoint(words[-3:])
            known = "better" if promised == bool(came) else "worse"
        elif main.label not in {"retention", "rights.access_edit_delete", "rights.object_optout"}:
            known = "unclear"
        at = ((gone[0].first, gone[0].last) if gone else None, (came[0].first, came[0].last) if came else None)
        return [
            self._draft(main.label, "changed", main.polarity, value, weight=3.6, rule="edit.period", at=at, known=known)
        ]

    def _timed(self) -> Practice | None:
        """The practice that a period of the clause belongs to."""
        both = [one for one in self.news if any(other.label == one.label for other in self.olds)]
        kept = [one for one in (*self.news, *self.olds) if one.label == "retention" and one.weight >= _BOUNDED]
        if any(one.label.startswith("rights.") for one in self.news):
            kept = []
        for wanted in ("notice_change", "retention", "rights.", "data.cookies", ""):
            for one in kept if kept and wanted == "retention" else both or self.news or self.olds:
                if one.label.startswith(wanted) and one.weight >= 1.0:
                    return replace(one, label="retention", polarity="practice") if one.label == "data.cookies" else one
        return None

    def _ages(self) -> list[Draft]:
        old, new = values.ages(self.old.reading), values.ages(self.new.reading)
        gone = [one for one in old if one[0] not in {other[0] for other in new}]
        came = [one for one in new if one[0] not in {other[0] for other in old}]
        if not gone or not came:
            return []
        known: Direction = "better" if came[0][0] > gone[0][0] else "worse"
        at = ((gone[0][1], gone[0][1] + 1), (came[0][1], came[0][1] + 1))
        value = f"{gone[0][0]} → {came[0][0]}"
        return [self._draft("children", "changed", "practice", value, weight=3.8, rule="edit.age", at=at, known=known)]

    def _default(self) -> list[Draft]:
        turned = default_turned(self.old, self.new)
        if turned is None:
            return []
        direction, before, after = turned
        return [
            self._draft(
                "rights.consent_model",
                "changed",
                "practice",
                f"{self.old.reading.say(*before)} → {self.new.reading.say(*after)}",
                weight=3.6,
                rule="edit.default",
                at=(before, after),
                known=direction,
            )
        ]

    def _places(self) -> list[Draft]:
        """People of a place that the other version names nowhere and that the edit brought in or took out."""
        found = []
        halves: tuple[tuple[Side, Action, Text], ...] = (
            (self.new, "added", self.world.old),
            (self.old, "removed", self.world.new),
        )
        for here, action, other in halves:
            names = [one for one in places(here.reading) if here.is_fresh(one[1], one[2]) and not other.has(one[0])]
            rights = any(one.label.startswith("rights.") for one in (*self.news[:1], *self.olds[:1]))
            told = here.reading.has("topic.law", "topic.residents") and not here.reading.has("topic.mechanism")
            if names and told and not rights and not whole.responsible((*self.olds, *self.news)):
                span = (names[0][1], names[0][2])
                value = ", ".join(dict.fromkeys(name for name, _, _ in names))
                at = (None, span) if action == "added" else (span, None)
                found.append(
                    self._draft(
                        "jurisdiction",
                        action,
                        "practice",
                        value,
                        weight=3.2,
                        rule="edit.place",
                        at=at,
                        terms=(names[0][0].lower(),),
                    )
                )
        return found

    def _cells(self) -> list[Draft]:
        """A table's column about sale that turned from "no" to somebody, or back."""
        turned = sale_turned(self.old.clause, self.new.clause)
        if turned is None:
            return self._collected()
        polarity: Polarity = "practice" if turned == "worse" else "commitment"
        value = " → ".join(side.clause.text.rsplit("|", 1)[-1].strip() for side in (self.old, self.new))[:160]
        end = (len(self.old.reading.words), len(self.new.reading.words))
        at = ((max(0, end[0] - 3), end[0]), (max(0, end[1] - 6), end[1]))
        return [
            self._draft("share.sale", "changed", polarity, value, weight=4.0, rule="edit.cell", at=at, known=turned)
        ]

    def _collected(self) -> list[Draft]:
        """A table's column about collection that turned from "no" to "yes", or back: the category of its row."""
        action = collection_turned(self.old.clause, self.new.clause)
        here, there = (self.old, self.there[0]) if action == "removed" else (self.new, self.there[1])
        found = [one for one in practices(here.reading, there) if one.label.startswith("data.")]
        if action is None or not found:
            return []
        best = max(found, key=lambda one: one.weight + len(one.terms))
        at = ((best.first, best.last), None) if action == "removed" else (None, (best.first, best.last))
        return [self._draft(best.label, action, "practice", best.value, weight=3.0, rule="edit.cell", at=at)]

    def _flips(self) -> list[Draft]:
        """The same thing practised on one side and denied on the other."""
        found = []
        for one in self.news:
            twin = next(
                (other for other in self.olds if other.label == one.label and other.polarity != one.polarity), None
            )
            if twin is None or min(one.weight, twin.weight) < _FACET:
                continue
            if one.label != "share.sale" and limited(self.new.reading, one.first):
                continue  # "we sell only to …" is a sale all the same
            if any(other.key == one.key for other in self.olds) or any(other.key == twin.key for other in self.news):
                continue
            known: Direction = "better" if one.polarity == "commitment" else "worse"
            found.append(
                self._draft(
                    one.label,
                    "changed",
                    one.polarity,
                    one.value,
                    weight=one.weight + 1,
                    rule="edit.flip",
                    at=((twin.first, twin.last), (one.first, one.last)),
                    known=known,
                    terms=one.terms,
                )
            )
        return weightiest(found)

    def _facets(self) -> list[Draft]:
        """What only one side speaks of, where the edit put it in or took it out."""
        before, after = spoken_of(self.olds), spoken_of(self.news)
        found = [
            self._facet(one, "added")
            for one in self.news
            if one.label not in before and brought(one, self.new, self.old, self.olds)
        ]
        found += [
            self._facet(one, "removed")
            for one in self.olds
            if one.label not in after and brought(one, self.old, self.new, self.news)
        ]
        return weightiest([draft for draft in found if draft.weight >= _FACET])

    def _facet(self, one: Practice, action: Action) -> Draft:
        weight = one.weight + (0.6 if one.label in SENSITIVE else 0.0)
        span = (one.first, one.last)
        at = (None, span) if action == "added" else (span, None)
        draft = self._draft(
            one.label, action, one.polarity, one.value, weight=weight, rule="edit.facet", at=at, terms=one.terms
        )
        other = self.world.old if action == "added" else self.world.new
        restated = other.states(one.label, one.polarity, one.terms)
        return replace(draft, novelty="restated") if restated else draft

    def _aspects(self, *, sure: bool) -> list[Draft]:
        """The practice the clause is most about, with another modality, condition or scope; or only in other words."""
        for one in self.news:
            twin = next((other for other in self.olds if other.key == one.key), None)
            if twin is None or one.weight < (_SURE if sure else _OTHER):
                continue
            found = difference(self.old, self.new, twin, one)
            if found is None or found.sure != sure:
                return []
            value = " → ".join(
                side.reading.say(*touched(side))[:80] if side.fresh else "" for side in (self.old, self.new)
            )
            return [
                self._draft(
                    one.label,
                    "added" if found.what == "beside" else "changed",
                    one.polarity,
                    value.strip(" →") if not (self.old.fresh and self.new.fresh) else value,
                    weight=one.weight,
                    rule=f"edit.{found.what}",
                    at=(
                        touched(self.old) if self.old.fresh else (twin.first, twin.last),
                        touched(self.new) if self.new.fresh else (one.first, one.last),
                    ),
                    known=found.direction,
                    terms=one.terms,
                )
            ]
        return []
