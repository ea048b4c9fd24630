"""Records of ``monitor.model`` as JSON and back: for the ledger, for the pipe to the sandbox, for exports.

Type-driven and generic over the frozen dataclasses: str, int, float, bool, None, bytes (base64), date, datetime,
timedelta (seconds), Path, ``Literal``, tuples, ``X | None``, nested records. What is read is checked against the
declared types, because the bytes may come from a child that read a hostile page. A field that is missing takes its
default and an unknown one is ignored, so that a record gains or loses fields without a migration.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import importlib
import json
import pkgutil
import types
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import monitor.model

T = TypeVar("T")
Read = Callable[[Any], Any]

_NAMES: dict[str, Any] = {}


class CodecError(ValueError):
    """Bytes that are not the JSON of the record that was asked for; the message says where."""


def to_json(record: object) -> bytes:
    """The record, or tuple of records, as compact JSON in UTF-8. Equal records give equal bytes."""
    text = json.dumps(record, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def to_text(record: object) -> str:
    """The same in ASCII: for where lone surrogates cannot stand as they are."""
    return json.dumps(record, default=_plain, ensure_ascii=True, separators=(",", ":"))


def from_json(kind: type[T], data: bytes | str) -> T:
    """The record of that type (or ``tuple[Record, ...]``) that ``to_json`` made the bytes from.

    Raises:
        CodecError: the bytes are no JSON, or not that of such a record.
    """
    try:
        value = json.loads(data.decode("utf-8", "surrogatepass") if isinstance(data, bytes) else data)
    except (ValueError, RecursionError) as error:
        raise CodecError(f"no JSON: {error}") from error
    return from_plain(kind, value)


def from_plain(kind: type[T], value: object) -> T:
    """The same from a value that was already parsed.

    Raises:
        CodecError: it is not the JSON of such a record.
    """
    read: Callable[[Any], T] = _reader(kind)  # type: ignore[arg-type]  # every type is hashable
    return read(value)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _plain(value: object) -> object:
    """One level of what the JSON encoder does not know."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _fields(type(value))}
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"not part of a record: {type(value).__name__}")


def _names() -> dict[str, Any]:
    """Every name of the model's modules: they import each other's names for type checking only."""
    if not _NAMES:
        for module in pkgutil.iter_modules(monitor.model.__path__):
            _NAMES.update(vars(importlib.import_module(f"monitor.model.{module.name}")))
    return _NAMES


@cache
def _reader(kind: Any) -> Read:
    """A function that checks one parsed value against a type and returns it as that type."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _literal_reader(arguments)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin in {Union, types.UnionType}:
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) == 1:
            return _optional_reader(_reader(inner[0]))
    read = _SCALARS.get(kind)
    if read is None:
        raise TypeError(f"a record cannot hold {kind!r}")
    return read


def _record_reader(kind: type) -> Read:
    hints = get_type_hints(kind, localns=_names())
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise CodecError(f"{kind.__name__}: expected an object, not {type(value).__name__}")
        found: dict[str, Any] = {}
        for name, part in value.items():
            reader = readers.get(name)
            if reader is not None:
                try:
                    found[name] = reader(part)
                except CodecError as error:
                    raise CodecError(f"{kind.__name__}.{name}: {error}") from error
        try:
            return kind(**found)
        except TypeError as error:
            raise CodecError(f"{kind.__name__}: {error}") from error

    return read


def _literal_reader(allowed: tuple[Any, ...]) -> Read:
    def read(value: Any) -> Any:
        for word in allowed:  # not "in": True == 1, and what is unhashable may be asked for
            if type(value) is type(word) and value == word:
                return word
        raise CodecError(f"expected one of {', '.join(map(str, allowed))}")

    return read


def _tuple_reader(arguments: tuple[Any, ...]) -> Read:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        each = _reader(arguments[0])

        def read_many(value: Any) -> Any:
            if not isinstance(value, list):
                raise CodecError(f"expected an array, not {type(value).__name__}")
            return tuple([each(part) for part in value])

        return read_many
    readers = tuple(_reader(argument) for argument in arguments)

    def read_exact(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(readers):
            raise CodecError(f"expected an array of {len(readers)}")
        return tuple([reader(part) for reader, part in zip(readers, value, strict=True)])

    return read_exact


def _optional_reader(inner: Read) -> Read:
    return lambda value: None if value is None else inner(value)


def _exact(kind: type) -> Read:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise CodecError(f"expected {kind.__name__}, not {type(value).__name__}")
        return value

    return read


def _float(value: Any) -> float:
    if type(value) not in {int, float}:
        raise CodecError(f"expected a number, not {type(value).__name__}")
    return float(value)


def _from_text(convert: Callable[[str], Any]) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, str):
            raise CodecError(f"expected text, not {type(value).__name__}")
        try:
            return convert(value)
        except (ValueError, binascii.Error) as error:
            raise CodecError(str(error)) from error

    return read


_SCALARS: dict[Any, Read] = {
    str: _exact(str),
    int: _exact(int),
    bool: _exact(bool),
    float: _float,
    bytes: _from_text(lambda text: base64.b64decode(text, validate=True)),
    datetime: _from_text(datetime.fromisoformat),
    date: _from_text(date.fromisoformat),
    timedelta: lambda value: timedelta(seconds=_float(value)),
    Path: _from_text(Path),
}
