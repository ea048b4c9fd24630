"""The text of a PDF as Markdown: headers and footers of its pages gone, hyphenated words whole, paragraphs joined."""

from __future__ import annotations

from monitor.errors import ExtractionError


def read_pdf(body: bytes) -> str:
    """The text of a PDF.

    Raises:
        ExtractionError: no reader, not readable, or a scan without text.
    """
    raise ExtractionError("pdf", "not read yet")
