"""The page of an entity with 2,000 neighbours beside that of one with a few, each made anew, in one run.

Run it with `make bench`. What is made is kept, so each round asks a server that has just been started, after a page of
another entity. A target is checked at the end, and the exit code is 1 when it is missed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from clients import free_port, running
from pages import answers, get

from server.build.build import build
from server.settings import read_settings

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from tests.made import CROWDED, crowd  # noqa: E402 - it stands in the repository, which is no package

ROUNDS = 5
FEW = "concept/compliance-gap"
MOST_SECONDS = 1.0
"""Within which the page of an entity with thousands of neighbours is there."""


def first_answers(root: Path, state: str) -> dict[str, float]:
    """Return how many seconds each page takes when it is made anew."""
    port = free_port()
    command = [sys.executable, "-m", "server.cli.main", "serve", "--root", str(root), "--port", str(port)]
    seconds = {}
    with running(command, port, partial(answers, port, "/healthz"), env=os.environ | {"AKB_STATE": state}):
        get(port, "/concept/alignment-faking.html")
        for path in (FEW, CROWDED):
            start = time.perf_counter()
            get(port, f"/{path}.html")
            seconds[path] = time.perf_counter() - start
    return seconds


def main() -> int:
    """Measure, print, and check the target."""
    with tempfile.TemporaryDirectory() as folder:
        root, state = Path(folder) / "base", str(Path(folder) / "state")
        for part in ("ontology", "shapes"):
            shutil.copytree(ROOT / part, root / part)
        shutil.copytree(ROOT / "tests" / "base" / "kb", root / "kb")
        (root / "akb.toml").write_text('embedding = "none"\n')
        crowd(root, 1000)
        build(read_settings({"AKB_STATE": state}, root=root))
        rounds = [first_answers(root, state) for _ in range(ROUNDS)]
    few, crowded = (statistics.median(one[path] for one in rounds) for path in (FEW, CROWDED))
    print(f"made anew, median of {ROUNDS} rounds:")
    for path, seconds in ((FEW, few), (CROWDED, crowded)):
        print(f"{path:<28} {seconds * 1000:>6.0f} ms {seconds / few:>6.1f}x")
    met = crowded < MOST_SECONDS
    print("All targets are met." if met else f"{CROWDED}: more than {MOST_SECONDS:g} second")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
