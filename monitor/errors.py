"""The one error tree; each error carries what is needed to say what happened, to which document, and what to do.

MonitorError
├── ConfigError            the watchlist or the settings are wrong (all problems at once); exit 2
├── FetchError             one URL could not be fetched; the other documents go on
│   ├── Refused            our own rules forbid it: scheme, port, address, robots.txt; permanent
│   ├── Unreachable        no answer: name, connection, TLS, deadline; transient
│   ├── BadResponse        an answer that is not content: truncated, oversized, malformed; transient
│   └── HttpStatus         an answer with another status than 200; carries ``retry_after``
├── ExtractionError        bytes that give no text that can be trusted: too deep, lost words, wrong type
├── SandboxError           a child hung, died or ran into a limit
├── ArchiveError           the ledger or the folder cannot be used: foreign, newer, read-only, full; exit 4
│   └── DamageError        a stored thing is not what it was; names it; exit 4
├── SiteError              a page of the report could not be written; names it
├── LockedError            another instance is checking; names its process; exit 75
├── SendError              a message could not be handed over; carries ``permanent``
└── UsageError             the command line asks for something that is not there; exit 2
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class MonitorError(Exception):
    """Anything that is expected to go wrong. ``remedy`` is one sentence on what to do about it."""

    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where (dotted table or key and line, 0 when unknown), what, and what to do."""

    where: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        at = f"line {self.line}: " if self.line else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{at}{self.where}: {self.message}{hint}"


class ConfigError(MonitorError):
    """A configuration file is wrong; ``problems`` lists everything at once."""

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = problems
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__("\n".join([f"{path}: {count}", *(f"  {problem}" for problem in problems)]))


class FetchError(MonitorError):
    """One URL could not be fetched. ``kind`` is a stable word for the ledger, e.g. ``timeout``."""

    transient = False

    def __init__(self, url: str, kind: str, reason: str, *, retry_after: datetime | None = None) -> None:
        self.url = url
        self.kind = kind
        self.reason = reason
        self.retry_after = retry_after
        super().__init__(f"{reason} ({url})")


class Refused(FetchError):  # noqa: N818 - DESIGN's word
    """Our own rules forbid the request; nothing was sent to that address."""


class Unreachable(FetchError):  # noqa: N818 - DESIGN's word
    """No answer: the name, the connection, TLS or the deadline failed."""

    transient = True


class BadResponse(FetchError):  # noqa: N818 - DESIGN's word
    """An answer that cannot be content: truncated, oversized, malformed."""

    transient = True


class HttpStatus(FetchError):  # noqa: N818 - DESIGN's word
    """An answer with another status than 200 (or 304 when we asked). ``status`` is the number."""

    def __init__(self, url: str, status: int, reason: str, *, retry_after: datetime | None = None) -> None:
        super().__init__(url, f"http-{status}", reason, retry_after=retry_after)
        self.status = status
        self.transient = status in {408, 425, 429, 500, 502, 503, 504}


class ExtractionError(MonitorError):
    """Bytes that give no text that can be trusted. ``kind`` is a stable word such as ``too-deep`` or ``lost-words``."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(reason)


class SandboxError(MonitorError):
    """A child hung, died or ran into a limit. ``kind``: ``timeout``, ``cpu``, ``memory``, ``died``."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(reason)


class ArchiveError(MonitorError):
    """The ledger or the archive's folder cannot be used; ``path`` names what."""

    def __init__(self, path: str, reason: str, *, remedy: str = "") -> None:
        self.path = path
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{path}: {reason}" + (f". {remedy}" if remedy else ""))


class DamageError(ArchiveError):
    """A stored thing is not what it was when it was written."""


class SiteError(MonitorError):
    """A page of the report could not be written; the archive is not touched by that."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        self.remedy = "Make room or mend the permissions, then run policy-monitor report"
        super().__init__(f"{path}: cannot be written: {reason}. {self.remedy}")


class LockedError(MonitorError):
    """Another instance is checking; ``holder`` says who (process id and since when)."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"another instance is checking: {holder}")


class SendError(MonitorError):
    """A message could not be handed over. ``permanent``: never; ``server``: no message goes out now.

    With neither, this one message may be tried again later while others go on.
    """

    def __init__(self, reason: str, *, permanent: bool = False, server: bool = False) -> None:
        self.reason = reason
        self.permanent = permanent
        self.server = server
        super().__init__(reason)


class UsageError(MonitorError):
    """The command line asks for something that is not there."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.remedy = remedy
        super().__init__(message + (f". {remedy}" if remedy else ""))
