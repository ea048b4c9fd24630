"""The verb serve as a process of its own: it answers, and leaves when it is told to."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

WATCHLIST = """
[[vendor]]
id = "umbrella"
name = "Umbrella"
[[vendor.document]]
kind = "privacy-policy"
url = "https://www.umbrella.example/privacy"
"""


def test_it_serves_the_report_and_the_door_and_ends_on_sigterm(tmp_path: Path) -> None:
    (tmp_path / "watchlist.toml").write_text(WATCHLIST, encoding="utf-8")
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "--root", str(tmp_path), "serve", "--port", str(port)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    try:
        assert get(port, "/")[1] == b"<!doctype html><title>Report</title>"
        status, page = get(port, "/subscribe")
        assert status == 200
        assert b"Umbrella" in page
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(20) == 0
        assert time.monotonic() - began < 10
    finally:
        process.kill()
        _, said = process.communicate()
    assert "public_url is not set" in said
    assert "Traceback" not in said
    assert "GET" not in said  # nobody's requests are logged


def get(port: int, path: str) -> tuple[int, bytes]:
    """The answer, once the server listens."""
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server did not come up")
