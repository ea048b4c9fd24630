"""Edits of lists, tables and whole sections: things collected, recipients by name, native clauses, lead-ins."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.mutation.case import Case, Edit, Expected, draw, filled, place
from benchmarks.mutation.document import Block, Unit

_DATA: dict[str, Any] = tomllib.loads((Path(__file__).parent / "data.toml").read_text(encoding="utf-8"))
_WORSE = "worse|neutral|unclear"  # of data that everybody expects
_PLAIN = {"data.contact", "data.account", "data.device_info", "data.purchases"}
_BETTER_GONE = ("data.", "share.", "purpose.")
_GUARDS = ("rights.", "security", "notice_change", "retention", "transfer")


def _thing(case: Case, rng: random.Random, pool: dict[str, list[str]]) -> tuple[str, str] | None:
    """A label that the policy does not state, and words for it."""
    stated = case.after.tags | case.labels
    pairs = [(label, thing) for label, things in pool.items() if label not in stated for thing in things]
    return draw(pairs, rng, case.half, lambda pair: pair[1])


def _more(label: str) -> str:
    return _WORSE if label in _PLAIN else "worse"


def data_added(case: Case, rng: random.Random) -> Case | None:
    """A sentence says that something further is collected."""
    found = _thing(case, rng, _DATA["things"])
    if not found:
        return None
    text = filled(rng.choice(_DATA["sentences"]["added"]).replace("{x}", found[1]), case.after)
    what = Expected.parse(f"{found[0]} added practice {_more(found[0])}", kind="data_added", shown=text)
    return place(case, "collect", ("", text), rng).expects(what)


def data_removed(case: Case, rng: random.Random) -> Case | None:
    """The sentence that says that something is collected goes."""
    found = _thing(case, rng, _DATA["things"])
    if not found:
        return None
    text = filled(rng.choice(_DATA["sentences"]["added"]).replace("{x}", found[1]), case.after)
    what = Expected.parse(f"{found[0]} removed practice better", kind="data_removed", shown=text)
    return place(case, "collect", (text, ""), rng).expects(what)


def data_denied(case: Case, rng: random.Random) -> Case | None:
    """A promise not to collect something is made."""
    found = _thing(case, rng, _DATA["things"])
    if not found:
        return None
    text = filled(rng.choice(_DATA["sentences"]["denied"]).replace("{x}", found[1]), case.after)
    what = Expected.parse(f"{found[0]} added commitment better", kind="data_denied", shown=text)
    return place(case, "collect", ("", text), rng).expects(what)


def data_denial_withdrawn(case: Case, rng: random.Random) -> Case | None:
    """A promise not to collect something is withdrawn."""
    found = _thing(case, rng, _DATA["things"])
    if not found:
        return None
    text = filled(rng.choice(_DATA["sentences"]["denied"]).replace("{x}", found[1]), case.after)
    what = Expected.parse(f"{found[0]} removed commitment worse", kind="data_denial_withdrawn", shown=text)
    return place(case, "collect", (text, ""), rng).expects(what)


def data_stopped(case: Case, rng: random.Random) -> Case | None:
    """What was collected is now promised not to be."""
    return _flipped(case, rng, "data_stopped", "commitment better", backwards=False)


def data_begun(case: Case, rng: random.Random) -> Case | None:
    """What was promised not to be collected now is."""
    return _flipped(case, rng, "data_begun", "practice worse", backwards=True)


def _flipped(case: Case, rng: random.Random, kind: str, meaning: str, *, backwards: bool) -> Case | None:
    found = _thing(case, rng, _DATA["things"])
    if not found:
        return None
    texts = [filled(text.replace("{x}", found[1]), case.after) for text in rng.choice(_DATA["flips"]["rows"])]
    if backwards:
        texts.reverse()
    what = Expected.parse(f"{found[0]} changed {meaning}", kind=kind, shown=" → ".join(texts))
    return place(case, "collect", (texts[0], texts[1]), rng).expects(what)


def _lists(case: Case, role: str, *, recipients: bool = False) -> list[Block]:
    """Lists of a section that no edit has touched, of named recipients or of other things."""
    return [
        block
        for block in case.after.blocks
        if block.kind == "list"
        and block.role == role
        and any("named" in unit.tags for unit in block.units) == recipients
        and not any(unit.key in case.touched for unit in block.units)
    ]


def item_added(case: Case, rng: random.Random) -> Case | None:
    """A list of what is collected gets another item."""
    found, lists = _thing(case, rng, _DATA["things"]), _lists(case, "collect")
    if not found or not lists:
        return None
    spot = rng.choice(rng.choice(lists).units)
    case_ = spot.text[:1].isupper()
    text = found[1].removeprefix("your ") if rng.random() < 0.4 else found[1]
    unit = Unit((text[:1].upper() + text[1:] if case_ else text) + _ending(spot.text), 20_000 + spot.key)
    what = Expected.parse(f"{found[0]} added practice {_more(found[0])}", kind="item_added", shown=unit.text)
    return replace(case, after=case.after.after(spot.key, unit)).taken(unit.key, spot.key).expects(what)


def _ending(text: str) -> str:
    return text[-1] if text[-1] in ".;," else ""


def series_extended(case: Case, rng: random.Random) -> Case | None:
    """A thing is slipped into a sentence that lists what is collected."""
    found = _thing(case, rng, _DATA["things"])
    spots = [
        unit
        for block in case.after.blocks
        if block.role == "collect" and block.kind in {"paragraph", "list"}
        for unit in block.units
        if re.search(r"\w, \w", unit.text)
        and unit.key not in case.touched
        and any(t.startswith("data.") for t in unit.tags)
    ]
    if not found or not spots:
        return None
    spot = rng.choice(spots)
    places = [match.start() for match in re.finditer(r"(?<=\w), (?=\w)", spot.text)]
    at = places[-1]
    text = f"{spot.text[:at]}, {found[1]}{spot.text[at:]}"
    what = Expected.parse(f"{found[0]} added practice {_more(found[0])}", kind="series_extended", shown=text)
    return replace(case, after=case.after.put(spot.key, text)).taken(spot.key).expects(what)


def category_row_added(case: Case, rng: random.Random) -> Case | None:
    """A table of categories gets another row."""
    tables = [block for block in case.after.blocks if block.kind == "table" and block.role == "table"]
    stated = case.after.tags | case.labels
    free = [(label, words) for label, words in _DATA["examples"].items() if label not in stated]
    found = draw(free, rng, case.half, lambda pair: pair[0])
    if not found or not tables:
        return None
    label, (name, examples) = found
    table = rng.choice(tables)
    cells = [name, examples, "Service providers", "Twelve months"][: table.units[0].text.strip("|").count("|") + 1]
    spot = rng.choice(table.units[1:])
    unit = Unit("| " + " | ".join(cells) + " |", 21_000 + spot.key)
    what = Expected.parse(f"{label} added practice worse", kind="category_row_added", shown=unit.text)
    return replace(case, after=case.after.after(spot.key, unit)).taken(unit.key).expects(what)


def _recipients(case: Case) -> list[tuple[Block, Unit]]:
    return [
        (block, unit)
        for block in case.after.blocks
        for unit in block.units
        if "named" in unit.tags and unit.key not in case.touched
    ]


def _entry(block: Block, name: list[str]) -> str:
    if block.kind == "list":
        return f"{name[0]} ({name[1].lower()})"
    return "| " + " | ".join(name[: block.units[0].text.strip("|").count("|") + 1]) + " |"


def named_added(case: Case, rng: random.Random) -> Case | None:
    """A list or table of named recipients gets another one."""
    spots = _recipients(case)
    name = draw(_DATA["names"]["rows"], rng, case.half, lambda row: row[0])
    if not spots or not name or "share.named" in case.labels:
        return None
    block, spot = rng.choice(spots)
    unit = Unit(_entry(block, name), 22_000 + spot.key)
    what = Expected.parse("share.named added practice worse", kind="named_added", shown=unit.text)
    return replace(case, after=case.after.after(spot.key, unit)).taken(unit.key, spot.key).expects(what)


def named_removed(case: Case, rng: random.Random) -> Case | None:
    """A named recipient goes."""
    spots = _recipients(case)
    if not spots or "share.named" in case.labels:
        return None
    _, spot = rng.choice(spots)
    what = Expected.parse("share.named removed practice better", kind="named_removed", shown=spot.text)
    return replace(case, after=case.after.without(spot.key)).taken(spot.key).expects(what)


def named_replaced(case: Case, rng: random.Random) -> Case | None:
    """A named recipient is replaced by another that does the same."""
    spots = _recipients(case)
    name = draw(_DATA["names"]["rows"], rng, case.half, lambda row: row[0])
    if not spots or not name or "share.named" in case.labels:
        return None
    block, spot = rng.choice(spots)
    if block.kind == "list":
        text = re.sub(r"^[^(]+", f"{name[0]} ", spot.text)
    else:
        text = re.sub(r"^\| [^|]+ \|", f"| {name[0]} |", spot.text)
    shown = f"{spot.text} → {text}"
    came = Expected.parse("share.named added practice neutral", kind="named_replaced", shown=shown)
    went = Expected.parse("share.named removed practice neutral|better", kind="named_replaced", shown=shown)
    return replace(case, after=case.after.put(spot.key, text)).taken(spot.key).expects(came, went)


def native_removed(case: Case, rng: random.Random) -> Case | None:
    """A clause of the policy's own, which alone states something, goes."""
    units = [
        (block, unit)
        for block in case.after.blocks
        for unit in block.units
        if len(unit.tags) == 1
        and unit.tags[0].lstrip("!").startswith((*_BETTER_GONE, *_GUARDS))
        and unit.tags[0].strip("!") not in case.labels
        and unit.key not in case.touched
    ]
    counts = [tag for block in case.after.blocks for unit in block.units for tag in unit.tags]
    alone = [(block, unit) for block, unit in units if counts.count(unit.tags[0]) == 1]
    if not alone:
        return None
    _, spot = rng.choice(alone)
    tag = spot.tags[0]
    promise = tag.startswith("!")
    direction = "worse" if promise or tag.startswith(_GUARDS) else "better"
    if tag == "transfer":
        direction = "worse|neutral|unclear|better"
    polarity = "commitment" if promise else "practice"
    what = Expected.parse(f"{tag.strip('!')} removed {polarity} {direction}", kind="native_removed", shown=spot.text)
    return replace(case, after=case.after.without(spot.key)).taken(spot.key).expects(what)


