"""Single bits flipped in a small archive: found by ``verify``, or shown to change nothing that is stored."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from pathlib import Path

from reliability.scene import DAYS, internet
from reliability.sound import opened
from reliability.sweeping import Rehearsal
from reliability.warm import Warm

from benchmarks.reliable.outcome import Outcome
from monitor.errors import MonitorError


def flips(folder: Path, number: int) -> Outcome:
    """So many flips at random places; 0: one at every byte."""
    with internet() as net, Warm() as warm:
        rehearsal = Rehearsal(folder, net, warm)
        rehearsal.prepare(max(DAYS.values()))
    root = rehearsal.folder / "living"
    opened(root).close()  # folds the log into the ledger
    files = [
        path for path in sorted((root / "snapshots").rglob("*")) if path.is_file() and not path.name.startswith(".")
    ]
    sizes = {path: path.stat().st_size for path in files}
    places = [(path, at) for path in files for at in range(sizes[path])]
    chosen = places if not number else random.choices(places, k=number)
    before = _logical(root)
    found = nothing = 0
    wrong = []
    for path, at in chosen:
        whole = path.read_bytes()
        bit = random.randrange(8)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        if _damaged(root):
            found += 1
        elif path.name == "monitor.db" and _logical(root) == before:
            nothing += 1
        else:
            wrong.append(f"{path.name}: bit {bit} of byte {at} was not missed")
        path.write_bytes(whole)
        for log in ("monitor.db-wal", "monitor.db-shm"):
            (root / "snapshots" / log).unlink(missing_ok=True)
    size = sum(sizes.values()) // 1024
    return Outcome(
        f"{len(chosen)} bits of {len(files)} files ({size} KB): {found} found, {nothing} in space that holds nothing",
        tuple(wrong),
    )


def _damaged(root: Path) -> bool:
    try:
        archive = opened(root)
    except MonitorError:
        return True
    try:
        return any(True for _ in archive.verify())
    finally:
        archive.close()


def _logical(root: Path) -> list[object]:
    """All that the ledger says, apart from how SQLite lays it out."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{root}/snapshots/monitor.db?mode=ro", uri=True)) as db:
            db.text_factory = bytes
            db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, passage_words, instance)")
            schema = db.execute("SELECT * FROM sqlite_schema ORDER BY rowid").fetchall()
            tables = [row[1].decode() for row in schema if row[0] == b"table"]
            rows = [
                db.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables if not name.startswith("passage_")
            ]
            pragmas = [db.execute(f"PRAGMA {name}").fetchone() for name in ("user_version", "application_id")]
            return [schema, rows, pragmas, db.execute("SELECT * FROM temp.words").fetchall()]
    except sqlite3.Error as error:
        return [str(error)]
