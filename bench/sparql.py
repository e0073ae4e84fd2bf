"""Public SPARQL queries, side by side in one run: this server, others over the same data, and the bare engine.

Run it with `make bench`. All servers run at the same time, each with as many processes or threads as it takes by
itself, and are asked in turns: what else the machine does then meets all of them. Each fresh query has a number in a
comment that no other has, so that no cache of answers helps; a repeated one is always the same. What counts are the
ratios, of which the median over the rounds is printed, and the CPU time that a server and its processes need for one
answer. Engines that are not installed are left out and named. What must hold is checked at the end, and the exit code
is 1 when it does not.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from clients import CLIENTS, UNIQUE, Measured, clients, free_port, measured, running, throughput

from server.build.build import build
from server.build.releases import Releases
from server.settings import read_settings
from server.store.embedded import Store
from tests.made import NAMESPACES

ROOT = Path(__file__).parent.parent
PREFIXES = "".join(f"PREFIX {name}: <{NAMESPACES.prefixes()[name]}>\n" for name in ("akb", "concept"))
QUERIES = {
    "trivial": "ASK { concept:alignment-faking a akb:Concept }",
    "neighbourhood": """SELECT ?neighbour ?predicate ?note WHERE {
        { ?edge akb:subject concept:alignment-faking ; akb:object ?neighbour }
        UNION { ?edge akb:object concept:alignment-faking ; akb:subject ?neighbour }
        ?edge akb:predicate ?predicate ; akb:note ?note }""",
    "aggregate": """SELECT ?predicate (COUNT(?edge) AS ?edges) WHERE { ?edge akb:predicate ?predicate }
        GROUP BY ?predicate ORDER BY DESC(?edges)""",
}
OURS, BARE, PEER = "this server", "bare engine, in process", "Oxigraph server"
FRESH, REPEATED = "fresh", "repeated"
LEAST = {
    (PEER, FRESH, "trivial"): 0.4,
    (PEER, FRESH, "neighbourhood"): 0.7,
    (PEER, FRESH, "aggregate"): 0.7,
    (PEER, REPEATED, "trivial"): 0.8,
    (PEER, REPEATED, "neighbourhood"): 0.8,
    (PEER, REPEATED, "aggregate"): 0.8,
    ("rdflib-endpoint", FRESH, "trivial"): 4.0,
    ("rdflib-endpoint", FRESH, "neighbourhood"): 4.0,
    ("rdflib-endpoint", FRESH, "aggregate"): 4.0,
    ("Virtuoso", FRESH, "trivial"): 1.0,
    ("Virtuoso", FRESH, "neighbourhood"): 1.0,
    ("Virtuoso", FRESH, "aggregate"): 1.0,
}
"""How much of the throughput of another engine we want at least."""
MOST_OVER_BARE = 1.0
"""Milliseconds that a fresh query may take longer than in the engine itself."""

Address = tuple[int, str]
"""The port of an endpoint on this machine, and its path."""


@contextmanager
def endpoint(command: list[str], port: int, path: str) -> Iterator[Address]:
    """Run a server until its endpoint answers a query, and stop it at the end."""
    with running(command, port, partial(answers, port, path)):
        yield port, path


def answers(port: int, path: str) -> bool:
    """Tell whether an endpoint answers the trivial query with yes."""
    try:
        return b"true" in ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), path, QUERIES["trivial"])
    except (OSError, http.client.HTTPException):
        return False


def ask(connection: http.client.HTTPConnection, path: str, query: str) -> bytes:
    """Send a query as a form, and return the body."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
    connection.request("POST", path, urlencode({"query": PREFIXES + query}), headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"{response.status}: {body[:200]!r}")
    return body


# ---- the engines -----------------------------------------------------------------------------------------


@contextmanager
def this_server(_data: Path) -> Iterator[Address]:
    """Serve this base as `akb serve` does, with one worker per core."""
    port = free_port()
    options = ["--root", str(ROOT), "--port", str(port), "--workers", str(os.cpu_count() or 1)]
    with endpoint([sys.executable, "-m", "server.cli.main", "serve", *options], port, "/sparql") as address:
        yield address


