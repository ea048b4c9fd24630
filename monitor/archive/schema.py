"""The ledger's tables, and the steps that bring an older ledger to them.

Times are ISO 8601 in UTC with microseconds, so that they sort as text. Digests are the 32 bytes of a SHA-256. A
``seal`` is the digest of the row's other columns (``monitor.archive.seal``). Rows of a table with AUTOINCREMENT are
never removed, so that a gap in their ids is damage.
"""

from __future__ import annotations

import contextlib
import sqlite3
from functools import cache

from monitor.archive import step_seals

APPLICATION_ID = 0x504F4C59  # "POLY"

_FIRST = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  vendor TEXT NOT NULL,
  document TEXT NOT NULL,
  state TEXT NOT NULL, -- JSON of WatchState without what other tables know; replaced by every check
  next_check_at TEXT, -- NULL: due at once
  seal BLOB NOT NULL,
  UNIQUE (vendor, document)
) STRICT;

CREATE TABLE renames ( -- which names a document had: check rows keep the name of their time
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id),
  old TEXT NOT NULL,
  new TEXT NOT NULL,
  at TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;

CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id),
  taken_at TEXT NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX snapshots_of_document ON snapshots (document, id);

CREATE TABLE captures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot INTEGER NOT NULL REFERENCES snapshots (id),
  position INTEGER NOT NULL, -- of its URL in the watchlist
  url TEXT NOT NULL,
  final_url TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL, -- JSON array of pairs, names in lower case
  digest BLOB NOT NULL, -- of the raw body
  size INTEGER NOT NULL,
  rendered INTEGER NOT NULL,
  seal BLOB NOT NULL,
  UNIQUE (snapshot, position)
) STRICT;
CREATE INDEX captures_of_body ON captures (digest);

CREATE TABLE drops ( -- snapshots whose raw and text were dropped: a pending text that went away
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot INTEGER NOT NULL UNIQUE REFERENCES snapshots (id),
  at TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;

CREATE TABLE blobs ( -- raw bodies that are kept, each once; a row goes when its last snapshot is dropped
  digest BLOB PRIMARY KEY NOT NULL, -- of the raw body
  base BLOB REFERENCES blobs (digest), -- NULL: compressed by itself; else the keyframe that its delta needs
  path TEXT NOT NULL UNIQUE, -- below the archive's folder
  size INTEGER NOT NULL, -- of the raw body
  file_digest BLOB NOT NULL, -- of the compressed file
  seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_on_base ON blobs (base) WHERE base IS NOT NULL;

CREATE TABLE texts ( -- extractions; the newest of a snapshot is the one that holds
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot INTEGER NOT NULL REFERENCES snapshots (id),
  extractor TEXT NOT NULL,
  digest BLOB NOT NULL, -- of the text in UTF-8
  about TEXT NOT NULL, -- JSON of Extraction with an empty text
  made_at TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX texts_of_snapshot ON texts (snapshot, id);
CREATE INDEX texts_by_digest ON texts (digest, snapshot);

CREATE TABLE contents ( -- texts that no readable file holds; a row goes when one does, or when it is dropped
  text INTEGER PRIMARY KEY REFERENCES texts (id),
  base INTEGER REFERENCES versions (id), -- NULL: compressed by itself; else its delta is to that readable file
  content BLOB NOT NULL, -- zstd
  seal BLOB NOT NULL
) STRICT;

CREATE TABLE checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id),
  name TEXT NOT NULL, -- vendor/document at that time
  at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  error TEXT NOT NULL,
  reason TEXT NOT NULL,
  text_digest BLOB, -- NULL: no text was seen
  captures TEXT NOT NULL, -- JSON array of SnapshotCapture with the few headers that matter
  snapshot INTEGER REFERENCES snapshots (id), -- NULL: the raw was not kept
  kept TEXT, -- JSON: ids of all other rows that the check wrote, by table, and the digest of their seals; NULL: none
  previous BLOB NOT NULL, -- digest of the row before; 32 zero bytes in the first
  digest BLOB NOT NULL -- of this row: the chain
) STRICT;
CREATE INDEX checks_of_document ON checks (document, id);
CREATE INDEX checks_at ON checks (at);
CREATE INDEX checks_of_snapshot ON checks (snapshot) WHERE snapshot IS NOT NULL;
CREATE INDEX checks_by_digest ON checks (digest);

CREATE TABLE versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id),
  seq INTEGER NOT NULL,
  snapshot INTEGER NOT NULL UNIQUE REFERENCES snapshots (id),
  first_text INTEGER NOT NULL REFERENCES texts (id), -- the one in the readable file
  seen_at TEXT NOT NULL,
  accepted_at TEXT NOT NULL,
  source TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE, -- of the readable file, below the archive's folder
  "check" INTEGER NOT NULL,
  seal BLOB NOT NULL,
  UNIQUE (document, seq)
) STRICT;

