"""A configuration file read with care: its bytes, its tables, and the line on which each key stands."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import ConfigError, Problem

LIMIT = 4_000_000  # bytes; ten thousand documents take 1.7 MB
_LONGEST_LINE = 10_000  # characters; tomllib takes quadratic time for one key of many dotted parts
_SYNTAX_PROBLEMS = 20  # reported at most

Place = tuple[str | int, ...]  # ("vendor", 3, "document", 0, "url")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is valid TOML."""

    path: str
    text: str
    data: dict[str, object]


def read_source(path: Path) -> bytes:
    """The bytes of a regular file of sensible size.

    Raises:
        ConfigError: there is no such file, or it is something else than that.
    """
    try:
        # O_NONBLOCK: opening a named pipe must not wait for its writer
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise _whole(str(path), "is no regular file")
        with os.fdopen(descriptor, "rb") as file:
            raw = file.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise _whole(str(path), "is not there", "policy-monitor init makes one") from error
    except OSError as error:
        raise _whole(str(path), f"cannot be read: {error.strerror}") from error
    if len(raw) > LIMIT:
        raise _whole(str(path), f"is larger than {LIMIT // 1_000_000} MB")
    return raw


def parse_source(raw: bytes, *, path: str) -> Source:
    """The tables of a file's bytes. A byte order mark and line ends of Windows are accepted.

    Raises:
        ConfigError: the bytes are not UTF-8 or not TOML; syntax errors of several lines are reported together.
    """
    if len(raw) > LIMIT:
        raise _whole(path, f"is larger than {LIMIT // 1_000_000} MB")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _whole(path, "is UTF-16", "save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem("file", line, f"byte 0x{raw[error.start]:02x} is not UTF-8", "save it as UTF-8")
        raise ConfigError(path, (problem,)) from error
    for row, characters in enumerate(text.split("\n"), 1):
        if len(characters) > _LONGEST_LINE:
            raise ConfigError(path, (Problem("file", row, f"a line of more than {_LONGEST_LINE} characters"),))
    try:
        return Source(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, tuple(_syntax_problems(text, error))) from error
    except RecursionError as error:
        raise _whole(path, "is nested too deeply") from error


def scan(text: str) -> Iterator[tuple[Place, int, int]]:
    """Every table header and every key of a valid TOML text: its place, its first and its last line.

    tomllib keeps no positions, so the text is scanned again: for messages and insertions, never for values.
    """
    counts: dict[Place, int] = {}
    table: Place = ()
    for first, last, statement in _statements(text):
        if statement.startswith("["):
            table = _resolve(_keys(statement.lstrip("[")), counts, many=statement.startswith("[["))
            yield table, first, last
        else:
            yield table + _keys(statement), first, last


def find_lines(text: str) -> dict[Place, int]:
    """The line of every table and key of a valid TOML text; without a header: of what comes first in it."""
    lines: dict[Place, int] = {}
    for place, first, _last in scan(text):
        for length in range(len(place), 0, -1):
            lines.setdefault(place[:length], first)
    return lines


def _whole(path: str, message: str, hint: str = "") -> ConfigError:
    return ConfigError(path, (Problem("file", 0, message, hint),))


_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_PLAIN_ENTRY = re.compile(r"\s*[\w.\"'-]+\s*=")


def _syntax_problems(text: str, first: tomllib.TOMLDecodeError) -> list[Problem]:
    """The first syntax error and those after it, found by blanking one wrong line after the other.

    Only lines of the form ``key = …`` are blanked: without a header the keys below it would seem to be wrong.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    problems: list[Problem] = []
    error: tomllib.TOMLDecodeError | None = first
    while error is not None and len(problems) < _SYNTAX_PROBLEMS:
        at = _AT.search(str(error))
        number = int(at.group(1)) if at and at.group(1) else len(lines)
        problems.append(Problem("TOML", number, _AT.sub("", str(error)), _syntax_hint(lines[number - 1])))
        if not at or not at.group(1) or not _PLAIN_ENTRY.match(lines[number - 1]) or "overwrite" in str(error):
            break
        lines[number - 1] = ""
        error = _try_again("\n".join(lines))
    return problems


def _try_again(text: str) -> tomllib.TOMLDecodeError | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return error
    except RecursionError:
        return None
    return None


def _syntax_hint(line: str) -> str:
    value = line.partition("=")[2].strip()
    if value[:1].isalpha() and value not in {"true", "false"}:
        return "text stands in double quotes"
    if "“" in line or "”" in line:
        return 'use straight quotes: "'
    return ""


_PIECE = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5})?'  # what is not closed goes on to its end: once, not at every quote
    r"|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5})?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|\n|[\[\]{}]|[^\"'\#\n\[\]{}]++|.",
    re.DOTALL,
)


def _statements(text: str) -> list[tuple[int, int, str]]:
    """Each header and each ``key = value`` with its first and last line, without comments."""
    found: list[tuple[int, int, str]] = []
    line = start = 1
    depth = 0
    parts: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece == "\n" and not depth:
            statement = "".join(parts).strip()
            if statement:
                found.append((start, line, statement))
            parts = []
        elif not piece.startswith("#"):
            if not any(part.strip() for part in parts):
                start = line
            depth += piece in {"[", "{"}
            depth -= piece in {"]", "}"}
            parts.append(piece)
        line += piece.count("\n")
    statement = "".join(parts).strip()
    return [*found, (start, line, statement)] if statement else found


_KEY = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([\w-]+))\s*(\.?)")


def _keys(statement: str) -> tuple[str, ...]:
    keys: list[str] = []
    position = 0
    while match := _KEY.match(statement, position):
        keys.append(match.group(1) or match.group(2) or match.group(3) or "")
        position = match.end()
        if not match.group(4):
            break
    return tuple(keys)


def _resolve(keys: tuple[str, ...], counts: dict[Place, int], *, many: bool) -> Place:
    """The place that a header names: below an array of tables it means the newest element."""
    place: Place = ()
    for key in keys[:-1]:
        place += (key,)
        if place in counts:
            place += (counts[place] - 1,)
    place += keys[-1:]
    if many:
        counts[place] = counts.get(place, 0) + 1
        place += (counts[place] - 1,)
    return place
