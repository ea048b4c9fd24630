"""What each outcome of a check leaves behind."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archive.made import (
    ANNA,
    KEY,
    Recorder,
    assessment_of,
    capture_of,
    extraction_of,
    nobody,
    page_of,
    seen_of,
    small_history,
    text_of,
)

from monitor.errors import ArchiveError
from monitor.model import Archived, CheckOutcome, DocumentKey, Event, Subscription, WatchState
from monitor.ports import Relabelled

SALE = "We sell your data to brokers."


def files(recorder: Recorder) -> list[str]:
    root = recorder.archive._store.folder.root
    found = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(str(path) for path in found if path.parts[0] == KEY.vendor or path.parts[0] == ".staged")


def test_an_unknown_document_has_an_empty_state(recorder: Recorder) -> None:
    assert recorder.archive.state(KEY) == WatchState(KEY)
    assert recorder.archive.documents() == ()
    assert recorder.archive.head() == ""


def test_a_baseline_keeps_the_page_and_its_text_and_tells_nobody(recorder: Recorder) -> None:
    recorder.subscribe()
    done = recorder.baseline()
    assert done.version is not None
    assert done.snapshot is not None
    assert done.change is None
    assert (done.version.seq, done.version.snapshot, done.check.snapshot) == (1, done.snapshot.id, done.snapshot.id)
    assert done.alerts == 0
    assert recorder.archive.text(done.version) == text_of()
    assert recorder.archive.extraction(done.version) == extraction_of(text_of())
    assert recorder.archive.body(done.snapshot.captures[0].digest) == page_of()
    assert recorder.archive.state(KEY).current == done.version


def test_the_readable_file_is_exactly_the_text_and_its_name_tells_when_and_which(recorder: Recorder) -> None:
    done = recorder.baseline()
    assert done.version is not None
    assert done.snapshot is not None
    data = (recorder.archive._store.folder.root / done.version.path).read_bytes()
    assert data == text_of().encode()
    assert done.version.path == f"larkspur/privacy-policy/20260330T120000Z-{hashlib.sha256(data).hexdigest()[:12]}.md"
    assert done.snapshot.path == done.version.path


def test_an_unchanged_check_keeps_digests_and_few_headers_and_no_bytes(recorder: Recorder) -> None:
    recorder.baseline()
    before = files(recorder)
    done = recorder.unchanged(menu="another menu")
    assert files(recorder) == before
    assert done.snapshot is None
    assert done.check.snapshot is None
    assert done.check.text_digest == extraction_of(text_of()).digest
    capture = done.check.captures[0]
    assert capture.digest == hashlib.sha256(page_of(menu="another menu")).hexdigest()
    assert dict(capture.headers).keys() == {"etag", "last-modified", "date", "content-type"}


def test_a_pending_text_is_kept_but_is_no_version(recorder: Recorder) -> None:
    recorder.baseline()
    done = recorder.pending(SALE)
    assert done.version is None
    assert done.snapshot is not None
    state = recorder.archive.state(KEY)
    assert state.pending_snapshot == done.snapshot.id
    assert recorder.archive.pending(KEY) == extraction_of(text_of(SALE))
    assert len(recorder.archive.versions(KEY)) == 1
    assert [path for path in files(recorder) if path.endswith(".md")] == [recorder.archive.versions(KEY)[0].path]


def test_a_confirmed_text_becomes_the_version_from_the_snapshot_of_its_first_sighting(recorder: Recorder) -> None:
    recorder.subscribe()
    recorder.baseline()
    pending = recorder.pending(SALE)
    done = recorder.confirm(SALE)
    assert pending.snapshot is not None
    assert done.version is not None
    assert done.change is not None
    assert done.version.snapshot == pending.snapshot.id == done.check.snapshot
    assert done.version.seen_at < done.version.accepted_at
    assert recorder.archive.text(done.version) == text_of(SALE)
    assert done.change.at == done.version.seen_at
    assert done.alerts == 1
    assert recorder.archive.pending(KEY) is None
    assert list(recorder.archive.verify()) == []


def test_a_pending_text_that_went_away_leaves_its_check_and_no_bytes(recorder: Recorder) -> None:
    recorder.baseline()
    before = files(recorder)
    pending = recorder.pending(SALE)
    assert pending.snapshot is not None
    recorder.excursion()
    assert files(recorder) == before
    assert recorder.archive.snapshot(pending.snapshot.id) is None
    assert recorder.archive.snapshots(KEY) == (recorder.archive.snapshot(1),)
    assert [check.outcome for check in recorder.archive.checks(KEY)] == ["baseline", "pending", "excursion"]
    assert recorder.archive.pending(KEY) is None
    assert list(recorder.archive.verify()) == []


def test_a_pending_text_that_another_one_replaces_is_dropped(recorder: Recorder) -> None:
    recorder.baseline()
    first = recorder.pending(SALE)
    second = recorder.pending("Something else again.")
    assert first.snapshot is not None
    assert second.snapshot is not None
    assert recorder.archive.snapshot(first.snapshot.id) is None
    assert recorder.archive.state(KEY).pending_snapshot == second.snapshot.id
    assert list(recorder.archive.verify()) == []


def test_a_pending_page_that_is_kept_again_as_a_version_is_not_dropped(recorder: Recorder) -> None:
    recorder.baseline()
    pending = recorder.pending(SALE)
    assert pending.snapshot is not None
    done = recorder.record(
        "version", captures=(recorder.capture(SALE),), keep="version", extraction=extraction_of(text_of(SALE)),
        state=recorder.settled(recorder.archive.state(KEY)),
    )  # fmt: skip
    assert done.snapshot is not None
    assert recorder.archive.body(done.snapshot.captures[0].digest) == page_of(SALE)
    assert recorder.archive.snapshot(pending.snapshot.id) is None
    assert list(recorder.archive.verify()) == []


def test_a_pending_page_stays_while_another_kept_page_is_a_delta_to_it(recorder: Recorder) -> None:
    recorder.baseline()
    moved = [
        capture_of(page_of(SALE * 40, more), recorder.clock.now(), url="https://larkspur.example/new")
        for more in ("", "x")
    ]
    for capture in moved:
        state = replace(recorder.archive.state(KEY), pending_digest=capture.digest, pending_snapshot=None)
        recorder.record("pending", captures=(capture,), keep="pending", state=state)
    assert len([path for path in files(recorder) if f".from-{moved[0].digest[:12]}" in path]) == 1
    assert recorder.archive.snapshot(2) is None
    assert recorder.archive.body(moved[1].digest) == moved[1].body
    assert list(recorder.archive.verify()) == []


def test_a_second_look_that_does_not_confirm_yet_keeps_the_pending_snapshot(recorder: Recorder) -> None:
    recorder.baseline()
    pending = recorder.pending(SALE)
    recorder.record("pending", seen=(seen_of(recorder.capture(SALE)),))
    assert pending.snapshot is not None
    assert recorder.archive.state(KEY).pending_snapshot == pending.snapshot.id


def test_a_change_lies_between_consecutive_versions_and_has_a_stable_slug(recorder: Recorder) -> None:
    recorder.baseline()
    done = recorder.change(SALE)
    assert done.change is not None
    assert done.version is not None
    before, after = recorder.archive.versions(KEY)
    assert (done.change.before, done.change.after) == (before.id, after.id)
    assert done.change.slug == "2026-03-31-v2"
    assert recorder.archive.assessment(done.change.id) == assessment_of(SALE)
    assert recorder.archive.change(done.change.id) == done.change
    assert recorder.archive.changes(KEY) == recorder.archive.changes() == (done.change,)
    assert recorder.archive.changes(vendor="larkspur") == (done.change,)
    assert recorder.archive.changes(vendor="other") == ()
    assert recorder.archive.changes(since=recorder.clock.now() + timedelta(days=1)) == ()


def test_an_event_of_the_change_names_it_and_others_do_not(recorder: Recorder) -> None:
    recorder.baseline()
    done = recorder.record(
        "version", captures=(recorder.capture(SALE),), keep="version", extraction=extraction_of(text_of(SALE)),
        kind="change", assessment=assessment_of(SALE), events=(recorder.event("change"), recorder.event("recovery")),
    )  # fmt: skip
    assert done.change is not None
    assert [event.change for event in done.events] == [done.change.id, None]
    assert recorder.archive.events() == done.events


def test_a_withdrawal_is_a_version_and_its_text_was_seen_before(recorder: Recorder) -> None:
    recorder.baseline()
    recorder.change(SALE)
    first = extraction_of(text_of()).digest
    assert recorder.archive.seen_before(KEY, first)
    assert recorder.archive.state(KEY).earlier_digests == (first,)
    assert not recorder.archive.seen_before(KEY, extraction_of(text_of(SALE)).digest)
    done = recorder.change(kind="withdrawal")
    assert done.change is not None
    assert done.version is not None
    assert (done.change.kind, done.version.seq) == ("withdrawal", 3)
    assert recorder.archive.text(done.version) == text_of()
    assert list(recorder.archive.verify()) == []


def test_the_page_of_a_wall_is_kept_as_evidence_without_a_readable_file(recorder: Recorder) -> None:
    recorder.baseline()
    wall = capture_of(b"<title>Are you a robot?</title>", recorder.clock.now())
    done = recorder.record("refused", captures=(wall,), keep="evidence", error="wall", reason="a bot check")
    assert done.snapshot is not None
    assert (done.snapshot.reason, done.snapshot.path) == ("evidence", "")
    assert recorder.archive.body(wall.digest) == wall.body
    assert (done.check.error, done.check.reason, done.check.text_digest) == ("wall", "a bot check", "")


def test_a_weekly_snapshot_keeps_the_page_and_makes_no_version(recorder: Recorder) -> None:
    recorder.baseline()
    capture = recorder.capture(menu="other")
    done = recorder.record("unchanged", captures=(capture,), keep="weekly", extraction=extraction_of(text_of()))
    assert done.snapshot is not None
    assert done.snapshot.reason == "weekly"
    assert recorder.archive.body(capture.digest) == capture.body
    assert len(recorder.archive.versions(KEY)) == 1
    assert list(recorder.archive.verify()) == []


def test_a_body_that_is_kept_already_is_not_stored_twice(recorder: Recorder) -> None:
    recorder.baseline()
    before = files(recorder)
    done = recorder.record("unchanged", captures=(recorder.capture(),), keep="weekly")
    assert files(recorder) == before
    assert done.snapshot is not None
    other = replace(recorder, key=DocumentKey("larkspur", "terms"))
    other.baseline()
    assert [path for path in files(recorder) if path.endswith(".zst")] == [
        path for path in before if path.endswith(".zst")
    ]
    assert list(recorder.archive.verify()) == []


def test_several_urls_make_one_snapshot_in_their_order(recorder: Recorder) -> None:
    urls = [f"https://larkspur.example/{name}" for name in ("one", "two", "three")]
    captures = tuple(capture_of(page_of(url), recorder.clock.now(), url=url) for url in urls)
    done = recorder.record("baseline", captures=captures, keep="first", extraction=extraction_of(text_of()))
    assert done.snapshot is not None
    assert [part.url for part in done.snapshot.captures] == urls
    assert [recorder.archive.body(part.digest) for part in done.snapshot.captures] == [c.body for c in captures]


def test_all_headers_of_a_kept_capture_are_kept_in_order(recorder: Recorder) -> None:
    done = recorder.baseline()
    assert done.snapshot is not None
    assert done.snapshot.captures[0] == replace(
        seen_of(recorder.capture()), fetched_at=done.snapshot.captures[0].fetched_at
    )


def test_staged_bytes_are_on_disk_before_anything_reads_them_and_gone_after_the_check(recorder: Recorder) -> None:
    capture = recorder.capture("staged")
    recorder.archive.stage((capture, capture))
    assert files(recorder) == [f".staged/{capture.digest}"]
    recorder.record("failed", error="died", seen=(seen_of(capture),))
    assert files(recorder) == []


def test_the_state_is_replaced_as_given(recorder: Recorder) -> None:
    recorder.baseline()
    wanted = replace(
        recorder.archive.state(KEY), failures=3, failing_since=recorder.clock.now(), trouble="wall:x", last_error="a wall",
        alternations=(recorder.clock.now(),), unstable=True, declaration="abc",
    )  # fmt: skip
    recorder.record("refused", state=wanted, error="wall")
    got = recorder.archive.state(KEY)
    assert replace(got, last_check_at=None, next_check_at=None, last_captures=()) == replace(
        wanted, last_check_at=None, next_check_at=None, last_captures=()
    )
    assert recorder.archive.states() == {KEY: got}


def test_only_confirmed_subscriptions_that_have_not_ended_are_matched(recorder: Recorder) -> None:
    seen: list[tuple[str, ...]] = []

    def match(event: Event, subscriptions: object) -> list[tuple[int, object]]:
        seen.append(tuple(part.address for part in subscriptions))  # type: ignore[attr-defined]  # a list of them
        return []

    recorder.archive.subscribe(Subscription("waiting@example.org"))
    ended = recorder.subscribe("ended@example.org")
    assert ended.id is not None
    recorder.archive.unsubscribe(ended.id, at=recorder.clock.now())
    recorder.subscribe()
    recorder.match = match
    recorder.baseline()
    recorder.change(SALE)
    assert seen == [(ANNA,)]


def test_an_error_in_matching_writes_nothing_at_all(recorder: Recorder) -> None:
    def broken(event: object, subscriptions: object) -> list[tuple[int, object]]:
        raise RuntimeError("a bug")

    recorder.baseline()
    head, before = recorder.archive.head(), files(recorder)
    recorder.match = broken
    with pytest.raises(RuntimeError):
        recorder.change(SALE)
    assert (recorder.archive.head(), files(recorder)) == (head, before)
    assert len(recorder.archive.versions(KEY)) == 1
    recorder.match = nobody
    recorder.change(SALE)
    assert list(recorder.archive.verify()) == []


def test_a_record_that_contradicts_itself_is_refused(recorder: Recorder) -> None:
    capture = recorder.capture()
    with pytest.raises(ValueError, match="needs a text"):
        recorder.record("baseline", captures=(capture,), keep="first")
    with pytest.raises(ValueError, match="needs a text"):
        recorder.record("baseline", extraction=extraction_of(text_of()))
    recorder.baseline()
    with pytest.raises(ValueError, match="needs a version"):
        recorder.record("pending", kind="change", assessment=assessment_of(SALE))
    assert len(list(recorder.archive.checks())) == 1


def test_a_first_version_cannot_be_a_change(recorder: Recorder) -> None:
    with pytest.raises(ValueError, match="earlier version"):
        recorder.change(SALE)
    assert recorder.archive.head() == ""
    assert files(recorder) == []


@pytest.mark.parametrize("name", ["..", "../etc", "a/b", "", "CON\0", "Ä", "a" * 64, "-x", ".git", "a\n", "%2e"])
def test_a_document_whose_name_could_leave_the_folder_is_refused(recorder: Recorder, name: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArchiveError, match="not a name"):
        replace(recorder, key=DocumentKey("larkspur", name)).baseline()
    with pytest.raises(ArchiveError, match="not a name"):
        replace(recorder, key=DocumentKey(name, "terms")).baseline()
    staged = {tmp_path / "snapshots/.staged" / recorder.capture().digest, tmp_path / "snapshots/.lock"}
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in staged] == before


def test_the_same_text_twice_within_a_second_makes_two_files(recorder: Recorder) -> None:
    at = recorder.clock.now()
    outcome: CheckOutcome
    for menu, outcome in (("1", "baseline"), ("2", "version"), ("3", "withdrawal")):
        capture = recorder.capture(menu=menu)
        text = text_of(SALE) if outcome == "version" else text_of()
        archived = Archived(
            KEY, at, outcome, WatchState(KEY), (capture,), keep="version", extraction=extraction_of(text)
        )
        recorder.archive.record(archived, nobody)
    paths = [version.path for version in recorder.archive.versions(KEY)]
    assert len(set(paths)) == 3
    assert paths[2] == paths[0].replace(".md", "-2.md")
    assert list(recorder.archive.verify()) == []


def test_rebuilding_changes_what_is_said_and_nothing_that_was_told(recorder: Recorder) -> None:
    small_history(recorder)
    archive = recorder.archive
    change = archive.changes(KEY)[-1]
    version = archive.version(change.after)
    assert version is not None
    told, slug = archive.events(), change.slug
    archive.review(change.id, state="seen", who="Ben", why="", at=recorder.clock.now())
    newer = extraction_of(archive.text(version).replace("Cookies", "Small files"), extractor="2+test")
    archive.relabel([Relabelled(version, newer, change.id, assessment_of("brokers", rules="rules-2"))])
    after = archive.change(change.id)
    assert after is not None
    assert (after.slug, after.rules, after.extractor) == (slug, "rules-2", "2+test")
    assert archive.extraction(version) == newer
    assert archive.text(version) == newer.text
    current = archive.state(KEY).current
    assert current is not None
    assert (current.text_digest, current.extractor) == (newer.digest, "2+test")
    assert archive.events() == told
    assert [review.change for review in archive.reviews()] == [change.id]
    assert (archive._store.folder.root / version.path).read_text() != newer.text
    assert [hit.text for hit in archive.search("small files")] == [
        "Small files on our site remember the language you chose."
    ]
    assert list(archive.verify()) == []


def test_rebuilding_to_the_same_writes_nothing(recorder: Recorder) -> None:
    recorder.baseline()
    version = recorder.archive.versions(KEY)[0]
    recorder.archive.relabel([Relabelled(version, extraction_of(text_of()), None, None)])
    with recorder.archive._store.ledger.reading() as db:
        assert db.execute("SELECT count(*) FROM texts").fetchone()[0] == 1


def test_a_renamed_document_keeps_its_history_and_its_chain(recorder: Recorder) -> None:
    small_history(recorder)
    new = DocumentKey("larkspur-group", "privacy")
    recorder.archive.schedule({new: recorder.clock.now()})
    head, versions = recorder.archive.head(), recorder.archive.versions(KEY)
    recorder.archive.rename(KEY, new)
    assert recorder.archive.versions(KEY) == ()
    assert [version.path for version in recorder.archive.versions(new)] == [version.path for version in versions]
    assert {check.key for check in recorder.archive.checks()} == {new}
    assert {event.key for event in recorder.archive.events()} == {new}
    assert recorder.archive.documents() == (new,)
    assert recorder.archive.head() == head
    replace(recorder, key=new).change("We renamed ourselves.")
    assert list(recorder.archive.verify()) == []


def test_a_document_cannot_take_the_name_of_one_with_a_history(recorder: Recorder) -> None:
    other = DocumentKey("larkspur", "terms")
    recorder.baseline()
    replace(recorder, key=other).baseline()
    with pytest.raises(ArchiveError, match="both have a history"):
        recorder.archive.rename(KEY, other)
    recorder.archive.rename(DocumentKey("nobody", "terms"), KEY)  # nothing to rename
    assert recorder.archive.documents() == (KEY, other)


def test_the_chain_grows_by_one_row_a_check_and_each_names_the_one_before(recorder: Recorder) -> None:
    small_history(recorder)
    checks = list(recorder.archive.chain())
    assert [check.id for check in checks] == list(range(1, len(checks) + 1))
    assert [check.previous for check in checks] == ["", *(check.digest for check in checks[:-1])]
    assert recorder.archive.head() == checks[-1].digest
    assert list(recorder.archive.chain(upto=checks[2].digest)) == checks[:3]
    assert len({check.digest for check in checks}) == len(checks)
