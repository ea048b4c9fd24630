"""What protects people: rights, consent, age limits, periods, transfers, security, and who is responsible."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.meaning import values
from monitor.meaning.grammar import Act, denied
from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading
from monitor.meaning.scene import Practice, Scene, make, matter

_VAGUE = 1.42  # weight of rights that are only said to be there: an edit may be about them, no new clause is


def rights(scene: Scene) -> list[Practice]:
    """What people can do: get at their data, object, send signals, complain."""
    reading = scene.reading
    found: list[Practice] = []
    for name, label, weight in (
        ("right.signals", "rights.signals", 4.0),
        ("right.complaint", "rights.complaint_dispute", 3.4),
        ("right.object", "rights.object_optout", 3.2),
        ("right.access", "rights.access_edit_delete", 3.1),
    ):
        mentions = [one for one in reading.of(name) if not _by_others(reading, one)]
        if mentions:
            telling = [one for one in mentions if not _generic(reading, one)]
            if telling or not found:
                terms = matter(scene, *_OBJECTED) if name == "right.object" else ()
                found.append(make(scene, label, (telling or mentions)[0], weight if telling else _VAGUE, terms=terms))
    return found or _listed(scene)


_RIGHTS = ("right.access", "right.object", "right.signals", "right.complaint")


def _listed(scene: Scene) -> list[Practice]:
    """An item of a list of rights, told by its first words: "You may: … Correct what is wrong"."""
    lead, words = scene.context.lead, scene.reading.words
    if lead is None or not lead.has(*_RIGHTS):
        return []
    for cue in scene.reading.of("item"):
        if cue.first <= _HEAD:
            label = _BY_CUE[cue.name]
            return [make(scene, label, Mention(cue.name, cue.first, min(cue.first + 6, len(words))), 2.4)]
    return []


_HEAD = 2  # words that may stand before what an item begins with
_BY_CUE = {
    "item.access": "rights.access_edit_delete",
    "item.object": "rights.object_optout",
    "item.complain": "rights.complaint_dispute",
}


_THEY = frozenset("may might can could will are able to also".split())


def _by_others(reading: Reading, mention: Mention) -> bool:
    """Whether somebody else is said to do what people have a right to: "administrators may access and delete"."""
    before = [one for one in reading.of("who") if one.last <= mention.first]
    between = reading.words[before[-1].last : mention.first] if before else ()
    return bool(between) and _THEY.issuperset(between)


_OBJECTED = ("purpose", "data", "who", "act.sell")
_GENERIC = frozenset(
    (
        "have the has right rights your privacy data following certain additional specific exercise these "
        "any those such individual legal"
    ).split()
)


def _generic(reading: Reading, mention: Mention) -> bool:
    """Whether the words only say that there are rights, not which."""
    return set(reading.words[mention.first : mention.last]) <= _GENERIC


def consent(scene: Scene) -> list[Practice]:
    """Whether people are asked, and how they agree."""
    reading = scene.reading
    found = []
    for mention in reading.of("right.consent"):
        words = " ".join(reading.words[mention.first : mention.last])
        strong = any(
            cue in words
            for cue in (
                "opt in",
                "opts in",
                "opting in",
                "default",
                "you agree",
                "you consent",
                "unless you opt",
                "ask",
                "seek",
                "obtain",
            )
        )
        if words == "by default" and reading.has("topic.security") and not scene.acts:
            continue  # "encrypted by default" asks nobody
        terms = matter(scene, *_OBJECTED)
        asked = strong or (reading.has("modal.only") and not scene.rights) or not _ASKED.isdisjoint(words.split())
        weight = _WE_ASK if _we_ask(reading, mention) else 2.6 if asked else 1.4
        if scene.context.kind == "basis":
            found.append(make(scene, "legal_basis", mention, 3.4))
        if scene.context.kind == "basis" or reading.has("topic.basis"):
            weight = min(weight, 1.2)  # consent as the ground on which data are used
        found.append(make(scene, "rights.consent_model", mention, weight, terms=terms))
    return found


_WE_ASK = 3.5  # weight of consent where asking for it is what the clause says is done
_ASKING = ("ask", "obtain", "request", "seek", "get")
_SKIPPED = frozenset("will shall may must always first also then only".split())


def _we_ask(reading: Reading, mention: Mention) -> bool:
    """Whether it is said that we ask: "we will ask for your consent"; not "unless you have given it"."""
    at = mention.first - 1
    while at >= 0 and reading.words[at] in _SKIPPED:
        at -= 1
    return at >= 0 and reading.words[at] == "we" and reading.words[mention.first].startswith(_ASKING)


_ASKED = frozenset({"explicit", "express", "prior", "affirmative"})
_YOUNG = frozenset({"child", "children", "child's", "children's", "minor", "minors", "kids", "teens"})
_BELOW = frozenset({"under", "below", "younger", "less"})
_PARENTAL = frozenset({"parental", "coppa", "guardian", "guardians"})


def _theirs(reading: Reading, mentions: Sequence[Mention]) -> bool:
    """Whether data are those of children: "the nickname of children"."""
    return reading.has("data") and any(
        one.first and reading.words[one.first - 1] in {"of", "from", "about"} and reading.words[one.first] in _YOUNG
        for one in mentions
    )


_DATED = 1.6  # weight of a limit in a clause about data that tell an age
_NEAR = 4  # words between what is done and the data it is done with
_TAKEN = frozenset({"personal", "information", "data", "details"})
_TAKING = frozenset({"collect", "sell", "share", "use"})


# How much a clause is about ages: by whether it says what is done with data, and whether only how age is checked.
_OF_AGES = {(True, True): 1.9, (True, False): 2.7, (False, True): 2.2, (False, False): 3.6}


def children(scene: Scene) -> list[Practice]:
    """Age limits and parental consent, and what is done with the data of children."""
    reading = scene.reading
    mentions = reading.of("topic.children")
    if not mentions:
        return []
    ages = values.ages(reading)
    words = set(reading.words)
    about = (
        bool(ages)
        or words & {"parental", "coppa", "guardian", "guardians", "minors", "underage"}
        or any("age" in reading.words[one.first : one.last] for one in mentions)
    )
    young = bool(words & _YOUNG) or bool(ages and words & _BELOW)
    act = next((one for one in scene.acts if one.kind in _TAKING and one.actor != "you"), None)
    checked = not ages and not words & _PARENTAL  # "age verification": how, not whom
    kept = any(0 <= one.first - done.last <= _NEAR for one in reading.of("data.demographic") for done in scene.acts)
    found = []
    if young and act and (words & _TAKEN or _theirs(reading, mentions)) and not scene.rights:
        found.append(make(scene, "data.children", mentions[0], 3.5, act=act, denied=act.denied))
    if about:
        value = f"under {ages[0][0]}" if ages and "under" in words else (f"age {ages[0][0]}" if ages else "")
        weight = (
            _DATED if kept and not words & _PARENTAL else _OF_AGES[bool(act), checked]
        )  # "we store your age": whose it is
        found.append(make(scene, "children", mentions[0], weight, act=act, value=value))
    return found


def retention(scene: Scene) -> list[Practice]:
    """How long data are kept, or when they are deleted."""
    reading, context = scene.reading, scene.context
    kept = [act for act in scene.acts if act.kind in {"retain", "delete"}]
    periods = values.periods(reading)
    criteria = reading.of("criterion")
    bounded = bool(periods or criteria)
    found = []
    if reading.has("request.handling") and not any(_keeps(reading, act) for act in kept):
        return []
    if scene.rights and not (kept and (periods or (bounded and _ours(kept[0])))):
        return []
    for act in kept:
        if act.actor == "you" and not periods:
            continue
        mention = Mention("act.retain", act.first, act.last)
        weight = 3.5 if bounded else (2.2 if _says(reading, act) else 1.0)
        value = reading.say(periods[0].first, periods[0].last) if periods else ""
        promised = act.denied and not bounded and not _unlimited(reading, act)
        lengths = tuple(reading.words[one.first : one.last] for one in periods)
        terms = tuple(" ".join(words) for words in lengths) or matter(scene, "data")
        found.append(make(scene, "retention", mention, weight, act=act, denied=promised, value=value, terms=terms))
        break
    if not kept and bounded and context.kind in {"retain", "delete"}:
        spot = periods[0] if periods else criteria[0]
        found.append(make(scene, "retention", Mention("unit", spot.first, spot.last), 3.3))
    return found


_KEEPING = ("retain", "keep", "kept", "stor", "sav", "archiv", "preserv", "hold", "held")


def _keeps(reading: Reading, act: Act) -> bool:
    """Whether an act says in so many words that something is kept; a "period of time" alone may be one to answer in."""
    return reading.words[act.first].startswith(_KEEPING)


def _ours(act: Act) -> bool:
    """Whether it is the vendor that keeps data; what people ask to be deleted is their right."""
    return act.kind == "retain" and act.actor in {"we", ""}


def _none(reading: Reading, act: Act) -> bool:
    """Whether it is said right before the verb that nothing is kept; "not kept but sent on" says what else happens."""
    if any(reading.words[one.first] == "no" and one.last <= act.last for one in reading.of("neg")):
        return reading.words[act.last - 1] in _KEPT  # "no logs" is a promise, "no fixed period" is none
    if not _CONTRAST.isdisjoint(reading.words[act.last : act.last + 3]):
        return False
    return any(0 <= act.first - one.last <= _NEXT for one in reading.of("neg"))


_KEPT = frozenset("log logs record records copy copies history data information recordings transcripts".split())
_NEXT = 2  # words between a denial and what it denies at once


def _says(reading: Reading, act: Act) -> bool:
    """Whether an act without a period says that something is kept or deleted, or that nothing is."""
    return act.kind == "delete" or not act.denied or _unlimited(reading, act) or _none(reading, act)


def _unlimited(reading: Reading, act: Act) -> bool:
    """Whether it is a limit that is denied: "there is no fixed period"."""
    before = reading.words[max(0, act.first - _NEXT) : act.last]
    return "no" in before and not _LIMITS.isdisjoint(before)


_LIMITS = frozenset({"period", "periods", "schedule", "limit", "retention", "window"})
_CONTRAST = frozenset({"instead", "rather", "but"})


_TOPICS: tuple[tuple[str, str, float], ...] = (
    ("topic.mechanism", "transfer", 3.3),
    ("topic.transfer", "transfer", 2.6),
    ("topic.basis", "legal_basis", 2.7),
    ("topic.security", "security", 2.1),
    ("topic.notice", "notice_change", 2.6),
    ("topic.scope", "scope", 1.6),
    ("topic.residents", "jurisdiction", 1.7),
    ("topic.law", "jurisdiction", 1.4),
    ("request.handling", "rights.access_edit_delete", 1.6),
)


_TOLD = frozenset("email emails notify notification notifications directly consent prior advance before banner".split())


def _announced(reading: Reading) -> bool:
    """Whether people are told of changes, or have time before these count."""
    return bool(_TOLD & set(reading.words)) or bool(values.periods(reading))


_STATES_SCOPE = frozenset({"policy", "notice", "statement"})


def topics(scene: Scene) -> list[Practice]:
    """Transfers, legal bases, security, notice of changes, scope and terms of one place."""
    found = []
    for name, label, usual in _TOPICS:
        mentions = scene.reading.of(name)
        if mentions:
            weight = usual
            if label == "legal_basis" and scene.context.kind == "basis":
                weight = 3.5
            if name == "topic.notice" and not _announced(scene.reading):
                weight = _VAGUE  # "we may change this policy from time to time and post it here" stands in every policy
            if name == "topic.scope" and _STATES_SCOPE & set(scene.reading.words[: mentions[0].last]):
                weight = 2.0
            if label == "jurisdiction" and scene.context.subjects[:1] == ("controller",):
                weight = 1.2  # whom people of a place write to
            if scene.rights and label in {"legal_basis", "security", "scope"}:
                weight = min(weight, 1.2)
            found.append(make(scene, label, mentions[0], weight))
    return found


def identity(scene: Scene) -> list[Practice]:
    """The promise that nobody is made out again in data without names."""
    reading = scene.reading
    found = [one for one in reading.of("topic.reidentified") if denied(reading, one.first)]
    return [make(scene, "other", one, 2.4, denied=True) for one in found[:1]]


_OFFICES = frozenset({"controller", "controllers", "dpo", "representative", "representatives", "officer"})
_ENTITY = frozenset(
    "controller representative officer dpo address headquarters registered office located entity company attn".split()
)


def controller(scene: Scene) -> list[Practice]:
    """Who is responsible and how to reach them."""
    reading = scene.reading
    mentions = reading.of("topic.controller")
    addressed = bool(values.emails(reading.text)) or values.is_address(reading.text) or "protected]" in reading.text
    if addressed and (mentions or scene.context.kind == "controller"):
        mention = mentions[0] if mentions else Mention("topic.controller", 0, min(8, len(reading.words)))
        about = _ENTITY & set(reading.words) or values.is_address(reading.text) or scene.context.kind == "controller"
        return [make(scene, "controller", mention, 2.3 if about else 1.5)]
    if mentions and not _OFFICES.isdisjoint(reading.words):
        joint = any(reading.words[one.first] == "joint" for one in mentions)
        return [make(scene, "controller", _office(reading, mentions), _JOINT if joint else 2.4)]
    seated = values.legal_names(reading.text) and values.is_address(reading.text) and not scene.acts
    if seated and len(reading.words) <= _LINES:
        return [make(scene, "controller", Mention("topic.controller", 0, min(8, len(reading.words))), 2.3)]
    if scene.context.subjects[:1] == ("controller",) and values.legal_names(reading.text):
        return [make(scene, "controller", Mention("topic.controller", 0, min(8, len(reading.words))), 2.4)]
    return []


_JOINT = 3.0  # weight of a clause about who decides together
_LINES = 40  # words of a clause that is no more than a name and an address


def _office(reading: Reading, mentions: Sequence[Mention]) -> Mention:
    """The mention that names an office, else the first."""
    named = (one for one in mentions if not _OFFICES.isdisjoint(reading.words[one.first : one.last]))
    return next(named, mentions[0])


def definition(scene: Scene) -> list[Practice]:
    """What a word about data means."""
    reading = scene.reading
    for mention in reading.of("topic.definition"):
        head = " ".join(reading.words[max(0, mention.first - 8) : mention.last])
        if any(
            cue in head
            for cue in (
                "personal",
                "data",
                "information",
                "sale",
                "sell",
                "sharing",
                "processing",
                "consent",
                "services",
            )
        ):
            return [make(scene, "definition", mention, 2.8)]
    return []
