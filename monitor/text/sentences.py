"""Where sentences end in a line of text, in English, German, French and the like."""

from __future__ import annotations

import re

# A possible end: the mark, what closes after it, space, and the start of what could be a new sentence.
_CANDIDATE = re.compile(r"[.!?…。！？][\"'”’»)\]*_]{0,4}(?:[ \n]+|(?<=[。！？]))(?=\S)")
_OPENING = "([“\"„«*_"
_LONGEST = 24  # characters of an abbreviation
_LAST = re.compile(r".*[-'’/]")
_OPENS = re.compile(r"[\"'“‘„«(\[*_¿¡]{0,5}")

_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie etc cf vs al mr mrs ms dr prof st no nos art arts sec sect para fig app inc ltd co corp llc l.l.c plc pty "
    "p.o pvt bv b.v n.v s.a s.l s.r.l sarl gmbh ag u.s u.k e.u u.s.a u.s.c c.f.r a.m p.m jr sr dept approx ave blvd bldg rd ste fl tel "
    "attn ext vol ed eds pp p ph.d d.c jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri viz incl excl "
    # German
    "z.b z b bzw ggf gem abs lit nr s ziff vgl u.a u a d.h d h i.s.d i.d.r i.v.m v.a inkl bspw sog usw evtl ca str hr fr "
    "zzgl mind max min s.o s.u f ff i d r v m "
    # French, Spanish, Italian, Dutch
    "p.ex ex av env réf n° al. c.-à-d m mme mlle ss p.ej sra sres dña núm art.º pág ecc es sig dott bijv d.w.z enz o.a "
    "nl m.b.t".split()
)
# After these a new sentence may start, when the next word says so.
_MAY_END = frozenset(
    "etc inc ltd co corp llc l.l.c plc u.s u.k e.u u.s.a a.m p.m gmbh ag usw enz ecc s.a b.v jr sr al".split()
)
_STARTERS = frozenset(
    "we our the this these those if you your in for to when where however please such it they that a an any all as by "
    "with under upon once from on at other some there their additionally although unless while who which what how why "
    "wir sie die der das diese dieser bei wenn ihre unsere für nous vous les le la si ces cette notre nos votre pour".split()
)
_MONTHS = frozenset(
    "januar februar märz april mai juni juli august september oktober november dezember "
    "jänner jan feb mär apr jun jul aug sep okt nov dez".split()
)


_NOTHING = " *_([\"'“-#>"


def boundaries(text: str) -> list[int]:
    """Offsets at which a new sentence starts, without 0, in order."""
    found: list[int] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        if _ends(text, start, match.start(), match.end()):
            start = match.end()
            found.append(start)
    return found


def _ends(text: str, start: int, mark: int, after: int) -> bool:
    """Whether the mark at ``mark`` ends the sentence that began at ``start``; ``after`` is where the next would begin."""
    opens = _OPENS.match(text, after)
    first = opens.end() if opens else after
    following = text[first : first + 1]
    if not following or following.islower():
        return False
    if text[mark] != ".":
        return True
    begin = max(text.rfind(" ", start, mark), text.rfind("\n", start, mark), start - 1) + 1
    word = text[begin:mark].lstrip(_OPENING).lower().rstrip(".\\")
    if not word or len(word) > _LONGEST:
        return True
    if _is_number(word) and not text[start:begin].strip(_NOTHING):
        return False  # "1. Who we are", "a. …", "iv. …": a number before its sentence
    next_word = _next_word(text, first)
    if word.isdigit():
        return not (len(word) <= 2 and next_word in _MONTHS)  # "am 25. Mai 2018"
    last = _LAST.sub("", word)  # "EU-U.S.", "l'art."
    if len(last) == 1 and last.isalpha():
        return False  # an initial, or "z. B."
    if last in _MAY_END:
        return next_word in _STARTERS
    return last not in _ABBREVIATIONS


def _is_number(word: str) -> bool:
    """Whether a word numbers a paragraph: 1, 2.3, a, iv."""
    return len(word) <= 6 and (word.replace(".", "").isdigit() or len(word) == 1 or set(word) <= set("ivxl"))


def _next_word(text: str, at: int) -> str:
    end = at
    limit = min(len(text), at + 30)
    while end < limit and (text[end].isalnum() or text[end] in "’'"):
        end += 1
    return text[at:end].lower()
