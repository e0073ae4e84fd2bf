"""Which terms play the roles of which questions ask: ours, and those of ontologies that map them otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.namespaces import NOWHERE, Namespaces
from server.schema.reading import schema_of
from server.schema.schema import Schema
from server.sparql.queries import FOLDER, NO_ROLES, question
from server.turtle.reader import empty_base
from tests.made import OUR_SCHEMA

PREFIXES = """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://orchard.example/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix s: <https://schema.org/> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def read(root: Path, ontology: str, shapes: str = "") -> Schema:
    """Return the vocabulary of a base with this ontology."""
    for name, text in (("ontology", ontology), ("shapes", shapes)):
        (root / name).mkdir()
        (root / name / "own.ttl").write_text(PREFIXES + text)
    (root / "kb").mkdir()
    return schema_of(empty_base(root, Namespaces()))


def rows(schema: Schema, role: str) -> set[tuple[str, ...]]:
    """Return the rows of a role that is a table."""
    return {tuple(row.split()) for row in schema.roles[role].strip("()").split(") (")}


def test_the_roles_of_our_terms() -> None:
    roles = OUR_SCHEMA.roles
    wanted = {
        "works": "akb:Paper akb:Post akb:Book akb:Report",
        "issued": "dcterms:issued",
        "author": "akb:authoredBy",
        "authors": "akb:authorList",
        "doi": "bibo:doi",
        "arxiv": "akb:arxivId",
        "quoted": "akb:quotedFrom",
        "texts": "akb:quotedText",
    }
    assert {name: roles[name] for name in wanted} == wanted
    assert {name: roles[name] for name in wanted} == wanted
    assert roles["kinds"] == "akb:claimKind|akb:questionStatus"
    assert roles["ranked_kinds"] == "(akb:claimKind 1) (akb:questionStatus 2)"
    assert roles["persons"] == "akb:Person"
    kinds = {("akb:Post", '"post"'), ("akb:Book", '"book"'), ("akb:Report", '"report"')}
    assert rows(OUR_SCHEMA, "work_kinds") == kinds, "a paper is an article, which goes without saying"
    assert rows(OUR_SCHEMA, "venue_kinds") == {
        *(("akb:Journal", '"journal"'), ("akb:Conference", '"conference"')),
        *(("akb:Blog", '"site"'), ("akb:ReportSeries", '"series"')),
    }
    assert "akb:publishedIn" in roles["venue"].split("|")
    assert set(roles["unmatched"].split()) == {"akb:DiscourseElement", "akb:Claim", "akb:Question", "akb:Quote"}
    types = dict(rows(OUR_SCHEMA, "types"))
    assert (types["akb:AISystem"], types["akb:Thinker"]) == ("schema:SoftwareApplication", "schema:Thing")
    assert rows(OUR_SCHEMA, "edges_back") == {
        ("akb:answers", "schema:suggestedAnswer"),
        ("akb:asserts", "schema:appearance"),
    }
    assert ("akb:introduces", "schema:about") in rows(OUR_SCHEMA, "edges"), "as what is above it"


def test_a_class_is_what_the_nearest_mapping_says_else_a_thing(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        """
        ex:Sheet a owl:Class ; rdfs:label "sheet"@en ; skos:closeMatch schema:Dataset .
        ex:Label a owl:Class ; rdfs:subClassOf ex:Sheet .
        ex:Photo a owl:Class ; rdfs:subClassOf ex:Sheet ; owl:equivalentClass s:Photograph .
        ex:Tree a owl:Class .
        """,
    )
    types = dict(rows(schema, "types"))
    # Names of terms are those of the prefixes that the ontology declares.
    found = {one.rpartition(":")[2].rpartition("#")[2].rstrip(">"): word for one, word in types.items()}
    assert found == {
        "Entity": "schema:Thing",
        "Label": "schema:Dataset",
        "Photo": "schema:Photograph",
        "Sheet": "schema:Dataset",
        "Tree": "schema:Thing",
    }


def test_what_another_ontology_maps_plays_the_roles(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        """
        ex:Opus a owl:Class ; rdfs:subClassOf schema:CreativeWork .
        ex:Maker a owl:Class ; skos:closeMatch schema:Person .
        ex:written a owl:DatatypeProperty ; rdfs:subPropertyOf s:datePublished .
        ex:printed a owl:DatatypeProperty ; rdfs:subPropertyOf ex:written .
        ex:by a owl:ObjectProperty ; rdfs:subPropertyOf dcterms:creator ; rdfs:range ex:Maker .
        ex:digital a owl:DatatypeProperty ; akb:addressTemplate "https://doi.org/{value}" .
        ex:shown a owl:ObjectProperty ; rdfs:domain ex:Opus ; rdfs:range ex:Opus .
        ex:shows a owl:ObjectProperty ; owl:inverseOf ex:shown ; skos:closeMatch schema:exampleOfWork .
        """,
    )
    roles = schema.roles
    assert roles["works"] == "ex:Opus"
    assert roles["persons"] == "ex:Maker"
    assert roles["issued"] == "ex:printed|ex:written"
    assert roles["author"] == "ex:by"
    assert roles["doi"] == "ex:digital"
    assert rows(schema, "edges_back") == {("ex:shown", "schema:exampleOfWork")}
    assert roles["arxiv"] == roles["quoted"] == f"<{NOWHERE}>"
    assert question("dated_works", roles).count("ex:printed|ex:written") == 1


def test_documents_are_works_before_other_creative_works(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        """
        ex:Statue a owl:Class ; rdfs:subClassOf schema:CreativeWork .
        ex:Letter a owl:Class ; skos:closeMatch dcterms:BibliographicResource .
        """,
    )
    assert schema.roles["works"] == "ex:Letter"


def test_a_question_of_roles_cannot_be_asked_without_them() -> None:
    with pytest.raises(KeyError, match="works"):
        question("timeline", NO_ROLES)
    for path in FOLDER.rglob("*.rq"):
        assert "<role:" not in question(path.relative_to(FOLDER).with_suffix("").as_posix(), OUR_SCHEMA.roles)


def test_a_mapping_in_a_circle_ends(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        """
        ex:A a owl:Class ; rdfs:subClassOf ex:B , akb:Entity .
        ex:B a owl:Class ; rdfs:subClassOf ex:A ; skos:closeMatch schema:Recipe .
        """,
    )
    assert "schema:Recipe" in schema.roles["types"]
