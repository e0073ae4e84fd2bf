"""How building, checking and rebuilding grow with a base: CPU seconds and memory by stage, and the slope of each.

Run it with `python bench/scale.py [SIZE ...]`: 0 stands for the base of this repository, other sizes are generated.
Each size runs in processes of its own. CPU seconds are those of all processes that took part; the slope of a stage is
the exponent of its growth between two sizes: 1 is linear. Up to 1,000 entities pyshacl and owlrl do their stages too,
in the same run. Embedding is by TF-IDF, and its stage is left out of the sum. No downloads are made: what they cost
is for `bench/building.py` to say. Exit code 1 means that a slope is above 1.15.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bases import ROOT, generate

from server.build import build as building
from server.build import making
from server.build.build import build
from server.records.engines import Engine
from server.records.findings import Stage
from server.schema.reading import schema_of
from server.settings import read_settings
from server.similarity import building as similarity
from server.turtle.reader import read_base
from server.validation.check import check

SIZES = (0, 1_000, 10_000)
REFERENCE_UP_TO = 1_000
STEEPEST = 1.15
LEAST = 0.5
"""CPU seconds under which a stage is too short for its slope to say anything."""
STAGES = {
    "read": (building, "read_sources"),
    "check": (making, "check"),
    "infer": (making, "close"),
    "search index": (making, "write_index"),
    "what is searched": (making, "searched"),
    "map": (making, "drawn"),
    "lookups": (making, "write_lookups"),
    "embedding": (making, "build_similarity"),
    "neighbours": (similarity, "find"),
    "candidates": (making, "find_candidates"),
    "dates": (making, "document_dates"),
}
"""The functions whose time is a stage of the build; the rest is the store and its questions."""
EMBEDDING = "embedding"


def cpu() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def peak() -> float:
    """Return the peak memory in megabytes of the largest process that took part."""
    kilobytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return kilobytes / 1024


@contextmanager
def timed(seconds: dict[str, float]) -> Iterator[None]:
    """Add up, within, what each stage of a build takes."""

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            started = cpu()
            try:
                return function(*args, **options)
            finally:
                seconds[name] = seconds.get(name, 0.0) + cpu() - started

        return run

    with ExitStack() as stack:
        for name, (module, attribute) in STAGES.items():
            stack.enter_context(patch.object(module, attribute, watched(name, getattr(module, attribute))))
        yield
    if "neighbours" in seconds:  # they are looked for within the other
        seconds[EMBEDDING] -= seconds["neighbours"]


def measure(root: Path, size: int) -> dict[str, Any]:
    """Build a base whole, check it whole, and build it after a change of one entity."""
    state = root.parent / "state"
    environment = {"AKB_STATE": str(state), "AKB_EMBEDDING": "tfidf", "AKB_DOWNLOADS": "none"}
    settings = read_settings(environment, root=root)
    stages: dict[str, float] = {}
    started = cpu()
    with timed(stages):
        info, _ = build(settings)
    whole = cpu() - started
    stages["store and questions"] = whole - sum(stages.values())
    found: dict[str, Any] = {"stages": stages, "whole": whole - stages[EMBEDDING], "peak": peak()}
    found["entities"], found["triples"] = sum(info.entities.values()), info.asserted + info.inferred
    changed = min((root / "kb" / "concept").glob("*.ttl"))
    changed.write_text(changed.read_text(encoding="utf-8").replace('definition "', 'definition "Now: ', 1))
    of_change: dict[str, float] = {}
    started = cpu()
    with timed(of_change):
        build(settings)
    found["change"] = cpu() - started - of_change.get(EMBEDDING, 0.0)
    started = cpu()
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    check(base, schema)
    found["checked"] = cpu() - started
    if size <= REFERENCE_UP_TO:
        for name, stage in (("pyshacl", Stage.SHAPES), ("owlrl", Stage.CONSISTENCY)):
            started = cpu()
            check(base, schema, stages=[stage], engine=Engine.REFERENCE)
            slow, started = cpu() - started, cpu()
            check(base, schema, stages=[stage])
            found[name] = [slow, cpu() - started]
    return found


def run_apart(size: int) -> dict[str, Any]:
    """Measure one size in processes of its own: one makes the base, another measures."""
    with TemporaryDirectory(prefix="akb-scale-") as folder:
        root = Path(folder) / "base"
        if size:
            subprocess.run([sys.executable, __file__, "--generate", str(root), str(size)], check=True)
        else:
            for part in ("kb", "ontology", "shapes"):
                shutil.copytree(ROOT / part, root / part)
        command = [sys.executable, __file__, "--measure", str(root), str(size)]
        started = time.monotonic()
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        found["wall"] = time.monotonic() - started
        return found


def slope(before: float, after: float, factor: float) -> float | None:
    """Return the exponent with which a stage grew, or None for one that is too short to tell."""
    return math.log(after / before) / math.log(factor) if min(before, after) >= LEAST else None


def show(found: dict[int, dict[str, Any]]) -> list[str]:
    """Print the table, and return the stages that are too steep."""
    sizes = list(found)
    print(f"{'CPU seconds':24}" + "".join(f"{found[size]['entities']:>12,}" for size in sizes) + f"{'slope':>10}")
    steep = []
    rows = [*found[sizes[0]]["stages"]]
    for name in (*rows, "whole", "checked", "change", "peak"):
        values = [found[size]["stages"][name] if name in rows else found[size][name] for size in sizes]
        grown = None
        # The base of this repository is of another kind than those that are generated.
        if len(sizes) > 1 and sizes[-2] and name in (*rows, "whole", "checked"):
            grown = slope(*values[-2:], factor=found[sizes[-1]]["entities"] / found[sizes[-2]]["entities"])
        if grown is not None and grown > STEEPEST and name != EMBEDDING:
            steep.append(f"{name} ({grown:.2f})")
        title = {
            "whole": "build, no embedding",
            "checked": "akb check",
            "change": "one changed entity",
            "peak": "peak MB",
        }
        line = f"{title.get(name, name):24}" + "".join(f"{value:12.2f}" for value in values)
        print(line + (f"{grown:10.2f}" if grown is not None else ""))
    for name in ("pyshacl", "owlrl"):
        for size in sizes:
            if name in found[size]:
                slow, quick = found[size][name]
                entities = f"{found[size]['entities']:,} entities"
                print(f"{name} at {entities}: {slow:.2f} CPU s; the same by the quick engine {quick:.2f}")
    return steep


def main() -> int:
    """Measure all sizes and say what is too steep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--generate", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.generate:
        generate(options.generate, options.sizes[0], fault_every=0)
        return 0
    if options.measure:
        print(json.dumps(measure(options.measure, options.sizes[0])))
        return 0
    found = {}
    for size in options.sizes:
        found[size] = run_apart(size)
        print(f"{size or 'this base'}: {found[size]['wall']:.0f} s of wall time", file=sys.stderr)
    steep = show(found)
    if steep:
        print(f"Steeper than {STEEPEST}: {', '.join(steep)}")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
