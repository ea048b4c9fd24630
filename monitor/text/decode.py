"""Bytes to characters in the order of the WHATWG: byte order mark, header, ``<meta>``, UTF-8, windows-1252."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s{0,8}=\s{0,8}[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]{0,400}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_META_WINDOW = 4096  # the standard looks at 1,024 bytes; browsers and real pages go further

# Labels that the WHATWG reads as another encoding than their name says, or where Python's codec of that name is
# narrower.
_ALIASES = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "l1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso_8859-1": "windows-1252",
    "iso88591": "windows-1252",
    "cp1252": "windows-1252",
    "x-cp1252": "windows-1252",
    "iso-8859-9": "windows-1254",
    "latin5": "windows-1254",
    "iso-8859-11": "windows-874",
    "tis-620": "windows-874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "korean": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
}
# Python knows these too, but no page is written in them: codecs that run code paths of their own, or are traps (UTF-7).
_ALLOWED = re.compile(
    r"utf-8|utf-16-le|utf-16-be|gb18030|euc-jp|iso-2022-jp|koi8-r|koi8-u|mac-roman|big5hkscs|cp9(?:32|49)|"
    r"windows-(?:874|125[0-8])|iso-8859-(?:[2-8]|10|13|14|15|16)|ibm866"
)


def codec(label: str) -> str | None:
    """The Python codec for a label that a page gives, None when the label is unknown or not allowed."""
    name = label.strip().lower()
    name = _ALIASES.get(name, name)
    if name.startswith("cp125"):
        name = "windows-" + name[2:]
    if not _ALLOWED.fullmatch(name):
        return None
    return {"windows-874": "cp874", "ibm866": "cp866"}.get(name, name)


def decode(body: bytes, content_type: str = "", *, markup: bool = True) -> str:
    """The characters of a page; never fails: what cannot be read becomes U+FFFD.

    ``markup`` says whether a ``<meta>`` element may name the encoding.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = _HEADER.search(content_type)
    name_of_header = codec(declared.group(1)) if declared else None
    if name_of_header:
        return _read(body, name_of_header)
    if markup:
        meta = _META.search(body[:_META_WINDOW])
        name_of_meta = codec(meta.group(1).decode("ascii")) if meta else None
        if name_of_meta:
            # A page whose ASCII declaration we just read cannot be UTF-16: the standard reads it as UTF-8.
            return _read(body, "utf-8" if name_of_meta.startswith("utf-16") else name_of_meta)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _read(body, "windows-1252")


def _read(body: bytes, name: str) -> str:
    """The characters under a codec. Single-byte codecs of Python leave holes where the standard has C1 controls."""
    if name != "windows-1252":
        return body.decode(name, "replace")
    return body.decode("windows-1252", "replace") if not _holes(body) else body.decode("latin-1").translate(_C1)


def _holes(body: bytes) -> bool:
    return any(value in body for value in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


_C1 = {value: bytes([value]).decode("windows-1252", "ignore") or chr(value) for value in range(0x80, 0xA0)}
