"""What is declared: vendors, their documents, and the operator's settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from monitor.model.change import Action, Direction, Polarity, Severity
    from monitor.model.text import HeadingRange

Render = Literal["http", "browser"]


@dataclass(frozen=True, slots=True, order=True)
class DocumentKey:
    """The name of a document everywhere: ``vendor/document``."""

    vendor: str
    document: str

    def __str__(self) -> str:
        return f"{self.vendor}/{self.document}"

    @classmethod
    def parse(cls, text: str) -> DocumentKey:
        """The key that ``vendor/document`` names.

        Raises:
            ValueError: the text has no single slash.
        """
        vendor, slash, document = text.partition("/")
        if not slash or not vendor or not document or "/" in document:
            message = f"not a document key: {text!r} (expected vendor/document)"
            raise ValueError(message)
        return cls(vendor, document)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a document is due: every ``interval``, or when a five-field ``cron`` line in UTC says (one of the two)."""

    interval: timedelta | None = timedelta(days=1)
    cron: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One thing a vendor publishes, at one or several URLs which together make one text, in this order.

    Only a paused document may have no URL: an imported history that nobody continues.
    """

    vendor: str
    id: str  # unique within the vendor; the kind, unless the vendor has two documents of one kind
    kind: str  # "privacy-policy", "terms", "cookies", "subprocessors", …
    urls: tuple[str, ...]
    select: tuple[str, ...] = ()  # CSS selectors of what to keep; empty: the main content is found
    remove: tuple[str, ...] = ()  # CSS selectors of what to drop first
    headings: HeadingRange | None = None  # keep only from one heading up to another
    schedule: Schedule = field(default_factory=Schedule)
    confirm: timedelta = timedelta(hours=12)  # a new text is announced when seen again at least this much later
    language: str | None = None  # ISO 639-1 of the text; None: as found
    tags: tuple[str, ...] = ()  # the vendor's tags and its own
    render: Render = "http"
    robots_ignore: str | None = None  # the stated reason, when robots.txt is to be ignored
    paused: str | None = None  # the stated reason, when it is not to be checked; its history stays
    formerly: tuple[str, ...] = ()  # earlier ids, so that a rename keeps its history

    @property
    def key(self) -> DocumentKey:
        """The document's name."""
        return DocumentKey(self.vendor, self.id)


@dataclass(frozen=True, slots=True)
class Vendor:
    """An organisation that is watched. ``formerly`` lists earlier ids."""

    id: str
    name: str
    tags: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeverityOverride:
    """A row of the operator's own severity table; None matches anything."""

    label: str  # a label or a glob such as "share.*"
    action: Action | None
    polarity: Polarity | None
    direction: Direction | None  # None: keep what the table says
    severity: Severity | None  # None: keep what the table says


@dataclass(frozen=True, slots=True)
class Watchlist:
    """All declarations of one ``watchlist.toml``; vendors in file order."""

    vendors: tuple[Vendor, ...]
    severity: tuple[SeverityOverride, ...] = ()
    promises: tuple[tuple[DocumentKey, str], ...] = ()  # sentences the user pinned

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document of every vendor, in file order."""
        return tuple(document for vendor in self.vendors for document in vendor.documents)

    def vendor(self, vendor_id: str) -> Vendor | None:
        """The vendor of that id, if declared."""
        return next((vendor for vendor in self.vendors if vendor.id == vendor_id), None)

    def document(self, key: DocumentKey) -> Document | None:
        """The document of that key, if declared."""
        return next((document for document in self.documents if document.key == key), None)


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's settings (``settings.toml`` and the environment); exceptions to the gate's rules stand only here.

    Secrets (SMTP login, token key) are read from the environment where they are used and never kept in a record.
    """

    root: Path
    contact: str = ""  # a URL or mail address that goes into the User-Agent
    allow_networks: tuple[str, ...] = ()  # CIDR networks allowed although not public
    allow_ports: tuple[int, ...] = (80, 443)
    delay: timedelta = timedelta(seconds=5)  # between two requests to one host
    deadline: timedelta = timedelta(seconds=30)  # total, for one request with its redirects
    workers: int = 8  # hosts fetched side by side
    certificate_file: Path | None = None  # extra trusted certificate authorities (tests, intranets)
    public_url: str = ""  # where the site is published; empty: it is not
    operator: tuple[str, ...] = ()  # mail addresses of the people who run this
    mail_from: str = ""
    smtp_host: str = ""  # empty: mail goes into a local maildir
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_per_minute: int = 60
    notify: tuple[str, ...] = field(default=(), repr=False)  # Apprise targets for the operator; they hold secrets
    bounce_address: str = ""  # return path; the token goes in as +suffix
    site_title: str = "Privacy policy monitor"

    @property
    def snapshots(self) -> Path:
        """The archive's folder."""
        return self.root / "snapshots"

    @property
    def site(self) -> Path:
        """The folder of the generated report."""
        return self.root / "report"

    @property
    def outbox(self) -> Path:
        """The maildir used while no mail server is configured."""
        return self.root / "mail"
