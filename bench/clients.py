"""Servers to be measured, and clients that do as little as they can: they share the processors with the server."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path

CLIENTS = 16
"""Enough that the connections spread over the processes of a server, which the kernel does by chance."""


UNIQUE = b"0123456789ab"
"""What stands in a request where the number that makes it one of its kind goes."""

_SERVERS: dict[int, int] = {}
"""The port of each server that was started here, by the id of its process."""


@dataclass(frozen=True)
class Measured:
    """What one kind of request took. Latencies are in milliseconds."""

    per_second: float
    median: float
    p99: float
    cpu: float
    """Milliseconds of CPU time of the server and its processes for one request, with several clients at once."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, answers: Callable[[], bool], **options: object) -> Iterator[None]:
    """Run a server on a port until it answers, and stop it at the end."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options) as process:
        _SERVERS[process.pid] = port
        try:
            deadline = time.monotonic() + 60
            while not answers():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} does not answer")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def clients() -> Iterator[Pool]:
    """Start the processes of the clients, for as many measurements as are wanted."""
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        yield pool


def throughput(pool: Pool, port: int, request: bytes, seconds: float, status: int = 200) -> Measured:
    """Measure requests per second with several clients at once, and latencies with one alone.

    Where `UNIQUE` stands in the request, each one has a number that no other has.
    """
    job = (port, request, seconds, status)
    pool.map(client, [(port, request, 0.3, status)] * CLIENTS)
    before = cpu_seconds(port)
    together = pool.map(client, [job] * CLIENTS)
    used = cpu_seconds(port) - before
    count = sum(len(taken) for taken in together)
    alone = pool.apply(client, ((port, request, seconds / 2, status),))
    return measured(alone, count / seconds, used * 1000 / count)


def cpu_seconds(port: int) -> float:
    """Return the CPU time so far of the server that listens on a port, with all the processes that it has started."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of a program, in brackets, may hold anything.
            stats[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    family = {pid for pid, started in _SERVERS.items() if started == port}
    while more := {pid for pid, fields in stats.items() if int(fields[1]) in family} - family:
        family |= more
    ticks = sum(int(ticks) for pid in family if pid in stats for ticks in stats[pid][11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def measured(taken: list[float], per_second: float, cpu: float) -> Measured:
    """Summarise the milliseconds of single requests."""
    cuts = statistics.quantiles(taken, n=100)
    return Measured(per_second, statistics.median(taken), cuts[98], cpu)


def client(job: tuple[int, bytes, float, int]) -> list[float]:
    """Send a request again and again for some seconds, over one connection; return the milliseconds of each."""
    port, request, seconds, status = job
    taken = []
    head, unique, tail = request.partition(UNIQUE)
    number = random.getrandbits(40)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        exchange(connection, request, status)
        end = time.perf_counter() + seconds
        while (started := time.perf_counter()) < end:
            if unique:
                number += 1
                request = b"%b%012x%b" % (head, number, tail)
            exchange(connection, request, status)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def exchange(connection: socket.socket, request: bytes, status: int = 200) -> bytes:
    """Send a request, read its answer to the end (RFC 9112, section 6.3), and return the beginning, with all headers.

    Of an answer only the status and the end are looked for.
    """
    connection.sendall(request)
    answer = b""
    while (head := answer.find(b"\r\n\r\n")) < 0:
        answer += received(connection)
    if not answer.startswith((b"HTTP/1.1 %d" % status, b"HTTP/1.0 %d" % status)):
        raise RuntimeError(answer[:200].decode(errors="replace"))
    if status == 304:
        return answer
    if length := re.search(rb"\r\ncontent-length: *(\d+)", answer[:head], re.IGNORECASE):
        missing = head + 4 + int(length[1]) - len(answer)
        while missing > 0:
            missing -= len(received(connection))
    else:
        end = answer
        while not end.endswith(b"\r\n0\r\n\r\n"):
            end = end[-16:] + received(connection)
    return answer


def received(connection: socket.socket) -> bytes:
    """Return what came, and fail when the other side has closed."""
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data
