"""Children under limits: what they give, what they may not do, and how they end."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import ExtractionError, SandboxError
from monitor.model import ExtractOptions, Page
from monitor.sandbox import SandboxPool, frames, limits, pool

POLICY = b"<html><body><h1>Privacy Policy</h1>" + b"".join(
    b"<p>We collect personal data of kind %d with your consent, and third parties do not get it.</p>" % n
    for n in range(20)
)
OPTIONS = ExtractOptions()


def page(body: bytes = POLICY) -> list[Page]:
    return [Page(body, "text/html")]


@pytest.fixture
def sandbox() -> Iterator[SandboxPool]:
    children = SandboxPool()
    yield children
    children.close()


def child(script: str) -> tuple[str, ...]:
    """The command of a child that runs a script before or instead of serving; the socket is argument 1."""
    return (sys.executable, "-c", f"import sys; from monitor.sandbox import child, frames, limits\n{script}")


def pids(children: SandboxPool) -> list[int]:
    return [idle.process.pid for idle in children._idle]


def test_a_page_is_read_and_two_texts_are_compared_in_a_child(sandbox: SandboxPool) -> None:
    before = sandbox.extract(page(), OPTIONS)
    after = sandbox.extract(page(POLICY.replace(b"do not get", b"may get")), OPTIONS, previous=before.text)
    assert before.verdict.ok
    assert before.text.startswith("# Privacy Policy\n")
    assert sandbox.assess(before, after).materiality == "substantive"


def test_no_child_is_started_before_the_first_task_and_one_serves_many() -> None:
    children = SandboxPool()
    assert pids(children) == []
    children.extract(page(), OPTIONS)
    first = pids(children)
    for _ in range(5):
        children.extract(page(), OPTIONS)
    assert pids(children) == first != []
    assert first[0] != os.getpid()
    children.close()


def test_an_extraction_error_comes_back_as_itself_and_the_child_lives_on(sandbox: SandboxPool) -> None:
    sandbox.extract(page(), OPTIONS)
    before = pids(sandbox)
    with pytest.raises(ExtractionError) as caught:
        sandbox.extract(page(b"\x89PNG...."), OPTIONS)
    assert caught.value.kind == "wrong-type"
    assert pids(sandbox) == before


ENDINGS = {
    "cpu": ("limits.CPU_SECONDS = 0\nlimits.allow_one_task = lambda real=limits.allow_one_task: real(cpu=0)\nimport monitor.text\nmonitor.text.extract = lambda *a, **k: [None for _ in iter(int, 1)]\nchild.main()", "cpu"),
    "memory": ("import monitor.text\nmonitor.text.extract = lambda *a, **k: bytearray(4 << 30)\nchild.main()", "memory"),
    "killed": ("import os, signal, monitor.text\nmonitor.text.extract = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\nchild.main()", "died"),
    "exit": ("import os, monitor.text\nmonitor.text.extract = lambda *a, **k: os._exit(3)\nchild.main()", "died"),
    "abort": ("import os, monitor.text\nmonitor.text.extract = lambda *a, **k: os.abort()\nchild.main()", "memory"),
    "bug": ("import monitor.text\nmonitor.text.extract = lambda *a, **k: 1 / 0\nchild.main()", "died"),
    "nonsense": ("import socket\ns = socket.socket(fileno=int(sys.argv[1])); frames.receive(s); frames.send(s, frames.DONE, b'[1]')", "died"),
    "wrong types": ("import socket\ns = socket.socket(fileno=int(sys.argv[1])); frames.receive(s); frames.send(s, frames.DONE, b'{\"text\": 7}')", "died"),
    "half an answer": ("import socket\ns = socket.socket(fileno=int(sys.argv[1])); frames.receive(s); s.sendall(b'd\\x00\\x00\\x01\\x00abc')", "died"),
    "huge length": ("import socket, time\ns = socket.socket(fileno=int(sys.argv[1])); frames.receive(s); s.sendall(b'd\\xff\\xff\\xff\\xff'); time.sleep(9)", "died"),
    "no start": ("raise SystemExit(1)", "died"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "kind"), ENDINGS.values(), ids=ENDINGS)
def test_however_a_child_ends_it_is_one_error_with_its_kind_and_the_next_task_is_served(script: str, kind: str) -> None:
    children = SandboxPool(command=child(script), wall=20)
    with pytest.raises(SandboxError) as caught:
        children.extract(page(), OPTIONS)
    assert caught.value.kind == kind
    assert pids(children) == []
    children._command = SandboxPool()._command
    assert children.extract(page(), OPTIONS).verdict.ok
    children.close()


def test_a_child_that_hangs_is_killed_at_the_deadline() -> None:
    children = SandboxPool(command=child("import time; time.sleep(60)"), wall=0.5)
    began = time.monotonic()
    with pytest.raises(SandboxError) as caught:
        children.extract(page(), OPTIONS)
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 5
    children.close()


def test_a_bug_is_reported_with_its_place() -> None:
    children = SandboxPool(
        command=child("import monitor.text\nmonitor.text.extract = lambda *a, **k: 1 / 0\nchild.main()")
    )
    with pytest.raises(SandboxError, match=r"ZeroDivisionError: .* \(<string>:\d+\)"):
        children.extract(page(), OPTIONS)
    children.close()


CONFINED = """
import os, resource, socket, sys
from monitor.sandbox import limits
from pathlib import Path
os.chdir(sys.argv[1])
limits.confine()
try:
    Path("written").write_text("x")
    print("wrote a file")
