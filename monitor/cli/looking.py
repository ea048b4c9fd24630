"""Looking at documents without recording anything: fetched side by side, extracted in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.errors import ExtractionError, FetchError, SandboxError
from monitor.model import Capture, Document, Extraction, FetchRequest, NotModified
from monitor.ports import Fetcher, Sandbox
from monitor.sight import options, pages


@dataclass(frozen=True, slots=True)
class Look:
    """What a document shows now; ``extraction`` None: it could not be seen, for that reason."""

    document: Document
    extraction: Extraction | None = None
    reason: str = ""
    captures: tuple[Capture, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it shows the policy."""
        return self.extraction is not None and self.extraction.verdict.ok

    def plain(self) -> dict[str, object]:
        """The same for a program."""
        row: dict[str, object] = {"document": str(self.document.key), "ok": self.ok, "reason": self.reason}
        if self.extraction is not None:
            row |= {
                "verdict": self.extraction.verdict.kind,
                "reason": self.extraction.verdict.reason,
                "words": self.extraction.words,
                "confidence": round(self.extraction.confidence.score, 3),
                "confidence_reasons": list(self.extraction.confidence.reasons),
                "language": self.extraction.language,
                "needs_browser": self.extraction.needs_browser,
                "final_urls": [capture.final_url for capture in self.captures],
            }
        return row


def look(document: Document, *, fetcher: Fetcher, sandbox: Sandbox) -> Look:
    """What one document shows now."""
    return extract(document, fetch(document, fetcher), sandbox)


def look_at(documents: Sequence[Document], *, fetcher: Fetcher, sandbox: Sandbox, workers: int) -> Iterator[Look]:
    """What many documents show now, in order of arrival; hosts side by side, a host's documents in turn."""
    hosts: dict[str, list[Document]] = {}
    for document in documents:
        hosts.setdefault(urlsplit(document.urls[0]).netloc.lower(), []).append(document)

    def one_host(group: list[Document]) -> list[tuple[Document, tuple[Capture, ...] | FetchError]]:
        return [(document, fetch(document, fetcher)) for document in group]

    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(hosts)))) as pool:
        waiting = [pool.submit(one_host, group) for group in hosts.values()]
        for done in as_completed(waiting):
            for document, fetched in done.result():
                yield extract(document, fetched, sandbox)


def fetch(document: Document, fetcher: Fetcher) -> tuple[Capture, ...] | FetchError:
    """All pages of a document, or the error of the first that failed."""
    captures = []
    for url in document.urls:
        try:
            answer = fetcher.fetch(FetchRequest(url, None, document.robots_ignore, document.render))
        except FetchError as error:
            return error
        if not isinstance(answer, NotModified):  # nothing was sent that could be unmodified
            captures.append(answer)
    return tuple(captures)


def extract(document: Document, fetched: tuple[Capture, ...] | FetchError, sandbox: Sandbox) -> Look:
    """The text of what was fetched."""
    if isinstance(fetched, FetchError):
        return Look(document, reason=str(fetched))
    try:
        return Look(document, sandbox.extract(pages(fetched), options(document)), captures=fetched)
    except (ExtractionError, SandboxError) as error:
        return Look(document, reason=str(error), captures=fetched)
