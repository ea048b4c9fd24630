"""Combinations that occur seldom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from archive.made import (
    KEY,
    Recorder,
    assessment_of,
    capture_of,
    extraction_of,
    page_of,
    seen_of,
    small_history,
    text_of,
)

from monitor.archive import compressing
from monitor.errors import DamageError
from monitor.model import Archived, WatchState
from monitor.ports import Relabelled

SALE = "We sell your data to brokers."


def path_of(recorder: Recorder, name: str) -> Path:
    return recorder.archive._store.folder.root / name


def test_a_confirmation_whose_page_is_also_the_weekly_one_keeps_both(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.pending(SALE)
    state = recorder.archive.state(KEY)
    done = recorder.record(
        "version", state=recorder.settled(state), captures=(recorder.capture(SALE, menu="x"),), keep="weekly",
        from_snapshot=state.pending_snapshot, extraction=recorder.archive.pending(KEY),
    )  # fmt: skip
    assert done.version is not None
    assert done.snapshot is not None
    assert done.version.snapshot == state.pending_snapshot != done.snapshot.id
    assert list(recorder.archive.verify()) == []


def test_a_pending_text_that_was_extracted_anew_is_confirmed_under_the_new_revision(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.pending(SALE)
    state = recorder.archive.state(KEY)
    newer = extraction_of(text_of(SALE).replace("# ", "## "), extractor="2+test")
    done = recorder.record(
        "version", state=recorder.settled(state), from_snapshot=state.pending_snapshot, extraction=newer
    )
    assert done.version is not None
    assert recorder.archive.text(done.version) == newer.text
    assert done.version.extractor == "2+test"
    assert path_of(recorder, done.version.path).read_text() == newer.text
    assert list(recorder.archive.verify()) == []


def test_the_text_of_a_wall_may_be_kept_with_it(recorder: Recorder) -> None:
    recorder.baseline()
    wall = capture_of(b"<title>Are you a robot?</title>", recorder.clock.now())
    recorder.record("refused", captures=(wall,), keep="evidence", extraction=extraction_of("Are you a robot?\n"))
    assert list(recorder.archive.verify()) == []
    assert len(recorder.archive.versions(KEY)) == 1


def test_a_pending_text_without_kept_bytes_is_no_reason_to_stumble(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.record("pending", seen=(seen_of(recorder.capture(SALE)),), state=WatchState(KEY, pending_digest="ab"))
    assert recorder.archive.pending(KEY) is None
    recorder.excursion()
    assert list(recorder.archive.verify()) == []


def test_a_pending_snapshot_is_dropped_once(recorder: Recorder) -> None:
    recorder.baseline()
    pending = recorder.archive.state(KEY)
    done = recorder.pending(SALE)
    recorder.excursion()
    assert done.snapshot is not None
    recorder.record("failed", state=replace(pending, pending_snapshot=done.snapshot.id))  # as a faulty caller might
    recorder.record("failed", state=replace(pending, pending_snapshot=None))
    assert list(recorder.archive.verify()) == []


def test_when_the_current_text_is_damaged_a_new_one_is_kept_by_itself(recorder: Recorder) -> None:
    recorder.baseline()
    path_of(recorder, recorder.archive.versions(KEY)[0].path).write_text("altered")
    recorder.pending(SALE)
    assert recorder.archive.pending(KEY) == extraction_of(text_of(SALE))


def test_a_pending_text_goes_with_the_text_that_it_is_a_delta_to(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.pending(SALE)
    path_of(recorder, recorder.archive.versions(KEY)[0].path).write_text("altered")
    with pytest.raises(DamageError, match="SHA-256"):
        recorder.archive.pending(KEY)


def test_rebuilding_and_searching_go_on_past_a_damaged_text(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.change(SALE)
    first, second = recorder.archive.versions(KEY)
    path_of(recorder, first.path).unlink()
    newer = extraction_of(text_of(SALE, "More."), extractor="2+test")
    recorder.archive.relabel(
        [
            Relabelled(first, extraction_of(text_of("Less."), extractor="2+test"), None, None),
            Relabelled(second, newer, 1, assessment_of("More.")),
        ]
    )
    assert recorder.archive.text(second) == newer.text
    assert [hit.text for hit in recorder.archive.search("brokers")] == [SALE]
    assert recorder.archive.text(first) == text_of("Less.")
    assert {damage.where for damage in recorder.archive.verify()} == {str(path_of(recorder, first.path))}


def test_a_hit_whose_text_is_damaged_is_left_out(recorder: Recorder) -> None:
    recorder.baseline(SALE)
    path_of(recorder, recorder.archive.versions(KEY)[0].path).write_text("altered")
    assert recorder.archive.search("brokers") == ()


def test_names_that_are_no_text_are_kept_as_well_as_they_can_be(recorder: Recorder) -> None:
    recorder.record("failed", error="odd", reason="file \udcff not found")
    assert [check.reason for check in recorder.archive.checks()] == ["file ? not found"]
    assert list(recorder.archive.verify()) == []


def test_two_captures_with_the_same_bytes_are_one_body(recorder: Recorder) -> None:
    captures = tuple(capture_of(page_of(), recorder.clock.now(), url=f"https://larkspur.example/{n}") for n in "ab")
    done = recorder.record("baseline", captures=captures, keep="first", extraction=extraction_of(text_of()))
    assert done.snapshot is not None
    assert len({part.digest for part in done.snapshot.captures}) == 1
    assert list(recorder.archive.verify()) == []


def test_empty_and_tiny_bodies_can_be_kept(recorder: Recorder) -> None:
    for number, body in enumerate((b"", b"x", b"", b"1234567", b"12345678", b"12345679")):
        recorder.record(
            "refused", captures=(capture_of(body, recorder.clock.now()),), keep="evidence", error=str(number)
        )
        assert recorder.archive.body(capture_of(body, recorder.clock.now()).digest) == body
    assert list(recorder.archive.verify()) == []


def test_a_record_may_have_one_url_or_none(recorder: Recorder) -> None:
    archived = Archived(KEY, recorder.clock.now(), "failed", WatchState(KEY), error="timeout")
    done = recorder.archive.record(archived, lambda _event, _subscriptions: ())
    assert done.check.captures == ()


@pytest.mark.parametrize("base", [None, page_of()], ids=["whole", "delta"])
def test_a_frame_gives_its_bytes_or_an_error_and_never_more_than_it_should(base: bytes | None) -> None:
    data = page_of("x") * 3
    frame = compressing.compress(data, base)
    assert compressing.decompress(frame, len(data), base) == data
    bomb = compressing.compress(bytes(50_000_000))
    for broken, size in (
        (frame, len(data) - 1),
        (frame, len(data) + 1),
        (frame[:-1], len(data)),
        (frame + b"\0", len(data)),
        (frame + frame, len(data)),
        (b"", 0),
        (b"no frame", 8),
        (bomb, 1000),
    ):
        with pytest.raises(compressing.BrokenFrameError):
            compressing.decompress(broken, size, base)


def test_the_rows_that_a_stranger_is_given_hash_to_the_chain(recorder: Recorder) -> None:
    import hashlib

    small_history(recorder)
    checks = list(recorder.archive.chain())
    lines = list(recorder.archive.links(1))
    assert [hashlib.sha256(line.encode()).hexdigest() for line in lines] == [check.digest for check in checks]
    assert all(check.previous in line for check, line in zip(checks, lines, strict=True))
    assert list(recorder.archive.links(3, 4)) == lines[2:4]
    version = recorder.archive.versions(KEY)[1]
    assert recorder.archive.makers(version) == (5, 6)
    assert recorder.archive.written(2) == recorder.archive.written(99) == ()
    seals = [hashlib.sha256(line.encode()).hexdigest() for line in recorder.archive.written(5)]
    assert hashlib.sha256(str(seals).replace("'", '"').replace(" ", "").encode()).hexdigest() in lines[4]
