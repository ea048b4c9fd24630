"""What always counts, however small: each rule gives the reason when a change touches what people must know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from monitor.meaning.materiality.case import SPEAKS, Case
from monitor.meaning.materiality.figures import emails, numbers

Rule = Callable[[Case], str]
_GIVING = frozenset(
    ("act.share", "act.sell", "act.keep", "act.transfer", "data.cookies", "purpose.ads", "purpose.analytics")
)
_MODAL = frozenset(("modality.may", "modality.must"))
_TELEPHONE = 7  # digits
_STATEMENT = 5  # words of a sentence that may state something in a language we do not read
_MUCH = 3  # words more or less: the clause says more or less than it did
_SENTENCES = frozenset(
    ("negation", "condition", "limit", "degree", "duration")
)  # a title's "not" or "only" denies nothing


def _figures(case: Case) -> str:
    old, new = numbers(case.before.undated), numbers(case.after.undated)
    digits = _digits(case.before.undated)
    if old == new or (len(digits) >= _TELEPHONE and digits == _digits(case.after.undated)):
        return ""
    groups = {name.partition(".")[0] for stems in case.stems for _, _, name in case.scene.lex.facets.find(stems)}
    if "duration" in groups:
        return "duration"
    if "person" in groups:
        return "age"
    return "number" if not case.title or "contact" in groups or _located(case) else ""


def _located(case: Case) -> bool:
    """Whether a title names a place: with a number it is a line of an address."""
    return any(case.scene.lex.named_places(stems) for stems in case.stems)


def _digits(words: Sequence[str]) -> str:
    """All digits in a row: equal when a telephone number is only written otherwise."""
    return "".join(filter(str.isdigit, "".join(words)))


def _places(case: Case) -> str:
    old, new = (case.scene.lex.named_places(stems) for stems in case.stems)
    return "place" if old != new else ""


def _contacts(case: Case) -> str:
    old, new = emails(case.before.words), emails(case.after.words)
    return "contact" if old != new and old and new else ""


def _companies(case: Case) -> str:
    """Another company is named with its legal form."""
    old, new = (_entities(stems, case) for stems in case.stems)
    return "controller" if old != new else ""


def _entities(stems: Sequence[str], case: Case) -> frozenset[tuple[str, str]]:
    """The word before each legal form, and the form."""
    hits = case.scene.lex.facets.find(stems)
    return frozenset((stems[start - 1], stems[start]) for start, _, name in hits if name == "controller.form" and start)


def _hard(case: Case) -> str:
    for name in _differing(case):
        group = name.partition(".")[0]
        if group in case.scene.lex.hard and not (group in _SENTENCES and (case.title or _introduces(case))):
            return group
    return ""


def _facets(case: Case) -> str:
    if case.title or _introduces(case) or not speaks_of_data(case):
        return ""
    lex = case.scene.lex
    old, new = (lex.classes(stems) for stems in case.stems)
    differing = [name for name in _differing(case) if name not in lex.weak and not _own_product(case, name)]
    gone = {name.partition(".")[0] for name in differing if old[name] and name in lex.soft}
    come = {name.partition(".")[0] for name in differing if new[name] and name in lex.soft}
    strong = [name for name in differing if name not in lex.soft or name.partition(".")[0] not in gone & come]
    return strong[0] if strong else ""


def _introduces(case: Case) -> bool:
    """Whether both sides only say where to read on or whom to ask."""
    return all(case.scene.lex.introduction.find(stems) for stems in case.stems)


def _own_product(case: Case, name: str) -> bool:
    """Whether the class stands in a capitalised name only: what a product is called is no practice."""
    lex = case.scene.lex
    for stems, names in zip(case.stems, case.names, strict=True):
        for start, end, found in lex.facets.find(stems):
            if found == name and not names.issuperset(stems[start:end]):
                return False
    return True


def _named(case: Case) -> str:
    """A name that the other version does not know, where recipients are named."""
    if case.title:
        return ""
    fresh = {
        word
        for side, words in enumerate(case.edit)
        for word in words
        if word in case.names[side] and word not in case.scene.shared and not case.scene.lex.classes((word,))
    }
    return "named" if fresh and _recipients(case) and not case.no_recipient(fresh) else ""


def _recipients(case: Case) -> bool:
    lex = case.scene.lex
    classes = {**lex.classes(case.context), **lex.classes(case.stems[0]), **lex.classes(case.stems[1])}
    return any(name.startswith("recipient.") or name in _GIVING for name in classes)


def _content(case: Case) -> str:
    """More or fewer words in a clause that speaks of people's data: what is not understood is not dropped.

    Words exchanged for as many others, none of them known to matter, are a rewording; so are names of products.
    """
    if case.title or not speaks_of_data(case, plainly=True):
        return ""
    old, new = (
        sum(n for word, n in words.items() if word not in case.names[side]) for side, words in enumerate(case.edit)
    )
    if old and new:
        return "wording" if abs(old - new) >= _MUCH else ""
    return "wording" if old or new else ""


def _differing(case: Case) -> list[str]:
    """Facet classes that one side has and the other has not (or not as often, where the number counts)."""
    lex = case.scene.lex
    old, new = (lex.classes(stems) for stems in case.stems)
    return [
        name
        for name in sorted(old.keys() | new.keys())
        if (old[name] != new[name] if name.partition(".")[0] in lex.counted else bool(old[name]) != bool(new[name]))
    ]


def speaks_of_data(case: Case, *, plainly: bool = False) -> bool:
    """Whether the clause, with the lead-in it inherits, states a practice, right, duty, recipient or contact.

    ``plainly`` asks for a word that says so alone.
    """
    least = 1.0 if plainly else SPEAKS
    stems = max(case.stems, key=len)
    return case.states(stems) >= least or (case.clause.kind in {"item", "row"} and case.states(case.context) >= least)


EDITED: tuple[Rule, ...] = (_figures, _contacts, _places, _companies, _hard, _facets, _named, _content)


def of_edit(case: Case) -> str:
    """Why a reworded clause counts, "" when it does not."""
    found = next((reason for reason in (rule(case) for rule in EDITED) if reason), "")
    return found or ("not interpreted" if not case.scene.interpreted and not case.title and any(case.edit) else "")


def _binds(words: Sequence[str], classes: Mapping[str, int]) -> bool:
    """Whether the clause permits or obliges, or says what we do with something of yours."""
    return bool(classes.keys() & _MODAL) or bool("we" in words and {"you", "your"}.intersection(words))


def of_move(case: Case) -> str:
    """Why a moved clause counts: it now stands under a lead-in that says or denies something else."""
    return "lead-in" if case.change.kind == "moved" else ""


def of_clause(case: Case) -> str:
    """Why an added or removed clause counts, "" when it does not."""
    lex = case.scene.lex
    side = case.present
    stems = max(case.stems, key=len)
    classes = lex.classes(stems)
    hard = {name.partition(".")[0] for name in classes} & lex.hard
    introduces = bool(lex.introduction.find(stems))
    if emails(side.words):
        return "contact"
    placed = bool(lex.named_places(stems))
    if not case.scene.interpreted and not case.title and len(side.words) >= _STATEMENT:
        return "not interpreted"
    if case.title:
        located = numbers(side.undated) and (placed or "contact" in hard)
        return "contact" if located else "controller" if "controller.form" in classes else ""
    if placed:
        return "place"
    if introduces and not hard - {"condition", "modality"}:
        return ""
    strong = [name for name in sorted(classes) if name.partition(".")[0] in lex.states and name not in lex.weak]
    if strong:
        return strong[0]
    if case.speaks(stems) or (case.states(stems) and _binds(side.words, classes)):
        return "practice"
    if case.clause.kind in {"item", "row"} and case.speaks(case.context) and any(case.edit):
        return "listed"
    return ""
