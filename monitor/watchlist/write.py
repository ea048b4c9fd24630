"""A declaration added to the text of a watchlist; every other character stays as it was, comments too."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.model import Document, Vendor, Watchlist
from monitor.watchlist.parse import build
from monitor.watchlist.source import Place, parse_source, read_source, scan


def declare(raw: bytes, vendor: Vendor, *, path: str) -> bytes:
    """The watchlist with a vendor's documents added: below it when it is declared already, else at the end.

    Raises:
        ConfigError: the file is wrong before that, or would be after it.
    """
    text = raw.decode("utf-8-sig", "replace")
    before = _read(raw, path)
    known = next((index for index, one in enumerate(before.vendors) if one.id == vendor.id), None)
    if known is None:
        block = _vendor_block(vendor)
        head = text.rstrip("\r\n")
        lines = [*head.split("\n"), "", *block] if head else block
    else:
        block = [line for document in vendor.documents for line in ["", *_document_block(document)]]
        at = max((last for place, _first, last in scan(text) if _within(place, ("vendor", known))), default=0)
        if not at:
            raise _layout(path)
        lines = text.rstrip("\r\n").split("\n")
        lines[at:at] = block
    end = "\r\n" if "\r\n" in text else "\n"
    new = (end.join(line.rstrip("\r") for line in lines) + end).encode()
    _check(before, _read(new, path), vendor, path)
    return new


def save(path: Path, old: bytes, new: bytes) -> None:
    """Put the new bytes into the file in one step, if it still holds the old ones.

    Raises:
        ConfigError: the file was changed in the meantime, or cannot be written.
    """
    path = path.resolve()
    if (read_source(path) if path.exists() else b"") != old:
        raise ConfigError(str(path), (Problem("file", 0, "was changed in the meantime", "try again"),))
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.unlink(missing_ok=True)  # of a run that was killed, when process ids come round again
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(file.fileno(), mode)
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(str(path), (Problem("file", 0, f"cannot be written: {error.strerror}"),)) from error


def _read(raw: bytes, path: str) -> Watchlist:
    """The watchlist; an empty one is the beginning of one."""
    source = parse_source(raw, path=path)
    return build(source) if source.data.get("vendor") else Watchlist(())


def _within(place: Place, above: Place) -> bool:
    return place[: len(above)] == above


def _vendor_block(vendor: Vendor) -> list[str]:
    lines = ["[[vendor]]", f"id = {_quoted(vendor.id)}", f"name = {_quoted(vendor.name)}"]
    if vendor.tags:
        lines.append(f"tags = {_array(vendor.tags)}")
    for document in vendor.documents:
        lines += ["", *_document_block(document)]
    return lines


def _document_block(document: Document) -> list[str]:
    """What a document says that is not said by silence; schedule and tags are left to the defaults."""
    lines = ["[[vendor.document]]", f"kind = {_quoted(document.kind)}"]
    if document.id != document.kind:
        lines.append(f"id = {_quoted(document.id)}")
    if len(document.urls) == 1:
        lines.append(f"url = {_quoted(document.urls[0])}")
    elif document.urls:
        lines += ["urls = [", *(f"  {_quoted(url)}," for url in document.urls), "]"]
    if document.paused is not None:
        lines.append(f"paused = {_quoted(document.paused)}")
    if document.select:
        lines.append(f"select = {_array(document.select)}")
    if document.remove:
        lines.append(f"remove = {_array(document.remove)}")
    if document.headings is not None:
        lines.append(f"from_heading = {_quoted(document.headings.start)}")
        if document.headings.until is not None:
            lines.append(f"until_heading = {_quoted(document.headings.until)}")
    if document.language is not None:
        lines.append(f"language = {_quoted(document.language)}")
    if document.render != "http":
        lines.append(f"render = {_quoted(document.render)}")
    return lines


def _quoted(text: str) -> str:
    # a JSON string of printable characters is a TOML string
    return json.dumps(text, ensure_ascii=False)


def _array(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _check(before: Watchlist, after: Watchlist, vendor: Vendor, path: str) -> None:
    """Refuse a text that does not say what it was meant to say, or says anything else differently.

    Raises:
        ConfigError: this layout of the file is beyond us.
    """
    keys = {document.key for document in vendor.documents}
    left = tuple(
        replace(one, documents=tuple(document for document in one.documents if document.key not in keys))
        for one in after.vendors
        if before.vendor(one.id)
    )
    added = {document.key for document in after.documents} - {document.key for document in before.documents}
    if (
        left != before.vendors
        or added != keys
        or after.severity != before.severity
        or after.promises != before.promises
    ):
        raise _layout(path)


def _layout(path: str) -> ConfigError:
    message = "a declaration cannot be added to a file of this layout"
    return ConfigError(path, (Problem("file", 0, message, "write [[vendor]] and [[vendor.document]] tables"),))
