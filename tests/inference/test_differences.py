"""The quick engine against owlrl, on ontologies and facts that are generated (OWL 2 Profiles, 4.3, tables 4 to 9).

Each axiom is one that some rule of OWL 2 RL acts on. What either engine infers about the individuals is the same, and
what contradicts itself in one closure does so in the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.inference.closure import close, contradictions
from server.inference.facts import choose
from server.inference.fast import beyond
from server.namespaces import Namespaces
from server.records.engines import Engine
from server.turtle.base import Base
from server.turtle.source_files import SourceFile, read_text
from tests.thorough import NIGHTLY, examples

PREFIXES = """@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODES = [f":n{number}" for number in range(4)]
CLASSES = [f":C{number}" for number in range(4)]
PROPERTIES = [f":p{number}" for number in range(4)]
DATA = [":d0", ":d1"]
VALUES = ['"a"', '"b"', '"1"^^xsd:integer', '"01"^^xsd:integer', '"1.0"^^xsd:decimal', '"a"@en', '"x"^^xsd:integer']

node, class_, property_, data, value = map(st.sampled_from, (NODES, CLASSES, PROPERTIES, DATA, VALUES))
DECLARED = "".join(
    [f"{one} a owl:Class .\n" for one in CLASSES]
    + [f"{one} a owl:ObjectProperty .\n" for one in PROPERTIES]
    + [f"{one} a owl:DatatypeProperty .\n" for one in DATA]
)


