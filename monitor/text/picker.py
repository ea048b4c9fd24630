"""The main content of a page without a selector: structure and words per link, no rule for any vendor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_DEAD = "script,style,template,svg,iframe,object,embed,canvas,audio,video,img,picture,source,link,meta,input,select,textarea,noscript"
_CHROME = (
    "nav,footer,aside,dialog,[role=navigation],[role=banner],[role=contentinfo],[role=search],[role=dialog],"
    "[role=alertdialog],[role=menu],[role=menubar],[aria-modal=true]"
)
_MAIN = "main,[role=main],article"
_MAIN_SHARE = 0.6
_DESCEND = 0.93


@dataclass(frozen=True, slots=True)
class Picked:
    """The HTML of the main content, and how much of the page's prose it is."""

    html: str
    words: int
    share: float
    link_share: float


def pick(tree: LexborHTMLParser) -> Picked:
    """The part of the page that holds its prose. Changes the tree."""
    body = tree.body or tree.root
    if body is None:
        return Picked("", 0, 0.0, 0.0)
    for node in tree.css(_DEAD):
        node.decompose()
    whole = _mass(body)
    for node in tree.css(_CHROME):
        if node.parent is not None and _mass(node) < 0.5 * whole:
            node.decompose()
    for node in body.css("header"):
        if not node.css_first("h1") and _mass(node) < 0.3 * whole:
            node.decompose()
    left = _mass(body)
    chosen = body
    mains = sorted(((_mass(node), index) for index, node in enumerate(body.css(_MAIN))), reverse=True)
    if mains and mains[0][0] >= _MAIN_SHARE * left:
        chosen = body.css(_MAIN)[mains[0][1]]
    chosen = _descend(chosen)
    html = chosen.html or ""
    if not chosen.css_first("h1"):
        title = body.css_first("h1")
        if title is not None:
            html = (title.html or "") + html
    mass = _mass(chosen)
    linked = sum(_mass(node) for node in chosen.css("a"))
    return Picked(html, mass, mass / max(1, whole), linked / max(1, mass))


def _mass(node: LexborNode) -> int:
    return len((node.text(separator=" ") or "").split())


def _descend(node: LexborNode) -> LexborNode:
    while True:
        mass = _mass(node)
        heavy = None
        for child in node.iter():
            if child.tag in {"p", "ul", "ol", "table", "dl", "h1", "h2", "a", "span"}:
                continue
            if _mass(child) >= _DESCEND * mass:
                heavy = child
                break
        if heavy is None:
            return node
        node = heavy
