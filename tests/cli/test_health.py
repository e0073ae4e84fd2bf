"""`akb health`: what looks after a server is told whether it is ready."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.common import origin_of
from server.cli.main import main


@contextmanager
def answering(status: int, document: object) -> Iterator[tuple[int, list[str]]]:
    """Answer each request on a port of the loopback with a document; yield the port and the paths that are asked."""
    asked: list[str] = []
    body = json.dumps(document).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/problem+json" if status >= 400 else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()


def health(root: Path, *words: str, **variables: str) -> Result:
    return CliRunner(env={"AKB_ROOT": str(root), **variables}).invoke(main, ["health", *words])


def test_a_server_that_is_ready_is_named_by_its_release(root: Path) -> None:
    with answering(200, {"status": "ready", "release": "20261129"}) as (port, asked):
        found = [
            health(root, "--port", str(port)),
            # The settings of the server say where it listens: on all addresses, thus on the loopback too.
            health(root, AKB_PORT=str(port), AKB_HOST="0.0.0.0"),
            health(root, "--live", AKB_PORT=str(port)),
        ]
    assert [(one.exit_code, one.output) for one in found] == [(0, "ready, release 20261129\n")] * 3
    assert asked == ["/readyz", "/readyz", "/healthz"]


def test_one_that_is_not_says_why(root: Path) -> None:
    problem = {"title": "Service Unavailable", "status": 503, "detail": "The server is not ready: no release is whole."}
    with answering(503, problem) as (port, _):
        found = health(root, AKB_PORT=str(port))
    assert found.exit_code == 1
    assert f"http://127.0.0.1:{port}/readyz " in found.stderr
    assert "503" in found.stderr
    assert "no release is whole" in found.stderr


@pytest.mark.parametrize("document", [{"status": "ok"}, [], "ready", None])
def test_another_program_at_its_port_is_no_server(root: Path, document: object) -> None:
    with answering(200, document) as (port, _):
        found = health(root, AKB_PORT=str(port))
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == f"http://127.0.0.1:{port}/readyz is answered by another program than akb.\n"


def test_where_nothing_listens_it_says_so(root: Path) -> None:
    with answering(200, {}) as (port, _):
        pass
    found = health(root, AKB_PORT=str(port))
    assert found.exit_code == 1
    assert found.stderr.startswith(f"http://127.0.0.1:{port}/readyz gave no answer: ")


def test_the_address_of_a_server_on_ipv6_has_brackets() -> None:
    """RFC 3986, section 3.2.2."""
    assert origin_of("::", 80) == "http://[::]:80"
    assert origin_of("kb.example.org", 8000) == "http://kb.example.org:8000"
