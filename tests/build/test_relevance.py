"""Which questions a change can concern: told by the predicates of their triple patterns (SPARQL 1.1 Query, 18.3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import pytest
from rdflib import RDF, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from server.build.relevance import Changes, predicates_in
from server.sparql.queries import FOLDER, joined_plainly
from tests.made import NAMESPACES

PREFIXES = tuple(NAMESPACES.prefixes().items())
QUESTIONS = sorted(FOLDER.rglob("*.rq"))


def patterns(part: object) -> Iterator[object]:
    """Yield the verbs of all triple patterns of a query's algebra, as rdflib reads it."""
    if isinstance(part, CompValue):
        yield from (verb for _, verb, _ in (part.triples if "triples" in part else ()))
        for name in part:
            yield from patterns(part[name])
    elif isinstance(part, list | tuple | set):
        for one in part:
            yield from patterns(one)


def predicates_of(verb: object) -> set[str | None]:
    """Return the predicates of the triples that a verb matches, and None where those may be any, or none at all."""
    if isinstance(verb, URIRef):
        return {str(verb)}
    if isinstance(verb, SequencePath | AlternativePath):
        return set().union(*map(predicates_of, verb.args))
    if isinstance(verb, InvPath):
        return predicates_of(verb.arg)
    if isinstance(verb, MulPath):
        return predicates_of(verb.path) | ({None} if verb.zero else set())
    return {None}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_predicates_are_those_of_the_algebra(path: Path) -> None:
    query = path.read_text()
    expected = reduce(
        set.union,
        map(predicates_of, patterns(prepareQuery(joined_plainly(query), initNs=dict(PREFIXES)).algebra)),
        set[str | None](),
    )
    found = predicates_in(query, PREFIXES)
    assert (None if found is None else set().union(*found) - {"named"}) == (None if None in expected else expected)


def sets(text: str) -> set[frozenset[str]] | None:
    found = predicates_in(f"SELECT * {{ {text} }}", (("", "x:"),))
    return None if found is None else {frozenset(one.removeprefix("x:") for one in each) for each in found}


TYPE = str(RDF.type)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?s :a ?o ; :b 1, -2.5, 'x'@en, '3'^^:c .", {"a b"}),
        ("?s a :C . ?s :b ?o . ?o :c 1", {f"{TYPE} b", "c named"}),
        ("?s :a [ :b ?o ; :c [] ] ; :d (1 [ :e 2 ] :f)", {"a d", "b", "c", "e"}),
        ("[ :a 1 ] :b ?o", {"a", "b"}),
        ("[ :a 1 ; ]", {"a", ""}),
        ("?s ^:a ?o ; :b/:c|^(:d/:e)+ 1 ; :f ?x", {"a", "b", "c", "d", "e", "f"}),
        ("?s :a ?o OPTIONAL { ?o :b 1 } MINUS { ?o :c 1 } FILTER NOT EXISTS { ?o :d 1 FILTER EXISTS { ?o :e 2 } }",
         {"a", "b named", "c named", "d named", "d e named"}),
        ("?s :a ?o . ?o :b ?s LATERAL { ?o :c ?x . ?x :d 1 }", {"a named", "b named", "b c named", "d named"}),
        ("?s ^:a ?o ; :b/:c ?x , ?y . ?o :d 1 . ?x :e 2", {"a", "b", "c", "d", "e", ""}),
        ("?s :a ?o { SELECT ?o { ?o :b 1 } }", {"a", "b"}),
        ("?s :a ?o . ?s :b ?s", {"a b named"}),
        ("{ ?s :a 1 } UNION { SELECT ?s { GRAPH ?g { ?s :b 1 } } }", {"a", "b"}),
        ("?s :a* 1", None),
        ("?s :a? ?o", None),
        ("?s !:a 1", None),
        ("?s :a 1 ; ?verb 2", None),
        ("?s :a [ ?verb 1 ]", None),
        ("FILTER EXISTS { ?s ?p ?o }", None),
    ],
)  # fmt: skip
def test_what_one_subject_must_have_together_stands_together(text: str, expected: set[str] | None) -> None:
    assert sets(text) == (None if expected is None else {frozenset(one.split()) for one in expected})


def test_a_change_concerns_what_looks_at_its_predicates() -> None:
    changes = Changes({"": "x:"})
    assert not changes.concern("SELECT * { ?s ?p ?o }"), "nothing has changed"
    changes.note("<x:s> <x:a> <x:o> .\n")
    assert changes.concern("SELECT * { ?s :a ?o ; :b 1 }")
    assert changes.concern("SELECT * { ?s ?p ?o }")
    assert not changes.concern("SELECT * { ?s :b ?o }")


def test_nodes_of_which_nothing_else_is_said_concern_what_they_can_fit() -> None:
    changes = Changes({"": "x:"})
    changes.note_apart("<x:s> <x:a> <x:o> .\n", "<x:s> <x:a> <x:o> .\n<x:s> <x:b> <x:o> .\n")
    assert changes.concern("SELECT * { ?s :a ?o ; :b 1 }")
    assert not changes.concern("SELECT * { ?s :a ?o ; :c 1 }"), "no such node has it"
    assert not changes.concern("SELECT * { ?s :b ?o }"), "it has not changed"
    assert changes.concern("SELECT * { ?s :c ?o . ?o ^:a/:c ?x }")
    assert not changes.concern("SELECT * { ?x :c ?s . ?s :a ?o }"), "it is nobody's object"
    assert changes.concern("SELECT * { { ?x :c ?s } UNION { ?s :a ?o } }")
