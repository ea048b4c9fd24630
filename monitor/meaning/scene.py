"""What a clause is about, and how a practice is read out of it: the ground that every reader of practices stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.meaning.context import Context
from monitor.meaning.grammar import Act
from monitor.meaning.grammar import denied as denied_at
from monitor.meaning.lexicon import Mention
from monitor.meaning.reading import Reading
from monitor.model import Polarity

SENSITIVE = frozenset(
    {
        "data.biometric",
        "data.health",
        "data.genetic_neural",
        "data.sensitive_traits",
        "data.location_precise",
        "data.gov_id",
        "data.communications",
        "data.children",
    }
)


@dataclass(frozen=True, slots=True)
class Practice:
    """One labelled practice. ``first`` and ``last`` are the words that show it.

    ``weight`` how much the clause is about it.
    """

    label: str
    polarity: Polarity
    first: int
    last: int
    weight: float
    action: str = ""
    actor: str = ""
    modality: str = ""
    value: str = ""
    conditions: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()  # the words of the lexicon's terms, folded

    @property
    def key(self) -> tuple[str, Polarity]:
        """What makes two practices say the same kind of thing."""
        return self.label, self.polarity


@dataclass(frozen=True)
class Scene:
    """A clause with all that the rules ask about it."""

    reading: Reading
    context: Context
    acts: list[Act] = field(default_factory=list)

    @property
    def rights(self) -> bool:
        """Whether the clause tells what people can do: then verbs in it are no practice of the vendor."""
        return self.reading.has("right.access", "right.object", "right.signals", "right.complaint")


Rule = Callable[[Scene], list[Practice]]


def make(
    scene: Scene,
    label: str,
    mention: Mention,
    weight: float,
    *,
    act: Act | None = None,
    denied: bool = False,
    value: str = "",
    terms: tuple[str, ...] = (),
) -> Practice:
    """The practice of that label which a mention shows; ``terms`` where other words tell it from others of its kind."""
    reading = scene.reading
    return Practice(
        label,
        "commitment" if denied else "practice",
        mention.first,
        mention.last,
        weight,
        action=act.kind if act else scene.context.kind,
        actor=act.actor if act else "",
        modality=act.modality if act else "",
        value=value or reading.say(mention.first, mention.last),
        terms=terms or (said(reading, mention),),
    )


def said(reading: Reading, mention: Mention) -> str:
    """The words of a mention, folded."""
    return " ".join(reading.words[mention.first : mention.last])


def matter(scene: Scene, *names: str) -> tuple[str, ...]:
    """What a clause applies something to, by words of these classes: two of a kind are told apart by it."""
    return tuple(dict.fromkeys(said(scene.reading, one) for one in scene.reading.of(*names)))[:_MATTERS]


_MATTERS = 4  # words of the matter that are enough to find it in the other version


_CLOSE = 2  # words between a denial and the thing it takes out of what is done


def _denied_after(reading: Reading, act: Act, mention: Mention) -> bool:
    """Whether a thing is taken out of what is done: "used to log you in, not for advertising"."""
    return any(
        act.last <= one.first and 0 <= mention.first - one.last <= _CLOSE and not act.denied
        for one in reading.of("neg")
    )


def denied_by(scene: Scene, mention: Mention, act: Act | None) -> bool:
    """Whether a thing is denied: by the act it belongs to; without one by a word before it, or by what it inherits."""
    reading = scene.reading
    if any(mention.first < one.first < mention.last for one in reading.of("neg")):
        return True  # "our models are not trained on them"
    if act is not None:
        return act.denied != _denied_after(reading, act, mention)
    earlier = [other.first for other in scene.acts if other.first < mention.first]
    if earlier and not any(earlier[-1] <= one.first < mention.first for one in reading.of("neg")):
        return scene.context.denied  # a denial belongs to what is done first
    return scene.context.denied or denied_at(scene.reading, mention.first)
