"""What stands on the page beside the policy: menus, buttons, banners, widgets, and what others have put there."""

from __future__ import annotations

from monitor.meaning.context import context
from monitor.meaning.materiality.case import Case
from monitor.meaning.materiality.figures import emails, numbers
from monitor.meaning.materiality.lexicon import stems
from monitor.meaning.materiality.scene import SENTENCE_END, loose
from monitor.meaning.names import row_name
from monitor.meaning.reading import read
from monitor.model import Clause

_WIDGET = 60  # words of a sentence that a banner or a widget may have
_INVITATION = 20
_LINE = 6  # words of an entry of a menu
_LEAD = 3  # words that a menu may have above it: "Follow us on:"


def navigation(case: Case) -> bool:
    """Menus, buttons, footers and banners: no sentence, and no lead-in or heading that speaks of data."""
    clause, scene = case.clause, case.scene
    sides = ((case.change.before, scene.menus[0]), (case.change.after, scene.menus[1]))
    if all(side.start in menus for side, menus in sides if side):
        return True
    words = case.present.words
    if clause.kind == "row" or case.change.kind == "reworded" or (_introduced(clause) and _speaks(clause)):
        return False
    if (
        words[0] in {"copyright", "©"}
        or "©" in clause.text
        or (len(words) <= (12 if loose(clause) else 4) and scene.links(clause))
    ):
        return True
    line = clause.kind == "item" or not SENTENCE_END.search(clause.text)
    if not line or len(words) > _LINE or case.speaks(case.context) or numbers(words) or emails(words):
        return False
    return not (_introduced(clause) and case.states(scene.lex.uniform(words)))


def _speaks(clause: Clause) -> bool:
    """Whether the item names data, recipients by kind, or a company."""
    return (
        read(clause.text).has("data", "who", "purpose", "right", "topic")
        or row_name(clause, context(clause)) is not None
    )


def _introduced(clause: Clause) -> bool:
    """Whether the line is an item of a list that a sentence of the policy introduces: no menu has one."""
    lead = clause.lead_in.rstrip(" *_")
    return lead.endswith(":") and len(lead.split()) > _LEAD


def machine(case: Case) -> bool:
    """What the page or the browser says to its visitor, and banners that ask about cookies."""
    lex, words = case.scene.lex, case.present.words
    if case.change.kind == "reworded" or len(words) > _WIDGET:
        return False
    cluster = case.scene.clusters.get(id(case.change))
    if cluster and not cluster.keys.isdisjoint(lex.buttons):
        return " ".join(words) in lex.buttons or "data.cookies" in lex.classes(lex.uniform(words))
    return bool(lex.machine.find(stems(words))) or _invites(case)


def _invites(case: Case) -> bool:
    """Whether a short line asks the visitor to become a customer."""
    lex, words = case.scene.lex, case.present.words
    if case.clause.kind != "sentence" or not words or words[0] not in lex.invitation or len(words) > _INVITATION:
        return False
    groups = {name.partition(".")[0] for name in lex.classes(lex.uniform(words))}
    return lex.about_data.isdisjoint(words) and groups.isdisjoint({"rights", "contact", "negation", "person"})


def spam(case: Case) -> bool:
    """What somebody else put on the page."""
    if case.change.kind not in {"added", "removed"}:
        return False
    return bool(case.scene.lex.spam.find(case.scene.lex.uniform(case.present.words)))
