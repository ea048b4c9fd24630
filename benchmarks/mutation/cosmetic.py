"""Edits that change no practice, promise, right or duty: each must stay silent."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks.mutation.case import Case, Edit, filled
from benchmarks.mutation.document import Block, Document, Unit

_NUMBER = re.compile(r"(?:[IVX]+|\d+(?:\.\d+)?)\.? ")
_SPECIAL = re.compile("child|parent|California|Part [AB]", re.IGNORECASE)  # a heading that says more than its role
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _after(case: Case, document: Document) -> Case | None:
    """The case with another later version; None when nothing differs."""
    return replace(case, after=document) if document != case.after else None


def _swaps(rows: tuple[tuple[str, str], ...], most: int) -> Edit:
    """An edit that replaces words, the same everywhere or in a few places."""

    def edit(case: Case, rng: random.Random) -> Case | None:
        fitting = [
            row
            for row in rows
            if any(re.search(row[0], unit.text) for block in case.after.blocks for unit in block.units)
        ]
        if not fitting:
            return None
        document = case.after
        for old, new in rng.sample(fitting, min(len(fitting), most)):
            document = document.rewritten(lambda text, old=old, new=new: re.sub(old, new, text), but=case.touched)  # type: ignore[misc]
        return _after(case, document)

    return edit


def section_moved(case: Case, rng: random.Random) -> Case | None:
    """A section stands elsewhere."""
    blocks = case.after.blocks
    heads = [n for n, block in enumerate(blocks) if block.kind == "heading" and block.level == 2]
    if len(heads) < 4:
        return None
    which = rng.randrange(1, len(heads) - 1)
    start, end = heads[which], heads[which + 1]
    rest = (*blocks[:start], *blocks[end:])
    targets = [n for n, block in enumerate(rest) if block.kind == "heading" and block.level == 2 and n != start]
    at = rng.choice(targets)
    return _after(case, replace(case.after, blocks=(*rest[:at], *blocks[start:end], *rest[at:])))


def bullets_to_prose(case: Case, rng: random.Random) -> Case | None:
    """The items of a list become part of the sentence above them."""
    places = [
        n
        for n, block in enumerate(case.after.blocks)
        if block.kind == "list"
        and n
        and case.after.blocks[n - 1].kind == "paragraph"
        and case.after.blocks[n - 1].units[-1].text.endswith(":")
        and not any(unit.key in case.touched or "named" in unit.tags for unit in block.units)
        and not any(re.search(r"\. \w", unit.text) for unit in block.units)
    ]
    if not places:
        return None
    at = rng.choice(places)
    lead, items = case.after.blocks[at - 1], case.after.blocks[at]
    texts = [_inside(unit.text) for unit in items.units]
    joined = "; ".join(texts[:-1]) + ("; and " if len(texts) > 1 else "") + texts[-1]
    unit = replace(lead.units[-1], text=f"{lead.units[-1].text} {joined}.")
    block = replace(lead, units=(*lead.units[:-1], unit))
    blocks = case.after.blocks
    return _after(case, replace(case.after, blocks=(*blocks[: at - 1], block, *blocks[at + 1 :])))


def _inside(text: str) -> str:
    text = text.rstrip(".;,")
    first = text.split()[0]
    return text if first.isupper() or not first[1:].islower() else text[:1].lower() + text[1:]


def prose_to_bullets(case: Case, rng: random.Random) -> Case | None:
    """The sentences of a paragraph become items of a list."""
    places = [
        n
        for n, block in enumerate(case.after.blocks)
        if block.kind == "paragraph"
        and len(block.units) >= 3
        and not any(unit.text.endswith(":") for unit in block.units)
        and not any(unit.key in case.touched for unit in block.units)
        and n > 3
    ]
    if not places:
        return None
    at = rng.choice(places)
    return _after(case, case.after.with_block(at, replace(case.after.blocks[at], kind="list")))


def _renamed(old: str, new: str) -> Edit:
    def edit(case: Case, _rng: random.Random) -> Case | None:
        facts = case.after.facts
        if old not in facts or new not in facts:
            return None
        word = re.compile(rf"\b{re.escape(facts[old])}\b")
        upper = re.compile(rf"\b{re.escape(facts[old][:1].upper() + facts[old][1:])}\b")
        title = facts[new][:1].upper() + facts[new][1:]
        return _after(case, case.after.rewritten(lambda text: upper.sub(title, word.sub(facts[new], text))))

    return edit


def curly_quotes(case: Case, _rng: random.Random) -> Case | None:
    """Typewriter quotation marks become typographic ones."""

    def curl(text: str) -> str:
        text = re.sub(r'"([^"]*)"', r"“\1”", text)
        return text.replace("'", "’")

    return _after(case, case.after.rewritten(curl))


def dates_moved(case: Case, rng: random.Random) -> Case | None:
    """The date of the policy is another one."""
    pattern = re.compile(
        rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (20\d\d)\b|\b({'|'.join(_MONTHS)}) (\d{{1,2}}), (20\d\d)\b"
    )
    day, month = rng.randrange(1, 28), rng.choice(_MONTHS)

    def moved(match: re.Match[str]) -> str:
        return f"{day} {month} 2025" if match.group(1) else f"{month} {day}, 2025"

    at = next((n for n, block in enumerate(case.after.blocks[:4]) if pattern.search(block.units[0].text)), None)
    if at is None:
        return None
    unit = case.after.blocks[at].units[0]
    return _after(case, case.after.put(unit.key, pattern.sub(moved, unit.text)))


def _shuffled(kind: str) -> Edit:
    def edit(case: Case, rng: random.Random) -> Case | None:
        places = [
            n
            for n, block in enumerate(case.after.blocks)
            if block.kind == kind
            and len(block.units) >= 3
            and not any(unit.key in case.touched for unit in block.units)
        ]
        if not places:
            return None
        at = rng.choice(places)
        block = case.after.blocks[at]
        head, rest = (block.units[:1], list(block.units[1:])) if kind == "table" else ((), list(block.units))
        rng.shuffle(rest)
        return _after(case, case.after.with_block(at, replace(block, units=(*head, *rest))))

    return edit


def link_targets(case: Case, rng: random.Random) -> Case | None:
    """Links lead elsewhere."""
    mark = rng.choice(("?ref=footer", "#top", "/en", "?utm_source=policy"))
    return _after(case, case.after.rewritten(lambda text: re.sub(r"\]\((https?://[^)\s]+)\)", rf"](\1{mark})", text)))


def headings_numbered(case: Case, rng: random.Random) -> Case | None:
    """Headings get numbers, or lose those they have."""
    style = rng.choice(("{n}. ", "{n}) ", "§ {n} ", "{n} "))
    count = 0
    blocks = []
    for block in case.after.blocks:
        text = block.units[0].text
        if block.kind == "heading" and block.level >= 2:
            if _NUMBER.match(text):
                text = _NUMBER.sub("", text)
            elif block.level == 2:
                count += 1
                text = style.format(n=count) + text
        blocks.append(replace(block, units=(replace(block.units[0], text=text), *block.units[1:])))
    return _after(case, replace(case.after, blocks=tuple(blocks)))


def contents_added(case: Case, rng: random.Random) -> Case | None:
    """A table of contents appears."""
    heads = [block.units[0].text for block in case.after.blocks if block.kind == "heading" and block.level == 2]
    texts = [f"[{text}](#section-{n})" if rng.random() < 2 else text for n, text in enumerate(heads, 1)]
    block = Block("list", tuple(Unit(text, 30_000 + n) for n, text in enumerate(texts)))
    title = Block("paragraph", (Unit(rng.choice(("Contents", "In this policy:", "Table of contents")), 30_999),))
    return _after(case, replace(case.after, blocks=(*case.after.blocks[:2], title, block, *case.after.blocks[2:])))


def _everywhere(change: Callable[[str], str]) -> Edit:
    def edit(case: Case, _rng: random.Random) -> Case | None:
        return _after(case, case.after.rewritten(change, but=case.touched))

    return edit


def sentences_merged(case: Case, rng: random.Random) -> Case | None:
    """Two neighbouring sentences become one."""
    places = [
        (block.units[n].key, block.units[n + 1].key)
        for block in case.after.blocks
        if block.kind == "paragraph" and block.role != "contact"
        for n in range(len(block.units) - 1)
        if block.units[n].text.endswith(".")
        and block.units[n + 1].text.endswith(".")
        and block.units[n + 1].text.startswith(("We ", "You ", "It ", "They "))
        and not {block.units[n].key, block.units[n + 1].key} & case.touched
    ]
    if not places:
        return None
    first, second = rng.choice(places)
    b, u = case.after.find(first)
    one, two = case.after.blocks[b].units[u : u + 2]
    text = f"{one.text[:-1]}{rng.choice(('; ', ', and '))}{two.text[:1].lower()}{two.text[1:]}"
    return _after(case, case.after.put(first, text).without(second))


def paragraph_doubled(case: Case, rng: random.Random) -> Case | None:
    """A paragraph stands twice, as careless extraction makes it."""
    places = [n for n, block in enumerate(case.after.blocks) if block.kind == "paragraph" and n > 2]
    at = rng.choice(places)
    block = case.after.blocks[at]
    copy = replace(block, units=tuple(replace(unit, key=unit.key + 40_000) for unit in block.units))
    return _after(case, case.after.with_block(at, block, copy))


def statistics_updated(case: Case, rng: random.Random) -> Case | None:
    """The numbers of requests answered in a year are those of another year."""
    text = "In {year}, we received {a} requests to delete data and {b} requests for access, and answered them within {c} days on average."
    old = Unit(text.format(year=2023, a=rng.randrange(100, 900), b=rng.randrange(100, 900), c=9), 31_000)
    new = Unit(text.format(year=2024, a=rng.randrange(100, 900), b=rng.randrange(100, 900), c=12), 31_000)
    at = max(n for n, block in enumerate(case.after.blocks) if block.role == "rights")
    end = max(n for n, block in enumerate(case.before.blocks) if block.role == "rights")
    return replace(
        case,
        before=case.before.with_block(end, case.before.blocks[end], Block("paragraph", (old,), "rights")),
        after=case.after.with_block(at, case.after.blocks[at], Block("paragraph", (new,), "rights")),
    )


def spacing_changed(case: Case, rng: random.Random) -> Case | None:
    """Lists are marked with another sign and each sentence is a paragraph of its own."""
    blocks: list[Block] = []
    for block in case.after.blocks:
        if block.kind == "list":
            blocks.append(replace(block, mark="*" if block.mark == "-" else "-"))
        elif block.kind == "paragraph" and rng.random() < 0.4:
            blocks += [replace(block, units=(unit,)) for unit in block.units]
        else:
            blocks.append(block)
    return _after(case, replace(case.after, blocks=tuple(blocks)))


def heading_reworded(case: Case, rng: random.Random) -> Case | None:
    """Headings say the same in other words."""
    others = {
        "collect": "Information we collect",
        "use": "How we use your information",
        "retention": "Retention periods",
        "security": "How we keep data safe",
        "changes": "Updates to this policy",
        "contact": "How to contact us",
        "children": "Minors",
    }
    heads = [
        block
        for block in case.after.blocks
        if block.kind == "heading"
        and block.level == 2
        and block.role in others
        and not _SPECIAL.search(block.units[0].text)
    ]
    if not heads:
        return None
    head = rng.choice(heads)
    return _after(case, case.after.put(head.units[0].key, others[head.role]))


def boilerplate_added(case: Case, rng: random.Random) -> Case | None:
    """A sentence that says nothing about anybody's data is added."""
    texts = (
        "Thank you for reading this policy.",
        "We know that policies are rarely fun to read, so we tried to be brief.",
        "Your trust matters to us.",
        "{vendor} was founded with privacy in mind.",
        "Please read this page carefully.",
        "Headings are for convenience only.",
    )
    text = filled(rng.choice(texts), case.after)
    places = [n for n, block in enumerate(case.after.blocks) if block.role == "intro" and block.kind == "paragraph"]
    at = places[-1] if places else 1
    block = Block("paragraph", (Unit(text, 32_000),), "intro")
    return _after(case, case.after.with_block(at, case.after.blocks[at], block))


