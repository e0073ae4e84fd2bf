"""Whether the server lives and is ready, and what it has counted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from server.errors import RemoteError
from server.settings import Settings, read_settings
from server.store.workers import QueryPool
from server.web.http.counted import named, new_files


def test_a_server_with_a_release_lives_and_is_ready(client: FlaskClient, settings: Settings) -> None:
    name = (settings.releases / "current").read_text().strip()
    assert client.get("/healthz").json == {"status": "ok", "release": name}
    assert client.get("/readyz").json == {"status": "ready", "release": name}
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_without_a_release_a_server_lives_and_is_not_ready(
    root: Path, tmp_path: Path, make_app: Callable[[Settings], Flask]
) -> None:
    client = make_app(read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)).test_client()
    assert client.get("/healthz").json == {"status": "ok", "release": None}
    response = client.get("/readyz")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert "akb build" in json.loads(response.text)["mend"]
    assert client.get("/metrics").status_code == 200


def test_a_server_whose_store_or_workers_fail_is_not_ready(
    settings: Settings, make_app: Callable[[Settings], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(settings)
    assert app.test_client().get("/readyz").status_code == 200

    def fail(self: QueryPool) -> None:
        raise RemoteError("no worker starts")

    monkeypatch.setattr(QueryPool, "check", fail)
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert "no worker starts" not in response.text, "an address may stand in the words of a remote store"


def test_a_worker_that_was_killed_is_replaced_before_the_server_is_ready(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    app = make_app(settings)
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    pool = app.extensions["akb"].release().queries
    [worker] = pool.places.idle
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.exit_code() == -signal.SIGKILL
    assert client.get("/readyz").status_code == 200
    assert pool.places.idle[-1] is not worker


def test_the_metrics_are_in_the_format_of_prometheus(client: FlaskClient) -> None:
    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain; version=")
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    assert {
        "akb_requests",
        "akb_request_seconds",
        "akb_queries",
        "akb_query_seconds",
        "akb_kept_answers",
        "akb_peer_calls",
        "akb_release_info",
        "akb_release_entities",
        "akb_release_edges",
        "akb_release_triples",
        "akb_peers",
    } <= families.keys()
    assert all(family.documentation for family in families.values())


def test_every_metric_is_documented(client: FlaskClient) -> None:
    page = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()
    families = text_string_to_metric_families(client.get("/metrics").text)
    assert [family.name for family in families if f"`{family.name}" not in page] == []


def test_workers_count_together(settings: Settings, tmp_path: Path) -> None:
    code = (
        "import sys; from server.web.app import app_from_environment; client = app_from_environment().test_client(); "
        "client.get('/healthz'); print(client.get('/metrics').text)"
    )
    folder = tmp_path / "counts"
    folder.mkdir()
    files = new_files(2)
    environment = os.environ | {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)}
    texts = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment | named(files, number),
            pass_fds=[one for pair in files for one in pair],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in range(2)
    ]
    line = 'akb_requests_total{method="GET",route="/healthz",status="200"}'
    assert [f"{line} {count}.0" in text for count, text in enumerate(texts, 1)] == [True] * 2
