"""The bytes of a mail: headers, a text part, an HTML part, and perhaps a page attached."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alerts.header import header_line

FILE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; the name is ours, never a vendor's."""

    name: str
    content_type: str
    content: bytes


def assemble(
    headers: Sequence[tuple[str, str]],
    *,
    text: str | Sequence[str | bytes],
    html: str | Sequence[str | bytes],
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """One mail in CRLF lines of ASCII, none longer than 998, ready for any server.

    ``text`` and ``html`` may come in pieces of whole lines; those that are bytes went through ``quoted`` before.

    Boundaries come from the content: the same mail has the same bytes, and no content can hold its own boundary.

    Raises:
        ValueError: a header or a file name was not cleaned.
    """
    parts = [_text("plain", text), _text("html", html)]
    body = _multipart("alternative", parts)
    if attachments:
        body = _multipart("mixed", [body, *(_attached(attachment) for attachment in attachments)])
    head = b"".join(header_line(name, value) for name, value in headers)
    return head + b"MIME-Version: 1.0\r\n" + body


def quoted(piece: str) -> bytes:
    """Lines of text in quoted-printable: it survives every relay, and people can still read it in the raw."""
    lines = "\r\n".join([*piece.splitlines(), ""])  # every kind of line end becomes one
    # the end of the first line tells binascii how to break long ones: without any it would use bare line feeds
    return binascii.b2a_qp(lines.encode("utf-8", "replace"), istext=True).removesuffix(b"\r\n")


def _text(subtype: str, content: str | Sequence[str | bytes]) -> bytes:
    pieces = [content] if isinstance(content, str) else content
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    lines = b"\r\n".join(quoted(piece) if isinstance(piece, str) else piece for piece in pieces)
    return head.encode() + lines + b"\r\n"


def _attached(attachment: Attachment) -> bytes:
    if not FILE_NAME.fullmatch(attachment.name):
        raise ValueError(f"not a file name for an attachment: {attachment.name!r}")
    coded = binascii.b2a_base64(attachment.content, newline=False)
    lines = b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
    return (
        header_line("Content-Type", attachment.content_type)
        + header_line("Content-Disposition", f'attachment; filename="{attachment.name}"')
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + lines
        + b"\r\n"
    )


def _multipart(subtype: str, parts: Sequence[bytes]) -> bytes:
    # "=_" occurs neither in quoted-printable nor in base64
    boundary = b"=_" + hashlib.sha256(b"".join(parts)).hexdigest()[:40].encode()
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary.decode()}"\r\n\r\n'.encode()
    return head + b"".join(b"--" + boundary + b"\r\n" + part for part in parts) + b"--" + boundary + b"--\r\n"
