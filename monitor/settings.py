"""The operator's settings: ``settings.toml`` beside the watchlist, each value overridden by ``POLICY_MONITOR_<NAME>``.

Secrets stand in the environment only, are read where they are used and never kept in a record: ``SECRETS`` names them.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

from monitor.alerts.address import parse_address
from monitor.model import Settings
from monitor.watchlist import values
from monitor.watchlist.address import host, url
from monitor.watchlist.source import Source, parse_source, read_source
from monitor.watchlist.table import Problems, Table, Wrong, shown

FILE = "settings.toml"
PREFIX = "POLICY_MONITOR_"
SECRETS = {
    "POLICY_MONITOR_SMTP_USER": "login at the mail server",
    "POLICY_MONITOR_SMTP_PASSWORD": "its password",
    "POLICY_MONITOR_KEY": "signs the links in mails; without it a key file is made",
}
_OTHER_VARIABLES = ("POLICY_MONITOR_ROOT",)
_LISTS = {"allow_networks", "allow_ports", "operator", "notify"}
_NUMBERS = {"workers", "smtp_port", "mail_per_minute"}
_SECURITIES: tuple[Literal["starttls", "tls", "none"], ...] = ("starttls", "tls", "none")


def load_settings(root: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the installation in a folder; without a file and variables, the defaults.

    Raises:
        ConfigError: with everything that is wrong in the file and in the environment.
    """
    environ = os.environ if environ is None else environ
    path = root / FILE
    source = parse_source(read_source(path), path=str(path)) if os.path.lexists(path) else Source(str(path), "", {})
    problems = Problems(source)
    return parse_settings(source, environ, root=root, problems=problems)


def parse_settings(source: Source, environ: Mapping[str, str], *, root: Path, problems: Problems) -> Settings:
    """The settings that a file and an environment give together.

    Raises:
        ConfigError: with everything that is wrong in both.
    """
    in_file = Table(source.data, problems)
    settings = _apply(in_file, Settings(root=root))
    hints = {name.removeprefix(PREFIX).lower(): f"secrets come from the environment: {name}" for name in SECRETS}
    in_file.finish({**hints, "key": hints["key"], "password": "secrets come from the environment"})
    in_environment = Table(_variables(environ), problems, label=f"environment ({PREFIX}…)")
    settings = _apply(in_environment, settings)
    in_environment.finish()
    if settings.bounce_address and not settings.smtp_host:
        in_file.wrong("bounce_address", "is of no use without smtp_host")
    if settings.smtp_host and not settings.mail_from:
        in_file.wrong("", "mail_from is missing", "smtp_host is set, and every mail needs a sender")
    problems.check()
    return settings


def exceptions(settings: Settings) -> tuple[str, ...]:
    """What these settings allow beyond the fetch rules as they are by default; one line each, for doctor and report."""
    plain = Settings(root=settings.root)
    lines = []
    if settings.allow_networks:
        lines.append(f"networks that are not public may be fetched from: {', '.join(settings.allow_networks)}")
    if ports := [str(port) for port in settings.allow_ports if port not in plain.allow_ports]:
        lines.append(f"ports beyond 80 and 443 may be used: {', '.join(ports)}")
    if settings.delay < plain.delay:
        lines.append(f"requests to one host may follow each other after {values.spell(settings.delay)}")
    if settings.certificate_file is not None:
        lines.append("further certificate authorities are trusted")
    return tuple(lines)


def _apply(table: Table, above: Settings) -> Settings:
    """The settings with what a table says instead."""

    def duration(shortest: timedelta, longest: timedelta) -> Callable[[object], timedelta]:
        return values.duration(shortest=shortest, longest=longest)

    def several(key: str, convert: Callable[[object], str], default: tuple[str, ...]) -> tuple[str, ...]:
        found = table.each(key, convert)
        return tuple(dict.fromkeys(found)) if key in table.data else default

    second = timedelta(seconds=1)
    ports = table.each("allow_ports", values.number(1, 65_535))
    return replace(
        above,
        contact=table.take("contact", _contact, above.contact),
        allow_networks=several("allow_networks", _network, above.allow_networks),
        allow_ports=ports if "allow_ports" in table.data else above.allow_ports,
        delay=table.take("delay", duration(timedelta(0), timedelta(hours=1)), above.delay),
        deadline=table.take("deadline", duration(second, timedelta(minutes=10)), above.deadline),
        workers=table.take("workers", values.number(1, 64), above.workers),
        certificate_file=table.take("certificate_file", lambda value: _file(value, above.root), above.certificate_file),
        public_url=table.take("public_url", _public_url, above.public_url),
        operator=several("operator", _mail_address, above.operator),
        mail_from=table.take("mail_from", _mail_address, above.mail_from),
        smtp_host=table.take("smtp_host", host, above.smtp_host),
        smtp_port=table.take("smtp_port", values.number(1, 65_535), above.smtp_port),
        smtp_security=table.take("smtp_security", values.one_of(_SECURITIES), above.smtp_security),
        mail_per_minute=table.take("mail_per_minute", values.number(1, 6_000), above.mail_per_minute),
        notify=several("notify", _target, above.notify),
        bounce_address=table.take("bounce_address", _mail_address, above.bounce_address),
        site_title=table.take("site_title", values.text, above.site_title),
    )


def _variables(environ: Mapping[str, str]) -> dict[str, object]:
    """The variables that are settings, as a file would hold them; an empty one counts as not set."""
    data: dict[str, object] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name in SECRETS or name in _OTHER_VARIABLES or not value.strip():
            continue
        key = name.removeprefix(PREFIX).lower()
        if key in _LISTS:
            # an Apprise target may hold commas
            parts = value.split() if key == "notify" else value.replace(",", " ").split()
            data[key] = [_whole(part) for part in parts] if key == "allow_ports" else parts
        else:
            data[key] = _whole(value) if key in _NUMBERS else value
    return data


def _whole(written: str) -> int | str:
    digits = written.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else written


def _contact(value: object) -> str:
    """An address of the web or of mail: whoever is fetched from should be able to ask who we are."""
    written = values.text(value)
    return _mail_address(written.removeprefix("mailto:")) if "@" in written and "/" not in written else url(written)


def _network(value: object) -> str:
    written = values.text(value)
    try:
        return str(ipaddress.ip_network(written, strict=False))
    except ValueError as error:
        raise Wrong(f"{shown(written)} is no network", 'for example "10.1.0.0/16" or "127.0.0.1"') from error


def _file(value: object, root: Path) -> Path:
    path = root / values.text(value, longest=1_000)
    if not path.is_file():
        raise Wrong(f"there is no file {shown(str(path))}")
    return path


def _public_url(value: object) -> str:
    address = url(value)
    if "?" in address or "#" in address:
        raise Wrong("must not hold ? or #", "the address of the folder in which the report is published")
    return address.rstrip("/")


def _mail_address(value: object) -> str:
    try:
        return parse_address(values.text(value))
    except ValueError as error:
        raise Wrong(str(error) if not isinstance(error, Wrong) else error.message) from error


def _target(value: object) -> str:
    """An Apprise target; it holds secrets, so no message repeats it."""
    written = values.text(value, longest=2_000)
    if "://" not in written:
        raise Wrong("is no notification target", 'for example "ntfys://host/topic"')
    return written
