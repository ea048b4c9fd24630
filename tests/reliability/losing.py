"""A power cut in a model: what a run wrote, and any part of it that was not yet durable lost.

The tracer writes down every call that changes a file or makes something durable, with its data. An image is what could
be on the disk after a cut: everything that was made durable before it, and any subset of the rest, torn in sectors.
Nothing is taken for granted that POSIX does not promise: a file that was synced may still lack its name.
"""

from __future__ import annotations

import codecs
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from reliability.sweeping import Case, Rehearsal
from reliability.tracing import traced

SECTOR = 512
CALLS = (
    "openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "renameat", "link", "linkat",
    "unlink", "unlinkat", "mkdir", "mkdirat",
)  # fmt: skip
_LINE = re.compile(rb"(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?", re.DOTALL)
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_DESCRIPTOR = re.compile(rb"(?:(\d+)|AT_FDCWD)<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Step:
    """One change or one promise of the file system, with paths relative to the installation."""

    kind: Literal["create", "mkdir", "rename", "link", "unlink", "write", "cut", "sync", "mark"]
    path: str
    to: str = ""  # of a rename or link
    data: bytes = b""
    at: int = 0  # offset of a write, size of a cut
    file: int = 0  # which file, whatever its name


@dataclass(slots=True)
class Disk:
    """Names and files; directories are names without a file."""

    names: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    files: dict[int, bytearray] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Disk:
        """The disk that holds a folder, all of it durable."""
        disk = cls(folders={""})
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root))
            if path.is_dir():
                disk.folders.add(name)
            else:
                disk.names[name] = len(disk.files) + 1
                disk.files[len(disk.files) + 1] = bytearray(path.read_bytes())
        return disk

    def copy(self) -> Disk:
        """The same, to be changed."""
        return Disk(dict(self.names), set(self.folders), {file: bytearray(data) for file, data in self.files.items()})

    def apply(self, step: Step) -> None:
        """Change the disk as the step says, where what it builds on is there."""
        parent = step.path.rpartition("/")[0]
        match step.kind:
            case "create" if parent in self.folders:
                self.names[step.path] = step.file
                self.files.setdefault(step.file, bytearray())
            case "mkdir" if parent in self.folders:
                self.folders.add(step.path)
            case "rename" | "link" if step.to.rpartition("/")[0] in self.folders:
                self.names[step.to] = step.file  # durable also when the old name never was
                self.files.setdefault(step.file, bytearray())
                if step.kind == "rename":
                    self.names.pop(step.path, None)
            case "unlink":
                self.names.pop(step.path, None)
            case "write":
                data = self.files.setdefault(step.file, bytearray())
                if len(data) < step.at + len(step.data):
                    data.extend(bytes(step.at + len(step.data) - len(data)))
                data[step.at : step.at + len(step.data)] = step.data
            case "cut":
                data = self.files.setdefault(step.file, bytearray())
                del data[step.at :]
                data.extend(bytes(step.at - len(data)))
            case _:
                pass

    def write(self, root: Path) -> None:
        """Put everything into a new folder; SQLite's index of its log is memory, not disk."""
        for folder in sorted(self.folders):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, file in self.names.items():
            if not name.endswith("-shm"):
                (root / name).write_bytes(self.files[file])


def record(rehearsal: Rehearsal, case: Case) -> tuple[Disk, list[Step]]:
    """The disk before a case, and what the undisturbed case does to it."""
    root, log = rehearsal.copy(case, "recorded"), rehearsal.folder / "log"
    before = Disk.of(root)
    options = ("-y", "-x", "-s", "100000000")
    traced(rehearsal.warm, rehearsal.job(case, root), f"trace={','.join(CALLS)}", options=options, log=log)
    return before, read_steps(log, root, before)


def read_steps(log: Path, root: Path, before: Disk) -> list[Step]:
    """The steps of a run that was traced with ``-y -x`` and unlimited strings, from the disk it began with."""
    reader = _Reader(str(root.resolve()).encode(), before.copy())
    for call in _whole_lines(log.read_bytes()):
        reader.read(*call)
    return reader.steps


def _whole_lines(text: bytes) -> Iterator[tuple[bytes, bytes, int, bytes]]:
    """Name, arguments, result and the path of a returned descriptor of each call that succeeded."""
    begun: dict[bytes, bytes] = {}
    for line in text.split(b"\n"):
        thread, _, rest = line.partition(b" ")
        rest = rest.lstrip()
        if rest.endswith(b"<unfinished ...>"):
            begun[thread] = rest.removesuffix(b"<unfinished ...>")
            continue
        if rest.startswith(b"<... "):
            rest = begun.pop(thread) + rest.partition(b" resumed>")[2]
        found = _LINE.fullmatch(thread + b" " + rest.split(b" (INJECTED)")[0])
        if found and int(found[4]) >= 0:
            yield found[2], found[3], int(found[4]), found[5] or b""


