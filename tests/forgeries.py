"""Tokens that nobody granted: altered, shortened, lengthened, of another key, purpose or subscription, and made up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from monitor.alerts.tokens import Tokens

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


def forged(tokens: Tokens, good: str, *, now: datetime) -> Iterator[str]:
    """Without end; ``good`` is a token that ``tokens`` granted to unsubscribe number 7."""
    dice = random.Random(7)
    value, _, seal = good.rpartition(".")
    other = Tokens((b"another key of thirty-two octets!!!",))
    for place in range(len(good)):
        yield good[:place]
        yield good[:place] + good[place + 1 :]
        for letter in LETTERS:
            if letter != good[place]:
                yield good[:place] + letter + good[place + 1 :]
            yield good[:place] + letter + good[place:]
    for number in range(2000):
        yield f"{value.replace('.7.', f'.{number}.') if number != 7 else 'x'}.{seal}"
        yield other.grant("unsubscribe", (number,), "ann@reader.example", now=now)
        yield tokens.grant("manage", (number,), "ann@reader.example", now=now)
        yield tokens.grant("confirm", (number,), "ann@reader.example", now=now)
        yield good + dice.choice(LETTERS) * dice.randint(1, 900)
    while True:
        yield "".join(dice.choices(LETTERS, k=dice.choice((0, 1, 43, len(good), 300))))
        yield f"{value}.{''.join(dice.choices(LETTERS, k=43))}"