@contextmanager
def rdflib_endpoint(data: Path) -> Iterator[Address]:
    """Serve the data by rdflib-endpoint with its Oxigraph store, under uvicorn."""
    port = free_port()
    command = [tool("rdflib-endpoint"), "serve", "--store", "Oxigraph", "--port", str(port), str(data)]
    with endpoint(command, port, "/") as address:
        yield address


@contextmanager
def oxigraph(data: Path) -> Iterator[Address]:
    """Serve the data by the Oxigraph server, which is written in Rust."""
    port = free_port()
    location = str(data.parent / "oxigraph")
    load = [tool("oxigraph"), "load", "--location", location, "--file", str(data)]
    subprocess.run(load, check=True, capture_output=True)
    command = [tool("oxigraph"), "serve-read-only", "--location", location, "--bind", f"127.0.0.1:{port}"]
    with endpoint(command, port, "/query") as address:
        yield address


VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = {sql}
ServerThreads = 20
DirsAllowed = {data}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
"""


@contextmanager
def virtuoso(data: Path) -> Iterator[Address]:
    """Serve the data by Virtuoso (Debian: virtuoso-opensource-7)."""
    server, isql = tool("virtuoso-t"), tool("isql-vt")
    folder = data.parent / "virtuoso"
    folder.mkdir()
    sql, port = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(VIRTUOSO.format(folder=folder, sql=sql, http=port, data=data.parent))
    command = [server, "+foreground", "+configfile", str(ini)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            load = f"DB.DBA.TTLP(file_to_string_output('{data}'), '', 'urn:bench', 512); checkpoint;"
            deadline = time.monotonic() + 90
            command_line = [isql, str(sql), "dba", "dba", f"exec={load}"]
            while subprocess.run(command_line, capture_output=True, check=False).returncode:
                if time.monotonic() > deadline:
                    raise RuntimeError("Virtuoso does not start")
                time.sleep(0.5)
            while not answers(port, "/sparql"):
                if time.monotonic() > deadline:
                    raise RuntimeError("Virtuoso does not answer")
                time.sleep(0.2)
            yield port, "/sparql"
        finally:
            process.terminate()
            process.wait(timeout=60)


ENGINES: dict[str, Callable[[Path], object]] = {
    OURS: this_server,
    "rdflib-endpoint": rdflib_endpoint,
    PEER: oxigraph,
    "Virtuoso": virtuoso,
}


def tool(name: str) -> str:
    """Return the path of a program; raise FileNotFoundError when it is not installed."""
    beside = Path(os.environ.get("AKB_BENCH_TOOLS", Path(sys.executable).parent)) / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


# ---- measuring -------------------------------------------------------------------------------------------


def form(address: Address, query: str, kind: str) -> bytes:
    """Return a request with a query as a form, whole; of a fresh one each copy will be another."""
    port, path = address
    text = PREFIXES + query + (f"\n# {UNIQUE.decode()}" if kind == FRESH else "")
    body = urlencode({"query": text}).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Accept: application/sparql-results+json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def bare(store: Store, query: str, seconds: float) -> Measured:
    """Measure the engine itself, called in this process, its answer written as JSON."""
    taken = []
    begun = time.process_time()
    end = time.perf_counter() + seconds / 2
    while (started := time.perf_counter()) < end:
        store.answer(PREFIXES + query).serialize("json")
        taken.append((time.perf_counter() - started) * 1000)
    return measured(taken, len(taken) / (seconds / 2), (time.process_time() - begun) * 1000 / len(taken))


def same(address: Address, store: Store) -> bool:
    """Tell whether an endpoint gives the answers that the engine gives; a wrong one would not be worth measuring."""
    port, path = address
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def rows(text: bytes) -> object:
        data = json.loads(text)
        if "boolean" in data:
            return bool(data["boolean"])
        if data["head"]["vars"] == ["__ASK_RETVAL"]:
            # Virtuoso 7 answers an ASK in JSON as if it had been a SELECT.
            return data["results"]["bindings"][0]["__ASK_RETVAL"]["value"] == "1"
        return sorted(sorted(cell["value"] for cell in row.values()) for row in data["results"]["bindings"])

    return all(
        rows(ask(connection, path, query)) == rows(store.answer(PREFIXES + query).serialize("json"))
        for query in QUERIES.values()
    )


Key = tuple[str, str, str]
"""An engine, `fresh` or `repeated`, and the name of a query."""


def main() -> int:
    """Measure every engine that is there, print a table, and check what must hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="per query, engine and round (default 2)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each engine has its turn (default 3)")
    parser.add_argument("--only", action="append", help="measure this engine beside ours; may be repeated")
    options = parser.parse_args()
    settings = read_settings({}, root=ROOT)
    build(settings)
    _, _, store = Releases(settings.releases).open_current(settings.namespaces, settings.memory_triples)
    results: dict[Key, list[Measured]] = defaultdict(list)
    missing: list[str] = []
    with TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder) / "data.nt"
        data.write_text(store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), encoding="utf-8")
        addresses: dict[str, Address] = {}
        for engine, start in ENGINES.items():
            if options.only and engine not in {OURS, *options.only}:
                continue
            try:
                addresses[engine] = stack.enter_context(start(data))
            except FileNotFoundError as error:
                missing.append(f"{engine}: {error} is not installed")
                continue
            if not same(addresses[engine], store):
                print(f"{engine} gives other answers than the engine", file=sys.stderr)
                return 1
        pool = stack.enter_context(clients())
        print(
            f"{len(store):,} triples, {os.cpu_count()} processors, {CLIENTS} clients, {options.rounds} rounds of "
            f"{options.seconds:g} seconds; {os.getloadavg()[0]:.1f} processes were waiting or running before"
        )
        for _ in range(options.rounds):
            for name, query in QUERIES.items():
                results[BARE, FRESH, name].append(bare(store, query, options.seconds))
                for kind in (FRESH, REPEATED):
                    for engine, address in addresses.items():
                        if kind == FRESH or engine in {OURS, PEER}:
                            request = form(address, query, kind)
                            results[engine, kind, name].append(throughput(pool, address[0], request, options.seconds))
    return report(results, missing)


