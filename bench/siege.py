"""A siege: everything that strangers can do to a server at once, for minutes, while people read pages.

    python -m bench.siege                     # five minutes, on a generated base of 2,000 entities
    python bench/siege.py --seconds 20        # a short form, to see that the bench itself works
    python bench/siege.py --root DIR --workers 4

It starts `akb serve` with its default settings on a copy of the base, and knows nothing of the server but that
command, its processes as /proc shows them, and its addresses. Each client comes from an address of its own in
127.0.0.0/8 (Linux), since limits for each client are to hold off the greedy ones and not the readers.

Attackers, in a process of their own (`attackers.py`):

- 1,000 stalled clients: a third send headers that never end, a third bodies that never end, a third ask for the
  largest graph and do not read it. Who is disconnected comes back after a second.
- 20 clients that ask for the heaviest legal request of each address, one after the other.
- 10 clients with hostile requests: queries that multiply, nest, fill the memory, call other hosts; 1.9 MB of query
  text; HEAD of everything; what is no HTTP.

Meanwhile a release is built every 30 seconds from a changed file, and a web worker is killed every 20 (SIGKILL; a web
worker is a descendant of the main process that holds the listening socket). Where the time is shorter than three such
spans, both are a third of it.

Measured, by 8 readers who look at pages of entities with a pause between: p50 and p99 of the whole answer, and
statuses. A reader whose connection breaks asks once more, as browsers do, and the time of both counts. `/healthz` is
asked each second, and has two seconds. Memory, descriptors, threads, processes and disk (state, temporary folder, and
files without a name) are the medians over the 30 seconds before the end of the first minute and over the last 30
(from one release to the next; in a shorter time less), while the attack goes on; at last SIGTERM.

Wanted, else the exit code is 1: p99 of readers under 1 s, none of their answers a 5xx, none missing; `/healthz` never
missed; no answer 500 to anyone; what the server takes at the end as after the first minute (25 % more at most, or the
few more that `SLACK` allows: caches and releases come and go); the last release served; and nothing left behind by
the server when it ends. The target of 1 s holds on a machine that does nothing else; the attackers share its
processors with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from attackers import Plan, heavy_requests, hostile_requests, run, tried
from attackers import get as request
from bases import generate
from clients import free_port
from processes import Usage, family, usage, web_workers

READERS = 8
PAUSE = 0.5
"""Seconds that a reader looks at a page, on average."""
READER_PATIENCE = 30.0
HEALTH_SECONDS = 2.0
KILL_EVERY = 20.0
RELEASE_EVERY = 30.0
START_SECONDS = 600
STOP_SECONDS = 60
OPEN_SECONDS = 10
"""How long after its publication a release may be opened."""
MOST_P99 = 1.0
MOST_GROWTH = 1.25
SLACK = Usage(memory=64 << 20, descriptors=50, threads=8, processes=4, disk=64 << 20)
LOST = frozenset({"closed", "cut"})
MOST_CONNECTED = "SELECT ?e { ?e akb:edgeCount ?n } ORDER BY DESC(?n) ?e LIMIT 2"


@dataclass
class Seen:
    """What was measured."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    """Connections that broke, after which a reader asked once more."""
    health: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    kills_without_worker: int = 0
    releases: list[str] = field(default_factory=list)
    early: Usage | None = None
    late: Usage | None = None
    attackers: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass
class Server:
    """A running server: its main process, its port, and the folders that it writes to."""

    process: subprocess.Popen[bytes]
    port: int
    root: Path
    environment: dict[str, str]
    folders: tuple[Path, ...]

    def usage(self) -> Usage:
        """Return what it takes now."""
        return usage(self.process.pid, *self.folders)


def main() -> int:
    """Besiege a server, print what was measured, and check it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help="a base; it is copied (default: a generated one)")
    parser.add_argument("--size", type=int, default=2000, help="entities of the generated base (default 2,000)")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long (default 300)")
    parser.add_argument("--workers", type=int, default=2, help="web workers (default 2)")
    parser.add_argument("--stalled", type=int, default=1000, help="stalled clients (default 1,000)")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # As many files as the system lets us open; the server starts with what the shell has.
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "base"
        if options.root is None:
            generate(root, options.size, fault_every=0)
        else:
            shutil.copytree(options.root, root, ignore=shutil.ignore_patterns(".*", "server", "tests"))
        server = start(root, folder, options.workers)
        seen = Seen()
        try:
            asyncio.run(besiege(server, seen, options.seconds, options.stalled))
        finally:
            left = stop(server)
        return report(seen, left, options.seconds)