def native_period(case: Case, rng: random.Random) -> Case | None:
    """A period in a clause of the policy's own is made longer."""
    units = [
        unit
        for block in case.after.blocks
        for unit in block.units
        if "retention" in unit.tags
        and unit.key not in case.touched
        and re.search(r"\b\d+ (?:days|months|years)", unit.text)
    ]
    if not units or "retention" in case.labels:
        return None
    spot = rng.choice(units)
    text = re.sub(r"\b(\d+) (?=(?:days|months|years))", lambda match: f"{int(match.group(1)) * 3} ", spot.text, count=1)
    what = Expected.parse("retention changed practice worse", kind="native_period", shown=f"{spot.text} → {text}")
    return replace(case, after=case.after.put(spot.key, text)).taken(spot.key).expects(what)


_STATES = (
    ("Residents of Oregon", "If you live in Oregon, the law of that state gives you the right to a list of the companies to which we disclosed your data."),
    ("Notice to residents of Quebec", "If you reside in Quebec, the law of that province applies to the way we handle your data."),
    ("Additional information for Brazil", "If you are in Brazil, the Lei Geral de Proteção de Dados (LGPD) applies to you."),
    ("Your Virginia privacy rights", "Residents of Virginia have additional rights under the Consumer Data Protection Act."),
)  # fmt: skip


