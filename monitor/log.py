"""Structured logs: one JSON object a line on standard error, without secrets and without mail addresses."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LOGIN = re.compile(r"://[^/\s@]{1,200}@")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def redact(text: str) -> str:
    """The text without mail addresses and without logins in URLs."""
    return _ADDRESS.sub("[address]", _LOGIN.sub("://[login]@", text))


class Lines(logging.Formatter):
    """One record is one line, whatever its text holds; extra fields stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as compact JSON."""
        row: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": redact(record.getMessage()),
        }
        row |= {
            name: value if isinstance(value, int | float | None) else redact(str(value))
            for name, value in record.__dict__.items()
            if name not in _STANDARD
        }
        if record.exc_info:
            row["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(row, ensure_ascii=True)


def start_logging(*, level: int = logging.INFO) -> logging.Logger:
    """The program's logger, writing lines to standard error."""
    logger = logging.getLogger("monitor")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
    return logger
