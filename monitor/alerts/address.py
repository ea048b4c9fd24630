"""A mail address under a strict grammar of our own: what passes here is sent to byte for byte, everywhere.

The standard library's parsers are lenient (``parseaddr`` reads ``alice@example.org)bob@example.com`` as Alice), and an
address travels into headers, envelopes, links and CSV files. So: one address, no display name, no quotes, no comments.
"""

from __future__ import annotations

import re
import unicodedata

MAX_ADDRESS, MAX_LOCAL, MAX_DOMAIN, MAX_LABEL = 254, 64, 253, 63
ATOM = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&'*+-/=^_{}~"
)  # RFC 5322 less ? % ` |
DOTS = frozenset("\u3002\uff0e\uff61")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def parse_address(text: str) -> str:
    """The address in the form that is kept and sent to: the domain in lower-case ASCII, the local part as written.

    Raises:
        ValueError: it is not one plain address; the message says why, without repeating it.
    """
    if len(text) > MAX_ADDRESS or len(text.encode("utf-8", "surrogatepass")) > MAX_ADDRESS:
        raise ValueError("longer than 254 characters")
    local, at, domain = text.partition("@")
    if not at or not local or not domain or "@" in domain:
        raise ValueError("an address has one @ with something on both sides")
    _check_local(local)
    ascii_domain = _ascii(domain)
    labels = ascii_domain.split(".")
    if len(labels) < 2 or len(ascii_domain) > MAX_DOMAIN or not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("the part after the @ is no domain name")
    if labels[-1].isdigit():
        raise ValueError("mail to bare network addresses is not supported")
    return f"{local}@{ascii_domain}"


def _check_local(local: str) -> None:
    if len(local.encode("utf-8", "surrogatepass")) > MAX_LOCAL:
        raise ValueError("the part before the @ is longer than 64 characters")
    if not all(local.split(".")):
        raise ValueError("the part before the @ has a dot at an end, or two in a row")
    if not (local[0].isalnum() or local[0] == "_"):  # "=1+1@…" is a formula to whoever opens the CSV export
        raise ValueError("the part before the @ must begin with a letter or digit")
    if not all(char in ATOM or char == "." or _international(char) for char in local):
        raise ValueError("a character before the @ is not allowed")
    if not unicodedata.is_normalized("NFC", local):
        raise ValueError("the part before the @ is not in Unicode's composed form")


def _international(char: str) -> bool:
    """Letters, marks and digits of other scripts; never signs, spaces or controls."""
    return not char.isascii() and unicodedata.category(char) in {"Ll", "Lu", "Lo", "Lm", "Mn", "Mc", "Nd"}


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    if not DOTS.isdisjoint(domain):  # a library reads them as dots; what is sent to must be what was typed
        raise ValueError("the part after the @ has a dot that is none")
    import idna

    try:
        return idna.encode(domain.lower(), std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("the part after the @ is no international domain name") from error
