"""The door under test: the real application on a real server on loopback, with a real archive and a real mail server."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from mailing import KEYS, WATCHLIST, MailRoom, Postbox, parsed, smtp_server, smtp_settings, text_of

from monitor.alerts.tokens import Tokens
from monitor.meaning.knowledge import labels
from monitor.send import open_sender
from monitor.site import FolderSite
from monitor.web.app import application
from monitor.web.door import Door
from monitor.web.server import server

PUBLIC = "https://watch.example"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    room: MailRoom
    postbox: Postbox
    door: Door
    port: int
    tokens: Tokens = field(default_factory=lambda: Tokens(KEYS))

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            began = time.perf_counter()
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            content = answer.read()
            seconds = time.perf_counter() - began
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content, seconds)
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.request("GET", path, None, **headers)

    def post(self, path: str, fields: Any = (), **headers: str) -> Reply:
        headers.setdefault("Content_Type", FORM)
        return self.request("POST", path, urlencode(fields, doseq=True).encode(), **headers)

    def form_token(self) -> str:
        return self.tokens.form(now=self.room.clock.now())

    def sign_up(self, address: str = "ann@reader.example", client: str = "", **fields: Any) -> Reply:
        headers = {"X_Forwarded_For": client} if client else {}
        return self.post(
            "/subscribe", {"form": self.form_token(), "do": "subscribe", "address": address, **fields}, **headers
        )

    def settle(self) -> None:
        """Return when every sign-up was worked off."""
        deadline = time.monotonic() + 20
        while not self.door.signups.idle():
            assert time.monotonic() < deadline, "sign-ups were not worked off"
            time.sleep(0.005)

    def link(self, what: str) -> str:
        """The path of the newest mail's link of that kind."""
        found = re.search(rf"{re.escape(PUBLIC)}(/{what}/[A-Za-z0-9._-]+)", text_of(parsed(raw(self.postbox))))
        assert found, text_of(parsed(raw(self.postbox)))
        return found[1]

    def grant(self, purpose: Any, *numbers: int, address: str = "ann@reader.example") -> str:
        return self.tokens.grant(purpose, numbers, address, now=self.room.clock.now())


def raw(postbox: Postbox) -> bytes:
    content = postbox.taken[-1].content
    assert isinstance(content, bytes)
    return content


@contextmanager
def served(root: Path, **fields: Any) -> Iterator[Served]:
    with smtp_server() as (postbox, mail_port):
        settings = replace(smtp_settings(mail_port), public_url=PUBLIC, **fields)
        room = MailRoom(root, settings=settings)
        sender = open_sender(room.settings, clock=room.clock)
        door = Door(
            room.archive,
            sender,
            settings=room.settings,
            keys=KEYS,
            watchlist=WATCHLIST,
            clock=room.clock,
            labels=tuple(labels()),
        )
        door.signups.start()
        web = server(application(door, FolderSite(room.settings.site), public_url=PUBLIC), host="127.0.0.1", port=0)
        listener = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not web.started:
            time.sleep(0.01)
        try:
            yield Served(room, postbox, door, listener.getsockname()[1])
        finally:
            web.should_exit = True
            thread.join(15)
            listener.close()
            door.signups.stop()
            sender.close()
            room.archive.close()
