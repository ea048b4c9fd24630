# noqa: INP001 - a script that travels alone
"""Check an evidence bundle offline: ``python3 verify.py [HEAD]`` in the unpacked folder; needs only Python 3.8.

HEAD is a chain head that you have from elsewhere: printed on a page of the report, in a mail, written down by somebody.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIDES = ("before", "after")
CAME = {
    "check": "is what {url} gave on {fetched_at}",
    "import": "is the file that was imported as {url} of {fetched_at}",
    "memento": "is the copy of {url} of {fetched_at} that a public archive gave",
}
failures: list[str] = []


def say(what: str, *, ok: bool) -> None:
    """Print one line and remember what failed."""
    if not ok:
        failures.append(what)
    sys.stdout.write(f"{'ok     ' if ok else 'FAILED '} {what}\n")


def sha(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def lines(path: str) -> list[bytes]:
    """The lines of a file, without line ends."""
    return (HERE / path).read_bytes().split(b"\n")[:-1]


def check_files(manifest: dict[str, Any]) -> None:
    """Every file is the one the manifest names."""
    for path, digest in sorted(manifest["files"].items()):
        there = HERE / path
        say(f"{path} is the file that the manifest names", ok=there.is_file() and sha(there.read_bytes()) == digest)


def check_chain(manifest: dict[str, Any], head: str) -> dict[int, list[Any]]:
    """Each row names the one before; the rows by their numbers."""
    digests: list[str] = []
    rows: dict[int, list[Any]] = {}
    whole = True
    for line in lines("chain.jsonl"):
        row = json.loads(line)
        whole = whole and row[0] == "checks" and (not digests or row[-1] == digests[-1])
        digests.append(sha(line))
        rows[row[1]] = row
    say(f"the chain holds from check {min(rows)} to its head", ok=whole and digests[-1] == manifest["head"])
    if head:
        say("the head you gave is in this chain", ok=head in digests)
    else:
        sys.stdout.write(f"        compare with a head you have from elsewhere: {manifest['head']}\n")
    return rows


def check_side(side: str, described: dict[str, Any], rows: dict[int, list[Any]]) -> None:
    """The raw pages and the text are the ones that the checks sealed."""
    sealed = []
    for number in described["checks"]:
        found = lines(f"{side}/rows-{number}.jsonl")
        seals = json.dumps([sha(line) for line in found], separators=(",", ":")).encode()
        ok = number in rows and sha(seals) == json.loads(rows[number][-2])["seals"]
        say(f"{side}: the rows about it are those that check {number} sealed", ok=ok)
        sealed += [json.loads(line) for line in found]
    for capture in described["captures"]:
        body = sha((HERE / capture["file"]).read_bytes())
        ok = any(row[0] == "captures" and body in row and capture["url"] in row for row in sealed)
        came = CAME[described["source"]].format(url=capture["url"], fetched_at=capture["fetched_at"])
        say(f"{side}: {capture['file']} {came}", ok=ok)
    text = sha((HERE / side / "text.md").read_bytes())
    say(f"{side}: text.md is the text that the findings speak of", ok=text == described["text_sha256"])
    if text == described["text_sha256"] and not any(row[0] == "texts" and text in row for row in sealed):
        sys.stdout.write(f"        {side}: no check sealed this text. A newer program read the raw page again, or it was\n")
        sys.stdout.write(f"        {side}: altered: compare it with the raw page, which is sealed\n")


def check_quotations() -> None:
    """Every quotation stands literally in its text."""
    texts = {side: (HERE / side / "text.md").read_bytes().decode() for side in SIDES}
    for finding in json.loads((HERE / "change.json").read_bytes())["findings"]:
        for side in SIDES:
            quote = finding[side]
            if quote:
                literal = texts[side][quote["start"] : quote["end"]] == quote["quote"]
                say(f"{side}: {quote['quote'][:60]!r} stands there literally", ok=literal)


def main() -> int:
    """Run all checks; 0 when everything holds."""
    manifest = json.loads((HERE / "manifest.json").read_bytes())
    check_files(manifest)
    rows = check_chain(manifest, sys.argv[1].lower() if len(sys.argv) > 1 else "")
    for side in SIDES:
        check_side(side, manifest[side], rows)
    check_quotations()
    sys.stdout.write(f"\n{len(failures)} checks FAILED.\n" if failures else "\nEverything holds.\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
