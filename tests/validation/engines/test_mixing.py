"""What of an ontology is read with the data is what pyshacl takes of it, which is not imported for most."""

from __future__ import annotations

import pytest
from pyshacl.rdfutil.consts import OWL_classes, OWL_properties, RDFS_classes, RDFS_properties
from pyshacl.rdfutil.inoculate import inoculate
from rdflib import OWL, Graph
from rdflib.compare import isomorphic

from server.turtle.parsing import parse
from server.validation.engines.fast import MIXED_CLASSES, MIXED_PROPERTIES, mixed_in

PREFIXES = """@prefix ex: <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGIES = {
    "without blank nodes": "ex:A a owl:Class , ex:Kind ; rdfs:subClassOf ex:B ; rdfs:label 'A' ; ex:note 'n' . "
    "ex:i a ex:A .",
    "with blank nodes": "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom ex:B ] .",
    "with individuals": "ex:i a owl:NamedIndividual , ex:A ; ex:p ex:j . ex:k ex:q ex:i .",
}


def test_the_lists_are_those_of_pyshacl() -> None:
    assert set(OWL_properties) | set(RDFS_properties) == MIXED_PROPERTIES
    assert (set(OWL_classes) | set(RDFS_classes)) - {OWL.NamedIndividual} == MIXED_CLASSES


@pytest.mark.parametrize("name", ONTOLOGIES)
def test_as_much_of_an_ontology_is_mixed_in_as_pyshacl_does(name: str) -> None:
    ontology = parse(PREFIXES + ONTOLOGIES[name])
    expected = Graph()
    inoculate(expected, ontology)  # type: ignore[arg-type] # as in the module
    assert isomorphic(parse(mixed_in(ontology), "nt"), expected)
    assert len(expected)
