"""Whatever is changed, cut, swapped or lost is found and named with its document; nothing else is."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive.made import KEY, Recorder, extraction_of, open_recorder, small_history
from fakes import FixedClock

from monitor.archive.archive import open_folder
from monitor.errors import ArchiveError, DamageError
from monitor.model import Delivery, DocumentKey, PinnedPromise
from monitor.ports import Damage, Relabelled

EVERY_BYTE = bool(os.environ.get("MONITOR_EVERY_BYTE"))  # minutes instead of seconds
SAMPLE = int(os.environ.get("MONITOR_FLIPS", "120"))
OTHER = DocumentKey("fennel", "terms")
RENAMED = DocumentKey("fennel", "conditions")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which every table has rows."""
    folder = tmp_path_factory.mktemp("kept")
    recorder = open_recorder(folder)
    fill(recorder)
    recorder.archive.close()
    return folder / "snapshots"


def fill(recorder: Recorder) -> None:
    small_history(recorder)
    archive, now = recorder.archive, recorder.clock.now()
    replace(recorder, key=OTHER).baseline("These are terms.")
    archive.rename(OTHER, RENAMED)
    replace(recorder, key=RENAMED).pending("These are other terms.")
    version = archive.versions(RENAMED)[0]
    newer = extraction_of(archive.text(version).replace("terms", "conditions"), extractor="2+test")
    archive.relabel([Relabelled(version, newer, None, None)])
    archive.note("larkspur", "2026-03-29", "a note", at=now)
    archive.review(1, state="seen", who="Anna", why="", at=now)
    archive.keep_promises([PinnedPromise(KEY, "We never sell.", "gone", now)])
    archive.suppress("x@example.org", reason="bounce", at=now)
    archive.assign("<m1@x>", [1])
    archive.delivered(Delivery("<m1@x>", "anna@example.org", now, "sent", alerts=(1,)))


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy of it to be damaged."""
    return Path(shutil.copytree(kept, tmp_path / "snapshots"))


def damages(folder: Path, *, head: str | None = None) -> list[Damage]:
    """What verify finds; a ledger that cannot even be opened is found too."""
    try:
        archive = open_folder(folder, clock=FixedClock())
    except ArchiveError as error:
        return [Damage(error.path, error.reason)]
    try:
        return list(archive.verify(head=head))
    finally:
        archive.close()


@contextlib.contextmanager
def tampering(folder: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(folder / "monitor.db", isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        yield db


def real_tables(db: sqlite3.Connection) -> list[str]:
    names = [row["name"] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return [name for name in names if not name.startswith(("sqlite_", "passage_words", "_sqlite"))]


def test_an_archive_that_nobody_touched_has_no_damage(folder: Path) -> None:
    assert damages(folder) == []


def test_every_table_has_rows_to_be_damaged(folder: Path) -> None:
    with tampering(folder) as db:
        counts = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in real_tables(db)}
    assert [name for name, count in counts.items() if not count] == []


def columns() -> list[tuple[str, str]]:
    """Every column of every table of a new ledger."""
    from monitor.archive.schema import migrate

    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        migrate(db)
        return [
            (table, row["name"]) for table in real_tables(db) for row in db.execute(f'PRAGMA table_info("{table}")')
        ]


def another(value: object, declared: str) -> object:
    """Another value of the same type; of a NULL, one of the declared type."""
    match value:
        case None:
            return {"INTEGER": 1, "TEXT": "2026-01-01T00:00:00.000000Z"}.get(declared, bytes(32))
        case int():
            return value + 1000
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
    raise AssertionError(value)


@pytest.mark.parametrize(("table", "column"), columns(), ids=str)
def test_a_changed_cell_is_found(folder: Path, table: str, column: str) -> None:
    with tampering(folder) as db:
        about = db.execute(f'PRAGMA table_info("{table}")').fetchall()
        declared = next(part["type"] for part in about if part["name"] == column)
        keys = [part["name"] for part in about if part["pk"]]
        row = random.choice(db.execute(f'SELECT * FROM "{table}"').fetchall())
        condition = " AND ".join(f'"{key}" = ?' for key in keys)
        values = (another(row[column], declared), *(row[key] for key in keys))
        db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {condition}', values)
    assert damages(folder) != [], (table, column, tuple(row))


@pytest.mark.parametrize(
    "table", sorted({table for table, _column in columns()} - {"suppressions"})
)  # there one may go
@pytest.mark.parametrize("which", ["min", "max"])
def test_a_removed_row_is_found(folder: Path, table: str, which: str) -> None:
    with tampering(folder) as db:
        key = next(row["name"] for row in db.execute(f'PRAGMA table_info("{table}")'))
        db.execute(f'DELETE FROM "{table}" WHERE "{key}" = (SELECT {which}("{key}") FROM "{table}")')
    assert damages(folder) != []


def test_a_row_that_was_sealed_again_after_a_change_is_found_by_the_chain(folder: Path) -> None:
    from monitor.archive.seal import update

    with tampering(folder) as db:
        update(db, "versions", 1, seen_at="2020-01-01T00:00:00.000000Z")
    (damage,) = damages(folder)
    assert (damage.where, damage.what) == ("monitor.db: check 1", "wrote other rows than those that are there")
    assert damage.key == KEY


def test_a_check_that_was_sealed_again_after_a_change_is_found_by_the_next_one(folder: Path) -> None:
    from monitor.archive.chain import row_digest

    with tampering(folder) as db:
        db.execute("UPDATE checks SET at = '2020-01-01T00:00:00.000000Z' WHERE id = 2")
        row = db.execute("SELECT * FROM checks WHERE id = 2").fetchone()
        db.execute("UPDATE checks SET digest = ? WHERE id = 2", (row_digest(db, row),))
    assert damages(folder) == [Damage("monitor.db: check 3", "does not follow the check before it", KEY)]


def test_a_chain_that_was_rewritten_to_its_end_is_found_by_a_head_that_was_printed(folder: Path, kept: Path) -> None:
    from monitor.archive.chain import row_digest

    with contextlib.closing(open_folder(kept, clock=FixedClock())) as archive:
        heads = [check.digest for check in archive.chain()]
    for head in (heads[2], heads[-1]):
        assert damages(folder, head=head) == []
    with tampering(folder) as db:
        db.execute("UPDATE checks SET at = '2020-01-01T00:00:00.000000Z' WHERE id = 3")
        for check in range(3, len(heads) + 1):
            before = db.execute("SELECT digest FROM checks WHERE id = ?", (check - 1,)).fetchone()
            db.execute("UPDATE checks SET previous = ? WHERE id = ?", (before["digest"], check))
            row = db.execute("SELECT * FROM checks WHERE id = ?", (check,)).fetchone()
            db.execute("UPDATE checks SET digest = ? WHERE id = ?", (row_digest(db, row), check))
    assert damages(folder) == []
    assert damages(folder, head=heads[1]) == []
    assert damages(folder, head=heads[-1]) == [
        Damage("monitor.db", f"the chain has no check with the digest {heads[-1]}")
    ]


def test_a_row_that_no_check_wrote_is_found(folder: Path) -> None:
    from monitor.archive.seal import insert

    with tampering(folder) as db:
        insert(db, "snapshots", document=1, taken_at="2020-01-01T00:00:00.000000Z", source="check", reason="evidence")
    assert damages(folder) == [Damage("monitor.db: snapshots row 7", "was written by no check", KEY)]


def test_the_search_index_is_compared_with_the_texts(folder: Path) -> None:
    with tampering(folder) as db:
        db.execute("INSERT INTO passage_words (rowid, text) VALUES (1, 'invented')")
    (damage,) = damages(folder)
    assert "has other words than the texts" in damage.what


def test_a_word_of_the_search_index_that_lost_its_column_is_found(folder: Path) -> None:
    places = 'SELECT term, doc, "offset" FROM temp.seen ORDER BY 1, 2, 3'
    with tampering(folder) as db:
        db.execute("CREATE VIRTUAL TABLE temp.seen USING fts5vocab(main, passage_words, instance)")
        before = db.execute(places).fetchall()
        for number, block in db.execute("SELECT id, block FROM passage_words_data WHERE id > 10").fetchall():
            for at in range(len(block)):
                other = block[:at] + bytes([block[at] ^ 2]) + block[at + 1 :]
                db.execute("UPDATE passage_words_data SET block = ? WHERE id = ?", (other, number))
                with contextlib.suppress(sqlite3.DatabaseError):
                    lost = db.execute("SELECT count(*) FROM temp.seen WHERE col IS NULL").fetchone()[0]
                    if lost and db.execute(places).fetchall() == before:
                        break
                db.execute("UPDATE passage_words_data SET block = ? WHERE id = ?", (block, number))
            else:
                continue
            break
        else:
            pytest.fail("no word of the index can lose its column")
    assert [one.where for one in damages(folder)] == ["monitor.db: search index"]


def test_another_table_or_a_changed_one_is_found(folder: Path) -> None:
    with tampering(folder) as db:
        db.execute("CREATE TABLE loot (x)")
        db.execute("DROP INDEX alerts_owed")
    assert {damage.where for damage in damages(folder)} == {"monitor.db: index alerts_owed", "monitor.db: table loot"}


def stored(folder: Path, suffix: str = "") -> list[Path]:
    return sorted(path for path in folder.rglob(f"*{suffix}") if path.is_file() and path.suffix in {".md", ".zst"})


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "harm", [Path.unlink, truncate, empty, longer, link, folder_instead, pipe], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("suffix", [".md", ".zst"])
def test_a_file_that_is_lost_or_not_what_it_was_is_named_with_its_document(
    folder: Path, harm: Any, suffix: str
) -> None:
    path = random.choice(stored(folder, suffix))
    harm(path)
    found = damages(folder)
    assert str(path) in {damage.where for damage in found}
    key = RENAMED if path.parts[-3] == "fennel" else KEY
    assert {damage.key for damage in found if damage.where == str(path)} <= {key, DocumentKey(*path.parts[-3:-1])}


def test_two_files_that_were_swapped_are_both_named(folder: Path) -> None:
    first, second, *_ = stored(folder, ".zst")
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(data)
    assert {damage.where for damage in damages(folder)} == {str(first), str(second)}


def test_a_damaged_keyframe_is_named_and_its_deltas_are_not(folder: Path) -> None:
    keyframe = next(
        path
        for path in stored(folder, ".zst")
        if any(f".from-{path.name[17:29]}" in other.name for other in stored(folder))
    )
    truncate(keyframe)
    assert [damage.where for damage in damages(folder)] == [str(keyframe)]


def test_a_file_that_the_ledger_does_not_name_is_found(folder: Path) -> None:
    extra = folder / "larkspur/privacy-policy/20260101T000000Z-000000000000.md"
    extra.write_text("# Nothing\n")
    linked = folder / "larkspur/terms"
    linked.symlink_to(folder / "larkspur/privacy-policy")
    vendor = folder / "other"
    vendor.symlink_to("/etc")
    assert damages(folder) == [
        Damage(str(linked), "is a link"),
        Damage(str(vendor), "is a link"),
        Damage(str(extra), "is not in the ledger", KEY),
    ]


def test_what_a_person_puts_beside_the_archive_is_none_of_its_business(folder: Path) -> None:
    (folder / "README.md").write_text("# snapshots")
    (folder / ".gitignore").write_text("*")
    (folder / ".git").mkdir()
    assert damages(folder) == []


def offsets(path: Path) -> list[int]:
    size = path.stat().st_size
    return list(range(size)) if EVERY_BYTE or size <= SAMPLE else sorted(random.sample(range(size), SAMPLE))


def flip(path: Path, whole: bytes, offset: int) -> None:
    data = bytearray(whole)
    data[offset] ^= 1 << random.randrange(8)
    path.write_bytes(data)


def test_a_flipped_byte_of_any_stored_file_is_found(folder: Path) -> None:
    archive = open_folder(folder, clock=FixedClock())
    missed = []
    for path in stored(folder):
        whole = path.read_bytes()
        for offset in offsets(path) if EVERY_BYTE else random.sample(range(len(whole)), 8):
            flip(path, whole, offset)
            if str(path) not in {damage.where for damage in archive.verify()}:
                missed.append((path.name, offset))
        path.write_bytes(whole)
    archive.close()
    assert missed == []


def logical(folder: Path) -> tuple[Any, ...]:
    """All that the ledger says, apart from how SQLite lays it out."""
    with contextlib.closing(sqlite3.connect(f"file:{folder}/monitor.db?mode=ro", uri=True)) as db:
        db.text_factory = bytes
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, passage_words, instance)")
        tables = [
            row[0].decode() for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        return (
            db.execute("PRAGMA user_version").fetchone(),
            db.execute("PRAGMA application_id").fetchone(),
            db.execute("SELECT * FROM sqlite_schema ORDER BY rowid").fetchall(),
            db.execute("SELECT * FROM temp.words").fetchall(),
            {
                name: db.execute(f'SELECT * FROM "{name}"').fetchall()
                for name in tables
                if not name.startswith("passage_words")
            },
        )


def difference(before: tuple[Any, ...], now: tuple[Any, ...]) -> str:
    return str([(part, other) for part, other in zip(before, now, strict=True) if part != other])[:2000]


def test_a_flipped_byte_of_the_ledger_is_found_or_means_nothing(folder: Path) -> None:
    """A flip in unused space or in a counter of SQLite's own leaves every stored value as it was: that is shown."""
    path = folder / "monitor.db"
    whole, before = path.read_bytes(), logical(folder)
    missed = []
    for offset in offsets(path):
        flip(path, whole, offset)
        if not damages(folder) and (now := logical(folder)) != before:
            missed.append((offset, difference(before, now)))
        for log in ("monitor.db-wal", "monitor.db-shm"):
            (folder / log).unlink(missing_ok=True)
    assert missed == []


