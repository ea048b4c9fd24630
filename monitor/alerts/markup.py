"""The HTML part of a mail, from the package's templates: all escaped, styles inlined, nothing loaded from afar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.alerts.content import Part, Section
from monitor.alerts.safe import inert_html

if TYPE_CHECKING:
    import css_inline
    from jinja2 import Environment


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("monitor.alerts"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["inert"] = inert_html
    return environment


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    import css_inline

    return css_inline.CSSInliner(load_remote_stylesheets=False)


@lru_cache(maxsize=1)
def _style() -> str:
    return _environment().get_template("mail.css").render()


def part_html(part: Part, *, level: int) -> str:
    """One event, with its heading on that level."""
    fields = {**asdict(part), "findings": part.findings}
    return _inliner().inline_fragment(_environment().get_template("item.html.j2").render(fields, level=level), _style())


def heading_html(text: str) -> str:
    """A heading between events: a vendor's name."""
    return _inliner().inline_fragment(f"<h2>{inert_html(text)}</h2>", _style())


@lru_cache(maxsize=1024)
def line_html(text: str) -> str:
    """One line of a list."""
    return _inliner().inline_fragment(f"<li>{inert_html(text)}</li>", _style())


def list_html(heading: str, lines: Sequence[str]) -> str:
    """A card with a list of lines that ``line_html`` made."""
    around = _inliner().inline_fragment(f'<div class="card"><h2>{inert_html(heading)}</h2><ul></ul></div>', _style())
    before, end, after = around.rpartition("</ul>")  # our own words only: nothing else can hold that
    return "".join([before, *lines, end, after])


def frame_html(
    *,
    title: str,
    subject: str,
    heading: str,
    parts: Sequence[bytes],
    sections: Sequence[Section],
    head: str,
) -> list[str | bytes]:
    """The pieces of the whole HTML part around its events.

    Put together piece by piece: a mark to be replaced in a finished page could also be written by a vendor, and the
    inliner leaves "<" in attributes as it is.
    """
    pages = _environment()
    top = pages.get_template("top.html.j2").render(title=title, heading=heading)
    bottom = pages.get_template("bottom.html.j2").render(sections=sections, head=head)
    inline, style = _inliner().inline_fragment, _style()
    opened = pages.get_template("open.html.j2").render(subject=subject)
    return [opened, inline(top, style), *parts, inline(bottom, style), "</div>", "</body>", "</html>"]
