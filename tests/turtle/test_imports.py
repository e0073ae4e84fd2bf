"""Imports are followed within the places that are read and by catalogues, and what is not found is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.records.findings import Severity
from server.turtle.base import Base
from server.turtle.projects import Reading, read_project

HEAD = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPE = "<http://x.example/S> a sh:NodeShape ; sh:targetClass <http://x.example/T> .\n"
CATALOGUE = '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">{}</catalog>'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write({"data/a.ttl": "<http://x.example/a> a <http://x.example/T> ."})
    return tmp_path


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text if name.endswith(".xml") else HEAD + text)


def read(shapes: str, **imports: str) -> Base:
    reading = Reading({f"http://{name}.example/": Path(file) for name, file in imports.items()})
    return read_project(Path("data"), Path(shapes), None, reading=reading)


def names(base: Base) -> list[str]:
    return [file.path for file in base.shapes_files]


def missing(base: Base) -> list[tuple[str, int, int]]:
    assert all(one.rule == "import-not-found" and one.severity is Severity.INFO for one in base.remarks)
    return [(one.file, one.line, one.column) for one in base.remarks]


@pytest.mark.parametrize(
    ("imported", "more"),
    [
        ("<more.ttl>", "<http://m.example/> a owl:Ontology ."),
        ("<http://m.example/>", "<http://m.example/> a owl:Ontology ."),
        ("<http://m.example/1.0>", "<http://m.example/> a owl:Ontology ; owl:versionIRI <http://m.example/1.0> ."),
        ("<http://m.example/#>", "<http://m.example/#> a owl:Ontology ."),
    ],
)
def test_a_neighbour_of_a_named_file_is_found_by_its_place_and_its_names(imported: str, more: str) -> None:
    write({"s/main.ttl": f"<> a owl:Ontology ; owl:imports {imported} .", "s/more.ttl": more + SHAPE})
    base = read("s/main.ttl")
    assert (names(base), missing(base)) == (["s/main.ttl", "s/more.ttl"], [])


def test_what_imports_imports_is_followed_and_a_ring_ends() -> None:
    for one, other in ("ab", "bc", "ca"):
        write({f"s/{one}.ttl": f"<http://{one}.example/> a owl:Ontology ; owl:imports <http://{other}.example/> ."})
    assert names(read("s/a.ttl")) == ["s/a.ttl", "s/b.ttl", "s/c.ttl"]


def test_what_is_not_found_is_said_at_its_place() -> None:
    write({"s/main.ttl": "<> a owl:Ontology ;\n  owl:imports <http://nowhere.example/> , <../../etc/passwd> ."})
    assert missing(read("s")) == [("s/main.ttl", 3, 15), ("s/main.ttl", 3, 43)]


def test_nothing_outside_the_places_is_read_unless_it_is_named() -> None:
    write({"s/main.ttl": "<> owl:imports <../other/more.ttl> .", "other/more.ttl": SHAPE})
    assert len(missing(read("s"))) == 1
    write({"s/main.ttl": "<> owl:imports <http://m.example/> ."})
    base = read("s", m="other/more.ttl")
    assert (names(base), missing(base)) == (["s/main.ttl", "other/more.ttl"], [])


@pytest.mark.parametrize(
    "entry",
    [
        '<uri name="http://m.example/a" uri="copies/a.ttl"/>',
        '<group xml:base="copies/"><uri name="http://m.example/a" uri="a.ttl"/></group>',
        '<rewriteURI uriStartString="http://m.example/" rewritePrefix="copies/"/>',
        '<nextCatalog catalog="copies/catalog.xml"/>',
    ],
)
def test_catalogues_say_where_copies_are(entry: str) -> None:
    write(
        {
            "s/catalog-v001.xml": CATALOGUE.format(entry),
            "s/copies/catalog.xml": CATALOGUE.format('<uri name="http://m.example/a" uri="a.ttl"/>'),
            "s/copies/a.ttl": SHAPE,
            "s/copies/a": HEAD + SHAPE,
            "s/main.ttl": "<> owl:imports <http://m.example/a> .",
        }
    )
    Path("s/copies/a").rename("s/copies/b")
    if "rewrite" in entry:
        Path("s/main.ttl").write_text(HEAD + "<> owl:imports <http://m.example/a.ttl> .")
    base = read("s/main.ttl")
    assert (names(base), missing(base)) == (["s/main.ttl", "s/copies/a.ttl"], [])


def test_a_catalogue_leads_nowhere_on_the_web_or_outside_and_a_bad_one_is_a_finding() -> None:
    entries = (
        '<uri name="http://m.example/" uri="http://web.example/a"/><uri name="http://n.example/" uri="../../o.ttl"/>'
    )
    write({"s/catalog-v001.xml": CATALOGUE.format(entries), "o.ttl": SHAPE})
    write({"s/main.ttl": "<> owl:imports <http://m.example/> , <http://n.example/> ."})
    assert len(missing(read("s"))) == 2
    Path("s/catalog-v001.xml").write_text('<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><uri>')
    [finding] = read("s").unreadable
    assert (finding.file, finding.line, finding.rule) == ("s/catalog-v001.xml", 1, "syntax")
    assert finding.message.startswith("The catalogue is not XML: ")


def test_a_copy_that_cannot_be_read_is_a_finding() -> None:
    write({"s/main.ttl": "<> owl:imports <http://m.example/> .", "copy.ttl": "junk"})
    [finding] = read("s", m="copy.ttl").unusable
    assert (finding.file, finding.rule, finding.severity) == ("copy.ttl", "syntax", Severity.VIOLATION)
    assert finding.blocks


def test_data_may_name_their_shapes() -> None:
    # SHACL, section 3.1: sh:shapesGraph.
    write({"data/a.ttl": "<> sh:shapesGraph <http://m.example/>, <http://n.example/> .", "copy.ttl": SHAPE})
    base = read_project(Path("data"), None, None, reading=Reading({"http://m.example/": Path("copy.ttl")}))
    assert names(base) == ["copy.ttl"]
    assert missing(base) == [("data/a.ttl", 2, 40)]


def test_what_the_ontology_has_data_need_not_import_again() -> None:
    write({"o/o.ttl": "<http://o.example/> a owl:Ontology .", "data/a.ttl": "<> owl:imports <http://o.example/> ."})
    base = read_project(Path("data"), None, Path("o"))
    assert [file.path for file in base.files] == ["data/a.ttl"]
    assert missing(base) == []
