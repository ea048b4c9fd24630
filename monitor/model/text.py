"""What a page says: input to extraction, and what comes out of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

VerdictKind = Literal[
    "policy",
    "wall",
    "consent-wall",
    "login",
    "not-found",
    "maintenance",
    "home",
    "hub",
    "stub",
    "empty",
    "script-shell",
    "fragment",
    "other-language",
    "spam",
]
ClauseKind = Literal["heading", "sentence", "item", "row"]


@dataclass(frozen=True, slots=True)
class HeadingRange:
    """Keep the text from the heading ``start`` up to the heading ``until`` (or to the end); matched without case."""

    start: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes to extract from, with what was said about them."""

    body: bytes
    content_type: str = ""  # the header's value, may be wrong
    url: str = ""  # where it was found: base of relative links
    final_url: str = ""  # where redirects ended; "" when not fetched
    name: str = ""  # file name, when it came from a file


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """What a document's declaration says about its pages."""

    select: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    headings: HeadingRange | None = None
    language: str | None = None
    kind: str = "privacy-policy"


@dataclass(frozen=True, slots=True)
class Clause:
    """The unit that is compared. ``source[start:end] == text`` in code points of the normalised text.

    ``headings`` is the path of headings above it, ``lead_in`` the sentence that introduces the list or table it stands
    in (nested lists: outermost first, joined by a space); for a table row the header cells joined by `` | ``.
    """

    text: str
    start: int
    end: int
    kind: ClauseKind
    headings: tuple[str, ...] = ()
    lead_in: str = ""


@dataclass(frozen=True, slots=True)
class StatedDates:
    """Dates that the text states of itself, each with the literal words that say so."""

    updated: date | None = None
    updated_quote: str = ""
    effective: date | None = None
    effective_quote: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an extraction shows the policy, and what says so."""

    kind: VerdictKind
    reason: str = ""  # one sentence for people
    signature: str = ""  # id of the signature or measure that decided; equal for the same wall with another request id

    @property
    def ok(self) -> bool:
        """Whether this may become a version."""
        return self.kind == "policy"


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the extraction is of having kept the policy and nothing else, 0 to 1, and why not more."""

    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """A snapshot's normalised text under one extractor revision."""

    text: str  # normalised Markdown, ends with one newline
    extractor: str  # revision, e.g. "1+html-to-markdown-3.21.2"
    verdict: Verdict
    title: str = ""
    language: str = ""  # ISO 639-1, "" unknown
    dates: StatedDates = StatedDates()
    confidence: Confidence = Confidence(1.0)
    words: int = 0
    needs_browser: bool = False  # an empty shell with scripts

    @property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()
