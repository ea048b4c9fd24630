"""A short policy of an invented vendor, and what is found when clauses of it change; shared by tests of meaning."""

from __future__ import annotations

from functools import lru_cache

from monitor.meaning import assess
from monitor.model import Assessment, ExtractOptions, Finding, Page
from monitor.text import extract

HEAD = """# Brackenfell Privacy Policy

Last updated: 9 May 2024

Brackenfell runs an app for hikers. This policy explains how we treat personal data.

## What we collect

We collect your e-mail address when you open an account.

We record which trails you save and how often you open the app.

"""
MIDDLE = """

## How we share it

We share order details with the couriers who deliver printed maps.

"""
TAIL = """

## How long we keep it

We delete saved trails when you delete them.

## Your choices

You can download a copy of your trails from the settings page.

## Contact

Write to us at help@brackenfell.example.
"""


def policy(collect: str = "", share: str = "", rest: str = "") -> str:
    """The policy with clauses in the section about collection, in that about sharing, and in sections at the end."""
    return f"{HEAD}{collect}{MIDDLE}{share}{TAIL}\n{rest}\n"


@lru_cache(maxsize=512)
def assessed(before: str, after: str) -> Assessment:
    """What is said about two texts in Markdown."""
    texts = [extract((Page(text.encode(), name="policy.md"),), ExtractOptions()) for text in (before, after)]
    return assess(texts[0], texts[1])


def findings(before: str, after: str) -> list[Finding]:
    """What is found, the unclassified left out."""
    return [one for one in assessed(before, after).findings if one.label != "unclassified"]


def said(before: str, after: str) -> list[str]:
    """What is found, as "label action polarity direction"."""
    return [f"{one.label} {one.action} {one.polarity} {one.direction}" for one in findings(before, after)]


def fits(sentence: str, pattern: str) -> bool:
    """Whether something said fits a pattern: alternatives by "|", "*" for anything, "share.*" for a family."""

    def fit(word: str, wanted: str) -> bool:
        family = wanted.removesuffix("*") if wanted.endswith(".*") else ""
        return wanted == "*" or word in wanted.split("|") or bool(family and word.startswith(family))

    return all(fit(word, wanted) for word, wanted in zip(sentence.split(), pattern.split(), strict=True))
