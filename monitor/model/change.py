"""What differs between two texts, and what that means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.model.text import Clause

Materiality = Literal["noise", "editorial", "substantive"]
Severity = Literal["none", "low", "medium", "high"]
Direction = Literal["worse", "better", "neutral", "unclear", "mixed"]  # "mixed" only of a change
Action = Literal["added", "removed", "changed"]
Polarity = Literal["practice", "commitment"]
Novelty = Literal["new", "restated", "moved"]
ClauseChangeKind = Literal["added", "removed", "reworded", "moved"]
WordDiff = tuple[tuple[Literal["=", "-", "+"], str], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Literal words of a stored text: ``text[start:end] == quote``."""

    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause that was added, removed, reworded or moved.

    ``also`` holds the further clauses of a split (one before, several after) or a merge, in document order. ``words``
    concatenates to the before text without "+" parts and to the after text without "-" parts, the texts of a split or
    merge joined by a space; empty unless reworded. ``reason`` names the rule that gave the materiality, e.g.
    ``"date"``.
    """

    kind: ClauseChangeKind
    before: Clause | None
    after: Clause | None
    words: WordDiff = ()
    also_before: tuple[Clause, ...] = ()
    also_after: tuple[Clause, ...] = ()
    materiality: Materiality = "substantive"
    reason: str = ""

    @property
    def section(self) -> tuple[str, ...]:
        """The heading path, of the new text where there is one."""
        clause = self.after or self.before
        return clause.headings if clause else ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One labelled statement about a change (label, action, polarity, … as TAXONOMY says)."""

    label: str
    action: Action
    polarity: Polarity
    direction: Direction
    severity: Severity
    value: str
    section: tuple[str, ...]
    novelty: Novelty
    rule: str  # which rule said so
    summary: str  # one plain sentence: "Now says …"
    before: Quote | None
    after: Quote | None

    @property
    def family(self) -> str:
        """The part of the label before the dot."""
        return self.label.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Whether a text makes one disclosure that a law asks for, with the quotation that shows it."""

    id: str  # e.g. "gdpr.13-1-c"
    name: str  # "purposes of the processing"
    present: bool
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Transparency:
    """Measures of how open a text is. Rates are per 1,000 words."""

    words: int = 0
    reading_minutes: float = 0.0
    readability: float = 0.0  # Flesch reading ease; English only, else 0
    vague_per_1000: float = 0.0
    vague: tuple[Quote, ...] = ()  # the sentences with the most vague terms
    named_recipients: tuple[str, ...] = ()
    durations: tuple[str, ...] = ()  # concrete retention periods as written
    disclosures: tuple[Disclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that is said about two versions."""

    materiality: Materiality
    severity: Severity
    direction: Direction
    summary: str
    findings: tuple[Finding, ...]
    clauses: tuple[ClauseChange, ...]
    rules: str  # rules revision
    silent: bool = False  # substantive, while the stated date did not move
    renames: tuple[tuple[str, str], ...] = ()  # document-wide substitutions, reported once
    transparency_before: Transparency = Transparency()
    transparency_after: Transparency = Transparency()
    transparency_summary: str = ""  # what became more specific, what vaguer, what was dropped
    notes: tuple[str, ...] = ()  # e.g. "text in French: compared as text, not interpreted"
