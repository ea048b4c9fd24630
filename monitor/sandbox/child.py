"""A child: reads tasks from the socket it inherited, one at a time, under limits, until the parent hangs up."""

from __future__ import annotations

import socket
import sys
import traceback

from monitor.codec import from_json, to_json
from monitor.errors import ExtractionError
from monitor.sandbox import frames, limits


def main() -> None:
    """Serve until the socket closes."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    limits.confine()
    while (frame := frames.receive(sock)) is not None:
        limits.allow_one_task()
        tag, answer = _answer(*frame)
        frames.send(sock, tag, answer)
        limits.rest()


def _answer(tag: bytes, payload: bytes) -> tuple[bytes, bytes]:
    try:
        return frames.DONE, _work(tag, payload)
    except ExtractionError as error:
        failure = frames.Failure("extraction", error.kind, error.reason)
    except MemoryError:
        failure = frames.Failure("memory", "memory", "the task needed too much memory")
    except Exception as error:  # noqa: BLE001 - a bug on one page must not end the run; it is reported with its place
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
        failure = frames.Failure("bug", "died", f"{type(error).__name__}: {str(error)[:300]} ({where})")
    return frames.FAILED, to_json(failure)


def _work(tag: bytes, payload: bytes) -> bytes:
    if tag == frames.EXTRACT:
        from monitor.text import extract

        task = frames.unpack(payload)
        return to_json(extract(task.pages, task.options, previous=task.previous))
    if tag == frames.PROMISE:
        from monitor.meaning.promises import judge

        pinned = from_json(frames.PromiseTask, payload)
        return to_json(frames.Kept(*judge(pinned.sentence, pinned.text)))
    from monitor.meaning import assess

    pair = from_json(frames.AssessTask, payload)
    return to_json(assess(pair.before, pair.after, pair.overrides))


if __name__ == "__main__":
    main()
