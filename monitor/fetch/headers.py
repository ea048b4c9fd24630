"""What is said of us in a request, and what is kept of what an answer says."""

from __future__ import annotations

from monitor import __version__
from monitor.fetch.body import Headers
from monitor.model import Validators

TOKEN = "policy-monitor"  # noqa: S105 - our name, also in robots.txt

_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.9,*/*;q=0.5"
_DROPPED = {"set-cookie", "set-cookie2"}  # a stranger's secrets; kept by nobody
_OF_THE_SHELL = {"content-type", "content-length", "content-encoding", "transfer-encoding", "etag", "last-modified"}


def request_headers(contact: str) -> dict[str, str]:
    """What every request says. Only gzip is asked for: it is what we inflate with a limit."""
    return {"User-Agent": user_agent(contact), "Accept": _ACCEPT, "Accept-Encoding": "gzip"}


def user_agent(contact: str) -> str:
    """How this program introduces itself: name, version, and where its operator can be reached."""
    contact = "".join(letter for letter in contact if letter.isascii() and letter.isprintable() and letter not in "()")
    return f"{TOKEN}/{__version__}" + (f" (+{contact.strip()})" if contact.strip() else "")


def conditions(validators: Validators | None, url: str, *, first: bool) -> dict[str, str]:
    """The headers that ask whether the page has changed, for the address that gave the validators alone."""
    if validators is None or (validators.url != url if validators.url else not first):
        return {}
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return {name: value for name, value in pairs if value and value.isascii() and value.isprintable()}


def kept_headers(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The headers of an answer without its cookies."""
    return tuple((name, value) for name, value in headers if name not in _DROPPED)


def rendered_headers(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The headers of a shell, for what a browser made of it: the type is ours, its validators say nothing of it."""
    kept = (pair for pair in headers if pair[0] not in _OF_THE_SHELL)
    return (*kept, ("content-type", "text/html; charset=utf-8"))