CREATE TABLE changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id),
  before INTEGER NOT NULL REFERENCES versions (id),
  after INTEGER NOT NULL UNIQUE REFERENCES versions (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  slug TEXT NOT NULL,
  "check" INTEGER NOT NULL,
  seal BLOB NOT NULL,
  UNIQUE (document, slug)
) STRICT;
CREATE INDEX changes_at ON changes (at);

CREATE TABLE assessments ( -- what is said about a change; the newest of a change is the one that holds
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  change INTEGER NOT NULL REFERENCES changes (id),
  extractor TEXT NOT NULL,
  rules TEXT NOT NULL,
  materiality TEXT NOT NULL,
  severity TEXT NOT NULL,
  direction TEXT NOT NULL,
  summary TEXT NOT NULL,
  silent INTEGER NOT NULL,
  content BLOB NOT NULL, -- zstd of the JSON of Assessment
  made_at TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX assessments_of_change ON assessments (change, id);

CREATE TABLE findings ( -- those of each assessment's content, for asking by label
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  assessment INTEGER NOT NULL REFERENCES assessments (id),
  label TEXT NOT NULL,
  action TEXT NOT NULL,
  polarity TEXT NOT NULL,
  direction TEXT NOT NULL,
  severity TEXT NOT NULL,
  value TEXT NOT NULL,
  novelty TEXT NOT NULL,
  rule TEXT NOT NULL,
  summary TEXT NOT NULL,
  before_quote TEXT, -- NULL: nothing was said before
  after_quote TEXT, -- NULL: nothing is said now
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX findings_of_assessment ON findings (assessment);
CREATE INDEX findings_by_label ON findings (label);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER REFERENCES documents (id), -- NULL: about the installation
  "check" INTEGER, -- NULL: announced apart from a check
  change INTEGER REFERENCES changes (id), -- NULL: about no change
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  content BLOB NOT NULL, -- zstd of the JSON of Event as it was told
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX events_at ON events (at);
CREATE INDEX events_of_document ON events (document, id);

CREATE TABLE subscriptions ( -- ended rows stay; an erased one keeps its id and loses its address
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL, -- '' once erased
  wish TEXT NOT NULL, -- JSON of Subscription without what the other columns hold
  created_at TEXT NOT NULL,
  confirmed_at TEXT, -- NULL: waiting for its double opt-in
  ended_at TEXT, -- NULL: runs
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX subscriptions_by_address ON subscriptions (address);
CREATE INDEX subscriptions_running ON subscriptions (id) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;

CREATE TABLE suppressions (
  address TEXT PRIMARY KEY NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  until TEXT, -- NULL: for good
  seal BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts ( -- one event owed to one subscription
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event INTEGER NOT NULL REFERENCES events (id),
  subscription INTEGER NOT NULL REFERENCES subscriptions (id),
  created_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  message_id TEXT NOT NULL, -- '' until it is put into a mail
  seal BLOB NOT NULL,
  UNIQUE (event, subscription)
) STRICT;
CREATE INDEX alerts_owed ON alerts (due_at, subscription) WHERE state = 'owed';
CREATE INDEX alerts_of_subscription ON alerts (subscription, state);

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id TEXT NOT NULL,
  recipient TEXT NOT NULL, -- '' once erased
  at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  alerts TEXT NOT NULL, -- JSON array of ids
  retry_at TEXT, -- NULL: not tried again
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX deliveries_at ON deliveries (at);

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  change INTEGER NOT NULL REFERENCES changes (id),
  state TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX reviews_of_change ON reviews (change);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  vendor TEXT NOT NULL,
  day TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  seal BLOB NOT NULL
) STRICT;
CREATE INDEX notes_of_vendor ON notes (vendor);

CREATE TABLE promises ( -- replaced as they are seen again
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents (id),
  sentence TEXT NOT NULL,
  state TEXT NOT NULL,
  since TEXT NOT NULL,
  found TEXT NOT NULL,
  seal BLOB NOT NULL,
  UNIQUE (document, sentence)
) STRICT;

CREATE TABLE passages ( -- each line of a document once, however many versions hold it; its words are in passage_words
  id INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (id),
  digest BLOB NOT NULL, -- the first 16 bytes of the SHA-256 of the line
  UNIQUE (document, digest)
) STRICT;

CREATE TABLE spans ( -- through which versions a passage ran
  document INTEGER NOT NULL REFERENCES documents (id),
  passage INTEGER NOT NULL REFERENCES passages (id),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER, -- NULL: it is in the newest version
  PRIMARY KEY (passage, first_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX spans_open ON spans (document) WHERE last_seq IS NULL;

"""
WORDS = (
    """CREATE VIRTUAL TABLE passage_words USING fts5 (text, content='', tokenize="unicode61 remove_diacritics 2");"""
)

STEPS: tuple[str, ...] = (_FIRST + WORDS,)
"""What brings a ledger from one version to the next. A step is never changed once it was released. One that adds a
column to a sealed table must seal its rows again."""


def schema_version() -> int:
    """The version of this program's ledgers, which they carry as their user_version."""
    return len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a new or older ledger to this schema, all steps or none.

    Raises:
        sqlite3.Error: it could not be done; nothing has changed.
    """
    from sqlite_utils import Database, Migrations  # 0.2 s, needed once in a ledger's life

    steps = Migrations("policy-monitor")
    for number, script in enumerate(STEPS, start=1):
        steps(name=f"{number:04}")(_step(script))
    database = Database(connection, execute_plugins=False, recursive_triggers=False)
    connection.execute("BEGIN IMMEDIATE")  # two processes may both have found it old: the second finds nothing to do
    try:
        steps.apply(database)
        step_seals.mark(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema_version()}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class _step:  # noqa: N801 - a function that carries its script
    def __init__(self, script: str) -> None:
        self.script = script
        self.__name__ = "step"

    def __call__(self, database: object, /) -> None:
        """Run the statements one by one: ``executescript`` would commit first."""
        connection: sqlite3.Connection = database.conn  # type: ignore[attr-defined]  # sqlite-utils ships no types here
        for statement in statements(self.script):
            connection.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found


def sealed_tables(db: sqlite3.Connection) -> tuple[str, ...]:
    """The tables whose rows carry a seal, in the order in which they were made."""
    return tuple(
        row[0]
        for row in db.execute(
            "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'seal' "
            "WHERE m.type = 'table' ORDER BY m.rowid"
        )
    )


@cache
def expected_schema() -> dict[str, tuple[str, str | None]]:
    """What an up-to-date ledger is made of: table and SQL by kind and name."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db)
        return actual_schema(db)


def actual_schema(db: sqlite3.Connection) -> dict[str, tuple[str, str | None]]:
    """What this ledger is made of."""
    return {
        f"{kind} {name}": (table, sql)
        for kind, name, table, sql in db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    }
