"""Which texts and clauses the rules can read.

English ones. Others are compared as text and said not to be interpreted.
"""

from __future__ import annotations

from monitor.meaning.reading import read
from monitor.model import ClauseChange, Extraction

_SMALL = frozenset(
    (
        "the of and to in a is that for it as with on by this be are or from at we you your our not have "
        "has may which will if any when use us such can all other these an about how no do their they "
        "data information personal"
    ).split()
)
_ENOUGH = 8  # words of a clause whose language can be told
_NAMES = {
    "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "sv":
    "Swedish",
    "da": "Danish", "no": "Norwegian", "fi": "Finnish", "pl": "Polish", "cs": "Czech", "hu": "Hungarian", "ro":
    "Romanian",
    "tr": "Turkish", "id": "Indonesian", "ja": "Japanese", "ko": "Korean", "zh": "Chinese", "ru": "Russian", "el":
    "Greek",
    "he": "Hebrew", "ar": "Arabic", "th": "Thai", "hi": "Hindi",
}  # fmt: skip


def foreign(before: Extraction, after: Extraction) -> bool:
    """Whether the texts are in a language that the rules cannot read."""
    return after.language not in {"en", ""} or before.language not in {"en", ""}


def note(before: Extraction, after: Extraction) -> tuple[str, ...]:
    """What to say of texts in another language."""
    if not foreign(before, after):
        return ()
    code = after.language if after.language not in {"en", ""} else before.language
    return (f"The text is in {_NAMES.get(code, code)}: compared as text, not interpreted.",)


def foreign_clause(change: ClauseChange) -> bool:
    """Whether a clause is long enough to tell and has none of the words that English cannot do without."""
    clause = change.after or change.before
    if clause is None:
        return False
    words = read(clause.text).words
    return len(words) >= _ENOUGH and not _SMALL.intersection(words) and clause.kind == "sentence"