_SYNONYMS = (
    (r"\bcollect\b", "gather"), (r"\bdelete\b", "erase"), (r"\bdeleted\b", "erased"), (r"\bsuch as\b", "for example"), (r"\bkeep\b", "retain"),
    (r"\bdisclose\b", "share"), (r"\bwebsite\b", "site"), (r"\bin order to\b", "to"), (r"\bhelp\b", "assist"), (r"\btell you\b", "inform you"), (r"\bbuy\b", "purchase"),
    (r"\bshow\b", "display"), (r"\bobliges us to do so\b", "requires it of us"),
    (r"\bbugs\b", "errors"), (r"\b([Ww])e store\b", r"\1e keep"), (r"\bget\b", "receive"),
)  # fmt: skip
_SPELLING = (
    (r"\bpersonalis", "personaliz"), (r"\bhonor\b", "honour"), (r"\bcenter", "centre"), (r"\be-mail", "email"), (r"\banalys", "analyz"),
    (r"\borganis", "organiz"), (r"\bbehavior", "behaviour"), (r"\bwebsite", "web site"), (r"\bdatabase\b", "data base"), (r"\bhelp desk\b", "helpdesk"),
)  # fmt: skip
_CONTRACTIONS = (
    (r"\bdo not\b", "don't"), (r"\bdoes not\b", "doesn't"), (r"\bwill not\b", "won't"), (r"\bwe will\b(?! not)", "we'll"), (r"\bWe will\b(?! not)", "We'll"),
    (r"\bcannot\b", "can't"), (r"\bwe are\b", "we're"), (r"\bit is\b", "it's"), (r"\bthat is\b", "that's"),
)  # fmt: skip
_TENSES = (
    (r"\bWe have been\b", "We were"), (r"\bis updated\b", "will be updated"), (r"\bdescribes\b", "explains"), (r"\btells you\b", "explains to you"),
    (r"\bhave bought\b", "bought"), (r"\bwrite to\b", "contact"), (r"\bwhen you visit\b", "as you visit"), (r"\bWhen you\b", "Whenever you"), (r"\bWhile you\b", "As you"),
)  # fmt: skip

