from __future__ import annotations

import re
from pathlib import Path

from monitor.watchlist import parse_watchlist

SHIPPED = Path(__file__).parents[2] / "watchlist.toml"
COMMENTED_KEY = re.compile(r"^# (?=\[\[|(?:id|name|tags|kind|urls?|interval|render|language) =|  \"|\])", re.MULTILINE)


def test_the_shipped_watchlist_is_valid_and_begins_with_zoom() -> None:
    watchlist = parse_watchlist(SHIPPED.read_bytes(), path="watchlist.toml")
    assert len(watchlist.vendors) >= 60
    assert watchlist.vendors[0].id == "zoom"
    assert all(document.render == "http" for document in watchlist.documents)
    assert all(document.kind == "privacy-policy" for document in watchlist.documents)
    assert all(vendor.tags for vendor in watchlist.vendors)


def test_what_is_commented_out_is_valid_too_once_it_is_not() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    everything = parse_watchlist(COMMENTED_KEY.sub("", text).encode(), path="watchlist.toml")
    watched = parse_watchlist(text.encode(), path="watchlist.toml")
    more = [document for document in everything.documents if watched.document(document.key) is None]
    assert len(more) >= 15
    assert all(document.render == "browser" or document.language != "en" for document in more)


def test_it_says_that_its_addresses_were_not_checked() -> None:
    assert "not checked live" in SHIPPED.read_text(encoding="utf-8")
