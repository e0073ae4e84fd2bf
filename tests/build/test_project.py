"""Data that have not the form of a base are built as they are, whatever their shapes and their ontology say of them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from server.build.build import build
from server.build.rejected import RejectedError
from server.build.releases import Releases
from server.errors import UsageError
from server.records.releases import ReleaseInfo
from server.settings import Project, Settings, read_settings
from server.store.embedded import Store

DATA = """@prefix ex: <http://data.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a a ex:Bird ; rdfs:label "Avocet"@en ; ex:eats ex:b .
ex:b a ex:Shrimp ; ex:size "large" .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://data.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:Shrimp ; sh:property [ sh:path ex:size ; sh:datatype xsd:integer ] .
"""
ONTOLOGY = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <http://data.example/> .
ex:Bird a owl:Class . ex:Animal a owl:Class . ex:Shrimp a owl:Class ; owl:disjointWith ex:Food .
ex:Food a owl:Class . ex:eats a owl:ObjectProperty ; <http://www.w3.org/2000/01/rdf-schema#range> ex:Food .
"""


def settings_of(folder: Path, **others: str) -> Settings:
    """Return the settings of a build of `data.ttl` in a folder, with other files beside it."""
    (folder / "data").mkdir()
    (folder / "data" / "data.ttl").write_text(DATA)
    places = {}
    for name, text in others.items():
        places[name] = folder / f"{name}.ttl"
        places[name].write_text(text)
    environment = {"AKB_STATE": str(folder / "state"), "AKB_EMBEDDING": "none"}
    return read_settings(environment, project=Project(folder / "data", **places))


def built(settings: Settings) -> tuple[ReleaseInfo, Store, list[str]]:
    notes: list[str] = []
    info, _ = build(settings, on_note=notes.append)
    _, _, store = Releases(settings.releases).open_current(settings.namespaces, 10**6)
    return info, store, notes


def test_each_thing_is_an_entity_of_its_class(tmp_path: Path) -> None:
    info, store, notes = built(settings_of(tmp_path))
    assert info.entities == {"bird": 1, "shrimp": 1}
    assert (info.edges, info.is_lifted, notes) == (1, True, [])
    assert store.select("SELECT ?id { <http://data.example/a> dcterms:identifier ?id }") == [{"id": "bird:a"}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "state"], "nothing is put among the data"


def test_nothing_is_built_twice_and_a_change_is_noticed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    first, _ = build(settings)
    assert build(settings) == (first, False)
    more = gzip.compress(b'{"@id": "http://data.example/c", "http://data.example/size": 3}')
    (tmp_path / "data" / "more.jsonld.gz").write_bytes(more)
    second, made = build(settings)
    assert made
    assert second.entities == {"bird": 1, "shrimp": 1, "resource": 1}


def test_shapes_may_be_rules_alone_and_a_change_of_one_is_noticed(tmp_path: Path) -> None:
    rule = tmp_path / "shapes" / "rules" / "size.rq"
    rule.parent.mkdir(parents=True)
    rule.write_text("# message: Small.\n# mend: Grow.\nSELECT ?focus { ?focus a <urn:x> }")
    settings = settings_of(tmp_path)
    settings = replace(settings, project=Project(tmp_path / "data", shapes=rule.parent.parent))
    first, _ = build(settings)
    assert build(settings) == (first, False)
    rule.write_text("# message: Small.\n# mend: Grow more.\nSELECT ?focus { ?focus a <urn:x> }")
    assert build(settings)[1]


def test_what_the_shapes_say_is_a_note(tmp_path: Path) -> None:
    info, _, notes = built(settings_of(tmp_path, shapes=SHAPES))
    assert info.entities == {"bird": 1, "shrimp": 1}
    assert notes == ["The data violate the shapes in 1 place; `akb check --data` with the same options lists them."]


def test_of_data_that_contradict_their_ontology_nothing_is_inferred(tmp_path: Path) -> None:
    info, _, notes = built(settings_of(tmp_path, ontology=ONTOLOGY))
    assert info.inferred == 0
    [note] = [one for one in notes if "nothing is inferred" in one]
    assert "ex:Food and ex:Shrimp are disjoint" in note


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "data" / "bad.ttl").write_text("ex:a ex:b .")
    with pytest.raises(RejectedError) as caught:
        build(settings)
    assert [finding.file.endswith("bad.ttl") for finding in caught.value.report.findings] == [True]
    (tmp_path / "data" / "bad.ttl").rename(tmp_path / "data" / "bad.nt.gz")
    with pytest.raises(RejectedError) as caught:
        build(settings)
    assert caught.value.report.findings[0].message.startswith("Not gzip")


def test_a_place_without_data_is_named(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "data" / "data.ttl").unlink()
    with pytest.raises(UsageError, match="has no RDF file"):
        build(settings)
