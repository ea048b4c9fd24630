"""The text part of a mail: the same content for people and programs that read without HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import lru_cache

from monitor.alerts.content import Part, Section
from monitor.alerts.safe import inert

WIDTH = 76


def part_text(part: Part) -> str:
    """One event."""
    lines = [part.name, "-" * min(len(part.name), WIDTH)] if part.name else []
    lines += _wrapped(part.summary) + (["", *_wrapped(part.detail)] if part.detail else [])
    if part.meta:
        lines += _wrapped(part.meta)
    for one in part.findings:
        lines += [
            "",
            *_wrapped(f"[{one.words}] {one.label} · {one.severity}{f' · {one.section}' if one.section else ''}"),
        ]
        lines += _wrapped(one.summary, indent="  ") if one.summary else []
        for caption, quotation in ((one.before_caption, one.before), (one.after_caption, one.after)):
            if quotation:
                lines += [f"  {caption}:", *_wrapped(quotation, indent="  > ")]
    if part.rest:
        lines += ["", *([f"{part.rest_caption}:"] if part.rest_caption else []), *_list(part.rest)]
    if part.sure:
        lines += ["", "How sure, and since when:", *_list(part.sure)]
    links = [("The whole change", part.url), ("The document itself", part.source)]
    made = [f"{caption}: {url}" for caption, url in links if url]
    return "\n".join([*(inert_all(lines)), *([""] if made else []), *made, ""])


@lru_cache(maxsize=1024)
def line_text(text: str) -> str:
    """One line of a list."""
    return "\n".join(inert_all(_list([text])))


def list_text(heading: str, lines: Sequence[str]) -> str:
    """A list of lines that ``line_text`` made."""
    return "\n".join([f"{heading}:", *lines])


def frame_text(heading: str, parts: Sequence[bytes], sections: Sequence[Section], head: str) -> list[str | bytes]:
    """The pieces of the whole text part around its events."""
    pieces: list[str | bytes] = ["\n".join(inert_all([heading, "=" * min(len(heading), WIDTH)]))]
    for part in parts:
        pieces += ["", part]
    lines = ["", "-" * WIDTH]  # not "-- ", below which clients hide a signature
    for section in sections:
        lines += inert_all(
            [f"{section.heading}:", *(_list(section.lines) if len(section.lines) > 1 else _wrapped(*section.lines))]
        )
        lines += [f"{anchor.text}: {anchor.url}" for anchor in section.links]
        lines.append("")
    if head:
        lines.append(f"Chain head: {head}")
    return [*pieces, "\n".join(lines)]


def inert_all(lines: Sequence[str]) -> list[str]:
    """Every line without a link that is not ours."""
    return [inert(line) for line in lines]


def _wrapped(text: str = "", *, indent: str = "") -> list[str]:
    lines = []
    for paragraph in text.splitlines():
        lines += textwrap.wrap(
            paragraph,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def _list(lines: Sequence[str]) -> list[str]:
    return [
        wrapped
        for line in lines
        for wrapped in textwrap.wrap(
            line, WIDTH, initial_indent="* ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
    ]
