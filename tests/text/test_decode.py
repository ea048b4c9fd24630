"""Bytes to characters in the order of the WHATWG, and what kind of file a page is."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ExtractionError
from monitor.model import ExtractOptions, Page
from monitor.text import extract
from monitor.text.decode import codec, decode
from monitor.text.sniff import sniff

TEXT = "Löschung – “Daten” für 5 €"


def html(text: str, meta: str = "") -> str:
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>"


def meta(name: str) -> str:
    return f'<meta charset="{name}">'


CASES = {
    "utf-8 by header": (html(TEXT).encode(), "text/html; charset=utf-8"),
    "utf-8 by header in quotes": (html(TEXT).encode(), 'text/html; charset="UTF-8"'),
    "utf-8 by nothing": (html(TEXT).encode(), ""),
    "utf-8 by meta": (html(TEXT, meta("utf-8")).encode(), "text/html"),
    "utf-8 by http-equiv": (html(TEXT, '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">').encode(), ""),
    "utf-8 by mark": (codecs.BOM_UTF8 + html(TEXT).encode(), ""),
    "mark beats header": (codecs.BOM_UTF8 + html(TEXT).encode(), "text/html; charset=iso-8859-1"),
    "mark beats meta": (codecs.BOM_UTF8 + html(TEXT, meta("koi8-r")).encode(), ""),
    "header beats meta": (html(TEXT, meta("windows-1251")).encode(), "text/html; charset=utf-8"),
    "unknown header falls to meta": (html(TEXT, meta("windows-1252")).encode("cp1252"), "text/html; charset=x-nonsense"),
    "unknown meta falls to utf-8": (html(TEXT, meta("nonsense")).encode(), ""),
    "utf-7 in the header is not believed": (html(TEXT).encode(), "text/html; charset=utf-7"),
    "utf-7 in meta is not believed": (html(TEXT, meta("utf-7")).encode(), ""),
    "utf-16 in meta is read as utf-8": (html(TEXT, meta("utf-16")).encode(), ""),
    "utf-16 little with mark": (codecs.BOM_UTF16_LE + html(TEXT).encode("utf-16-le"), ""),
    "utf-16 big with mark": (codecs.BOM_UTF16_BE + html(TEXT).encode("utf-16-be"), "text/html"),
    "utf-16 by header": (html(TEXT).encode("utf-16-le"), "text/html; charset=utf-16"),
    "utf-16 big by header": (html(TEXT).encode("utf-16-be"), "text/html; charset=utf-16be"),
    "latin-1 means windows-1252": (html(TEXT).encode("cp1252"), "text/html; charset=iso-8859-1"),
    "ascii means windows-1252": (html(TEXT).encode("cp1252"), "text/html; charset=us-ascii"),
    "latin1 in meta": (html(TEXT, meta("latin1")).encode("cp1252"), ""),
    "windows-1252 by header": (html(TEXT).encode("cp1252"), "text/html; charset=windows-1252"),
    "cp1252 by header": (html(TEXT).encode("cp1252"), "text/html; charset=cp1252"),
    "windows-1252 by nothing": (html(TEXT).encode("cp1252"), ""),
    "header with spaces": (html(TEXT).encode("cp1252"), "text/html;  charset = windows-1252 "),
    "header in capitals": (html(TEXT).encode(), "TEXT/HTML; CHARSET=UTF-8"),
    "meta without quotes": (html(TEXT, "<meta charset=windows-1252>").encode("cp1252"), ""),
    "meta in capitals": (html(TEXT, '<META CHARSET="WINDOWS-1252">').encode("cp1252"), ""),
    "meta far down": (html(TEXT, "<style>" + "a" * 3000 + "</style>" + meta("windows-1252")).encode("cp1252"), ""),
    "latin-9": (html("Préférences – œuvre".replace("–", "-")).encode("iso-8859-15"), "text/html; charset=iso-8859-15"),
}  # fmt: skip
OTHERS = {
    "windows-1250": "Zásady ochrany osobních údajů",
    "iso-8859-2": "Adatkezelési tájékoztató őű",
    "windows-1251": "Политика конфиденциальности",
    "koi8-r": "Политика конфиденциальности",
    "koi8-u": "Політика конфіденційності",
    "iso-8859-5": "Политика",
    "ibm866": "Политика",
    "windows-1253": "Πολιτική απορρήτου",
    "iso-8859-7": "Πολιτική",
    "windows-1254": "Gizlilik ilkesi şğı",
    "iso-8859-9": "Gizlilik şğı",
    "windows-1255": "מדיניות פרטיות",
    "windows-1256": "سياسة الخصوصية",
    "windows-1257": "Privātuma politika",
    "windows-1258": "Chính sách",
    "windows-874": "นโยบาย",
    "tis-620": "นโยบาย",
    "gbk": "隐私政策与条款",
    "gb2312": "隐私政策",
    "gb18030": "隐私政策㐀",
    "big5": "隱私權政策",
    "shift_jis": "プライバシーポリシー",
    "euc-jp": "プライバシー",
    "iso-2022-jp": "個人情報",
    "euc-kr": "개인정보 처리방침",
    "ks_c_5601-1987": "개인정보",
    "cp1251": "Политика конфиденциальности",
    "macintosh": "Datenschutz für Äpfel",
}


@pytest.mark.parametrize(("body", "said"), CASES.values(), ids=CASES)
def test_a_page_reads_the_same_whatever_names_its_encoding(body: bytes, said: str) -> None:
    text = decode(body, said)
    assert TEXT in text or "Préférences - œuvre" in text


@pytest.mark.parametrize("by", ["header", "meta"])
@pytest.mark.parametrize(("name", "words"), OTHERS.items(), ids=OTHERS)
def test_encodings_of_the_world_by_their_labels(name: str, words: str, by: str) -> None:
    used = codec(name)
    assert used is not None
    if by == "header":
        assert words in decode(html(words).encode(used), f"text/html; charset={name}")
    elif name != "iso-2022-jp":
        assert words in decode(html(words, meta(name)).encode(used))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\x00")))
def test_what_was_written_as_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode(), "text/plain; charset=utf-8", markup=False) == text


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=gbk", "text/html; charset=iso-8859-1"]),
)
def test_any_bytes_give_characters(body: bytes, said: str) -> None:
    assert isinstance(decode(body, said), str)


def test_bad_bytes_lose_nothing_around_them() -> None:
    assert decode(b"<p>before \xff\xfe after", "text/html; charset=utf-8") == "<p>before \ufffd\ufffd after"


@pytest.mark.parametrize("value", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_holes_of_windows_1252_are_controls_as_in_browsers(value: int) -> None:
    assert decode(b"a\x80" + bytes([value]), "text/html; charset=windows-1252") == f"a€{chr(value)}"


KINDS = {
    "html by header": (b"We collect data. <b>Really</b>.", "text/html", "", "html"),
    "html although called an octet stream": (b"<!DOCTYPE html><html><body>x</body></html>", "application/octet-stream", "", "html"),
    "html although called plain": (b"<html><body><p>x</p></body></html>", "text/plain", "", "html"),
    "html without any header": (b"\n\n<html><p>x", "", "", "html"),
    "html after a long comment": (b"Hello <p>x</p>" + b" " * 3000, "", "", "html"),
    "xhtml": (b'<?xml version="1.0"?><html xmlns="x"><body/></html>', "application/xhtml+xml", "", "html"),
    "header given twice": (b"<p>x</p>", "text/html, text/html", "", "html"),
    "plain": (b"We collect data, and x < y.", "text/plain", "", "text"),
    "plain without any header": (b"We collect data.", "", "", "text"),
    "markdown by header": (b"# Policy\n\nWords.", "text/markdown", "", "markdown"),
    "markdown by name": (b"# Policy <b>\n\nWords.", "", "before.md", "markdown"),
    "text by name": (b"Policy", "", "a.txt", "text"),
    "html by name": (b"Policy", "", "a.html", "html"),
    "pdf": (b"%PDF-1.7\n...", "application/pdf", "", "pdf"),
    "pdf although called html": (b"%PDF-1.7\n...", "text/html", "", "pdf"),
    "utf-16 html": (codecs.BOM_UTF16_LE + "<html><body>x".encode("utf-16-le"), "", "", "html"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "said", "name", "kind"), KINDS.values(), ids=KINDS)
def test_the_kind_of_a_page_is_told_from_its_bytes_first(body: bytes, said: str, name: str, kind: str) -> None:
    assert sniff(Page(body, said, name=name)) == kind


WRONG = {
    "no bytes": (b"", "text/html", "empty"),
    "white space": (b" \r\n\t\n ", "text/html", "empty"),
    "png called html": (b"\x89PNG\r\n\x1a\n....", "text/html", "wrong-type"),
    "jpeg": (b"\xff\xd8\xff\xe0abc", "image/jpeg", "wrong-type"),
    "gif": (b"GIF89a...", "", "wrong-type"),
    "zip": (b"PK\x03\x04....", "", "wrong-type"),
    "gzip left": (b"\x1f\x8b\x08....", "text/html", "wrong-type"),
    "image by header": (b"nothing to see", "image/webp", "wrong-type"),
    "not a pdf": (b"<p>Sorry", "application/pdf", "wrong-type"),
    "json": (b'{"error": "gone"}', "application/json", "wrong-type"),
    "json without header": (b"[1, 2]", "", "wrong-type"),
    "binary": (bytes(range(1, 9)) + b"\x00" * 40 + b"abc", "", "wrong-type"),
}


@pytest.mark.parametrize(("body", "said", "kind"), WRONG.values(), ids=WRONG)
def test_what_is_no_text_is_an_error_with_its_kind(body: bytes, said: str, kind: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract([Page(body, said)], ExtractOptions())
    assert caught.value.kind == kind


def test_text_that_only_looks_like_json_is_read() -> None:
    assert sniff(Page(b"{We} collect data.", "text/plain")) == "text"
