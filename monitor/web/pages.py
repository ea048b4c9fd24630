"""The door's pages from the package's templates: everything escaped, nothing that needs a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.alerts.wording import DAYS, rhythm_words, wish
from monitor.model import Subscription, Watchlist
from monitor.report.environment import static
from monitor.report.wording import FAMILIES, document_kind, plural
from monitor.web.forms import Form

_HERE = Path(__file__).parent
MANY_VENDORS = 60  # vendors to tick; beyond that one is asked to type their ids


@dataclass(frozen=True, slots=True)
class Choices:
    """What the sign-up offers to tick, as (value, name)."""

    vendors: tuple[tuple[str, str], ...]
    families: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, watchlist: Watchlist) -> Choices:
        """What a watchlist and the taxonomy offer."""
        kinds = sorted({document.kind for document in watchlist.documents})
        return cls(
            vendors=tuple(sorted(((one.id, one.name) for one in watchlist.vendors), key=lambda pair: pair[1].lower())),
            families=tuple((family, name) for family, name in FAMILIES.items() if family != "unclassified"),
            kinds=tuple((kind, document_kind(kind)) for kind in kinds),
        )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(DAYS=DAYS, wish=wish, rhythm_words=rhythm_words, plural=plural)
    return made


@cache
def zones() -> tuple[str, ...]:
    """Time zones to choose from: those named after places, and UTC."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


@cache
def stylesheet() -> bytes:
    """The report's own style, and a few rules for forms."""
    return static("style.css") + (_HERE / "door.css").read_bytes()


def render(template: str, *, title: str, root: str, **view: object) -> bytes:
    """A page as bytes; ``root`` leads from it to the site's root (``"../"`` one level down)."""
    page = _environment().get_template(template)
    return page.render(title=title, root=root, **view).encode("utf-8", "replace")


def sign_up(
    *,
    title: str,
    choices: Choices,
    form: Form,
    token: str,
    problems: Sequence[tuple[str, str]] = (),
    samples: Sequence[tuple[str, str]] | None = None,
) -> bytes:
    """The sign-up, as it was filled in; with what is wrong, or with an example of what would have been sent."""
    return render(
        "subscribe.html",
        title=title,
        root="",
        choices=choices,
        many=len(choices.vendors) > MANY_VENDORS,
        form=form,
        token=token,
        problems=problems,
        samples=samples,
        zones=zones(),
    )


def manage(*, title: str, subscriptions: Sequence[Subscription], address: str, said: str = "") -> bytes:
    """What an address gets, each with a form to change or end it."""
    return render(
        "manage.html",
        title=title,
        root="../",
        subscriptions=subscriptions,
        address=address,
        said=said,
        zones=zones(),
    )


def note(
    *, title: str, root: str, heading: str, lines: Sequence[str], button: str = "", button_value: str = ""
) -> bytes:
    """A page that says something, perhaps with the one button that does what it says."""
    return render("note.html", title=title, root=root, heading=heading, lines=lines, button=button, value=button_value)
