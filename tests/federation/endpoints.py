"""Endpoints for tests: real HTTP servers on the loopback, well-behaved and otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs

from server.store.embedded import Store

Respond = Callable[[BaseHTTPRequestHandler, str], None]
"""Answers a request for a query."""
RESULTS = "application/sparql-results+json"


class Endpoint:
    """An endpoint with an address of its own, which answers as it is told to."""

    def __init__(self, respond: Respond) -> None:
        self.address = ""
        self.asked: list[str] = []
        self.respond = respond


class StoreEndpoint(Endpoint):
    """An endpoint over some Turtle."""

    def __init__(self, text: str) -> None:
        super().__init__(self._answer)
        self._store = Store.in_memory({})
        self._store.load(text, "urn:data")

    def _answer(self, handler: BaseHTTPRequestHandler, query: str) -> None:
        send(handler, self._store.answer(query).serialize("json"))


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, kind: str = RESULTS, **headers: str) -> None:
    """Send a whole answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


E_ = TypeVar("E_", bound=Endpoint)


@contextmanager
def serving(endpoint: E_) -> Iterator[E_]:
    """Serve an endpoint on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            # What is no form with a query in it is passed on as it is.
            sent = parse_qs(body).get("query", [body])[0]
            endpoint.asked.append(sent)
            endpoint.respond(self, sent)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # A client that leaves early is what some tests are about.
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # see above
    endpoint.address = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
