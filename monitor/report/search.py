"""The static site's search: a small index of which documents hold a word, and each document's clauses as a script.

A web page opened by a double click may load scripts but fetch nothing, so both are scripts. The index keeps for each
document a Bloom filter of its words' stems (about 1.7 bytes a word, one answer in a hundred wrong); only the documents
that may hold all words of a query are then loaded. The same few lines of arithmetic stand in ``static/site.js``.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Clause, DocumentKey, Version
from monitor.report import paths
from monitor.report.pages import named

_WORD = re.compile(r"[^\W_]+")
_BITS_A_WORD = 10
_HASHES = 6
_SUFFIXES = (("ing", 6), ("ed", 5), ("es", 5), ("s", 4))
_OPENING = "policyMonitor.index([\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """A clause with the versions it runs through and its place on the page of the last of them."""

    text: str
    first: int
    last: int
    place: str


def stems(text: str) -> Iterator[str]:
    """The words of a text as the search compares them: no case, no accents, the plainest English endings cut."""
    plain = unicodedata.normalize("NFKD", text)
    if not plain.isascii():
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    for word in _WORD.findall(plain.lower()):
        yield stem(word)


def stem(word: str) -> str:
    """A word without ``ing``, ``ed``, ``es``, ``s`` or a final ``e``."""
    for suffix, least in _SUFFIXES:
        if len(word) >= least and word.endswith(suffix):
            word = word[: -len(suffix)]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def bloom(words: Iterable[str]) -> str:
    """The filter of these stems, in base64."""
    distinct = set(words)
    size = max(64, (len(distinct) * _BITS_A_WORD + 7) // 8 * 8)
    bits = bytearray(size // 8)
    for word in distinct:
        first, second = _hash(word, 0x811C9DC5), _hash(word, 0x01000193) | 1
        for number in range(_HASHES):
            place = (first + number * second) % size
            bits[place >> 3] |= 1 << (place & 7)
    return base64.b64encode(bits).decode()


def _hash(word: str, seed: int) -> int:
    value = seed
    for unit in word.encode("utf-16-le", "replace"):
        value = ((value ^ unit) * 0x01000193) & 0xFFFFFFFF
    return value


def kept_clauses(versions: Sequence[tuple[Version, Sequence[Clause]]]) -> tuple[Kept, ...]:
    """Every clause of every version once, newest first, with the versions it runs through."""
    found: dict[str, tuple[int, int, str]] = {}
    for version, clauses in versions:
        for clause, place in named(clauses):
            first = found.get(clause.text, (version.seq, 0, ""))[0]
            found[clause.text] = (first, version.seq, place)
    kept = (Kept(text, first, last, place) for text, (first, last, place) in found.items())
    return tuple(sorted(kept, key=lambda one: -one.last))


def document_script(key: DocumentKey, kept: Sequence[Kept], versions: Mapping[int, Version]) -> bytes:
    """The script that hands a document's clauses to the page."""
    rows = [[one.text, one.first, one.last, one.place] for one in kept]
    seen = {seq: f"{version.seen_at:%Y-%m-%d}" for seq, version in versions.items()}
    newest = max(versions, default=0)
    return (
        f"policyMonitor.clauses({_json(str(key))}, {newest}, {_json(seen)}, [\n"
        + ",\n".join(_json(row) for row in rows)
        + "\n]);\n"
    ).encode()


def index_row(key: DocumentKey, title: str, kept: Sequence[Kept]) -> str:
    """The document's line in the index."""
    folder = paths.document(key).removesuffix(".html")
    return _json([str(key), title, folder, paths.search(key), bloom(word for one in kept for word in stems(one.text))])


def index_script(rows: Iterable[str]) -> bytes:
    """The index, one line a document, in order of their keys."""
    return (_OPENING + ",\n".join(sorted(rows)) + "\n]);\n").encode()


def index_rows(script: bytes | None) -> dict[str, str] | None:
    """The lines of an index written earlier, by document; None when it is not one."""
    text = (script or b"").decode("utf-8", "replace")
    if not text.startswith(_OPENING):
        return None
    rows = {}
    for line in text.splitlines()[1:-1]:
        if not line:
            continue
        try:
            rows[json.loads(line.rstrip(","))[0]] = line.rstrip(",")
        except (ValueError, LookupError, TypeError):
            return None
    return rows


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