def made(template: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy for texts from a template, each of whose names is drawn by its strategy."""
    return st.fixed_dictionaries(parts).map(lambda drawn: template.format(**drawn))


AXIOMS = {
    "prp-dom": made("{p} rdfs:domain {c} .", p=property_, c=class_),
    "prp-rng": made("{p} rdfs:range {c} .", p=property_, c=class_),
    "prp-fp": made("{p} a owl:FunctionalProperty .", p=property_),
    "prp-ifp": made("{p} a owl:InverseFunctionalProperty .", p=property_),
    "prp-irp": made("{p} a owl:IrreflexiveProperty .", p=property_),
    "prp-symp": made("{p} a owl:SymmetricProperty .", p=property_),
    "prp-asyp": made("{p} a owl:AsymmetricProperty .", p=property_),
    "prp-trp": made("{p} a owl:TransitiveProperty .", p=property_),
    "prp-spo1": made("{p} rdfs:subPropertyOf {q} .", p=property_, q=property_),
    "prp-spo2": made("{p} owl:propertyChainAxiom ( {q} {r} ) .", p=property_, q=property_, r=property_),
    "prp-spo2 of three": made(
        "{p} owl:propertyChainAxiom ( {q} {r} {s} ) .", p=property_, q=property_, r=property_, s=property_
    ),
    "prp-eqp": made("{p} owl:equivalentProperty {q} .", p=property_, q=property_),
    "prp-pdw": made("{p} owl:propertyDisjointWith {q} .", p=property_, q=property_),
    "prp-adp": made(
        "[] a owl:AllDisjointProperties ; owl:members ( :p0 {p} :p3 ) .", p=st.sampled_from([":p1", ":p2"])
    ),
    "prp-inv": made("{p} owl:inverseOf {q} .", p=property_, q=property_),
    "prp-key": made("{c} owl:hasKey ( {p} {d} ) .", c=class_, p=property_, d=data),
    "prp-key of one": made("{c} owl:hasKey ( {p} ) .", c=class_, p=property_),
    "prp-npa1": made(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {s} ; owl:assertionProperty {p} ; "
        "owl:targetIndividual {o} .",
        s=node,
        p=property_,
        o=node,
    ),
    "prp-npa2": made(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {s} ; owl:assertionProperty {p} ; "
        "owl:targetValue {o} .",
        s=node,
        p=data,
        o=value,
    ),
    "cls-nothing2": made("{c} rdfs:subClassOf owl:Nothing .", c=class_),
    "cls-int": made("{c} owl:intersectionOf ( {d} {e} ) .", c=class_, d=class_, e=class_),
    "cls-uni": made("{c} owl:unionOf ( {d} {e} ) .", c=class_, d=class_, e=class_),
    "cls-com": made("{c} owl:complementOf {d} .", c=class_, d=class_),
    "cls-svf1": made(
        "[] a owl:Restriction ; rdfs:subClassOf {d} ; owl:onProperty {p} ; owl:someValuesFrom {c} .",
        p=property_,
        c=class_,
        d=class_,
    ),
    "cls-svf2": made("{c} owl:onProperty {p} ; owl:someValuesFrom owl:Thing .", c=class_, p=property_),
    "cls-avf": made(
        "{d} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty {p} ; owl:allValuesFrom {c} ] .",
        p=property_,
        c=class_,
        d=class_,
    ),
    "cls-hv": made(
        "{c} owl:equivalentClass [ a owl:Restriction ; owl:onProperty {p} ; owl:hasValue {o} ] .",
        c=class_,
        p=property_,
        o=node,
    ),
    "cls-hv of data": made(
        "{c} owl:equivalentClass [ a owl:Restriction ; owl:onProperty {p} ; owl:hasValue {o} ] .",
        c=class_,
        p=data,
        o=value,
    ),
    "cls-maxc": made(
        "{c} owl:onProperty {p} ; owl:maxCardinality {n} .",
        c=class_,
        p=property_ | data,
        n=st.sampled_from(['"0"^^xsd:nonNegativeInteger', '"1"^^xsd:nonNegativeInteger']),
    ),
    "cls-maxqc": made(
        "{c} owl:onProperty {p} ; owl:onClass {d} ; owl:maxQualifiedCardinality {n} .",
        c=class_,
        p=property_,
        d=class_ | st.just("owl:Thing"),
        n=st.sampled_from(['"0"^^xsd:nonNegativeInteger', '"1"^^xsd:nonNegativeInteger']),
    ),
    "cls-oo": made("{c} owl:oneOf ( {n} {m} ) .", c=class_, n=node, m=node),
    "cax-sco": made("{c} rdfs:subClassOf {d} .", c=class_, d=class_),
    "cax-eqc": made("{c} owl:equivalentClass {d} .", c=class_, d=class_),
    "cax-dw": made("{c} owl:disjointWith {d} .", c=class_, d=class_),
    "cax-adc": st.just("[] a owl:AllDisjointClasses ; owl:members ( :C0 :C1 :C2 ) ."),
    "eq-diff2": st.just("[] a owl:AllDifferent ; owl:members ( :n0 :n1 :n2 ) ."),
    "eq-diff3": st.just("[] a owl:AllDifferent ; owl:distinctMembers ( :n0 :n1 :n3 ) ."),
    "domain of data": made("{p} rdfs:domain {c} .", p=data, c=class_),
    "range of data": made(
        "{p} rdfs:range {t} .", p=data, t=st.sampled_from(["xsd:string", "xsd:integer", "xsd:decimal"])
    ),
    "functional data": made("{p} a owl:FunctionalProperty .", p=data),
    "inverse functional data": made("{p} a owl:InverseFunctionalProperty .", p=data),
    "data under data": made("{p} rdfs:subPropertyOf {q} .", p=data, q=data),
}
FACTS = st.one_of(
    made("{s} a {c} .", s=node, c=class_),
    made("{s} {p} {o} .", s=node, p=property_, o=node),
    made("{s} {p} {o} .", s=node, p=property_, o=node),
    made("{s} {p} {o} .", s=node, p=data, o=value),
    made("{s} owl:sameAs {o} .", s=node, o=node),
    made("{s} owl:differentFrom {o} .", s=node, o=node),
)


def _file(name: str, text: str) -> SourceFile:
    read = read_text(name, text)
    assert isinstance(read, SourceFile), read
    return read


def base_of(axioms: Sequence[str], facts: Sequence[str]) -> Base:
    """Return a base of an ontology and facts, which belong to it by their IRIs."""
    ontology, data_file = (PREFIXES + text for text in (DECLARED + "\n".join(axioms), "\n".join(facts)))
    return Base(
        root=None,  # type: ignore[arg-type]
        namespaces=Namespaces(base="urn:x:"),
        files=(_file("kb/x.ttl", data_file),),
        unreadable=(),
        ontology_files=(_file("ontology/x.ttl", ontology),),
    )


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(*AXIOMS.values()), max_size=6), st.lists(FACTS, min_size=1, max_size=8))
def test_both_engines_agree(axioms: list[str], facts: list[str]) -> None:
    close(base_of(axioms, facts), Engine.BOTH)


PUNNED = st.one_of(
    made("{s} {p} {o} .", s=class_ | property_, p=property_, o=node),
    made("{s} a {c} .", s=class_ | property_, c=class_),
    made("{s} {p} {o} .", s=class_, p=data, o=value),
    made("{s} {p} [ a {c} ; {q} {o} ] .", s=node, p=property_, c=class_, q=property_, o=node),
)
"""Facts about terms of the ontology, as about things (OWL 2 New Features, F12), and about blank nodes."""


@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(*AXIOMS.values()), max_size=6),
    st.lists(st.one_of(FACTS, FACTS, PUNNED), min_size=1, max_size=8),
    st.sampled_from(["ontology", "data", "both"]),
)
def test_what_is_left_out_contradicts_nothing(axioms: list[str], facts: list[str], place: str) -> None:
    """The reference is given all that is said, and the quick engine what can take part in a contradiction."""
    stated = [axiom for axiom in axioms if place != "data"], [*facts, *(axioms if place != "ontology" else ())]
    contradictions(base_of(*stated), Engine.BOTH)


@pytest.mark.parametrize("rule", AXIOMS)
@settings(max_examples=3 if NIGHTLY else 1, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_both_engines_agree_on_each_rule(rule: str, data: st.DataObject) -> None:
    axioms = data.draw(st.lists(AXIOMS[rule], min_size=1, max_size=2)) + data.draw(
        st.lists(st.one_of(AXIOMS["cax-sco"], AXIOMS["prp-spo1"]), max_size=1)
    )
    base = base_of(axioms, data.draw(st.lists(FACTS, min_size=3, max_size=10)))
    reason = beyond(choose(base.ntriples, base.ontology, base.namespaces))
    assert not reason or "has two values of" in reason, "each axiom alone is one for the quick engine"
    close(base, Engine.BOTH)
