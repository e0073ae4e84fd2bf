"""Publishing a large release into Virtuoso: its bulk loader beside chunks by UPDATE, in one run, on fresh servers.

Run it as `python bench/bulk.py`; it needs virtuoso-opensource-7. It makes a release of as many triples as are asked
for out of copies of the real one, publishes it both ways into an empty store, and by the loader once more in the place
of that release. It prints wall time, and CPU time of the server and of akb, and what each step of the loader took. The
answers are compared with those of the embedded store.
"""

from __future__ import annotations

import argparse
import io
import re
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from clients import free_port
from sparql import VIRTUOSO, tool

from server.build.build import build
from server.build.bulk import Bulk, hand_over
from server.build.publish import Target, publish
from server.build.releases import Releases
from server.namespaces import Namespaces
from server.serialization import N_TRIPLES
from server.settings import Settings, read_settings
from server.store.embedded import Store
from server.store.remote_store import RemoteStore

ROOT = Path(__file__).parent.parent
COPIED = ("asserted", "inferred", "similarity", "statistics")
QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT ?e ?o ?n { ?e akb:subject concept:alignment-faking-3 ; akb:object ?o ; akb:note ?n } ORDER BY ?e",
)
# The limit of a transaction is 50 MB where nothing is said; the change at the end of the chunks is one transaction.
MORE = (
    "[Parameters]\nTransactionAfterImageLimit = 2000000000\nCheckpointInterval = 0\nStopCompilerWhenXOverRunTime = 1\n"
)


@dataclass(frozen=True)
class Taken:
    """Seconds."""

    wall: float
    server: float
    akb: float

    @property
    def cpu(self) -> float:
        """All CPU time."""
        return self.server + self.akb


def enlarge(settings: Settings, state: Path, triples: int) -> Settings:
    """Make a release of about so many triples, whose entities are copies of the real ones by other names."""
    namespaces = settings.namespaces
    _, _, small = Releases(settings.releases).open_current(namespaces, 0)
    named = re.compile(rb"<(" + re.escape(namespaces.base.encode()) + rb"(?:" + _classes(namespaces) + rb")/[^>]+)>")
    releases = Releases(state / "releases")
    building = releases.begin()
    large = Store.create(building / "store", namespaces.prefixes())
    total = 0
    for graph in namespaces.graphs:
        out = io.BytesIO()
        small.write_graph(graph, N_TRIPLES, out)
        text = out.getvalue()
        large.load_ntriples(text.decode(), graph)
        total += text.count(b"\n")
        if not graph.endswith(COPIED):
            continue
        each = sum(small.count(f"{namespaces.graph}{name}") for name in COPIED)
        for number in range(1, max(1, round(triples / each))):
            large.load_ntriples(named.sub(rb"<\1-%d>" % number, text).decode(), graph)
    large.finish()
    info = replace(Releases(settings.releases).info(Releases(settings.releases).held()[0]), name="bench")
    del large
    releases.publish(building, info)
    return replace(settings, state=state, credentials=("dba", "dba"))


def _classes(namespaces: Namespaces) -> bytes:
    paths = (iri.removeprefix(namespaces.base) for iri in namespaces.prefixes().values() if iri.endswith("/"))
    return "|".join(re.escape(path[:-1]) for path in paths if path and "/" not in path[:-1]).encode()


