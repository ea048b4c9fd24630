"""What a form sent: read with limits, and turned into the fields of a wish."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

MOST_FIELDS = 2_000
LISTS = ("vendors", "tags", "kinds", "labels")
SINGLE = ("severity", "direction", "every", "hour", "weekday", "zone", "empty_digest")
ONE_CLICK = "List-Unsubscribe"


class FormError(ValueError):
    """A body that is no form of ours."""


Form = dict[str, tuple[str, ...]]


def read_form(body: bytes, content_type: str) -> Form:
    """The fields of an URL-encoded form, values in order.

    Raises:
        FormError: it is none, or too big to be one of ours.
    """
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise FormError("not a form")
    try:
        text = body.decode("ascii")
        parsed = parse_qs(
            text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError as error:  # also UnicodeDecodeError
        raise FormError("not a form that can be read") from error
    return {name: tuple(values) for name, values in parsed.items()}


def is_one_click(body: bytes, content_type: str) -> bool:
    """Whether a mail program asks to unsubscribe at once (RFC 8058): the body says ``List-Unsubscribe=One-Click``.

    The RFC lets it come as a URL-encoded form or as ``multipart/form-data``.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        lines = [line.strip() for line in body.split(b"\r\n")]
        return any(b'name="List-Unsubscribe"' in line for line in lines) and b"One-Click" in lines
    try:
        return read_form(body, content_type).get(ONE_CLICK) == ("One-Click",)
    except FormError:
        return False


def wish_fields(form: Form, address: str) -> dict[str, Any]:
    """The fields of a wish as ``monitor.alerts.wishes`` takes them."""
    fields: dict[str, Any] = {name: form[name] for name in LISTS if form.get(name)}
    fields |= {name: form[name][-1].strip() for name in SINGLE if form.get(name)}
    return {**fields, "address": address}
