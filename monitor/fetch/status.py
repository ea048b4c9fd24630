"""What a status code amounts to, and when a server wants to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus as Codes
from typing import Literal

from monitor.errors import BadResponse, FetchError, HttpStatus

Outcome = Literal["content", "unchanged", "redirect", "error"]

_REDIRECTS = {301, 302, 303, 307, 308}
_FLOOR = timedelta(seconds=60)
_CAP = timedelta(hours=24)
_REMEDIES = {
    401: "The page asks for a login; watch a public address instead",
    403: "The server refuses this program; ask its operator, or watch another address of the document",
    404: "Check whether the document has moved",
    410: "The document is gone for good; look for its new address",
    429: "Raise the delay in the settings if this happens often",
    451: "The document is withheld for legal reasons where this program runs",
}


def outcome(status: int, *, conditional: bool) -> Outcome:
    """What to do with an answer. Only 200 is content; 304 only when we asked whether the page has changed."""
    if status == 200:
        return "content"
    if status == 304 and conditional:
        return "unchanged"
    return "redirect" if status in _REDIRECTS else "error"


def status_error(url: str, status: int, retry_after: datetime | None) -> FetchError:
    """The error for a status that is neither content nor a redirect to follow."""
    try:
        name = f"{status} {Codes(status).phrase}"
    except ValueError:
        name = str(status)
    if not 400 <= status < 600:
        what = "a part of the page only" if status == 206 else "no page"
        return BadResponse(url, "bad-status", f"the server answered {name}, which is {what}")
    error = HttpStatus(url, status, f"the server answered {name}", retry_after=retry_after)
    error.remedy = _REMEDIES.get(status, "")
    return error


def retry_after(value: str, *, now: datetime) -> datetime | None:
    """The time that a Retry-After header names, at least a minute and at most a day ahead; None when it names none."""
    value = value.strip()
    try:
        if value.lstrip("-").isascii() and value.lstrip("-").isdigit():
            # a number with more digits than this is over the cap, whatever it is
            wait = _CAP if len(value) > 9 and not value.startswith("-") else timedelta(seconds=int(value[:10]))
        else:
            at = parsedate_to_datetime(value)
            wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return now + min(max(wait, _FLOOR), _CAP)
