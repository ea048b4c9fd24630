"""What a publication remembers of texts and times while it lasts; a daemon that kept it would grow with the history."""

from __future__ import annotations

from monitor.compare import plain
from monitor.meaning import context, reading
from monitor.report import anchors, marks, markup, paths, wording

REMEMBERED = (
    markup.said,
    markup.paragraph,
    markup.web_link,
    anchors.anchor,
    marks.when,
    marks.digest,
    marks.address,
    paths.safe,
    wording.day,
    wording.day_iso,
    wording.moment,
    wording.iso,
    plain.words,
    reading.read,
    context.subject_of,
)


def forget() -> None:
    """Drop all of it. Within a publication the same texts come again and again; after it they only take memory."""
    for cached in REMEMBERED:
        cached.cache_clear()
