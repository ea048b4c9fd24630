"""Text that a page holds twice, for wide and for narrow screens: the second copy goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.text.blocks import Block

_MIN_WORDS = 150
_MIN_BLOCKS = 4


def without_repeats(blocks: list[Block]) -> list[Block]:
    """The blocks without long runs that stood, word for word, further up; and without a block right below itself.

    A short passage that a policy repeats (the same list for each state) is no copy of the page and stays.
    """
    first: dict[str, int] = {}
    for index, block in enumerate(blocks):
        first.setdefault(block.line, index)
    if len(first) == len(blocks):
        return blocks
    kept: list[Block] = []
    index = 0
    while index < len(blocks):
        run = _run(blocks, first, index)
        if run:
            index += run
            continue
        block = blocks[index]
        if not (kept and kept[-1].line == block.line and block.group in {"text", "heading"}):
            kept.append(block)
        index += 1
    return kept


def _run(blocks: list[Block], first: dict[str, int], start: int) -> int:
    """How many blocks from ``start`` on are a copy of earlier ones; 0 when they are too few to be one."""
    source = first[blocks[start].line]
    if source >= start:
        return 0
    length = words = 0
    while start + length < len(blocks) and source + length < start:
        if blocks[start + length].line != blocks[source + length].line:
            break
        words += blocks[start + length].line.count(" ") + 1
        length += 1
    return length if words >= _MIN_WORDS and length >= _MIN_BLOCKS else 0
