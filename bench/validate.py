"""Checks of generated bases, side by side in one run: the whole check, the check of a change, and plain pyshacl.

Run it with `python bench/validate.py`. It prints seconds, and compares what the three find one by one; what counts are
the ratios, since all meet the same machine. What must hold is checked at the end: the exit code is 1 when findings
differ, when the median change of one entity in the largest base takes 2 seconds or more, process start included, or
when the whole check takes less than ten times as long. A change next to what a thousand edges name takes longer.

Before that the command `akb check`, with all its stages, and the command `pyshacl` are started anew in turns on each of
the projects in `tests/foreign/`: the exit code is 1 as well where akb takes more CPU time. With `--sizes` and nothing
behind it, that is all that is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyshacl
from bases import NAMESPACES, generate
from rdflib import RDF, SH, BNode, Graph
from rdflib.term import Node

from server.history.snapshots import revision
from server.records.findings import Finding, Stage
from server.schema.reading import schema_of
from server.settings import read_settings
from server.turtle.reader import read_base
from server.validation.changes.checking import read_part
from server.validation.check import check

SECONDS, TIMES = 2.0, 10.0
FOREIGN = Path(__file__).resolve().parent.parent / "tests" / "foreign"
SYNTAXES = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".rdf": "xml", ".owl": "xml"}

KEYS = ("file", "line", "column", "focus", "label", "rule", "message", "mend", "severity")

Edit = Callable[[Path, str, str], str]
Found = dict[str, object]


def relabel(_path: Path, text: str, _other: str) -> str:
    """Give an entity the label of another, nearly."""
    return re.sub(r'(prefLabel "[^"]*)"', r'\1s"', text, count=1)


def retire(_path: Path, text: str, other: str) -> str:
    """Merge an entity into another, and forget half of what that takes."""
    return text.replace("akb:status akbv:active", f"akb:status akbv:merged ;\n    akb:mergedInto {other}", 1)


def retype(_path: Path, text: str, _other: str) -> str:
    """Give an entity the type of another class, so that its edges no longer fit."""
    return re.sub(r" a akb:\w+", " a akb:Question", text, count=1)


def join(path: Path, text: str, other: str) -> str:
    """State a plain triple without its edge."""
    return f"{text}\n<{NAMESPACES.entity(path.parent.name, path.stem)}> akb:cites <{NAMESPACES.expand(other)}> .\n"


EDITS: tuple[Edit, ...] = (relabel, retire, retype, join)


@dataclass(frozen=True)
class Times:
    """Seconds, by what was run."""

    first: float
    changes: list[float]
    whole: float
    stages: dict[str, float]
    pyshacl: float


def akb(root: Path, *options: str) -> tuple[float, list[Found]]:
    """Run `akb check` in a process of its own; return its seconds and its findings."""
    command = [sys.executable, "-m", "server.cli.main", "check", "--root", str(root), "--format", "json", *options]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    seconds = time.perf_counter() - started
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr)
    return seconds, json.loads(done.stdout)["findings"]


def started(command: list[str]) -> tuple[float, float]:
    """Start a command that finds something; return its CPU seconds and those on the clock."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - clock
    if done.returncode != 1:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds


