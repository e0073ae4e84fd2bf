"""The page of downloads, its data, and the files."""

from __future__ import annotations

import hashlib
import json
import warnings
from importlib import import_module
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, RDF, Graph, Namespace, URIRef
from rocrate.rocrate import ROCrate

from server.build.dumps.manifest import FOLDER, read_downloads
from server.build.releases import Releases
from server.records.downloads import Downloads
from server.settings import Settings

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SITE = "http://localhost"


@pytest.fixture(scope="module")
def downloads(settings: Settings) -> Downloads:
    release = Releases(settings.releases).current()
    assert release is not None
    return read_downloads(release)


def test_the_page_names_every_file_with_size_date_and_checksum(client: FlaskClient, downloads: Downloads) -> None:
    page = client.get("/download").text
    for one in downloads.files:
        assert f'href="/download/{one.name}"' in page
        assert one.title in page
        assert one.sha256 in page
        assert f'datetime="{one.made}"' in page
    assert '<a href="/download">Download</a>' in page


def test_every_description_names_the_same_files(client: FlaskClient, downloads: Downloads) -> None:
    """DCAT 3, section 6.8: size, checksum and packing of each distribution."""
    listed = client.get("/download.json").json
    assert [one["name"] for one in listed["downloads"]] == [one.name for one in downloads.files]
    assert client.get("/download.csv").text.count("\n") == len(downloads.files) + 1
    for path in ("/download.ttl", "/catalogue.ttl", "/.well-known/void.ttl"):
        graph = Graph().parse(data=client.get(path).text, format="turtle")
        for one in downloads.files:
            [node] = graph.subjects(DCAT.downloadURL, URIRef(f"{SITE}/download/{one.name}"))
            assert (node, RDF.type, DCAT.Distribution) in graph
            assert list(graph.subjects(DCAT.distribution, node))
            assert graph.value(node, DCAT.byteSize).toPython() == one.size
            assert str(graph.value(graph.value(node, SPDX.checksum), SPDX.checksumValue)) == one.sha256
            assert str(graph.value(node, DCAT.mediaType)).endswith(f"/{one.media_type}")
            packed = graph.value(node, DCAT.compressFormat) or graph.value(node, DCAT.packageFormat)
            assert str(packed or "").endswith(one.compression)
            assert graph.value(node, DCTERMS.license) is not None


def test_each_file_is_sent_as_it_is(client: FlaskClient, downloads: Downloads) -> None:
    for one in downloads.files:
        response = client.get(f"/download/{one.name}", headers={"Accept-Encoding": "br, gzip"})
        assert response.status_code == 200
        assert response.mimetype == one.file_type
        assert hashlib.sha256(response.data).hexdigest() == one.sha256
        assert response.get_etag() == (one.sha256, False)
        assert "Content-Encoding" not in response.headers
        assert response.headers["Content-Disposition"] == f'attachment; filename="{one.name}"'


def test_ranges_and_conditions(client: FlaskClient, downloads: Downloads) -> None:
    """RFC 9110, sections 13 and 14."""
    one = downloads.find("all.nt.gz")
    path, whole = f"/download/{one.name}", client.get(f"/download/{one.name}").data
    part = client.get(path, headers={"Range": "bytes=10-29", "If-Range": f'"{one.sha256}"'})
    assert (part.status_code, part.data) == (206, whole[10:30])
    assert part.headers["Content-Range"] == f"bytes 10-29/{one.size}"
    assert client.get(path, headers={"Range": f"bytes={one.size}-"}).status_code == 416
    assert client.get(path, headers={"If-None-Match": f'"{one.sha256}"'}).status_code == 304
    assert client.get(path, headers={"If-Match": '"another"'}).status_code == 412
    head = client.head(path)
    assert (head.data, int(head.headers["Content-Length"])) == (b"", one.size)


def test_an_address_with_a_checksum_never_changes(client: FlaskClient, downloads: Downloads) -> None:
    one = downloads.find("edges.csv")
    response = client.get(f"/download/{one.key}/{one.name}")
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert "immutable" not in client.get(f"/download/{one.name}").headers["Cache-Control"]
    gone = client.get(f"/download/{'0' * 16}/{one.name}", headers={"Accept": "application/json"})
    assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")
    assert f"/download/{one.name}" in gone.json["mend"]


@pytest.mark.parametrize("path", ["nothing", "manifest.json", "..%2Frelease.json", "%2e%2e/release.json", ".nt.gz"])
def test_nothing_else_is_sent(client: FlaskClient, path: str) -> None:
    assert client.get(f"/download/{path}").status_code == 404


def test_croissant_is_read_by_its_own_library(client: FlaskClient, settings: Settings, tmp_path: Path) -> None:
    """Croissant Format Specification 1.0: valid, and the records are those of the tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of its own
        mlcroissant = import_module("mlcroissant")  # it takes long to import
        text = client.get("/download/croissant.json").json
        assert text["distribution"][0]["contentUrl"] == f"{SITE}/download/all.ttl.gz"
        release = Releases(settings.releases).current()
        for one in text["distribution"]:
            one["contentUrl"] = one["name"]
            if one["name"].endswith(".csv"):
                (tmp_path / one["name"]).symlink_to(release / FOLDER / one["name"])
        (tmp_path / "croissant.json").write_text(json.dumps(text), encoding="utf-8")
        dataset = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
        assert not dataset.metadata.ctx.issues.errors
        assert not dataset.metadata.ctx.issues.warnings
        records = {one.id: sum(1 for _ in dataset.records(one.id)) for one in dataset.metadata.record_sets}
    said = {one.of: one.count for one in read_downloads(release).files if one.format == "csv"}
    assert records == said


def test_ro_crate_is_read_by_its_own_library(client: FlaskClient, downloads: Downloads, tmp_path: Path) -> None:
    """RO-Crate 1.2: every file is an entity with its size."""
    (tmp_path / "ro-crate-metadata.json").write_bytes(client.get("/download/ro-crate-metadata.json").data)
    for one in downloads.files:
        (tmp_path / one.name).touch()
    crate = ROCrate(tmp_path)
    files = {entity.id: entity for entity in crate.data_entities}
    assert files.keys() == {one.name for one in downloads.files}
    assert all(files[one.name]["contentSize"] == str(one.size) for one in downloads.files)
    assert crate.name == "Alignment KB"
    assert crate.license
