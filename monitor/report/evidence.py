"""One zip that lets a stranger check a change offline: raw pages, headers, texts, chain, the page, and how to."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Snapshot, Version
from monitor.report.environment import static
from monitor.report.exports import change_object
from monitor.report.views import ChangeView
from monitor.report.wording import day, document_kind, iso

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever the bundle is made
README = """\
Evidence: {title}
{underline}

This folder holds what is needed to check, without trusting the people who sent it and without the internet, what a
published text said on two days.

  page.html        the page about the change; open it in a browser, it loads nothing from elsewhere
  before/, after/  raw-N.bin     {raw}
                   headers-N.txt {headers}
                   text.md       the text that was read from them
                   rows-N.jsonl  the ledger's rows about them, sealed by check N
  chain.jsonl      the ledger's check rows from then on; each names the SHA-256 of the one before
  change.json      the change and its findings as data
  manifest.json    the SHA-256 of every file here, and where it comes from
  verify.py        checks all of this; needs Python 3.8 or newer and nothing else

To check

  1. Unpack the zip and run:   python3 verify.py
  2. To know that nothing was altered after the fact, compare with a chain head that you have from elsewhere: every
     page of the report and every mail prints the head of its day. Run:   python3 verify.py HEAD
     Every head printed since the change was recorded is in chain.jsonl unless the ledger was rewritten.

By hand, with sh and coreutils alone

  each() {{ while IFS= read -r line; do printf %s "$line" | sha256sum | cut -c1-64; done < "$1"; }}
  sha256sum before/raw-1.bin                 stands in a line of before/rows-{first}.jsonl
  each before/rows-{first}.jsonl | sed 's/.*/"&"/' | paste -sd, | sed 's/.*/[&]/' | tr -d '\\n' | sha256sum
                                             stands as "seals" in the line of check {first} in chain.jsonl
  each chain.jsonl                           each is the last item of the line after; the last one is the chain head
  sha256sum before/text.md                   is the SHA-256 of the text on page.html
  grep -F -c "WORDS OF A QUOTATION" before/text.md

The same with after/ and rows-{second}.jsonl.

What it proves: that the ledger held these bytes when the head was printed. It does not prove {limits}


Do not open raw-N.bin in a browser as a web page: it may run scripts.
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts. ``rows`` are the lines each check wrote, by the check's number."""

    version: Version
    snapshot: Snapshot
    bodies: Sequence[bytes]
    text: str
    rows: Mapping[int, Sequence[str]]


def bundle(view: ChangeView, page: bytes, before: Side, after: Side, chain: Iterable[str], *, head: str) -> bytes:
    """The zip. Equal records give equal bytes.

    Args:
        view: The change.
        page: Its page as one file.
        before: The earlier text with what it was read from.
        after: The later one.
        chain: Check rows from the first that matters to the newest, as the lines that their digests are made of.
        head: The digest of the newest.
    """
    files: dict[str, bytes] = {"page.html": page, "verify.py": static("verify.py")}
    line = view.line
    title = f"{line.vendor_name}, {document_kind(line.document_kind)}, {day(line.change.at)}"
    files["README.txt"] = README.format(
        title=_plain(title),
        underline="=" * (10 + len(_plain(title))),
        first=max(before.rows),
        second=max(after.rows),
        **_origin({before.snapshot.source, after.snapshot.source}),
    ).encode()
    files["chain.jsonl"] = "".join(f"{link}\n" for link in chain).encode()
    files["change.json"] = _json(change_object(line, view.assessment))
    sides = {name: _side(name, side, files) for name, side in (("before", before), ("after", after))}
    manifest = {
        "schema": "policy-evidence/1",
        "change": f"{line.change.key}/{line.change.slug}",
        "head": head,
        **sides,
        "files": {path: _sha256(content) for path, content in sorted(files.items())},
    }
    files["manifest.json"] = _json(manifest)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"evidence/{path}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _origin(sources: set[str]) -> dict[str, str]:
    """How the instructions call the raw pages: what this monitor did not fetch was not sent to it by a server."""
    if sources == {"check"}:
        return {
            "raw": "the bytes that the server sent for each address, as they were",
            "headers": "the headers that came with them",
            "limits": "who sent them to the\n"
            "monitor; that rests on the monitor's word and on the encrypted connection it had to the address.",
        }
    return {
        "raw": "the file of each address, as it was fetched, imported or taken from a public archive",
        "headers": "what is known of how it came; manifest.json says under \"source\" which it was",
        "limits": "where they come from:\n"
        "what was imported or taken from a public archive is from the day and the address that its source named.",
    }


def _side(name: str, side: Side, files: dict[str, bytes]) -> dict[str, object]:
    files[f"{name}/text.md"] = side.text.encode()
    for check, rows in side.rows.items():
        files[f"{name}/rows-{check}.jsonl"] = "".join(f"{row}\n" for row in rows).encode()
    captures = []
    for number, (capture, body) in enumerate(zip(side.snapshot.captures, side.bodies, strict=True), 1):
        path = f"{name}/raw-{number}.bin"
        files[path] = body
        head = "".join(f"{_plain(key)}: {_plain(value)}\n" for key, value in capture.headers)
        files[f"{name}/headers-{number}.txt"] = head.encode("utf-8", "replace")
        captures.append(
            {
                "file": path,
                "url": capture.url,
                "final_url": capture.final_url,
                "fetched_at": iso(capture.fetched_at),
                "status": capture.status,
                "sha256": capture.digest,
                "bytes": capture.size,
                "rendered": capture.rendered,
            }
        )
    version = side.version
    return {
        "version": version.seq,
        "seen_at": iso(version.seen_at),
        "accepted_at": iso(version.accepted_at),
        "source": side.snapshot.source,
        "text_sha256": version.text_digest,
        "extractor": version.extractor,
        "checks": sorted(side.rows),
        "captures": captures,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(text: str) -> str:
    """Outside text on one line of a plain file."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
