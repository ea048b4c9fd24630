"""What two documents as wholes must be for their difference to be a change of the policy."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.compare import plain
from monitor.meaning.materiality.scene import Scene
from monitor.model import Clause, Extraction

_STUB = 5  # statements about data: fewer is no policy
_POLICY = 20
_SHORT = frozenset(("stub", "fragment"))  # said of the length alone; two excerpts may be compared
_SHARE = 0.3


def refuse(scene: Scene, before: Extraction, after: Extraction) -> str:
    """Why the difference is none of the policy's, as one sentence; "" when it is."""
    for name, this, other in (("earlier", before, after), ("later", after, before)):
        short = this.verdict.kind in _SHORT and this.words >= _SHARE * other.words
        if not this.verdict.ok and not short:
            return f"another page captured: the {name} text is no policy ({this.verdict.kind})"
    if before.language and after.language and before.language != after.language:
        return f"another language: {before.language} and {after.language}"
    if _another_page(scene):
        return "another page captured: the two texts share next to nothing and one states no practice"
    return ""


def _another_page(scene: Scene) -> bool:
    comparison = scene.comparison
    if sum(change.kind in {"added", "removed"} for change in comparison.changes) < _POLICY:
        return False
    fewer, more = sorted(_statements(clauses, scene) for clauses in (comparison.before, comparison.after))
    return fewer < _STUB and more >= _POLICY


def _statements(clauses: Sequence[Clause], scene: Scene) -> int:
    """How many sentences say that personal data is collected, kept, used, shared or deleted."""
    lex = scene.lex
    count = 0
    for clause in clauses:
        stems = lex.uniform(plain.words(clause.text))
        if len(stems) >= 6 and "personal" in stems and any(name.startswith("act.") for name in lex.classes(stems)):
            count += 1
    return count


def extracted_again(scene: Scene, before: Extraction, after: Extraction) -> str:
    """Why the difference is the extraction's and not the vendor's; "" when it may be the vendor's."""
    comparison = scene.comparison
    added = [change for change in comparison.changes if change.kind == "added" and change.after]
    removed = [change for change in comparison.changes if change.kind == "removed" and change.before]
    moved = sum(change.kind == "moved" for change in comparison.changes)
    new = sum(not scene.says(plain.words(change.after.text), 0) for change in added if change.after)
    lost = sum(not scene.says(plain.words(change.before.text), 1) for change in removed if change.before)
    doubled = len(added) - new
    same_date = before.dates == after.dates
    total = max(1, len(comparison.before))
    if same_date and not new and lost >= 0.3 * total:
        return "text lost by extraction: much is gone, nothing is new, and the stated date is the same"
    if same_date and doubled >= 5 and moved >= 5 and new <= 0.25 * len(added):
        return "extracted otherwise: paragraphs are scrambled and doubled under the same stated date"
    return ""