except OSError:
    pass
try:
    bytearray(2 << 30)
    print("took two gigabytes")
except MemoryError:
    pass
print(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.getrlimit(resource.RLIMIT_NPROC)[0])
"""


def test_a_confined_process_writes_nothing_and_takes_little(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", CONFINED, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0", "0"]
    assert (tmp_path / "written").read_text() == "" if (tmp_path / "written").exists() else True


def test_secrets_of_the_environment_do_not_reach_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICY_MONITOR_SMTP_PASSWORD", "canary")
    monkeypatch.setenv("HTTPS_PROXY", "http://canary:1")
    script = "import os\nbad = [v for v in os.environ.values() if 'canary' in v]\nimport monitor.text\nmonitor.text.extract = lambda *a, **k: 1 / 0 if bad else [][0]\nchild.main()"
    children = SandboxPool(command=child(script))
    with pytest.raises(SandboxError, match="IndexError"):
        children.extract(page(), OPTIONS)
    children.close()


def test_a_child_is_replaced_after_its_share_of_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "TASKS_PER_CHILD", 2)
    children = SandboxPool()
    seen = []
    for _ in range(4):
        children.extract(page(), OPTIONS)
        seen.append(pids(children))
    assert seen[0] != []
    assert seen[1] == []
    assert seen[2] not in ([], seen[0])
    children.close()


def test_several_threads_have_children_of_their_own(sandbox: SandboxPool) -> None:
    texts: list[str] = []

    def work(number: int) -> None:
        body = POLICY.replace(b"Privacy Policy", b"Policy number %d" % number)
        texts.extend(sandbox.extract(page(body), OPTIONS).text.splitlines()[0] for _ in range(5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts) == sorted([f"# Policy number {number}" for number in range(4)] * 5)
    assert len(pids(sandbox)) <= 2


def test_closing_ends_the_children() -> None:
    children = SandboxPool()
    children.extract(page(), OPTIONS)
    (pid,) = pids(children)
    children.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


PARENT = """
import sys, time
from monitor.model import ExtractOptions, Page
from monitor.sandbox import SandboxPool
pool = SandboxPool()
pool.extract([Page(b"<p>We collect data.</p>", "text/html")], ExtractOptions())
print(pool._idle[0].process.pid, flush=True)
time.sleep(60)
"""


def test_children_end_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child outlived its parent")


def test_normal_work_stays_small(sandbox: SandboxPool) -> None:
    for number in range(10):
        sandbox.extract(page(POLICY * 5 + b"%d" % number), OPTIONS)
    status = Path(f"/proc/{pids(sandbox)[0]}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    assert peak <= 150


def test_hostile_pages_are_contained(sandbox: SandboxPool) -> None:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for body in (b"<div>" * 100_000 + b"deep word", b"<p>" + b"&lt;" * 600_000, b"<b>" * 50_000):
        sandbox.extract(page(body), OPTIONS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 60_000


def test_frames_refuse_what_is_too_long() -> None:
    import socket

    left, right = socket.socketpair()
    with left, right:
        left.sendall(frames.HEAD.pack(b"d", frames.MAX_FRAME + 1))
        assert frames.receive(right) is None


def test_limits_leave_room_for_one_task() -> None:
    assert limits.CPU_SECONDS == 5
    assert limits.ADDRESS_SPACE == 1 << 30
