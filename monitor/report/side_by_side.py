"""A comparison as markup: made by hand, because a page may hold twenty thousand clauses."""

from __future__ import annotations

from markupsafe import Markup, escape

from monitor.report.markup import ours, paragraphs, parts
from monitor.report.rows import Cell, Comparison, Fold, Row
from monitor.report.wording import plural

_MARKS = {
    "added": "+ added",
    "removed": "− removed",
    "reworded": "~ reworded",
    "moved-here": "⇅ moved here",
    "moved-away": "⇅ moved away",
}
_ENDS = {"moved-here": "from there", "moved-away": "to there"}


def side_by_side(comparison: Comparison) -> Markup:
    """Rows and folds under their headings, and what was left out."""
    made: list[str] = []
    for section in comparison.sections:
        name = "section" if section.path else "div"
        made.append(f'<{name} class="sec">\n')
        if section.path:
            made.append(f"<h3>{escape(' › '.join(section.path))}</h3>\n")
        made.extend(_row(item) if isinstance(item, Row) else _fold(item) for item in section.items)
        made.append(f"</{name}>\n")
    if comparison.left_out:
        made.append(
            f'<p class="notice">{plural(comparison.left_out, "changed clause")} more would make this page too large. '
            "<code>policy-monitor show</code> prints every one of them.</p>\n"
        )
    return ours("".join(made))


def _row(row: Row) -> str:
    cell = row.after or row.before
    if cell is None:
        return ""
    anchor = escape(cell.anchor)
    style = f"row {row.kind}{' noise' if row.materiality == 'noise' else ''}{' inl' if row.inline else ''}"
    link = f' <a href="#{escape(row.link)}">{_ENDS.get(row.kind, "")}</a>' if row.link else ""
    return (
        f'<div class="{style}" id="{anchor}" tabindex="-1">\n'
        f'<p class="mark"><a href="#{anchor}" title="A link to this clause that stays">{_MARKS[row.kind]}</a>{link}'
        f"{_why(row)}</p>\n{_sides(row)}</div>\n"
    )


def _why(row: Row) -> str:
    if row.materiality == "substantive" or row.kind not in {"added", "removed", "reworded"}:
        return ""
    reason = f": {escape(row.reason)}" if row.reason else ""
    return f' <span class="why">{escape(row.materiality)}{reason}</span>'


def _sides(row: Row) -> str:
    if row.before and row.after:  # reworded; its row has the new text's name, so the old text's stands on its side
        inline = f'<div class="i"><p>{parts(row.inline)}</p></div>\n' if row.inline else ""
        return _side("b", row.before, name=row.before.anchor) + _side("a", row.after) + inline
    if row.after:
        return _side("a", row.after, mark="ins" if row.kind == "added" else "")
    return _side("b", row.before, mark="del" if row.kind == "removed" else "") if row.before else ""


def _side(side: str, cell: Cell, *, mark: str = "", name: str = "") -> str:
    place = f' id="{escape(name)}"' if name else ""
    text = f"<{mark}>{parts(cell.parts)}</{mark}>" if mark else parts(cell.parts)
    return f'<div class="{side}"{place}><p>{text}</p></div>\n'


def _fold(fold: Fold) -> str:
    if fold.open:
        return f'<div class="ctx">\n{paragraphs(fold.lines)}</div>\n'
    left = ""
    if fold.left_out:
        left = (
            f'<p class="why">{plural(fold.left_out, "clause")} unchanged and not on this page, which would be too '
            "large: the page of the version’s text has all of them.</p>\n"
        )
    return (
        f'<details class="fold"><summary>{plural(fold.count, "clause")} unchanged</summary>\n'
        f"{paragraphs(fold.lines)}{left}</details>\n"
    )
