"""From the bytes of an HTML page to the Markdown of its main content, with what was noticed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import ExtractionError
from monitor.model import ExtractOptions, Page
from monitor.text import convert
from monitor.text.careful import flatten
from monitor.text.chrome import knowledge, linked, mass, weight
from monitor.text.decode import decode
from monitor.text.emails import reveal
from monitor.text.picker import Picked, pick
from monitor.text.scan import Scan, count_words_exactly, scan, strip_raw

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_MARKUP = 5_000_000
_SLACK_WORDS = 25  # scripts that write tags, stray angle brackets: parsers differ by a few words
_SLACK_SHARE = 0.02
_SHELL_WORDS = 80
_UNCOUNTED = "script,style,noscript,template,svg,textarea,option,iframe,noembed,noframes,xmp"  # as in ``scan``


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The Markdown of a page's main content, and how it was found."""

    markdown: str
    title: str
    picked: Picked
    selected: bool  # by the declaration, not by our picker
    careful: bool  # the second parser was needed
    shell: bool  # hardly any words but scripts that would write them
    refresh: str  # where a <meta> refresh leads


def read_html(page: Page, options: ExtractOptions) -> HtmlText:
    """The main content of an HTML page.

    Raises:
        ExtractionError: too large, words lost by both parsers, or a selector that fits nothing.
    """
    from selectolax.lexbor import LexborHTMLParser

    source = decode(page.body, page.content_type).replace("\x00", "")
    counted = scan(source)
    if counted.size > MAX_MARKUP:
        raise ExtractionError("too-large", f"the page has {counted.size} characters of markup, more than {MAX_MARKUP}")
    tree, careful = _tree(source, counted)
    heading = tree.css_first("title")
    title = " ".join((heading.text() or "").split())[:300] if heading is not None else ""
    if careful and not title:
        title = _title(source)
    refresh = next(
        (meta.attrs.get("content") or "" for meta in tree.css("meta[http-equiv=refresh i]")),
        "",
    )
    picked, markdown = _convert(tree, page, options)
    if weight(markdown) < picked.words - _SLACK_WORDS - _SLACK_SHARE * picked.words and not careful:
        careful = True
        picked, markdown = _convert(LexborHTMLParser(flatten(source)), page, options)
    if weight(markdown) < picked.words - _SLACK_WORDS - _SLACK_SHARE * picked.words:
        raise ExtractionError("lost-words", f"of about {picked.words} words the converter kept {weight(markdown)}")
    shell = counted.words < _SHELL_WORDS and counted.scripts > 0
    return HtmlText(markdown, title, picked, bool(options.select), careful, shell, refresh)


def _convert(tree: LexborHTMLParser, page: Page, options: ExtractOptions) -> tuple[Picked, str]:
    """The main content of a tree and its Markdown. Changes the tree."""
    reveal(tree)
    _unwrap_layout(tree)
    picked = _choose(tree, options)
    base = page.final_url or page.url
    return picked, convert.to_markdown(picked.html, base if base.startswith(("http://", "https://")) else "")


def _tree(source: str, counted: Scan) -> tuple[LexborHTMLParser, bool]:
    """A tree that holds every word of the page, and whether the careful parser had to make it."""
    from selectolax.lexbor import LexborHTMLParser

    wanted = counted.words
    if not counted.hostile:
        tree = LexborHTMLParser(source)
        if _holds(tree, wanted):
            return tree, False
        wanted = min(wanted, count_words_exactly(strip_raw(source)[0]))
        if _holds(tree, wanted):
            return tree, False
    tree = LexborHTMLParser(flatten(source))
    if not _holds(tree, wanted):
        wanted = min(wanted, count_words_exactly(strip_raw(source)[0]))
        if not _holds(tree, wanted):
            raise ExtractionError("lost-words", f"the page has about {wanted} words, but no parser finds them all")
    return tree, True


def _holds(tree: LexborHTMLParser, wanted: int) -> bool:
    """Whether the tree has about as many words as were counted without one. Drops what was not counted."""
    for node in tree.css(_UNCOUNTED):
        node.decompose()
    root = tree.body or tree.root
    if root is None:
        return wanted == 0
    seen = len((root.text(separator=" ") or "").split())
    return seen >= wanted - _SLACK_WORDS - _SLACK_SHARE * wanted


def _unwrap_layout(tree: LexborHTMLParser) -> None:
    """Take tables apart that only lay the page out: one cell a row, or cells with headings in them."""
    for table in reversed(tree.css("table")):
        cells = table.css("td,th")
        rows = table.css("tr")
        if len(cells) > len(rows) and table.css_first("td h1,td h2,td h3,td table,td li li") is None:
            continue
        if table.css_first("th") is not None and len(cells) > len(rows):
            continue
        for cell in cells:
            box = tree.create_node("div")
            for child in list(cell.iter(include_text=True)):
                box.insert_child(child)
            cell.insert_before(box)
            cell.decompose()
        for part in [*rows, *table.css("tbody,thead,tfoot,colgroup,caption"), table]:
            part.unwrap()


def _title(source: str) -> str:
    start = source.lower().find("<title")
    start = source.find(">", start) + 1 if start >= 0 else 0
    end = source.lower().find("</title", start)
    return " ".join(source[start:end].split())[:300] if 0 < start < end else ""


def _choose(tree: LexborHTMLParser, options: ExtractOptions) -> Picked:
    """The declared selection, else the picker's."""
    from selectolax.lexbor import SelectolaxError

    try:
        for selector in options.remove:
            for node in tree.css(selector):
                node.decompose()
        if not options.select:
            return pick(tree)
        whole = mass(tree.body) if tree.body is not None else 0
        for node in tree.css(knowledge().dead):
            node.decompose()
        chosen = _outermost([node for selector in options.select for node in tree.css(selector)])
    except SelectolaxError as error:
        raise ExtractionError("bad-selector", f"the declared selector is no CSS: {error}") from error
    if not chosen:
        raise ExtractionError(
            "nothing-selected", f"the declared selector {', '.join(options.select)} fits nothing on the page"
        )
    words = sum(map(mass, chosen))
    html = "".join(f"<div>{node.html}</div>" for node in chosen)
    return Picked(html, words, words / max(1, whole), sum(map(linked, chosen)) / max(1, words))


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """The nodes in their order, each once and without those inside another: their words are there already."""
    unique = {node.mem_id: node for node in nodes}
    inside: dict[int, bool] = {}  # of nodes and what is above them: whether one of the nodes is it or above it
    found = []
    for node in unique.values():
        above, path = node.parent, []
        while above is not None and above.mem_id not in inside and above.mem_id not in unique:
            path.append(above.mem_id)
            above = above.parent
        covered = above is not None and inside.get(above.mem_id, above.mem_id in unique)
        inside.update(dict.fromkeys(path, covered))
        if not covered:
            found.append(node)
    return found
