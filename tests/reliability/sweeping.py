"""One use case met by a fault at one call after the other; after each the installation must be sound and go on."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from reliability.acting import Job, newer_schema
from reliability.scene import ANNA, BERT, DAYS, Internet, time_of
from reliability.sound import difference, opened, problems, report, whole
from reliability.tracing import FILES, counted, injected
from reliability.warm import Warm, said

from monitor.model import Subscription

EXPECTED = {0, 2, 3, 4}  # done; no room for the key that signs links; a document newly failed; the archive unusable


@dataclass(frozen=True, slots=True)
class Case:
    """What is done to which installation."""

    name: str
    day: int
    verb: str = "check"
    undelivered: bool = False  # the day's check has been made, and its mail not handed over
    options: dict[str, object] = field(default_factory=dict)


CASES = (
    *(Case(name, day) for name, day in DAYS.items()),
    Case("deliver", DAYS["changed"], "deliver", undelivered=True),
    Case("report", DAYS["confirmed"], "report"),
    Case("rebuild", DAYS["confirmed"], "rebuild"),
    Case("migration", DAYS["confirmed"], "migrate"),
    Case("verify", DAYS["confirmed"], "verify"),
    Case("backup", DAYS["confirmed"], "backup"),
)


@dataclass(slots=True)
class Swept:
    """What a sweep met."""

    points: int = 0
    killed: int = 0
    failed: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rehearsal:
    """Installations before each day of the story, to be copied and broken."""

    folder: Path
    internet: Internet
    warm: Warm

    def prepare(self, days: int) -> None:
        """Live through the first days, keeping the installation as it was before each."""
        self.folder.mkdir(parents=True, exist_ok=True)
        root = self.folder / "living"
        self.internet.write(root, 0)
        subscribe(root)
        for day in range(days + 1):
            self.internet.write(root, day)
            self.internet.copy(root, self.folder / f"before-{day}", day)
            self.warm.run(Job(str(root), day=day))
            assert problems(root) == []

    def stage(self, case: Case) -> Path:
        """The installation that a case begins with."""
        stage = self.folder / f"before-{case.day}"
        if not case.undelivered:
            return stage
        later = self.folder / "undelivered"
        if not later.exists():
            self.internet.copy(stage, later, case.day)
            self.warm.run(Job(str(later), "check", case.day, options={"delivering": False}))
        return later

    def undisturbed(self, case: Case) -> dict[str, object]:
        """What the installation says after the case when nothing goes wrong.

        A page of the report may also be as if all of them were made anew: that says more of documents nobody touched.
        """
        root = self.copy(case, "undisturbed")
        self.warm.run(self.job(case, root))
        assert problems(root) == [], said(root)
        self.later(case, root)
        found = whole(root)
        if case.verb != "migrate":
            self.warm.run(Job(str(root), "report", case.day))
        fresh, pages = report(root), found["report"]
        assert isinstance(pages, dict)
        return found | {"report": {name: fresh[name] | pages.get(name, set()) for name in fresh}}

    def copy(self, case: Case, name: str) -> Path:
        """A fresh copy of a case's installation, in place of an earlier one of that name."""
        target = self.folder / name
        for folder in (target, Path(f"{target}.backup")):
            shutil.rmtree(folder, ignore_errors=True)
        return self.internet.copy(self.stage(case), target, case.day)

    def job(self, case: Case, root: Path, *, verb: str = "", broken: str = "") -> Job:
        """The run of a case, or of something else on its day."""
        return Job(str(root), verb or case.verb, case.day, broken=broken, options=dict(case.options))

    def count(self, case: Case, calls: Iterable[str] = FILES) -> dict[str, int]:
        """How often each call is made."""
        root = self.copy(case, "counted")
        return counted(self.warm, self.job(case, root), tuple(calls), log=self.folder / "log")

    def sweep(
        self,
        case: Case,
        points: Iterable[tuple[str, int]],
        *,
        fault: str = "signal=KILL:when={}",
        broken: str = "",
        every: int = 1,
        to_the_end: bool = True,
    ) -> Swept:
        """Meet each point with the fault.

        Args:
            case: what is done to which installation.
            points: names of calls, and which of their occurrences.
            fault: as strace says it, with a place for the occurrence.
            broken: a net that is taken away.
            every: after how many points the next run is made and its end compared with the undisturbed one; 0: never.
            to_the_end: not only up to the first point that shows something wrong.
        """
        swept = Swept()
        killing = fault.startswith("signal")  # else mails may have waited, and be put together otherwise
        with newer_schema() if case.verb == "migrate" else nullcontext():
            expected = self.undisturbed(case)
            for number, (call, nth) in enumerate(points):
                root = self.copy(case, "struck")
                job = self.job(case, root, broken=broken)
                ended = injected(self.warm, job, call, fault.format(nth), log=self.folder / "log")
                where = f"{case.name}: {call} {nth} {fault.partition(':')[0]}"
                swept.points += 1
                swept.killed += ended.code == -9
                swept.failed += ended.code in {2, 4}
                if ended.code not in {-9, *EXPECTED}:
                    swept.wrong.append(f"{where}: ended with {ended.code}: {said(root)[-600:]}")
                swept.wrong += [f"{where}: {problem}" for problem in problems(root)]
                if every and number % every == 0:
                    after = self.gone_on(case, root, expected)
                    swept.wrong += [
                        f"{where}: then {what}" for what in after if killing or not what.startswith("mail:")
                    ]
                if swept.wrong and not to_the_end:
                    break
        return swept

    def gone_on(self, case: Case, root: Path, expected: dict[str, object]) -> list[str]:
        """What the next run, undisturbed, leaves different from a story without the fault."""
        shutil.rmtree(f"{root}.backup", ignore_errors=True)
        ended = self.warm.run(self.job(case, root))
        if ended not in {0, 3}:
            return [f"the next run ends with {ended}: {said(root)[-600:]}"]
        self.later(case, root)
        return problems(root) + difference(expected, whole(root))

    def later(self, case: Case, root: Path) -> None:
        """Hand over a day later what a disk that failed made wait."""
        if case.verb in {"check", "deliver"}:
            self.warm.run(Job(str(root), "deliver", case.day + 1))


def subscribe(root: Path) -> None:
    """Give a new installation its readers: one who hears at once, one who gets a digest."""
    archive = opened(root)
    for wish in (Subscription(ANNA), Subscription(BERT, every="daily")):
        archive.subscribe(replace(wish, confirmed_at=time_of(0), created_at=time_of(0)))
    archive.close()
