"""What is made from the ontology is in step with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph

from server.schema.generated import context, generated_files, out_of_step
from server.schema.schema import Schema
from server.turtle.reader import empty_base, read_base
from tests.made import NAMESPACES


def test_every_generated_file_is_in_step_with_the_ontology(repository: Path) -> None:
    base = empty_base(repository, NAMESPACES)
    assert len(generated_files(base)) == 4
    assert out_of_step(base) == [], "run `akb generate` and commit what it writes"


def test_a_change_of_the_ontology_is_noticed(root: Path) -> None:
    (root / "docs").mkdir()
    base = read_base(root, NAMESPACES)
    for path, text in generated_files(base).items():
        (root / path).write_text(text)
    assert out_of_step(base) == []
    ontology = root / "ontology/akb.ttl"
    ontology.write_text(
        ontology.read_text().replace("The subject employs the object", "The subject has use for the object")
    )
    assert out_of_step(read_base(root, NAMESPACES)) == [Path("docs/ontology.md")]


def test_the_context_names_every_class_and_property_once(schema: Schema) -> None:
    terms = context(schema, NAMESPACES)
    ids = [value["@id"] if isinstance(value, dict) else value for key, value in terms.items() if key != "@version"]
    assert len(ids) == len(set(ids))
    for term in (*schema.classes.values(), *schema.properties.values()):
        assert term.curie in ids


def test_the_context_is_what_a_json_ld_reader_makes_the_same_triples_of(repository: Path) -> None:
    """JSON-LD 1.1, section 4.1: a term expands to its IRI, a value takes the type or language of its term."""
    whole = json.loads((repository / "ontology/context.jsonld").read_text())
    document = {
        **whole,
        "@id": "concept:alignment-faking",
        "@type": "Concept",
        "label": "Alignment Faking",
        "extends": "concept:goal-misgeneralization",
        "status": "akbv:active",
    }
    expected = """
        @prefix akb: <https://w3id.org/alignment-kb/ontology#> .
        @prefix akbv: <https://w3id.org/alignment-kb/schemes#> .
        @prefix concept: <https://w3id.org/alignment-kb/concept/> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        concept:alignment-faking a akb:Concept ; skos:prefLabel "Alignment Faking"@en ; akb:status akbv:active ;
          akb:extends concept:goal-misgeneralization ."""
    assert set(Graph().parse(data=json.dumps(document), format="json-ld")) == set(Graph().parse(data=expected))


def test_every_shape_says_what_is_wrong_and_how_to_mend_it(repository: Path) -> None:
    shapes = Graph()
    for path in (repository / "shapes").glob("*.ttl"):
        shapes.parse(path)
    messages = [str(message) for message in shapes.objects(None, SH.message)]
    assert len(messages) > 90
    for message in messages:
        wrong, separator, mend = message.partition(" Mend: ")
        assert separator, message
        assert wrong.endswith("."), message
        assert mend.endswith("."), message
    silent = [
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if shapes.value(shape, SH.message) is None and shapes.value(shape, SH.property) is None
    ]
    assert silent == []


@pytest.mark.parametrize(
    "name", ["work", "thinker", "framework", "method", "concept", "artifact", "quote", "claim", "question", "edge"]
)
def test_every_class_has_a_file_of_shapes(name: str, repository: Path) -> None:
    assert (repository / "shapes" / f"{name}.ttl").is_file()