EDITS: dict[str, Edit] = {
    "section_moved": section_moved,
    "bullets_to_prose": bullets_to_prose,
    "prose_to_bullets": prose_to_bullets,
    "vendor_renamed": _renamed("vendor", "other"),
    "term_renamed": _renamed("data", "other_data"),
    "curly_quotes": curly_quotes,
    "dates_moved": dates_moved,
    "list_reordered": _shuffled("list"),
    "table_reordered": _shuffled("table"),
    "link_targets": link_targets,
    "headings_numbered": headings_numbered,
    "contents_added": contents_added,
    "sentences_merged": sentences_merged,
    "paragraph_doubled": paragraph_doubled,
    "statistics_updated": statistics_updated,
    "spacing_changed": spacing_changed,
    "heading_reworded": heading_reworded,
    "boilerplate_added": boilerplate_added,
    "synonyms": _swaps(_SYNONYMS, 3),
    "spelling": _swaps(_SPELLING, 4),
    "contractions": _swaps(_CONTRACTIONS, 4),
    "tenses": _swaps(_TENSES, 2),
    "punctuation": _everywhere(lambda text: re.sub(r", (and|or) ", r" \1 ", text)),
    "mail_hidden": _everywhere(lambda text: re.sub(r"[\w.+-]+@[\w.-]+\w", "[email protected]", text)),
    "emphasis": _everywhere(lambda text: re.sub(r"\b(not|never)\b", r"**\1**", text)),
}
"""Cosmetic edits by kind."""