def jurisdiction_added(case: Case, rng: random.Random) -> Case | None:
    """A section for the people of one state or country is added."""
    found = draw(list(_STATES), rng, case.half, lambda row: row[0])
    if not found:
        return None
    last = max(n for n, one in enumerate(case.after.blocks) if one.kind == "heading" and one.level <= 2)
    blocks = case.after.blocks
    new = (
        Block("heading", (Unit(found[0], 23_000),), "jurisdiction", 2),
        Block("paragraph", (Unit(found[1], 23_001),), "jurisdiction"),
    )
    what = Expected.parse("jurisdiction added practice better|neutral", kind="jurisdiction_added", shown=found[1])
    return replace(case, after=replace(case.after, blocks=(*blocks[:last], *new, *blocks[last:]))).expects(what)


_LEADS = (
    ("We do not collect:", "We collect:"),
    ("{vendor} never records the following:", "{vendor} records the following:"),
    ("We don't store:", "We store:"),
)


def lead_in_turned(case: Case, rng: random.Random) -> Case | None:
    """The sentence above a list loses its denial."""
    free = [
        label
        for label in ("data.health", "data.biometric", "data.contacts", "data.gov_id", "data.sensitive_traits")
        if label not in case.after.tags | case.labels
    ]
    if len(free) < 2:
        return None
    labels = rng.sample(free, 2)
    things = [rng.choice(_DATA["things"][label]) for label in labels]
    leads = [filled(text, case.after) for text in rng.choice(_LEADS)]
    last = max(n for n, one in enumerate(case.after.blocks) if one.role == "collect")
    documents = []
    for document, lead in zip((case.before, case.after), leads, strict=True):
        end = max(n for n, one in enumerate(document.blocks) if one.role == "collect")
        new = (
            Block("paragraph", (Unit(lead, 24_000),), "collect"),
            Block("list", tuple(Unit(thing, 24_001 + n) for n, thing in enumerate(things)), "collect"),
        )
        documents.append(replace(document, blocks=(*document.blocks[: end + 1], *new, *document.blocks[end + 1 :])))
    del last
    any_of = "|".join(labels)
    what = Expected.parse(f"{any_of} changed|added practice worse", kind="lead_in_turned", shown=f"{leads} {things}")
    return replace(case, before=documents[0], after=documents[1]).taken(24_000, 24_001, 24_002).expects(what)


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        data_added,
        data_removed,
        data_denied,
        data_denial_withdrawn,
        data_stopped,
        data_begun,
        item_added,
        series_extended,
        category_row_added,
        named_added,
        named_removed,
        named_replaced,
        native_removed,
        native_period,
        jurisdiction_added,
        lead_in_turned,
    )
}
"""Edits of lists, tables and sections by kind."""
