"""How open a document's versions are, over time: small charts and the comparison of two versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.model import Transparency
from monitor.report.views import Measured
from monitor.report.wording import day

_WIDTH, _HEIGHT, _PAD = 220, 60, 6


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure over the versions. ``points`` is an SVG polyline; ``values`` are ready to print."""

    name: str
    first: str
    last: str
    points: str
    dots: tuple[tuple[float, float, str], ...]
    values: tuple[str, ...]
    days: tuple[date, ...]


def _disclosed(measures: Transparency) -> float:
    return sum(1 for disclosure in measures.disclosures if disclosure.present)


_MEASURES: tuple[tuple[str, Callable[[Transparency], float], str], ...] = (
    ("Words", lambda t: t.words, "{:,.0f}"),
    ("Minutes to read", lambda t: t.reading_minutes, "{:.0f}"),
    ("Reading ease", lambda t: t.readability, "{:.0f}"),
    ("Vague terms per 1,000 words", lambda t: t.vague_per_1000, "{:.1f}"),
    ("Recipients named", lambda t: len(t.named_recipients), "{:.0f}"),
    ("Retention periods given", lambda t: len(t.durations), "{:.0f}"),
    ("Disclosures a law asks for", _disclosed, "{:.0f}"),
)


def charts(measured: Sequence[Measured]) -> tuple[Chart, ...]:
    """A chart for each measure that is known; () for fewer than two versions."""
    if len(measured) < 2:
        return ()
    made = []
    times = [one.version.seen_at.timestamp() for one in measured]
    span = max(times) - min(times) or 1.0
    for name, measure, form in _MEASURES:
        values = [float(measure(one.transparency)) for one in measured]
        low, high = min(values), max(values)
        if not high:
            continue
        scale = high - low or 1.0
        places = [
            (
                round(_PAD + (_WIDTH - 2 * _PAD) * (time - times[0]) / span, 1),
                round(_HEIGHT - _PAD - (_HEIGHT - 2 * _PAD) * (value - low) / scale, 1) if high > low else _HEIGHT / 2,
            )
            for time, value in zip(times, values, strict=True)
        ]
        texts = [form.format(value) for value in values]
        days = tuple(one.version.seen_at.date() for one in measured)
        made.append(
            Chart(
                name=name,
                first=texts[0],
                last=texts[-1],
                points=" ".join(f"{x},{y}" for x, y in places),
                dots=tuple((x, y, f"{day(on)}: {text}") for (x, y), on, text in zip(places, days, texts, strict=True)),
                values=tuple(texts),
                days=days,
            )
        )
    return tuple(made)


def measures(before: Transparency, after: Transparency) -> tuple[tuple[str, str, str], ...]:
    """The measures of two versions side by side, without those that neither has."""
    return tuple(
        (name, form.format(measure(before)), form.format(measure(after)))
        for name, measure, form in _MEASURES
        if measure(before) or measure(after)
    )
