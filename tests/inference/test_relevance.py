"""What is left out where contradictions are looked for: most of an ontology in the manner of OBO."""

from __future__ import annotations

import pytest

from server.inference.closure import contradictions
from server.inference.facts import NODE, gather
from server.inference.relevance import relevant, without_rules
from server.turtle.base import Base
from tests.inference.test_differences import base_of

TERM = """:T{n} a owl:Class ;
    rdfs:subClassOf :T{up} , [ a owl:Restriction ; owl:onProperty :partOf ; owl:someValuesFrom :T{up} ] ;
    rdfs:label "term {n}" ; :inSubset :slim ; :synonym "name {n}" .
[] a owl:Axiom ; owl:annotatedSource :T{n} ; owl:annotatedProperty :synonym ; owl:annotatedTarget "name {n}" .
"""
TOP = """:synonym a owl:AnnotationProperty ; rdfs:subPropertyOf :anySynonym ; rdfs:range xsd:string .
:inSubset a owl:AnnotationProperty . :partOf a owl:TransitiveProperty ; rdfs:subPropertyOf owl:topObjectProperty .
:T0 owl:disjointWith :U0 . :U1 rdfs:subClassOf :U0 .
"""


def ontology(terms: int, facts: str = "") -> Base:
    return base_of([TOP, *(TERM.format(n=n, up=n // 3) for n in range(1, terms))], [facts])


def test_annotations_of_classes_are_left_out() -> None:
    base = ontology(3)
    kept = relevant(gather("", base.ontology_files[0].ntriples, base.namespaces))
    assert {line.split()[1] for line in kept.lines} == {"<urn:x:synonym>"}, "its range may be broken"
    assert all(line.startswith(f"<{NODE}urn:x:T") for line in kept.lines)
    assert not any("annotated" in predicate or "top" in value for _, predicate, value in kept.axioms)


@pytest.mark.usefixtures("in_linear_time")
def test_a_large_ontology_is_not_left_to_the_reference_engine() -> None:
    """One of 2 MB has 7,000 such terms, and takes 4 seconds of CPU; owlrl would take minutes."""
    notes: list[str] = []
    base = ontology(2_000, ":x a :T1999 , :U1 .")
    [conflict] = contradictions(base, on_note=notes.append)
    assert {one.text for one in conflict.statements} == {"urn:x:x a urn:x:T1999", "urn:x:x a urn:x:U1"}
    assert conflict.axioms[0].text == "urn:x:T0 owl:disjointWith urn:x:U0"
    assert notes == []


def test_what_forbids_something_and_has_no_rule_is_known() -> None:
    base = base_of([":C owl:disjointUnionOf ( :D :E ) ; owl:onProperty :p ; owl:cardinality 1 ."], [])
    axioms = gather("", base.ontology_files[0].ntriples, base.namespaces).axioms
    assert [term.rpartition("#")[2] for term in without_rules(axioms)] == ["cardinality", "disjointUnionOf"]
