"""Notes, resources and tables of spreadsheets into a base; the authors of a whole base; a base without works."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from rdflib import DCTERMS, SKOS, URIRef

from server.importers.joining import join_records
from server.importers.sheet import Wishes
from server.importers.terms import WorkTerms
from server.importers.works import Place, Work
from server.schema.reading import schema_of
from server.turtle.base import Base
from server.turtle.edges import CODES, VOCAB
from server.turtle.reader import read_base
from tests.importers.conftest import Run
from tests.importers.test_works import asserted, files, node
from tests.made import NAMESPACES


def test_notes_become_entities_works_and_edges(akb: Run, library: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / ".trash").mkdir(parents=True)
    (vault / ".trash/old.md").write_text("nothing")
    (vault / "Tall lamps.md").write_text(
        "---\ntype: concept\naliases: [High lamps]\nextends: '[[Short lamps]]'\ntags: [x]\nnear: '[[Nobody]]'\n---\n"
        "Lamps that can be seen from afar.\n"
    )
    (vault / "short.md").write_text(
        "---\nclass: concept\nlabel: Short lamps\nextends: '[[Nowhere]]'\n---\nLamps nobody sees.\n"
    )
    (vault / "Paper.md").write_text(
        "---\ntitle: Lamps and boats\nauthors: Soren Ang, Ada Lind\nyear: 1998\ndoi: 10.5555/lamps.7\n"
        "studies: '[[Tall lamps]]'\ncites: '[[Watched boats]]'\n---\nWhat lamps do to boats.\n"
    )
    result = akb("import", vault)
    assert result.exit_code == 0, result.output
    graph = asserted(library)
    tall, paper = node("concept:tall-lamps"), node("paper:lamps-and-boats")
    assert str(graph.value(tall, SKOS.definition)) == "Lamps that can be seen from afar."
    assert str(graph.value(paper, SKOS.definition)) == "What lamps do to boats."
    assert set(graph.objects(paper, VOCAB.authoredBy)) == {node("thinker:ada-lind"), node("thinker:soren-ang")}
    links = {
        (graph.value(edge, VOCAB.subject), graph.value(edge, VOCAB.object)) for edge in graph.subjects(VOCAB.predicate)
    }
    assert {(tall, node("concept:short-lamps")), (paper, tall)} <= links
    assert "extends leads to Nowhere, which is not in the base" in result.stderr
    assert "near (1), tags (1)" in result.stderr
    before = files(library)
    assert akb("import", "notes", vault).exit_code == 0
    assert files(library) == before


def test_any_rdf_is_read_by_its_mappings_or_by_a_construct(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "some.ttl"
    path.write_text(
        "@prefix s: <https://schema.org/> . @prefix ex: <https://data.boats/> .\n"
        'ex:w a s:ScholarlyArticle ; s:name "Lamps in RDF" ; s:datePublished "1999-03-04" ;\n'
        '  s:author ex:p, "Ben Oak" ; s:odd "x" .\n'
        'ex:p a s:Person ; s:givenName "Ada" ; s:familyName "Lind" .\n'
        'ex:old ex:heading "An old heading" ; ex:printed "1971" .\n',
        encoding="utf-8",
    )
    result = akb("import", path)
    assert result.exit_code == 0, result.output
    graph = asserted(library)
    paper = node("paper:lamps-in-rdf")
    assert str(graph.value(paper, DCTERMS.issued)) == "1999-03-04"
    assert (paper, VOCAB.authoredBy, node("thinker:ada-lind")) in graph
    assert (paper, SKOS.exactMatch, URIRef("https://data.boats/w")) in graph
    assert "odd (1)" in result.stderr
    assert "1 resources that others only name" in result.stderr
    query = tmp_path / "q.rq"
    query.write_text(
        "PREFIX ex: <https://data.boats/> "
        "CONSTRUCT { ?one a akb:Paper ; skos:prefLabel ?title ; dcterms:issued ?year } "
        "WHERE { ?one ex:heading ?title ; ex:printed ?year }"
    )
    assert akb("import", "rdf", path, "--construct", query).exit_code == 0
    assert str(asserted(library).value(node("paper:an-old-heading"), DCTERMS.issued)) == "1971"
    for text, message in (
        ("SELECT * { ?s ?p ?o }", "is not a CONSTRUCT"),
        ("CONSTRUCT {", "cannot be run"),
        ("CONSTRUCT { ?s ?p ?o } { SERVICE <http://x> { ?s ?p ?o } }", "calls another endpoint"),
    ):
        query.write_text(text)
        refused = akb("import", "rdf", path, "--construct", query)
        assert refused.exit_code == 2
        assert message in refused.stderr


def test_a_table_of_a_spreadsheet_is_read_as_it_was_saved(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    path.write_text(
        "Class;LABEL;Alt labels;definition;;\nconcept;Tall lamps;High | Big;Lamps, seen from afar.;;\n;;;;;\n"
    )
    result = akb("import", path)
    assert result.exit_code == 0, result.output
    assert len(set(asserted(library).objects(node("concept:tall-lamps"), SKOS.altLabel))) == 2


def test_authors_of_a_whole_base_are_joined(akb: Run, library: Path) -> None:
    """What the check tells of, `akb people` mends; an edge of any status is an answer."""
    page = library / "kb/thinker/ben-oak.ttl"
    page.write_text(
        (library / "kb/thinker/ada-lind.ttl").read_text().replace("ada-lind", "ben-oak").replace("Ada Lind", "Ben Oak")
        .replace("the two reports", "two reports, as the second author,")
    )  # fmt: skip

    def not_joined() -> list[str]:
        found = json.loads(akb("check", "--only", "lint", "--format", "json").stdout)["findings"]
        return [f"{one['file']}:{one['line']}" for one in found if one["rule"] == "author-not-joined"]

    assert [place.partition(":")[0] for place in not_joined()] == [
        "kb/paper/unseen-boats.ttl",
        "kb/paper/watched-boats.ttl",
    ]
    assert "2 authors joined, 0 pages" in akb("people", "--dry-run").stdout
    assert akb("people", "--only-join").exit_code == 0
    assert not_joined() == []
    text = (library / "kb/paper/unseen-boats.ttl").read_text()
    assert text.count("akb:authoredBy thinker:ben-oak") == 1
    assert asserted(library).value(node("paper:unseen-boats"), VOCAB.status) == CODES.active
    assert "0 authors joined" in akb("people").stdout


def test_a_base_without_works_takes_none(tmp_path: Path, library: Path) -> None:
    base: Base = read_base(library, NAMESPACES)
    schema = replace(schema_of(base))  # that of the base is kept for others
    object.__setattr__(schema, "works", ())
    joining = join_records(base, WorkTerms(schema), [Work(Place("a.bib"), "A title")], [], Wishes())
    assert [fault.message for fault in joining.faults] == ["The base has no class of works."]
    assert joining.tables == []
