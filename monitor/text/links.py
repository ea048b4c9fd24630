"""Addresses without what differs at every visit: tracking parameters, session ids, signatures, hidden e-mail."""

from __future__ import annotations

import re

_PARAMETER = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|igshid|igsh|twclid|ttclid|"
    r"li_fat_id|mc_[ce]id|_hs(?:enc|mi)|hs(?:CtaTracking|_preview)|__hs\w+|vero_(?:id|conv)|oly_(?:anon|enc)_id|_ga|_gl|"
    r"wickedid|rb_clickid|s_cid|icid|trk\w*|ref_src|ref_url|cmpid|mkt_tok|_openstat|"
    r"phpsessid|jsessionid|aspsessionid\w*|sid|sessionid|session_id|cfid|cftoken|nonce|_wpnonce|preview_nonce|preview_id|preview|"
    r"csrf\w*|_token|cb|cachebust(?:er)?|_ts|timestamp|rand(?:om)?|"
    r"x-amz-\w[\w-]*|x-goog-\w[\w-]*|awsaccesskeyid|signature|expires|key-pair-id|policy|hmac|sig|"
    r"__cf_chl\w*|cf_chl\w*|__hstc|__hssc|__hsfp)",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^?#/]{0,200}", re.IGNORECASE)
_CLOUDFLARE = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-fA-F]{4,400})")


def clean_url(url: str) -> str:
    """The address without parameters that change at every visit and mean nothing to a reader."""
    hidden = _CLOUDFLARE.search(url)
    if hidden:
        address = reveal_email(hidden.group(1))
        return f"mailto:{address}" if address else url
    if ";" in url:
        url = _PATH_SESSION.sub("", url)
    base, question, rest = url.partition("?")
    if not question:
        return url
    query, hash_mark, fragment = rest.partition("#")
    kept = [part for part in query.split("&") if part and not _PARAMETER.fullmatch(part.partition("=")[0])]
    return base + ("?" + "&".join(kept) if kept else "") + hash_mark + fragment


def reveal_email(code: str) -> str:
    """The address that Cloudflare hid in hexadecimal (first byte is the key), "" when it is none."""
    try:
        data = bytes.fromhex(code)
    except ValueError:
        return ""
    address = bytes(value ^ data[0] for value in data[1:]).decode("utf-8", "replace") if len(data) > 1 else ""
    plain = address.partition("?")[0]
    return plain if "@" in plain and plain.isprintable() and " " not in plain else ""
