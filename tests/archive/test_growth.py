"""A check costs the same however long the history is, and a silent one leaves little."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from archive.made import KEY, Recorder, small_history

from monitor.archive.store import Store


@contextlib.contextmanager
def overheard(store: Store) -> Iterator[list[str]]:
    """Every statement that the archive's one connection runs."""
    statements: list[str] = []
    with store.ledger.borrowed() as db:
        db.set_trace_callback(statements.append)
    try:
        yield statements
    finally:
        with store.ledger.borrowed() as db:
            db.set_trace_callback(None)


SMALL = {"d", "s", "sqlite_sequence", "CONSTANT", "subscriptions"}  # chosen before; a row a table; all who may be told


def scans(store: Store, statements: list[str]) -> set[str]:
    """What of them reads a table from end to end."""
    found = set()
    with store.ledger.borrowed() as db:
        for statement in statements:
            if not statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                continue
            if "passage_words" in statement or "ORDER BY id DESC LIMIT" in statement:  # a word's list; the last rows
                continue
            for row in db.execute(f"EXPLAIN QUERY PLAN {statement}"):
                what, _space, where = row["detail"].partition(" ")
                if what == "SCAN" and where.split()[0] not in SMALL:
                    found.add(f"{row['detail']}: {' '.join(statement.split())}")
    return found


def test_nothing_on_the_way_of_a_check_reads_a_table_from_end_to_end(recorder: Recorder) -> None:
    small_history(recorder)
    store = recorder.archive._store
    with overheard(store) as statements:
        recorder.unchanged()
        recorder.pending("We sell your data to brokers.")
        recorder.excursion()
        recorder.pending("We sell your data to partners.")
        recorder.confirm("We sell your data to partners.")
        recorder.change("We sell your data to anybody.")
        recorder.archive.seen_before(KEY, "00" * 32)
        recorder.archive.owed(recorder.clock.now(), address="anna@example.org")
        recorder.archive.addressees(recorder.clock.now())
        list(recorder.archive.checks(KEY))
        recorder.archive.changes(KEY)
    assert len(statements) > 300
    assert scans(store, statements) == set()


def test_a_scan_would_be_noticed(recorder: Recorder) -> None:
    """The negative control."""
    small_history(recorder)
    store = recorder.archive._store
    with overheard(store) as statements:
        recorder.archive.notes("larkspur")
        with store.ledger.reading() as db:
            db.execute("SELECT * FROM checks WHERE reason = 'x'").fetchall()
    assert {scan.partition(":")[0] for scan in scans(store, statements)} == {"SCAN checks"}


def test_a_silent_check_leaves_less_than_two_kilobytes(recorder: Recorder) -> None:
    recorder.baseline()
    before = size(recorder)
    for number in range(100):
        recorder.unchanged(menu=str(number))
    assert (size(recorder) - before) / 100 < 2048


def test_a_silent_check_writes_no_file(recorder: Recorder) -> None:
    recorder.baseline()
    root = recorder.archive._store.folder.root
    before = sorted(root.rglob("*"))
    for number in range(3):
        recorder.unchanged(menu=str(number))
    assert sorted(root.rglob("*")) == before


def test_versions_of_a_large_page_take_a_twentieth_of_it(recorder: Recorder) -> None:
    menu = "".join(f'<a href="/{number * 7919 % 100_000}">{number * 104_729 % 1_000_003}</a>' for number in range(7000))
    recorder.baseline()
    root = recorder.archive._store.folder.root
    before = sum(path.stat().st_size for path in root.rglob("*.zst"))
    for number in range(26):
        done = recorder.change(f"Rule {number} applies.", menu=menu + str(number))
    assert done.snapshot is not None
    page = done.snapshot.captures[0].size
    assert page > 180_000
    kept = sum(path.stat().st_size for path in root.rglob("*.zst")) - before
    assert kept / 26 < page / 20


def size(recorder: Recorder) -> int:
    with recorder.archive._store.ledger.borrowed() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return recorder.archive._store.ledger.path.stat().st_size