def ratio(results: dict[Key, list[Measured]], key: Key) -> float:
    """Return how many times the throughput of another engine ours is: the median over the rounds."""
    pairs = zip(results[OURS, *key[1:]], results[key], strict=True)
    return statistics.median(ours.per_second / other.per_second for ours, other in pairs)


def report(results: dict[Key, list[Measured]], missing: list[str]) -> int:
    """Print the table; return 1 when a target is missed."""
    print(f"{'engine':<24} {'query':<22} {'per second':>11} {'p50 ms':>8} {'p99 ms':>8} {'CPU ms':>8} {'ours is':>9}")
    middle: dict[Key, Measured] = {}
    for key, rounds in results.items():
        engine, kind, name = key
        one = Measured(*(statistics.median(values) for values in zip(*map(astuple, rounds), strict=True)))
        middle[key] = one
        times = f"{ratio(results, key):.2f} x" if engine not in (OURS, BARE) else ""
        print(
            f"{engine:<24} {name + ', ' + kind:<22} {one.per_second:>11,.0f} {one.median:>8.2f} {one.p99:>8.2f} "
            f"{one.cpu:>8.3f} {times:>9}"
        )
    for line in missing:
        print(f"left out: {line}")
    failed = []
    for name in QUERIES:
        over = middle[OURS, FRESH, name].median - middle[BARE, FRESH, name].median
        if over > MOST_OVER_BARE:
            failed.append(f"{name}: {over:.2f} ms over the bare engine; at most {MOST_OVER_BARE:g} were wanted")
    failed += [
        f"{key[2]}, {key[1]}: not {least:g} times the throughput of {key[0]}"
        for key, least in LEAST.items()
        if key in results and ratio(results, key) < least
    ]
    print("\n".join(failed) if failed else "All targets are met.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
