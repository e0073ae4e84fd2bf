"""What downloads cost a build: builds with all of them and with none, in turns.

There are builds from nothing, forced ones, and builds after a small change.

Run it with `python -m bench.building [ROUNDS]` on a machine that does nothing else. It prints the median seconds of
each kind of build, process start included, and their ratio. The CPU time is that of all processes; what other
processes do beside the build counts there, and not in the time that a person waits.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
CHANGED: Final = "kb/concept/alignment-faking.ttl"
KINDS: Final = ("from nothing", "forced", "small change")


class Taken(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float


def build(root: Path, state: Path, downloads: str, *options: str) -> Taken:
    """Run `akb build` on a base."""
    environment = {**os.environ, "AKB_STATE": str(state), "AKB_DOWNLOADS": downloads, "PYTHONPATH": str(ROOT)}
    # Without -P the code of the copy would run.
    command = [sys.executable, "-P", "-m", "server.cli.main", "build", *options]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def change(root: Path, number: int) -> None:
    """Say something else about an edge."""
    path = root / CHANGED
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"akb:confidence [0-9.]+ ;", f"akb:confidence 0.{50 + number} ;", text, count=1))


def main(rounds: int) -> None:
    """Build in turns, and print the table."""
    taken: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        root = Path(folder) / "base"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(root)], check=True)
        for number in range(rounds):
            for downloads in ("none", "all"):
                state = Path(folder) / f"{downloads}-{number}"
                taken["from nothing", downloads].append(build(root, state, downloads))
                taken["forced", downloads].append(build(root, state, downloads, "--force"))
                change(root, number * 2 + (downloads == "all"))
                taken["small change", downloads].append(build(root, state, downloads))
    print(f"{'':<14} {'none: wall':>10} {'CPU':>6} {'all: wall':>10} {'CPU':>6} {'ratio of wall':>14}")
    for kind in KINDS:
        none, full = (
            Taken(*(statistics.median(one) for one in zip(*taken[kind, downloads], strict=True)))
            for downloads in ("none", "all")
        )
        ratio = statistics.median(
            two.wall / one.wall for one, two in zip(taken[kind, "none"], taken[kind, "all"], strict=True)
        )
        print(f"{kind:<14} {none.wall:>10.1f} {none.cpu:>6.1f} {full.wall:>10.1f} {full.cpu:>6.1f} {ratio:>14.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
