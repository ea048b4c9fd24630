"""The pictures of docs/mail.md and docs/serve.md: a real alert, a real digest, the door, of invented vendors.

    python benchmarks/mail_pictures.py docs/images

Every mail goes through the ledger, a mail server on loopback and a mail parser before Chromium shows it.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from chromium import chromium
from door import Served, raw, served
from mailing import event, finding, html_of, parsed

from monitor.model import DocumentKey, Event

SALE = finding(
    summary="No longer promises not to sell personal data; says a sale is possible “where the law allows it”.",
    before="We do not sell your personal data, and we never will.",
    after="Where the law of your country allows it, we may transfer personal data to advertising partners for value.",
    section=("Who we share data with",),
)
TRAINING = replace(
    finding(
        "purpose.ai_training",
        summary="Now says that recordings of calls may be used to train models.",
        before=None,
        after="Recordings of your calls may be used to train and improve our speech models.",
        section=("How we use data", "Improvement"),
    ),
    action="added",
)
KEEPING = finding(
    "retention",
    severity="low",
    direction="better",
    summary="Log files are deleted after 30 days instead of 90.",
    before="Log files are kept for 90 days.",
    after="Log files are deleted after 30 days.",
    section=("How long we keep data",),
)


def happenings() -> tuple[Event, ...]:
    """What the invented vendors did."""
    return (
        event(
            "umbrella",
            direction="mixed",
            summary="Umbrella may now sell personal data and train models on calls; log files go sooner.",
            findings=(SALE, TRAINING, KEEPING),
        ),
        event(
            "hooli",
            direction="better",
            severity="low",
            summary="Hooli deletes log files sooner.",
            findings=(KEEPING,),
        ),
        event(
            "globex",
            "promise",
            severity="medium",
            summary="A pinned promise is gone: “We do not read your messages.”",
            findings=(),
        ),
    )


def newest(door: Served) -> str:
    """The HTML of the last mail that the server took."""
    return html_of(parsed(raw(door.postbox)))


def main(folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as root, served(Path(root)) as door, chromium() as browser:
        door.room.reader("ann@reader.example", labels=("share", "purpose.ai_training"))
        for vendor in ("umbrella", "hooli", "globex"):
            door.room.see(None, key=DocumentKey(vendor, "privacy-policy"), text="An earlier text.")
        door.room.clock.forward(days=40)
        door.room.see(happenings()[0])
        door.room.deliver()
        alert = newest(door)
        door.room.reader("bob@reader.example", every="weekly", zone="Europe/Berlin")
        for one in happenings():
            door.room.see(one, text=f"{one.summary} A text that differs.")
        door.room.clock.forward(days=8)
        door.room.deliver(within=timedelta(minutes=1))
        digest = newest(door)

        def picture(name: str, *, width: int, scheme: str, html: str = "", path: str = "", click: str = "") -> None:
            page = browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
            if html:
                page.set_content(html)
            else:
                page.goto(f"http://127.0.0.1:{door.port}{path}")
            if click:
                page.click(click)
                page.wait_for_selector(".example")
            page.screenshot(path=folder / f"{name}.png", full_page=True)
            page.close()

        picture("mail-alert", width=720, scheme="light", html=alert)
        picture("mail-alert-phone", width=360, scheme="dark", html=alert)
        picture("mail-digest", width=720, scheme="light", html=digest)
        picture("door-subscribe", width=900, scheme="light", path="/subscribe", click="button[value=example]")
        picture("door-subscribe-phone", width=360, scheme="dark", path="/subscribe")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
