"""What caches are told, and what they spare us (RFC 9110, sections 8.8, 12.5 and 13; RFC 9111)."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.serialization import document_formats
from server.settings import Settings, read_settings
from server.store.embedded import Store

AF = "/concept/alignment-faking"
DECODERS = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}
DOCUMENTS = ["/concept", "/ontology", AF, "/.well-known/void"]
ADDRESSES = [f"{path}.{chosen.name}" for path in DOCUMENTS for chosen in document_formats()] + ["/examples.ttl"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls of the store, as they happen."""
    calls: list[str] = []
    for name in ("select", "construct", "answer"):
        whole = getattr(Store, name)

        def counted(self: Store, *given: object, _whole: Callable[..., object] = whole, **named: object) -> object:
            calls.append(str(given[0]))
            return _whole(self, *given, **named)

        monkeypatch.setattr(Store, name, counted)
    return calls


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_representation_has_a_strong_tag_of_its_own(address: str, client: FlaskClient) -> None:
    tags = set()
    plain = client.get(address)
    for coding, decode in DECODERS.items():
        response = client.get(address, headers={"Accept-Encoding": coding})
        assert response.status_code == 200
        assert response.headers.get("Content-Encoding", "") == coding
        assert decode(response.data) == plain.data
        assert int(response.headers["Content-Length"]) == len(response.data)
        assert "Accept-Encoding" in response.vary
        tag, weak = response.get_etag()
        assert tag
        assert not weak
        tags.add(tag)
        again = client.get(address, headers={"Accept-Encoding": coding, "If-None-Match": f'"{tag}"'})
        assert (again.status_code, again.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
            assert again.headers[name] == response.headers[name], name
        assert {"Content-Type", "Content-Encoding", "Content-Length", "Link"}.isdisjoint(dict(again.headers))
        # The tag of one coding says nothing about another.
        other = "gzip" if coding != "gzip" else "br"
        crossed = client.get(address, headers={"Accept-Encoding": other, "If-None-Match": f'"{tag}"'})
        assert crossed.status_code == 200
    assert len(tags) == 3


def test_no_two_representations_share_a_tag(client: FlaskClient) -> None:
    profiles = [f"{AF}.{name}?_profile={profile}" for name in ("ttl", "jsonld") for profile in ("record", "schema")]
    found = [client.get(address).headers["ETag"] for address in (*ADDRESSES, *profiles, "/claim.ttl", "/claim.trig")]
    assert len(found) == len(set(found)) >= 40


def test_what_is_negotiated_says_so_also_when_it_has_not_changed(client: FlaskClient) -> None:
    for accept in ("text/html", "text/turtle", "application/ld+json"):
        headers = {"Accept": accept}
        response = client.get("/concept", headers=headers)
        of_reader = {"accept-language", "cookie"} if accept == "text/html" else set()
        assert set(map(str.lower, response.vary)) == {"accept", "accept-encoding"} | of_reader
        again = client.get("/concept", headers=headers | {"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
        assert again.headers["Content-Location"] == response.headers["Content-Location"]
        assert again.headers["Vary"] == response.headers["Vary"]


def test_a_304_never_touches_the_store(client: FlaskClient, settings: Settings, make_app: object, asked: list) -> None:
    paths = [f"{path}.{chosen.name}" for path in ("/concept", "/ontology", AF) for chosen in document_formats()]
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    dates = {path: client.get(path).headers["Last-Modified"] for path in paths}
    # Another process, in which nothing is kept yet.
    fresh = make_app(settings).test_client()
    fresh.get("/healthz")
    asked.clear()
    for path in paths:
        assert fresh.get(path, headers={"If-None-Match": tags[path]}).status_code == 304
        assert fresh.head(path, headers={"If-None-Match": f'"x", {tags[path]}'}).status_code == 304
        assert client.get(path, headers={"If-None-Match": tags[path]}).status_code == 304
        assert client.get(path, headers={"If-Modified-Since": dates[path]}).status_code == 304
    assert asked == []
    assert fresh.get(paths[0]).status_code == 200
    assert asked, "the calls are counted"


def test_what_was_answered_once_is_answered_again_without_the_store(client: FlaskClient, asked: list[str]) -> None:
    first = client.get(f"{AF}.html")
    asked.clear()
    again = client.get(f"{AF}.html")
    assert again.data == first.data
    head = client.head(f"{AF}.html")
    assert (head.status_code, head.data) == (200, b"")
    for response in (first, again, head):
        del response.headers["X-Request-Id"]
    assert list(head.headers) == list(again.headers) == list(first.headers)
    assert asked == []


def test_a_condition_that_fails_is_a_problem(client: FlaskClient) -> None:
    for header, value in (("If-Match", '"x"'), ("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")):
        response = client.get(f"{AF}.ttl", headers={header: value, "Accept": "application/json"})
        assert (response.status_code, response.headers["Cache-Control"]) == (412, "no-store")
        assert response.mimetype == "application/problem+json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/concept/nothing-of-the-kind", "/nowhere", "/method/rlhf"])
def test_conditions_count_for_nothing_where_there_is_nothing(path: str, client: FlaskClient) -> None:
    """Section 13.2.1: an answer other than 2xx and 412 stays what it would have been."""
    status = client.get(path).status_code
    assert status >= 300
    for header in ("If-None-Match", "If-Match"):
        assert client.get(path, headers={header: "*"}).status_code == status


def test_pages_may_be_kept_for_a_while_and_problems_not_at_all(client: FlaskClient) -> None:
    for path in ("/", AF, f"{AF}.html", "/concept", "/context.jsonld"):
        control = client.get(path).cache_control
        assert (control.public, control.max_age, control.s_maxage) == (True, 60, 300), path
        assert control.stale_while_revalidate == 86400
    for path in ("/nowhere", "/concept/unknown", "/concept.zzz", "/sparql?query=x", "/healthz"):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "no-store", path
        assert "ETag" not in response.headers


def test_for_how_long_is_a_setting(settings: Settings, make_app: object) -> None:
    own = read_settings(
        {"AKB_STATE": str(settings.state), "AKB_CACHE_SECONDS": "0", "AKB_SHARED_CACHE_SECONDS": "9"},
        root=settings.root,
    )
    control = make_app(own).test_client().get("/").cache_control
    assert (control.max_age, control.s_maxage) == (0, 9)


def test_an_answer_to_a_query_is_compressed(client: FlaskClient) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 200"
    for coding, decode in DECODERS.items():
        for response in (
            client.get("/sparql", query_string={"query": query, "format": "csv"}, headers={"Accept-Encoding": coding}),
            client.post("/sparql", data={"query": query, "format": "csv"}, headers={"Accept-Encoding": coding}),
        ):
            assert response.headers.get("Content-Encoding", "") == coding
            assert len(decode(response.data).splitlines()) == 201
            assert "Accept-Encoding" in response.vary


def test_tags_are_the_same_in_every_process_that_serves_the_release(
    client: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    code = (
        "import os, sys; from server.web.app import app_from_environment; app = app_from_environment(); "
        "client = app.test_client(); answers = [client.get(path) for path in sys.argv[1:]]; "
        "print(*[one.headers['ETag'] for one in answers], sep='\\n')"
    )
    here = [client.get(path).headers["ETag"] for path in ADDRESSES]
    environment = os.environ | {
        "AKB_ROOT": str(settings.root),
        "AKB_STATE": str(settings.state),
        # Each process has a seed of its own, unless it is given one.
        "PYTHONHASHSEED": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *ADDRESSES], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == here


@pytest.fixture
def own(root: Path, tmp_path: Path, make_app: Callable[[Settings], Flask]) -> Iterator[tuple[Settings, FlaskClient]]:
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    build(settings)
    return settings, make_app(settings).test_client()


def test_another_release_has_other_tags(own: tuple[Settings, FlaskClient]) -> None:
    settings, client = own
    first = client.get(f"{AF}.html")
    path = settings.root / "kb/concept/alignment-faking.ttl"
    path.write_text(path.read_text().replace('prefLabel "Alignment Faking"', 'prefLabel "Renamed"'))
    build(settings)
    again = client.get(f"{AF}.html", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "Renamed" in again.text
    assert again.headers["ETag"] != first.headers["ETag"]
