"""The small marks that stand on nearly every page: times, chips, digests, addresses, and a change as an item of a list.

Made by hand like the clauses in ``markup``, and for the same reason: a site has hundreds of thousands of them.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from monitor.model import Change, Review
from monitor.report import paths, wording
from monitor.report.markup import ours, web_link
from monitor.report.views import ChangeLine

_REVIEWS = {"seen": "✓ seen", "noted": "✎ noted", "dismissed": "✕ dismissed"}
_SILENT = (
    ' <span class="chip silent" title="The text changed while the date it gives itself did not move">'
    "◌ date not moved</span>"
)
_KINDS = {
    "withdrawal": '<span class="chip">↩ withdrawal</span> ',
    "technical": '<span class="chip">technical upgrade</span> ',
}
_LABELS_SHOWN = 6


@lru_cache(maxsize=20_000)
def when(value: datetime, time: bool = True) -> Markup:  # noqa: FBT001, FBT002 - called from templates
    """A moment, or only its day, for people and machines."""
    words = wording.moment(value) if time else wording.day(value)
    return ours(f'<time datetime="{wording.iso(value)}">{words}</time>')


@lru_cache(maxsize=16)
def direction(name: str) -> Markup:
    """The sign and the word of a direction."""
    sign, word = wording.DIRECTIONS[name]
    return ours(f'<span class="dir d-{escape(name)}"><span aria-hidden="true">{sign}</span> {word}</span>')


@lru_cache(maxsize=16)
def severity(name: str) -> Markup:
    """The word of a severity, nothing for none."""
    return ours(f'<span class="sev s-{escape(name)}">{escape(name)}</span>' if name != "none" else "")


def chips(change: Change) -> Markup:
    """What a line says of a change at a glance."""
    return _chips(change.kind, change.materiality, change.direction, change.severity, silent=change.silent)


@lru_cache(maxsize=512)
def _chips(kind: str, materiality: str, way: str, grade: str, *, silent: bool) -> Markup:
    if materiality == "substantive":
        said = f"{direction(way)} {severity(grade)}"
    else:
        said = f'<span class="chip quiet">{escape(materiality)}</span>'
    return ours(_KINDS.get(kind, "") + said + (_SILENT if silent else ""))


def review_mark(review: Review | None) -> Markup:
    """Who looked at a change and how that ended, nothing while nobody did."""
    if review is None:
        return ours("")
    return ours(f' <span class="chip review">{_REVIEWS[review.state]} by {escape(review.who)}</span>')


@lru_cache(maxsize=5_000)
def digest(value: str, name: str = "") -> Markup:
    """A digest, shown whole or cut; ``name`` is what a pointer on it shows."""
    title = f' title="{escape(name)}"' if name else ""
    return ours(f'<code class="digest"{title}>{escape(value)}</code>')


@lru_cache(maxsize=5_000)
def address(url: str) -> Markup:
    """An address as a link when it may be one, else as text."""
    shown = escape(url)
    if web_link(url):
        return ours(f'<a rel="noreferrer nofollow" href="{shown}">{shown}</a>')
    return ours(f'<span class="plain">{shown}</span>')


def item(line: ChangeLine, root: str, vendor: bool = True) -> Markup:  # noqa: FBT001, FBT002 - called from templates
    """One change as one item of a list; without ``vendor`` whose it is is left out."""
    change = line.change
    way = change.direction if change.materiality == "substantive" else "neutral"
    name, kind = escape(line.vendor_name), escape(wording.document_kind(line.document_kind))
    whose = f'<a href="{root}{paths.vendor(change.key.vendor)}"><bdi>{name}</bdi></a> · ' if vendor else ""
    which = kind if vendor else wording.capital(kind)
    labels = " ".join(f"<code>{escape(label)}</code>" for label in line.labels[:_LABELS_SHOWN])
    if len(line.labels) > _LABELS_SHOWN:
        labels += f" +{len(line.labels) - _LABELS_SHOWN}"
    return ours(
        f'<li class="change d-{escape(way)}{" dismissed" if line.dismissed else ""}" '
        f'data-v="{escape(change.key.vendor)}" data-t="{escape(" ".join(line.tags))}" '
        f'data-f="{escape(" ".join(line.families))}" data-d="{escape(change.direction)}" '
        f'data-s="{escape(change.severity)}" data-on="{wording.day_iso(change.at)}">\n'
        f'<p class="meta">{whose}<a href="{root}{line.path}">{which}, {when(change.at, time=False)}</a> '
        f'<span class="marks">{chips(change)}{review_mark(line.review)}</span></p>\n'
        f'<p class="what">{escape(change.summary or "The text changed")}</p>\n'
        f'{f"""<p class="labels">{labels}</p>""" if labels else ""}</li>\n'
    )
