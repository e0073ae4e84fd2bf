"""Turtle parsed by pyoxigraph, in terms of the caller's kind."""

from __future__ import annotations

import pytest

from server.store.parsing import SyntaxProblem, Terms, read_ntriples, terms_of

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
    problem = read_ntriples(text)
    assert isinstance(problem, SyntaxProblem)
    assert (problem.line, problem.column) == place
    assert problem.message


def test_turtle_has_no_syntax_problem() -> None:
    assert read_ntriples("") == ""
    assert isinstance(read_ntriples("@prefix a: <http://a/> . a:b a a:c ."), str)


def test_terms_are_made_by_the_caller() -> None:
    text = """@prefix : <urn:> .\n:a :b 01.50 , "x"@en , "y" , "z"^^<http://www.w3.org/2001/XMLSchema#string> ."""
    written = read_ntriples(text)
    assert isinstance(written, str)
    assert list(terms_of(written, STRINGS)) == [
        ("urn:a", "urn:b", "'01.50' http://www.w3.org/2001/XMLSchema#decimal None"),
        ("urn:a", "urn:b", "'x' None en"),
        ("urn:a", "urn:b", "'y' None None"),
        ("urn:a", "urn:b", "'z' None None"),
    ]


def test_blank_nodes_of_two_texts_are_never_the_same() -> None:
    text = "_:b <urn:p> [] ."
    [one], [other] = (terms_of(str(read_ntriples(text)), STRINGS) for _ in range(2))
    assert not {one[0], one[2]} & {other[0], other[2]}
