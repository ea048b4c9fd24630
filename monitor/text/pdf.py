"""The text of a PDF as Markdown: headers and footers of its pages gone, hyphenated words whole, paragraphs joined.

Reading is by pypdfium2 (extra ``pdf``). A PDF has no paragraphs, only lines at places: what belongs together is told
from the gaps between lines, their lengths and the size of their letters.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import Any

from monitor.errors import ExtractionError

_MAX_PAGES = 500
_MAX_LINES = 60_000
_EDGE = 0.11  # share of the height of a page, at its top and bottom, in which headers and footers stand
_PAGE_NUMBER = re.compile(
    r"(?:page |seite |- )?\d{1,4}(?: ?(?:of|/|von|sur|de) ?\d{1,4})?(?: -)?|[ivxl]{1,6}", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_STARTS = re.compile(r"(?:[-•●▪‣·◦–*]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]|\([a-z0-9]{1,3}\))\s")
_DIVISION = "-\ufffe\u0002"  # a hyphen at the end of a line: as written, and as pdfium says that it took one away
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(rf"(?<![\w-])([^\W\d_]{{2,40}}(?:-[^\W\d_]{{1,40}}){{0,3}})[{_DIVISION}]$")
_FIRST = re.compile(r"[^\W\d_]+")
_COMPOUNDS = frozenset(
    "third first second non self opt one two cross real long short".split()
)  # their hyphen is their own
_BULLET = re.compile(r"[•●▪‣·◦]\s*")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    bottom: float
    right: float
    top: float
    edge: bool  # near the top or the bottom of its page

    @property
    def height(self) -> float:
        return self.top - self.bottom


def read_pdf(body: bytes) -> str:
    """The text of a PDF.

    Raises:
        ExtractionError: the reader is not installed, the file cannot be read, or it is a scan without text.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise ExtractionError(
            "no-pdf", 'the page is a PDF; reading it needs: pip install "policy-monitor[pdf]"'
        ) from error
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        reason = "needs a password" if "password" in str(error).lower() else "cannot be read"
        raise ExtractionError("bad-pdf", f"the PDF {reason}: {error}") from error
    try:
        if len(document) > _MAX_PAGES:
            raise ExtractionError("too-large", f"the PDF has {len(document)} pages, more than {_MAX_PAGES}")
        pages = [_lines(document[index]) for index in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise ExtractionError("bad-pdf", f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()
    if not any(pages):
        raise ExtractionError("no-text", "the PDF holds no text; it is most likely a scan")
    return _compose(_without_edges(pages))


def _lines(page: Any) -> list[_Line]:
    """The lines of a page in reading order, as pdfium gives them."""
    textpage = page.get_textpage()
    low, high = _EDGE * page.get_height(), (1 - _EDGE) * page.get_height()
    lines: list[_Line] = []
    try:
        for index in range(min(textpage.count_rects(), _MAX_LINES)):
            left, bottom, right, top = textpage.get_rect(index)
            text = " ".join(textpage.get_text_bounded(left, bottom, right, top).split())
            if not text:
                continue
            before = lines[-1] if lines else None
            # pieces of one line: another font, a link
            if before and min(before.top, top) - max(before.bottom, bottom) > 0.5 * min(before.height, top - bottom):
                space = "" if left - before.right < 0.12 * before.height else " "
                lines[-1] = _Line(
                    before.text + space + text,
                    min(before.left, left),
                    min(before.bottom, bottom),
                    max(before.right, right),
                    max(before.top, top),
                    before.edge,
                )
            else:
                lines.append(_Line(text, left, bottom, right, top, top < low or bottom > high))
    finally:
        textpage.close()
        page.close()
    return lines


def _without_edges(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without page numbers and without lines that stand at the edge of most pages."""
    edges: Counter[str] = Counter()
    for lines in pages:
        edges.update({_key(line) for line in lines if line.edge})
    often = max(2, len(pages) // 2)

    def goes(line: _Line) -> bool:
        return line.edge and (bool(_PAGE_NUMBER.fullmatch(line.text)) or edges[_key(line)] >= often)

    return [[line for line in lines if not goes(line)] for lines in pages]


def _key(line: _Line) -> str:
    return _DIGITS.sub("#", line.text.lower())


def _compose(pages: list[list[_Line]]) -> str:
    """Paragraphs and headings, one a line, with blank lines between."""
    lines = [line for page in pages for line in page]
    if not lines:
        return ""
    size = statistics.median(line.height for line in lines)
    right = statistics.quantiles([line.right for line in lines], n=10)[-1] if len(lines) > 1 else lines[0].right
    step = _usual_step(pages, size)
    words = _whole_words(lines)
    paragraphs: list[str] = []
    before: _Line | None = None
    for line in lines:
        if before is not None and _goes_on(before, line, right=right, step=step):
            paragraphs[-1] = _join(paragraphs[-1], line.text, words)
        else:
            heading = line.height > 1.25 * size and len(line.text) < 120
            paragraphs.append(f"## {line.text}" if heading else _BULLET.sub("- ", line.text, count=1))
        before = line
    return "\n\n".join(paragraphs) + "\n"


def _usual_step(pages: list[list[_Line]], size: float) -> float:
    steps = [
        above.bottom - below.bottom
        for lines in pages
        for above, below in itertools.pairwise(lines)
        if 0 < above.bottom - below.bottom < 4 * size
    ]
    return statistics.median(steps) if steps else 1.2 * size


def _goes_on(before: _Line, line: _Line, *, right: float, step: float) -> bool:
    """Whether a line continues the paragraph of the one above it."""
    if _STARTS.match(line.text) or abs(line.height - before.height) > 0.25 * max(line.height, before.height):
        return False
    gap = before.bottom - line.bottom
    ended = before.text[-1] in ".!?:;。"
    if gap <= 0 or gap > 3 * step:  # a new page or column
        return not ended and line.text[0].islower()
    full = before.right > right - 0.15 * (right - before.left)
    if gap > 1.35 * step:
        return False
    return full or (line.text[0].islower() and not ended)


def _whole_words(lines: list[_Line]) -> frozenset[str]:
    """The words that stand whole in a line, in lower case; those with a hyphen inside as one."""
    found: set[str] = set()
    divided = False
    for line in lines:
        words = _WORD.findall(line.text.lower())
        ends = line.text.endswith(tuple(_DIVISION))
        found.update(words[divided : len(words) - ends])
        divided = ends
    return frozenset(found)


def _join(text: str, line: str, words: frozenset[str]) -> str:
    """Two lines as one; a word that was divided at the end of the first is whole again.

    A hyphen at the end of a line may divide a word or be part of it ("third-party"). The rest of the document tells:
    the word with and without a hyphen elsewhere, else both of its parts as words of their own.
    """
    if text.endswith("\u00ad"):
        return text[:-1] + line
    left, right = _LAST.search(text), _FIRST.match(line)
    if not left or not right or not line[0].islower():
        return text[:-1] + line if text.endswith(_DIVISION[1:]) else f"{text} {line}"
    first, second = left.group(1).lower(), right.group().lower()
    own = first.rpartition("-")[2]
    divides = first + second in words or not (
        f"{first}-{second}" in words or own in _COMPOUNDS or (len(own) > 3 and own in words and second in words)
    )
    return text[:-1] + ("" if divides else "-") + line
