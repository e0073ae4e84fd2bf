"""Whether the check of a change may look at what is near only (OWL 2 Profiles, section 4.3)."""

from __future__ import annotations

import pytest

from server.inference.local import is_local
from server.turtle.base import Base
from server.turtle.parsing import parse

PLAIN = """@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A a owl:Class . :B a owl:Class ; owl:disjointWith :A .
:p a owl:ObjectProperty ; rdfs:domain :A ; rdfs:subPropertyOf :q . :q owl:inverseOf :r .
:r a owl:AsymmetricProperty . :u a owl:TransitiveProperty ; rdfs:subPropertyOf :v .
"""


def test_a_plain_ontology_is_local(base: Base) -> None:
    assert is_local(base.ontology)
    assert is_local(parse(PLAIN))


@pytest.mark.parametrize(
    "axiom",
    [
        ":p a owl:FunctionalProperty .",
        ":p owl:propertyChainAxiom ( :q :r ) .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":p a owl:TransitiveProperty , owl:IrreflexiveProperty .",
        ":p a owl:TransitiveProperty . :q a owl:AsymmetricProperty ; owl:inverseOf :p .",
        ":A rdfs:subClassOf owl:Nothing .",
        ":p rdfs:subPropertyOf owl:sameAs .",
        ":A owl:equivalentClass :B .",
    ],
)
def test_where_more_could_follow_it_is_not(axiom: str) -> None:
    assert not is_local(parse(PLAIN + axiom))
