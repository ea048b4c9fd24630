"""The main content of a page without a selector: by structure and words per link, with no rule for any vendor.

From the body (or what calls itself main) the walk goes down as long as one child holds most of the words. What stands
beside that child on the way down is judged block by block: titles, dates and prose stay, menus and widgets go. So the
date above an article survives although the article alone would be "the main content".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.text.chrome import clear, drop, is_prose, is_widget, knowledge, linked, mass, role, text_of
from monitor.text.sections import kind_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAIN_SHARE = 0.6
_SPINE_SHARE = 0.7
_FOOT = 60  # nor a line on copyright than that
_WIDGET = 40  # a control says no more than that
_DATED = 40  # a block that gives a date says no more than that
_YEAR = re.compile(r"(?:19|20)\d\d|\d[./-]\d\d\b")
_MAX_DEPTH = 200
_TEXT_TAGS = frozenset(
    "p ul ol table dl pre blockquote h1 h2 h3 h4 h5 h6 details tbody tr li a span b strong em".split()
)
_HEADINGS = "h1,h2,h3"


@dataclass(frozen=True, slots=True)
class Picked:
    """The HTML of the main content, its words, their share of the page's, and the share of them that are links."""

    html: str
    words: int
    share: float
    link_share: float


def pick(tree: LexborHTMLParser) -> Picked:
    """The part of the page that holds its text. Changes the tree."""
    body = tree.body or tree.root
    if body is None:
        return Picked("", 0, 0.0, 0.0)
    clear(tree, body)
    whole = mass(body)
    root = _root(body, whole)
    title = None if root.css_first("h1") else _nearest_title(body, root)
    _walk(root)
    _controls(root)
    words = mass(root)
    parts = [title.html or ""] if title is not None else []
    above, below = _beside(root, body)
    html = "".join([*parts, *above, root.html or "", *below])
    return Picked(html, words, words / max(1, whole), linked(root) / max(1, words))


def _beside(root: LexborNode, body: LexborNode) -> tuple[list[str], list[str]]:
    """The HTML of dates that stand outside of what the page calls its main content, above it and below it."""
    above: list[str] = []
    below: list[str] = []
    node = root
    while node.mem_id != body.mem_id and node.parent is not None:
        own: list[str] = []
        side = above
        for other in node.parent.iter():
            if other.mem_id == node.mem_id:
                above, own, side = [*own, *above], [], below
            elif _is_dated(other):
                (own if side is above else below).append(other.html or "")
        node = node.parent
    return above, below


def _is_dated(node: LexborNode) -> bool:
    """Whether a small block tells the date of the text, rather than of the site."""
    if mass(node) > _DATED:
        return False
    text = text_of(node)
    known = knowledge()
    return bool(known.dated.search(text)) and bool(_YEAR.search(text)) and not known.foot.search(text)


def _root(body: LexborNode, whole: int) -> LexborNode:
    for selector in ("main", "[role=main]", "article"):
        for node in body.css(selector):
            if mass(node) >= _MAIN_SHARE * whole:
                return node
    return body


def _nearest_title(body: LexborNode, root: LexborNode) -> LexborNode | None:
    """The last <h1> before the main content, else the first of the page."""
    titles = [node for node in body.css("h1") if not is_widget(node.text() or "") and mass(node) < 40]
    before = None
    for node in body.css("h1,main,[role=main],article"):
        if node.mem_id == root.mem_id:
            break
        if node.tag == "h1" and any(node.mem_id == title.mem_id for title in titles):
            before = node
    return before or (titles[0] if titles else None)


def _walk(root: LexborNode) -> None:
    """Go down to where the text divides, and judge what stands beside the way."""
    node = root
    for _ in range(_MAX_DEPTH):
        children = list(node.iter())
        if len(children) == 1 and children[0].tag not in _TEXT_TAGS:
            node = children[0]  # a wrapper; what little text may stand beside it stays
            continue
        weighed = [(child, weight) for child in children if (weight := mass(child))]
        total = sum(weight for _, weight in weighed)
        spine = next((child for child, weight in weighed if weight >= _SPINE_SHARE * total), None)
        if spine is None or spine.tag in _TEXT_TAGS:
            _judge_all(weighed, total)
            return
        after = False
        for child, weight in weighed:
            if child.mem_id == spine.mem_id:
                after = True
            elif not _belongs(child, weight, after=after):
                drop(child, "after" if after else "before")
        node = spine


def _judge_all(weighed: list[tuple[LexborNode, int]], total: int) -> None:
    """Among the blocks of the text only plain widgets and menus go, and the foot line at the end."""
    kept = []
    for child, weight in weighed:
        if weight < _WIDGET and is_widget(text_of(child)):
            drop(child, "widget")
        elif child.tag not in _TEXT_TAGS and weight < 0.3 * total and _is_menu(child, weight):
            drop(child, "menu")
        else:
            kept.append((child, weight))
    for child, weight in reversed(kept):
        if weight > _FOOT or not knowledge().foot.search(text_of(child)):
            break
        drop(child, "foot")


def _controls(root: LexborNode) -> None:
    """Fields of forms, buttons that say nothing, and links that stand alone to do something to the page."""
    for control in root.css("input,select,textarea,button,a"):
        if control.parent is None:
            continue
        if control.tag in {"button", "a"}:
            text = text_of(control)
            if not is_widget(text) or (control.tag == "a" and text != text_of(control.parent)):
                continue
        drop(control, "control")


def _is_menu(node: LexborNode, words: int) -> bool:
    """Whether a block is mostly links that lead away from the page."""
    links = [link for link in node.css("a[href]") if not (link.attrs.get("href") or "").startswith("#")]
    return len(links) >= 3 and sum(map(mass, links)) > 0.7 * words


def _belongs(node: LexborNode, words: int, *, after: bool) -> bool:
    """Whether a block beside the main one is part of the text: a title, a date, prose."""
    text = text_of(node)
    known = knowledge()
    if is_widget(text):
        return False
    attributes = node.attrs
    said = role(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500])
    links = linked(node)
    dated = words <= _DATED and bool(known.dated.search(text)) and links < 0.5 * words
    if after:
        if words < 200 and (said or known.foot.search(text)):
            return False
        return dated or (is_prose(node) and links < 0.25 * words)
    if links > 0.5 * words:
        return False
    if node.tag in {"h1", "h2", "h3", "h4"} or node.css_first(_HEADINGS) is not None:
        return words < 400 or is_prose(node)
    if dated:
        return True
    if words < 150 and node.css_first("input,select,textarea") is not None:
        return False
    return bool(kind_of(text)) or (words >= 8 and any(mark in text for mark in ".:;,。，"))
