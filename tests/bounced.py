"""A bounce as mail servers write it."""

from __future__ import annotations


def dsn(
    to: str, *, action: str = "failed", status: str = "5.1.1", number: int = 1, original: bool = True, where: str = "To"
) -> bytes:
    """A report as RFC 3464 has it."""
    returned = "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: yours\r\n\r\nbody\r\n" if original else ""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\n{where}: <{to}>\r\nSubject: Undelivered\r\n"
        f"Message-ID: <dsn.{number}@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@reader.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 no such user\r\n\r\n{returned}--b--\r\n"
    ).encode()
