"""What of a base rules run on."""

from __future__ import annotations

from itertools import chain

import pytest

from server.inference.facts import choose, gather, is_silent
from server.namespaces import AKB, OWL, RDF, RDFS, SKOS
from server.turtle.base import Base
from server.turtle.pieces import Pieces
from server.turtle.statements import lines_of

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


def test_what_is_chosen_of_pieces_is_what_is_chosen_of_their_text(base: Base) -> None:
    """Also where the text says something of the logic, and has blank nodes."""
    more = f"{A} <{OWL}sameAs> {B} .\n_:b <{AKB}extends> {B} .\n{B} <{RDFS}subClassOf> {A} .\n"
    text = base.ntriples + more
    pieces = Pieces(lambda: chain(base.pieces, lines_of(more)))
    axioms = "".join(file.ntriples for file in base.ontology_files)
    for of_pieces, of_text in (
        (choose(pieces, base.axioms, base.namespaces), choose(text, base.axioms, base.namespaces)),
        (gather(pieces, axioms, base.namespaces), gather(text, axioms, base.namespaces)),
    ):
        assert len(of_text.lines) > 100
        for part in ("axioms", "lines", "entities", "stated"):
            assert getattr(of_pieces, part) == getattr(of_text, part)
