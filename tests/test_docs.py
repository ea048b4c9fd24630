"""The pages people read: links lead somewhere, commands and options exist, nothing speaks of one machine."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from monitor.cli import VERBS, cli

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|[`\s])policy-monitor ([^`\n|]*)", re.MULTILINE)


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            assert anchor in anchors(path), target


def commands() -> list[tuple[str, str]]:
    return [(ids(page), line.strip()) for page in PAGES for line in COMMAND.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "line"), commands())
def test_commands_and_options_exist(page: str, line: str) -> None:
    try:
        words = shlex.split(line.split("  #", maxsplit=1)[0].rstrip("."), comments=True)
    except ValueError:
        words = line.split()
    while words and words[0].startswith("--"):  # options of the whole command
        words = words[2:] if words[0] == "--root" else words[1:]
    if not words or not re.fullmatch(r"[a-z]+", words[0]):
        return
    if words[0] not in VERBS:
        assert words[0] in {"is", "as", "and", "does", "needs", "verb", "in", "from", "to", "can", "never", "rsync"}, (
            f"{page}: {line}"
        )
        return
    with click.Context(cli) as context:
        command = cli.get_command(context, words[0])
    assert command
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]} | {"--help"}
    for word in words[1:]:
        option = word.rstrip(".,;:)").partition("=")[0]
        if re.fullmatch(r"--[a-z][a-z-]*", option):
            assert option in known, f"{page}: {line}: {option}"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    with click.Context(cli) as context:
        command = cli.get_command(context, verb)
    assert command
    assert command.help
    assert command.help.strip()[0].isupper()
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_pages_speak_of_no_single_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "/tmp/" not in text
    assert "/home/" not in text
