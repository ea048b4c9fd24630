"""A pair of documents in the making: what was edited so far, and what a reader must be told of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar

from benchmarks.mutation.document import Block, Document, Unit

T = TypeVar("T")
_NEW_KEYS = 10_000  # of units that an edit brings


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that must be made; where several readings are as good, all of them."""

    labels: tuple[str, ...]
    actions: tuple[str, ...]
    polarities: tuple[str, ...]
    directions: tuple[str, ...]
    kind: str = ""  # of edit
    shown: str = ""  # what was written, for people who look into failures

    @classmethod
    def parse(cls, text: str, *, kind: str = "", shown: str = "") -> Expected:
        """The expectation written as "label action polarity direction", each perhaps with alternatives: "neutral|better"."""
        labels, actions, polarities, directions = (tuple(part.split("|")) for part in text.split())
        return cls(labels, actions, polarities, directions, kind, shown)


@dataclass(frozen=True, slots=True)
class Case:
    """Two versions of an invented policy, and what the edits between them mean."""

    before: Document
    after: Document
    half: str  # which wordings may be drawn: "a", "b" or "" for all
    expected: tuple[Expected, ...] = ()
    kinds: tuple[str, ...] = ()
    touched: frozenset[int] = frozenset()  # keys of units that an edit has taken

    @property
    def labels(self) -> set[str]:
        """Every label that some edit is about."""
        return {label for one in self.expected for label in one.labels}

    def taken(self, *keys: int) -> Case:
        """The case with these units taken."""
        return replace(self, touched=self.touched | set(keys))

    def expects(self, *expected: Expected) -> Case:
        """The case with further expectations."""
        return replace(self, expected=(*self.expected, *expected))


Edit = Callable[[Case, random.Random], Case | None]
"""What changes a case; None when it does not fit this policy or what was edited before."""


def half_of(text: str) -> str:
    """The half that a wording or policy belongs to, the same on every machine."""
    return "ab"[sha256(text.encode()).digest()[0] % 2]


def draw(options: list[T], rng: random.Random, half: str, text: Callable[[T], str]) -> T | None:
    """One of the options of a half."""
    fitting = [option for option in options if half in {"", half_of(text(option))}]
    return rng.choice(fitting) if fitting else None


def filled(text: str, document: Document) -> str:
    """A wording with the vendor's own names in its slots."""
    for slot in ("vendor", "product", "data", "email", "host"):
        value = document.facts[slot]
        text = text.replace(f"{{{slot}}}", value)
    return text[:1].upper() + text[1:]


HEADINGS = {
    "collect": ("Information we collect", "Data that we process", "What we know about you"),
    "use": ("How we use data", "Purposes of processing", "What we do with it"),
    "share": ("Who receives data", "Disclosure to others", "Recipients"),
    "retention": ("Retention", "How long we keep data", "Storage periods"),
    "rights": ("Your rights and choices", "Your choices", "Your rights"),
    "children": ("Children", "Children's privacy", "Young people"),
    "security": ("Security", "How we protect data", "Safeguards"),
    "transfer": ("International transfers", "Where data are processed", "Transfers abroad"),
    "basis": ("Legal bases", "Why we may process data", "Our legal grounds"),
    "changes": ("Changes to this policy", "Updates", "Amendments"),
    "contact": ("Contact", "How to reach us", "Who we are"),
    "cookies": ("Cookies", "Cookies and similar technologies"),
    "intro": ("About this policy", "Scope"),
}


def place(case: Case, role: str, texts: tuple[str, str], rng: random.Random) -> Case:
    """The case with a sentence that reads one way before and another way after ("" where there is none).

    It goes behind a sentence of the section with that role, into a paragraph of its own there, or into a new section.
    """
    key = _NEW_KEYS + len(case.touched) + 100 * len(case.kinds)
    spots = [
        unit.key
        for block in case.after.blocks
        if block.role == role and block.kind == "paragraph"
        for unit in block.units
        if not unit.text.endswith(":") and not _continued(case, unit.key)
    ]
    alone = not spots or rng.random() < 0.3
    spot = rng.choice(spots) if spots and not alone else 0
    heading = rng.choice(HEADINGS.get(role, HEADINGS["use"]))
    documents = []
    for document, text in zip((case.before, case.after), texts, strict=True):
        if not text:
            documents.append(document)
        elif spot:
            documents.append(document.after(spot, Unit(text, key)))
        else:
            block = Block("paragraph", (Unit(text, key),), role)
            there = any(one.role == role for one in document.blocks)
            documents.append(_ended(document, role, block, "" if there else heading, key))
    return replace(case, before=documents[0], after=documents[1]).taken(key)


def _continued(case: Case, key: int) -> bool:
    """Whether a sentence was taken by an edit, or is not there in both versions."""
    try:
        case.before.find(key)
    except KeyError:
        return True
    return key in case.touched


def _ended(document: Document, role: str, block: Block, heading: str, key: int) -> Document:
    """The document with a block at the end of the section with a role, or in a new section before the last one."""
    if heading:
        last = max(n for n, one in enumerate(document.blocks) if one.kind == "heading" and one.level <= 2)
        title = Block("heading", (Unit(heading, key + 50),), role, 2)
        return replace(document, blocks=(*document.blocks[:last], title, block, *document.blocks[last:]))
    end = max(n for n, one in enumerate(document.blocks) if one.role == role)
    return replace(document, blocks=(*document.blocks[: end + 1], block, *document.blocks[end + 1 :]))
