"""A base policy as blocks of clauses that edits can name, read from an annotated Markdown file, and written as Markdown.

A file begins with facts (``key: value`` lines up to a line of dashes). Then it is Markdown with one sentence a line, where
a line may end with tags in braces: ``{#role}`` on a heading names what the section is about; on a clause ``{label}`` says
that it alone in this policy states the label, and ``{!label}`` that it promises not to do it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "policies"
_TAGS = re.compile(r" \{([^{}]{1,200})\}$")
BlockKind = Literal["heading", "paragraph", "list", "table"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A heading, sentence, list item or table row; ``key`` is the same before and after an edit."""

    text: str
    key: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Units that stand together. ``role`` is what the section they stand in is about, ``level`` that of a heading."""

    kind: BlockKind
    units: tuple[Unit, ...]
    role: str = ""
    level: int = 0
    mark: str = "-"  # of list items

    def markdown(self) -> str:
        """The block as Markdown."""
        texts = [unit.text for unit in self.units]
        if self.kind == "heading":
            return f"{'#' * self.level} {texts[0]}"
        if self.kind == "list":
            return "\n".join(f"{self.mark} {text}" for text in texts)
        if self.kind == "table":
            rule = "|".join(" --- " for _ in texts[0].strip("|").split("|"))
            return "\n".join([texts[0], f"|{rule}|", *texts[1:]])
        return " ".join(texts)


@dataclass(frozen=True, slots=True)
class Document:
    """A policy: its blocks, and the facts that templates are filled with."""

    name: str
    facts: dict[str, str]
    blocks: tuple[Block, ...]
    tags: frozenset[str] = field(default=frozenset())

    def markdown(self) -> str:
        """The policy as Markdown."""
        return "\n\n".join(block.markdown() for block in self.blocks) + "\n"

    def find(self, key: int) -> tuple[int, int]:
        """The place of a unit: block and index in it.

        Raises:
            KeyError: There is no such unit.
        """
        for b, block in enumerate(self.blocks):
            for u, unit in enumerate(block.units):
                if unit.key == key:
                    return b, u
        raise KeyError(key)

    def with_block(self, at: int, *blocks: Block) -> Document:
        """The policy with one block replaced by none or several."""
        return replace(self, blocks=(*self.blocks[:at], *blocks, *self.blocks[at + 1 :]))

    def with_units(self, at: int, units: tuple[Unit, ...]) -> Document:
        """The policy with other units in a block; a block without units goes."""
        return self.with_block(at, replace(self.blocks[at], units=units)) if units else self.with_block(at)

    def without(self, key: int) -> Document:
        """The policy without a unit."""
        b, u = self.find(key)
        units = self.blocks[b].units
        return self.with_units(b, (*units[:u], *units[u + 1 :]))

    def put(self, key: int, text: str) -> Document:
        """The policy with another text for a unit."""
        b, u = self.find(key)
        units = self.blocks[b].units
        return self.with_units(b, (*units[:u], replace(units[u], text=text), *units[u + 1 :]))

    def after(self, key: int, unit: Unit) -> Document:
        """The policy with a unit behind another one in its block."""
        b, u = self.find(key)
        units = self.blocks[b].units
        return self.with_units(b, (*units[: u + 1], unit, *units[u + 1 :]))

    def stating(self, label: str) -> list[Unit]:
        """The clauses that are marked as stating a label or promising not to do it."""
        return [unit for block in self.blocks for unit in block.units if label in {tag.strip("!") for tag in unit.tags}]

    def silent(self, label: str) -> Document | None:
        """The policy without the clauses that state a label; None when they state something else too."""
        document = self
        units = self.stating(label)
        if not units or any(len(unit.tags) > 1 for unit in units):
            return None
        for unit in units:
            document = document.without(unit.key)
        return replace(document, tags=self.tags - {label})

    def rewritten(self, change: Callable[[str], str], *, but: Collection[int] = ()) -> Document:
        """The policy with every text changed but those of the units with these keys."""
        return replace(
            self,
            blocks=tuple(
                replace(
                    block,
                    units=tuple(
                        unit if unit.key in but else replace(unit, text=change(unit.text)) for unit in block.units
                    ),
                )
                for block in self.blocks
            ),
        )


def load(path: Path) -> Document:
    """The base policy of a file."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    blocks: list[Block] = []
    role, keys, stated = "", 0, set(facts.get("also", "").split())
    for paragraph in re.split(r"\n{2,}", body.strip()):
        units: list[Unit] = []
        for line in paragraph.splitlines():
            text, tags = _tagged(line.strip())
            keys += 1
            units.append(Unit(text, keys, tags))
            stated |= {tag.strip("!") for tag in tags}
        first = units[0].text
        if first.startswith("#"):
            level = len(first) - len(first.lstrip("#"))
            named = [tag for tag in units[0].tags if tag.startswith("#")]
            if level <= 2 or named:
                role = named[0][1:] if named else ""
            units = [replace(units[0], text=first.lstrip("# "), tags=())]
            blocks.append(Block("heading", tuple(units), role, level))
        elif first.startswith(("- ", "* ")):
            items = tuple(replace(unit, text=unit.text[2:]) for unit in units)
            blocks.append(Block("list", items, role, mark=first[0]))
        else:
            blocks.append(Block("table" if first.startswith("|") else "paragraph", tuple(units), role))
    return Document(path.stem, facts, tuple(blocks), frozenset(stated))


def _tagged(line: str) -> tuple[str, tuple[str, ...]]:
    match = _TAGS.search(line)
    return (line[: match.start()], tuple(match.group(1).split())) if match else (line, ())


def policies() -> list[Document]:
    """All base policies, in the order of their names."""
    return [load(path) for path in sorted(FOLDER.glob("*.md"))]
