"""The quick way to contradictions finds what the closure finds (OWL 2 Profiles, section 4.3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, Graph, URIRef

from server.inference.closure import close, contradictions, is_local
from server.namespaces import Namespaces
from server.turtle.edges import VOCAB
from server.turtle.parsing import parse
from server.turtle.reader import Base, SourceFile, read_base

BASE = read_base(Path(__file__).parent.parent.parent, Namespaces())
CLASSES = sorted({node for node in BASE.ontology.subjects(RDF.type, OWL.Class) if isinstance(node, URIRef)})
PROPERTIES = sorted({node for node in BASE.ontology.subjects(RDF.type, OWL.ObjectProperty) if isinstance(node, URIRef)})
NODES = [URIRef(f"{Namespaces().base}concept/n{number}") for number in range(8)]
# What an ontology may say beside ours: chains of sub-properties, inverses of inverses, a class below two disjoint ones.
EXTRA = """@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A a owl:Class . :B a owl:Class ; owl:disjointWith :A . :Both rdfs:subClassOf :A . :C rdfs:subClassOf :B .
:p a owl:ObjectProperty ; rdfs:domain :A ; rdfs:subPropertyOf :q . :q owl:inverseOf :r ; rdfs:range :C .
:r a owl:AsymmetricProperty ; rdfs:subPropertyOf :s . :s owl:inverseOf :t .
:t a owl:IrreflexiveProperty ; rdfs:domain :B .
:u a owl:TransitiveProperty ; rdfs:subPropertyOf :v . :v rdfs:domain :A ; rdfs:range :B .
"""
OWN = [URIRef(f"urn:x:{name}") for name in "pqrstuv"]


def with_facts(triples: list[tuple[URIRef, URIRef, URIRef]], ontology: str = "") -> Base:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    extra = (SourceFile("ontology/extra.ttl", ontology, parse(ontology)),)
    return replace(BASE, files=(SourceFile("kb/x.ttl", "", graph),), ontology_files=(*BASE.ontology_files, *extra))


TYPES = st.tuples(st.sampled_from(NODES), st.just(RDF.type), st.sampled_from([*CLASSES, URIRef("urn:x:Both")]))
FACTS = st.tuples(st.sampled_from(NODES), st.sampled_from([*PROPERTIES, *OWN, *OWN]), st.sampled_from(NODES))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(TYPES, FACTS), max_size=14))
def test_the_quick_way_finds_what_the_closure_finds(triples: list[tuple[URIRef, URIRef, URIRef]]) -> None:
    base = with_facts(triples, EXTRA)
    assert is_local(base.ontology)
    assert contradictions(base) == close(base).conflicts


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
def test_where_more_could_follow_the_closure_is_asked(axiom: str) -> None:
    assert not is_local(with_facts([], EXTRA.partition("\n:A")[0] + axiom).ontology)


def test_facts_that_speak_of_the_logic_itself_are_left_to_the_closure() -> None:
    base = with_facts(
        [(NODES[0], OWL.sameAs, NODES[1]), (NODES[0], RDF.type, VOCAB.Concept), (NODES[1], RDF.type, VOCAB.Claim)]
    )
    assert contradictions(base) == close(base).conflicts != ()
