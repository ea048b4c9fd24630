"""Two forms of a text: what is stored and quoted, and the key by which two texts are compared.

``normalise`` gives the stored form. It only touches what a reader cannot see (kinds of space, zero-width characters,
line ends, list bullets, heading underlines, images, tracking parameters), so that every quotation also stands literally
in the page. ``fold`` gives the key: case, typographic quotes and dashes, emphasis, link addresses and hidden e-mail
addresses do not count in it. Two clauses with the same key say the same; the key itself is never shown.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.text.links import clean_url, reveal_email

HIDDEN_EMAIL = "[email protected]"
"""What Cloudflare puts in the place of an e-mail address; in ``fold`` it stands for any address that could not be read."""

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u034f"
_BREAKS = "\u2028\u2029\u0085\u000b\u000c"
_CONTROLS = "".join(chr(code) for code in (*range(9), *range(14, 32), *range(127, 160)) if code != 0x85)
_VISIBLE = str.maketrans(
    dict.fromkeys(_SPACES, " ") | dict.fromkeys(_INVISIBLE + _CONTROLS) | dict.fromkeys(_BREAKS, "\n")
)
_ODD = re.compile(f"[{re.escape(_SPACES + _INVISIBLE + _BREAKS + _CONTROLS)}]")
_JOINERS = re.compile(r"(?<=[\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\x7f])")
_RUNS = re.compile(r"  +")
_SETEXT = re.compile(r"[ ]{0,3}(={2,}|-{2,})")
_ATX = re.compile(r"[ ]{0,3}(#{1,6})[ ]+(.{1,1000})")
_BULLET = re.compile(r"([ ]{0,60})[*+•●▪‣·◦–o§][ ]{1,8}(?=\S)")
_DASH = re.compile(r"([ ]{0,60})-[ ]{2,8}(?=\S)")
_RULE = re.compile(r"[ ]{0,3}(?:(?:\*[ ]?){3,80}|(?:-[ ]?){3,80}|(?:_[ ]?){3,80})")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,4000}(?:\s\"[^\"]{0,300}\")?\)")
_EMPTY_LINK = re.compile(r"\[[ ]{0,4}\]\([^()\s]{0,4000}\)")
_TARGET = re.compile(r"(?<=\])\(<?([^()<>\s]{1,4000})>?(\s\"[^\"]{0,300}\")?\)")
_BARE_URL = re.compile(r"\bhttps?://[^\s<>()\[\]\"]{1,2000}")


def normalise(text: str) -> str:
    """The stored form of Markdown or plain text: one line a paragraph line, blank lines between blocks, one newline at the end."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _ODD.search(text):
            text = text.translate(_VISIBLE)
        if "\u200d" in text or "\u200c" in text:
            text = _JOINERS.sub("", text)
    elif _ODD.search(text):
        text = text.translate(_VISIBLE)
    lines: list[str] = []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = _line(raw, lines)
        if line is not None and (line or (lines and lines[-1])):
            lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n" if lines else ""


def _line(raw: str, above: list[str]) -> str | None:
    """One line in its stored form; None when it goes away. May turn the line above into a heading."""
    line = raw.rstrip(" ")
    if line.endswith("\\") and not line.endswith("\\\\"):
        line = line[:-1].rstrip(" ")
    if not line:
        return ""
    first = line.lstrip(" ")[:1]
    if first in "=-*_" and (_SETEXT.fullmatch(line) or _RULE.fullmatch(line)):
        return _underline(line, above)
    indent = len(line) - len(line.lstrip(" "))
    if first == "#":
        heading = _ATX.fullmatch(line)
        if heading:
            title = heading.group(2).strip(" ")
            bare = title.rstrip("#")
            return f"{heading.group(1)} {_inline(bare.rstrip(' ') if bare.endswith(' ') else title)}"
    elif first in "*+•●▪‣·◦–o§":
        line = _BULLET.sub(r"\1- ", line, count=1) if _BULLET.match(line) else line
    elif first == "-":
        line = _DASH.sub(r"\1- ", line, count=1) if _DASH.match(line) else line
    return line[:indent] + _inline(line[indent:])


def _underline(line: str, above: list[str]) -> str | None:
    """Turn the line above into a heading when this is its underline; a rule becomes an empty line."""
    setext = _SETEXT.fullmatch(line)
    title = above[-1] if above else ""
    if setext and title and not title.startswith(("#", "- ", "|", ">", " ")):
        above[-1] = ("# " if "=" in line else "## ") + title
        return None
    return "" if not setext or line.strip(" ") in {"---", "--"} or "=" not in line else _inline(line)


def _inline(line: str) -> str:
    if "  " in line:
        line = _RUNS.sub(" ", line)
    if "](" in line:
        line = _IMAGE.sub("", line)
        line = _EMPTY_LINK.sub("", line)
        line = _TARGET.sub(_clean_target, line)
    if "://" in line and "?" in line:
        line = _BARE_URL.sub(lambda match: clean_url(match.group()), line)
    return line.rstrip(" ")


def _clean_target(match: re.Match[str]) -> str:
    return f"({clean_url(match.group(1))}{match.group(2) or ''})"


_FOLDED = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʼ＇", "'")
    | dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("\u200c\u200d\u00ad\u200b\u2060\ufeff\u200e\u200f*_\\")
    | {"…": "...", "\u00a0": " ", "•": "-", "·": "-"}
)
_LINK = re.compile(r"\[([^\[\]]{0,2000})\]\(<?([^()<>\s]{0,4000})>?(?:\s\"[^\"]{0,300}\")?\)")
_ANGLE = re.compile(r"<((?:https?://|mailto:)?[^<>\s]{1,2000})>")
_AT = re.compile(r"(?<=\w)[ ]?(?:\(at\)|\[at\]|\{at\})[ ]?(?=\w)")
_DOT = re.compile(r"(?<=\w)[ ]?(?:\(dot\)|\[dot\]|\{dot\})[ ]?(?=\w)")
_MARKER = re.compile(r"^(?:#{1,6} |- |> |\| )+")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """The key by which texts are compared: what is left when only presentation is taken away."""
    if "](" in text:
        text = _LINK.sub(_link_key, text)
    if "<" in text:
        text = _ANGLE.sub(r"\1", text)
    text = _MARKER.sub("", text).translate(_FOLDED)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _SPACE.sub(" ", text.casefold()).strip(" ")
    if "at" in text and _AT.search(text):
        text = _DOT.sub(".", _AT.sub("@", text))
    if "://" in text:
        text = _BARE_URL.sub(lambda match: clean_url(match.group()).rstrip("/."), text)
    return text


def _link_key(match: re.Match[str]) -> str:
    """The words of a link; a hidden e-mail address is read from where the link leads."""
    words, target = match.group(1), match.group(2)
    if HIDDEN_EMAIL.strip("[]") in words:
        shown = clean_url(target)
        if shown.startswith("mailto:"):
            return shown.removeprefix("mailto:")
    return words


def reveal_hidden(words: str, code: str) -> str:
    """The e-mail address that stands hidden behind the words, else the words."""
    return reveal_email(code) or words
