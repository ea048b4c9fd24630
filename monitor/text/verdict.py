"""Whether a text shows the policy, or a wall, a login, an error or another page. Reads ``walls.toml``.

Two kinds of evidence: signatures (phrases of walls, with a bound on the page's length) and measures (what a policy says
of itself, how much of the version before is left, links per word, redirects). A signature's id, not the text, names the
trouble, so a wall with a new request id at each visit is the same wall.
"""

from __future__ import annotations

from monitor.model import ExtractOptions, Verdict, VerdictKind
from monitor.text.measures import SPAM_PHRASES, Measures
from monitor.text.normalise import fold
from monitor.text.signatures import Signature, knowledge

_LISTS = frozenset({"subprocessors", "transparency"})  # kinds of document that may be nothing but links


def judge(text: str, measures: Measures, *, title: str = "", options: ExtractOptions | None = None) -> Verdict:
    """The verdict on a normalised text with its measures."""
    options = options or ExtractOptions()
    if not measures.words:
        if measures.shell:
            return Verdict("script-shell", "the page is an empty shell that scripts would fill", "script-shell")
        return Verdict("empty", "the page holds no text", "no-text")
    if len(measures.spam) >= SPAM_PHRASES and (measures.kept is not None or (measures.markers or 0) < 8):
        return Verdict("spam", f"advertising was injected: {', '.join(dict.fromkeys(measures.spam))}", "spam")
    if measures.kept is None or measures.kept < 0.5:
        found = _signature(text, title, measures)
        if found:
            return Verdict(found.kind, found.reason, found.id)
    if measures.shell and measures.words < 60:
        return Verdict("script-shell", "the page is an empty shell that scripts would fill", "script-shell")
    return (
        _language(measures, options)
        or _against_before(measures)
        or _alone(measures, of_prose=options.kind not in _LISTS)
        or Verdict("policy")
    )


def _signature(text: str, title: str, measures: Measures) -> Signature | None:
    """The first signature that fits."""
    known = knowledge()
    if measures.words > known.longest:
        return None
    key = fold(f"{title}\n{text}")
    first = [fold(line.lstrip("# ")) + " " for line in (title, *text.split("\n", 8)[:8])]
    markers = measures.markers or 0
    return next((each for each in known.signatures if each.fits(key, first, measures.words, markers)), None)


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


def _alone(measures: Measures, *, of_prose: bool) -> Verdict | None:
    """What the text shows by itself."""
    few = measures.markers is not None and measures.markers < 3
    thin = measures.markers is not None and measures.markers < 6
    if measures.moved_home and thin:
        return Verdict("home", "the address leads to the site's front page", "moved-home")
    unlike = of_prose and (measures.sentences < 8 or measures.link_share > 0.7)
    if measures.link_share > 0.5 and measures.words < 2000 and (thin or unlike):
        return Verdict("hub", f"{measures.link_share:.0%} of the words are links to other pages", "hub")
    if measures.bare and measures.words >= 20:
        return None
    if measures.words < 40 or (measures.words < 120 and few and measures.sentences < 6):
        return Verdict("stub", f"the page says too little to be a policy: {measures.words} words", "few-words")
    if thin and measures.words < 600 and measures.sentences * 40 < measures.words:
        return Verdict("hub", "the page is a list of topics, not a text", "topics")
    if few and measures.words >= 120:
        kind: VerdictKind = "home" if measures.link_share > 0.15 else "stub"
        return Verdict(kind, "the page does not speak of what such a policy speaks of", "off-topic")
    return None
