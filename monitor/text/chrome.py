"""What stands around the text of a page: menus, banners, widgets. Reads ``chrome.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_CONSENT_BOX = 0.45  # share of a page's words that a consent banner with all its tables may hold
_CONSENT_WORDS = 150
_CONSENT_DEPTH = 3  # how far below the body a large one may stand
_NAMED_BOX = 0.34
_SENTENCE_WORDS = 6
_PROSE_WORDS = 30
_WIDGET_WORDS = 14
_WIDGET_LENGTH = 200  # characters, on one line
_COUNTER = 70  # characters
_LABEL = 60  # characters of a button
_COUNTS = re.compile(r"\d|ago|today|now|time|yester", re.IGNORECASE)  # every counter has one of these
_BOXES = frozenset({"div", "section", "ul", "ol", "p", "span", "header", "form", "a", "button"})


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data file, compiled."""

    dead: str
    chrome: str
    openers: str
    strong: frozenset[str]
    weak: frozenset[str]
    accept: frozenset[str]
    about_consent: re.Pattern[str]
    alone: frozenset[str]
    begins: re.Pattern[str]
    share: re.Pattern[str]
    languages: frozenset[str]
    dated: re.Pattern[str]
    foot: re.Pattern[str]
    counters: re.Pattern[str]
    version: int


@cache
def knowledge() -> Knowledge:
    """What ``chrome.toml`` says."""
    data = tomllib.loads(resources.files(__package__).joinpath("chrome.toml").read_text("utf-8"))
    css, names, consent, widgets, blocks = (data[key] for key in ("css", "names", "consent", "widgets", "blocks"))
    return Knowledge(
        dead=css["dead"],
        chrome=css["chrome"].replace("\n", ""),
        openers=css["openers"],
        strong=frozenset(names["strong"].split()),
        weak=frozenset(names["weak"].split()),
        accept=_words(consent["buttons"]),
        about_consent=re.compile(consent["about"], re.IGNORECASE),
        alone=_words(widgets["alone"]),
        begins=_pattern(widgets["begins"]),
        share=_pattern(widgets["share"]),
        languages=_words(widgets["languages"]),
        dated=_pattern(blocks["dated"]),
        foot=_pattern(blocks["foot"]),
        counters=_pattern(data["counters"]["lines"]),
        version=data["version"],
    )


def _words(lines: str) -> frozenset[str]:
    return frozenset(word for word in lines.replace("\n", "").split("|") if word)


def _pattern(lines: str) -> re.Pattern[str]:
    return re.compile(lines.replace("\n", ""), re.IGNORECASE)


@lru_cache(maxsize=8192)  # pages use the same few classes again and again
def role(names: str) -> str:
    """What class names and ids say of a box: "strong" or "weak" as in the data file, "" when nothing.

    A name fits as the beginning or the end of a longer one: "article-breadcrumbs", "cookie-banner-wrapper".
    """
    known = knowledge()
    best = ""
    for name in names.lower().replace("_", "-").split():
        parts = name.split("-")[:8]
        ends = {"-".join(parts[:cut]) for cut in range(1, len(parts) + 1)}
        ends |= {"-".join(parts[cut:]) for cut in range(1, len(parts))}
        if ends & known.strong:
            return "strong"
        if ends & known.weak:
            best = "weak"
    return best


def mass(node: LexborNode) -> int:
    """About how many words a node holds, whatever its script.

    A word counts as five bytes of UTF-8, so that languages that put no spaces between words weigh what they say.
    """
    return weight(node.text(separator=" ", strip=True) or "")


def weight(text: str) -> int:
    """The same of a text."""
    return (len(text.encode("utf-8", "replace")) - text.count(" ") + 3) // 5


def text_of(node: LexborNode) -> str:
    """The text of a node on one line."""
    text = node.text(separator=" ", strip=True) or ""
    return " ".join(text.split())


def drop(node: LexborNode, why: str) -> None:  # noqa: ARG001 - the reason is for readers and for tracing
    """Take a node out of the page."""
    node.decompose()


def linked(node: LexborNode) -> int:
    """How many of a node's words are in links that lead elsewhere."""
    if node.tag == "a":
        return mass(node)
    return sum(mass(link) for link in node.css("a[href]"))


def is_prose(node: LexborNode) -> bool:
    """Whether a node is running text rather than a widget, a menu or a form."""
    words = mass(node)
    if words < _PROSE_WORDS or linked(node) > 0.4 * words:
        return False
    return words > 150 or node.css_first("input,select,textarea") is None


def is_widget(text: str) -> bool:
    """Whether a short text is a control ("Back to top", "Was this helpful?") rather than something that is said."""
    if not text or len(text) > _WIDGET_LENGTH:
        return False
    words = text.lower()
    return words in knowledge().alone or (words.count(" ") < _WIDGET_WORDS and bool(knowledge().begins.match(words)))


def is_counter(line: str) -> bool:
    """Whether a line only counts something or tells the time from now ("Updated 3 days ago")."""
    return (
        len(line) <= _COUNTER
        and bool(_COUNTS.search(line))
        and bool(knowledge().counters.fullmatch(line.strip(" *_.")))
    )


