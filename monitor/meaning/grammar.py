"""Who does what, and whether it is denied: negation, modality, conditions and subjects within a clause.

A denial must never be read as a practice. Where scope is unclear the reading that says "denied" wins only if the
denying
word stands in the same part of the clause, before the verb and not closed off by "but", "however" or a new subject.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter

from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading

_ASIDE = 3  # words that a denial in a relative clause reaches
_REACH = 14  # words a negation reaches forward
_FAR = 60  # words; further away nothing is looked for, so that a clause as long as a page takes linear time
_ASKED = frozenset({"do", "does", "is", "are", "will", "can"})


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done in a clause: the verb, who does it, and whether it is denied or limited."""

    kind: str  # "collect", "use", "share", "sell", "retain", "delete"
    first: int
    last: int
    actor: str  # "we", "you", "third", ""
    denied: bool
    only: bool
    modality: str  # "may", "will", "must", "hedge", ""


def part(reading: Reading, at: int) -> tuple[int, int]:
    """The range of words of the part of the clause that a word stands in."""
    after = bisect_right(reading.parts, at)
    first = reading.parts[after - 1] if after else 0
    return first, reading.parts[after] if after < len(reading.parts) else len(reading.words)


_NOBODY = frozenset({"no", "none", "nothing", "neither", "nobody"})
_TO = frozenset({"with", "to"})


def denied(reading: Reading, at: int) -> bool:
    """Whether what the word at ``at`` says is denied."""
    first, last = part(reading, at)
    nos = [
        one
        for one in reading.within("neg", max(first, at - _FAR), at)
        if at - one.last <= (_ASIDE if _aside(reading, one.first) else _REACH)
    ]
    nos = nos[max((n for n in range(1, len(nos)) if _anew(reading, nos[n - 1], nos[n])), default=0) :]
    count = len(nos)
    for n, one in enumerate(nos):
        between = reading.words[one.last : at]
        if "only" in between[:1] or (n and _same(reading, nos[n - 1], one)):
            count -= 1
    if count == 0 and reading.within("after", at + 1, last):
        return True
    if count == 0 and at + 1 < len(reading.words):
        # "we share no data", "we share data with nobody": the denial follows the verb
        count = sum(
            reading.words[one.first] in _NOBODY
            and (one.first <= at + 2 or (one.first < last and reading.words[one.first - 1] in _TO))
            for one in reading.within("neg", at + 1, at + _FAR)
        )
    return count % 2 == 1 if count <= 2 else True


_VERB = frozenset("is are was were be been do does did has have had will would".split())


