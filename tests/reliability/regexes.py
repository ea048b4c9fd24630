"""Every regular expression of the package: those that its source spells out, and those made from its data files."""

from __future__ import annotations

import ast
import os
import pickle
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]  # no public parser of patterns
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

PACKAGE = Path(__file__).parents[2] / "monitor"
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
ANYWHERE = {"search", "finditer", "findall", "sub", "subn", "split"}


@dataclass(slots=True)
class Found:
    """A pattern, where it was found, and whether it is sought anywhere in a text or only at a place in it."""

    pattern: re.Pattern[Any]
    where: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)

    @property
    def anywhere(self) -> bool:
        """Whether it is tried at every place; unknown counts as yes."""
        return not self.methods or bool(self.methods & ANYWHERE)


def collect() -> list[Found]:
    """All of them, once each."""
    found: dict[tuple[Any, int], Found] = {}
    for pattern, where in (*_compiled_at_work(), *_spelt_out()):
        one = found.setdefault((pattern.pattern, pattern.flags), Found(pattern))
        one.where.add(where)
    used = _methods_by_name()
    for one in found.values():
        names = {where for where in one.where if ":" in where}
        files = {name.partition(":")[0] for name in names}
        if names <= used.keys() and one.where - names <= files:
            one.methods = set().union(*(used[name] for name in names))
    return list(found.values())


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "static" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _spelt_out() -> Iterator[tuple[re.Pattern[Any], str]]:
    """Patterns that stand in the source as they are; a module's name for one comes with it as ``file:NAME``."""
    for path, tree in _modules():
        here = str(path.relative_to(PACKAGE))
        named = {
            id(node.value): node.targets[0].id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            if _is_call(node) and isinstance(node, ast.Call) and node.args:
                pattern = node.args[0]
                if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str | bytes):
                    flags = _flags(node)
                    name = named.get(id(node))
                    yield re.compile(pattern.value, flags), f"{here}:{name}" if name else here


def _is_call(node: ast.AST) -> bool:
    """Whether this is ``re.compile(…)``, ``re.sub(…)`` and the like."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    return isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in {"compile", *METHODS}


def _flags(node: ast.Call) -> int:
    names = {
        sub.attr
        for part in (*node.args[1:], *(keyword.value for keyword in node.keywords))
        for sub in ast.walk(part)
        if isinstance(sub, ast.Attribute) and isinstance(sub.value, ast.Name) and sub.value.id == "re"
    }
    flags = 0
    for name in names:
        flags |= int(getattr(re, name))
    return flags


def _methods_by_name() -> dict[str, set[str]]:
    """What is done with each pattern that has a name of its own; names that go elsewhere are left out."""
    used: dict[str, set[str]] = defaultdict(set)
    lost: set[str] = set()
    for path, tree in _modules():
        here = str(path.relative_to(PACKAGE))
        called = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
                used[f"{here}:{node.value.id}"].add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
                lost.add(f"{here}:{node.id}")
    return {name: methods for name, methods in used.items() if name not in lost}


def _compiled_at_work() -> list[tuple[re.Pattern[Any], str]]:
    """Patterns that the package's modules compile when they are loaded and at work on a change of a policy.

    Seen in a process of its own, in which nothing of the package is loaded yet.
    """
    paths = os.pathsep.join((str(PACKAGE.parent), str(PACKAGE.parent / "tests")))
    done = subprocess.run(
        [sys.executable, "-m", "reliability.regexes"],
        env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    seen: list[tuple[str | bytes, int, str]] = pickle.loads(done.stdout)
    return [(re.compile(pattern, flags), where) for pattern, flags, where in seen]


def main() -> None:
    """Write what the package compiles, pickled, to standard output."""
    known = re._compile  # type: ignore[attr-defined]  # what all of re's functions call
    made: list[tuple[str | bytes, int, str]] = []

    def noted(pattern: Any, flags: Any) -> Any:
        result = known(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_code.co_filename == re.__file__ and frame.f_back is not None:
            frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            made.append((result.pattern, result.flags, str(path.relative_to(PACKAGE))))
        return result

    re._compile = noted  # type: ignore[attr-defined]  # to the end of this process
    _work()
    sys.stdout.buffer.write(pickle.dumps(made))


def _work() -> None:
    import importlib

    for path, _tree in _modules():
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[1] in {"text", "meaning", "compare", "alerts", "discover"}:
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
    from installation import RETENTION, SALE, policy

    from monitor.meaning import assess
    from monitor.model import ExtractOptions, Page
    from monitor.text import extract

    before, after = (
        extract((Page(page.encode(), "text/html", url="", final_url=""),), ExtractOptions(kind="privacy-policy"))
        for page in (policy(), policy(RETENTION, SALE, date="May 1, 2026"))
    )
    assess(before, after, ())


def attacks(pattern: re.Pattern[Any], size: int) -> Iterator[str]:
    """Hostile inputs of a size: what the pattern itself repeats and begins with, over and over, then something else."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    letters = list(dict.fromkeys(_letters(parser.parse(text, pattern.flags & ~re.DEBUG))))
    seeds = [*letters[:14], *_stretches(letters), " ", "a", "\n", "a ", "()", "1.", "<a ", " .", "-", "| ", "\t "]
    for seed in dict.fromkeys(seeds):
        yield (seed * (size // len(seed) + 1))[:size] + "\x00!"


def _stretches(letters: list[str]) -> list[str]:
    """The letters one after the other, as far as they go, in some lengths."""
    return ["".join(letters[:length]) for length in (2, 3, 5, 8, 13, 21) if length <= len(letters)]


def _letters(parsed: Any) -> Iterator[str]:
    """A letter for each place of a pattern that wants one: literals as they are, one of each class."""
    for code, argument in parsed:
        if code is constants.LITERAL:
            yield chr(argument)
        elif code is constants.NOT_LITERAL:
            yield "a" if argument != ord("a") else "b"
        elif code is constants.ANY:
            yield "."
        elif code is constants.IN:
            yield _one_of(argument)
        elif code is constants.BRANCH:
            for branch in argument[1][:3]:
                yield from _letters(branch)
        elif code in {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}:
            yield from _letters(argument[2])
        elif code is constants.SUBPATTERN:
            yield from _letters(argument[3])
        elif code is constants.ATOMIC_GROUP:
            yield from _letters(argument)
        elif code in {constants.ASSERT, constants.ASSERT_NOT}:
            yield from _letters(argument[1])


def _one_of(choices: Any) -> str:
    negated = choices[0][0] is constants.NEGATE
    tried = "a0 -._\n|<\"'#*é"
    if negated:
        return next((letter for letter in tried if not any(_fits(letter, choice) for choice in choices[1:])), "a")
    code, argument = choices[0]
    if code is constants.LITERAL:
        return chr(argument)
    if code is constants.RANGE:
        return chr(argument[0])
    return next((letter for letter in tried if _fits(letter, choices[0])), "a")


def _fits(letter: str, choice: Any) -> bool:
    code, argument = choice
    if code is constants.LITERAL:
        return ord(letter) == int(argument)
    if code is constants.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    kinds = {
        constants.CATEGORY_DIGIT: letter.isdigit(),
        constants.CATEGORY_NOT_DIGIT: not letter.isdigit(),
        constants.CATEGORY_SPACE: letter.isspace(),
        constants.CATEGORY_NOT_SPACE: not letter.isspace(),
        constants.CATEGORY_WORD: letter.isalnum() or letter == "_",
        constants.CATEGORY_NOT_WORD: not (letter.isalnum() or letter == "_"),
    }
    return kinds.get(argument, False)


if __name__ == "__main__":
    main()
