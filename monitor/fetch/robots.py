"""What robots.txt lets us fetch, as RFC 9309 says it.

None there (4xx) allows everything; one that cannot be had (5xx, no answer) forbids everything for now; 500 KiB are
read; it is kept for a day, in memory. The rules are read by protego.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.errors import FetchError, HttpStatus, Refused, Unreachable
from monitor.fetch.budget import Budget
from monitor.fetch.headers import TOKEN
from monitor.fetch.target import Target
from monitor.ports import Clock

if TYPE_CHECKING:
    from protego import Protego

MAX_ROBOTS = 500 * 1024
_KEPT = timedelta(hours=24)
_FAILURE_KEPT = timedelta(minutes=10)  # so that ten documents of one host do not ask ten times

ReadRobots = Callable[[Target, Budget], bytes]
"""The start of a robots.txt, redirects followed. Raises FetchError."""

_AGENT = re.compile(r"user[- ]?agent(?=[ :]|$)[ :]*(\*|[a-z_-]*)")


@dataclass
class _Site:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | None = None  # None: everything is allowed
    fresh_until: datetime | None = None  # None: never read
    failure: FetchError | None = None


class Robots:
    """The rules of each site, read when they are first asked for; shared by all threads of a gate."""

    def __init__(self, clock: Clock, read: ReadRobots) -> None:
        self._clock = clock
        self._read = read
        self._sites: dict[str, _Site] = {}
        self._guard = threading.Lock()

    def check(self, target: Target, budget: Budget, *, read: ReadRobots | None = None) -> float:
        """The crawl delay in seconds, when the target may be fetched. ``read`` replaces the usual way of reading.

        Raises:
            Refused: the rules forbid it (``robots``).
            FetchError: they could not be read: the site's own failure, or ``robots`` when only they cannot be had.
        """
        with self._guard:
            site = self._sites.setdefault(target.origin, _Site())
        with site.lock:
            if site.fresh_until is None or self._clock.now() >= site.fresh_until:
                self._load(site, target, budget, read or self._read)
            rules, failure = site.rules, site.failure
        if failure is not None:
            raise _told_of(failure, str(target))
        if rules is None:
            return 0.0
        if not rules.can_fetch(str(target), TOKEN):
            refused = Refused(str(target), "robots", f"the robots.txt of {target.host} forbids it")
            refused.remedy = 'If you may fetch it nevertheless, declare robots = "ignore: REASON" for the document'
            raise refused
        return rules.crawl_delay(TOKEN) or 0.0

    def _load(self, site: _Site, target: Target, budget: Budget, read: ReadRobots) -> None:
        now = self._clock.now()
        place = Target(target.scheme, target.host, target.port, "/robots.txt")
        known = site.fresh_until is not None and site.failure is None
        try:
            site.rules = _parse(read(place, budget))
            site.failure = None
        except FetchError as error:
            if _absent(error):
                site.rules = site.failure = None
            elif known:  # RFC 9309 2.4: the old one counts while there is no new one
                site.fresh_until = now + _FAILURE_KEPT
                return
            elif isinstance(error, Unreachable):  # the page would fail alike, and may be tried again at once
                raise _told_of(error, str(target)) from error
            else:
                site.failure = error
                site.fresh_until = now + _FAILURE_KEPT
                return
        site.fresh_until = now + _KEPT


def _absent(error: FetchError) -> bool:
    """Whether a failure means that there is no robots.txt: 4xx, or redirects without end."""
    if isinstance(error, HttpStatus):
        return 400 <= error.status < 500 and error.status != 429
    return error.kind == "too-many-redirects"


def _told_of(failure: FetchError, url: str) -> FetchError:
    """The failure to read robots.txt as one of the page: the same words when the page would fail alike."""
    if isinstance(failure, Unreachable | Refused):
        where = "" if isinstance(failure, Unreachable) or failure.kind == "address" else "robots.txt: "
        told = type(failure)(url, failure.kind, where + failure.reason, retry_after=failure.retry_after)
        told.remedy = failure.remedy
        return told
    reason = f"robots.txt cannot be had ({failure.reason}), which forbids everything until it can (RFC 9309)"
    return Unreachable(url, "robots", reason, retry_after=failure.retry_after)


def _parse(content: bytes) -> Protego | None:
    from protego import Protego

    text = content[:MAX_ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")
    lines = _ours(text)
    return Protego.parse("\n".join(lines)) if lines else None


def _ours(text: str) -> list[str]:
    """The lines with every group that is not for us named alike.

    The parser keeps each rule once for each agent of its group: 3,000 agents before 3,000 rules (92 KB) took it 13 s
    and 640 MB. With three names it is linear.
    """
    lines: list[str] = []
    for line in text.splitlines():
        bare = " ".join(line.partition("#")[0].lower().split())
        if (agent := _AGENT.match(bare)) is None:
            if bare:
                lines.append(line)
            continue
        name = agent[1] if agent[1] in {"*", TOKEN} else "another"
        if not lines or lines[-1] != f"User-agent: {name}":
            lines.append(f"User-agent: {name}")
    return lines
