"""HTML of the main content to Markdown, by html-to-markdown; the only module that knows that library."""

from __future__ import annotations

import importlib.metadata

from monitor.errors import ExtractionError

VERSION = importlib.metadata.version("html-to-markdown")


def to_markdown(html: str, base_url: str = "") -> str:
    """The Markdown of an HTML fragment. Nothing is escaped: the text is for reading and quoting, not for rendering.

    Raises:
        ExtractionError: the converter refused the input.
    """
    from html_to_markdown import ConversionOptions, PreprocessingOptions, convert

    options = ConversionOptions(
        bullets="-",
        autolinks=False,
        expand_abbreviations=False,
        include_blockquote_citations=False,
        extract_metadata=False,
        compact_tables=True,
        br_in_tables=True,  # the convention of GFM; it keeps the items of a cell apart
        skip_images=True,
        highlight_style="none",
        hidden_content="all",
        newline_style="backslash",
        preprocessing=PreprocessingOptions(enabled=False, remove_navigation=False, remove_forms=False),
        base_url=base_url or None,
        max_depth=1024,
    )
    try:
        return convert(html, options).content or ""
    except Exception as error:  # the library names no error of its own; whatever it is, this page has no text
        raise ExtractionError("conversion", f"the page could not be turned into Markdown: {error}") from error
