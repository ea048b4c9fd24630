"""What a document goes through, from bytes on the wire to rows in the archive and alerts owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from faulty.http import Exchange, Response
from installation import CLAUSES, RETENTION, SALE, WALL, Installation, policy

from monitor.model import Document, HeadingRange


def test_the_first_sight_is_a_baseline_and_nobody_is_told(installation: Installation) -> None:
    assert installation.outcome() == "baseline"
    assert len(installation.versions) == 1
    assert installation.events() == []


def test_the_same_policy_in_another_menu_is_unchanged(installation: Installation) -> None:
    installation.check()
    menu = "<li><a href=/plans?s=81>Plans</a></li><li><a href=/jobs>Jobs</a></li>"
    assert installation.outcome(policy(menu=menu)) == "unchanged"
    assert len(installation.versions) == 1


def test_unchanged_bytes_are_not_read_again(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.check()
    monkeypatch.setattr(installation, "sandbox", None)  # whoever asked it for anything would fail
    assert installation.outcome() == "unchanged"


def test_a_new_text_is_announced_when_it_is_seen_again(installation: Installation) -> None:
    installation.check()
    assert installation.outcome(policy(SALE)) == "pending"
    assert installation.events() == []
    assert installation.outcome(hours=13) == "version"
    assert installation.events() == ["change"]
    change = installation.archive.changes()[0]
    assert change.materiality == "substantive"
    assert change.silent
    assert "date" in installation.archive.events()[0].detail  # the mail says so too
    first_seen = installation.versions[1]
    assert first_seen.accepted_at - first_seen.seen_at == timedelta(hours=13)


def test_a_new_text_with_a_later_date_is_announced_at_once(installation: Installation) -> None:
    installation.check()
    assert installation.outcome(policy(RETENTION, date="April 2, 2026")) == "version"
    assert installation.events() == ["change"]
    assert not installation.archive.changes()[0].silent


def test_a_text_that_goes_away_unconfirmed_is_recorded_and_never_told(installation: Installation) -> None:
    installation.check()
    assert installation.outcome(policy(SALE)) == "pending"
    assert installation.outcome(policy(), hours=3) == "excursion"
    assert installation.outcome(hours=24) == "unchanged"
    assert installation.events() == []
    assert len(installation.versions) == 1


def test_a_counter_in_the_text_neither_counts_as_a_change_nor_holds_one_up(installation: Installation) -> None:
    def page(visitor: int, *edits: tuple[str, str]) -> str:
        return policy(*edits, clauses=(*CLAUSES, f"This page was last generated on March {visitor}, 2026."))

    assert installation.outcome(page(1)) == "baseline"
    assert installation.outcome(page(2)) == "unchanged"
    assert installation.outcome(page(3, SALE)) == "pending"
    assert installation.outcome(page(4, SALE), hours=13) == "version"


def test_an_announced_text_that_is_taken_back_is_a_withdrawal(installation: Installation) -> None:
    installation.check()
    installation.check(policy(SALE))
    installation.check(hours=13)
    assert installation.outcome(policy()) == "pending"
    assert installation.outcome(hours=13) == "withdrawal"
    assert installation.events() == ["change", "withdrawal"]
    assert [change.kind for change in installation.archive.changes()] == ["change", "withdrawal"]


def test_a_wall_is_told_to_the_operator_once_and_so_is_the_recovery(installation: Installation) -> None:
    installation.check()
    assert installation.outcome(WALL.format(id="8f1")) == "refused"
    assert installation.outcome(WALL.format(id="9a2")) == "refused"
    assert installation.outcome(policy()) == "unchanged"
    assert installation.events() == ["trouble", "recovery"]
    assert len(installation.versions) == 1
    evidence = [s for s in installation.archive.snapshots(installation.documents[0].key) if s.reason == "evidence"]
    assert len(evidence) == 1


def test_a_wall_between_two_sightings_does_not_lose_the_pending_text(installation: Installation) -> None:
    installation.check()
    assert installation.outcome(policy(SALE)) == "pending"
    assert installation.outcome(WALL.format(id="8f1"), hours=6) == "refused"
    assert installation.outcome(policy(SALE), hours=12) == "version"


def test_a_failing_document_does_not_stop_the_others(installation: Installation) -> None:
    other = replace(installation.documents[0], vendor="bracken", urls=(installation.site.url("/missing"),))
    installation.documents = (other, *installation.documents)
    passed = installation.check()
    assert (passed.due, passed.failed, passed.newly_failed) == (2, 1, 1)
    assert installation.archive.state(installation.documents[1].key).current is not None
    assert installation.archive.state(other.key).last_error
    assert installation.check().newly_failed == 0


def test_two_addresses_make_one_text_and_fail_together(installation: Installation) -> None:
    installation.site.pages["/more"] = policy(("Part 1", "Annex"))
    both = (installation.site.url("/privacy"), installation.site.url("/more"))
    installation.documents = (replace(installation.documents[0], urls=both),)
    assert installation.outcome() == "baseline"
    assert "Annex" in installation.archive.text(installation.versions[0])
    del installation.site.pages["/more"]
    assert installation.outcome() == "failed"
    assert len(installation.versions) == 1


def test_a_page_that_says_unchanged_is_believed_for_a_week_only(installation: Installation) -> None:
    installation.site.pages["/privacy"] = Response(policy(), etag='"one"')
    installation.check()
    installation.site.pages["/privacy"] = Response(policy(SALE), etag='"one"')
    assert [installation.outcome() for _ in range(6)] == ["unchanged"] * 6
    assert "pending" in {installation.outcome(), installation.outcome()}


def test_a_changed_selector_is_a_technical_upgrade(installation: Installation) -> None:
    def select(document: Document, heading: str) -> Document:
        return replace(document, headings=HeadingRange(heading))

    installation.check()
    installation.documents = (select(installation.documents[0], "Part 2"),)
    assert installation.outcome() == "unchanged"
    assert installation.events() == []
    text = installation.archive.text(installation.archive.versions(installation.documents[0].key)[0])
    assert "Part 1\n" not in text


def test_a_renamed_vendor_keeps_its_history(installation: Installation) -> None:
    installation.check()
    installation.documents = (replace(installation.documents[0], id="privacy-notice", formerly=("privacy-policy",)),)
    assert installation.outcome() == "unchanged"
    assert len(installation.versions) == 1


def test_a_later_pass_checks_only_what_is_due(installation: Installation) -> None:
    installation.check(everything=False)
    assert installation.check(hours=1, everything=False).due == 0
    assert installation.check(hours=24, everything=False).due == 1


def test_an_effective_date_ahead_is_told_when_it_comes_once(installation: Installation) -> None:
    installation.check()
    ahead = (CLAUSES[0], CLAUSES[0] + " This policy is effective as of April 10, 2026.")
    installation.check(policy(SALE, ahead, date="April 1, 2026"))
    assert installation.events() == ["change"]
    for _ in range(20):
        installation.check()
    assert installation.events() == ["change", "effective"]


def test_every_alert_is_owed_once_and_to_the_right_people(installation: Installation) -> None:
    installation.check()
    installation.check(WALL.format(id="8f1"))
    installation.check(policy(SALE, date="May 1, 2026"))
    installation.clock.forward(days=1)
    owed = [(o.event.kind, o.subscription.address) for o in installation.archive.owed(installation.clock.now())]
    assert sorted(owed) == [
        ("change", "anna@example.org"),
        ("recovery", "ops@example.org"),
        ("trouble", "ops@example.org"),
    ]


def test_the_chain_holds_after_all_of_it(installation: Installation) -> None:
    for page in (policy(), policy(SALE), policy(), WALL.format(id="1"), policy(RETENTION, date="June 1, 2026")):
        installation.check(page)
    assert list(installation.archive.verify(head=installation.archive.head())) == []


def test_a_paused_document_is_never_fetched(installation: Installation) -> None:
    installation.documents = (replace(installation.documents[0], paused="under review"),)
    assert installation.check(everything=True).due == 0
    assert installation.site.seen() == []


def cut(page: str, at: int) -> str:
    return page[: len(page) * at // 20]


@pytest.mark.parametrize("at", range(1, 20))
def test_a_page_cut_off_is_never_taken_for_a_shorter_policy(installation: Installation, at: int) -> None:
    """Without a length nothing on the wire tells that the connection ended too early."""
    installation.check()

    async def early(exchange: Exchange) -> None:
        body = cut(policy(RETENTION), at).encode()
        await exchange.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body)

    installation.site.pages["/privacy"] = early
    installation.check()
    assert installation.archive.state(installation.documents[0].key).pending_digest == ""
    assert len(installation.versions) == 1


def test_a_whole_page_without_a_length_is_taken(installation: Installation) -> None:
    async def unmarked(exchange: Exchange) -> None:
        body = (policy(RETENTION) + "</html>").encode()
        await exchange.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body)

    installation.check()
    installation.site.pages["/privacy"] = unmarked
    assert installation.outcome() == "pending"


PIN = "Log files are deleted 30 days after they were written."


def pinned(installation: Installation, sentence: str = PIN) -> list[str]:
    installation.promises = ((installation.documents[0].key, sentence),)
    installation.check(policy(RETENTION, date="April 1, 2026"))
    return installation.events()


def test_a_pinned_promise_that_is_weakened_is_told(installation: Installation) -> None:
    installation.promises = ((installation.documents[0].key, PIN),)
    installation.check()
    assert [promise.state for promise in installation.archive.promises()] == ["there"]
    assert pinned(installation) == ["change", "promise"]
    assert installation.archive.promises()[0].state in {"reworded", "weakened", "gone"}


def test_a_promise_pinned_after_the_baseline_is_judged_against_it(installation: Installation) -> None:
    installation.check()
    assert pinned(installation) == ["change", "promise"]


def test_a_promise_that_was_never_made_tells_nobody(installation: Installation) -> None:
    never = "We will never share your blood type with a circus."
    installation.promises = ((installation.documents[0].key, never),)
    installation.check()
    assert installation.events() == []
    assert pinned(installation, never) == ["change"]
