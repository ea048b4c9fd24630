"""What kind of file a page is, from its bytes first and what was said about it second."""

from __future__ import annotations

import re
from typing import Literal

from monitor.errors import ExtractionError
from monitor.model import Page

Format = Literal["html", "markdown", "text", "pdf"]

_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|title|meta|link|script|style|div|p|h[1-6]|main|article|section|table|ul|ol|span|a|br|!--)[\s>/-]",
    re.IGNORECASE,
)
_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\x1f\x8b", "compressed data"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"wOF", "a font"),
    (b"\x7fELF", "a program"),
)
_BY_NAME: dict[str, Format] = {
    "md": "markdown",
    "markdown": "markdown",
    "txt": "text",
    "text": "text",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "pdf": "pdf",
}


def sniff(page: Page) -> Format:
    """How the page is to be read.

    Raises:
        ExtractionError: ``empty`` (no bytes) or ``wrong-type`` (image, archive, JSON, …).
    """
    body = page.body
    if not body.strip(b"\x00 \t\r\n"):
        raise ExtractionError("empty", "the page has no content")
    head = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if b"%PDF-" in body[:1024]:
        return "pdf"
    for magic, what in _MAGIC:
        if body.startswith(magic):
            raise ExtractionError("wrong-type", f"the page is {what}, not text")
    said = page.content_type.partition(";")[0].partition(",")[0].strip().lower()
    if said.startswith(("image/", "audio/", "video/", "font/")):
        raise ExtractionError("wrong-type", f"the page says it is {said}, not text")
    if said == "application/pdf":
        raise ExtractionError("wrong-type", "the page says it is a PDF and is none")
    if head[:1] in b"{[" and said in {"", "application/json", "text/plain"} and _is_json(body):
        raise ExtractionError("wrong-type", "the page is JSON, not text")
    named = _BY_NAME.get(page.name.rpartition(".")[2].lower()) if page.name else None
    if named is not None and named != "pdf":
        return named
    if said in {"text/html", "application/xhtml+xml"}:
        return "html"
    if said in {"text/markdown", "text/x-markdown"}:
        return "markdown"
    wide = head.startswith((b"\xfe\xff", b"\xff\xfe")) or "utf-16" in page.content_type.lower()
    if wide:
        head = head.replace(b"\x00", b"")
    if _MARKUP.search(head):
        return "html"
    if not wide and body.count(b"\x00", 0, 4096) > 4:
        raise ExtractionError("wrong-type", "the page is binary data, not text")
    return "html" if _MARKUP.search(body[:200_000]) and said != "text/plain" else "text"


def _is_json(body: bytes) -> bool:
    import json

    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