def _anew(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether a further denial is one of its own: "is not sold and is never shared"."""
    between = reading.words[one.last : other.first]
    return len(between) > 1 and between[-1] in _VERB and "and" in between and not _JOINING.issuperset(between)


def _aside(reading: Reading, at: int) -> bool:
    """Whether a denying word stands in a relative clause: "somebody who is not a member"."""
    return bool({"who", "that", "which", "whose", "where", "if", "when"} & set(reading.words[max(0, at - 2) : at]))


_JOINING = frozenset("and or do does did will would shall can could have has had may must we also".split())


def _same(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether two denying words deny once: "neither … nor", "do not and will not"."""
    between = reading.words[one.last : other.first]
    return reading.words[other.first] == "nor" or (bool(between) and _JOINING.issuperset(between))


def question(reading: Reading) -> bool:
    """Whether the clause only asks: "Do we sell your data?"."""
    return reading.text.rstrip(' *_)"”').endswith("?") and bool(reading.words)


_POINTING = re.compile(
    r"(?:(?:please|also|and|or|but) )*(?:see|refer to|visit|consult|read)\b"
    r"|(?:you can |you may |to )?(?:please )?(?:learn|find out|read|find) (?:more|about|how|what|further|additional)\b"
    r"|(?:for |to (?:get|obtain|receive) )?(?:some )?(?:more|further|additional) (?:information|detail|details)\b"
    r"|for (?:the )?(?:details|information) (?:about|on|regarding|concerning|of)\b"
)
_ASKING = re.compile(r"\bplease (?:also )?(?:see|refer to|visit|consult|read|review)\b")
_REFERS, _ASKS = 6, 14  # words within which a pointer to another text begins, and asks people to read it


def points(reading: Reading) -> bool:
    """Whether the clause only says where something is told: "for more information, see …"."""
    if _POINTING.match(" ".join(reading.words[:_REFERS])):
        return True
    asked = _ASKING.search(" ".join(reading.words[:_ASKS]))
    return bool(asked) and not any(one.group == "act" for one in reading.mentions if one.first < _REFERS)


def limited(reading: Reading, at: int) -> bool:
    """Whether the statement at a word is limited by "only" or the like."""
    first, last = part(reading, at)
    return any(one.name == "modal.only" for one in reading.within("modal", max(first, at - 8), min(last, at + 9)))


_BE = frozenset("is are was were be been being".split())
_ADVERBS = frozenset("also then only never not always automatically permanently securely temporarily".split())


def _passive(reading: Reading, at: int) -> bool:
    """Whether something is done to the subject: "data you gave us are deleted"."""
    before = at - 1
    while before >= 0 and reading.words[before] in _ADVERBS:
        before -= 1
    return before >= 0 and reading.words[before] in _BE and reading.words[at].endswith(("ed", "en", "ld", "pt", "nt"))


def actor(reading: Reading, at: int) -> str:
    """Who does what the word at ``at`` says: "we", "you", "third", or "" when it is not said."""
    first, _ = part(reading, at)
    if _passive(reading, at):
        by = reading.words[at + 1 : at + 3]
        return {"us": "we", "you": "you"}.get(by[1], "third") if len(by) == 2 and by[0] == "by" else ""
    for n in range(at - 1, max(first - 1, at - 12), -1):
        word = reading.words[n]
        if word in {"we", "us", "our"}:
            return "we"
        if word in {"you", "users", "user", "customers"}:
            return "you"
        if word in {"they", "partners", "providers", "parties", "advertisers", "networks", "vendors"}:
            return "third"
    return ""


def modality(reading: Reading, at: int) -> str:
    """The modal word before a verb."""
    first, _ = part(reading, at)
    best = ""
    for one in reading.within("modal", max(first, at - _FAR), at):
        if at - one.last <= 6 and one.name != "modal.only":
            best = one.name.partition(".")[2]
    return best


def acts(reading: Reading) -> list[Act]:
    """The acts of a clause, in order."""
    return [
        Act(
            "share" if _received(reading, one) else one.name.partition(".")[2],
            one.first,
            one.last,
            actor(reading, one.first),
            denied(reading, one.first),
            limited(reading, one.first),
            modality(reading, one.first),
        )
        for one in reading.mentions
        if one.group == "act" and one.name != "act.provide"
    ]


_GETS = ("receiv", "obtain", "access", "get")
_BETWEEN = frozenset(
    ("may might can could will would do does not never also then only and their our its all of these").split()
)


def _received(reading: Reading, verb: Mention) -> bool:
    """Whether somebody else gets the data: "advertisers receive", "no partner obtains"."""
    if verb.name != "act.collect" or not reading.words[verb.first].startswith(_GETS):
        return False
    first, _ = part(reading, verb.first)
    before = reading.within("who", max(first, verb.first - _FAR), verb.first)
    subjects = [one for one in before if one.last <= verb.first]
    return bool(subjects) and all(word in _BETWEEN for word in reading.words[subjects[-1].last : verb.first])


def governing(reading: Reading, acts_: list[Act], mention: Mention, kinds: tuple[str, ...]) -> Act | None:
    """The act that a thing belongs to: the nearest before it in its part, else after it, else the nearest at all."""
    at = bisect_right(acts_, mention.first, key=attrgetter("first"))
    before = next((acts_[n] for n in range(at - 1, -1, -1) if acts_[n].kind in kinds), None)
    after = next((acts_[n] for n in range(at, len(acts_)) if acts_[n].kind in kinds), None)
    first, last = part(reading, mention.first)
    if before is not None and before.first < first and after is not None and after.first < last:
        return after
    return before or after


def conditions(reading: Reading) -> frozenset[str]:
    """Which kinds of condition the clause has: "exception", "if", "consent", "law"."""
    return frozenset(one.name.partition(".")[2] for one in reading.of("cond"))
