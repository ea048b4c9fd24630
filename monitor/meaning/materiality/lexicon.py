"""The words that make a change matter, read once from ``materiality.toml`` and compared by stem."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_ENTRY = re.compile(r"[,\n]")
_COMPOUND = re.compile(r"[-/]")
_SUFFIXES = ("ation", "ing", "ed", "er", "ly")
# Words whose stem would be another word's, or that inflect without a rule.
_FORMS = {
    form: word
    for word, forms in {
        "use": "use used uses using",
        "age": "age aged ages",
        "note": "note notes noted",
        "sell": "sell sells selling sold",
        "keep": "keep keeps keeping kept",
        "hold": "hold holds holding held",
        "information": "information informations informing",
        "us": "us",
        "news": "news",
        "data": "data",
        "ad": "ad ads",
        "united": "united",
        "process": "process processes processing processed",
        "access": "access accesses accessing accessed",
        "address": "address addresses addressed",
        "business": "business businesses",
        "other": "other",
        "others": "others",
        "another": "another",
        "under": "under",
        "over": "over",
        "after": "after",
        "never": "never",
        "every": "every",
        "very": "very",
        "only": "only",
        "any": "any",
        "police": "police",
        "nothing": "nothing",
        "child": "child children",
        "party": "party parties",
        "person": "person people persons",
    }.items()
    for form in forms.split()
}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What is left of an English word without its inflection; only good for comparing."""
    word = word.removesuffix("'s").strip("'./&:-")
    known = _FORMS.get(word)
    if known:
        return known
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ied"):
        word = f"{word[:-3]}y"
    elif word[-1] == "s" and word[-2] not in "sui":
        word = word[:-1]
    if word.endswith("ie"):
        word = f"{word[:-2]}y"
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word


def _parts(word: str) -> list[str]:
    """The words of a compound: "third-party" is the two words it is elsewhere."""
    if ("-" in word or "/" in word) and "@" not in word and not any(map(str.isdigit, word)):
        return [part for part in _COMPOUND.split(word) if part]
    return [word]


def stems(words: Iterable[str]) -> tuple[str, ...]:
    """The stems of the words, compounds taken apart."""
    return tuple(stem(part) for word in words for part in _parts(word))


