"""Clients that keep a server waiting, and what it costs the server: over plain sockets, as strangers would."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

HANG = 120
"""Seconds after which something hangs; nothing is measured by it."""


def connect(address: str, *, from_: str = "127.0.0.1", window: int = 0) -> socket.socket:
    """Return a connection to a server, from an address of this machine, which takes few bytes at a time if so asked."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    connection = socket.socket()
    if window:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    connection.bind((from_, 0))
    connection.settimeout(HANG)
    connection.connect((parts.hostname, parts.port))
    return connection


def answer(connection: socket.socket) -> bytes:
    """Return all that a server sends until it closes a connection."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            received += piece
    return received


def get(address: str, path: str, *, from_: str = "127.0.0.1", method: str = "GET", headers: str = "") -> bytes:
    """Return the answer to a request on a connection of its own."""
    with connect(address, from_=from_) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: kb\r\nConnection: close\r\n{headers}\r\n".encode())
        return answer(connection)


def status(answered: bytes) -> int:
    """Return the status of an answer; 0 for none."""
    return int(answered.split(b" ", 2)[1]) if answered.startswith(b"HTTP/1.1 ") else 0


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds. Raises AssertionError when it never does."""
    deadline = time.monotonic() + HANG
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that still run, in the order of their ids."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return sorted(found)


def descriptors(process: int) -> int:
    """Return how many descriptors a process has open."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def memory(process: int) -> int:
    """Return how many bytes a process has in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def is_web_worker(process: int) -> bool:
    """Tell whether a process runs, and is a web worker or prepared to be one."""
    with suppress(OSError):
        return b"server.web.serving" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def workers(address: str) -> list[int]:
    """Return the web workers of a server on this machine, in the order of their ids: who listens at its address."""
    port = f":{urlsplit(address).port:04X}"
    inodes = {
        f"socket:[{fields[9]}]"
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if (fields := line.split())[1].endswith(port) and fields[3] == "0A"
    }
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if is_web_worker(int(folder.name)) and any(
                str(link.readlink()) in inodes for link in (folder / "fd").iterdir()
            ):
                found.append(int(folder.name))
    return sorted(found)
