"""What the current text says, kept beside its page."""

from __future__ import annotations

import json

import pytest
from report.kept import FIRST, PARLEY, SECOND, Kept

from monitor.report import inventory, paths
from monitor.report.pages import named
from monitor.text.segment import segment


@pytest.fixture
def published(two_vendors: Kept) -> Kept:
    two_vendors.publish()
    return two_vendors


def test_every_item_quotes_the_text_and_links_to_its_place(published: Kept) -> None:
    version = published.archive.versions(PARLEY)[-1]
    text = published.archive.text(version)
    value = json.loads(published.page(paths.inventory(PARLEY)))
    assert value["schema"] == "policy-inventory/1"
    assert value["text_sha256"] == version.text_digest
    assert value["items"]
    for item in value["items"]:
        assert text[item["start"] : item["end"]] == item["quote"]
    page = published.page(paths.vendor("parley"))
    assert f'href="../{paths.version(version)}#c-' in page


def test_the_same_text_is_not_read_twice(published: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    import monitor.meaning.inventory as meaning

    def read_again(_text: str) -> None:
        raise AssertionError

    monkeypatch.setattr(meaning, "inventory", read_again)
    published.publish()
    published.site.remove(paths.inventory(PARLEY))
    with pytest.raises(AssertionError):
        published.publish()


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(rules="older"),
        lambda value: value.update(text_sha256="00"),
        lambda value: value["items"][0].update(quote="planted words"),
        lambda value: value["items"][0].pop("label"),
        lambda value: value.update(items=7),
    ],
)
def test_a_kept_inventory_is_believed_only_if_it_quotes_this_text(published: Kept, change: object) -> None:
    version = published.archive.versions(PARLEY)[-1]
    text = published.archive.text(version)
    value = json.loads(published.page(paths.inventory(PARLEY)))
    data = json.dumps(value).encode()
    assert inventory.from_json(data, version, text, segment(text))
    change(value)  # type: ignore[operator]  # a parametrised function
    assert inventory.from_json(json.dumps(value).encode(), version, text, segment(text)) is None


def test_what_is_no_json_is_no_inventory(published: Kept) -> None:
    version = published.archive.versions(PARLEY)[-1]
    for data in (None, b"", b"[1]", b"\xff"):
        assert inventory.from_json(data, version, SECOND, segment(SECOND)) is None


def test_an_absurdly_long_text_has_none() -> None:
    assert inventory.inventory(FIRST + "x " * inventory.LARGEST, segment(FIRST)) == ()


def test_a_text_in_another_language_has_none(kept: Kept) -> None:
    from dataclasses import replace

    from report import kept as made

    german = replace(made.extraction(FIRST), language="de")
    original = made.extraction
    try:
        made.extraction = lambda _text: german  # type: ignore[assignment]  # stands in for one call
        kept.see(PARLEY, FIRST, days=0)
    finally:
        made.extraction = original
    kept.publish()
    assert kept.site.read(paths.inventory(PARLEY)) is None


def test_the_places_of_a_text_have_names_of_their_own() -> None:
    names = [name for _, name in named(segment("One.\n\nOne.\n\nTwo.\n"))]
    assert len(set(names)) == 3
    assert names[1] == f"{names[0]}-2"
