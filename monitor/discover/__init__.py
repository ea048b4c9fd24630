"""From a page to the vendor's documents: which links to follow, where else to look, and what to propose.

Pure: what a page's bytes say goes in, addresses and proposals come out. The words to look for are in ``words.toml``.
"""

from __future__ import annotations

from monitor.discover.candidates import Candidate, from_links, from_sitemap, well_known
from monitor.discover.naming import name_vendor
from monitor.discover.parts import Part, find_parts, guess_kind

__all__ = [
    "Candidate",
    "Part",
    "find_parts",
    "from_links",
    "from_sitemap",
    "guess_kind",
    "name_vendor",
    "well_known",
]