@pytest.mark.parametrize("at", [0, 18, 31, 40])
def test_a_changed_time_of_a_schema_step_is_found(folder: Path, at: int) -> None:
    with contextlib.closing(sqlite3.connect(folder / "monitor.db")) as db:
        written = db.execute("SELECT applied_at FROM _sqlite_migrations").fetchone()[0]
        other = written[:at] + chr(ord(written[at]) ^ 1) + written[at + 1 :]
        db.execute("UPDATE _sqlite_migrations SET applied_at = ?", (other,))
        db.commit()
    assert [one.where for one in damages(folder)] == ["monitor.db: schema step 0001"]


def test_without_seals_a_changed_cell_would_go_unseen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: it is the seals that find it."""
    with tampering(folder) as db:
        db.execute("UPDATE notes SET text = 'another'")
    assert damages(folder) == [Damage("monitor.db: notes row 1", "is not what was written")]
    monkeypatch.setattr("monitor.archive.verify_rows.seal", lambda _table, _cells: AnyDigest())
    assert damages(folder) == []


class AnyDigest:
    def __ne__(self, other: object) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # never a key


def test_damage_to_one_snapshot_stops_its_document_only(folder: Path) -> None:
    archive = open_folder(folder, clock=FixedClock())
    version = archive.versions(KEY)[-1]
    empty(folder / version.path)
    with pytest.raises(DamageError, match="SHA-256"):
        archive.text(version)
    with pytest.raises(DamageError, match=r"monitor\.db|\.md"):
        archive.extraction(version)
    other = archive.versions(RENAMED)[-1]
    assert "conditions" in archive.text(other)
    assert archive.states().keys() == {KEY, RENAMED}
    body = archive.snapshots(KEY)[0].captures[0].digest
    for path in stored(folder, ".zst"):
        longer(path)
    with pytest.raises(DamageError, match="decompressed"):
        archive.body(body)
    with archive.checking():  # new things can still be recorded
        Recorder(archive, FixedClock(), RENAMED).change("After the damage.")
    archive.close()


def test_a_ledger_whose_chain_is_broken_is_not_written_to(folder: Path) -> None:
    with tampering(folder) as db:
        db.execute("UPDATE checks SET reason = 'another' WHERE id = 4")
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(DamageError, match="check 4 is not what was written"), archive.checking():
        pass
    archive.close()


def test_a_row_that_makes_no_sense_is_damage_and_no_bug(folder: Path) -> None:
    with tampering(folder) as db:
        db.execute("UPDATE texts SET about = '{'")
        db.execute("UPDATE changes SET at = 'yesterday'")
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(DamageError, match="cannot be read"):
        archive.versions(KEY)
    with pytest.raises(DamageError, match="cannot be read"):
        archive.changes()
    with pytest.raises(DamageError):
        archive.states()
    archive.close()


def test_a_state_that_was_changed_is_damage(folder: Path) -> None:
    with tampering(folder) as db:
        db.execute("UPDATE documents SET next_check_at = '2020-01-01T00:00:00.000000Z' WHERE id = 1")
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(DamageError, match="documents row 1"):
        archive.state(KEY)
    archive.close()


def test_a_path_in_the_ledger_that_leads_elsewhere_is_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    with tampering(folder) as db:
        db.execute("UPDATE versions SET path = '../secret.md' WHERE id = 1")
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(DamageError, match="not a path of the archive"):
        archive.text(archive.versions(KEY)[0])
    archive.close()


def test_a_link_planted_in_the_archive_is_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (folder / "larkspur").rename(elsewhere)
    (folder / "larkspur").symlink_to(elsewhere)
    archive = open_folder(folder, clock=FixedClock())
    with pytest.raises(ArchiveError):
        archive.text(archive.versions(KEY)[0])
    before = sorted(elsewhere.rglob("*"))
    with pytest.raises(ArchiveError):
        Recorder(archive, FixedClock(), KEY).change("Written through the link.")
    assert sorted(elsewhere.rglob("*")) == before
    assert str(folder / "larkspur") in {damage.where for damage in archive.verify()}
    archive.close()