def commands_of(project: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Return the commands of akb and of pyshacl for a project; the latter reads one file of each kind."""
    programs = Path(sys.executable).parent
    ours = [sys.executable, "-c", "from server.cli.main import main; main()", "check"]
    theirs = [str(programs / "pyshacl")]
    for name, option in (("shapes", "-s"), ("ontology", "-e"), ("data", "")):
        if (project / name).is_dir():
            graph = Graph()
            for path in sorted((project / name).iterdir()):
                graph.parse(path, format=SYNTAXES[path.suffix])
            file = folder / f"{project.name}-{name}.ttl"
            graph.serialize(file, format="turtle")
            ours.append(f"--{name}={project / name}")
            theirs += [option, str(file)] if option else [str(file)]
    return ours, theirs


def cold(runs: int) -> list[str]:
    """Start both commands on each foreign project in turns; print medians, and return where akb is the slower one."""
    print(f"{'cold start, median seconds':<28}{'akb, CPU':>10}{'clock':>8}{'pyshacl, CPU':>15}{'clock':>8}")
    faults = []
    with TemporaryDirectory() as folder:
        for project in sorted(path.parent for path in FOREIGN.glob("*/shapes")):
            both = commands_of(project, Path(folder))
            for command in both:
                started(command)  # compiles what was not, and fills the caches of the system
            times = [[started(command) for command in both] for _ in range(runs)]
            cells = [[statistics.median(row[which][kind] for row in times) for kind in (0, 1)] for which in (0, 1)]
            (cpu, clock), (their_cpu, their_clock) = cells
            print(f"  {project.name:<26}{cpu:>10.2f}{clock:>8.2f}{their_cpu:>15.2f}{their_clock:>8.2f}", flush=True)
            if cpu > their_cpu:
                faults.append(f"akb check on {project.name} takes {cpu:.2f} s of CPU, and pyshacl {their_cpu:.2f}")
    return faults


def git(root: Path, *words: str) -> None:
    """Run git in a base."""
    names = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    subprocess.run(["git", "-C", str(root), *names, *words], check=True, capture_output=True)


def targets(root: Path, number: int) -> list[Path]:
    """Return files from all over a base; the first is the paper that most edges name."""
    papers, concepts = (sorted((root / "kb" / name).glob("*.ttl")) for name in ("paper", "concept"))
    texts = "".join(path.read_text(encoding="utf-8") for path in (root / "kb").rglob("*.ttl"))
    cited = re.findall(r"akb:assertedIn (paper:\S+)", texts)
    hub = max(set(cited), key=cited.count).partition(":")[2]
    step = max(1, len(concepts) // number)
    return [next(path for path in papers if path.stem == hub), *concepts[::step][: number - 1]]


def change(path: Path, edit: Edit, other: Path) -> None:
    """Edit one file."""
    text = path.read_text(encoding="utf-8")
    path.write_text(edit(path, text, f"{other.parent.name}:{other.stem}"), encoding="utf-8")


def measure(root: Path, number: int) -> tuple[Times, list[str]]:
    """Run all there is on one base; return the times, and what does not agree."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "as generated")
    git(root, "tag", "start")
    first, _ = akb(root, "--changed-since", "start")
    seconds = []
    chosen = targets(root, number)
    for place, path in enumerate(chosen):
        change(path, EDITS[place % len(EDITS)], chosen[place - 1])
        seconds.append(akb(root, "--changed-since", "HEAD")[0])
        git(root, "commit", "-qam", "one entity")
    _, some = akb(root, "--changed-since", "start")
    whole, everything = akb(root)
    stages, found = by_stage(root)
    part = read_part(read_settings({}, root=root), revision(root, "start"))
    assert part is not None, "such a change reaches no farther than its neighbours"
    unaffected = {Stage.ONTOLOGY, Stage.SHAPES_LINT}
    within = {
        finding
        for stage, findings in found.items()
        for finding in findings
        if stage not in unaffected and part[1].covers(stage, finding, NAMESPACES)
    }
    started = time.perf_counter()
    theirs = plain_pyshacl(root)
    alone = time.perf_counter() - started
    ours = {(finding.rule, finding.focus) for finding in found[Stage.SHAPES]}
    print(
        f"{len(everything):,} findings in all, {len(within):,} of them where the {number} changes reach; "
        f"{len(theirs):,} nodes break a shape"
    )
    together = set[Finding]().union(*found.values())
    faults = [
        *differences("the check of the changes", set(map(as_key, some)), "the whole check", set(map(key, within))),
        *differences("the whole check", set(map(as_key, everything)), "its stages", set(map(key, together))),
        *differences("the stage shapes", ours, "plain pyshacl", theirs),
    ]
    return Times(first, seconds, whole, stages, alone), faults


def by_stage(root: Path) -> tuple[dict[str, float], dict[Stage, set[Finding]]]:
    """Run the whole check stage by stage; return the seconds and the findings of each."""
    seconds: dict[str, float] = {}
    found: dict[Stage, set[Finding]] = {}
    started = time.perf_counter()
    base = read_base(root, NAMESPACES)
    schema = schema_of(base)
    seconds["read"] = time.perf_counter() - started
    for stage in Stage:
        started = time.perf_counter()
        found[stage] = set(check(base, schema, stages=[stage]).findings)
        seconds[stage.value] = time.perf_counter() - started
    return seconds, found


def plain_pyshacl(root: Path) -> set[tuple[str, str]]:
    """Validate as its manual says; return which shape each node breaks."""
    data, shapes, ontology = (Graph() for _ in range(3))
    for graph, pattern in ((data, "kb/*/*.ttl"), (shapes, "shapes/*.ttl"), (ontology, "ontology/*.ttl")):
        for path in root.glob(pattern):
            graph.parse(path)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none")
    return {
        (
            name_of(shapes, report.value(result, SH.sourceShape)),
            NAMESPACES.compact(str(report.value(result, SH.focusNode))),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def name_of(shapes: Graph, shape: Node) -> str:
    """Return the local name of a shape, or of the one that it stands in."""
    while isinstance(shape, BNode):
        shape = next(shapes.subjects(None, shape))
    return str(shape).rpartition("#")[2]


def key(finding: Finding) -> tuple[object, ...]:
    """Return what makes a finding the same."""
    return tuple(getattr(finding, name) for name in KEYS)


def as_key(finding: Found) -> tuple[object, ...]:
    """Return the same of a finding in JSON."""
    return tuple(finding[name] for name in KEYS)


def differences(name: str, one: set[Any], other_name: str, other: set[Any]) -> list[str]:
    """Say which findings only one of two has."""
    return [
        *(f"only {name} finds {finding}" for finding in sorted(one - other, key=str)[:3]),
        *(f"only {other_name} finds {finding}" for finding in sorted(other - one, key=str)[:3]),
    ]


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000], help="entities (default: 1000 10000)")
    parser.add_argument(
        "--cold", type=int, default=9, help="cold starts on each foreign project (default 9, 0 for none)"
    )
    parser.add_argument("--changes", type=int, default=9, help="changes of one entity, each timed (default 9)")
    options = parser.parse_args()
    faults = cold(options.cold) if options.cold else []
    times: dict[int, Times] = {}
    for size in options.sizes:
        with TemporaryDirectory() as folder:
            print(f"{size:,} entities: ", end="", flush=True)
            times[size], found = measure(generate(Path(folder) / "base", size), options.changes)
            faults += found
    if not times:
        print("\n".join(faults) or "akb is nowhere the slower one.")
        return bool(faults)
    print(f"\n{'seconds':<42}" + "".join(f"{size:>10,}" for size in times))
    rows: dict[str, Callable[[Times], float]] = {
        "whole check": lambda one: one.whole,
        "plain pyshacl, reading with rdflib": lambda one: one.pyshacl,
        "first check of a change (makes the index)": lambda one: one.first,
        "check of a change: median": lambda one: statistics.median(one.changes[1:]),
        "check of a change: slowest": lambda one: max(one.changes[1:]),
        "check of a change to the best-known paper": lambda one: one.changes[0],
    }
    rows |= {
        f"  whole check, {stage}": lambda one, stage=stage: one.stages[stage]
        for stage in next(iter(times.values())).stages
    }
    for name, value in rows.items():
        print(f"{name:<42}" + "".join(f"{value(one):>10.2f}" for one in times.values()))
    last = times[max(times)]
    ratio = last.whole / statistics.median(last.changes[1:])
    print(f"\nAt {max(times):,} entities the whole check takes {ratio:.0f} times as long as that of a change.")
    if statistics.median(last.changes[1:]) >= SECONDS:
        faults.append(f"half of the changes took longer than {SECONDS} s")
    if ratio < TIMES:
        faults.append(f"the whole check takes {ratio:.1f} times as long, and should take {TIMES:.0f} times as long")
    print("\n".join(faults) or "All findings agree, one by one.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