@contextmanager
def virtuoso(folder: Path) -> Iterator[tuple[int, int, int]]:
    """Run a fresh Virtuoso; yield its process id, its SQL port and its HTTP port."""
    folder.mkdir()
    sql, port = free_port(), free_port()
    ini = VIRTUOSO.format(folder=folder, sql=sql, http=port, data=folder.parent).replace("[Parameters]\n", MORE)
    (folder / "virtuoso.ini").write_text(ini)
    command = [tool("virtuoso-t"), "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            deadline = time.monotonic() + 90
            while not answers(port):
                if time.monotonic() > deadline:
                    raise RuntimeError("Virtuoso does not answer")
                time.sleep(0.3)
            yield process.pid, sql, port
        finally:
            process.terminate()
            process.wait(timeout=60)


def answers(port: int) -> bool:
    """Tell whether the endpoint answers."""
    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", timeout=5):
        return True
    return False


def measured(process: int, work: Callable[[], object]) -> Taken:
    """Run something, and return what it took of the server, of this process and of those that it starts."""
    wall, server, akb = time.monotonic(), cpu_of(process), own_cpu()
    work()
    return Taken(time.monotonic() - wall, cpu_of(process) - server, own_cpu() - akb)


class Steps:
    """What each step of a bulk load took: writing the files, preparing, loading, and the change at the end."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._taken: list[Taken] = []
        self._last = self._now()

    def step(self, _stage: str, _done: int, _total: int) -> None:
        """Note that a step has ended."""
        now = self._now()
        self._taken.append(Taken(*(after - before for after, before in zip(now, self._last, strict=True))))
        self._last = now

    def told(self) -> str:
        """Return what the steps took, and forget them."""
        names = ("", "write", "prepare", "load", "swap")
        said = [
            f"\n  {name:<8} {one.wall:5.1f} s wall, {one.server:5.1f} s CPU of Virtuoso, {one.akb:5.1f} s of akb"
            for name, one in zip(names, self._taken, strict=False)
            if name
        ]
        self._taken.clear()
        return "".join(said)

    def _now(self) -> tuple[float, float, float]:
        return time.monotonic(), cpu_of(self._process), own_cpu()


def own_cpu() -> float:
    """Return the CPU seconds of this process and of those that it started, so far."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def cpu_of(process: int) -> float:
    """Return the CPU seconds of a process so far (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def same_answers(settings: Settings, port: int) -> bool:
    """Tell whether the store answers as the embedded one does."""
    namespaces = settings.namespaces
    _, _, local = Releases(settings.releases).open_current(namespaces, 0)
    remote = RemoteStore(f"http://127.0.0.1:{port}/sparql", namespaces.prefixes(), namespaces.graphs, timeout=300)
    return all(remote.select(query) == local.select(query) for query in QUERIES)


def main() -> int:
    """Measure the ways, and check that the answers are equal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--ways", nargs="+", choices=("chunks", "bulk"), default=("chunks", "bulk"))
    parser.add_argument("--loaders", type=int, default=2)
    wanted = parser.parse_args()
    settings = read_settings({"AKB_EMBEDDING": "none"}, root=ROOT)
    build(settings)
    taken: dict[str, Taken] = {}
    failed = False
    with TemporaryDirectory() as name:
        folder = Path(name)
        large = enlarge(settings, folder / "state", wanted.triples)
        load = folder / "load"
        load.mkdir()
        for way in wanted.ways:
            with virtuoso(folder / way) as (process, sql, port):
                here = f"http://127.0.0.1:{port}"
                by_loader = Bulk("virtuoso", load, f"127.0.0.1:{sql}", wanted.loaders)
                target = Target(f"{here}/sparql", f"{here}/sparql-auth", timeout=600)
                steps = Steps(process)
                ways: dict[str, Callable[[], object]] = {
                    "chunks": partial(publish, large, target),
                    "bulk": partial(hand_over, large, by_loader, progress=steps.step),
                    "again": partial(hand_over, large, by_loader, force=True, progress=steps.step),
                }
                for one in (way, "again") if way == "bulk" else (way,):
                    taken[one] = measured(process, ways[one])
                    same = same_answers(large, port)
                    failed |= not same
                    print(
                        f"{one:<8} {taken[one].wall:7.1f} s wall, {taken[one].server:7.1f} s CPU of Virtuoso, "
                        f"{taken[one].akb:6.1f} s of akb; answers {'equal' if same else 'DIFFER'}{steps.told()}",
                        flush=True,
                    )
    for one in ("bulk", "again"):
        if {one, "chunks"} <= taken.keys():
            chunks, bulk = taken["chunks"], taken[one]
            print(f"{one}: 1/{chunks.wall / bulk.wall:.1f} of the wall time, 1/{chunks.cpu / bulk.cpu:.1f} of CPU.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