class _Reader:
    """Follows a run on the disk of the model, so that each write finds its file."""

    def __init__(self, root: bytes, disk: Disk) -> None:
        self.steps: list[Step] = []
        self._root = root + b"/"
        self._disk = disk
        self._next = 1 << 20
        self._ends: dict[str, int] = {}  # where the next write to an open file goes

    def read(self, call: bytes, arguments: bytes, result: int, opened: bytes) -> None:
        """Take one call over."""
        strings = [codecs.escape_decode(text)[0] for text in _STRING.findall(arguments)]
        held = _DESCRIPTOR.findall(_STRING.sub(b'""', arguments))
        match call:
            case b"openat":
                path = self._inside(opened)
                if path and path not in self._disk.names and path not in self._disk.folders:
                    self._next += 1
                    self._do(Step("create", path, file=self._next))
                elif path and b"O_TRUNC" in arguments:
                    self._do(Step("cut", path, file=self._disk.names[path]))
                self._ends[path] = 0
            case b"write" | b"pwrite64" | b"ftruncate" | b"fsync" | b"fdatasync":
                self._on_file(call, arguments, result, self._inside(held[0][1]), strings)
            case b"mkdir" | b"mkdirat" | b"unlink" | b"unlinkat":
                if path := self._path(held, 0, strings[0]):
                    self._do(Step("mkdir" if b"mkdir" in call else "unlink", path))
            case _:
                old, new = self._path(held, 0, strings[0]), self._path(held, 1, strings[1])
                if new and old in self._disk.names:
                    self._do(Step("link" if b"link" in call else "rename", old, new, file=self._disk.names[old]))

    def _on_file(self, call: bytes, arguments: bytes, result: int, path: str, strings: list[bytes]) -> None:
        if path == "diary":
            self.steps.append(Step("mark", path, data=strings[0]))
        elif path in self._disk.folders and b"sync" in call:
            self._do(Step("sync", path))
        elif path in self._disk.names:
            file = self._disk.names[path]
            numbers = arguments.rpartition(b", ")[2]
            match call:
                case b"fsync" | b"fdatasync":
                    self._do(Step("sync", path, file=file))
                case b"ftruncate":
                    self._do(Step("cut", path, at=int(numbers), file=file))
                case b"pwrite64":
                    self._do(Step("write", path, data=strings[0][:result], at=int(numbers), file=file))
                case _:
                    at = self._ends.get(path, 0)
                    self._ends[path] = at + result
                    self._do(Step("write", path, data=strings[0][:result], at=at, file=file))

    def _do(self, step: Step) -> None:
        self.steps.append(step)
        self._disk.apply(step)

    def _path(self, held: Sequence[tuple[bytes, bytes]], which: int, name: bytes) -> str:
        if name.startswith(b"/"):
            return self._inside(name)
        folder = held[min(which, len(held) - 1)][1] if held else b""
        return self._inside(folder + b"/" + name)

    def _inside(self, path: bytes) -> str:
        """Relative to the installation; "" for what is of no interest: elsewhere, or made anew from the archive."""
        path = codecs.escape_decode(path)[0]
        name = path.removeprefix(self._root).decode() if path.startswith(self._root) else ""
        return name if name.split("/")[0] in {"snapshots", "mail", "diary"} else ""


@dataclass(frozen=True, slots=True)
class Image:
    """A disk after a cut, and what the run had been told to be durable by then."""

    disk: Disk
    cut: int
    marks: tuple[str, ...]
    lost: int


def images(
    before: Disk, steps: Sequence[Step], *, number: int, chance: random.Random, syncing: bool = True
) -> Iterator[Image]:
    """So many images; ``syncing`` False: nothing that is asked to be durable becomes so, as the negative control."""
    for turn in range(number):
        cut = chance.randint(1, len(steps))
        done = steps[:cut]
        keep = (0.0, 1.0, 0.5, 0.9, 0.1)[turn % 5]
        disk, lost = before.copy(), 0
        for place, step in enumerate(done):
            if syncing and _durable(step, done[place + 1 :]):
                disk.apply(step)
            elif step.kind not in {"sync", "mark"}:
                kept = chance.random() < keep
                lost += not kept
                for part in _torn(step, chance) if kept else ():
                    disk.apply(part)
        marks = tuple(step.data.decode().strip() for step in done if step.kind == "mark")
        yield Image(disk, cut, marks, lost)


def _durable(step: Step, later: Sequence[Step]) -> bool:
    """Whether something made it durable afterwards: the file for its bytes, the folder for a name."""
    if step.kind in {"write", "cut"}:
        return any(one.kind == "sync" and one.file == step.file for one in later)
    folder = (step.to or step.path).rpartition("/")[0]
    return any(one.kind == "sync" and not one.file and one.path == folder for one in later)


def _torn(step: Step, chance: random.Random) -> Iterator[Step]:
    """The step, or now and then only some sectors of what it writes; a rename across folders, or only its new name."""
    if step.kind == "rename" and step.path.rpartition("/")[0] != step.to.rpartition("/")[0] and chance.random() < 0.2:
        yield replace(step, kind="link")
    elif step.kind == "write" and len(step.data) > SECTOR and chance.random() < 0.3:
        for at in range(0, len(step.data), SECTOR):
            if chance.random() < 0.7:
                yield replace(step, data=step.data[at : at + SECTOR], at=step.at + at)
    else:
        yield step
