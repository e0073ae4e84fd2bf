"""A web server of static files, as an object store is, which can be made to fail in the ways that networks do."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class StaticFiles:
    """Serves a folder under `address`; the fields say what goes wrong, and `asked` has what was asked for."""

    folder: Path
    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The path and the range of each request."""
    cut: dict[str, int] = field(default_factory=dict)
    """Of a path that ends like this, a response that has so many bytes is broken off, once."""
    fail: dict[str, list[int]] = field(default_factory=dict)
    """Statuses with which a path that ends like this is answered, one after another."""
    has_ranges: bool = True
    stall: str = ""
    """Half of a path that ends like this is sent, and no more until `go_on` is set."""
    stalled: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def take(self, faults: dict[str, int], path: str) -> int | None:
        for end in faults:
            if path.endswith(end):
                return faults.pop(end)
        return None


@contextmanager
def serving(folder: Path) -> Iterator[StaticFiles]:
    """Serve a folder on a free port."""
    files = StaticFiles(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            files.asked.append((self.path, self.headers.get("Range", "")))
            statuses = next((left for end, left in files.fail.items() if self.path.endswith(end)), [])
            path = folder / self.path.lstrip("/")
            if statuses or not path.is_file():
                self.send_error(statuses.pop(0) if statuses else 404)
                return
            data = path.read_bytes()
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")) if files.has_ranges else None
            start = int(wanted[1]) if wanted else 0
            if wanted and start >= len(data):
                self.send_error(416)
                return
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            data = data[start:]
            cut = files.take(files.cut, self.path)
            if files.stall and self.path.endswith(files.stall):
                half = len(data) // 2
                self.wfile.write(data[:half])
                self.wfile.flush()
                files.stalled.set()
                files.go_on.wait(60)
                data = data[half:]
            self.wfile.write(data if cut is None else data[:cut])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # A client that is killed leaves its connection broken, as it may.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    files.address = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield files
    finally:
        files.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
