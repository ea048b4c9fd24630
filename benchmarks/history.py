"""The spine on real data: Zoom's history imported, and pages on loopback of which one changes.

Prints the timeline's figures and exits 1 when captures that say the same made a change, when June 2021 or August 2023
cannot be read as changes, or when the one changed page was not the one reported. Needs MONITOR_DATA.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from monitor.archive import open_archive
from monitor.check import check
from monitor.clock import MovedClock
from monitor.fetch import Gate
from monitor.history import dated_files, import_history
from monitor.model import Document, Settings, Vendor, Watchlist
from monitor.sandbox import SandboxPool


def zoom(data: Path, folder: Path, sandbox: SandboxPool) -> bool:
    """Whether the imported timeline reads as Zoom's history does."""
    document = Document("zoom", "privacy-policy", "privacy-policy", ("https://explore.zoom.us/en/privacy/",))
    watchlist = Watchlist((Vendor("zoom", "Zoom", documents=(document,)),))
    archive = open_archive(folder / "zoom", clock=MovedClock(datetime(2024, 9, 1, tzinfo=UTC)))
    files = dated_files(data / "zoom" / "history")
    import_history(files, document, archive=archive, sandbox=sandbox, watchlist=watchlist)
    walls = dated_files(data / "zoom" / "walls")
    refused = import_history(walls, document, archive=archive, sandbox=sandbox, watchlist=watchlist)
    changes = archive.changes(document.key)
    months = {f"{change.at:%Y-%m}" for change in changes if change.materiality == "substantive"}
    for change in changes:
        print(
            f"  {change.at:%Y-%m-%d} {change.kind:10} {change.materiality:11} {change.severity:6} {change.summary[:90]}"
        )
    good = {"2021-06", "2023-08"} <= months
    print(f"captures {len(files)}, versions {len(archive.versions(document.key))}, months with changes {len(months)}")
    print(f"June 2021 and August 2023 read as changes: {good}")
    walls_refused = sum(one.outcome == "refused" for one in refused)
    print(f"walls refused {walls_refused} of {len(walls)}")
    archive.close()
    return good and walls_refused == len(walls)


def loopback(data: Path, folder: Path, sandbox: SandboxPool) -> bool:
    """Whether of some real pages the one that changed, and nothing else, is reported."""
    import json

    rows = [json.loads(line) for line in (data / "changes-raw" / "raw.jsonl").read_text(encoding="utf-8").splitlines()]
    changed = next(row["id"] for row in rows if row["materiality"] == "substantive")
    bodies = {path.stem: path.read_bytes() for path in sorted((data / "pages").glob("*Privacy_Policy*.html"))[:20]}
    bodies["changed"] = (data / "changes-raw" / changed / "before.html").read_bytes()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path.strip("/"))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    documents = tuple(
        Document("pages", f"page-{number}", "privacy-policy", (f"http://127.0.0.1:{port}/{name}",), confirm=timedelta())
        for number, name in enumerate(bodies)
    )
    names = dict(zip((document.key for document in documents), bodies, strict=True))
    watchlist = Watchlist((Vendor("pages", "Pages", documents=documents),))
    settings = Settings(folder, allow_networks=("127.0.0.0/8",), allow_ports=(int(port),), delay=timedelta())
    reported: list[list[str]] = []
    for day in (1, 2, 3):
        if day == 3:
            bodies["changed"] = (data / "changes-raw" / changed / "after.html").read_bytes()
        clock = MovedClock(datetime(2026, 5, day, tzinfo=UTC))
        archive = open_archive(settings.snapshots, clock=clock)
        gate = Gate(settings, clock=clock)
        passed = check(
            watchlist,
            archive=archive,
            fetcher=gate,
            sandbox=sandbox,
            clock=clock,
            match=lambda *_: (),
            everything=True,
        )
        reported.append([names[one.document.key] for one in passed.observed if one.change is not None])
        print(f"  day {day}: {passed.due} pages, {passed.failed} not seen, reported: {reported[-1]}")
        gate.close()
        archive.close()
    server.shutdown()
    server.server_close()
    return reported == [[], [], ["changed"]]


def main() -> int:
    """0 when all of it holds."""
    if not os.environ.get("MONITOR_DATA"):
        print("MONITOR_DATA is not set: nothing was measured")
        return 0
    data = Path(os.environ["MONITOR_DATA"])
    sandbox = SandboxPool()
    with tempfile.TemporaryDirectory() as name:
        good = [zoom(data, Path(name), sandbox), loopback(data, Path(name), sandbox)]
    sandbox.close()
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB (largest child "
        f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB)"
    )
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
