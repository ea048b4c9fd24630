"""Reading what was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from archive.made import KEY, Recorder, page_of, small_history, text_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.archive import passages
from monitor.archive.history import REMEMBERED
from monitor.archive.rows import moment, stamp
from monitor.errors import DamageError
from monitor.model import DocumentKey, PinnedPromise

OTHER = DocumentKey("larkspur", "terms")


def test_checks_can_be_asked_by_document_and_time(recorder: Recorder) -> None:
    small_history(recorder)
    replace(recorder, key=OTHER).baseline()
    everything = list(recorder.archive.checks())
    assert [check.outcome for check in everything] == [
        "baseline", "unchanged", "pending", "excursion", "pending", "version", "version", "failed", "baseline",
    ]  # fmt: skip
    assert list(recorder.archive.checks(OTHER)) == everything[-1:]
    assert list(recorder.archive.checks(since=everything[6].at)) == everything[6:]
    assert list(recorder.archive.checks(KEY, since=everything[6].at)) == everything[6:8]
    assert list(recorder.archive.checks(DocumentKey("no", "such"))) == []


def test_reading_many_checks_does_not_hold_the_ledger(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.archive.history._PAGE", 2)
    small_history(recorder)
    reading = recorder.archive.checks()
    first = next(reading)
    recorder.unchanged()
    assert [first.id, *(check.id for check in reading)] == list(range(1, 10))


def test_snapshots_are_found_with_their_captures(recorder: Recorder) -> None:
    small_history(recorder)
    found = recorder.archive.snapshots(KEY)
    assert [(snapshot.id, snapshot.reason) for snapshot in found] == [(1, "first"), (3, "pending"), (4, "version")]
    assert all(len(snapshot.captures) == 1 for snapshot in found)
    assert recorder.archive.snapshot(99) is None


def test_what_is_not_there_is_none_or_damage(recorder: Recorder) -> None:
    recorder.baseline()
    version = recorder.archive.versions(KEY)[0]
    assert recorder.archive.version(99) is None
    assert recorder.archive.change(99) is None
    with pytest.raises(DamageError, match="no body"):
        recorder.archive.body("00" * 32)
    with pytest.raises(DamageError, match="has no text"):
        recorder.archive.text(replace(version, snapshot=99))
    with pytest.raises(DamageError, match="no assessment"):
        recorder.archive.assessment(99)


def test_notes_reviews_and_promises_are_kept(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.change("We sell your data.")
    at = recorder.clock.now()
    archive = recorder.archive
    later = archive.note("larkspur", "2026-04-01", "press statement", at=at)
    first = archive.note("larkspur", "2026-03-01", "letter sent", at=at)
    archive.note("other", "2026-03-02", "…", at=at)
    assert archive.notes("larkspur") == (first, later)
    assert len(archive.notes()) == 3
    review = archive.review(1, state="dismissed", who="Anna", why="a typo", at=at)
    assert archive.reviews() == archive.reviews(1) == (review,)
    assert archive.reviews(2) == ()
    promise = PinnedPromise(KEY, "We do not sell your data.", "there", at)
    archive.keep_promises([promise, replace(promise, key=OTHER)])
    gone = replace(promise, state="gone", found="We sell your data.", since=at + timedelta(days=1))
    archive.keep_promises([gone])
    assert archive.promises(KEY) == (gone,)
    assert len(archive.promises()) == 2
    assert list(archive.verify()) == []


def test_a_schedule_is_kept_even_for_a_document_that_was_never_checked(recorder: Recorder) -> None:
    at = recorder.clock.now() + timedelta(hours=3)
    recorder.baseline()
    recorder.archive.schedule({KEY: at, OTHER: at})
    assert {key: state.next_check_at for key, state in recorder.archive.states().items()} == {KEY: at, OTHER: at}
    assert recorder.archive.documents() == (KEY,)
    assert recorder.archive.states() == {key: recorder.archive.state(key) for key in (KEY, OTHER)}


def test_the_state_carries_a_bounded_number_of_earlier_texts(recorder: Recorder) -> None:
    recorder.baseline()
    for number in range(REMEMBERED + 2):
        recorder.change(f"Rule {number} applies.")
    versions = recorder.archive.versions(KEY)
    earlier = tuple(version.text_digest for version in versions[:-1])
    assert recorder.archive.state(KEY).earlier_digests == earlier[-REMEMBERED:]
    assert recorder.archive.states()[KEY].earlier_digests == earlier[-REMEMBERED:]
    assert recorder.archive.seen_before(KEY, earlier[0])


def test_search_finds_current_lines_first_and_earlier_ones_with_their_version(recorder: Recorder) -> None:
    recorder.baseline("We never sell personal data.")
    recorder.change("We sometimes sell personal data.")
    current, earlier = recorder.archive.search("sell personal data")
    assert (current.text, current.current, current.version.seq) == ("We sometimes sell personal data.", True, 2)
    assert (earlier.text, earlier.current, earlier.version.seq) == ("We never sell personal data.", False, 1)
    for hit in (current, earlier):
        text = recorder.archive.text(hit.version)
        assert text[hit.start : hit.start + len(hit.text)] == hit.text
    assert [hit.text for hit in recorder.archive.search('"never sell"')] == [earlier.text]
    assert recorder.archive.search("never sell couriers") == ()
    assert len(recorder.archive.search("sell", limit=1)) == 1
    assert recorder.archive.search("sell", key=OTHER) == ()
    assert recorder.archive.search("") == recorder.archive.search("  ?! ") == ()


def test_a_line_that_comes_back_is_current_again_and_indexed_once(recorder: Recorder) -> None:
    recorder.baseline("We never sell personal data.")
    recorder.change()
    recorder.change("We never sell personal data.")
    (hit,) = recorder.archive.search("never")
    assert (hit.current, hit.version.seq) == (True, 3)
    with recorder.archive._store.ledger.reading() as db:
        assert len(passages.spans(db, 1)[next(d for d, _s, line in passages.lines(hit.text))]) == 2


@given(query=st.text(st.characters(codec=None), max_size=40))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_query_is_an_error(recorder: Recorder, query: str) -> None:
    if not recorder.archive.head():
        recorder.baseline()
    recorder.archive.search(query)


@pytest.mark.parametrize(
    "query", ['"', 'a" OR "b', "NEAR(a b)", "text:a", "a*", "^a", "(", "-a", "AND", "a\0b", "\ud800", "'"]
)
def test_the_language_of_the_index_has_no_meaning_in_a_query(recorder: Recorder, query: str) -> None:
    recorder.baseline()
    recorder.archive.search(query)


def test_times_come_back_in_utc_and_sort_as_text() -> None:
    times = [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 12, 0, 0, 5, tzinfo=UTC),
        datetime(2026, 3, 29, 12, 30, tzinfo=timezone(timedelta(hours=-1))),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    ]
    assert [moment(stamp(at)) for at in times] == times
    assert sorted(map(stamp, times)) == [stamp(at) for at in times]


def test_the_order_is_that_of_recording_also_when_the_clock_goes_back(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.clock.forward(days=-4000)
    recorder.change("We sell your data.")
    assert [version.seq for version in recorder.archive.versions(KEY)] == [1, 2]
    current = recorder.archive.state(KEY).current
    assert current is not None
    assert current.seq == 2
    assert [check.outcome for check in recorder.archive.chain()] == ["baseline", "version"]
    assert list(recorder.archive.verify()) == []


def test_every_26th_body_is_whole_and_the_others_are_small_deltas(recorder: Recorder) -> None:
    recorder.baseline()
    for number in range(26):
        recorder.change(f"Rule {number} applies.", menu=str(number))
    root = recorder.archive._store.folder.root
    names = sorted(path.name for path in root.rglob("*.zst"))
    whole = [number for number, name in enumerate(names) if ".from-" not in name]
    assert whole == [0, 25]
    bodies = [recorder.archive.body(snapshot.captures[0].digest) for snapshot in recorder.archive.snapshots(KEY)]
    assert bodies[26] == page_of("Rule 25 applies.", menu="25")


def test_a_body_restores_with_the_zstd_tool_alone(recorder: Recorder, tmp_path: Path) -> None:
    """What ``zstd -d --patch-from`` does: the keyframe as a raw dictionary that is referred to as a prefix."""
    zstd = pytest.importorskip("backports.zstd", reason="part of the standard library from Python 3.14 on")
    recorder.baseline()
    recorder.change("Rule 1 applies.")
    keyframe, delta = sorted((tmp_path / "snapshots").rglob("*.zst"))
    base = zstd.decompress(keyframe.read_bytes())
    assert base == page_of()
    prefix = zstd.ZstdDict(base, is_raw=True).as_prefix
    assert zstd.decompress(delta.read_bytes(), zstd_dict=prefix) == page_of("Rule 1 applies.")


def test_texts_of_several_versions_differ_as_recorded(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.change("One.")
    recorder.change("Two.")
    texts = [recorder.archive.text(version) for version in recorder.archive.versions(KEY)]
    assert texts == [text_of(), text_of("One."), text_of("Two.")]
