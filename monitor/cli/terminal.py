"""Text from outside made safe for a terminal."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """The text with control and direction-changing characters shown as escapes; newlines and tabs stay."""
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        else char.encode("unicode_escape", "surrogatepass").decode("ascii")
        for char in text
    )
