"""Any RDF project is read as a base: its syntaxes, prefixes and relative IRIs, and what is wrong with its files."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from server.errors import UsageError
from server.turtle.projects import read_project

EX = "https://example.com/"
TURTLE = f"@prefix ex: <{EX}> .\nex:a a ex:Thing ; ex:name 'A'@en ; ex:part [ ex:size 3 ] .\n"
SAME = {
    "a.ttl": TURTLE,
    "a.nt": "".join(
        f"{s} {p} {o} .\n"
        for s, p, o in (
            (f"<{EX}a>", RDF.type.n3(), f"<{EX}Thing>"),
            (f"<{EX}a>", f"<{EX}name>", '"A"@en'),
            (f"<{EX}a>", f"<{EX}part>", "_:b"),
            ("_:b", f"<{EX}size>", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        )
    ),
    "a.rdf": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="{EX}"><ex:Thing rdf:about="{EX}a">'
    '<ex:name xml:lang="en">A</ex:name>'
    '<ex:part rdf:parseType="Resource"><ex:size rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">3</ex:size>'
    "</ex:part></ex:Thing></rdf:RDF>",
    "a.jsonld": '{"@context": {"ex": "https://example.com/"}, "@id": "ex:a", "@type": "ex:Thing",'
    ' "ex:name": {"@value": "A", "@language": "en"}, "ex:part": {"ex:size": 3}}',
    "turtle.owl": TURTLE,
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", SAME)
def test_every_syntax_says_the_same(name: str, here: Path) -> None:
    (here / "data" / name).write_text(SAME[name])
    base = read_project(Path("data"), None, None)
    assert base.unreadable == ()
    assert isomorphic(base.asserted, Graph().parse(data=TURTLE, format="turtle"))
    assert [file.path for file in base.files] == [f"data/{name}"]


def test_files_are_found_in_folders_within_folders_and_others_are_passed_over(here: Path) -> None:
    for name in ("b/c/d.ttl", ".git/x.ttl", "b/.hidden.ttl", "README.md", "e.TTL"):
        (here / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "data" / name).write_text(TURTLE if name.lower().endswith("ttl") else "# Read me")
    assert [file.path for file in read_project(Path("data"), None, None).files] == ["data/b/c/d.ttl", "data/e.TTL"]


def test_one_file_and_a_folder_elsewhere_will_do(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "a.ttl"
    elsewhere.write_text(TURTLE)
    [file] = read_project(elsewhere, None, None).files
    assert file.path == str(elsewhere)


def test_relative_iris_are_the_same_on_every_machine(here: Path) -> None:
    (here / "data/a b.ttl").write_text("<#me> a <kind> . <> <#p> </root> .")
    graph = read_project(Path("data"), None, None).asserted
    assert (URIRef("file:///data/a%20b.ttl#me"), RDF.type, URIRef("file:///data/kind")) in graph
    [file] = read_project(Path("data"), None, None).files
    assert file.places.find("file:///data/a%20b.ttl#me") == (1, 1)


def test_a_prefix_stands_for_what_most_files_say(here: Path) -> None:
    for name, namespace in (
        ("a", "https://one.example/"),
        ("b", "https://two.example/"),
        ("c", "https://two.example/"),
    ):
        (here / f"data/{name}.ttl").write_text(f"@prefix x: <{namespace}> .\nx:s x:p x:o .\n")
    namespaces = read_project(Path("data"), None, None).namespaces
    assert namespaces.compact("https://two.example/s") == "x:s"
    assert namespaces.compact("https://one.example/s") == "https://one.example/s"
    assert "concept" not in namespaces.prefixes()


def test_blank_nodes_of_two_files_stay_two(here: Path) -> None:
    for name in ("a", "b"):
        (here / f"data/{name}.ttl").write_text("_:x <https://example.com/p> 1 .")
    subjects = set(read_project(Path("data"), None, None).asserted.subjects(URIRef(f"{EX}p"), Literal(1)))
    assert len(subjects) == 2
    assert all(isinstance(node, BNode) for node in subjects)


@pytest.mark.parametrize(
    ("name", "content", "place", "message"),
    [
        ("a.ttl", b"<urn:a> <urn:b>\n  'open .", (2, 3), "Not Turtle"),
        ("a.nt", b"<urn:a> <urn:b> .", (1, 17), "Not N-Triples"),
        ("a.rdf", b"<rdf:RDF><x></rdf:RDF>", (1, 1), "Not RDF/XML"),
        ("a.jsonld", b'{"@id": ', (1, 1), "Not JSON-LD"),
        ("a.jsonld", b'{"@context": "https://schema.org/", "name": "x"}', (1, 1), "Not JSON-LD"),
        ("a.rdf", b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]><r>&e;</r>', (1, 1), "Not RDF/XML"),
        ("a.ttl", b"<urn:a> <urn:b> '\xff' .", (1, 18), "Not UTF-8"),
    ],
)
def test_a_bad_file_is_a_finding_and_nothing_is_fetched(
    name: str, content: bytes, place: tuple[int, int], message: str, here: Path
) -> None:
    (here / "data" / name).write_bytes(content)
    (here / "data/good.ttl").write_text(TURTLE)
    base = read_project(Path("data"), None, None)
    assert len(base.files) == 1
    [finding] = base.unreadable
    assert (finding.file, finding.rule) == (f"data/{name}", "syntax")
    assert finding.message.startswith(message)
    assert finding.line == place[0]
    assert finding.mend


def test_a_place_that_is_missing_or_holds_no_rdf_is_a_usage_error(here: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        read_project(Path("nowhere"), None, None)
    with pytest.raises(UsageError, match="has no RDF file"):
        read_project(Path("data"), None, None)


def test_bad_shapes_or_a_bad_ontology_are_findings_that_block(here: Path) -> None:
    (here / "data/a.ttl").write_text(TURTLE)
    (here / "bad.ttl").write_text("ex:a")
    for places in ((Path("bad.ttl"), None), (None, Path("bad.ttl"))):
        base = read_project(Path("data"), *places)
        [finding] = base.unusable
        assert (finding.file, finding.line, finding.blocks) == ("bad.ttl", 1, True)
        assert [file.path for file in base.files] == ["data/a.ttl"]
