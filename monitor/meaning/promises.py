"""Whether a text still makes a promise that somebody pinned: word for word, in other words, weakened, or not at all."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from monitor.compare import plain
from monitor.meaning.context import context
from monitor.meaning.practices import practices
from monitor.meaning.reading import Reading, read
from monitor.meaning.scene import Practice
from monitor.model import Clause, PromiseState
from monitor.text.segment import segment

_NEAR = 88  # similarity of two wordings of one sentence, 0 to 100
_RELATED = 55  # similarity from which a clause is worth reading; below, only its meaning counts
_WEAKENING = ("cond.exception", "cond.law", "modal.hedge")
_HEDGES = frozenset(
    {
        "may",
        "might",
        "currently",
        "knowingly",
        "generally",
        "typically",
        "intend",
        "aim",
        "strive",
        "directly",
        "traditional",
    }
)


def judge(sentence: str, text: str) -> tuple[PromiseState, str]:
    """What became of a pinned sentence in a text, and the clause that comes closest ("" when none does)."""
    wanted = plain.key(sentence)
    clauses = [clause for clause in segment(text) if clause.kind != "heading"]
    keys = [plain.key(clause.text) for clause in clauses]
    if not wanted or not keys:
        return "gone", ""
    for clause, key in zip(clauses, keys, strict=True):
        if wanted == key or (f" {wanted} " in f" {key} " and not _weaker(read(sentence), read(clause.text))):
            return "there", clause.text
    promise = read(sentence)
    meant = _meant(promise)
    best: tuple[float, Clause] | None = None
    for _, score, n in process.extract(wanted, keys, scorer=fuzz.token_sort_ratio, limit=8):
        clause = clauses[n]
        same = _same(meant, practices(read(clause.text), context(clause)))
        if score < _RELATED and not same:
            continue
        if same is False:
            continue
        worth = score + (20 if same else 0)
        if best is None or worth > best[0]:
            best = (worth, clause)
    if best is None or (best[0] < _NEAR and not meant):
        found = _by_meaning(meant, clauses)
        if found is None:
            return "gone", best[1].text if best else ""
        best = (_NEAR, found)
    clause = best[1]
    if best[0] < _NEAR - 18:
        return "gone", clause.text
    return ("weakened" if _weaker(promise, read(clause.text)) else "reworded"), clause.text


def _meant(promise: Reading) -> Practice | None:
    """What the sentence is about, when the rules can tell."""
    from monitor.meaning.context import Context

    return next(iter(practices(promise, Context())), None)


def _same(meant: Practice | None, found: tuple[Practice, ...]) -> bool | None:
    """Whether a clause states the same; False when it states the opposite, None when that cannot be told."""
    if meant is None:
        return None
    for one in found:
        if one.label == meant.label:
            return one.polarity == meant.polarity
    return None


def _by_meaning(meant: Practice | None, clauses: list[Clause]) -> Clause | None:
    if meant is None or meant.polarity != "commitment":
        return None
    for clause in clauses:
        if any(one.key == meant.key and one.weight >= 1.4 for one in practices(read(clause.text), context(clause))):
            return clause
    return None


def _weaker(promise: Reading, clause: Reading) -> bool:
    """Whether a wording has conditions, exceptions or hedges that the promise had not."""
    for name in _WEAKENING:
        if len(clause.of(name)) > len(promise.of(name)):
            return True
    return bool((set(clause.words) & _HEDGES) - set(promise.words))
