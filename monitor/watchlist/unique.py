"""What may stand in a watchlist only once: ids, documents, addresses, earlier names."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from monitor.model import Vendor
from monitor.watchlist.address import same_url
from monitor.watchlist.source import Place, find_lines
from monitor.watchlist.table import Problems, nearest_line


@dataclass(slots=True)
class _Once:
    """Things seen so far, each with the place where it was first seen."""

    problems: Problems
    seen: dict[Hashable, tuple[Place, str]] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)

    def note(self, thing: Hashable, place: Place, where: str, what: str, hint: str = "") -> None:
        """Remember a thing; a problem if it was there before, naming the line of the first."""
        if thing not in self.seen:
            self.seen[thing] = (place, where)
            return
        first, first_where = self.seen[thing]
        self.lines = self.lines or find_lines(self.problems.source.text)
        line = nearest_line(self.lines, first)
        self.problems.add(place, where, f"{what} (line {line}, {first_where})", hint)


def check_unique(vendors: Sequence[Vendor], problems: Problems) -> None:
    """Add a problem for everything that is declared twice, naming both lines."""
    once = _Once(problems)
    for index, vendor in enumerate(vendors):
        place: Place = ("vendor", index)
        where = f'vendor "{vendor.id}"'
        if vendor.id:
            once.note(("vendor", vendor.id), (*place, "id"), where, "this id is taken")
        if vendor.name != vendor.id:
            once.note(
                ("name", _folded(vendor.name)),
                (*place, "name"),
                where,
                "a vendor of this name is declared",
                "join them or tell the names apart",
            )
        for number, document in enumerate(vendor.documents):
            at = (*place, "document", number)
            here = f'{where}, document "{document.id}"'
            hint = "give one an id of its own"
            once.note(("document", index, document.id), at, here, "the vendor has a document of this id", hint)
            addresses = tuple(same_url(url) for url in document.urls)
            part = (document.select, document.remove, document.headings)
            for position, address in enumerate(addresses):
                key = "url" if len(addresses) == 1 else "urls"
                if address in addresses[:position]:
                    problems.add((*at, key), f"{here}, {key}", f"number {position + 1}: the same address twice")
                    continue
                hint = "one page that holds two documents needs select or from_heading in each"
                once.note(("url", address, part), (*at, key), f"{here}, {key}", "this address is watched already", hint)
    _check_earlier_names(vendors, once)


def _check_earlier_names(vendors: Sequence[Vendor], once: _Once) -> None:
    for index, vendor in enumerate(vendors):
        place: Place = ("vendor", index)
        where = f'vendor "{vendor.id}"'
        for earlier in vendor.formerly:
            once.note(
                ("vendor", earlier), (*place, "formerly"), f"{where}, formerly", f'"{earlier}" is the name of a vendor'
            )
        for number, document in enumerate(vendor.documents):
            for earlier in document.formerly:
                once.note(
                    ("document", index, earlier),
                    (*place, "document", number, "formerly"),
                    f'{where}, document "{document.id}", formerly',
                    f'"{earlier}" is the name of a document',
                )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
