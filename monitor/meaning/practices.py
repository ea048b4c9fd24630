"""The practices a clause states: who does what with which data, for whom and what for, and under which condition."""

from __future__ import annotations

from dataclasses import replace

from monitor.meaning import values
from monitor.meaning.context import Context
from monitor.meaning.grammar import acts, conditions, governing, question
from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading
from monitor.meaning.scene import SENSITIVE, Practice, Rule, Scene, _denied, make

# --- rights ---------------------------------------------------------------------------------------------------------

_YOURS = frozenset(
    {"you", "your", "rights", "right", "residents", "individuals", "consumers", "users", "to", "customers"}
)


def _rights(scene: Scene) -> list[Practice]:
    reading = scene.reading
    found: list[Practice] = []
    for name, label, weight in (
        ("right.signals", "rights.signals", 4.0),
        ("right.complaint", "rights.complaint_dispute", 3.4),
        ("right.object", "rights.object_optout", 3.2),
        ("right.access", "rights.access_edit_delete", 3.1),
    ):
        mentions = reading.of(name)
        if mentions:
            telling = [one for one in mentions if not _generic(reading, one)]
            if telling or not found:
                found.append(make(scene, label, (telling or mentions)[0], weight if telling else 2.0))
    return found


_GENERIC = frozenset(
    (
        "have the has right rights your privacy data following certain additional specific exercise these "
        "any those such individual legal"
    ).split()
)


def _generic(reading: Reading, mention: Mention) -> bool:
    """Whether the words only say that there are rights, not which."""
    return set(reading.words[mention.first : mention.last]) <= _GENERIC


def _consent(scene: Scene) -> list[Practice]:
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
        found.append(make(scene, "rights.consent_model", mention, 2.6 if strong else 1.4))
    return found


# --- sale and sharing -----------------------------------------------------------------------------------------------

_OBJECTS = frozenset(
    ("data information info personal it them email emails addresses profile contact lists details phone").split()
)
_WHO = {
    "who.processor": ("share.processor", 2.6),
    "who.affiliates": ("share.affiliates", 2.9),
    "who.adpartners": ("share.adpartners", 3.0),
    "who.authorities": ("share.authorities", 3.0),
    "who.merger": ("share.merger", 3.2),
    "who.public": ("share.public", 2.4),
}
_SHARING = ("share", "sell")


def _sale(scene: Scene) -> list[Practice]:
    reading = scene.reading
    if scene.rights and not any(act.kind == "sell" and act.actor == "we" for act in scene.acts):
        return []
    found = []
    for act in scene.acts:
        if act.kind != "sell" or reading.has("who.merger"):
            continue
        near = set(reading.words[max(0, act.first - 12) : act.last + 12])
        if not near & _OBJECTS and scene.context.kind != "sell":
            continue
        if act.actor == "you":
            continue
        found.append(
            make(scene, "share.sale", Mention("act.sell", act.first, act.last), 4.5, act=act, denied=act.denied)
        )
    return found


def _sharing(scene: Scene) -> list[Practice]:
    reading, context = scene.reading, scene.context
    shares = [act for act in scene.acts if act.kind in _SHARING]
    inherited = context.kind in _SHARING
    found = []
    for name, (label, usual) in _WHO.items():
        for mention in reading.of(name):
            weight = usual
            act = governing(reading, scene.acts, mention, ("share", "sell", "collect", "use"))
            given = shares or inherited or _receives(scene, mention)
            if not given and label not in {"share.merger", "share.authorities"}:
                weight = min(weight, 1.3)
            if label == "share.public" and act is None and not inherited:
                continue
            if scene.rights and label in {"share.authorities", "share.processor", "share.adpartners"}:
                weight = min(weight, 1.2)
            denied = (
                act.denied
                if act and act.kind in _SHARING
                else (context.denied if inherited and not shares else bool(act and act.denied))
            )
            only = bool(act and act.only and label == "share.authorities")
            found.append(make(scene, label, mention, weight, act=act, denied=denied or only))
    if (shares or inherited) and not found and not scene.rights:
        for mention in reading.of("who.thirdparty"):
            act = governing(reading, scene.acts, mention, _SHARING)
            label = _unnamed(reading)
            found.append(make(scene, label, mention, 1.8, act=act, denied=act.denied if act else context.denied))
            break
    return found