def clear(tree: LexborHTMLParser, body: LexborNode) -> None:
    """Take away what says of itself that it is not the text; guards keep text that is only called so."""
    known = knowledge()
    for node in tree.css(known.dead):
        drop(node, "dead")
    whole = mass(body)
    main = _main(body, whole)
    _consent(body, whole)
    for node in body.css(known.chrome):
        most = 0.8 if node.tag in {"nav", "footer"} else 0.5  # of a page that says little, the footer may be most
        if _attached(node) and mass(node) < most * whole and not (main and _holds_text(node, main)):
            _save_title(node, body)
            drop(node, "chrome")
    for node in body.css("header"):
        if _attached(node) and mass(node) < 0.3 * whole and not node.css("h1") and not says_something(node):
            drop(node, "header")
    _named(body, whole)
    _links(body)


def _main(body: LexborNode, whole: int) -> LexborNode | None:
    """The element that the page itself calls its main content, when it holds most of it."""
    for selector in ("main", "[role=main]", "article"):
        for node in body.css(selector):
            if mass(node) >= 0.4 * whole:
                return node
    return None


def _attached(node: LexborNode) -> bool:
    """Whether a node is still in the tree: an earlier one may have taken it along."""
    return node.parent is not None


def _save_title(node: LexborNode, body: LexborNode) -> None:
    """Move the page's only title out of a banner that is about to go."""
    title = node.css_first("h1")
    if title is not None and node.tag not in {"nav", "footer"} and len(body.css("h1")) == 1 and not title.css("a"):
        node.insert_before(title)


def _holds_text(node: LexborNode, main: LexborNode) -> bool:
    """Whether an aside or a footer stands inside the main content and reads like a part of it."""
    if node.tag not in {"aside", "footer"} or not says_something(node) or is_widget(text_of(node)):
        return False
    if node.css_first("input,select,textarea,form") is not None:
        return False
    above: LexborNode | None = node.parent
    while above is not None:
        if above.mem_id == main.mem_id:
            return not knowledge().foot.search(node.text(separator=" ") or "")
        above = above.parent
    return False


def _consent(body: LexborNode, whole: int) -> None:
    """Consent banners: the largest box around a button such as "Accept all" that does not hold the page's text.

    A box inside the main content goes only when it is small: a policy may hold such a button too.
    """
    known = knowledge()
    for button in body.css("button,[role=button],a,input[type=submit],input[type=button]"):
        if button.tag == "input":
            label = button.attrs.get("value") or ""
        else:
            label = button.text(separator=" ", strip=True) or ""
        if len(label) > _LABEL or label.strip().lower() not in known.accept or not _attached(button):
            continue
        box, size, depth = _box(button, whole)
        small = size <= _CONSENT_WORDS
        if box is not None and (small or depth <= _CONSENT_DEPTH) and known.about_consent.search(text_of(box)):
            drop(box, "consent")


def _box(button: LexborNode, whole: int) -> tuple[LexborNode | None, int, int]:
    """The largest box around a button that is not the page's text, its words, and its depth below the body."""
    box: LexborNode | None = None
    size = 0
    above = button.parent
    while above is not None and above.tag not in {"body", "html", "main", "article"}:
        weight = mass(above)
        if weight > _CONSENT_BOX * whole or above.css_first("h1,main,article") is not None:
            break
        box, size, above = above, weight, above.parent
    depth = 0
    while above is not None and above.tag != "body":
        depth += 1 if above.tag not in {"main", "article"} else _CONSENT_DEPTH
        above = above.parent
    return box, size, depth


def _named(body: LexborNode, whole: int) -> None:
    """Boxes whose class or id says what they are."""
    for node in body.css("[class],[id]"):
        if node.tag not in _BOXES:
            continue
        attributes = node.attrs
        said = role(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500])
        if said == "strong":
            goes = mass(node) < _NAMED_BOX * whole
        else:
            goes = said == "weak" and mass(node) < 0.2 * whole and not says_something(node)
        if goes and _attached(node) and node.css_first("h1,main") is None:
            drop(node, "named")


def says_something(node: LexborNode) -> bool:
    """Whether a box that is called like a widget holds a sentence, a heading or a date all the same."""
    text = text_of(node)
    words = mass(node)
    if linked(node) > 0.4 * words:
        return False
    sentence = words >= _SENTENCE_WORDS and any(mark in text for mark in ".:;。")
    return sentence or node.css_first("h1,h2,h3") is not None or bool(knowledge().dated.search(text))


def _links(body: LexborNode) -> None:
    """Links that share the page, and lists of links that switch the language."""
    known = knowledge()
    switching: set[int] = set()
    for link in body.css("a[href]"):
        attributes = link.attrs
        if known.share.search(attributes.get("href") or ""):
            drop(link, "share")
        elif attributes.get("hreflang") or (link.text(strip=True) or "").lower() in known.languages:
            switching.add(link.mem_id)
    if len(switching) < 2:
        return
    for node in body.css("ul,ol,div"):
        links = node.css("a[href]") if _attached(node) else []
        named = sum(link.mem_id in switching for link in links)
        if named >= 2 and named >= 0.8 * len(links) and mass(node) - linked(node) < _SENTENCE_WORDS:
            drop(node, "languages")
