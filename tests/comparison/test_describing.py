"""Blank nodes are compared by what they say, never by their names (RDF 1.1 Concepts, section 3.6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, URIRef

from server.comparison.describing import Names, describe
from tests.comparison.samples import NAMESPACES, PREFIXES, differ

NAMES = Names(NAMESPACES, ())
SPACE = {"shapes/s.ttl": ""}


def described(text: str) -> dict[str, dict[str, list[str]]]:
    nodes = describe([Graph().parse(data=PREFIXES + text)], NAMES)
    return {
        node: {NAMES.short(name): sorted(value.text for value in values) for name, values in properties.items()}
        for node, properties in nodes.items()
    }


def test_a_blank_node_is_written_out_with_all_that_hangs_on_it() -> None:
    text = '<x:s> sh:property [ sh:path akb:note ; sh:in ( "a"@en akb:b 3 ) ; sh:or () ] .'
    assert described(text) == {
        "x:s": {
            "sh:property": [
                '[ sh:in ( "a"@en akb:b "3"^^xsd:integer ) ; sh:or rdf:nil ; sh:path akb:note ]',
            ]
        }
    }


def test_a_blank_node_on_which_nothing_hangs_is_its_own_name() -> None:
    assert described("[] a owl:AllDisjointClasses ; owl:members ( akb:A akb:B ) .") == {
        "[ owl:members ( akb:A akb:B ) ; rdf:type owl:AllDisjointClasses ]": {}
    }


def test_prefixes_of_the_files_are_used_where_the_base_has_none() -> None:
    text = "@prefix shape: <https://example.org/shapes#> . shape:One a sh:NodeShape ."
    assert differ(SPACE, {"shapes/s.ttl": text}).shapes[0].name == "shape:One"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<x:s> <x:p> [ <x:q> 1 ] .", "<x:s> <x:p> [ <x:q> 2 ] ."),
        ("<x:s> <x:p> ( 1 2 ) .", "<x:s> <x:p> ( 2 1 ) ."),
        ("<x:s> <x:p> [ <x:q> [ <x:r> [] ] ] .", "<x:s> <x:p> [ <x:q> [ <x:r> <x:t> ] ] ."),
        ("_:a <x:p> _:b . _:b <x:p> _:a .", "_:a <x:p> _:b . _:b <x:q> _:a ."),
        ("<x:s> <x:p> _:a . _:a rdf:first 1 ; rdf:rest _:a .", "<x:s> <x:p> _:a . _:a rdf:first 2 ; rdf:rest _:a ."),
        ("<x:s> <x:p> _:a . _:a rdf:first 1, 2 ; rdf:rest () .", "<x:s> <x:p> ( 1 ) ."),
    ],
)
def test_what_blank_nodes_say_differs(old: str, new: str) -> None:
    assert differ({"shapes/s.ttl": old}, {"shapes/s.ttl": new}).shapes
    for same in (old, new):
        renamed = same.replace("_:a", "_:other").replace("_:b", "_:another")
        assert not differ({"shapes/s.ttl": same}, {"shapes/s.ttl": renamed})


def test_blank_nodes_of_two_files_are_two_though_they_share_a_label() -> None:
    """RDF 1.1 Turtle, section 2.6: the label is local to its document."""
    one, other = "<x:a> <x:p> _:b . _:b <x:q> 1 .", "<x:c> <x:p> _:b . _:b <x:r> 2 ."
    apart = {"shapes/1.ttl": one, "shapes/2.ttl": other}
    assert not differ({"shapes/1.ttl": f"{one} {other.replace('_:b', '_:d')}"}, apart)
    assert differ({"shapes/1.ttl": f"{one} {other}"}, apart).shapes


TRIPLES = st.lists(st.tuples(st.integers(-1, 4), st.sampled_from("pqfr"), st.integers(-1, 4)), max_size=12)


@given(TRIPLES, st.permutations(range(5)))
def test_the_names_of_blank_nodes_do_not_matter(triples: list[tuple[int, str, int]], order: list[int]) -> None:
    def graph(names: list[int]) -> Graph:
        made = Graph()
        predicates = {
            "f": "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
            "r": "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest",
        }
        for subject, predicate, object_ in triples:
            ends = [BNode(f"n{names[at]}") if at >= 0 else URIRef("x:s") for at in (subject, object_)]
            made.add((ends[0], URIRef(predicates.get(predicate, f"x:{predicate}")), ends[1]))
        return made

    assert describe([graph(list(range(5)))], NAMES) == describe([graph(order)], NAMES)


@pytest.mark.usefixtures("in_linear_time")
def test_deep_and_entangled_blank_nodes_take_little_time() -> None:
    chain = " ".join(f"_:n{at} <x:p> _:n{at + 1} ." for at in range(3000)) + "<x:s> <x:p> _:n0 ."
    knot = " ".join(f"_:k{a} <x:p{b}> _:k{b} ." for a in range(25) for b in range(25)) + "<x:s> <x:q> _:k0 ."
    assert described(chain + knot)["x:s"]
