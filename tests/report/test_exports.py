"""Changes as JSON, CSV, Markdown and plain text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from report import made

from monitor.model import Assessment, Review
from monitor.report import exports
from monitor.report.text import assessment_text, headline
from monitor.report.views import ChangeLine

PAIR = (made.line(), made.assessment())


def table(*pairs: tuple[ChangeLine, Assessment]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("\n".join(exports.as_csv(pairs)))))


def test_json_has_the_schema_that_diff_prints() -> None:
    found = json.loads(next(iter(exports.as_json([PAIR]))))
    assert found["schema"] == "policy-change/1"
    assert {"id", "materiality", "severity", "direction", "summary", "findings", "clauses", "transparency"} <= set(
        found
    )
    finding = found["findings"][0]
    assert list(finding) == [
        "label", "action", "polarity", "direction", "severity", "value", "section", "novelty", "rule", "summary",
        "before", "after",
    ]  # fmt: skip
    quote = finding["after"]
    assert made.AFTER[quote["start"] : quote["end"]] == quote["quote"]
    clause = found["clauses"][0]
    assert clause["kind"] == "reworded"
    assert "".join(text for op, text in clause["words"] if op != "+") == clause["before"]


def test_json_names_the_further_clauses_of_a_split() -> None:
    change = made.clause_changes()[0]
    assert change.after
    row = exports.clause_row(replace(change, also_before=(change.after,), also_after=(change.after,)))
    assert row["also_before"] == row["also_after"] == [change.after.text]


def test_csv_has_a_row_a_finding_and_one_for_a_change_without() -> None:
    rows = table(PAIR, (made.line(2), made.assessment(findings=())))
    assert [row["label"] for row in rows] == ["share.sale", "data.location_coarse", "retention", "unclassified", ""]
    assert all(set(row) == set(exports.COLUMNS) for row in rows)
    assert rows[0]["page"] == rows[4]["page"].replace("0002", "0001")
    assert rows[1]["before"] == ""
    assert rows[1]["after"] == "the town you join from"


def test_a_review_is_exported() -> None:
    review = Review(1, 1, "dismissed", "Anna", "a typo", made.NOW)
    line = replace(made.line(), review=review)
    assert table((line, made.assessment()))[0]["review"] == "dismissed by Anna"
    assert exports.change_object(line, made.assessment())["review"] == {
        "state": "dismissed", "who": "Anna", "why": "a typo", "at": "2026-04-02T09:00:00Z",
    }  # fmt: skip


def test_markdown_strikes_what_is_gone_and_sets_what_is_new_in_bold() -> None:
    text = next(iter(exports.as_markdown([PAIR])))
    assert text.startswith("## Parley: privacy policy, 29 March 2026\n")
    assert (
        "We keep your name and address for ~~as long as you have an~~**ninety days after you close your** account."
        in text
    )
    assert "~~We may show you advertisements chosen by what you say in meetings.~~" in text


def test_markdown_for_a_newsletter_can_leave_the_clauses_out() -> None:
    text = next(iter(exports.as_markdown([PAIR], clauses=False)))
    assert "### Clauses" not in text
    assert "“We do not sell your data to anyone.”" in text


def test_plain_text_marks_words_as_git_does() -> None:
    text = assessment_text("Title", made.assessment())
    assert "[-as long as you have an-]{+ninety days after you" in text
    assert "Worse for people\n  * data.location_coarse (medium)\n    now:" in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_headline_says_what_kind_of_change_it_is() -> None:
    assert headline(made.assessment()) == "mixed, severity high; the date that the text gives itself did not move"
    assert headline(made.assessment(silent=False, severity="none")) == "mixed"
    assert headline(made.assessment(materiality="noise")).startswith("noise")
    assert headline(made.assessment(materiality="editorial")).startswith("editorial")


def test_remarks_and_restated_findings_are_told() -> None:
    said = made.assessment(notes=("text in French: compared as text",), findings=(made.finding(novelty="restated"),))
    for text in (assessment_text("T", said), assessment_text("T", said, markdown=True)):
        assert "text in French: compared as text" in text
    assert "said elsewhere in the other version too" in assessment_text("T", said)


def test_an_assessment_without_anything_is_still_a_text() -> None:
    empty = made.assessment(findings=(), clauses=(), renames=(), summary="", transparency_summary="")
    assert assessment_text("T", empty) == "T\nmixed, severity high; the date that the text gives itself did not move\n"