_RECEIVING = frozenset({"receive", "receives", "received", "obtain", "obtains", "access", "accessed", "get", "gets"})


def _receives(scene: Scene, mention: Mention) -> bool:
    """Whether these are said to get something: "contractors may receive …"."""
    return bool(_RECEIVING & set(scene.reading.words[mention.last : mention.last + 8]))


_REFUSALS = ("refus", "reject", "declin", "challeng", "resist")


def _refused(reading: Reading) -> bool:
    """Whether the clause says that requests are refused."""
    return any(
        reading.words[one.first].startswith(_REFUSALS)
        or any(word.startswith("assist") for word in reading.words[one.last : one.last + 2])
        for one in reading.of("neg")
    )


def _unnamed(reading: Reading) -> str:
    """The label of sharing with "third parties" of no stated kind, by what they get the data for."""
    if reading.has("purpose.ads_targeted", "purpose.ads_contextual", "purpose.marketing", "purpose.analytics"):
        return "share.adpartners"
    if reading.has("purpose.service", "purpose.security", "purpose.improve"):
        return "share.processor"
    return "share.adpartners"


# --- purposes -------------------------------------------------------------------------------------------------------

_PURPOSES = {
    "purpose.ai_training": 3.6,
    "purpose.ads_targeted": 3.4,
    "purpose.profiling_adm": 3.3,
    "purpose.marketing": 2.6,
    "purpose.personalise": 2.4,
    "purpose.analytics": 2.2,
    "purpose.ads_contextual": 2.3,
    "purpose.improve": 1.9,
    "purpose.security": 1.9,
    "purpose.legal": 1.7,
    "purpose.service": 1.5,
}


def _purposes(scene: Scene) -> list[Practice]:
    reading, context = scene.reading, scene.context
    found = []
    uses = any(act.kind in {"use", "collect", "share", "sell"} for act in scene.acts)
    inherited = context.kind in {"use", "collect", "share", "basis"}
    for mention in reading.of("purpose"):
        weight = _PURPOSES[mention.name]
        act = governing(reading, scene.acts, mention, ("use", "share", "collect", "sell"))
        if not uses and not inherited:
            weight = min(weight, 1.2) if mention.name not in {"purpose.ai_training", "purpose.ads_targeted"} else 2.0
        if scene.rights:
            weight = min(weight, 1.1)
        confined = (act.only and act.kind == "use") if act else context.only
        denied = _denied(scene, mention, act) or confined
        if confined and weight >= 1.4:
            weight += 1.0
        found.append(make(scene, mention.name, mention, weight, act=act, denied=denied))
    return found


# --- data -----------------------------------------------------------------------------------------------------------


def _data(scene: Scene) -> list[Practice]:
    reading, context = scene.reading, scene.context
    found = []
    inherited = context.kind == "collect"
    for mention in reading.of("data"):
        if mention.name == "data.children":
            continue
        act = governing(reading, scene.acts, mention, ("collect", "retain", "share", "use", "sell", "delete"))
        weight = 2.3 if mention.name in SENSITIVE else 2.0
        if mention.name == "data.source_thirdparty":
            weight = 2.4
        if act is None and not inherited:
            weight = 0.9
        elif act is not None and act.kind != "collect":
            weight = 1.8 if mention.name in SENSITIVE and act.kind in {"share", "use"} else 1.1
        if act is not None and act.kind == "retain":
            weight = 0.6
        if scene.rights:
            weight = min(weight, 0.8)
        denied = _denied(scene, mention, act)
        found.append(make(scene, mention.name, mention, weight, act=act, denied=denied))
    return found


# --- children, retention, transfers and the rest --------------------------------------------------------------------


_YOUNG = frozenset({"child", "children", "child's", "children's", "minor", "minors", "kids", "teens"})
_PARENTAL = frozenset({"parental", "coppa", "guardian", "guardians"})
_TAKING = frozenset({"collect", "sell", "share", "use"})


