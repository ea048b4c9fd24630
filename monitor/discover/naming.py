"""What to call a vendor that is known by an address only."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from monitor.discover.words import fold
from monitor.watchlist.table import Wrong
from monitor.watchlist.values import identifier

_META = re.compile(r"<meta\s([^<>]{1,2000})>", re.IGNORECASE)
_SITE_NAME = re.compile(r"""property\s?=\s?["']?og:site_name["'\s]""", re.IGNORECASE)
_CONTENT = re.compile(r"""content\s?=\s?(?:"([^"]{1,100})"|'([^']{1,100})')""", re.IGNORECASE)
# Second levels below which names are registered; without a full public suffix list, which would be a dependency.
_SECOND = {"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "gob", "gouv"}
_COMMON = {
    "www",
    "help",
    "legal",
    "policies",
    "policy",
    "privacy",
    "support",
    "docs",
    "about",
    "terms",
    "my",
    "en",
    "corporate",
}


def name_vendor(address: str, page: str = "") -> tuple[str, str]:
    """An id and a name for the vendor of an address; the name is what its page calls the site, if it says so."""
    label = _label(urlsplit(address).hostname or "")
    vendor_id = re.sub(r"[^a-z0-9]+", "-", fold(label)).strip("-")[:60].strip("-") or "vendor"
    try:
        identifier(vendor_id)
    except Wrong:
        vendor_id += "-1"
    return vendor_id, _site_name(page) or label.replace("-", " ").title() or "Vendor"


def _label(host: str) -> str:
    labels = host.removesuffix(".").split(".")
    if len(labels) < 2 or host.replace(".", "").isdigit():
        return host
    labels = labels[:-2] if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else labels[:-1]
    named = [label for label in labels if label not in _COMMON]
    return (named or labels)[-1]


def _site_name(page: str) -> str:
    for match in _META.finditer(page[:200_000]):
        if _SITE_NAME.search(match.group(1) + " ") and (content := _CONTENT.search(match.group(1))):
            name = " ".join(html.unescape(content.group(1) or content.group(2) or "").split())
            if name.isprintable() and 0 < len(name) <= 60:
                return name
    return ""
