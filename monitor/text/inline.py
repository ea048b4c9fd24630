"""What stands inside a line of Markdown: runs of spaces, images, links whose addresses change at every visit."""

from __future__ import annotations

import re

from monitor.text.links import clean_url

_RUNS = re.compile(r"  +")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,4000}(?: \"[^\"]{0,300}\")?\)")
_EMPTY_LINK = re.compile(r"\[[ ]{0,4}\]\([^()\s]{0,4000}(?: \"[^\"]{0,300}\")?\)")
_ANCHOR = re.compile(r"\[(?:¶|#|§|🔗)\]\([^()\s]{0,4000}(?: \"[^\"]{0,300}\")?\)")
_TARGET = re.compile(r"(?<=\])\(<?([^()<>\s]{1,4000})>?( \"[^\"]{0,300}\")?\)")
BARE_URL = re.compile(r"\bhttps?://[^\s<>()\[\]\"]{1,2000}")


def tidy(line: str) -> str:
    """The line in its stored form, without space at its ends."""
    if "](" in line:
        line = _IMAGE.sub("", line)
        line = _ANCHOR.sub("", _EMPTY_LINK.sub("", line))
        line = _TARGET.sub(_clean_target, line)
    if "://" in line and ("?" in line or ";" in line):
        line = BARE_URL.sub(lambda match: clean_url(match.group()), line)
    if "  " in line:
        line = _RUNS.sub(" ", line)
    return line.strip(" ")


def _clean_target(match: re.Match[str]) -> str:
    return f"({clean_url(match.group(1))}{match.group(2) or ''})"
