"""What is said about a change, as plain text for a terminal or as Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.model import Assessment, ClauseChange, Finding
from monitor.report.wording import CLAUSE_KINDS, DIRECTIONS, NOVELTY, SEVERITY_RANK, plural, quoted, telling_value

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&!])")
_SPACE = re.compile(r"\s+")
_GROUPS = ("worse", "mixed", "better", "neutral", "unclear")
_HEADS = {
    "worse": "Worse for people",
    "mixed": "Mixed",
    "better": "Better for people",
    "neutral": "Neutral",
    "unclear": "Unclear",
    "unclassified": "Unclassified: no rule can say what it means",
}


def assessment_text(
    title: str,
    assessment: Assessment,
    *,
    markdown: bool = False,
    width: int = 100,
    clauses: bool = True,
    apart: bool = False,
) -> str:
    """Everything that is said about a change: headline, findings with quotations, then each clause that differs.

    Plain text marks words as git does: ``[-gone-]`` and ``{+new+}``; Markdown strikes them and sets them bold.
    With ``apart`` they are two documents, of which neither was before the other.
    """
    sides = ("first", "second") if apart else ("before", "now")
    if not clauses:
        assessment = replace(assessment, clauses=())
    parts = _markdown(title, assessment, sides) if markdown else _plain(title, assessment, width, sides)
    return "\n".join(parts) + "\n"


def headline(assessment: Assessment) -> str:
    """Direction, severity and what else the first line must say, in a few words."""
    if assessment.materiality != "substantive":
        return {"noise": "noise: dates, links or punctuation only", "editorial": "editorial: no practice changed"}[
            assessment.materiality
        ]
    words = DIRECTIONS[assessment.direction][1]
    if assessment.severity != "none":
        words += f", severity {assessment.severity}"
    if assessment.silent:
        words += "; the date that the text gives itself did not move"
    return words


def groups(findings: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Findings under their headings, worse first, gravest first in each; what no rule could label comes last."""
    placed: dict[str, list[Finding]] = {name: [] for name in (*_GROUPS, "unclassified")}
    for finding in sorted(findings, key=lambda one: (-SEVERITY_RANK[one.severity], one.novelty != "new")):
        placed["unclassified" if finding.label == "unclassified" else finding.direction].append(finding)
    yield from ((_HEADS[name], found) for name, found in placed.items() if found)


def _plain(title: str, assessment: Assessment, width: int, sides: tuple[str, str]) -> Iterator[str]:
    def wrap(text: str, indent: str, first: str | None = None) -> str:
        return textwrap.fill(
            " ".join(text.split()), width, initial_indent=indent if first is None else first,
            subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip

    yield title
    yield headline(assessment)
    if assessment.summary:
        yield ""
        yield wrap(assessment.summary, "")
    for note in assessment.notes:
        yield wrap(note, "  ", "! ")
    for head, found in groups(assessment.findings):
        yield f"\n{head}"
        for finding in found:
            value = f": {told}" if (told := telling_value(finding)) else ""
            novelty = f"; {NOVELTY[finding.novelty]}" if NOVELTY[finding.novelty] else ""
            severity = "" if finding.severity == "none" else f" ({finding.severity})"
            yield wrap(f"{finding.label}{severity}{value}{novelty}", "      ", "  * ")
            if not quoted(finding):
                yield wrap(finding.summary, "    ")
            if finding.before:
                yield wrap(f"“{finding.before.quote}”", "            ", f"    {sides[0] + ':':<8}")
            if finding.after:
                yield wrap(f"“{finding.after.quote}”", "            ", f"    {sides[1] + ':':<8}")
    for old, new in assessment.renames:
        yield f"\nRenamed throughout: {old} → {new}"
    if assessment.transparency_summary:
        yield f"\n{wrap(assessment.transparency_summary, '')}"
    if assessment.clauses:
        yield f"\n{plural(len(assessment.clauses), 'clause')} differ{'s' if len(assessment.clauses) == 1 else ''}"
    section: tuple[str, ...] | None = None
    for clause in assessment.clauses:
        if clause.section != section:
            section = clause.section
            yield f"\n  {' › '.join(section) or '(before the first heading)'}"
        sign, word = CLAUSE_KINDS[clause.kind]
        quiet = "" if clause.materiality == "substantive" else f" [{clause.materiality}] "
        yield wrap(quiet + _marked(clause, "[-{}-]", "{{+{}+}}"), " " * 14, f"  {sign} {word:<9} ")


def _markdown(title: str, assessment: Assessment, sides: tuple[str, str]) -> Iterator[str]:
    yield f"## {escape(title)}"
    yield f"\n**{escape(headline(assessment))}**"
    if assessment.summary:
        yield f"\n{escape(assessment.summary)}"
    for note in assessment.notes:
        yield f"\n*{escape(note)}*"
    for head, found in groups(assessment.findings):
        yield f"\n### {head}\n"
        for finding in found:
            value = f": {escape(told)}" if (told := telling_value(finding)) else ""
            said = "" if quoted(finding) else f". {escape(finding.summary)}"
            yield f"* **{escape(finding.label)}** ({finding.severity}){value}{said}"
            if finding.before:
                yield f"  * {sides[0]}: “{escape(finding.before.quote)}”"
            if finding.after:
                yield f"  * {sides[1]}: “{escape(finding.after.quote)}”"
    for old, new in assessment.renames:
        yield f"\nRenamed throughout: {escape(old)} → {escape(new)}"
    if assessment.transparency_summary:
        yield f"\n{escape(assessment.transparency_summary)}"
    if assessment.clauses:
        yield "\n### Clauses\n"
    for clause in assessment.clauses:
        where = escape(" › ".join(clause.section))
        yield f"* {CLAUSE_KINDS[clause.kind][1]}{f' in {where}' if where else ''}: {_marked_markdown(clause)}"
    yield ""


def _marked(clause: ClauseChange, gone: str, new: str) -> str:
    if clause.words:
        form = {"=": "{}", "-": gone, "+": new}
        return "".join(form[op].format(piece) for op, piece in clause.words)
    text = clause.after or clause.before
    said = text.text if text else ""
    return gone.format(said) if clause.kind == "removed" else new.format(said) if clause.kind == "added" else said


def _marked_markdown(clause: ClauseChange) -> str:
    def mark(op: str, piece: str) -> str:
        inner = piece.strip()
        before = " " if piece[:1].isspace() else ""
        after = " " if piece[-1:].isspace() and inner else ""
        sign = {"=": "", "-": "~~", "+": "**"}[op] if inner else ""
        return f"{before}{sign}{escape(inner)}{sign}{after}"

    if clause.words:
        return "".join(mark(op, piece) for op, piece in clause.words)
    text = clause.after or clause.before
    return mark({"removed": "-", "added": "+"}.get(clause.kind, "="), text.text if text else "")


def escape(text: str) -> str:
    """Outside text as literal Markdown on one line: no link, image, heading or HTML comes out of it."""
    return _SPECIAL.sub(r"\\\1", _SPACE.sub(" ", text).strip())
