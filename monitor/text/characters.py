"""Characters that a reader cannot see or tell apart: kinds of space, zero-width marks, controls."""

from __future__ import annotations

import re
import unicodedata

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u034f"
_BREAKS = "\u2028\u2029\u0085\u000b\u000c"
_CONTROLS = "".join(chr(code) for code in (*range(9), *range(14, 32), *range(127, 160)) if code != 0x85)
_NEW = dict.fromkeys(_SPACES, " ") | dict.fromkeys(_INVISIBLE + _CONTROLS, "") | dict.fromkeys(_BREAKS, "\n")
_ODD = re.compile(f"[{re.escape(''.join(_NEW))}]")
# Joiners shape letters of Persian or Hindi and make emoji; between Latin letters they are invisible.
_JOINERS = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")


def visible(text: str) -> str:
    """The text in NFC with plain spaces and line ends, without what cannot be seen.

    Marks that turn the direction of text stay: they change what a reader reads.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ODD.sub(lambda match: _NEW[match.group()], text)
    if "\u200d" in text or "\u200c" in text:
        text = _JOINERS.sub("", text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)  # last: a letter and its accent may only now stand together
    return text