def _children(scene: Scene) -> list[Practice]:
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
    young = bool(words & _YOUNG) or bool(ages)
    act = next((one for one in scene.acts if one.kind in _TAKING and one.actor != "you"), None)
    checked = not ages and not words & _PARENTAL  # "age verification": how, not whom
    found = []
    if young and act and words & {"personal", "information", "data"} and not scene.rights:
        found.append(make(scene, "data.children", mentions[0], 3.5, act=act, denied=act.denied))
    if about:
        value = f"under {ages[0][0]}" if ages and "under" in words else (f"age {ages[0][0]}" if ages else "")
        found.append(
            make(scene, "children", mentions[0], (1.9 if checked else 2.7) if act else 3.6, act=act, value=value)
        )
    return found


def _retention(scene: Scene) -> list[Practice]:
    reading, context = scene.reading, scene.context
    kept = [act for act in scene.acts if act.kind in {"retain", "delete"}]
    periods = values.periods(reading)
    criteria = reading.of("criterion")
    bounded = bool(periods or criteria)
    found = []
    if scene.rights and not (kept and periods):
        return []
    for act in kept:
        if act.actor == "you" and not periods:
            continue
        mention = Mention("act.retain", act.first, act.last)
        weight = 3.5 if bounded else (2.2 if act.kind == "delete" or not act.denied else 1.0)
        value = reading.say(periods[0].first, periods[0].last) if periods else ""
        denied = act.denied and not bounded
        found.append(make(scene, "retention", mention, weight, act=act, denied=denied, value=value))
        break
    if not kept and bounded and context.kind in {"retain", "delete"}:
        spot = periods[0] if periods else criteria[0]
        found.append(make(scene, "retention", Mention("unit", spot.first, spot.last), 3.3))
    return found


_TOPICS: tuple[tuple[str, str, float], ...] = (
    ("topic.mechanism", "transfer", 3.3),
    ("topic.transfer", "transfer", 2.6),
    ("topic.basis", "legal_basis", 2.7),
    ("topic.security", "security", 2.1),
    ("topic.notice", "notice_change", 2.6),
    ("topic.scope", "scope", 1.6),
    ("topic.residents", "jurisdiction", 1.7),
    ("topic.law", "jurisdiction", 1.4),
)


def _topics(scene: Scene) -> list[Practice]:
    found = []
    for name, label, usual in _TOPICS:
        mentions = scene.reading.of(name)
        if mentions:
            weight = usual
            if scene.rights and label in {"legal_basis", "security", "scope"}:
                weight = min(weight, 1.2)
            found.append(make(scene, label, mentions[0], weight))
    return found


def _controller(scene: Scene) -> list[Practice]:
    reading = scene.reading
    mentions = reading.of("topic.controller")
    addressed = bool(values.emails(reading.text)) or values.is_address(reading.text)
    if addressed and (mentions or scene.context.kind == "controller"):
        mention = mentions[0] if mentions else Mention("topic.controller", 0, min(8, len(reading.words)))
        return [make(scene, "controller", mention, 2.3)]
    if any(w in reading.words for w in ("controller", "controllers", "dpo", "representative")) and mentions:
        return [make(scene, "controller", mentions[0], 2.4)]
    return []


def _definition(scene: Scene) -> list[Practice]:
    reading = scene.reading
    for mention in reading.of("topic.definition"):
        head = " ".join(reading.words[max(0, mention.first - 8) : mention.first])
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


RULES: tuple[Rule, ...] = (
    _rights,
    _consent,
    _sale,
    _sharing,
    _purposes,
    _data,
    _children,
    _retention,
    _topics,
    _controller,
    _definition,
)


def practices(reading: Reading, context: Context) -> tuple[Practice, ...]:
    """The practices of a clause, what it is most about first."""
    if not reading.words or question(reading):
        return ()
    scene = Scene(reading, context, acts(reading))
    found: list[Practice] = []
    for rule in RULES:
        found += rule(scene)
    merged: dict[tuple[str, str], Practice] = {}
    for one in found:
        known = merged.get(one.key)
        if known is None:
            merged[one.key] = one
        else:
            best = max(known, one, key=lambda item: item.weight)
            merged[one.key] = replace(best, terms=known.terms + one.terms)
    both = conditions(reading)
    ordered = sorted(merged.values(), key=lambda one: (-one.weight, one.first))
    return tuple(replace(one, conditions=both) for one in ordered)
