"""What data are used for, and which data a clause is about."""

from __future__ import annotations

from monitor.meaning.grammar import governing
from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading
from monitor.meaning.scene import SENSITIVE, Practice, Scene, denied_by, make

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


_PREVENTS = 2.2
_TELLING = frozenset({"purpose.ai_training", "purpose.ads_targeted", "purpose.profiling_adm"})  # without "use" too


def purposes(scene: Scene) -> list[Practice]:
    """What data are used for."""
    reading, context = scene.reading, scene.context
    found = []
    uses = any(act.kind in {"use", "collect", "share", "sell"} for act in scene.acts)
    inherited = context.kind in {"use", "collect", "share", "basis"} or _aims(reading)
    for mention in reading.of("purpose"):
        name = _aimed(reading, mention)
        weight = _PURPOSES[name]
        act = governing(reading, scene.acts, mention, ("use", "share", "collect", "sell"))
        if not uses and not inherited:
            weight = min(weight, 1.2) if name not in _TELLING else 2.0
        elif name == "purpose.security" and act and act.kind == "use" and reading.has("topic.security"):
            weight = _PREVENTS  # "we use it to detect incidents" is a use, no safeguard
        if scene.rights:
            weight = min(weight, 1.1)
        confined = (act.only and act.kind == "use") if act else context.only
        denied = denied_by(scene, mention, act) or confined
        if confined and weight >= 1.4:
            weight += 1.0
        found.append(make(scene, name, mention, weight, act=act, denied=denied))
    return found


def _aims(reading: Reading) -> bool:
    """Whether a clause only names an aim: "To keep accounts safe", "Detecting fraud"."""
    head = reading.words[0]
    return head in {"to", "for"} or (head.endswith("ing") and len(head) > _GERUND)


_GERUND = 5  # letters of the longest word in "ing" that is no gerund, as in "bring" and "thing"
_BASED = frozenset({"based", "on"})
_AIMED = frozenset(
    "tailored interests targeted relevant personalized personalised behavioral behavioural "
    "customised customized".split()
)


def _aimed(reading: Reading, mention: Mention) -> str:
    """The label of a purpose; advertising that is fitted to people is targeted, however far apart the words stand."""
    near = reading.words[mention.first : mention.last + 14]
    if mention.name == "purpose.ads_contextual" and (
        _AIMED & set(near) or (set(near) >= _BASED and "page" not in near)
    ):
        return "purpose.ads_targeted"
    return mention.name


_BROAD = frozenset({"sensitive information", "sensitive data", "sensitive categories"})
_SORTED = frozenset({"sensitive personal information", "sensitive personal data"})  # what laws list as such


def _entitles(reading: Reading, mention: Mention) -> bool:
    """Whether data are only named in the title of another text: "our Consumer Health Data Privacy Policy"."""
    following = reading.words[mention.last : mention.last + _TITLE]
    ends = [n for n, word in enumerate(following) if word in _TEXTS]
    if not ends or mention.last + ends[0] in reading.breaks:
        return False
    return all(reading.text[reading.spans[n][0]].isupper() for n in range(mention.first, mention.last + ends[0] + 1))


_TEXTS = frozenset({"policy", "notice", "statement"})
_TITLE = 4  # words from the data to the word for the text


def data(scene: Scene) -> list[Practice]:
    """Which data are collected, shared or used."""
    reading, context = scene.reading, scene.context
    found = []
    inherited = context.kind == "collect"
    for mention in reading.of("data"):
        if mention.name == "data.children" or _entitles(reading, mention):
            continue
        act = governing(reading, scene.acts, mention, ("collect", "retain", "share", "use", "sell", "delete"))
        words = " ".join(reading.words[mention.first : mention.last])
        weight = 2.3 if mention.name in SENSITIVE and words not in _BROAD else 2.0
        if mention.name == "data.source_thirdparty":
            weight = 2.4
        if act is None and not inherited:
            weight = 0.9
        elif inherited and context.lead is not None and act is not None and act.kind == "use" and act.actor == "you":
            pass  # "the pages that you use" in a list of what is collected
        elif act is not None and act.kind != "collect" and not (mention.name == "data.cookies" and act.kind == "use"):
            weight = 1.8 if mention.name in SENSITIVE and act.kind in {"share", "use"} else 1.1
        if act is not None and act.kind == "retain":
            weight = 0.6
        if scene.rights:
            weight = min(weight, 0.8)
        denied = denied_by(scene, mention, act)
        if words in _BROAD or (words in _SORTED and not denied):
            weight = min(weight, 1.3)  # no trait is named
        found.append(make(scene, mention.name, mention, weight, act=act, denied=denied))
    return found + _sources(scene)


def _sources(scene: Scene) -> list[Practice]:
    """An item of a list of those whom data are got from: "We receive data from other sources:"."""
    lead, name = scene.context.lead, "data.source_thirdparty"
    if lead is None or not lead.has(name) or scene.context.kind != "collect" or scene.reading.has(name):
        return []
    return [make(scene, name, Mention(name, 0, min(8, len(scene.reading.words))), 2.1, denied=scene.context.denied)]
