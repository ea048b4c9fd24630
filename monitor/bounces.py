"""What bounces mean for who is written to: one that says the address is dead, or five of the softer kind, end it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.dsn import Bounce, read_bounce
from monitor.alerts.tokens import Tokens
from monitor.model import Delivery
from monitor.ports import Mailroom

SOFT = 5
WITHIN = timedelta(days=30)
REASON = "bounce:"


@dataclass(frozen=True, slots=True)
class Bounced:
    """What a pile of bounces came to."""

    read: int = 0
    hard: int = 0
    soft: int = 0
    suppressed: int = 0
    ignored: int = 0  # no bounce, not ours, forged, too old, or counted before


def take_bounces(mailroom: Mailroom, messages: Iterable[bytes], tokens: Tokens, *, now: datetime) -> Bounced:
    """Note every bounce of a mail of ours, and stop writing to addresses that are dead. Raises ArchiveError."""
    read = hard = soft = suppressed = 0
    past = [one for one in mailroom.deliveries(since=now - WITHIN) if one.reason.startswith(REASON)]
    counted = {one.message_id for one in past}
    softer = [one.recipient for one in past if one.outcome == "deferred"]
    for raw in messages:
        read += 1
        bounce = read_bounce(raw, tokens, now=now)
        subscription = mailroom.subscription(bounce.subscription) if bounce else None
        if bounce is None or subscription is None:
            continue
        identity = _identity(bounce, raw)
        if identity in counted:
            continue
        counted.add(identity)
        address = subscription.address
        dead = bounce.kind == "hard"
        hard, soft = hard + dead, soft + (not dead)
        reason = f"{REASON} {bounce.kind} {bounce.status}".strip()
        mailroom.delivered(Delivery(identity, address, now, "refused" if dead else "deferred", reason))
        if not dead:
            softer.append(address)
        if (dead or softer.count(address) >= SOFT) and not mailroom.suppressed(address):
            mailroom.suppress(address, reason=reason, at=now)
            suppressed += 1
    return Bounced(read, hard, soft, suppressed, read - hard - soft)


def _identity(bounce: Bounce, raw: bytes) -> str:
    """What makes a bounce the same when a mailbox is read again."""
    return "bounce:" + hashlib.sha256(bounce.message_id.encode("utf-8", "replace") or raw).hexdigest()[:32]
