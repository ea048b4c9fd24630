"""Whether a text shows the policy, or a wall, a login, an error or another page. Reads ``walls.toml``.

Two kinds of evidence: signatures (phrases of walls, with a bound on the page's length) and measures (what a policy says
of itself, how much of the version before is left, links per word, redirects). A signature's id, not the text, names the
trouble, so a wall with a new request id at each visit is the same wall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.model import ExtractOptions, Page, Verdict
from monitor.text import language
from monitor.text.dates import stated_dates
from monitor.text.html import HtmlText
from monitor.text.normalise import fold
from monitor.text.signatures import Signature, knowledge

_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,3000}\)")
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?。！？](?=\s|$)")
_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:index\.\w{2,5}|home|default\.aspx?)?/?", re.IGNORECASE)
_SHINGLE = 4
_READ = 200_000  # characters that are searched for phrases
_SPAM_PHRASES = 3
_SPAM_TIMES = 5
_MANY = 8  # markers; the text is plainly such a policy


@dataclass(frozen=True, slots=True)
class Measures:
    """What a verdict is judged by, besides signatures."""

    words: int
    markers: int | None  # how many different phrases of such a policy it holds; None: its language has no list
    kept: float | None = None  # share of the version before that is still there; None without one
    known: float = 0.0  # share of this text that stood in the version before
    before_words: int = 0
    link_share: float = 0.0  # share of the words that are links
    sentences: int = 0
    newer: bool = False  # it states a later date than the version before
    bare: bool = False  # no web page but a file of text, which somebody chose
    shell: bool = False  # hardly any words, but scripts
    moved_home: bool = False  # a redirect from a deeper address to the site's front page
    spam: tuple[str, ...] = ()  # phrases of advertising that the version before had not
    language: str = ""
    before_language: str = ""


def measure(text: str, pages: Sequence[Page], html: Sequence[HtmlText], *, previous: str | None, kind: str) -> Measures:
    """The measures of a normalised text."""
    tongue = language.detect(text)
    kept, known = overlap(previous, text) if previous else (None, 0.0)
    words = count(text)
    lower = text[:_READ].lower()
    return Measures(
        words=words,
        markers=markers(lower, kind, tongue),
        kept=kept,
        known=known,
        before_words=count(previous) if previous else 0,
        link_share=sum(count(match.group(1)) for match in _LINK.finditer(text)) / max(1, words),
        sentences=len(_SENTENCE.findall(text)),
        bare=bool(pages) and not html,
        shell=bool(html) and all(page.shell for page in html),
        moved_home=any(_moved_home(page) for page in pages),
        spam=_spam(lower, previous or ""),
        newer=bool(previous) and _newer(previous or "", text),
        language=tongue,
        before_language=language.detect(previous) if previous else "",
    )


def judge(
    text: str,
    measures: Measures,
    *,
    title: str = "",
    options: ExtractOptions | None = None,
    previous: str | None = None,
) -> Verdict:
    """The verdict on a normalised text with its measures."""
    options = options or ExtractOptions()
    if not measures.words:
        if measures.shell:
            return Verdict("script-shell", "the page is an empty shell that scripts would fill", "script-shell")
        return Verdict("empty", "the page holds no text", "no-text")
    if len(measures.spam) >= _SPAM_PHRASES and (measures.kept is not None or (measures.markers or 0) < 8):
        return Verdict("spam", f"advertising was injected: {', '.join(dict.fromkeys(measures.spam))}", "spam")
    if measures.kept is None or measures.kept < 0.5:
        found = _signature(text, title, measures)
        if found:
            return Verdict(found.kind, found.reason, found.id)
    if measures.shell and measures.words < 60:
        return Verdict("script-shell", "the page is an empty shell that scripts would fill", "script-shell")
    return _language(measures, options) or _against_before(measures) or _alone(measures) or Verdict("policy")


def _signature(text: str, title: str, measures: Measures) -> Signature | None:
    """The first signature that fits."""
    known = knowledge()
    if measures.words > known.longest:
        return None
    key = fold(f"{title}\n{text}")
    return next((each for each in known.signatures if each.fits(key, measures.words, measures.markers or 0)), None)


def _language(measures: Measures, options: ExtractOptions) -> Verdict | None:
    """Another language than declared, or than the version before."""
    wanted = (options.language or measures.before_language).partition("-")[0]
    if not wanted or not measures.language or measures.language == wanted or measures.words < 60:
        return None
    return Verdict(
        "other-language", f"the text is in {measures.language!r}, not {wanted!r}", f"language-{measures.language}"
    )


def _against_before(measures: Measures) -> Verdict | None:
    """What is only visible beside the version before."""
    if measures.kept is None:
        return None
    if measures.kept >= 0.5:
        return Verdict("policy")
    if measures.moved_home and measures.kept < 0.3:
        return Verdict("home", "the address now leads to the site's front page", "moved-home")
    left = measures.words / max(1, measures.before_words)
    if left < 0.6 and measures.known > 0.8 and measures.before_words >= 150 and not measures.newer:
        reason = f"only {measures.kept:.0%} of the version before is left, and hardly anything else"
        return Verdict("fragment", reason, "fragment")
    if left < 0.2 and measures.kept < 0.2 and measures.before_words >= 400:
        reason = f"{measures.words} words where there were {measures.before_words}, and hardly one of those"
        return Verdict("stub", reason, "shrunk")
    return None


def _alone(measures: Measures) -> Verdict | None:
    """What the text shows by itself."""
    few = measures.markers is not None and measures.markers < 3
    thin = measures.markers is not None and measures.markers < 6
    if measures.moved_home and thin:
        return Verdict("home", "the address leads to the site's front page", "moved-home")
    if measures.link_share > 0.5 and measures.words < 2000 and (thin or measures.sentences < 8):
        return Verdict("hub", f"{measures.link_share:.0%} of the words are links to other pages", "hub")
    if measures.bare and measures.words >= 20:
        return None
    if measures.words < 40 or (measures.words < 120 and few and measures.sentences < 6):
        return Verdict("stub", f"the page says too little to be a policy: {measures.words} words", "few-words")
    if thin and measures.words < 600 and measures.sentences * 40 < measures.words:
        return Verdict("hub", "the page is a list of topics, not a text", "topics")
    if few and measures.words >= 120:
        kind = "home" if measures.link_share > 0.15 else "stub"
        return Verdict(kind, "the page does not speak of what such a policy speaks of", "off-topic")
    return None


def _newer(before: str, after: str) -> bool:
    """Whether the text states a later date of itself."""
    old, new = stated_dates(before), stated_dates(after)
    return any(was and now and now > was for was, now in ((old.updated, new.updated), (old.effective, new.effective)))


def count(text: str) -> int:
    """How many words a text has; a character of a script without spaces counts as half a word."""
    words = len(text.split())
    if text.isascii():
        return words
    return max(words, (len(text.encode("utf-8", "replace")) - len(text)) // 4)


def _spam(lower: str, previous: str) -> tuple[str, ...]:
    """Advertising that the version before had not; a word that comes again and again counts as often as it takes."""
    known = knowledge()
    if not any(word in lower for word in known.spam_words):
        return ()
    often = [word for word in known.spam_often if lower.count(word) >= _SPAM_TIMES]
    found = [phrase for phrase in known.spam if phrase in lower] + often * _SPAM_PHRASES
    before = previous[:_READ].lower() if found else ""
    return tuple(phrase for phrase in found if phrase not in before)


def markers(lower: str, kind: str, tongue: str) -> int | None:
    """How many different phrases of a policy of that kind stand in the lower-case text; None when the language has no list."""
    known = knowledge().markers
    key = lower.replace("’", "'")
    best: int | None = None
    for group in ("terms",) if kind == "terms" else ("privacy", "terms"):
        phrases = known[group].get(tongue)
        if phrases and (best is None or best < _MANY):
            best = max(best or 0, sum(phrase in key for phrase in phrases))
    return best


def overlap(before: str, after: str) -> tuple[float, float]:
    """Share of the first text's word sequences that stand in the second, and the other way round."""
    old, new = _shingles(before), _shingles(after)
    if not old or not new:
        return (1.0, 1.0) if old == new else (0.0, 0.0)
    common = len(old & new)
    return common / len(old), common / len(new)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    if len(words) < _SHINGLE:
        return {tuple(words)} if words else set()
    return set(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


def _moved_home(page: Page) -> bool:
    """Whether a redirect led from a deeper address to a front page."""
    if not page.final_url or not page.url or page.final_url == page.url:
        return False
    try:
        asked, given = urlsplit(page.url), urlsplit(page.final_url)
    except ValueError:
        return False
    return not _HOME.fullmatch(asked.path) and bool(_HOME.fullmatch(given.path)) and not given.query
