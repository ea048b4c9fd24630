"""Real pages under many addresses on several loopback hosts, served by a process of its own for the speed benchmarks.

``python -m benchmarks.site PAGES_FOLDER COUNT HOSTS`` prints its port and serves until its standard input closes. A GET
of ``/mode/MODE`` changes what is served: ``same``, or ``noise`` (bytes differ at every request, the policy does not).
"""

from __future__ import annotations

import itertools
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Pages(BaseHTTPRequestHandler):
    """The pages by number; ``/robots.txt`` allows everything."""

    protocol_version = "HTTP/1.1"
    bodies: tuple[bytes, ...] = ()
    mode = "same"
    count = itertools.count()

    def do_GET(self) -> None:
        """Serve one page."""
        part = self.path.strip("/").split("/")
        if part[0] == "mode":
            Pages.mode = part[1]
            self._send(b"", "text/plain")
        elif part[0] == "robots.txt":
            self._send(b"User-agent: *\nAllow: /\n", "text/plain")
        else:
            body = self.bodies[int(part[0]) % len(self.bodies)]
            if self.mode == "noise":
                number = next(self.count)
                body = body.replace(b"<body", f'<!-- request {number} --><body data-n="{number}"'.encode(), 1)
            self._send(body, "text/html; charset=utf-8")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """A backlog that many clients at once fit into."""

    request_queue_size = 256
    daemon_threads = True


def main() -> None:
    """Serve until standard input closes."""
    folder, count, hosts = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    files = sorted(folder.glob("*.html"))
    Pages.bodies = tuple(file.read_bytes() for file in itertools.islice(itertools.cycle(files), count))
    first = Server(("127.0.0.1", 0), Pages)
    port = int(first.server_address[1])
    servers = [first, *(Server((f"127.0.0.{host}", port), Pages) for host in range(2, hosts + 1))]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
