"""Two versions of the server, side by side in one run: what the newer one costs more or less.

    python bench/versions.py ../before .

Each is a checkout with an environment of its own in `.venv` (`make .venv/runtime`), and serves the base of that
checkout, or both the one that `--root` names. They run at the same time with the same number of workers, and are asked
in turns, a round after the other, which of them first changing with the rounds. What counts are the medians over the
rounds of the ratio of newer to older, of requests per second and of CPU time for a request. Exit code 1: the newer one
takes over 5 % more CPU time for something.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from clients import CLIENTS, UNIQUE, Measured, clients, free_port, running, throughput
from pages import PATH, answers, get, request
from sparql import PREFIXES, QUERIES

MOST = 1.05


def requests(port: int) -> dict[str, tuple[bytes, int]]:
    """Return what is asked of a server, and the status that is expected."""
    page, data = f"{PATH}.html", f"{PATH}.jsonld"
    tag = get(port, page).headers["ETag"]
    found = {
        "entity page": (request(port, page), 200),
        "entity page, br": (request(port, page, "Accept-Encoding: br\r\n"), 200),
        "JSON-LD": (request(port, data), 200),
        "negotiated 303": (request(port, PATH, "Accept: text/turtle\r\n"), 303),
        "304": (request(port, page, f"If-None-Match: {tag}\r\n"), 304),
    }
    for name, text in QUERIES.items():
        asked = f"/sparql?{urlencode({'query': PREFIXES + text})}"
        fresh = f"/sparql?{urlencode({'query': f'#{UNIQUE.decode()}' + chr(10) + PREFIXES + text})}"
        accepts = "Accept: application/sparql-results+json\r\n"
        found[f"{name}, fresh"] = (request(port, fresh, accepts), 200)
        found[f"{name}, again"] = (request(port, asked, accepts), 200)
    return found


def main() -> int:
    """Measure both, print the ratios, and check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("older", type=Path)
    parser.add_argument("newer", type=Path)
    parser.add_argument("--root", type=Path, help="the base that both serve (default: each its own)")
    parser.add_argument("--rounds", type=int, default=7, help="(default 7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each kind of request in a round (default 1)")
    options = parser.parse_args()
    ratios: dict[str, list[tuple[float, float]]] = {}
    with ExitStack() as stack, clients() as pool:
        sides = []
        for checkout in (options.older.resolve(), options.newer.resolve()):
            port = free_port()
            state = stack.enter_context(TemporaryDirectory())
            # What a client may take, and spare workers, are not what is compared.
            settings = {
                "AKB_STATE": state,
                "AKB_CLIENT_SECONDS": "0",
                "AKB_EMBEDDING": "none",
                "PYTHONPATH": str(checkout),
            }
            command = [str(checkout / ".venv/bin/python"), "-m", "server.cli.main", "serve", "--port", str(port)]
            command += ["--root", str(options.root or checkout), "--workers", str(os.cpu_count() or 1)]
            stack.enter_context(
                running(command, port, partial(answers, port, "/healthz"), env=os.environ | settings, cwd=checkout)
            )
            sides.append((port, requests(port)))
        for number in range(options.rounds):
            for name in sides[0][1]:
                found: dict[int, Measured] = {}
                for port, asked in sides if number % 2 else reversed(sides):
                    data, status = asked[name]
                    found[port] = throughput(pool, port, data, options.seconds, status)
                older, newer = (found[port] for port, _ in sides)
                ratios.setdefault(name, []).append((newer.per_second / older.per_second, newer.cpu / older.cpu))
    print(f"{options.rounds} rounds of {options.seconds:g} s, {CLIENTS} clients; newer to older, medians")
    print(f"{'request':<22} {'per second':>11} {'CPU time':>9}")
    worst = []
    for name, pairs in ratios.items():
        rate, cpu = (statistics.median(values) for values in zip(*pairs, strict=True))
        print(f"{name:<22} {rate:>10.2f}x {cpu:>8.2f}x")
        worst += [name] if cpu > MOST else []
    print(f"More than 5 % dearer: {', '.join(worst)}." if worst else "Nothing is more than 5 % dearer.")
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
