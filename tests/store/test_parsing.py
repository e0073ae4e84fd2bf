"""Turtle parsed by pyoxigraph, in terms of the caller's kind."""

from __future__ import annotations

import pytest

from server.store.parsing import Terms, read_rdf, syntax_problem

STRINGS = Terms(str, lambda label: f"_:{label}", lambda text, datatype, language: f"{text!r} {datatype} {language}")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<http://a> <http://p> 1 .\n<http://a> <http://p>\n1 2 .", (3, 3)),
        ("<http://a> <http://p> <b c> .", (1, 23)),
        ('<http://a> <http://p> "漢字" x .', (1, 28)),
        ("x", (1, 1)),
    ],
)
def test_a_syntax_problem_has_its_place(text: str, place: tuple[int, int]) -> None:
    problem = syntax_problem(text)
    assert problem is not None
    assert (problem.line, problem.column) == place
    assert problem.message
    assert read_rdf(text, STRINGS) == problem


def test_turtle_has_no_syntax_problem() -> None:
    assert syntax_problem("") is None
    assert syntax_problem("@prefix a: <http://a/> . a:b a a:c .") is None


def test_terms_are_made_by_the_caller() -> None:
    text = """@prefix : <urn:> .\n:a :b 01.50 , "x"@en , "y" , "z"^^<http://www.w3.org/2001/XMLSchema#string> ."""
    assert read_rdf(text, STRINGS) == [
        ("urn:a", "urn:b", "'01.50' http://www.w3.org/2001/XMLSchema#decimal None"),
        ("urn:a", "urn:b", "'x' None en"),
        ("urn:a", "urn:b", "'y' None None"),
        ("urn:a", "urn:b", "'z' None None"),
    ]


def test_blank_nodes_of_two_texts_are_never_the_same() -> None:
    text = "_:b <urn:p> [] ."
    one, other = read_rdf(text, STRINGS), read_rdf(text, STRINGS)
    assert isinstance(one, list)
    assert isinstance(other, list)
    assert not {one[0][0], one[0][2]} & {other[0][0], other[0][2]}
