"""What a shape wants, in words: each parameter of SHACL Core (section 4) has its phrase."""

from __future__ import annotations

import pytest
from rdflib import SH, URIRef

from server.turtle.parsing import graph_of
from server.validation.engines.exact import TERMS
from server.validation.shape_words import _COUNTS, _PHRASES, PARAMETERS, example, in_words, parameters_of, wanted
from tests.validation.asked import LINES, file_of, found, show


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("sh:minCount 1 ; sh:nodeKind sh:IRI", "at least one :url, an IRI"),
        ("sh:minCount 2 ; sh:maxCount 5", "from 2 to 5 :url"),
        ("sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date", "exactly one :url, a literal of xsd:date"),
        ("sh:maxCount 1", "at most one :url"),
        ("sh:maxCount 0", "no :url"),
        ("sh:class :A", "each :url, an instance of :A"),
        ("sh:in ( :a \"b\" 3 )", "each :url, one of (:a, 'b', 3)"),
        ('sh:pattern "^x"', "each :url, that matches '^x'"),
        ("sh:uniqueLang true", "each :url, at most one in each language"),
        ("sh:or ( [ sh:class :A ] [ sh:nodeKind sh:Literal ] )",
         "each :url, that conforms to one of ((a node that is an instance of :A), (a node that is a literal))"),
        ("sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ]", "each :url, that conforms to (at least one :q)"),
        ("sh:qualifiedValueShape :Q ; sh:qualifiedMinCount 1", "each :url, of which at least 1 conform to :Q"),
    ],
)  # fmt: skip
def test_a_property_shape_in_words(constraint: str, words: str) -> None:
    shapes = graph_of(file_of("s.ttl", f":S sh:path :url ; {constraint} .").ntriples)
    assert wanted(shapes, URIRef("urn:x:S"), show) == words


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("sh:class :A", "a node that is an instance of :A"),
        ("sh:node :T", "a node that conforms to :T"),
        ("sh:closed true", "a node without any other property"),
        ("sh:minLength 3", "a node of at least 3 characters"),
        ('sh:sparql [ sh:select "SELECT $this {}" ]', "a node in which its SPARQL query finds nothing"),
    ],
)
def test_a_node_shape_in_words(constraint: str, words: str) -> None:
    shapes = graph_of(file_of("s.ttl", f":S {constraint} .").ntriples)
    assert wanted(shapes, URIRef("urn:x:S"), show) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("[ sh:inversePath :p ]", "^:p"),
        ("( :p [ sh:zeroOrMorePath :q ] )", ":p/:q*"),
        ("[ sh:alternativePath ( :p ( :q :r ) ) ]", ":p|(:q/:r)"),
        ("[ sh:inversePath ( :p :q ) ]", "^(:p/:q)"),
        ("[ sh:zeroOrOnePath [ sh:oneOrMorePath :p ] ]", ":p+?"),
    ],
)
def test_a_path_is_written_as_sparql_writes_it(path: str, words: str) -> None:
    shapes = graph_of(file_of("s.ttl", f":S sh:path {path} ; sh:minCount 1 .").ntriples)
    assert wanted(shapes, URIRef("urn:x:S"), show) == f"at least one {words}"


def test_every_parameter_of_shacl_core_has_its_words() -> None:
    about = {"targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "severity", "message", "deactivated"}
    several = {name for names in PARAMETERS.values() for name in names}
    named = {str(term).removeprefix(str(SH)) for term in TERMS}
    assert named - about - {*_PHRASES} - _COUNTS - several - {"path", "property"} == set()


def test_the_mend_of_a_shape_without_one_says_what_is_wanted_and_where() -> None:
    shapes = ":S sh:targetNode :a ; sh:property\n[ sh:path :url ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ."
    [finding] = found(":a a :T .", shapes)
    assert finding.mend == f"the shape :S, shapes.ttl:{LINES + 2}, wants at least one :url, an IRI."


def test_what_a_shape_is_about_and_what_it_asks_are_lines() -> None:
    shapes = graph_of(file_of("s.ttl", ":S sh:targetClass :T ; sh:targetSubjectsOf :p ; sh:closed true ;"
                              "sh:property [ sh:path :q ; sh:maxCount 1 ] .").ntriples)  # fmt: skip
    assert list(in_words(shapes, URIRef("urn:x:S"), show)) == [
        "of each instance of :T, each node that has :p:",
        "- without any other property",
        "- at most one :q",
    ]


@pytest.mark.parametrize(
    ("constraint", "triple"),
    [
        ("sh:nodeKind sh:IRI", ":a :url <...> ."),
        ("sh:datatype xsd:date", ':a :url "..."^^xsd:date .'),
        ("sh:in ( :x :y )", ":a :url :x ."),
        ("sh:hasValue 5", ':a :url "5"^^<http://www.w3.org/2001/XMLSchema#integer> .'),
        ("sh:minCount 1", ':a :url "..." .'),
    ],
)
def test_a_triple_that_would_help(constraint: str, triple: str) -> None:
    shapes = graph_of(file_of("s.ttl", f":S sh:path :url ; {constraint} .").ntriples)
    assert example(shapes, URIRef("urn:x:S"), ":a", show) == triple


def test_a_component_that_is_not_of_core_has_no_parameters() -> None:
    assert parameters_of(str(SH.MinCountConstraintComponent)) == {f"<{SH}minCount>"}
    assert parameters_of("urn:x:OwnComponent") == frozenset()
    assert parameters_of(str(SH.SPARQLConstraintComponent)) == frozenset()
