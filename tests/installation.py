"""A whole installation under test: real archive, gate, sandbox and site; only the time is ours."""

from __future__ import annotations

from dataclasses import dataclass, field

from fakes import FixedClock
from faulty.http import Site

from monitor.alerts.match import match
from monitor.check import Pass, check
from monitor.fetch import Gate
from monitor.model import Document, DocumentKey, Settings, Vendor, Version, Watchlist
from monitor.ports import Archive, Sandbox

INTRO = (
    "This policy explains which personal data Larkspur Ltd. collects when you use its services, how that data is used, "
    "with whom it is shared and which rights you have under data protection law."
)
CLAUSES = (
    "We collect your name, your e-mail address and the payment details you give us when you open an account.",
    "We use personal data to provide the service, to answer support requests and to keep accounts secure.",
    "We share personal data with service providers that host our systems under contract.",
    "We do not sell your personal data to anyone.",
    "Log files are deleted 30 days after they were written.",
    "You can ask us for access to your data, correct it or have it erased at any time.",
    "The service is not meant for children under 13, and we do not knowingly collect their data.",
    "Personal data is stored in the European Union and transferred abroad under standard contractual clauses only.",
    "We may change this policy; a new text is published on this page before it takes effect.",
    "Write to our data protection officer at privacy@larkspur.example with any question.",
)


def policy(
    *edits: tuple[str, str], date: str = "March 1, 2026", menu: str = "", clauses: tuple[str, ...] = CLAUSES
) -> str:
    """The page of an invented vendor, with replacements."""
    body = "".join(f"<h2>Part {number}</h2><p>{clause}</p>" for number, clause in enumerate(clauses, 1))
    text = f"<h1>Privacy policy</h1><p>Last updated: {date}</p><p>{INTRO}</p>{body}"
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return f"<!doctype html><html lang=en><title>Privacy policy</title><body><nav><ul>{menu}</ul></nav><main>{text}</main></body></html>"


WALL = "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue. Ray ID: {id}</p>"
RETENTION = ("30 days", "90 days")
SALE = ("We do not sell your personal data to anyone.", "We may sell your personal data to advertising partners.")


@dataclass
class Installation:
    site: Site
    archive: Archive
    gate: Gate
    sandbox: Sandbox
    clock: FixedClock
    documents: tuple[Document, ...]
    settings: Settings
    checks: list[Pass] = field(default_factory=list)
    promises: tuple[tuple[DocumentKey, str], ...] = ()

    @property
    def watchlist(self) -> Watchlist:
        vendors = dict.fromkeys(document.vendor for document in self.documents)
        return Watchlist(
            tuple(
                Vendor(vendor, vendor.title(), documents=tuple(d for d in self.documents if d.vendor == vendor))
                for vendor in vendors
            ),
            promises=self.promises,
        )

    def check(self, page: str | None = None, *, hours: float = 24, everything: bool = True) -> Pass:
        """Move the clock, serve a page, check."""
        if page is not None:
            self.site.pages["/privacy"] = page
        self.clock.forward(hours=hours)
        passed = check(
            self.watchlist,
            archive=self.archive,
            fetcher=self.gate,
            sandbox=self.sandbox,
            clock=self.clock,
            match=match,
            everything=everything,
        )
        self.checks.append(passed)
        return passed

    def outcome(self, page: str | None = None, *, hours: float = 24) -> str:
        self.check(page, hours=hours)
        return list(self.archive.checks(self.documents[0].key))[-1].outcome

    @property
    def versions(self) -> tuple[Version, ...]:
        return self.archive.versions(self.documents[0].key)

    def events(self) -> list[str]:
        return [event.kind for event in self.archive.events()]
