"""What of a base rules run on."""

from __future__ import annotations

import pytest

from server.inference.facts import is_silent
from server.namespaces import AKB, RDF, SKOS
from server.turtle.base import Base

A, B = "<https://w3id.org/alignment-kb/concept/a>", "<https://w3id.org/alignment-kb/concept/b>"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f'{A} <{SKOS}definition> "In short."@en', True),
        (f'{A} <{SKOS}definition> "<x> <y> <z> ."', True),
        (f"{A} <{AKB}extends> {B}", False),
        (f"{A} <{RDF}type> <{AKB}Concept>", False),
        (f"{A} <{AKB}extends> _:b", False),
    ],
)
def test_rules_pass_over_literals_of_which_the_ontology_says_nothing(
    base: Base, statement: str, expected: bool
) -> None:
    assert is_silent(f"{statement} .\n", base.ontology) is expected


def test_rules_look_at_literals_of_which_the_ontology_says_something(base: Base) -> None:
    """Of a property with a domain something follows, whatever its value is."""
    said = next(
        f'{A} <{row[0]}> "x" .\n'
        for row in base.ontology.query(
            "SELECT ?p { ?p a owl:DatatypeProperty ; rdfs:domain ?class FILTER(STRSTARTS(STR(?p), STR(akb:))) }",
            initNs={"akb": AKB},
        )
    )
    assert not is_silent(said, base.ontology)
