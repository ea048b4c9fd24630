"""From the bytes of a document's pages to one normalised text with what is known about it."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.errors import ExtractionError
from monitor.model import Confidence, Extraction, ExtractOptions, Page
from monitor.text import convert, language
from monitor.text.dates import stated_dates
from monitor.text.decode import decode
from monitor.text.normalise import normalise
from monitor.text.picker import pick
from monitor.text.sniff import sniff
from monitor.text.verdict import Measures, judge, markers

REVISION = f"1+html-to-markdown-{convert.VERSION}"
MAX_BYTES = 20_000_000


def extract(pages: Sequence[Page], options: ExtractOptions, *, previous: str | None = None) -> Extraction:
    """One text from all pages of a document, in their order.

    Raises:
        ExtractionError: the bytes give no text that can be trusted.
    """
    texts: list[str] = []
    title = ""
    shell = False
    for page in pages:
        if len(page.body) > MAX_BYTES:
            raise ExtractionError("too-large", f"the page has {len(page.body)} bytes, more than {MAX_BYTES}")
        kind = sniff(page)
        if kind == "html":
            from selectolax.lexbor import LexborHTMLParser

            source = decode(page.body, page.content_type).replace("\x00", "")
            tree = LexborHTMLParser(source)
            node = tree.css_first("title")
            title = title or (node.text() or "").strip() if node else title
            shell = shell or len(tree.css("script")) > 0
            picked = pick(tree)
            texts.append(normalise(convert.to_markdown(picked.html, page.final_url or page.url)))
        else:
            texts.append(normalise(decode(page.body, page.content_type, markup=False)))
    text = "\n".join(text for text in texts if text)
    words = len(text.split())
    measures = Measures(words, markers(text), None, 0.0, shell and words < 60)
    return Extraction(
        text=text,
        extractor=REVISION,
        verdict=judge(text, measures, title=title),
        title=title,
        language=options.language or language.detect(text),
        dates=stated_dates(text),
        confidence=Confidence(0.5),
        words=words,
        needs_browser=measures.shell,
    )
