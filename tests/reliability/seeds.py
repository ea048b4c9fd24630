"""What is mutated: policies of invented vendors as text and as pages, watchlists, dates, mails; and words to put in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import installation

from benchmarks.mutation.scoring import bases, draw_case

DRAWN = 150  # edited policies beside the base ones


@cache
def texts() -> tuple[bytes, ...]:
    """Policies of invented vendors as Markdown, and edited ones."""
    edited = [draw_case(20260329, number).after for number in range(DRAWN)]
    return tuple(document.markdown().encode() for document in (*bases(), *edited))


@cache
def pages() -> tuple[bytes, ...]:
    """The same as pages, in several encodings, and the pages that other tests are about."""
    made = [installation.policy(), installation.policy(installation.SALE, menu="<li>Plans"), installation.WALL]
    found = [page.encode() for page in made]
    for number, markdown in enumerate(texts()):
        encoding = ("utf-8", "windows-1252", "utf-16", "gb18030")[number % 4]
        found.append(_page(markdown.decode(), encoding).encode(encoding, "xmlcharrefreplace"))
    return tuple(found)


def _page(markdown: str, encoding: str) -> str:
    lines = []
    for line in markdown.splitlines():
        mark, _, rest = line.partition(" ")
        if mark and set(mark) == {"#"}:
            lines.append(f"<h{len(mark)}>{rest}</h{len(mark)}>")
        elif mark == "-":
            lines.append(f"<ul><li>{rest}</ul>")
        elif mark == "|":
            cells = "".join(f"<td>{cell}" for cell in line.strip("| ").split("|"))
            lines.append(f"<table><tr>{cells}</table>")
        elif line:
            lines.append(f"<p class=c>{line}</p>")
    return (
        f'<!doctype html><html lang=en><meta charset="{encoding}"><title>Privacy policy</title><body><nav>'
        f"<a href=/>Home</a></nav><main>{''.join(lines)}</main><footer>&copy; 2026</footer></html>"
    )


@cache
def tables() -> tuple[bytes, ...]:
    """Watchlists and settings."""
    shipped = Path(__file__).parents[2]
    watchlist = (shipped / "watchlist.toml").read_bytes()
    some = [watchlist[at : at + 1500] for at in range(0, len(watchlist), 1500)]
    return (
        *some,
        (
            b'[defaults]\ncron = "30 6 * * mon"\n[[vendor]]\nid = "a"\nname = "A"\nwas = ["b"]\n[[vendor.document]]\n'
            b'kind = "terms"\nurls = ["https://a.example/t", "https://a.example/u"]\nselect = ["main > p"]\n'
            b'headings = { start = "One", until = "Two" }\npromises = ["We do not sell your data."]\nconfirm = "2d"\n'
            b'interval = "6h"\nrender = "browser"\nlanguage = "de"\n[[severity]]\nlabel = "data.health"\nseverity = "high"\n'
        ),
        (
            b'contact = "https://m.example/"\ndelay = "10s"\nallow_networks = ["10.0.0.0/8"]\nallow_ports = [8080]\n'
            b'operator = ["ops@m.example"]\nsmtp_host = "mail.m.example"\nsmtp_port = 465\nsmtp_security = "tls"\n'
            b'mail_from = "monitor@m.example"\nbounce_address = "bounce@m.example"\nnotify = ["ntfys://host/topic"]\nworkers = 4\n'
        ),
    )


@cache
def dates() -> tuple[bytes, ...]:
    """Phrases that state dates, in several languages."""
    return tuple(
        line.encode()
        for line in """\
Last updated: March 1, 2026
Effective as of 18.03.2020.
Stand: 3. März 2024
Dernière mise à jour le 1er janvier 2025
Última actualización: 5 de mayo de 2021
最后更新日期：2023年5月4日
This policy was last revised on 2024-02-30 and takes effect on 12/31/2024.
Version of 2 May 2023 (replaces that of 01/02/03)
Laatst bijgewerkt: 7 juli 2019 | Ultimo aggiornamento: 8 agosto 2018
Обновлено: 9 сентября 2017 г.
""".splitlines()
    )


MAILS = (
    b"ana.lopez+tag@example.org",
    b"https://user:secret@example.org:8443/a/../b?c=d#e",
    b"http://127.0.0.1\\@example.com/",
    "https://bücher.example/a b".encode(),
    b"=?utf-8?q?Acme=0ABcc=3A_evil@x.test?=",
    (
        b"From: a@b.example\r\nTo: bounce+1-ABCDEFGHIJKLMNOP@m.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
        b" report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--x--\r\n"
    ),
)
ROBOTS = (
    b"User-agent: *\nDisallow: /private\nAllow: /private/policy$\nCrawl-delay: 10\nSitemap: /s.xml\n",
    b"user-agent: policy-monitor\nuser-agent: other\ndisallow: /*?*=\ncrawl-delay: 1e9\n",
)
MARKUP = tuple(
    """<p> </p> <div> <table> <tr> <td> <li> <ul> <h1> <main> <script> <style> <!-- --> <a\u0020href=x> <template> <svg>
    <noscript> &amp; &#x110000; &#0; &nbsp <br> <![CDATA[ ]]> <?x <meta\u0020charset=utf-16> hidden display:none""".encode().split()
)
MARKDOWN = (
    b"# ", b"- ", b"| ", b" |", b"**", b"_", b"](", b"[", b"> ", b"1. ", b"\n\n", b"\n", b"```", b"<br>", b"\\", b": ",
    b"We do not sell ", b"unless you object", b"may ", b"not ", b"30 days", b"with your consent", b"e.g. ", b"; ",
)  # fmt: skip
TOML = (b'"', b"'", b'"""', b"[", b"]", b"[[", b"]]", b"{", b"}", b"=", b".", b"#", b"\\u0000", b"inf", b"nan", b"1e999",
        b"1979-05-27", b"vendor", b"id", b"url", b"true", b",", b"[" * 600, b"a." * 500)  # fmt: skip
FIGURES = (
    b"2024",
    b"19",
    b"/",
    b".",
    b"-",
    b"March ",
    b"Stand: ",
    b"updated ",
    b"effective ",
    b"31",
    b"0",
    "年".encode(),
)
HEADS = (
    b"@",
    b".",
    b"xn--",
    b"\r\n",
    b":",
    b"=?utf-8?b?",
    b"?=",
    b"[::1]",
    b"%00",
    b"//",
    b"..",
    b"Status: 4.2.2\r\n",
    b"*",
    b"$",
)
