"""What a bounce says: which of our mails it is about, and whether the recipient is gone for good.

Read with the standard library's parser and then trusted with nothing: only a signed return path says whose mail it was.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Parsed
from itertools import islice
from typing import Literal

from monitor.alerts.tokens import Tokens

LARGEST = 1_000_000  # octets of a bounce that are read
ADDRESS = re.compile(r"[^\s<>@,;\"]{1,64}\+[0-9a-zA-Z-]{10,60}@[^\s<>@,;\"]{1,253}", re.ASCII)
WHERE = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
FIELD = re.compile(r"^(Action|Status):[ \t]*([^\r\n]{1,100})", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})", re.ASCII)
# RFC 3463 under 5: 1 address, 2.0 and 2.1 mailbox closed or unknown; the rest is about size, content, policy, routes
DEAD = {"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.0", "2.1"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """One bounce that is about a mail of ours."""

    subscription: int
    kind: Literal["hard", "soft"]
    status: str  # "5.1.1", "" when it gives none
    message_id: str  # of the bounce itself, so that reading a mailbox twice counts once


def read_bounce(raw: bytes, tokens: Tokens, *, now: datetime) -> Bounce | None:
    """What a message says about a mail of ours; None when it is no bounce, or not one we can believe."""
    try:
        message = email.message_from_bytes(raw[:LARGEST], policy=email.policy.compat32)
        subscription = _subscription(message, tokens, now)
        if subscription is None or _is_reply(message):
            return None
        report = _report(message)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError):  # what that parser raises on rubbish
        return None
    fields = {name.lower(): value.strip().lower() for name, value in FIELD.findall(report)}
    found = STATUS.search(fields.get("status", ""))
    action = fields.get("action", "")
    if action in {"delivered", "relayed", "expanded", "delayed"}:
        return None  # good news, or a server that goes on trying
    status = found[0] if found else ""
    dead = found is not None and found[1] == "5" and f"{found[2]}.{found[3]}" in DEAD
    identity = str(message.get("Message-ID", ""))[:200]
    return Bounce(subscription, "hard" if dead and action == "failed" else "soft", status, identity)


def _subscription(message: Parsed, tokens: Tokens, now: datetime) -> int | None:
    for name in WHERE:
        for value in message.get_all(name, [])[:20]:
            for address in ADDRESS.findall(str(value)[:2000]):
                subscription = tokens.bounced(address, now=now)
                if subscription is not None:
                    return subscription
    return None


def _is_reply(message: Parsed) -> bool:
    """Whether a person or an out-of-office program wrote it: they answer, they do not report."""
    if message.get_content_type() == "multipart/report":
        return False
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
    sender = str(message.get("Return-Path", "")).strip()
    return submitted.startswith("auto-replied") or sender != "<>"


def _report(message: Parsed) -> str:
    """The machine-readable part (RFC 3464), "" when there is none."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = islice(part.walk(), 1, 21)  # the standard library reads each block of this type as a message
            return "\n".join(block.as_string() for block in blocks)
    return ""
