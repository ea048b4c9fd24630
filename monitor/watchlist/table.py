"""A table of a configuration file, taken apart key by key: values of the right shape, and every problem remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from monitor.errors import ConfigError, Problem
from monitor.watchlist.source import Place, Source, find_lines

_MOST = 500  # problems told; whoever has more has one that explains them

T = TypeVar("T")
Convert = Callable[[object], T]
"""Gives a value its shape, or raises Wrong."""


class Wrong(ValueError):  # noqa: N818 - reads as what it says: the value is wrong
    """A value cannot be used; with the reason and, where there is one, a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@dataclass(slots=True)
class Problems:
    """What is wrong in one file so far."""

    source: Source
    found: list[tuple[Place, str, str, str]] = field(default_factory=list)

    def add(self, place: Place, where: str, message: str, hint: str = "") -> None:
        """Remember one problem."""
        self.found.append((place, where, message, hint))

    def check(self) -> None:
        """Do nothing if nothing is wrong.

        Raises:
            ConfigError: with all problems, in the order of the file.
        """
        if self.found:
            lines = find_lines(self.source.text)
            problems = [
                Problem(where, nearest_line(lines, place), message, hint) for place, where, message, hint in self.found
            ]
            problems.sort(key=lambda problem: problem.line)
            if len(problems) > _MOST:
                problems[_MOST:] = [Problem("file", 0, f"and {len(problems) - _MOST} more problems")]
            raise ConfigError(self.source.path, tuple(problems))


def nearest_line(lines: Mapping[Place, int], place: Place) -> int:
    """The line of a place, or of the nearest table around it; 0 when unknown."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 0)


class Table:
    """One table. Every key asked for is known; ``finish`` reports the others."""

    def __init__(self, data: Mapping[str, object], problems: Problems, *, place: Place = (), label: str = "") -> None:
        self.data = data
        self.problems = problems
        self.place = place
        self.label = label
        self._known: list[str] = []

    def wrong(self, key: str, message: str, hint: str = "", *, index: int | None = None) -> None:
        """Remember a problem with a key, or with one element of its array ("": with the table itself)."""
        where = ", ".join(part for part in (self.label, key) if part) or "file"
        place = (*self.place, key) if key else self.place
        self.problems.add(place, where, f"number {index + 1}: {message}" if index is not None else message, hint)

    def take(self, key: str, convert: Convert[T], default: T) -> T:
        """The key's value; the default when it is missing or wrong."""
        self._known.append(key)
        if key not in self.data:
            return default
        try:
            return convert(self.data[key])
        except Wrong as error:
            self.wrong(key, error.message, error.hint)
            return default

    def need(self, key: str, convert: Convert[T], default: T) -> T:
        """The key's value; it must be there."""
        if key not in self.data:
            self.wrong("", f"{key} is missing", did_you_mean(key, [name for name in self.data if name != key]))
        return self.take(key, convert, default)

    def each(self, key: str, convert: Convert[T]) -> tuple[T, ...]:
        """The values of an array; wrong ones are left out."""
        self._known.append(key)
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, f"expected an array, found {kind(value)}", f'write {key} = ["…"]')
            return ()
        good: list[T] = []
        for index, element in enumerate(value):
            try:
                good.append(convert(element))
            except Wrong as error:
                self.wrong(key, error.message, error.hint, index=index)
        return tuple(good)

    def table(self, key: str) -> Table:
        """The table of that name, empty when it is missing or wrong."""
        self._known.append(key)
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"expected a table, found {kind(value)}", f"write [{key}]")
            value = {}
        return Table(value, self.problems, place=(*self.place, key), label=", ".join(filter(None, (self.label, key))))

    def tables(self, key: str, *, name: str) -> tuple[Table, ...]:
        """The tables of an array of tables; ``name`` is the key whose value tells them apart in messages."""
        self._known.append(key)
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
            header = ".".join([*(part for part in self.place if isinstance(part, str)), key])
            self.wrong(key, f"expected tables, found {kind(value)}", f"write [[{header}]]")
            return ()
        made = []
        for index, element in enumerate(value):
            title = element.get(name)
            known = isinstance(title, str) and title.isprintable() and len(title) <= 63
            label = f'{key} "{title}"' if known else f"{key} number {index + 1}"
            label = ", ".join(filter(None, (self.label, label)))
            made.append(Table(element, self.problems, place=(*self.place, key, index), label=label))
        return tuple(made)

    def finish(self, hints: Mapping[str, str] | None = None) -> None:
        """Report keys that nobody asked for. ``hints`` says what to do instead of keys that people may try."""
        for key in self.data:
            if key not in self._known:
                hint = (hints or {}).get(key) or did_you_mean(key, self._known)
                self.wrong(shown(key, quotes=False), "unknown key", hint)


def kind(value: object) -> str:
    """What a value is, in the words of TOML."""
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "an array", dict: "a table"}
    return names.get(type(value), "a date or time")


def shown(text: str, *, quotes: bool = True) -> str:
    """Text of a configuration as one short printable piece."""
    short = text if len(text) <= 60 else text[:59] + "…"
    return repr(short) if quotes or not short.isprintable() else short


def did_you_mean(word: str, words: list[str]) -> str:
    """A hint that names the nearest of some words, "" when none is near."""
    import difflib

    longer = [known for known in words if known.startswith(f"{word}-")]
    near = longer or difflib.get_close_matches(word[:80], words, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near and near[0].isprintable() else ""
