"""Header values: one safe line, whatever a vendor calls itself; read back by a strict parser."""

from __future__ import annotations

import email
import email.policy
import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.header import header_line, header_text, phrase
from monitor.alerts.mime import Attachment, assemble, quoted

HOSTILE = [
    "Acme\r\nBcc: evil@x.example",
    "Acme\nBcc: evil@x.example",
    "Acme\rBcc: evil@x.example",
    "Acme\0Bcc: evil@x.example",
    "Acme\x85Bcc: evil@x.example",
    "Acme\u2028Bcc: evil@x.example",
    "Acme\u2029Bcc: evil@x.example",
    "Acme\x0b\x0c\x1c\x1d\x1eBcc: evil@x.example",
    "=?utf-8?q?Acme=0ABcc=3A_evil@x.example?=",
    "=?utf-8?b?QWNtZQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
    "= ?utf-8?q?Acme=0ABcc=3A_evil@x.example?=",
    "=?utf-8?q?a?==?utf-8?q?=0ABcc=3A_evil?=",
    "==??utf-8?q?Acme=0ABcc=3A_evil@x.example??==",
    "ü =?utf-8?q?Acme=0ABcc=3A_evil@x.example?=",
    "Acme\ud800\udfff",
    "Acme\u202egnp.exe",
    "\ufeffAcme\u200b\u00ad",
    "A" * 100_000,
    "ü" * 100_000,
    "\r\n" * 50_000,
    'Acme" <evil@x.example>, "',
    "Acme\\",
    "",
    " ",
    "😀" * 300,
]


def header_names(raw: bytes) -> list[str]:
    """Names of headers as every reader sees them: by lines, not by a parser of ours."""
    head = raw.partition(b"\r\n\r\n")[0]
    return [line.partition(b":")[0].decode() for line in re.split(rb"\r\n(?![ \t])", head)]


def subject_of(raw: bytes) -> str:
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    return str(make_header(decode_header(message["Subject"])))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:30]))
def test_no_text_becomes_a_header_of_its_own(text: str) -> None:
    assert_safe(text)


@given(st.one_of(st.text(max_size=400), st.text(alphabet="=?utf-8bq_AQ\r\n :@ü\u2028", max_size=200)))
def test_no_text_at_all_becomes_a_header_of_its_own(text: str) -> None:
    assert_safe(text)


def assert_safe(text: str) -> None:
    clean = header_text(text)
    assert len(clean) <= 200
    assert clean.isprintable()
    raw = assemble(
        [("From", f"{phrase(text)} <m@watch.example>"), ("To", "ann@reader.example"), ("Subject", clean)],
        text="body",
        html=["<p>", b"body", "</p>"],
    )
    assert header_names(raw) == ["From", "To", "Subject", "MIME-Version", "Content-Type"]
    assert_wire(raw)
    assert subject_of(raw).replace("= ?", "=?") == clean.replace("= ?", "=?")
    modern = email.message_from_bytes(raw, policy=email.policy.default)
    assert modern.defects == []
    assert [address.addr_spec for address in modern["From"].addresses] == ["m@watch.example"]
    assert modern["Subject"].count("\n") == 0
    assert "Bcc" not in modern


def assert_wire(raw: bytes) -> None:
    """What a server insists on: ASCII lines, none too long, and no line end but CRLF."""
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


@given(st.text(max_size=300), st.text(alphabet=" =.\t\n\rüa\u2028", max_size=300))
def test_a_body_comes_back_as_it_was_up_to_line_ends(plain: str, odd: str) -> None:
    pieces = [plain, "x" * 200, odd, "", "tail "]
    raw = assemble([("Subject", "x")], text=pieces, html=[quoted(piece) for piece in pieces])
    assert_wire(raw)
    expected = "\n".join("\n".join(piece.splitlines()) for piece in pieces).encode("utf-8", "replace").decode()
    for part in email.message_from_bytes(raw, policy=email.policy.default).iter_parts():
        assert part.get_content().replace("\r\n", "\n").removesuffix("\n") == expected


def test_what_was_not_cleaned_is_refused_as_the_bug_it_is() -> None:
    for value in ("a\r\nBcc: x", "a\nb", "a\0b", "a\x85b", "a\u2028b", "a" * 1000):
        with pytest.raises(ValueError, match=r"control|longer"):
            header_line("Subject", value)
    with pytest.raises(ValueError, match="name"):
        header_line("Sub ject", "x")
    with pytest.raises(ValueError, match="file name"):
        assemble([], text=[], html=[], attachments=[Attachment('x"\r\nEvil: 1.html', "text/html", b"")])


def test_an_ordinary_name_is_not_changed() -> None:
    for name in ("Acme", "Müller & Söhne GmbH", "日本株式会社", "O’Reilly “Media”", "what = ? this"):
        assert header_text(name) == name


def test_a_long_link_stays_on_one_line() -> None:
    url = "<https://watch.example/unsubscribe/" + "a" * 800 + ">"
    assert header_line("List-Unsubscribe", url) == f"List-Unsubscribe: {url}\r\n".encode()
