"""The daemon as a process of its own: it checks, reloads, stops in time, and ends itself when it hangs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from faulty.http import Exchange, Site
from installation import SALE, policy

from monitor.daemon import Tick
from monitor.heartbeat import Heartbeat, read_heartbeat

PROGRAM = """
import sys
from monitor.cli.context import Context
from monitor.daemon import Daemon
with Context(sys.argv[1]) as context:
    Daemon(context, tick=float(sys.argv[3]), hung_after=float(sys.argv[2])).run()
"""
WATCHLIST = """
[defaults]
interval = "{interval}"
confirm = "0s"
[[vendor]]
id = "larkspur"
name = "Larkspur"
[[vendor.document]]
kind = "privacy-policy"
url = "{url}"
"""


class Running:
    def __init__(self, root: Path, process: subprocess.Popen[str], errors: Path) -> None:
        self.root, self.process, self.errors = root, process, errors

    def log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.errors.read_text().splitlines() if line.startswith("{")]

    def events(self) -> list[object]:
        return [row["event"] for row in self.log()]

    def until(self, happened: Callable[[], object], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert self.process.poll() is None or happened(), self.errors.read_text()
            assert time.monotonic() < end, self.errors.read_text()
            time.sleep(0.05)

    def beat(self) -> Heartbeat:
        beat = read_heartbeat(self.root)
        assert beat
        return beat


def write_root(root: Path, site: Site, *, interval: str = "1h") -> None:
    (root / "watchlist.toml").write_text(WATCHLIST.format(url=site.url("/privacy"), interval=interval))
    (root / "settings.toml").write_text(
        f'contact = "test@example.org"\nallow_networks = ["127.0.0.0/8"]\nallow_ports = [{site.port}]\ndelay = "0s"\n'
    )


@contextmanager
def daemon(root: Path, *, hung_after: float = 60, tick: float = 0.2) -> Iterator[Running]:
    errors = root / "log.txt"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(root), str(hung_after), str(tick)], stderr=stderr, text=True
        )
    try:
        yield Running(root, process, errors)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/privacy": policy()}) as site:
        yield site


def test_it_checks_what_is_due_and_says_when_the_next_is(tmp_path: Path, site: Site) -> None:
    write_root(tmp_path, site)
    with daemon(tmp_path) as running:
        running.until(lambda: "pass" in running.events())
        running.until(lambda: running.beat().doing == "waiting")
        beat = running.beat()
        assert beat.pid == running.process.pid
        assert beat.next_due
        assert beat.next_due > beat.at
        assert (tmp_path / "report" / "index.html").is_file()


def test_sigterm_ends_it_in_time_even_while_a_server_stalls(tmp_path: Path, site: Site) -> None:
    async def stall(exchange: Exchange) -> None:
        await exchange.reader.read()

    site.pages["/privacy"] = stall
    write_root(tmp_path, site)
    with daemon(tmp_path) as running:
        running.until(lambda: site.seen("/privacy"))
        start = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=10) == 0
        assert time.monotonic() - start < 10
        assert running.beat().doing == "stopped"


def test_sigterm_ends_it_while_it_waits(tmp_path: Path, site: Site) -> None:
    write_root(tmp_path, site)
    with daemon(tmp_path) as running:
        running.until(lambda: "pass" in running.events() and running.beat().doing == "waiting")
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=5) == 0


def test_sighup_takes_a_new_watchlist_over(tmp_path: Path, site: Site) -> None:
    write_root(tmp_path, site)
    with daemon(tmp_path) as running:
        running.until(lambda: "pass" in running.events())
        site.pages["/second"] = policy(SALE)
        text = (tmp_path / "watchlist.toml").read_text()
        (tmp_path / "watchlist.toml").write_text(
            text + f'[[vendor.document]]\nkind = "terms"\nurl = "{site.url("/second")}"\n'
        )
        running.process.send_signal(signal.SIGHUP)
        running.until(lambda: "reloaded" in running.events() and site.seen("/second"))


@pytest.mark.parametrize(("trigger", "fired"), [(Tick(timedelta(seconds=15)), 2), (IntervalTrigger(seconds=15), 5_760)])
def test_a_clock_that_jumps_ahead_is_one_tick_and_not_all_that_it_skipped(trigger: BaseTrigger, fired: int) -> None:
    """The scheduler's own interval is the negative control: after 56 years it would list a hundred million."""
    scheduler = BlockingScheduler(timezone=UTC)
    job = scheduler.add_job(print, trigger, next_run_time=datetime(1970, 1, 1, tzinfo=UTC))
    times = job._get_run_times(datetime(1970, 1, 1, 23, 59, 59, tzinfo=UTC))
    assert len(times) == fired
    assert trigger.get_next_fire_time(times[-1], times[-1]) == times[-1] + timedelta(seconds=15)


