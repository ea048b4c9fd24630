"""Records survive the way to JSON and back, and what is no such record is refused."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import model
from monitor.codec import CodecError, from_json, from_plain, to_json

RECORDS = [getattr(model, name) for name in model.__all__ if is_dataclass(getattr(model, name))]
AT = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_record_of_the_model_can_be_read(kind: type) -> None:
    from monitor.codec import _reader

    assert callable(_reader(kind))


def sample() -> model.Assessment:
    clause = model.Clause("We keep it.", 0, 11, "sentence", ("Data", "Keeping"), "We do:")
    finding = model.Finding(
        "retention.period", "changed", "practice", "worse", "high", "30 days", ("Data",), "new", "r1", "Now says …",
        None, model.Quote("30 days", 3, 10),
    )  # fmt: skip
    change = model.ClauseChange("reworded", clause, clause, (("=", "We "), ("-", "keep"), ("+", "hold")), (), (clause,))
    return model.Assessment(
        "substantive", "high", "mixed", "…", (finding,), (change,), "rules-1", renames=(("a", "b"),),
        transparency_after=model.Transparency(words=5, reading_minutes=0.5, disclosures=(model.Disclosure("x", "y", present=True),)),
    )  # fmt: skip


def test_a_nested_record_comes_back_equal() -> None:
    assert from_json(model.Assessment, to_json(sample())) == sample()


def test_equal_records_give_equal_bytes() -> None:
    assert to_json(sample()) == to_json(sample())


def test_dates_durations_bytes_and_paths_come_back() -> None:
    dates = model.StatedDates(date(2026, 3, 18), "Last updated 18 March 2026")
    capture = model.Capture("https://a.test/", "https://a.test/", AT, 200, (("etag", '"x"'),), b"\x00\xff")
    assert from_json(model.StatedDates, to_json(dates)) == dates
    assert from_json(model.Capture, to_json(capture)) == capture
    assert from_json(model.Schedule, to_json(model.Schedule(timedelta(hours=6)))) == model.Schedule(timedelta(hours=6))
    settings_ = model.Settings(Path("/srv/x"))
    assert from_json(model.Settings, to_json(settings_)) == settings_


def test_a_tuple_of_records_comes_back() -> None:
    events = (model.Event("change", AT), model.Event("gone", AT, model.DocumentKey("a", "b")))
    assert from_json(tuple[model.Event, ...], to_json(events)) == events


@given(st.text(st.characters(codec=None)))
@settings(max_examples=50)
def test_any_text_comes_back_even_lone_surrogates(text: str) -> None:
    clause = model.Clause(text, 0, len(text), "sentence", (text,), text)
    assert from_json(model.Clause, to_json(clause)) == clause


def test_a_missing_field_takes_its_default_and_an_unknown_one_is_ignored() -> None:
    clause = {"text": "a", "start": 0, "end": 1, "kind": "item", "of a later version": 1}
    assert from_plain(model.Clause, clause) == model.Clause("a", 0, 1, "item")
    assert {field.name for field in fields(model.Clause) if field.default is not MISSING} == {"headings", "lead_in"}


CLAUSE: dict[str, Any] = {"text": "a", "start": 0, "end": 1, "kind": "item", "headings": ["h"]}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"text": 1}, "Clause.text"),
        ({"text": None}, "Clause.text"),
        ({"start": "0"}, "Clause.start"),
        ({"start": True}, "Clause.start"),
        ({"start": 0.5}, "Clause.start"),
        ({"kind": "paragraph"}, "Clause.kind"),
        ({"kind": ["item"]}, "Clause.kind"),
        ({"headings": "h"}, "Clause.headings"),
        ({"headings": [1]}, "Clause.headings"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(CodecError, match=where):
        from_json(model.Clause, json.dumps(CLAUSE | change))


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"text": "a"}'],
    ids=["empty", "open", "array", "null", "nothing in it", "no text", "deep", "half of it"],
)
def test_bytes_that_are_no_such_record_are_refused(data: bytes) -> None:
    with pytest.raises(CodecError):
        from_json(model.Clause, data)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (model.StatedDates, {"updated": "2026-02-30"}),
        (model.StatedDates, {"updated": 5}),
        (model.Schedule, {"interval": "1 day"}),
        (
            model.Capture,
            {"url": "u", "final_url": "u", "fetched_at": "2026", "status": 200, "headers": [], "body": "*"},
        ),
        (model.Version, []),
    ],
)
def test_malformed_dates_durations_and_bytes_are_refused(kind: type, value: object) -> None:
    with pytest.raises(CodecError):
        from_plain(kind, value)


def test_what_is_no_record_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="not part of a record"):
        to_json(object())


def test_a_type_that_no_record_may_hold_is_a_bug() -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        from_json(dict[str, int], b"{}")
