"""Signed tokens: the right to confirm, manage or end a subscription, and return paths that prove a bounce is ours.

A token is bound to its purpose, to the subscriptions it names, to their address, and to a day on which it ends. There
is nothing to guess: 256 bits of HMAC-SHA-256 in links, 130 in return paths, compared in constant time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

Purpose = Literal["confirm", "manage", "unsubscribe"]
LIFETIMES: dict[str, timedelta] = {
    "confirm": timedelta(days=3),
    "manage": timedelta(days=400),
    "unsubscribe": timedelta(days=400),
}
FORM = timedelta(hours=12)
MAX_TOKEN = 400
MAX_NAMED = 20
ENDS = re.compile(r"[0-9a-f]{1,10}", re.ASCII)
GRANT = re.compile(r"[0-9a-f]{1,10}\.[0-9]{1,12}(?:-[0-9]{1,12}){0,19}\.[0-9a-f]{16}", re.ASCII)
BOUNCE = re.compile(r"([0-9]{1,12})-([0-9]{1,6})-([a-z2-7]{26})", re.ASCII)
BOUNCE_DAYS = 30  # servers give up after five days; some report late


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid token allows: its purpose, on these subscriptions, if they still belong to that address."""

    purpose: Purpose
    subscriptions: tuple[int, ...]
    owner: str

    def covers(self, address: str) -> bool:
        """Whether the address is the one the token was made for."""
        return hmac.compare_digest(self.owner, fingerprint(address))


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """Signs and reads tokens. The first key signs, all of them verify, so that a key can be replaced."""

    keys: tuple[bytes, ...]

    def grant(self, purpose: Purpose, subscriptions: tuple[int, ...], address: str, *, now: datetime) -> str:
        """A token for a link."""
        ends = int((now + LIFETIMES[purpose]).timestamp())
        named = "-".join(str(number) for number in sorted(subscriptions)[:MAX_NAMED])
        return self._signer(purpose).sign(f"{ends:x}.{named}.{fingerprint(address)}").decode("ascii")

    def read(self, purpose: Purpose, token: str, *, now: datetime) -> Grant | None:
        """What the token allows, None when it is not ours, for another purpose, or over."""
        value = self._value(purpose, token)
        if not GRANT.fullmatch(value):
            return None
        ends, named, owner = value.split(".")
        if now.timestamp() >= int(ends, 16):
            return None
        return Grant(purpose, tuple(int(number) for number in named.split("-")), owner)

    def form(self, *, now: datetime) -> str:
        """A token for a form that anybody may send: it shows that the page was asked for first, and not long ago."""
        ends = int((now + FORM).timestamp())
        return self._signer("form").sign(f"{ends:x}").decode("ascii")

    def is_form(self, token: str, *, now: datetime) -> bool:
        """Whether a form's token is ours and not over."""
        value = self._value("form", token)
        return bool(ENDS.fullmatch(value)) and now.timestamp() < int(value, 16)

    def return_path(self, bounce_address: str, subscription: int, *, now: datetime) -> str:
        """The envelope sender that a bounce of this subscription's mail comes back to."""
        local, _, domain = bounce_address.partition("@")
        day = (now - datetime(1970, 1, 1, tzinfo=UTC)).days
        return f"{local}+{subscription}-{day}-{_seal(self.keys[0], subscription, day)}@{domain}"

    def bounced(self, recipient: str, *, now: datetime) -> int | None:
        """The subscription whose mail came back to this return path, None when it is not one of ours, or too old."""
        suffix = recipient.partition("@")[0].lower().rpartition("+")[2]  # relays may change the case of letters
        found = BOUNCE.fullmatch(suffix)
        if not found:
            return None
        subscription, day, seal = int(found[1]), int(found[2]), found[3]
        genuine = [hmac.compare_digest(seal, _seal(key, subscription, day)) for key in self.keys]
        age = (now - datetime(1970, 1, 1, tzinfo=UTC)).days - day
        return subscription if any(genuine) and 0 <= age <= BOUNCE_DAYS else None

    def _value(self, purpose: str, token: str) -> str:
        """What was signed for that purpose, "" when it was not."""
        if len(token) > MAX_TOKEN or not token.isascii():
            return ""
        try:
            value = self._signer(purpose).unsign(token).decode("ascii")
            seal = token.rpartition(".")[2]
            # the last letter of unpadded base64 has spare bits: one seal must not have several spellings
            return value if base64_encode(base64_decode(seal)).decode("ascii") == seal else ""
        except BadData:
            return ""

    def _signer(self, purpose: str) -> Signer:
        return Signer(
            list(reversed(self.keys)),  # itsdangerous signs with the last
            salt=f"policy-monitor/{purpose}/1",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )


def fingerprint(address: str) -> str:
    """64 bits that tell addresses apart without showing them."""
    return hashlib.sha256(b"policy-monitor address\0" + address.encode("utf-8", "replace")).hexdigest()[:16]


def _seal(key: bytes, subscription: int, day: int) -> str:
    """130 bits in letters that survive relays which do not keep upper case."""
    mac = hmac.new(key, f"policy-monitor/bounce/1\0{subscription}\0{day}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode("ascii").lower()[:26]
