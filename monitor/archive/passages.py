"""The search index: each line of a document once, with the versions it runs through.

A line that stands unchanged in a hundred versions costs one entry, so the index grows with what changes. It keeps words
and places only; the text of a hit is read from the version, and is checked there.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"\w")
_LONGEST_QUERY = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a query hits: the newest version that has it."""

    document: int
    digest: bytes
    seq: int
    current: bool


def lines(text: str) -> Iterator[tuple[bytes, int, str]]:
    """Each line with a word in it: digest, place and text."""
    start = 0
    for line in text.split("\n"):
        if _WORD.search(line):
            yield hashlib.sha256(plain(line).encode()).digest()[:16], start, line
        start += len(line) + 1


def plain(line: str) -> str:
    """The line as SQLite can take it: its text is UTF-8, which lone surrogates are not."""
    return line.encode("utf-8", "replace").decode()


def index(db: sqlite3.Connection, document: int, seq: int, text: str) -> None:
    """Enter a document's newest version."""
    new = {digest: line for digest, _start, line in lines(text)}
    open_spans = {
        row["digest"]: row["passage"]
        for row in db.execute(
            "SELECT s.passage, p.digest FROM spans s JOIN passages p ON p.id = s.passage "
            "WHERE s.document = ? AND s.last_seq IS NULL",
            (document,),
        )
    }
    gone = [(seq - 1, passage) for digest, passage in open_spans.items() if digest not in new]
    db.executemany("UPDATE spans SET last_seq = ? WHERE passage = ? AND last_seq IS NULL", gone)
    for digest, line in new.items():
        if digest not in open_spans:
            passage = _passage(db, document, digest, line)
            db.execute("INSERT INTO spans (document, passage, first_seq) VALUES (?, ?, ?)", (document, passage, seq))


def reindex(db: sqlite3.Connection, document: int, texts: Iterable[tuple[int, str]]) -> None:
    """Enter all versions of a document anew, as (sequence number, text), oldest first."""
    db.execute("DELETE FROM spans WHERE document = ?", (document,))
    for seq, text in texts:
        index(db, document, seq, text)


def search(db: sqlite3.Connection, query: str, *, document: int | None, limit: int) -> list[Found]:
    """Passages with all words of the query, current ones first, best first. "Quoted words" stand together."""
    match = _match(query)
    if not match:
        return []
    rows = db.execute(
        """
        WITH hits AS MATERIALIZED (
          SELECT rowid AS passage, rank AS weight FROM passage_words WHERE passage_words MATCH :match)
        SELECT p.document, p.digest, s.last_seq IS NULL AS current,
               coalesce(s.last_seq, (SELECT max(seq) FROM versions v WHERE v.document = p.document)) AS seq
        FROM hits h JOIN passages p ON p.id = h.passage
             JOIN spans s ON s.passage = p.id
                         AND s.first_seq = (SELECT max(first_seq) FROM spans WHERE passage = p.id)
        WHERE :document IS NULL OR p.document = :document
        ORDER BY current DESC, h.weight, p.id LIMIT :limit
        """,
        {"match": match, "document": document, "limit": limit},
    )
    return [Found(row["document"], row["digest"], row["seq"], bool(row["current"])) for row in rows]


def spans(db: sqlite3.Connection, document: int) -> Mapping[bytes, list[tuple[int, int | None]]]:
    """Through which versions each passage of a document runs, as the index says."""
    found: dict[bytes, list[tuple[int, int | None]]] = {}
    for row in db.execute(
        "SELECT p.digest, s.first_seq, s.last_seq FROM spans s JOIN passages p ON p.id = s.passage "
        "WHERE s.document = ? ORDER BY s.passage, s.first_seq",
        (document,),
    ):
        found.setdefault(row["digest"], []).append((row["first_seq"], row["last_seq"]))
    return found


def _passage(db: sqlite3.Connection, document: int, digest: bytes, line: str) -> int:
    row = db.execute("SELECT id FROM passages WHERE document = ? AND digest = ?", (document, digest)).fetchone()
    if row is not None:
        return int(row["id"])
    passage = db.execute("INSERT INTO passages (document, digest) VALUES (?, ?)", (document, digest)).lastrowid
    assert passage is not None
    db.execute("INSERT INTO passage_words (rowid, text) VALUES (?, ?)", (passage, plain(line)))
    return passage


def _match(query: str) -> str:
    """The query in FTS5's language: every word or quoted phrase is a string there, so that nothing else has meaning."""
    parts = plain(query[:_LONGEST_QUERY]).replace("\0", " ").split('"')
    terms: list[str] = []
    for number, part in enumerate(parts):
        terms += [part] if number % 2 else part.split()
    return " ".join(f'"{term}"' for term in terms if _WORD.search(term))
