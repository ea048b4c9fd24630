"""Who gets data: sale, recipients by kind, and what clauses say of requests by authorities."""

from __future__ import annotations

from monitor.meaning.grammar import Act, governing, part
from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading
from monitor.meaning.scene import Practice, Scene, denied_by, make

_OBJECTS = frozenset(
    (
        "data information info personal it them email emails addresses profile contact list lists details phone"
        " subscribers identifiers records"
    ).split()
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
_ADJECTIVES = 3  # words that may stand before a recipient
_SOMEBODY = 1.3  # weight of sharing with somebody for something


def sale(scene: Scene) -> list[Practice]:
    """Sale of data; what people can do against it is no sale."""
    reading = scene.reading
    told = [act for act in scene.acts if act.kind == "sell" and (not scene.rights or _stated(reading, act))]
    found = []
    for act in told:
        if reading.has("who.merger") and not (act.denied and _OBJECTS & set(reading.words[act.last : act.last + 9])):
            continue
        near = set(reading.words[max(0, act.first - 12) : act.last + 12])
        given = "your" in near and reading.has("who.adpartners", "who.thirdparty")
        counted = _COUNTED & set(reading.words[max(0, act.first - 5) : act.first])
        if not near & _OBJECTS and not given and not counted and scene.context.kind != "sell":
            continue
        if act.actor == "you" or _defines(reading, act.first) or (not act.denied and _supposed(reading, act.first)):
            continue
        found.append(
            make(scene, "share.sale", Mention("act.sell", act.first, act.last), 4.5, act=act, denied=act.denied)
        )
    return found


_COUNTED = frozenset(
    "considered deemed constitute constitutes qualify qualifies regarded treated amount amounts".split()
)
_THEIRS = frozenset("does has will shall".split())


def _stated(reading: Reading, act: Act) -> bool:
    """Whether a clause about rights says what is done: "we sell", "Acme does not sell"; not "do not sell my data"."""
    if act.actor == "we":
        return True
    return act.denied and any(
        reading.words[one.first - 1] in _THEIRS for one in reading.of("neg") if 0 < one.first < act.first
    )


def _supposed(reading: Reading, at: int) -> bool:
    """Whether a verb stands under an "if": "if we ever sell your data, you can object"."""
    first, _ = part(reading, at)
    return "if" in reading.words[first:at]


def _defines(reading: Reading, at: int) -> bool:
    """Whether the word at ``at`` is only what a definition, or a question, is of."""
    return not {"definition", "whether"}.isdisjoint(reading.words[max(0, at - 4) : at])


def sharing(scene: Scene) -> list[Practice]:
    """Recipients by kind."""
    reading, context = scene.reading, scene.context
    shares = [act for act in scene.acts if act.kind in _SHARING]
    inherited = context.kind in _SHARING
    found = []
    for name, (label, usual) in _WHO.items():
        for mention in reading.of(name):
            weight = usual
            act = governing(reading, scene.acts, mention, ("share", "sell", "collect", "use"))
            given = shares or inherited or _receives(scene, mention) or _employed(act, mention)
            if not given and label not in {"share.merger", "share.authorities"}:
                weight = min(weight, 1.3)
            if label == "share.authorities" and not shares and reading.words[mention.last - 1] == "law":
                weight = 0.9  # "as required by law" beside something else than disclosure
            collected = act.kind == "collect" if act else context.kind == "collect"
            if label in {"share.merger", "share.authorities"} and not given and collected:
                weight = weight if reading.has("neg") else 1.3  # they are where data come from, or why
            if "from" in reading.words[max(0, mention.first - _ADJECTIVES) : mention.first] and collected:
                weight = min(weight, 1.3)
            if label == "share.public" and act is None and not inherited:
                continue
            if scene.rights and label in {"share.authorities", "share.processor", "share.adpartners"}:
                weight = min(weight, 1.2)
            denied = _denied(scene, mention, act, inherited=inherited and not shares)
            only = label == "share.authorities" and bool((act and act.only) or _refused(reading))
            found.append(make(scene, label, mention, weight, act=act, denied=denied or only))
    if (shares or inherited) and not found and not scene.rights:
        for mention in reading.of("who.thirdparty"):
            act = governing(reading, scene.acts, mention, _SHARING)
            label = _unnamed(reading)
            denied = act.denied if act else context.denied
            weight = 1.8 if label or denied else _SOMEBODY
            found.append(make(scene, label or "share.adpartners", mention, weight, act=act, denied=denied))
            break
    return found


def _denied(scene: Scene, mention: Mention, act: Act | None, *, inherited: bool) -> bool:
    """Whether it is denied that a recipient gets something: "advertisers never get it"."""
    near = range(mention.last, mention.last + 4)
    if _receives(scene, mention) and any(one.first in near for one in scene.reading.of("neg")):
        return True
    if inherited and not (act and act.kind in _SHARING):
        return denied_by(scene, mention, None)
    return denied_by(scene, mention, act)


# "we permit them to …"
_MAY = (("collect",), ("access",), ("receive",), ("use",), ("process",), ("place",), ("set",))
_RECEIVING = frozenset(
    "receive receives received obtain obtains access accessed get gets see sees store stores host hosts".split()
)


def _receives(scene: Scene, mention: Mention) -> bool:
    """Whether these are said to get something: "contractors may receive …"."""
    words = scene.reading.words
    if words[mention.last : mention.last + 1] == ("to",) and words[mention.last + 1 : mention.last + 2] in _MAY:
        return True
    following = words[mention.last : mention.last + 8]
    if "we" in following:
        following = following[: following.index("we")]  # "from partners we receive …"
    return bool(_RECEIVING & set(following))


def _employed(act: Act | None, mention: Mention) -> bool:
    """Whether these are taken into service: "we use providers to …"."""
    if act is None or act.kind != "use" or not 0 <= mention.first - act.last <= _ADJECTIVES:
        return False
    return act.actor == "we" or (act.denied and act.actor != "you")


_REFUSALS = ("refus", "reject", "declin", "challeng", "resist")


def _refused(reading: Reading) -> bool:
    """Whether the clause says that requests are refused."""
    return any(
        reading.words[one.first].startswith(_REFUSALS)
        or any(word.startswith("assist") for word in reading.words[one.last : one.last + 2])
        for one in reading.of("neg")
    )


def _unnamed(reading: Reading) -> str:
    """The label of sharing with "third parties" of no stated kind, by what they get the data for; "" without that."""
    if reading.has("purpose.ads_targeted", "purpose.ads_contextual", "purpose.marketing", "purpose.analytics"):
        return "share.adpartners"
    if reading.has("purpose.service", "purpose.security", "purpose.improve"):
        return "share.processor"
    return ""