def test_sighup_is_answered_at_once_and_not_at_the_next_tick(tmp_path: Path, site: Site) -> None:
    write_root(tmp_path, site)
    with daemon(tmp_path, tick=600) as running:
        running.until(lambda: "pass" in running.events())
        running.process.send_signal(signal.SIGHUP)
        running.until(lambda: "reloaded" in running.events(), 10)
        good = (tmp_path / "watchlist.toml").read_text()
        (tmp_path / "watchlist.toml").write_text(good + "bad [")
        running.process.send_signal(signal.SIGHUP)
        running.until(lambda: "reload" in running.events(), 10)


def test_sighup_keeps_the_old_watchlist_when_the_new_one_is_wrong(tmp_path: Path, site: Site) -> None:
    write_root(tmp_path, site)
    with daemon(tmp_path) as running:
        running.until(lambda: "pass" in running.events())
        (tmp_path / "watchlist.toml").write_text("[[vendor]]\nid = 'A B'\n")
        running.process.send_signal(signal.SIGHUP)
        running.until(lambda: "reload" in running.events())
        running.until(lambda: "kept the old configuration" in running.beat().problem)
        assert running.process.poll() is None


def test_a_wrong_watchlist_at_the_start_is_an_error(tmp_path: Path, site: Site) -> None:
    write_root(tmp_path, site)
    (tmp_path / "watchlist.toml").write_text("[[vendor]]\nid = 'A B'\n")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--root", str(tmp_path), "run"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_a_second_instance_leaves_the_first_alone(tmp_path: Path, site: Site) -> None:
    async def slow(exchange: Exchange) -> None:
        await exchange.reader.read()

    site.pages["/privacy"] = slow
    write_root(tmp_path, site)
    with daemon(tmp_path) as running:
        running.until(lambda: site.seen("/privacy"))
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "--root", str(tmp_path), "check"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 75
        assert str(running.process.pid) in done.stderr


def test_a_hung_process_ends_itself(tmp_path: Path, site: Site) -> None:
    """The watchdog's negative control is the test above it: with a longer limit the same stall ends nothing."""

    async def stall(exchange: Exchange) -> None:
        await exchange.reader.read()

    site.pages["/privacy"] = stall
    write_root(tmp_path, site)
    with daemon(tmp_path, hung_after=1.5) as running:
        assert running.process.wait(timeout=20) == 70
        assert "hung" in running.events()


def test_logs_hold_no_address_and_no_login(tmp_path: Path) -> None:
    from monitor.log import redact

    said = redact("mail to anna@example.org failed at https://user:secret@mail.example/x\nsecond line")
    assert "anna@" not in said
    assert "secret" not in said


def test_a_record_is_one_line_whatever_it_holds() -> None:
    import logging

    from monitor.log import Lines

    record = logging.LogRecord("monitor", logging.INFO, "x.py", 1, "a\nb\x1b[31m \u2028 %s", ("c\r\nd",), None)
    record.document = "zoom\n{}"
    line = Lines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["document"] == "zoom\n{}"
