"""The report's files over HTTP: nothing outside its folder, and nothing that a browser could mistake for a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import unquote

from monitor.ports import Site
from monitor.web.guard import FILE_CSP, REPORT_CSP

# What is shown as what it is. Everything else is a download that no browser runs.
SHOWN = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "xml": "application/atom+xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is answered."""

    content: bytes
    headers: dict[str, str]


def find(site: Site, raw_path: str) -> File | None:
    """The file of a request's path as it stood in the request, None when there is none.

    The site reads names of a closed grammar, step by step and following no link; here, a path that is written in any
    odd way (encoded slashes, dots, doubled slashes) is simply not one of ours.
    """
    path = unquote(raw_path, errors="replace").removeprefix("/")
    if "%2f" in raw_path.lower() or "%5c" in raw_path.lower() or "\\" in path or "\0" in path:
        return None
    if not path or path.endswith("/"):
        path += "index.html"
    try:
        content = site.read(path)
    except ValueError:
        return None
    if content is None:
        return None
    name = path.rpartition("/")[2]
    kind = SHOWN.get(name.rpartition(".")[2].lower() if "." in name else "")
    headers = {
        "Content-Type": kind or "text/plain; charset=utf-8",
        "Content-Security-Policy": REPORT_CSP if kind else FILE_CSP,
        "Cache-Control": "no-cache",
        "ETag": f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"',
    }
    if not kind:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return File(content, headers)
