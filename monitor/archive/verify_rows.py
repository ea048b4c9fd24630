"""Whether the ledger's rows are those that were written: structure, seals, gaps, the chain, and how rows agree."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.archive import chain, step_seals
from monitor.archive.assessments import read_assessment
from monitor.archive.schema import actual_schema, expected_schema, sealed_tables
from monitor.archive.seal import NOTHING, columns, seal
from monitor.errors import DamageError
from monitor.model import DocumentKey
from monitor.ports import Damage

NAME = "monitor.db"
_ABOVE = {"snapshot": "snapshots", "change": "changes", "assessment": "assessments", "event": "events"}
_ALL_IN_CHAIN = ("snapshots", "captures", "versions", "changes")  # each row of theirs was written by a check


@dataclass(slots=True)
class Seen:
    """What verifying has learnt: which document is which, and which rows are broken."""

    documents: dict[int, DocumentKey] = field(default_factory=dict)
    broken: set[tuple[str, object]] = field(default_factory=set)
    chained: dict[str, set[int]] = field(default_factory=dict)

    def owner(self, db: sqlite3.Connection, table: str, row: sqlite3.Row) -> DocumentKey | None:
        """The document that a row belongs to."""
        if table == "documents":
            return self.documents.get(row["id"])
        names = row.keys()
        if table != "passages" and "document" in names:
            return self.documents.get(row["document"])
        for name, above in _ABOVE.items():
            if name in names:
                found = db.execute(f"SELECT * FROM {above} WHERE id = ?", (row[name],)).fetchone()  # noqa: S608
                return self.owner(db, above, found) if found else None
        return None


def database(db: sqlite3.Connection, seen: Seen) -> Iterator[Damage]:
    """What SQLite itself finds, and whether the tables are those of this program."""
    for row in db.execute("SELECT id, vendor, document FROM documents"):
        seen.documents[row["id"]] = DocumentKey(row["vendor"], row["document"])
    for row in db.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield Damage(NAME, str(row[0]))
    for row in db.execute("PRAGMA foreign_key_check"):
        yield Damage(f"{NAME}: {row[0]} row {row[1]}", f"refers to a row of {row[2]} that is not there")
    found, expected = actual_schema(db), expected_schema()
    for name in sorted(expected.keys() | found.keys()):
        if found.get(name) != expected.get(name):
            yield Damage(f"{NAME}: {name}", "is not as this program made it")
    for name in step_seals.altered(db):
        yield Damage(f"{NAME}: schema step {name}", "is not what was written")


def sealed_rows(db: sqlite3.Connection, seen: Seen) -> Iterator[Damage]:
    """Rows whose cells are not those that were sealed, and rows that are gone."""
    for table in sealed_tables(db):
        names = columns(db, table)
        last = 0
        numbered = "id" in names
        for row in db.execute(f'SELECT * FROM "{table}" ORDER BY 1'):  # noqa: S608 - a table of the schema
            *cells, mark = tuple(row)
            if numbered:
                yield from _gap(table, last, row["id"])
                last = row["id"]
            if seal(table, cells) != mark:
                seen.broken.add((table, cells[0]))
                name = cells[0].hex()[:12] if isinstance(cells[0], bytes) else cells[0]
                yield Damage(f"{NAME}: {table} row {name}", "is not what was written", seen.owner(db, table, row))
        if numbered:
            yield from _gap(table, last, _next(db, table))


def chained(db: sqlite3.Connection, seen: Seen, head: str | None) -> Iterator[Damage]:
    """Check rows that are not what was written, do not follow one another, or speak of rows that are not there."""
    last, before = 0, {NOTHING}
    heads = set()
    for row in db.execute("SELECT * FROM checks ORDER BY id"):
        where, key = f"{NAME}: check {row['id']}", seen.documents.get(row["document"])
        yield from _gap("checks", last, row["id"])
        last = row["id"]
        should, keeps = chain.row_digest(db, row), _keeps(db, seen, row)
        if should != row["digest"]:
            yield Damage(where, "is not what was written", key)
        elif row["previous"] not in before:
            yield Damage(where, "does not follow the check before it", key)
        elif not keeps:
            yield Damage(where, "wrote other rows than those that are there", key)
        before = {should, row["digest"]}
        if head is not None:
            heads.add(row["digest"].hex())
    yield from _gap("checks", last, _next(db, "checks"))
    if head is not None and head not in heads:
        yield Damage(NAME, f"the chain has no check with the digest {head}")
    for table in _ALL_IN_CHAIN:
        known = seen.chained.get(table, set())
        for row in db.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a constant
            if row["id"] not in known:
                yield Damage(f"{NAME}: {table} row {row['id']}", "was written by no check", seen.owner(db, table, row))


def consistent(db: sqlite3.Connection, seen: Seen) -> Iterator[Damage]:
    """Sequences with gaps, and rows that contradict each other."""
    for row in db.execute(
        "SELECT document, count(*) AS n, max(seq) AS last FROM versions GROUP BY document HAVING n <> last"
    ):
        yield Damage(f"{NAME}: versions", "their sequence has a gap", seen.documents.get(row["document"]))
    for row in db.execute(
        """
        SELECT c.id, c.document FROM changes c JOIN versions b ON b.id = c.before JOIN versions a ON a.id = c.after
        WHERE b.document <> c.document OR a.document <> c.document OR a.seq <> b.seq + 1
        """
    ):
        yield Damage(
            f"{NAME}: changes row {row['id']}",
            "is not between consecutive versions",
            seen.documents.get(row["document"]),
        )
    for row in db.execute(
        """
        SELECT DISTINCT k.name, k.document, d.vendor || '/' || d.document AS now
        FROM checks k JOIN documents d ON d.id = k.document
        WHERE k.name <> now AND NOT EXISTS (SELECT 1 FROM renames r WHERE r.document = k.document AND r.old = k.name)
        """
    ):
        yield Damage(
            f"{NAME}: documents row {row['document']}",
            f"was {row['name']}, and no rename says so",
            seen.documents.get(row["document"]),
        )


def assessed(db: sqlite3.Connection, seen: Seen) -> Iterator[Damage]:
    """Changes that nothing is said about, and assessments whose findings are not those of their content."""
    for row in db.execute("SELECT id, document FROM changes WHERE id NOT IN (SELECT change FROM assessments)"):
        yield Damage(f"{NAME}: changes row {row['id']}", "has no assessment", seen.documents.get(row["document"]))
    for row in db.execute("SELECT * FROM assessments ORDER BY id"):
        if ("assessments", row["id"]) in seen.broken:
            continue
        where, key = f"{NAME}: assessments row {row['id']}", seen.owner(db, "assessments", row)
        try:
            labels = [finding.label for finding in read_assessment(row, NAME).findings]
        except DamageError as error:
            yield Damage(where, error.reason, key)
            continue
        rows = db.execute("SELECT label FROM findings WHERE assessment = ? ORDER BY id", (row["id"],))
        if [finding["label"] for finding in rows] != labels:
            yield Damage(where, "its findings are not those of its content", key)


def _keeps(db: sqlite3.Connection, seen: Seen, row: sqlite3.Row) -> bool:
    """Whether the rows that a check wrote are there as it sealed them; broken ones were named already."""
    if row["kept"] is None:
        return True
    try:
        kept = json.loads(row["kept"])
    except ValueError:
        return False
    for table, ids in kept["rows"].items():
        seen.chained.setdefault(table, set()).update(ids)
    if any((table, row_id) in seen.broken for table, ids in kept["rows"].items() for row_id in ids):
        return True
    try:
        return chain.kept_digest(db, kept["rows"]).hex() == str(kept["seals"])
    except TypeError:
        return False


def _gap(table: str, last: int, row_id: int) -> Iterator[Damage]:
    if row_id > last + 1:
        lost = f"row {last + 1} is" if row_id == last + 2 else f"rows {last + 1} to {row_id - 1} are"
        yield Damage(f"{NAME}: {table}", f"{lost} missing")
    elif row_id < last + 1:
        yield Damage(f"{NAME}: {table}", "its count of rows is not what it was")


def _next(db: sqlite3.Connection, table: str) -> int:
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return (int(row[0]) if row else 0) + 1
