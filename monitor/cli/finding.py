"""The search for a vendor's document: from one address over links, usual places and sitemaps to its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from monitor.cli.looking import Look, look
from monitor.discover import Candidate, from_links, from_sitemap, guess_kind, well_known
from monitor.errors import FetchError
from monitor.model import Document, FetchRequest, NotModified
from monitor.ports import Fetcher, Sandbox
from monitor.watchlist.address import same_url

REQUESTS = 16  # at most; a host is asked every few seconds only, and it is somebody else's
_LINKS = 5  # of one page
_PLACES = 6
_LEAST_WORDS = 150  # of a page that does not say itself what it is


@dataclass(frozen=True, slots=True)
class Found:
    """A page that shows the document, why it was looked at, and the page that the search began with."""

    look: Look
    why: str
    start: str = ""  # HTML of the first page, for the vendor's name


class Search:
    """One search. ``say`` is told of every request."""

    def __init__(self, kind: str, *, fetcher: Fetcher, sandbox: Sandbox, say: Callable[[str], None]) -> None:
        self._kind = kind
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._say = say
        self._tried: set[str] = set()
        self._hubs: list[Candidate] = []
        self._shells: list[Found] = []
        self._doubtful: list[Found] = []

    def run(self, url: str) -> Found | None:
        """The best page found, or None.

        Raises:
            FetchError: the address itself cannot be fetched.
        """
        first = self._see(url)
        if first is None or not first.captures:
            raise FetchError(url, "not-seen", first.reason if first else "nothing was tried")
        start, base = html_of(first), first.captures[0].final_url
        found = self._judge(first, Candidate(url, 0, "the address given"))
        found = found or self._try(from_links(start, base, self._kind)[:_LINKS])
        found = found or self._follow_hubs()
        found = found or self._try(well_known(base, self._kind)[:_PLACES])
        found = found or self._try(self._sitemap(urljoin(base, "/sitemap.xml"))[:_LINKS])
        found = found or self._follow_hubs()
        found = found or next(iter([*self._doubtful, *self._shells]), None)
        return replace(found, start=start) if found else None

    def _follow_hubs(self) -> Found | None:
        """Candidates on pages that list documents."""
        hubs, self._hubs = self._hubs[:2], []
        for hub in hubs:
            seen = self._see(hub.url)
            if seen is None or not seen.captures:
                continue
            candidates = from_links(html_of(seen), seen.captures[0].final_url, self._kind)
            found = self._try([one for one in candidates if not one.hub][:_LINKS])
            found = found or self._judge(seen, hub)
            if found:
                return found
        return None

    def _try(self, candidates: Iterable[Candidate]) -> Found | None:
        for candidate in candidates:
            if candidate.hub:
                self._hubs.append(candidate)
                continue
            seen = self._see(candidate.url)
            found = self._judge(seen, candidate) if seen else None
            if found:
                return found
        return None

    def _judge(self, seen: Look, candidate: Candidate) -> Found | None:
        """The page, when it shows the document. What only may be it is remembered for the end.

        The address given must say itself what it is: a home page must not pass for the policy because it has some text.
        """
        text = seen.extraction
        if text is None:
            return None
        found = Found(seen, candidate.why)
        if _is_shell(seen):
            # every address of such a site gives the same empty page: only a link or a name says where the document is
            if candidate.score > 1 or (candidate.score == 0 and guess_kind("", candidate.url) == self._kind):
                self._shells.append(
                    replace(found, look=replace(seen, document=replace(seen.document, render="browser")))
                )
            return None
        if not text.verdict.ok:
            return None
        if self._names_kind(seen):
            return found
        if text.words >= _LEAST_WORDS and candidate.score > 0:
            return found
        if text.words >= _LEAST_WORDS:
            self._doubtful.append(found)
        return None

    def _names_kind(self, seen: Look) -> bool:
        """Whether the page's title, a heading near its top or its address says that it is this kind of document."""
        text = seen.extraction
        if text is None:
            return False
        headings = [line.lstrip("# ") for line in text.text[:20_000].splitlines() if line.startswith("#")]
        named = [guess_kind(text.title), *map(guess_kind, headings[:40]), guess_kind("", seen.document.urls[0])]
        return self._kind in named

    def _see(self, url: str) -> Look | None:
        """What a page shows, in a browser when it is empty without scripts and a browser is there."""
        seen = self._look(url)
        if seen is not None and _is_shell(seen):
            rendered = self._look(url, render="browser")
            if rendered is not None and rendered.extraction is not None:
                return rendered
        return seen

    def _look(self, url: str, *, render: str = "http") -> Look | None:
        """What a page shows; None when it was tried before or there were enough requests."""
        key = f"{render} {same_url(url)}"
        if key in self._tried or len(self._tried) >= REQUESTS:
            return None
        self._tried.add(key)
        self._say(f"looking at {url}" + (" with a browser" if render == "browser" else ""))
        document = Document("new", self._kind, self._kind, (url,), render="browser" if render == "browser" else "http")
        return look(document, fetcher=self._fetcher, sandbox=self._sandbox)

    def _sitemap(self, url: str, depth: int = 0) -> tuple[Candidate, ...]:
        """Candidates of a sitemap, and of those it points to."""
        if len(self._tried) >= REQUESTS:
            return ()
        self._tried.add(url)
        self._say(f"looking at {url}")
        try:
            answer = self._fetcher.fetch(FetchRequest(url))
        except FetchError:
            return ()
        if isinstance(answer, NotModified):
            return ()
        found, more = from_sitemap(answer.body.decode("utf-8", "replace"), answer.final_url, self._kind)
        for place in more if depth == 0 else ():
            found += self._sitemap(place, depth + 1)
        return found


def _is_shell(seen: Look) -> bool:
    text = seen.extraction
    rendered = seen.document.render == "browser"
    return text is not None and not rendered and (text.needs_browser or text.verdict.kind == "script-shell")


def html_of(seen: Look) -> str:
    """The page as characters, for its links."""
    from monitor.text.decode import decode

    capture = seen.captures[0]
    return decode(capture.body, capture.header("content-type"))
