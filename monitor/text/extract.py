"""From the bytes of a document's pages to one normalised text with what is known about it."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.errors import ExtractionError
from monitor.model import Extraction, ExtractOptions, Page
from monitor.text import convert, sections
from monitor.text.chrome import knowledge
from monitor.text.confidence import assess
from monitor.text.dates import stated_dates
from monitor.text.decode import decode
from monitor.text.html import HtmlText, read_html
from monitor.text.measures import measure
from monitor.text.normalise import normalise
from monitor.text.sniff import sniff
from monitor.text.verdict import judge

_RULES = 1  # raise it with every change of code that changes a text
MAX_BYTES = 20_000_000


def revision() -> str:
    """What made a text: our rules, their data file, and the converter. Texts of two revisions are not compared."""
    return f"{_RULES}.{knowledge().version}+html-to-markdown-{convert.VERSION}"


REVISION = revision()


def extract(pages: Sequence[Page], options: ExtractOptions, *, previous: str | None = None) -> Extraction:
    """One text from all pages of a document, in their order.

    ``previous`` is the text of the current version; the verdict asks how much of it is left.

    Raises:
        ExtractionError: the bytes give no text that can be trusted.
    """
    texts: list[str] = []
    html: list[HtmlText] = []
    for page in pages:
        text, found = _read(page, options)
        texts.append(text)
        if found is not None:
            html.append(found)
    text, part = "\n".join(text for text in texts if text), ""
    if options.headings is not None:
        text = sections.cut(text, options.headings)
    elif not options.select:
        text, part = sections.choose(text, options.kind)
    title = next((found.title for found in html if found.title), "")
    shell = bool(html) and all(found.shell for found in html)
    measures = measure(text, pages, html, previous=previous, kind=options.kind)
    verdict = judge(text, measures, title=title, options=options)
    return Extraction(
        text=text,
        extractor=revision(),
        verdict=verdict,
        title=title or _first_heading(text),
        language=measures.language,
        dates=stated_dates(text),
        confidence=assess(text, tuple(html), verdict, part=part, kept=measures.kept),
        words=measures.words,
        needs_browser=shell,
    )


def _read(page: Page, options: ExtractOptions) -> tuple[str, HtmlText | None]:
    """The stored form of one page's text."""
    if len(page.body) > MAX_BYTES:
        raise ExtractionError("too-large", f"the page has {len(page.body)} bytes, more than {MAX_BYTES}")
    kind = sniff(page)
    if kind == "pdf":
        from monitor.text.pdf import read_pdf

        return normalise(read_pdf(page.body), wrapped=False), None
    if kind == "html":
        found = read_html(page, options)
        return normalise(found.markdown, wrapped=True), found
    return normalise(decode(page.body, page.content_type, markup=False)), None


def _first_heading(text: str) -> str:
    line = text[:500].lstrip("# \n").partition("\n")[0].strip("*_ ")
    return line if len(line) <= 120 else ""