def start(root: Path, folder: Path, workers: int) -> Server:
    """Build the base, start a server on it, and wait until it answers."""
    state, temp = folder / "state", folder / "temp"
    temp.mkdir()
    environment = os.environ | {"AKB_STATE": str(state), "TMPDIR": str(temp)}
    environment.setdefault("AKB_EMBEDDING", "tfidf")
    port = free_port()
    command = [*_AKB, "serve", "--root", str(root), "--port", str(port), "--workers", str(workers)]
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    deadline = time.monotonic() + START_SECONDS
    while "Serving at" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)
    return Server(process, port, root, environment, (state, temp))


_AKB = (sys.executable, "-m", "server.cli.main")


async def besiege(server: Server, seen: Seen, seconds: float, stalled: int) -> None:
    """Attack a server for some seconds, and measure meanwhile."""
    pages, hubs = addresses(server.port)
    classes = sorted({path.split("/")[1] for path in pages})
    heavy = heavy_requests(classes, *hubs)
    plan = Plan(server.port, stalled, seconds, "/graph/asserted.nt", heavy, hostile_requests())
    print(f"{os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}")
    print(f"{len(pages)} pages, {len(heavy)} heavy and {len(plan.hostile)} hostile requests, {stalled} stalled clients")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    attackers = context.Process(target=run, args=(plan, theirs), daemon=True)
    end = time.monotonic() + seconds
    attackers.start()
    every = [
        *(_read(server, seen, pages, f"127.9.0.{n + 1}", end) for n in range(READERS)),
        _ask_health(server, seen, end),
        _kill(server, seen, min(KILL_EVERY, seconds / 3), end),
        _release(server, seen, min(RELEASE_EVERY, seconds / 3), end),
        # Some seconds before workers are killed: what is just born is small.
        _measure(server, seen, max(1.0, min(60.0, seconds / 3) - 5), end),
    ]
    await asyncio.gather(*every)
    if await asyncio.to_thread(ours.poll, 30):
        seen.attackers = ours.recv()
    attackers.kill()
    attackers.join()


def addresses(port: int) -> tuple[list[str], list[str]]:
    """Return the paths of the pages of entities, and those of the two entities with the most edges."""

    def fetched(path: str) -> str:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    found = re.findall(r"<loc>https?://[^/<]+(/[^<]*)\.html</loc>", fetched("/sitemap.xml"))
    pages = [path for path in found if path.count("/") == 2 and not path.startswith("/.")]
    rows = json.loads(fetched(f"/sparql?format=json&query={quote(MOST_CONNECTED)}"))["results"]["bindings"]
    hubs = ["/" + "/".join(row["e"]["value"].split("/")[-2:]) for row in rows]
    return pages, hubs


async def _read(server: Server, seen: Seen, pages: list[str], source: str, end: float) -> None:
    """Read pages, as a person does."""
    while time.monotonic() < end:
        await asyncio.sleep(random.uniform(0, 2 * PAUSE))
        data = request(f"{random.choice(pages)}.html")
        started = time.perf_counter()
        became = await tried(server.port, data, source, READER_PATIENCE)
        if became in LOST:
            seen.broken += 1
            became = await tried(server.port, data, source, READER_PATIENCE)
        seen.latencies.append(time.perf_counter() - started)
        seen.statuses[became] += 1


async def _ask_health(server: Server, seen: Seen, end: float) -> None:
    async def ask() -> None:
        became = "no answer in time"
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                became = await tried(server.port, request("/healthz"), "127.8.0.1", HEALTH_SECONDS)
                if became in LOST:
                    became = await tried(server.port, request("/healthz"), "127.8.0.1", HEALTH_SECONDS)
        except TimeoutError:
            pass
        seen.health[became] += 1

    async with asyncio.TaskGroup() as group:
        while time.monotonic() < end:
            group.create_task(ask())
            await asyncio.sleep(1)


async def _kill(server: Server, seen: Seen, every: float, end: float) -> None:
    while time.monotonic() + every < end and server.process.poll() is None:
        await asyncio.sleep(every)
        workers = await asyncio.to_thread(web_workers, server.process.pid, server.port)
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)
            seen.kills += 1
        else:
            seen.kills_without_worker += 1


