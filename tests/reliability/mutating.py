"""Inputs made by mutation: the same for the same numbers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from reliability.fuzzed import Target


def mutated(target: Target, seed: int, number: int) -> bytes:
    """The input of that number: a part of a seed, altered a few times; the same for the same numbers."""
    chance = random.Random(f"{seed}/{target.name}/{number}")
    seeds = target.seeds()
    whole = chance.choice(seeds)
    data = bytearray(whole)
    if len(data) > target.longest or chance.random() < 0.3:
        size = chance.randint(1, min(len(data), target.longest))
        start = chance.randrange(len(data) - size + 1)
        data = data[start : start + size]
    for _ in range(1 << chance.randrange(6)):
        _MUTATIONS[chance.randrange(len(_MUTATIONS))](data, chance, target, seeds)
    return bytes(data)


def _flip(data: bytearray, chance: random.Random, *_: object) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _any(data: bytearray, chance: random.Random, *_: object) -> None:
    at = chance.randrange(len(data) + 1)
    data[at : at + chance.randrange(2)] = chance.randbytes(chance.randrange(1, 5))


def _cut(data: bytearray, chance: random.Random, *_: object) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.choice((1, 2, 10, 100, 1000))]


def _word(data: bytearray, chance: random.Random, target: Target, _seeds: object) -> None:
    at = chance.randrange(len(data) + 1)
    data[at : at + chance.choice((0, 0, 1, 8))] = chance.choice(target.words) * chance.choice((1, 1, 1, 2, 5, 60))


def _again(data: bytearray, chance: random.Random, *_: object) -> None:
    at, to = chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)
    data[to:to] = data[at : at + chance.choice((1, 4, 40, 400))] * chance.choice((1, 1, 2, 30))


def _splice(data: bytearray, chance: random.Random, _target: object, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    at, start = chance.randrange(len(data) + 1), chance.randrange(len(other) + 1)
    data[at : at + chance.randrange(200)] = other[start : start + chance.randrange(200)]


def _letter(data: bytearray, chance: random.Random, *_: object) -> None:
    at = chance.randrange(len(data) + 1)
    sign = chance.choice(_SIGNS) if chance.random() < 0.7 else chr(chance.randrange(0xD800))
    data[at:at] = sign.encode("utf-8", "surrogatepass") * chance.choice((1, 1, 3))


_SIGNS = (
    *"\0\x0b\x1b\x85\xa0\xad\u0130\u0300\u200b\u200d\u202e\u2028\ufeff\ufffd\uffff\U0010ffff\U0001f600ßİǆﬁ①٣ \t\r\n",
    "\ud800",
)
_MUTATIONS: tuple[Callable[[bytearray, random.Random, Target, Sequence[bytes]], None], ...] = (
    _flip,
    _any,
    _cut,
    _word,
    _word,
    _again,
    _splice,
    _letter,
)
