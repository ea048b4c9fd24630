"""Header values that are one safe line, whatever goes into them.

Written by hand because the standard library's are not safe on every Python we run on: up to 3.11.14 an RFC 2047 word
such as ``=?utf-8?q?Acme=0ABcc=3A_evil?=`` in a vendor's name comes out as a header line of its own, and a long
List-Unsubscribe address is folded into encoded words that no mail client can use.
"""

from __future__ import annotations

import base64
import re
import unicodedata

LIMIT = 200  # characters of a subject or name; clients show 60 to 90
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, directions, surrogates, private, line ends
NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}", re.ASCII)
CHUNK = 42  # octets of UTF-8 in one encoded word: 56 in base64, 68 with its frame, and RFC 2047 allows 75


def header_text(text: str, *, limit: int = LIMIT) -> str:
    """The text as one line without anything invisible and without encoded words, at most ``limit`` characters."""
    line = text[: 10 * limit]
    if not line.isprintable():
        line = "".join(" " if unicodedata.category(char) in HIDDEN else char for char in line)
    line = " ".join(line.split()).replace("=?", "= ?").replace("?=", "? =")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def phrase(text: str) -> str:
    """A display name before an address: quoted, or encoded when it is not ASCII."""
    name = header_text(text, limit=60).replace("\\", "").replace('"', "'")
    return f'"{name}"' if name.isascii() else " ".join(_words(name))


def header_line(name: str, value: str) -> bytes:
    """``Name: value`` with its line end; what is not ASCII goes into encoded words.

    ``To`` holds one bare address: a mail to an international one has it in UTF-8 (RFC 6532), as no other form exists.

    Raises:
        ValueError: the name is none, or the value was not cleaned: a bug, as nothing from outside gets here uncleaned.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"not a header's name: {name!r}")
    if any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u2028\u2029" for char in value):
        raise ValueError(f"control characters in {name}")
    if not value.isascii() and name != "To":
        value = "\r\n ".join(_words(value))
    line = f"{name}: {value}\r\n".encode()
    if any(len(part) > 998 for part in line.split(b"\r\n")):
        raise ValueError(f"{name} is longer than a line may be")
    return line


def _words(text: str) -> list[str]:
    """The text as RFC 2047 words of whole characters."""
    words, chunk = [], b""
    for char in text:
        octets = char.encode("utf-8", "replace")
        if len(chunk) + len(octets) > CHUNK:
            words.append(chunk)
            chunk = b""
        chunk += octets
    words.append(chunk)
    return [f"=?utf-8?b?{base64.b64encode(word).decode('ascii')}?=" for word in words]
