"""Any RDF project is read as a base: its syntaxes, prefixes and relative IRIs, and what is wrong with its files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from server.errors import UsageError
from server.records.findings import Severity
from server.turtle.projects import Reading, read_project

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
SAME |= {
    "a.turtle": TURTLE,
    "a.trig": TURTLE + "ex:g { ex:a a ex:Thing }",
    "a.nq": SAME["a.nt"] + f"<{EX}a> <{RDF.type}> <{EX}Thing> <{EX}g> .\n",
    "a.n3": TURTLE,
    "true.n3": f"@prefix ex: <{EX}> .\nex:a is ex:part of [] . ".replace("is ex:part of []", "a ex:Thing")
    + "ex:a has ex:name 'A'@en . ex:a ex:part [ ex:size 3 ] .",
    "a.json": SAME["a.jsonld"],
    "graph.jsonld": SAME["a.jsonld"].replace('"@id": "ex:a",', '"@id": "ex:g", "@graph": [{"@id": "ex:a",') + "]}",
    "a.owl": SAME["a.rdf"],
    "a.xml": SAME["a.rdf"],
}
MARKED = ("a.ttl", "a.nt", "a.rdf", "a.jsonld", "a.trig", "a.nq", "a.n3")
"""What may begin with a byte order mark."""


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


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_byte_order_mark_is_passed_over(name: str, is_packed: bool, here: Path) -> None:
    content = b"\xef\xbb\xbf" + SAME[name].encode()
    (here / f"data/{name}{'.gz' if is_packed else ''}").write_bytes(gzip.compress(content) if is_packed else content)
    base = read_project(Path("data"), None, None)
    assert base.unreadable == ()
    assert isomorphic(base.asserted, Graph().parse(data=TURTLE, format="turtle"))
    assert not any("\ufeff" in file.text for file in base.files)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "US-ASCII", "utf-8"])
def test_xml_may_be_in_the_encoding_that_it_declares(encoding: str, here: Path) -> None:
    # XML 1.0, section 4.3.3.
    name = "A" if encoding == "US-ASCII" else "É"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + SAME["a.rdf"].replace(">A<", f">{name}<")
    (here / "data/a.rdf").write_bytes(text.encode(encoding))
    base = read_project(Path("data"), None, None)
    assert base.unreadable == ()
    assert (URIRef(f"{EX}a"), URIRef(f"{EX}name"), Literal(name, "en")) in base.asserted


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "Not klingon"),
        (b'<?xml version="1.0" encoding="idna"?><a>\xff</a>', "Not idna"),
        ("@prefix a: <http://a/> .".encode("utf-16"), "Not UTF-8"),
        (b"\xff\xfe", "Not UTF-8"),
    ],
)
def test_no_other_encoding_is_read(content: bytes, said: str, here: Path) -> None:
    (here / "data/a.rdf").write_bytes(content)
    [finding] = read_project(Path("data"), None, None).unreadable
    assert finding.message.startswith(said)


def test_n_triples_are_no_turtle(here: Path) -> None:
    # RDF 1.1 N-Triples, section 7: no prefixes, no relative IRIs.
    for name, text in (("a", TURTLE), ("b", "<a> <b> <c> ."), ("c", "<urn:a> a <urn:b> .")):
        (here / f"data/{name}.nt").write_text(text)
    messages = [finding.message for finding in read_project(Path("data"), None, None).unreadable]
    assert len(messages) == 3
    assert all(message.startswith("Not N-Triples: ") for message in messages)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.nt", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> ."),
        ("a.nq", '<urn:a> <urn:b> "x"@en--ltr <urn:g> .'),
        ("a.trig", "<urn:g> { <urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> }"),
    ],
)
def test_what_rdf_1_2_adds_is_a_finding_in_every_format(name: str, text: str, here: Path) -> None:
    (here / "data" / name).write_text(text)
    [finding] = read_project(Path("data"), None, None).unreadable
    assert "RDF 1.2" in finding.message
    (here / "data" / name).write_text(
        '<urn:a> <urn:b> "<<( a --ltr" .' if name != "a.trig" else '<urn:a> <urn:b> "--ltr" .'
    )
    assert read_project(Path("data"), None, None).unreadable == ()


def test_what_is_no_rdf_is_passed_over_with_a_word(here: Path) -> None:
    for name, text in {
        "pom.xml": "<project/>",
        "package.json": "{}",
        "o.owl": "Ontology(<http://o/>)",
        "x.owx": "<Ontology/>",
        "r.n3": "{ ?x a <urn:A> } => { ?x a <urn:B> } .",
        "z.ttl.zip": "PK",
        "notes.md": "#",
        "good.ttl": TURTLE,
    }.items():
        (here / "data" / name).write_text(text)
    base = read_project(Path("data"), None, None)
    assert base.unreadable == ()
    assert {one.file.removeprefix("data/"): one.message.rpartition(": it is ")[2] for one in base.remarks} == {
        "pom.xml": "XML, and not RDF: it begins with <project>.",
        "package.json": "JSON, and not JSON-LD.",
        "o.owl": "OWL in functional syntax.",
        "x.owx": "OWL/XML.",
        "r.n3": "N3 with formulas or variables, which RDF has not.",
        "z.ttl.zip": "packed as zip.",
    }
    assert {(one.rule, one.severity) for one in base.remarks} == {("file-passed-over", Severity.INFO)}


def test_what_somebody_names_must_be_rdf(here: Path) -> None:
    (here / "data/pom.xml").write_text("<project/>")
    [finding] = read_project(Path("data/pom.xml"), None, None).unreadable
    assert finding.message.startswith("Not RDF: it is XML")
    (here / "data/a.ttl").write_text(TURTLE)
    [unusable] = read_project(Path("data/a.ttl"), Path("data/pom.xml"), None).unusable
    assert unusable.message.startswith("Not RDF: it is XML")
    assert unusable.blocks


def test_what_git_ignores_is_not_looked_into(here: Path) -> None:
    for name in ("a.ttl", "deep/target/b.ttl", "c.ttl", "deep/d.ttl"):
        (here / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "data" / name).write_text(TURTLE)
    reading = Reading(ignored=lambda _: {"deep/target/", "c.ttl", ".venv/"})
    base = read_project(Path("data"), None, None, reading=reading)
    assert [file.path for file in base.files] == ["data/a.ttl", "data/deep/d.ttl"]
    assert base.notes == ("In data passed over, as git ignores it: c.ttl, deep/target/.",)


def test_shapes_may_be_among_the_data(here: Path) -> None:
    shape = f"@prefix sh: <http://www.w3.org/ns/shacl#> . <{EX}S> a sh:NodeShape ; sh:targetClass <{EX}Thing> ."
    report = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . [] a sh:ValidationReport ; sh:result [ sh:resultPath <urn:p> ] ."
    )
    for name, text in (("a", TURTLE), ("shape", shape), ("report", report)):
        (here / f"data/{name}.ttl").write_text(text)
    base = read_project(Path("data"), None, None)
    assert [file.path for file in base.shapes_files] == ["data/shape.ttl"]
    assert base.foreign is not None
    assert base.foreign.unused == ()
    # Where shapes are named, others are not taken, and that is known.
    (here / "s.ttl").write_text(shape)
    base = read_project(Path("data"), Path("s.ttl"), None)
    assert [file.path for file in base.shapes_files] == ["s.ttl"]
    assert base.foreign is not None
    assert [file.path for file in base.foreign.unused] == ["data/shape.ttl"]


def test_a_context_elsewhere_is_read_from_its_copy(here: Path) -> None:
    (here / "data/a.jsonld").write_text(
        '{"@context":\n "https://c.example/", "@id": "https://a.example/", "name": "X"}'
    )
    [finding] = read_project(Path("data"), None, None).unreadable
    assert (finding.line, finding.column) == (2, 2)
    assert "--import https://c.example/=FILE" in finding.mend
    (here / "copy.jsonld").write_text('{"@context": {"name": "https://c.example/name"}}')
    reading = Reading({"https://c.example/": Path("copy.jsonld")})
    base = read_project(Path("data"), None, None, reading=reading)
    assert (URIRef("https://a.example/"), URIRef("https://c.example/name"), Literal("X")) in base.asserted


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
        assert base.lacks_ontology is (places[1] is not None)


def test_what_shapes_or_an_ontology_import_blocks_too_where_it_is_bad(here: Path) -> None:
    (here / "data/a.ttl").write_text(TURTLE)
    (here / "main.ttl").write_text("<urn:main> <http://www.w3.org/2002/07/owl#imports> <urn:bad> .")
    (here / "bad.ttl").write_text("ex:a")
    copies = Reading({"urn:bad": Path("bad.ttl")})
    for places in ((Path("main.ttl"), None), (None, Path("main.ttl"))):
        base = read_project(Path("data"), *places, reading=copies)
        [finding] = base.unusable
        assert (finding.file, finding.blocks, base.unreadable) == ("bad.ttl", True, ())
        assert base.lacks_ontology is (places[1] is not None)
