"""Shapes narrowed to some focus nodes say of those what they say in full (SHACL, section 2.1.3)."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, URIRef

from server.turtle.base import Base
from server.turtle.parsing import ntriples_of, parse
from server.validation.targets import looks_far, narrowed

HEAD = (
    "@prefix : <urn:x:> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
SHAPES = (
    HEAD
    + """
:byClass sh:targetClass :A ; sh:property [ sh:path :p ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ] .
:byNode sh:targetNode :a1 , :b1 ; sh:property [ sh:path :q ; sh:minCount 1 ] .
:bySubject sh:targetSubjectsOf :p ; sh:class :A .
:byObject sh:targetObjectsOf :q ; sh:nodeKind sh:Literal .
:Implicit a sh:NodeShape , rdfs:Class ; sh:property [
    sh:path :p ; sh:qualifiedValueShape [ sh:languageIn ( "en" ) ] ; sh:qualifiedMinCount 1 ] .
"""
)
DATA = (
    HEAD
    + """
:a1 a :Sub ; :p "x" , "2024"^^xsd:gYear . :a2 a :A ; :p 1 ; :q :b1 . :b1 a :B ; :p "y" . :b2 a :Implicit ; :p "z"@de .
:a3 a :A ; :p "2024"^^xsd:gYear . :b3 a :Implicit ; :p "z"@en ; :q _:b . _:b a :A ; :p "w" .
"""
)
ONTOLOGY = parse(HEAD + ":Sub rdfs:subClassOf :Middle . :Middle rdfs:subClassOf :A .")


def broken(shapes: Graph) -> set[tuple[str, str]]:
    _, report, _ = pyshacl.validate(parse(DATA), shacl_graph=shapes, ont_graph=ONTOLOGY, inference="none")
    return {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.sourceConstraintComponent)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if isinstance(report.value(result, SH.focusNode), URIRef)
    }


@pytest.mark.parametrize("names", [["a1"], ["a2"], ["a3"], ["b1"], ["b2"], ["b3"], ["a1", "b2"], ["none"], []])
def test_what_is_narrowed_says_the_same_of_what_is_left(names: list[str]) -> None:
    shapes, data = parse(SHAPES), ntriples_of(DATA)
    assert isinstance(data, str)
    nodes = {f"urn:x:{name}" for name in names}
    everything = broken(shapes)
    assert len(everything) == 9
    assert broken(narrowed(shapes, data, ONTOLOGY, nodes)) == {one for one in everything if one[0] in nodes}


def test_our_own_shapes_look_at_neighbours_only(base: Base) -> None:
    assert not looks_far(base.shapes)


@pytest.mark.parametrize(
    ("shape", "far"),
    [
        (":s a sh:NodeShape ; sh:property [ sh:path :p ; sh:class :A ] .", False),
        (":s a sh:NodeShape ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 1 ] .", False),
        (":s a sh:NodeShape ; sh:or ( [ sh:property [ sh:path :p ] ] [ sh:not [ sh:class :A ] ] ) .", False),
        (":s a sh:NodeShape ; sh:property [ sh:path ( :p :q ) ] .", True),
        (":s a sh:NodeShape ; sh:property [ sh:path [ sh:zeroOrMorePath :p ] ] .", True),
        (":s a sh:NodeShape ; sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ] .", True),
        (":s a sh:NodeShape ; sh:property [ sh:path :p ; sh:node :t ] . :t sh:property [ sh:path :q ] .", True),
        (":s a sh:NodeShape ; sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:path :q ] ] .", True),
        (":s a sh:NodeShape ; sh:node :s .", True),
        (':s a sh:NodeShape ; sh:sparql [ sh:select "" ] .', True),
    ],
)
def test_how_far_a_shape_looks(shape: str, far: bool) -> None:
    assert looks_far(parse(HEAD + shape)) is far
