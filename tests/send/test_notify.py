"""The operator's notification targets: told by Apprise, and their addresses never repeated."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from mailing import event, mail_room

from monitor.errors import SendError
from monitor.model import Message, Settings, target_address
from monitor.send.notify import notify

# Apprise still imports this module of the standard library where there is one
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook on loopback that keeps what it is told; it answers 500 to what asks for it."""
    pytest.importorskip("apprise", reason="the extra notify is not installed")
    told: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if "broken" in self.path else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/canary-secret", told
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_trouble_is_told_to_a_webhook_once(tmp_path: Path, hook: tuple[str, list[dict[str, Any]]]) -> None:
    target, told = hook
    with mail_room(tmp_path, settings=Settings(tmp_path, notify=(target,))) as room:
        room.deliver()
        room.announce(event(kind="trouble", summary="Umbrella privacy policy cannot be seen: timeout", findings=()))
        assert room.deliver().sent == 1
        assert room.deliver().sent == 0
        assert [one["title"] for one in told] == ["Umbrella privacy policy cannot be seen: timeout"]
        assert "cannot be seen" in told[0]["message"]
        assert all("canary" not in str(one) for one in room.archive.deliveries())
        assert b"canary" not in (tmp_path / "snapshots" / "monitor.db").read_bytes()


def test_a_target_that_fails_is_tried_again_and_holds_up_no_mail(
    tmp_path: Path, hook: tuple[str, list[dict[str, Any]]]
) -> None:
    target, _ = hook
    settings = Settings(tmp_path, notify=(f"{target}-broken",), operator=("op@watch.example",))
    with mail_room(tmp_path, settings=settings) as room:
        room.deliver()
        room.announce(event(kind="trouble", findings=()))
        done = room.deliver()
        assert (done.sent, done.deferred, done.trouble) == (1, 1, "")
        assert all("canary" not in one.reason for one in room.archive.deliveries())


@pytest.mark.parametrize("target", ["nonsense://canary", "canary"])
def test_an_unknown_kind_of_target_is_an_error_that_does_not_repeat_it(target: str) -> None:
    pytest.importorskip("apprise", reason="the extra notify is not installed")
    message = Message("<1@x.example>", target_address(target), "subject", b"Subject: x\r\n\r\nbody\r\n")
    with pytest.raises(SendError) as caught:
        notify(message, (target,))
    assert "canary" not in str(caught.value)
    with pytest.raises(SendError, match="no longer"):
        notify(replace(message, recipient="notify:0000"), (target,))
