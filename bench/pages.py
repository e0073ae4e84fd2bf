"""Pages and data of an entity, side by side in one run with a bare Flask application on the same web server.

Run it with `make bench`. It prints requests per second and latencies; what counts are the ratios, since both meet the
same machine, the same clients, the same number of workers and threads. What must hold is checked at the end, and the
exit code is 1 when it does not.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from clients import CLIENTS, Measured, clients, free_port, running, throughput

from server.build.build import build
from server.settings import read_settings

ROOT = Path(__file__).parent.parent
WORKERS = os.cpu_count() or 1
PATH = "/concept/alignment-faking"
HELLO = "bare Flask"
LEAST = {"entity page": 0.3, "JSON-LD": 0.4, "304": 0.8}
"""How much of the throughput of bare Flask we want at least."""


@contextmanager
def this_server() -> Iterator[int]:
    """Serve this base as `akb serve` does, and yield the port."""
    port = free_port()
    options = ["--root", str(ROOT), "--port", str(port), "--workers", str(WORKERS)]
    command = [sys.executable, "-m", "server.cli.main", "serve", *options]
    with running(command, port, partial(answers, port, "/healthz")):
        yield port


@contextmanager
def bare_flask() -> Iterator[int]:
    """Serve a greeting by Flask under the same web server, and yield the port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--interface", "wsgi", "--port", str(port), "--log-level", "error"]
    with running(
        [*command, "--workers", str(WORKERS), "hello:app"], port, partial(answers, port, "/"), cwd=Path(__file__).parent
    ):
        yield port


def answers(port: int, path: str) -> bool:
    """Tell whether a server answers."""
    try:
        return get(port, path).status == 200
    except (OSError, http.client.HTTPException):
        return False


def get(port: int, path: str) -> http.client.HTTPResponse:
    """Return the answer to a request, read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    return response


def request(port: int, path: str, headers: str = "") -> bytes:
    """Return a request as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()


def main() -> int:
    """Measure, print a table, and check what must hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="for each kind of request (default 4)")
    seconds = parser.parse_args().seconds
    build(read_settings({}, root=ROOT))
    print(f"{WORKERS} workers, {CLIENTS} clients, {seconds:g} seconds for each kind of request")
    results: dict[str, Measured] = {}
    with bare_flask() as bare, this_server() as port, clients() as pool:
        page, data = f"{PATH}.html", f"{PATH}.jsonld"
        tag = get(port, page).headers["ETag"]
        results[HELLO] = throughput(pool, bare, request(bare, "/"), seconds)
        results["entity page"] = throughput(pool, port, request(port, page), seconds)
        results["entity page, br"] = throughput(pool, port, request(port, page, "Accept-Encoding: br\r\n"), seconds)
        results["JSON-LD"] = throughput(pool, port, request(port, data), seconds)
        results["negotiated 303"] = throughput(pool, port, request(port, PATH, "Accept: text/turtle\r\n"), seconds, 303)
        results["304"] = throughput(pool, port, request(port, page, f"If-None-Match: {tag}\r\n"), seconds, 304)
    return report(results)


def report(results: dict[str, Measured]) -> int:
    """Print the table; return 1 when a target is missed."""
    print(f"{'request':<18} {'per second':>11} {'p50 ms':>8} {'p99 ms':>8} {'of bare':>9}")
    for name, one in results.items():
        share = one.per_second / results[HELLO].per_second
        print(f"{name:<18} {one.per_second:>11,.0f} {one.median:>8.2f} {one.p99:>8.2f} {share:>8.2f}x")
    failed = [
        f"{name}: less than {least:g} of the throughput of {HELLO}"
        for name, least in LEAST.items()
        if results[name].per_second < least * results[HELLO].per_second
    ]
    print("\n".join(failed) if failed else "All targets are met.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
