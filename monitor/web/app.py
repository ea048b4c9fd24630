"""The door as an ASGI application: which addresses there are, who may ask for them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.ports import Site
from monitor.web import files, pages
from monitor.web.door import Answer, Door
from monitor.web.forms import FormError, is_one_click, read_form
from monitor.web.guard import App, Guard
from monitor.web.limits import client_name


@dataclass(frozen=True, slots=True)
class Way:
    """One address: its methods, and what protects it."""

    path: str
    methods: frozenset[str]
    protection: Literal["public", "form token", "signed token"]


READ = frozenset({"GET", "HEAD"})
# Every address of the door. The test compares this list with what the application answers to.
WAYS = (
    Way("/subscribe", READ, "public"),
    Way("/subscribe", frozenset({"POST"}), "form token"),
    Way("/confirm/{token}", READ, "signed token"),
    Way("/confirm/{token}", frozenset({"POST"}), "signed token"),
    Way("/manage/{token}", READ, "signed token"),
    Way("/manage/{token}", frozenset({"POST"}), "signed token"),
    Way("/unsubscribe/{token}", READ, "signed token"),
    Way("/unsubscribe/{token}", frozenset({"POST"}), "signed token"),
    Way("/door.css", READ, "public"),
    Way("/{path:path}", READ, "public"),  # the report's files
)


def application(door: Door, site: Site, *, public_url: str) -> App:
    """The whole application, guarded."""
    handlers = _Handlers(door, site, public_url)
    by_path: dict[str, Callable[[Request], object]] = {
        "/subscribe": handlers.subscribe,
        "/confirm/{token}": handlers.confirm,
        "/manage/{token}": handlers.manage,
        "/unsubscribe/{token}": handlers.unsubscribe,
        "/door.css": handlers.style,
        "/{path:path}": handlers.file,
    }
    routes = [
        Route(path, handler, methods=sorted(set().union(*(way.methods for way in WAYS if way.path == path))))
        for path, handler in by_path.items()
    ]
    return Guard(Starlette(routes=routes, exception_handlers={404: _not_found, 405: _not_allowed}))


class _Handlers:
    def __init__(self, door: Door, site: Site, public_url: str) -> None:
        self._door = door
        self._site = site
        self._origin = _origin(public_url)

    async def subscribe(self, request: Request) -> Response:
        """The sign-up form, and what it sends."""
        if request.method != "POST":
            return _page(self._door.form())
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        return _page(await run_in_threadpool(self._door.sign_up, form, _client(request)))

    async def confirm(self, request: Request) -> Response:
        """The button of a double opt-in, and its press."""
        token, client = request.path_params["token"], _client(request)
        if request.method != "POST":
            return _page(await run_in_threadpool(self._door.show, "confirm", token, client))
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        if form.get("do") != ("confirm",):
            return _refused(400, "This is not what the button sends.")
        return _page(await run_in_threadpool(self._door.confirm, token, client))

    async def manage(self, request: Request) -> Response:
        """What an address gets, and changes to it."""
        token, client = request.path_params["token"], _client(request)
        if request.method != "POST":
            return _page(await run_in_threadpool(self._door.show, "manage", token, client))
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        return _page(await run_in_threadpool(self._door.manage, token, form, client))

    async def unsubscribe(self, request: Request) -> Response:
        """The button that ends a subscription, its press, and the one click of a mail program (RFC 8058)."""
        token, client = request.path_params["token"], _client(request)
        if request.method != "POST":
            return _page(await run_in_threadpool(self._door.show, "unsubscribe", token, client))
        body, content_type = await request.body(), request.headers.get("content-type", "")
        if not is_one_click(body, content_type):
            form = await self._form(request)
            if isinstance(form, Response):
                return form
            if form.get("do") != ("end",):
                return _refused(400, "This is not what the button sends.")
        return _page(await run_in_threadpool(self._door.unsubscribe, token, client))

    async def style(self, request: Request) -> Response:  # noqa: ARG002 - the route's signature
        """The door's style."""
        return Response(pages.stylesheet(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    async def file(self, request: Request) -> Response:
        """A file of the report."""
        raw = request.scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1")
        found = await run_in_threadpool(files.find, self._site, raw)
        if found is None:
            return _refused(404, "There is no such page.")
        if request.headers.get("if-none-match") == found.headers["ETag"]:
            return Response(status_code=304, headers=found.headers)
        return Response(found.content, headers=found.headers)

    async def _form(self, request: Request) -> dict[str, tuple[str, ...]] | Response:
        """The form that was sent; a refusal when another site sent it, or when it is none."""
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        own = {self._origin, _origin(str(request.base_url))}
        if site not in {"same-origin", "none"} or (origin not in {None, "null"} and origin not in own):
            return _refused(403, "This form can only be sent from its own page.")
        try:
            return read_form(await request.body(), request.headers.get("content-type", ""))
        except FormError:
            return _refused(400, "This form could not be read.")


def _client(request: Request) -> str:
    return client_name(request.client.host if request.client else "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _page(answer: Answer) -> Response:
    return Response(answer.page, answer.status, media_type="text/html")


def _refused(status: int, words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status)


def _not_found(request: Request, error: Exception) -> Response:  # noqa: ARG001 - starlette's signature
    return _refused(404, "There is no such page.")


def _not_allowed(request: Request, error: Exception) -> Response:  # noqa: ARG001 - starlette's signature
    return _refused(405, "This address does not do that.")
