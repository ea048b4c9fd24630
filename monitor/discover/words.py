"""The words that lead to documents, read once, and the form in which texts are compared with them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class KindWords:
    """What one kind of document is called and where it lies."""

    name: tuple[str, ...]
    hint: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """All of ``words.toml``."""

    kinds: dict[str, KindWords]
    hub: tuple[str, ...]
    away: tuple[str, ...]
    sitemap_part: tuple[str, ...]
    about: tuple[str, ...]


@cache
def words() -> Words:
    """The package's words."""
    data = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
    kinds = {
        kind: KindWords(tuple(row["name"]), tuple(row["hint"]), tuple(row["path"]))
        for kind, row in data["kind"].items()
    }
    lists = (data["links"]["hub"], data["links"]["away"], data["sitemap"]["part"], data["parts"]["about"])
    return Words(kinds, *map(tuple, lists))


def fold(text: str) -> str:
    """Lower case without accents; everything that is no letter, digit or apostrophe is one space."""
    plain = unicodedata.normalize("NFKD", text[:2_000]).casefold().replace("’", "'").replace("&", " and ")
    plain = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return re.sub(r"[^\w']+|_+", " ", plain).strip()


def says(folded: str, phrases: tuple[str, ...]) -> bool:
    """Whether a folded text holds one of the phrases as whole words."""
    padded = f" {folded} "
    return any(f" {phrase} " in padded for phrase in phrases)