async def _release(server: Server, seen: Seen, every: float, end: float) -> None:
    """Change a file and build, again and again."""
    files = sorted((server.root / "kb").rglob("*.ttl"))
    for number in range(1, 10_000):
        if time.monotonic() + every > end:
            return
        await asyncio.sleep(every)
        path = random.choice(files)
        path.write_text(re.sub(r'(skos:definition ")', rf"\g<1>{number}: ", path.read_text(), count=1))
        command = (*_AKB, "build", "--root", str(server.root))
        process = await asyncio.create_subprocess_exec(
            *command, env=server.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        current = Path(server.environment["AKB_STATE"]) / "releases" / "current"
        if process.returncode == 0:
            seen.releases.append(current.read_text().strip())
        else:
            print(f"A build failed: {said.decode(errors='replace')[-400:]}")


async def _measure(server: Server, seen: Seen, early: float, end: float) -> None:
    await asyncio.sleep(early - _span(early))
    seen.early = await _usage(server, _span(early))
    await asyncio.sleep(max(0.0, end - time.monotonic() - 6 - _span(early)))
    seen.late = await _usage(server, _span(early))


def _span(early: float) -> float:
    """Return for how many seconds usage is measured: from one release to the next, or half of what there is."""
    return min(RELEASE_EVERY, early / 2)


async def _usage(server: Server, seconds: float) -> Usage:
    """Return the medians of what a server takes over some seconds.

    What it takes swings from one release, and from one killed worker, to the next: while one is built or born there are
    more processes, and more files. So a moment says nothing, and the median over a whole swing does.
    """
    found = []
    end = time.monotonic() + seconds
    while not found or time.monotonic() < end:
        found.append(await asyncio.to_thread(server.usage))
        await asyncio.sleep(0.5)
    return Usage(*(int(statistics.median(getattr(one, name) for one in found)) for name in _PARTS))


_PARTS = ("memory", "descriptors", "threads", "processes", "disk")


def stop(server: Server) -> list[str]:
    """Stop the server, and return what is wrong then: with its last release, its end, and what it left behind."""
    wrong = []
    if server.process.poll() is not None:
        return [f"the server ended by itself, with {server.process.returncode}"]
    current = (Path(server.environment["AKB_STATE"]) / "releases" / "current").read_text().strip()
    try:
        deadline, served = time.monotonic() + OPEN_SECONDS, ""
        while served != current and time.monotonic() < deadline:
            with urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=10) as answer:
                served = json.load(answer)["release"]
            time.sleep(0.1)
        if served != current:
            wrong.append(f"release {served} is served, and {current} is the current one")
    except (OSError, ValueError) as error:
        wrong.append(f"/healthz does not answer after the attack: {error}")
    pids = family(server.process.pid)
    server.process.terminate()
    try:
        server.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        wrong.append(f"the server did not end within {STOP_SECONDS} s of SIGTERM")
        server.process.kill()
        server.process.wait()
    deadline = time.monotonic() + 5
    while (left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    if left:
        wrong.append(f"{len(left)} processes were left behind")
    # A lock is a file without content that the next server takes over.
    if files := [path.name for path in server.folders[1].iterdir() if not path.is_file() or path.stat().st_size]:
        wrong.append(f"left in the temporary folder: {', '.join(files[:5])}")
    return wrong


def report(seen: Seen, left: list[str], seconds: float) -> int:
    """Print what was measured; return 1 when something is not as it is wanted."""
    cuts = statistics.quantiles(seen.latencies, n=100) if len(seen.latencies) > 1 else [float("inf")] * 99
    print(f"{seconds:g} s, {seen.kills} workers killed, {len(seen.releases)} releases")
    print(f"readers: {len(seen.latencies)} pages, p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms")
    print(f"readers: {_counts(seen.statuses)}; {seen.broken} broken connections")
    print(f"/healthz: {_counts(seen.health)}")
    for name, counts in seen.attackers.items():
        print(f"{name}: {_counts(counts)}")
    bad = Counter({name: count for name, count in seen.statuses.items() if name != "200"})
    missed = Counter({name: count for name, count in seen.health.items() if name != "200"})
    faults = seen.attackers.get("faults (500)", Counter())
    wrong = {
        f"readers: p99 is not under {MOST_P99:g} s": cuts[98] >= MOST_P99,
        f"readers: {_counts(bad)}": bad,
        f"/healthz missed: {_counts(missed)}": missed,
        f"faults: {_counts(faults)}": faults,
        "the attackers said nothing at the end": not seen.attackers,
        f"no web worker was found to be killed, {seen.kills_without_worker} times": seen.kills_without_worker,
        "no release was built": not seen.releases,
        **_growth(seen),
        **dict.fromkeys(left, True),
    }
    said = [words for words, holds in wrong.items() if holds]
    print("\n".join(said) if said else "All that is wanted holds.")
    return 1 if said else 0


def _growth(seen: Seen) -> dict[str, bool]:
    """Print what the server took, and return whether any part of it has grown."""
    if seen.early is None or seen.late is None:
        return {"what the server takes was not measured twice": True}
    grown = {}
    print(f"{'':<12} {'first minute':>14} {'at the end':>14}")
    for name in _PARTS:
        early, late, slack = (getattr(one, name) for one in (seen.early, seen.late, SLACK))
        unit, divisor = (" MB", 1 << 20) if name in {"memory", "disk"} else ("", 1)
        print(f"{name:<12} {early / divisor:>14,.0f}{unit} {late / divisor:>14,.0f}{unit}")
        grown[f"{name}: more at the end than after the first minute"] = late > max(early * MOST_GROWTH, early + slack)
    return grown


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())
