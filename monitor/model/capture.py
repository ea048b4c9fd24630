"""What one request brought."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model.watch import Render


@dataclass(frozen=True, slots=True)
class Validators:
    """What an earlier answer gave for asking "has it changed since?".

    ``url`` is the address that gave them: they are sent to it alone, for a date from one page says nothing about
    another that a redirect now leads to. "" stands for the declared address.
    """

    etag: str = ""
    last_modified: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to fetch and how. ``validators`` None asks for the whole body."""

    url: str
    validators: Validators | None = None
    robots_ignore: str | None = None
    render: Render = "http"


@dataclass(frozen=True, slots=True)
class Capture:
    """What one fetch of one URL brought: the inflated body as it was, and what came with it."""

    url: str  # as declared
    final_url: str  # after redirects
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case, in order of arrival
    body: bytes
    redirects: tuple[str, ...] = ()  # every address on the way, without the final one
    framed: bool = True  # the end of the body was marked by its length or by chunks
    rendered: bool = False  # the body is the DOM of a browser after scripts ran

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def validators(self) -> Validators:
        """What to send next time to ask whether it changed."""
        return Validators(self.header("etag"), self.header("last-modified"), self.final_url)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server said 304: the body is the one whose validators were sent."""

    url: str
    final_url: str
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...] = ()
