"""Mutated inputs given to a target in children, so that one that hangs or dies ends nothing but itself."""

from __future__ import annotations

import json
import mmap
import os
import select
import signal
import struct
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from reliability.fuzzed import Target
from reliability.mutating import mutated

SLOW = 2.0  # seconds of CPU for one input; extraction of a whole page may take 5 in the sandbox
SILENT = 60.0  # seconds without a next input: it hangs where no signal reaches it
_BLOCK = 5_000  # inputs a child


@dataclass(frozen=True, slots=True)
class Find:
    """An input that did not end as it should: which, how, and the place in the code that says so."""

    target: str
    number: int
    what: str
    where: str


class _TooSlow(BaseException):
    """The limit of CPU time for one input; no ``except Exception`` may hide it."""


def hunt(target: Target, first: int, count: int, *, seed: int) -> Iterator[Find]:
    """Give the target so many inputs; yield each that ends with anything but an answer or an error of ours."""
    target.run(mutated(target, seed, first))  # imports and caches are no input's own time
    progress = mmap.mmap(-1, 8)
    at, end = first, first + count
    while at < end:
        to = min(end, at + _BLOCK)
        progress[:] = struct.pack("q", at)
        found, finished = _in_child(target, range(at, to), seed, progress)
        yield from found
        if finished:
            at = to
        else:
            (struck,) = struct.unpack("q", progress[:])
            yield Find(target.name, struck, "the process died or hung", "")
            at = struck + 1


def _in_child(target: Target, numbers: range, seed: int, progress: mmap.mmap) -> tuple[list[Find], bool]:
    """What a child found, and whether it came to the end."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as report:
            for find in _each(target, numbers, seed, progress):
                report.write(json.dumps([find.number, find.what, find.where]) + "\n")
                report.flush()
            report.write("end\n")
        os._exit(0)
    os.close(writing)
    said = _until_silent(reading, child, progress)
    os.waitpid(child, 0)
    lines = said.decode().splitlines()
    finished = bool(lines) and lines[-1] == "end"
    whole = [json.loads(line) for line in lines if line.startswith("[") and line.endswith("]")]
    return [Find(target.name, *row) for row in whole], finished


def _until_silent(reading: int, child: int, progress: mmap.mmap) -> bytes:
    """What the child says until it ends, or is ended because it stays at one input."""
    said, before, since = b"", progress[:], time.monotonic()
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while True:
            if select.select([pipe], [], [], 1)[0]:
                part = pipe.read(65536)
                if not part:
                    return said
                said += part
            if progress[:] != before:
                before, since = progress[:], time.monotonic()
            elif time.monotonic() - since > SILENT:
                os.kill(child, signal.SIGKILL)


def _each(target: Target, numbers: range, seed: int, progress: mmap.mmap) -> Iterator[Find]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooSlow

    signal.signal(signal.SIGPROF, ring)
    for number in numbers:
        progress[:] = struct.pack("q", number)
        data = mutated(target, seed, number)
        try:
            signal.setitimer(signal.ITIMER_PROF, SLOW)
            target.run(data)
            signal.setitimer(signal.ITIMER_PROF, 0)
        except _TooSlow as slow:
            yield Find(target.name, number, f"took more than {SLOW:.0f} s of CPU", _place(slow))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            signal.setitimer(signal.ITIMER_PROF, 0)
            yield Find(target.name, number, f"{type(error).__name__}: {str(error)[:200]}", _place(error))


def _place(error: BaseException) -> str:
    """The last place in the program or in what is asked of it, not in a library and not the alarm."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, _TooSlow):
        del frames[-1]
    ours = [
        frame for frame in frames if "/site-packages/" not in frame.filename and "/lib/python" not in frame.filename
    ]
    last = (ours or frames)[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}"
