"""Forms of change that never count, however large: each rule names itself when it recognises one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from monitor.compare import plain
from monitor.meaning.materiality import furniture
from monitor.meaning.materiality.case import Case, Side
from monitor.meaning.materiality.figures import UNITS, numbers
from monitor.meaning.materiality.scene import Cluster
from monitor.model import Materiality

Rule = Callable[[Case], bool]
_LEADING = ("act.", "negation.", "recipient.", "rights.")  # what a lead-in says of all its items
_LONG = 400  # words of a clause in which repetitions are looked for
_AVERAGES = frozenset(("average", "averaged", "mean", "median"))
_VERSION = re.compile(r"v?\d{1,4}(?:\.\d{1,4}){0,4}\w?")


def _stamp(case: Case) -> bool:
    """Only dates, and the words that say what they date."""
    if case.change.kind != "reworded":
        return _dating(case.present, case)
    if _dating(case.before, case) and _dating(case.after, case):
        return True
    # little words may be anything here: what remains must be nothing
    return (
        bool(case.before.dates or case.after.dates)
        and all(_stamps(word, case) for words in case.edit for word in words)
        and numbers(case.before.undated) == numbers(case.after.undated)
    )


def _dating(side: Side, case: Case) -> bool:
    """Whether these words do nothing but say when the text was written."""
    lex = case.scene.lex
    relative = bool(lex.relative.intersection(side.words))
    rest = [
        word
        for word in side.undated
        if word not in lex.stamp
        and word not in lex.months
        and not _VERSION.fullmatch(word)
        and not (relative and (word in lex.relative or word in UNITS))
    ]
    return not rest and (relative or bool(side.dates) or "version" in side.words)


def _stamps(word: str, case: Case) -> bool:
    lex = case.scene.lex
    return word in lex.stamp or word in _stamp_stems(case) or word in lex.months or bool(_VERSION.fullmatch(word))


def _stamp_stems(case: Case) -> frozenset[str]:
    return frozenset(word for entry in case.scene.lex.stamp for word in case.scene.lex.uniform((entry,)))


def _obfuscated(case: Case) -> bool:
    """An e-mail address that was hidden is shown, one that was shown is hidden, or one is lost by extraction."""
    if case.change.kind != "reworded":
        return False
    old, new = case.edit
    hidden = plain.EMAIL in old or plain.EMAIL in new
    return (hidden or bool(old) != bool(new)) and all("@" in word for word in (*old, *new))


def _spelling(case: Case) -> bool:
    """The same letters, or words that differ in a letter or an inflection."""
    if case.change.kind != "reworded":
        return False
    if plain.letters(case.before.words) == plain.letters(case.after.words):
        return True
    old, new = (list(words.elements()) for words in case.edit)
    if (not old and not new) or numbers(case.before.undated) != numbers(case.after.undated):
        return False
    lex = case.scene.lex
    for word in old:
        twin = next((other for other in new if _misspelt(word, other)), None)
        if twin is None or lex.facets.find([word]) != lex.facets.find([twin]):
            return False
        new.remove(twin)
    return not new


def _misspelt(word: str, other: str) -> bool:
    return word.isalpha() and other.isalpha() and min(len(word), len(other)) >= 4 and fuzz.ratio(word, other) >= 80


def _file(case: Case) -> bool:
    """A link to a file with its size and type."""
    lex = case.scene.lex
    if case.change.kind != "reworded":
        return False
    changed = [word for words in case.edit for word in words]
    return (
        bool(changed)
        and all(
            word in lex.file or word in {"access", "open", "view"} or word.replace(".", "").replace(",", "").isdigit()
            for word in changed
        )
        and any(word in lex.file for word in (*case.before.words, *case.after.words))
    )


def _linked(case: Case) -> bool:
    """Nothing but printed links."""
    old, new = ([word for word in side.words if word != plain.LINK] for side in (case.before, case.after))
    return case.change.kind != "moved" and old == new


def _little(case: Case) -> bool:
    """Nothing but little words, which together say nothing ("up to" does)."""
    old, new = (case.scene.lex.classes(stems) for stems in case.stems)
    return (
        case.change.kind == "reworded"
        and not any(case.edit)
        and old == new
        and numbers(case.before.undated) == numbers(case.after.undated)
    )


def _moved(case: Case) -> bool:
    """The same clause at another place, under a lead-in that says and denies the same."""
    change, lex = case.change, case.scene.lex
    if change.kind != "moved" or not change.before or not change.after:
        return False
    old, new = (lex.uniform(plain.words(clause.lead_in)) for clause in (change.before, change.after))
    if old == new or not old or not new:
        return True
    ours, theirs = lex.classes(old), lex.classes(new)
    return {name for name in ours if name.startswith(_LEADING)} == {
        name for name in theirs if name.startswith(_LEADING)
    }


def _doubled(case: Case) -> bool:
    """Words of the clause that extraction gave twice in a row."""
    return case.change.kind == "reworded" and _once(case.before.words) == _once(case.after.words)


def _once(words: Sequence[str]) -> tuple[str, ...]:
    """The words without a run of at least three that directly follows itself."""
    kept = list(words[:_LONG])
    at = 0
    while at < len(kept):
        for size in range(3, (len(kept) - at) // 2 + 1):
            if kept[at] == kept[at + size] and kept[at : at + size] == kept[at + size : at + 2 * size]:
                del kept[at : at + size]
                break
        else:
            at += 1
    return (*kept, *words[_LONG:])


def _contents(case: Case) -> bool:
    """An entry of a table of contents: the words of a heading, elsewhere."""
    clause = case.clause
    return (
        case.change.kind in {"added", "removed"}
        and clause.kind != "heading"
        and plain.key(clause.text) in case.scene.headings
    )


def _changelog(case: Case) -> bool:
    """An entry in the history of the text, or the head of its table."""
    side, clause, lex = case.present, case.clause, case.scene.lex
    if case.change.kind == "moved":
        return False
    heads = [lex.uniform(plain.words(heading)) for heading in (*clause.headings, clause.lead_in) if heading]
    if any(lex.changelog.find(head) for head in heads):
        return True
    if clause.kind == "row" and all(word in lex.stamp or word in lex.changed for word in side.words):
        return True
    if not side.dates or (clause.kind == "sentence" and min(side.dates) > 0):
        return False
    if min(side.dates) <= 2 and any(word in lex.changed for word in side.undated[:2]):
        return True
    return (
        clause.kind == "row"
        and bool(_VERSION.fullmatch(side.words[0]))
        and (max(side.dates) >= len(side.words) - 1 or min(side.dates) <= 2)
    )


def _statistics(case: Case) -> bool:
    """Figures about requests received in a year."""
    lex, words = case.scene.lex, case.present.words
    if not numbers(words) or ("within" in words and _AVERAGES.isdisjoint(words)):
        return False  # "we answer within 45 days" is a promise, "within 9 days on average" a figure
    headings = [word for heading in case.clause.headings[-2:] for word in plain.words(heading)]
    return bool(lex.statistics.find((*lex.uniform(words), *case.context, *lex.uniform(headings))))


def _divided(case: Case) -> bool:
    """Words that stood in a clause that was edited or taken away here: divided otherwise, not new."""
    cluster = case.scene.clusters.get(id(case.change))
    if cluster and all(cluster.words) and set(cluster.kinds) != {"reworded"} and _nothing_left(case, cluster):
        return True
    if case.change.kind not in {"added", "removed"}:
        return False
    return case.scene.says(case.present.words, 0 if case.change.kind == "added" else 1, changed=True)


def _nothing_left(case: Case, cluster: Cluster) -> bool:
    """Whether what differs is a few words that say nothing of their own and that both versions know."""
    lex = case.scene.lex
    words = cluster.differing
    return (
        len(words) <= 0.1 * cluster.total
        and case.scene.shared.issuperset(words)
        and not set(lex.classes(words)) - lex.weak
        and not lex.named_places(words)
        and not numbers(words)
    )


def _restated(case: Case) -> bool:
    """A sentence that the other version has too: doubled by extraction, or said twice."""
    words = case.present.words
    if case.change.kind not in {"added", "removed"}:
        return False
    other = 0 if case.change.kind == "added" else 1
    if len(words) < 6:
        return case.clause.kind == "sentence" and case.scene.keys[other][" ".join(words)] > 0
    if case.clause.kind != "sentence":
        return case.scene.stands(case.clause, other)  # the same entry of another list or table says something else
    covered, theirs = case.scene.nearest(words, other)
    bare = [word for n, word in enumerate(words) if n not in covered]
    if len(bare) > 0.25 * len(words):
        return False
    # what is not said in the same words must say nothing that the other clause does not say too, or deny
    lex = case.scene.lex
    ours, others, rest = lex.uniform(words), lex.uniform(theirs), lex.uniform(bare)
    classes = lex.classes(others)
    return (
        all(
            count == classes[name]
            for name, count in lex.classes(ours).items()
            if name.partition(".")[0] in lex.counted and name.partition(".")[0] != "modality"
        )
        and not (classes["negation.not"] and not lex.classes(ours)["negation.not"])
        and set(lex.classes(rest)) <= lex.weak | classes.keys()
        and lex.named_places(rest) <= lex.named_places(others)
        and not numbers(bare) - numbers(theirs)
    )


RULES: tuple[tuple[str, Materiality, Rule], ...] = (
    ("date", "noise", _stamp),
    ("link", "noise", _linked),
    ("e-mail obfuscation", "noise", _obfuscated),
    ("spelling", "noise", _spelling),
    ("link to a file", "noise", _file),
    ("doubled", "noise", _doubled),
    ("moved", "editorial", _moved),
    ("little words", "editorial", _little),
    ("table of contents", "editorial", _contents),
    ("change log", "editorial", _changelog),
    ("request statistics", "editorial", _statistics),
    ("divided otherwise", "editorial", _divided),
    ("restated", "editorial", _restated),
    ("navigation", "noise", furniture.navigation),
    ("page furniture", "noise", furniture.machine),
    ("injected spam", "noise", furniture.spam),
)


def recognise(case: Case) -> tuple[str, Materiality] | None:
    """The name of the first quiet form the change has and how much it is, or None."""
    return next(((name, materiality) for name, materiality, rule in RULES if rule(case)), None)