class Phrases:
    """A set of phrases, as stems, each with a name, found in a sequence of stems."""

    def __init__(self, entries: Iterable[tuple[tuple[str, ...], str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, name in entries:
            if phrase:
                self._by_first.setdefault(phrase[0], []).append((phrase, name))
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def find(self, stems: Sequence[str]) -> list[tuple[int, int, str]]:
        """Every occurrence as (start, end, name); a name's longer phrases swallow its shorter ones."""
        found: list[tuple[int, int, str]] = []
        for start, first in enumerate(stems):
            seen: set[str] = set()
            for phrase, name in self._by_first.get(first, ()):
                end = start + len(phrase)
                if name not in seen and tuple(stems[start:end]) == phrase:
                    seen.add(name)
                    found.append((start, end, name))
        return found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything of the data file, ready to be asked."""

    revision: int
    facets: Phrases  # names are "group.class"
    places: Phrases
    hard: frozenset[str]
    counted: frozenset[str]
    states: frozenset[str]
    weak: frozenset[str]
    soft: frozenset[str]
    synonyms: Phrases
    stamp: frozenset[str]
    months: frozenset[str]
    little: frozenset[str]
    changed: frozenset[str]
    file: frozenset[str]
    counts: frozenset[str]
    introduction: Phrases
    navigation: Phrases  # over stems without synonyms: a menu's words are names
    changelog: Phrases
    statistics: Phrases
    spam: Phrases
    machine: Phrases
    buttons: frozenset[str]
    invitation: frozenset[str]
    about_data: frozenset[str]
    relative: frozenset[str]
    pages: frozenset[str]
    numerals: Mapping[str, str]
    references: frozenset[str]

    def classes(self, stems: Sequence[str]) -> Counter[str]:
        """How often each facet class occurs. Not to be altered by the caller."""
        return _classes(tuple(stems))

    def named_places(self, stems: Sequence[str]) -> frozenset[str]:
        """The places that are named."""
        found: set[str] = set()
        taken = -1
        for start, end, name in sorted(self.places.find(stems), key=lambda hit: (hit[0], -hit[1])):
            if start >= taken:
                found.add(name)
                taken = end
        return frozenset(found)

    def uniform(self, words: Sequence[str]) -> tuple[str, ...]:
        """The stems of the words, with every synonym replaced by the word it stands for."""
        return _uniform(stems(words), self.synonyms)


def _uniform(bare: tuple[str, ...], synonyms: Phrases) -> tuple[str, ...]:
    found = synonyms.find(bare)
    if not found:
        return bare
    result: list[str] = []
    at = 0
    for start, end, name in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        if start >= at:
            result.extend(bare[at:start])
            result.extend(stems(name.split()))
            at = end
    result.extend(bare[at:])
    return tuple(result)


@lru_cache(maxsize=4096)
def _classes(stems: tuple[str, ...]) -> Counter[str]:
    return Counter(name for _, _, name in lexicon().facets.find(stems))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    source = files("monitor.meaning.materiality").joinpath("materiality.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    quiet: Mapping[str, str] = data["quiet"]
    kinds: Mapping[str, str] = data["kinds"]
    places = tuple(_place_names(data["places"]))
    same = ((entry, name) for name, entries in data["synonyms"].items() for entry in _entries(entries))
    synonyms = Phrases((stems(entry.split()), name) for entry, name in (*same, *places))

    def phrases(text: str, name: str = "") -> Iterable[tuple[tuple[str, ...], str]]:
        return ((_uniform(stems(entry.split()), synonyms), name or entry) for entry in _entries(text))

    return Lexicon(
        revision=int(data["revision"]),
        facets=Phrases(
            entry
            for group, classes in data["facets"].items()
            for name, words in classes.items()
            for entry in phrases(words, f"{group}.{name}")
        ),
        places=Phrases((_uniform(stems(place.split()), synonyms), name) for place, name in places),
        hard=frozenset(_entries(kinds["hard"])),
        counted=frozenset(_entries(kinds["counted"])),
        states=frozenset(_entries(kinds["states"])),
        weak=frozenset(_entries(kinds["weak"])),
        soft=frozenset(_entries(kinds["soft"])),
        synonyms=synonyms,
        stamp=frozenset(_entries(quiet["stamp"])),
        months=frozenset(_entries(quiet["months"])),
        little=frozenset(word for entry in _entries(quiet["little"]) for word in stems((entry,))),
        changed=frozenset(_entries(quiet["changed"])),
        file=frozenset(_entries(quiet["file"])),
        counts=frozenset(stem(word) for word in _entries(quiet["counted"])),
        introduction=Phrases(phrases(quiet["introduction"])),
        navigation=Phrases((stems(entry.split()), entry) for entry in _entries(quiet["navigation"])),
        changelog=Phrases(phrases(quiet["changelog"])),
        statistics=Phrases(phrases(quiet["statistics"])),
        spam=Phrases(phrases(quiet["spam"])),
        machine=Phrases((stems(entry.split()), entry) for entry in _entries(quiet["machine"])),
        invitation=frozenset(_entries(quiet["invitation"])),
        about_data=frozenset(_entries(quiet["about_data"])),
        buttons=frozenset(_entries(quiet["buttons"])),
        relative=frozenset(_entries(quiet["relative"])),
        pages=frozenset(stems(_entries(quiet["places_of_pages"]))),
        numerals=data["numerals"],
        references=frozenset(_entries(quiet["references"])),
    )


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in _ENTRY.split(text) if entry.strip()]


def _place_names(table: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name, others in table.items():
        if name == "others":
            yield from ((place, place) for place in _entries(others))
        else:
            yield from ((alias, name) for alias in (name, *_entries(others)))
