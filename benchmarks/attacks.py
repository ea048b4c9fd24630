"""What strangers may try with links and texts: forged tokens, and hostile texts in every slot of mail and feeds.

    python benchmarks/attacks.py [--tokens 100000] [--texts 500]

Exits 1 when a forged token opened anything, or when a browser that shows the mails and feeds ran a script or asked for
anything. The same texts unescaped do run and do ask, which shows that it would have been seen.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from besieged import AT, hostile_feed, hostile_mail, look
from chromium import chromium
from forgeries import forged
from mailing import KEYS, html_of, parsed
from payloads import payloads

from monitor.alerts.tokens import Purpose, Tokens

OTHERS: tuple[Purpose, ...] = ("confirm", "manage")


def tokens(count: int) -> bool:
    """Whether that many forged tokens open nothing, for whatever purpose they are shown."""
    made = Tokens(KEYS)
    good = made.grant("unsubscribe", (7,), "ann@reader.example", now=AT)
    began = time.perf_counter()
    accepted = sum(
        made.read("unsubscribe", token, now=AT) is not None
        for token in itertools.islice(forged(made, good, now=AT), count)
    )
    others = sum(made.read(purpose, good, now=AT) is not None for purpose in OTHERS)
    took = time.perf_counter() - began
    print(f"{count} forged tokens: {accepted} accepted; a good one for another purpose: {others} ({took:.1f} s)")
    return accepted == others == 0 and made.read("unsubscribe", good, now=AT) is not None


def entries(feed: bytes) -> str:
    """The page that a feed reader makes of a feed's entries."""
    found = ET.fromstring(feed).findall(".//{*}content")
    return "<!doctype html>" + "".join(entry.text or "" for entry in found)


def texts(count: int) -> bool:
    """Whether hostile texts in mails and feeds do nothing in a browser, and would if they were not escaped."""
    chosen = payloads(count)
    some = [chosen[at : at + 10] for at in range(0, len(chosen), 10)]
    feeds = [hostile_feed(one) for one in some]
    shown = {
        "mails": ([html_of(parsed(hostile_mail(one).raw)) for one in some], "text/html"),
        "feeds": ([one.decode() for one in feeds], "application/atom+xml"),
        "feeds as readers show them": ([entries(one) for one in feeds], "text/html"),
    }
    good = True
    with chromium() as browser:
        for what, (pages, kind) in shown.items():
            began = time.perf_counter()
            ran, asked, _ = look(browser, pages, kind)
            took = time.perf_counter() - began
            print(
                f"{len(chosen)} hostile texts in every slot of {what}: {len(ran)} scripts ran, {len(asked)} requests ({took:.1f} s)"
            )
            good = good and not ran and not asked
        ran, asked, _ = look(browser, [f"<!doctype html><p>{text}</p>" for text in chosen[:40]])
        print(f"negative control, {len(chosen[:40])} texts unescaped: {len(ran)} scripts ran, {len(asked)} requests")
    return good and bool(ran) and bool(asked)


def main() -> int:
    """Try everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--texts", type=int, default=500)
    chosen = parser.parse_args()
    return 0 if all([tokens(chosen.tokens), texts(chosen.texts)]) else 1


if __name__ == "__main__":
    sys.exit(main())
