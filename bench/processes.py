"""What a server and all the processes that it has started take of the machine, read from /proc (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_LISTEN = "0A"
"""The state of a listening socket in /proc/net/tcp."""


@dataclass(frozen=True)
class Usage:
    """Memory (the share of each process in what they have in common) and disk in bytes, and how many of the others."""

    memory: int
    descriptors: int
    threads: int
    processes: int
    disk: int


def family(pid: int) -> set[int]:
    """Return a process and all that descend from it."""
    parents = {}
    for path in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of a program, in brackets, may hold anything.
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def usage(pid: int, *folders: Path) -> Usage:
    """Return what a process and its descendants take now, and what some folders hold on the disk."""
    pids = family(pid)
    memory = descriptors = threads = 0
    for one in pids:
        with suppress(OSError):
            memory += _field(PROC / str(one) / "smaps_rollup", "Pss:") << 10
            descriptors += len([*(PROC / str(one) / "fd").iterdir()])
            threads += _field(PROC / str(one) / "status", "Threads:")
    return Usage(memory, descriptors, threads, len(pids), sum(_size(folder) for folder in folders) + _unlinked(pids))


def web_workers(pid: int, port: int) -> list[int]:
    """Return the descendants of a server's main process that hold its listening socket."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    return [one for one in sorted(family(pid) - {pid}) if sockets & {target for target, _ in _open_files(one)}]


def _listening(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]


def _open_files(pid: int) -> Iterator[tuple[str, Path]]:
    """Yield what each descriptor of a process leads to, and its place in /proc."""
    with suppress(OSError):
        for path in (PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                yield str(path.readlink()), path


def _unlinked(pids: set[int]) -> int:
    """Return the bytes of files that have no name any more, and are held open: `du` does not see them."""
    found = {}
    for pid in pids:
        for target, path in _open_files(pid):
            if target.startswith("/") and target.endswith(" (deleted)") and not target.startswith(("/dev/", "/memfd:")):
                with suppress(OSError):
                    status = path.stat()
                    found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())


def _size(folder: Path) -> int:
    # Releases share files: one that has two names counts once. They are removed meanwhile, which a walk passes over.
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                status = (Path(parent) / name).lstat()
                found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())


def _field(path: Path, name: str) -> int:
    return next((int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name)), 0)
