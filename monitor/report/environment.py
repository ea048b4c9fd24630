"""The one template environment: whatever goes into a page is escaped, and templates come from this package only."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.report import marks, markup, paths, side_by_side, wording
from monitor.report.anchors import anchor

_HERE = Path(__file__).parent
# What HTML does not allow in a document; a policy that holds such characters must not make the page invalid.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")

CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def environment() -> Environment:
    """The environment, made once. ``autoescape`` is on for every template whatever its name."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        day=wording.day,
        day_iso=wording.day_iso,
        month=wording.month,
        moment=wording.moment,
        iso=wording.iso,
        kind=wording.document_kind,
        family=wording.family,
        plural=wording.plural,
        capital=wording.capital,
        said=markup.said,
        parts=markup.parts,
        told=wording.telling_value,
        quoted=wording.quoted,
        paragraphs=markup.paragraphs,
    )
    made.globals.update(
        paths=paths,
        DIRECTIONS=wording.DIRECTIONS,
        OUTCOMES=wording.OUTCOMES,
        NOVELTY=wording.NOVELTY,
        PROMISES=wording.PROMISES,
        MATERIALITY=wording.MATERIALITY,
        CHANGE_KINDS=wording.CHANGE_KINDS,
        CLAUSE_KINDS=wording.CLAUSE_KINDS,
        ago=wording.ago,
        side_by_side=side_by_side.side_by_side,
        when=marks.when,
        direction=marks.direction,
        severity=marks.severity,
        chips=marks.chips,
        digest=marks.digest,
        address=marks.address,
        item=marks.item,
        review_mark=marks.review_mark,
        anchor=anchor,
    )
    return made


@cache
def makers_digest() -> str:
    """What makes pages, in short: those that other templates or another program made are made anew."""
    made = hashlib.sha256()
    for path in sorted([*(_HERE / "templates").iterdir(), *_HERE.glob("*.py")]):
        made.update(path.read_bytes())
    return made.hexdigest()[:12]


def made_from(page: bytes | None, stamp: str) -> bool:
    """Whether a page that was written earlier carries that stamp."""
    return page is not None and f'content="{stamp}"'.encode() in page[:2000]


@cache
def static(name: str) -> bytes:
    """A file that goes into the site as it is: ``style.css`` or ``site.js``."""
    return (_HERE / "static" / name).read_bytes()


def render(template: str, path: str, *, stamp: str = "", **view: object) -> bytes:
    """The page as bytes.

    Args:
        template: Its name.
        path: Where the page will live, from which its links are relative.
        stamp: What it was made from, in short: an equal stamp needs no new page.
        view: What the template shows; ``frame`` is always among it.
    """
    root, frame = paths.root(path), view["frame"]
    page = environment().get_template(template)
    html = page.render(
        root=root, path=path, csp=CSP, inline=None, stamp=stamp, foot=_foot(frame, root, alone=False), **view
    )
    return encode(html)


def render_alone(template: str, **view: object) -> bytes:
    """A page that needs no other file: the style and the script stand in it, admitted by their digests."""
    style, script = static("style.css").decode(), static("site.js").decode()
    csp = (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    inline = {"style": markup.ours(style), "script": markup.ours(script)}
    page = environment().get_template(template)
    return encode(
        page.render(
            root="", path="", csp=csp, inline=inline, stamp="", foot=_foot(view["frame"], "", alone=True), **view
        )
    )


_foots: dict[tuple[str, bool], tuple[object, Markup]] = {}  # the last footer of each depth: pages come in long runs


def _foot(frame: object, root: str, *, alone: bool) -> Markup:
    """The footer, which is the same on all pages of one depth."""
    known = _foots.get((root, alone))
    if known is None or known[0] != frame:
        html = environment().get_template("foot.html").render(frame=frame, root=root, inline=alone)
        known = _foots[root, alone] = (frame, markup.ours(html))
    return known[1]


def encode(html: str) -> bytes:
    """The page in UTF-8, with characters that HTML forbids shown as the replacement character."""
    try:
        page = html.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return _FORBIDDEN.sub("\ufffd", html).encode()
    # Looking at bytes first is three times faster than the expression, and tens of thousands of pages have none.
    if _suspicious(page):
        return _FORBIDDEN.sub("\ufffd", html).encode()
    return page


def _suspicious(page: bytes) -> bool:
    if len(page.translate(None, _CONTROLS)) != len(page) or b"\xef\xb7" in page or b"\xef\xbf" in page:
        return True
    at = page.find(b"\xc2")
    while at >= 0:  # U+0080 to U+009F
        if page[at + 1] < 0xA0:
            return True
        at = page.find(b"\xc2", at + 2)
    return False


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
